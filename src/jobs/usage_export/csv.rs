//! CSV (RFC 4180) that a spreadsheet cannot take for formulas.

use std::io::{self, Write};

use rusqlite::Row;

use super::cell::{Column, Form, show};

/// So many bytes are written at once.
const BUFFER: usize = 64 * 1024;

pub(super) struct Writer<'s> {
    sink: &'s mut dyn Write,
    buffer: Vec<u8>,
}

impl<'s> Writer<'s> {
    pub(super) fn new(sink: &'s mut dyn Write) -> Self {
        Self { sink, buffer: Vec::with_capacity(BUFFER + 4096) }
    }

    pub(super) fn header(&mut self, names: &[&str]) -> io::Result<()> {
        self.fields(names.iter().map(|name| Some(*name)))
    }

    /// A row of the state file.
    pub(super) fn row(&mut self, row: &Row<'_>, columns: &[Column]) -> rusqlite::Result<io::Result<()>> {
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                self.buffer.push(b',');
            }
            let start = self.buffer.len();
            if show(row.get_ref(place)?, column.form, &mut self.buffer) && column.form == Form::Text {
                guard(&mut self.buffer, start);
            }
        }
        self.buffer.push(b'\n');
        Ok(self.flush_if_full())
    }

    /// A row of texts.
    pub(super) fn fields<'f>(&mut self, fields: impl Iterator<Item = Option<&'f str>>) -> io::Result<()> {
        for (place, field) in fields.enumerate() {
            if place > 0 {
                self.buffer.push(b',');
            }
            let start = self.buffer.len();
            self.buffer.extend_from_slice(field.unwrap_or_default().as_bytes());
            guard(&mut self.buffer, start);
        }
        self.buffer.push(b'\n');
        self.flush_if_full()
    }

    fn flush_if_full(&mut self) -> io::Result<()> {
        if self.buffer.len() < BUFFER {
            return Ok(());
        }
        self.sink.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<()> {
        self.sink.write_all(&self.buffer)?;
        self.sink.flush()
    }
}

/// Makes the field from `start` on harmless: no formula, and quotes where it needs them.
fn guard(buffer: &mut Vec<u8>, start: usize) {
    let Some(field) = buffer.get(start..) else { return };
    let formula = matches!(field.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'));
    let quotes = field.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if !formula && !quotes {
        return;
    }
    let field = buffer.split_off(start);
    if quotes {
        buffer.push(b'"');
    }
    if formula {
        buffer.push(b'\'');
    }
    for byte in field {
        if byte == b'"' {
            buffer.push(b'"');
        }
        buffer.push(byte);
    }
    if quotes {
        buffer.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(field: &str) -> String {
        let mut sink = Vec::new();
        let mut writer = Writer::new(&mut sink);
        writer.fields([Some(field), None, Some("x")].into_iter()).unwrap();
        writer.finish().unwrap();
        String::from_utf8(sink).unwrap()
    }

    #[test]
    fn no_text_is_a_formula() {
        assert_eq!(written("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0,,x\n");
        for first in ['=', '+', '-', '@', '\t'] {
            assert!(written(&format!("{first}1")).starts_with('\''));
        }
        assert_eq!(written("\r1"), "\"'\r1\",,x\n");
        assert_eq!(written("a=b"), "a=b,,x\n");
    }

    proptest! {
        #[test]
        fn every_field_reads_back(field in "[ -~\n\r]{0,30}") {
            let text = written(&field);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            let read = record.get(0).unwrap();
            prop_assert_eq!(read.strip_prefix('\'').filter(|_| !field.starts_with('\'')).unwrap_or(read), field);
        }
    }
}
