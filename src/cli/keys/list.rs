//! `provider keys list`

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::key_entry::{KeyEntry, or_dash};
use super::keyring::{self, KeyringOption};
use super::{life, role};
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::domain::fault::in_one_line;
use crate::domain::key::{Role, State};
use crate::keys::KeyType;
use crate::keys::file::{Access, Listed};
use crate::store::keys::KeyRow as Remembered;

/// List the keys, without unlocking them
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

/// A key, or a file that should be one: all that is known of it.
#[derive(Serialize)]
struct KeyRow {
    name: String,
    r#type: Option<KeyType>,
    role: Option<Role>,
    address: Option<String>,
    public_key: Option<String>,
    fingerprint: Option<String>,
    hd_path: Option<String>,
    created_at: Option<Timestamp>,
    state: Option<State>,
    kept: Option<&'static str>,
    file: PathBuf,
    problem: Option<String>,
}

impl Row for KeyRow {
    const HEADINGS: &'static [&'static str] =
        &["name", "type", "role", "state", "kept", "address", "fingerprint", "created", "problem"];
    const FIELDS: &'static [&'static str] = &[
        "name",
        "type",
        "role",
        "address",
        "public_key",
        "fingerprint",
        "hd_path",
        "created_at",
        "state",
        "kept",
        "file",
        "problem",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            or_dash(self.r#type),
            or_dash(self.role.map(Role::word)),
            or_dash(self.state),
            or_dash(self.kept),
            or_dash(self.address.as_ref()),
            or_dash(self.fingerprint.as_ref()),
            or_dash(self.created_at.map(|time| format!("{time:.0}"))),
            or_dash(self.problem.as_ref()),
        ]
    }

    fn csv(&self) -> Vec<String> {
        fn text(value: Option<impl ToString>) -> String {
            value.map_or_else(String::new, |value| value.to_string())
        }
        vec![
            self.name.clone(),
            text(self.r#type),
            text(self.role.map(Role::word)),
            text(self.address.as_ref()),
            text(self.public_key.as_ref()),
            text(self.fingerprint.as_ref()),
            text(self.hd_path.as_ref()),
            text(self.created_at),
            text(self.state),
            text(self.kept),
            self.file.display().to_string(),
            text(self.problem.as_ref()),
        ]
    }
}

impl KeyRow {
    fn new(
        listed: &Listed,
        file: PathBuf,
        row: Option<&Remembered>,
        configuration: &Configuration,
    ) -> Result<Self, Failure> {
        let key = match &listed.key {
            Ok(key) => Some(KeyEntry::new(key, configuration)?),
            Err(_) => None,
        };
        let key = key.as_ref();
        Ok(Self {
            r#type: key.map(|key| key.r#type),
            role: row.and_then(|row| row.role).or(role::of(&listed.name, &configuration.settings.keys)),
            address: key.and_then(|key| key.address.clone()),
            public_key: key.map(|key| key.public_key.clone()),
            fingerprint: key.map(|key| key.fingerprint.clone()),
            hd_path: key.and_then(|key| key.hd_path.clone()),
            created_at: key.map(|key| key.created_at),
            state: row.map(|row| row.state),
            kept: key.map(|key| key.kept),
            file,
            problem: listed.key.as_ref().err().map(|error| in_one_line(error)),
            name: listed.name.to_string(),
        })
    }
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let keyring = keyring::open(&configuration, Access::Look)?;
        // The files are listed all the same; that nobody knows their states is no state.
        let (store, blind) = match life::state_of(context, &configuration) {
            Ok(store) => (store, None),
            Err(failure) => (None, Some(failure.in_one_line())),
        };
        let known = match life::look(store.as_ref(), &keyring) {
            Err(_) if blind.is_some() => life::look(None, &keyring)?,
            known => known?,
        };
        let rows = keyring.list()?.into_iter().map(|listed| {
            let file = keyring.path(&listed.name);
            let kept = known.named(listed.name.as_str());
            let row = kept.and_then(|kept| kept.row.as_ref());
            let mut shown = KeyRow::new(&listed, file, row, &configuration)?;
            shown.problem = shown.problem.or(kept.and_then(|kept| kept.problem.as_ref()).map(ToString::to_string));
            Ok(shown)
        });
        let rows: Result<Vec<KeyRow>, Failure> = rows.collect();
        let rows = rows?;
        let unreadable = rows.iter().any(|row| row.problem.is_some());
        let failed = unreadable || blind.is_some();
        let mut report = Report::listing(rows, self.output.output);
        if let Some(why) = blind {
            report = report.note(format!("the states of the keys are not known: {why}"));
        }
        Ok(if failed { report.status(Status::SomeFailed) } else { report })
    }
}
