//! Rows of one kind.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use super::{Stdout, json, printable, yaml};

/// A row: its serialized fields are the contract for programs, its cells are for people.
pub trait Row: Serialize {
    /// The headings of the table.
    const HEADINGS: &'static [&'static str];

    /// The names of the serialized fields, in order: the header of the CSV form.
    const FIELDS: &'static [&'static str];

    /// One cell for each heading.
    fn cells(&self) -> Vec<String>;

    /// One text for each field, for the CSV form.
    fn csv(&self) -> Vec<String>;
}

/// A listing, whatever its rows are.
pub trait Listing {
    /// For people.
    fn table(&self, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()>;
    /// An array of objects.
    fn json(&self, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()>;
    /// A sequence of mappings.
    fn yaml(&self, sink: &mut dyn Write) -> io::Result<()>;
    /// A header and a line for each row.
    fn csv(&self, sink: &mut dyn Write) -> io::Result<()>;
}

/// The rows of a listing.
pub struct Rows<R>(pub Vec<R>);

impl<R: Row> Listing for Rows<R> {
    fn table(&self, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()> {
        let Some(width) = stdout.terminal else {
            for row in &self.0 {
                let cells: Vec<String> = row.cells().iter().map(|cell| printable(cell)).collect();
                writeln!(sink, "{}", cells.join("\t"))?;
            }
            return Ok(());
        };
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        table.set_header(R::HEADINGS.iter().map(|heading| heading.to_uppercase()));
        for row in &self.0 {
            table.add_row(row.cells().iter().map(|cell| printable(cell)));
        }
        for line in table.lines() {
            writeln!(sink, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn json(&self, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()> {
        if stdout.terminal.is_some() || self.0.is_empty() {
            json(&self.0, true, sink)?;
            return sink.write_all(b"\n");
        }
        for (place, row) in self.0.iter().enumerate() {
            sink.write_all(if place == 0 { b"[" } else { b",\n" })?;
            json(row, false, sink)?;
        }
        sink.write_all(b"]\n")
    }

    fn yaml(&self, sink: &mut dyn Write) -> io::Result<()> {
        yaml(&self.0, sink)
    }

    fn csv(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(sink);
        writer.write_record(R::FIELDS)?;
        for row in &self.0 {
            writer.write_record(row.csv())?;
        }
        writer.flush()
    }
}
