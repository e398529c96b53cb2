//! JSON: an array of objects, or an object in each line.

use std::io::{self, Write};

use rusqlite::Row;

use super::cell::{Column, Form, show};

/// So many bytes are written at once.
const BUFFER: usize = 64 * 1024;

pub(super) struct Writer<'s> {
    sink: &'s mut dyn Write,
    buffer: Vec<u8>,
    cell: Vec<u8>,
    lines: bool,
    first: bool,
}

impl<'s> Writer<'s> {
    pub(super) fn new(sink: &'s mut dyn Write, lines: bool) -> Self {
        let buffer = Vec::with_capacity(BUFFER + 4096);
        Self { sink, buffer, cell: Vec::with_capacity(256), lines, first: true }
    }

    /// A row of the state file.
    pub(super) fn row(&mut self, row: &Row<'_>, columns: &[Column]) -> rusqlite::Result<io::Result<()>> {
        self.open();
        for (place, column) in columns.iter().enumerate() {
            self.cell.clear();
            let there = show(row.get_ref(place)?, column.form, &mut self.cell);
            let cell = std::mem::take(&mut self.cell);
            if let Err(error) =
                self.pair((place, column.name), there.then_some(cell.as_slice()), column.form == Form::Number)
            {
                return Ok(Err(error));
            }
            self.cell = cell;
        }
        Ok(self.close())
    }

    /// An object of texts.
    pub(super) fn object<'f>(&mut self, pairs: impl Iterator<Item = (&'f str, Option<&'f str>)>) -> io::Result<()> {
        self.open();
        for (place, (name, value)) in pairs.enumerate() {
            self.pair((place, name), value.map(str::as_bytes), false)?;
        }
        self.close()
    }

    fn open(&mut self) {
        if !self.lines {
            self.buffer.extend_from_slice(if self.first { b"[" } else { b",\n" });
        }
        self.first = false;
        self.buffer.push(b'{');
    }

    fn pair(&mut self, (place, name): (usize, &str), value: Option<&[u8]>, plain: bool) -> io::Result<()> {
        if place > 0 {
            self.buffer.push(b',');
        }
        serde_json::to_writer(&mut self.buffer, name)?;
        self.buffer.push(b':');
        match value {
            None => self.buffer.extend_from_slice(b"null"),
            Some(number) if plain => self.buffer.extend_from_slice(number),
            Some(text) => serde_json::to_writer(&mut self.buffer, &String::from_utf8_lossy(text))?,
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        self.buffer.push(b'}');
        if self.lines {
            self.buffer.push(b'\n');
        }
        if self.buffer.len() >= BUFFER {
            self.sink.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        if !self.lines {
            self.buffer.extend_from_slice(if self.first { b"[]\n" } else { b"]\n" });
        }
        self.sink.write_all(&self.buffer)?;
        self.sink.flush()
    }
}
