//! The full check: everything that opening leaves out because it reads the whole file.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;

use rusqlite::Connection;
use serde::Serialize;

use super::interrupt::{ShouldStop, watched};
use super::migrate::{self, SCHEMA_VERSION};
use super::{Error, Store};

/// Something that is wrong with a state file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which check found it.
    pub check: Check,
    /// The table, index or file it is about, as far as known.
    pub object: String,
    /// What is wrong.
    pub detail: String,
}

/// The checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Pages, records and indexes are well-formed, and rows obey their table (SQLite's `integrity_check`).
    Integrity,
    /// Rows refer to rows that exist.
    ForeignKey,
    /// Tables and indexes are those that the migrations make.
    Schema,
    /// Nobody but the owner may read or write the file.
    Permission,
}

impl Check {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Integrity => "integrity",
            Self::ForeignKey => "foreign_key",
            Self::Schema => "schema",
            Self::Permission => "permission",
        }
    }
}

impl Finding {
    /// The first of some findings, and how many more there are.
    pub fn summary(findings: &[Self]) -> String {
        match findings {
            [] => "nothing found".to_owned(),
            [one] => one.detail.clone(),
            [first, rest @ ..] => format!("{} (and {} more)", first.detail, rest.len()),
        }
    }
}

impl Store {
    /// Checks everything. No finding: the file is sound. Other processes may go on writing.
    pub fn check(&self, should_stop: ShouldStop<'_>) -> Result<Vec<Finding>, Error> {
        const DOING: &str = "check the state file";
        let held = self.hold(DOING)?;
        let mut findings =
            watched(&held, should_stop, || content(&held, SCHEMA_VERSION)).map_err(Error::sql(DOING, self.path()))?;
        if let Some(place) = self.place() {
            for path in [place.file().to_owned(), place.beside("-wal"), place.beside("-shm")] {
                let Ok(metadata) = path.metadata() else { continue };
                let mode = metadata.mode() & 0o7777;
                if mode & 0o077 != 0 {
                    findings.push(Finding {
                        check: Check::Permission,
                        object: path.display().to_string(),
                        detail: format!("its mode is {mode:04o} and should be 0600"),
                    });
                }
            }
        }
        Ok(findings)
    }
}

/// Checks the content of a state file of a schema version, in one consistent view.
pub(super) fn content(connection: &Connection, version: u32) -> rusqlite::Result<Vec<Finding>> {
    let view = connection.unchecked_transaction()?;
    let mut findings = integrity(&view)?;
    // What refers to what can only be followed in a well-formed file.
    if findings.is_empty() {
        findings.extend(foreign_keys(&view)?);
    }
    findings.extend(schema(&view, version)?);
    Ok(findings)
}

fn integrity(connection: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let mut statement = connection.prepare("PRAGMA integrity_check(100)")?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut findings = Vec::new();
    for line in lines {
        let detail = match line {
            Ok(line) if line == "ok" => continue,
            Ok(line) => line,
            // Too damaged to be walked through: that is the finding.
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt) => error.to_string(),
            Err(error) => return Err(error),
        };
        findings.push(Finding { check: Check::Integrity, object: "database".to_owned(), detail });
    }
    Ok(findings)
}

fn foreign_keys(connection: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let dangling = statement.query_map([], |row| {
        let (table, row_id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let which = row_id.map_or_else(|| "a row".to_owned(), |id| format!("row {id}"));
        Ok(Finding {
            check: Check::ForeignKey,
            detail: format!("{which} of {table} refers to a row of {parent} that does not exist"),
            object: table,
        })
    })?;
    dangling.collect()
}

fn schema(connection: &Connection, version: u32) -> rusqlite::Result<Vec<Finding>> {
    let (wanted, found) = (objects(&migrate::model(version)?)?, objects(connection)?);
    let finding = |name: &str, detail: &str| Finding {
        check: Check::Schema,
        object: name.to_owned(),
        detail: format!("{name} {detail}"),
    };
    let mut findings = Vec::new();
    for (name, definition) in &wanted {
        match found.get(name) {
            Some(other) if other == definition => {}
            Some(_) => findings.push(finding(name, "is not defined as the migrations define it")),
            None => findings.push(finding(name, "is missing")),
        }
    }
    for name in found.keys().filter(|name| !wanted.contains_key(*name)) {
        findings.push(finding(name, "is not of this program"));
    }
    Ok(findings)
}

/// Every table and index with its definition. SQLite's own statistics are nobody's business.
fn objects(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Option<String>>> {
    let mut statement =
        connection.prepare("SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_stat*'")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
