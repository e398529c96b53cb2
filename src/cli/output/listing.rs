//! Rows of one kind.

use std::io::{self, Write};

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
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
        let rows: Vec<Vec<String>> =
            self.0.iter().map(|row| row.cells().iter().map(|cell| printable(cell)).collect()).collect();
        if usize::from(width) < least_width(R::HEADINGS, &rows) {
            return blocks(R::HEADINGS, &rows, sink);
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        table.set_header(R::HEADINGS.iter().map(|heading| heading.to_uppercase()));
        for (column, heading) in table.column_iter_mut().zip(R::HEADINGS) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(columns_of(heading))));
        }
        for row in rows {
            table.add_row(row);
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

/// A column of a longer text is never narrower than this: below, it is a ladder of letters.
const LEAST_COLUMN: usize = 12;

/// What comfy-table puts around each cell.
const PADDING: usize = 2;

/// The columns that a heading needs on a terminal, with its padding.
fn columns_of(heading: &str) -> u16 {
    u16::try_from(heading.chars().count().saturating_add(PADDING)).unwrap_or(u16::MAX)
}

/// The columns that a table needs so that no heading is broken and each cell is whole, or at least readable.
fn least_width(headings: &[&str], rows: &[Vec<String>]) -> usize {
    let least = |(place, heading): (usize, &&str)| {
        let longest = rows.iter().filter_map(|row| row.get(place)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        longest.min(LEAST_COLUMN).max(heading.chars().count()).saturating_add(PADDING)
    };
    headings.iter().enumerate().map(least).sum()
}

/// A block of lines for each row, for a terminal that is too narrow for a table.
fn blocks(headings: &[&str], rows: &[Vec<String>], sink: &mut dyn Write) -> io::Result<()> {
    for (place, row) in rows.iter().enumerate() {
        if place > 0 {
            writeln!(sink)?;
        }
        for (heading, cell) in headings.iter().zip(row) {
            writeln!(sink, "{heading}: {cell}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Run(&'static str, &'static str, &'static str);

    impl Row for Run {
        const HEADINGS: &'static [&'static str] = &["run", "outcome", "started", "took", "counts"];
        const FIELDS: &'static [&'static str] = &["run", "outcome", "counts"];

        fn cells(&self) -> Vec<String> {
            vec![
                self.0.to_owned(),
                self.1.to_owned(),
                "2026-11-21T13:22:00Z".to_owned(),
                "-".to_owned(),
                self.2.to_owned(),
            ]
        }

        fn csv(&self) -> Vec<String> {
            vec![self.0.to_owned(), self.1.to_owned(), self.2.to_owned()]
        }
    }

    fn on_a_terminal(columns: u16) -> String {
        let rows = Rows(vec![Run("1", "done", "findings 0, rows_pruned 12"), Run("2", "partly_failed", "")]);
        let mut text = Vec::new();
        rows.table(Stdout { terminal: Some(columns) }, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_heading_is_never_broken() {
        for columns in 1..200 {
            let text = on_a_terminal(columns);
            let first = text.lines().next().unwrap();
            let table: Vec<_> = first.split_whitespace().collect();
            assert!(table == ["RUN", "OUTCOME", "STARTED", "TOOK", "COUNTS"] || first == "run: 1", "{columns}: {text}");
            if first != "run: 1" {
                assert!(text.lines().all(|line| line.chars().count() <= usize::from(columns)), "{columns}: {text}");
            }
        }
    }

    #[test]
    fn a_narrow_terminal_gets_blocks() {
        assert_eq!(
            on_a_terminal(40),
            "run: 1\noutcome: done\nstarted: 2026-11-21T13:22:00Z\ntook: -\ncounts: findings 0, rows_pruned 12\n\n\
             run: 2\noutcome: partly_failed\nstarted: 2026-11-21T13:22:00Z\ntook: -\ncounts: \n"
        );
        assert!(on_a_terminal(80).starts_with(" RUN  OUTCOME"), "{}", on_a_terminal(80));
    }
}
