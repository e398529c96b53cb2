//! One thing with named parts.

use std::io::{self, Write};

use serde::Serialize;

use super::{Stdout, json, printable, yaml};

/// A thing that a command shows: its serialized fields are for programs, its parts for people.
pub trait Entry: Serialize {
    /// Name and value of each part, in the order in which a person reads them; empty where there is none.
    fn parts(&self) -> Vec<(&'static str, String)>;
}

/// A record, whatever it is.
pub trait Record {
    /// A line for each part.
    fn table(&self, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()>;
    /// An object.
    fn json(&self, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()>;
    /// A mapping.
    fn yaml(&self, sink: &mut dyn Write) -> io::Result<()>;
    /// A line for each part: its name and its value.
    fn csv(&self, sink: &mut dyn Write) -> io::Result<()>;
}

impl<E: Entry> Record for E {
    fn table(&self, _: Stdout, sink: &mut dyn Write) -> io::Result<()> {
        let parts = self.parts();
        let width = parts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in parts {
            let value = if value.is_empty() { "-".to_owned() } else { printable(&value) };
            writeln!(sink, "{name:width$}  {value}")?;
        }
        Ok(())
    }

    fn json(&self, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()> {
        json(self, stdout.terminal.is_some(), sink)?;
        sink.write_all(b"\n")
    }

    fn yaml(&self, sink: &mut dyn Write) -> io::Result<()> {
        yaml(self, sink)
    }

    fn csv(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(sink);
        writer.write_record(["name", "value"])?;
        for (name, value) in self.parts() {
            writer.write_record([name, &value])?;
        }
        writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Planned;

    impl Entry for Planned {
        fn parts(&self) -> Vec<(&'static str, String)> {
            vec![("path", "/b.db".to_owned()), ("bytes", String::new())]
        }
    }

    #[test]
    fn what_is_absent_is_a_dash_for_people_and_empty_for_programs() {
        let (mut table, mut csv) = (Vec::new(), Vec::new());
        Planned.table(Stdout { terminal: None }, &mut table).unwrap();
        Planned.csv(&mut csv).unwrap();
        assert_eq!(String::from_utf8(table).unwrap(), "path   /b.db\nbytes  -\n");
        assert_eq!(String::from_utf8(csv).unwrap(), "name,value\npath,/b.db\nbytes,\n");
    }
}
