//! The full check: everything that opening leaves out because it reads the whole file.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::Serialize;

use super::gate::Gate;
use super::interrupt::{ShouldStop, watched};
use super::migrate::{self, Identity, SCHEMA_VERSION};
use super::open::{PATIENCE, connect_to_read};
use super::place::Place;
use super::{Error, Store, outbox};

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
    /// The outbox says one thing of each message: none in flight without bytes, none executed twice.
    Outbox,
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
            Self::Outbox => "outbox",
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
        let held = self.hold(DOING)?;
        let mut findings =
            watched(&held, should_stop, || content(&held, SCHEMA_VERSION)).map_err(Error::sql(DOING, self.path()))?;
        findings.extend(self.place().into_iter().flat_map(permissions));
        Ok(findings)
    }
}

/// A file that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The file, all links resolved.
    pub path: PathBuf,
    /// Its schema version, which may be older than this program's.
    pub schema: u32,
    /// What is wrong with it; nothing if it is sound.
    pub findings: Vec<Finding>,
}

/// Checks a state file or a backup of any version up to ours, and changes nothing.
pub fn check_file(path: &Path, should_stop: ShouldStop<'_>) -> Result<Checked, Error> {
    let place = Place::existing(path)?;
    let _gate = Gate::pass_to_read(&place, PATIENCE)?;
    let connection = connect_to_read(&place, PATIENCE)?;
    let Identity::Ours(schema) = migrate::identify(&connection, place.file())? else {
        return Err(Error::NotOurs { path: place.file().to_owned(), found: 0 });
    };
    let mut findings =
        watched(&connection, should_stop, || content(&connection, schema)).map_err(Error::sql(DOING, place.file()))?;
    findings.extend(permissions(&place));
    Ok(Checked { path: place.file().to_owned(), schema, findings })
}

/// What others than the owner may use.
fn permissions(place: &Place) -> impl Iterator<Item = Finding> {
    let files = [place.file().to_owned(), place.beside("-wal"), place.beside("-shm")].map(|path| (path, 0o600));
    files.into_iter().chain([(place.locks(), 0o700)]).filter_map(|(path, wanted)| {
        let mode = path.metadata().ok()?.mode() & 0o7777;
        (mode & 0o077 != 0).then(|| Finding {
            check: Check::Permission,
            object: path.display().to_string(),
            detail: format!("its mode is {mode:04o} and should be {wanted:04o}"),
        })
    })
}

const DOING: &str = "check the state file";

/// Checks the content of a state file of a schema version, in one consistent view.
pub(super) fn content(connection: &Connection, version: u32) -> rusqlite::Result<Vec<Finding>> {
    let view = connection.unchecked_transaction()?;
    let mut findings = integrity(&view)?;
    let strange = schema(&view, version)?;
    // What refers to what can only be followed in a well-formed file, and not through a table that is another than ours.
    if findings.is_empty() {
        match foreign_keys(&view) {
            Ok(dangling) => findings.extend(dangling),
            Err(_) if !strange.is_empty() => {}
            Err(error) => return Err(error),
        }
    }
    // What rows mean can only be asked where the tables are those that we know.
    if findings.is_empty() && strange.is_empty() {
        let wrong = outbox::check::findings(&view, version)?.into_iter();
        findings.extend(wrong.map(|(table, detail)| Finding {
            check: Check::Outbox,
            object: table.to_owned(),
            detail,
        }));
    }
    findings.extend(strange);
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
