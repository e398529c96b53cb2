//! `provider keys status`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::key_entry::or_dash;
use super::keyring::{self, KeyringOption};
use super::{life, policy};
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status as Exit};
use crate::domain::key::{Approval, Due, Policy, Role, State, days_between};
use crate::jobs::keys_inventory::Kept;
use crate::keys::KeyType;
use crate::keys::file::Access;
use crate::store::keys::{Request, requests};

/// Show where every key stands in its life, and what is due
///
/// `days_left` counts to the next rotation, or to the end of the grace period, of the archive. With --check the exit code
/// is 1 when something is due or wrong, for a monitoring system.
#[derive(Debug, Args)]
pub struct Status {
    /// End with exit code 1 if something is due or wrong
    #[arg(long)]
    check: bool,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct StatusRow {
    name: String,
    r#type: Option<KeyType>,
    role: Option<Role>,
    kept: Option<String>,
    state: Option<State>,
    since: Option<Timestamp>,
    reason: Option<String>,
    fingerprint: Option<String>,
    age_days: Option<i64>,
    rotates_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    days_left: Option<i64>,
    due: Vec<Due>,
    chain_version: Option<u32>,
    waits_for: Option<Approval>,
    problem: Option<String>,
}

impl Row for StatusRow {
    const HEADINGS: &'static [&'static str] =
        &["name", "type", "role", "kept", "state", "age (days)", "days left", "due", "chain", "problem"];
    const FIELDS: &'static [&'static str] = &[
        "name",
        "type",
        "role",
        "kept",
        "state",
        "since",
        "reason",
        "fingerprint",
        "age_days",
        "rotates_at",
        "expires_at",
        "ends_at",
        "days_left",
        "due",
        "chain_version",
        "waits_for",
        "problem",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            or_dash(self.r#type),
            or_dash(self.role),
            or_dash(self.kept.as_ref()),
            or_dash(self.state),
            or_dash(self.age_days),
            or_dash(self.days_left),
            if self.due.is_empty() { "-".to_owned() } else { self.due_words() },
            or_dash(self.chain_version.map(|version| format!("v{version}"))),
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
            text(self.role),
            text(self.kept.as_ref()),
            text(self.state),
            text(self.since),
            text(self.reason.as_ref()),
            text(self.fingerprint.as_ref()),
            text(self.age_days),
            text(self.rotates_at),
            text(self.expires_at),
            text(self.ends_at),
            text(self.days_left),
            self.due_words(),
            text(self.chain_version),
            text(self.waits_for.map(Approval::word)),
            text(self.problem.as_ref()),
        ]
    }
}

impl StatusRow {
    fn new(kept: Kept, waiting: &[Request], policy: &Policy, now: Timestamp) -> Self {
        let Kept { row, key, name, problem } = kept;
        let found = row.as_ref().map(|row| policy.assess(&row.dates(), now));
        let next = found.as_ref().and_then(|found| {
            let next = [found.rotates_at, found.expires_at].into_iter().flatten().min();
            next.or(found.ends_at)
        });
        let waits_for = row.as_ref().and_then(|row| {
            let open = waiting.iter().find(|request| request.key == row.id && request.approved.is_none());
            open.map(|request| request.what)
        });
        let public = key.as_ref().map(|key| key.public);
        let created = row.as_ref().map(|row| row.created_at).or(key.as_ref().map(|key| key.created_at));
        let mut due = found.as_ref().map(|found| found.due.clone()).unwrap_or_default();
        if waits_for.is_some() && !due.contains(&Due::Approval) {
            due.push(Due::Approval);
        }
        Self {
            name,
            r#type: row.as_ref().map(|row| row.key_type).or(public.map(|key| key.key_type())),
            role: row.as_ref().and_then(|row| row.role),
            kept: row.as_ref().map(|row| row.kept.clone()).or(key.map(|key| key.home.kind().word().to_owned())),
            state: row.as_ref().map(|row| row.state),
            since: row.as_ref().map(|row| row.since),
            reason: row.as_ref().and_then(|row| row.reason.clone()),
            fingerprint: row.as_ref().map(|row| row.fingerprint.clone()).or(public.map(|key| key.fingerprint())),
            age_days: created.map(|created| days_between(created, now)),
            rotates_at: found.as_ref().and_then(|found| found.rotates_at),
            expires_at: found.as_ref().and_then(|found| found.expires_at),
            ends_at: found.as_ref().and_then(|found| found.ends_at),
            days_left: next.map(|next| days_between(now, next)),
            due,
            chain_version: row.as_ref().and_then(|row| row.chain_version.filter(|_| row.revoked_at.is_none())),
            waits_for,
            problem: problem.or_else(|| row.is_none().then(|| "not taken up yet".to_owned())),
        }
    }

    fn due_words(&self) -> String {
        self.due.iter().map(|due| due.word()).collect::<Vec<_>>().join(", ")
    }
}

impl Status {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let keyring = keyring::open(&configuration, Access::Look)?;
        let store = life::state_to_look_at(&configuration);
        let kept = life::look(store.as_ref(), &keyring)?;
        let (waiting, policy) = match &store {
            Some(store) => store.read("read the key policy", |snapshot| {
                Ok::<_, Failure>((requests(snapshot)?, policy::in_force(Some(snapshot), &configuration)?))
            })?,
            None => (Vec::new(), policy::in_force(None, &configuration)?),
        };
        let now = context.now();
        let rows = kept.into_iter().map(|kept| StatusRow::new(kept, &waiting, &policy.policy, now));
        let rows: Vec<StatusRow> = rows.collect();
        let notes: Vec<String> = rows.iter().filter_map(note).collect();
        let troubled = rows.iter().any(|row| !row.due.is_empty() || row.problem.is_some());
        let report = Report::listing(rows, self.output.output);
        let report = notes.into_iter().fold(report, Report::note);
        Ok(if self.check && troubled { report.status(Exit::SomeFailed) } else { report })
    }
}

/// What to do about a key.
fn note(row: &StatusRow) -> Option<String> {
    let name = &row.name;
    let first = row.due.first()?;
    Some(match first {
        Due::Approval => format!("`{name}` waits for an approval: provider keys approve {name}"),
        Due::Notice => format!("`{name}` expires in {} days", row.days_left.unwrap_or_default()),
        Due::Expired => format!("`{name}` has expired and signs nothing any more: provider keys rotate"),
        Due::Rotation => format!("`{name}` is due for rotation: provider keys rotate"),
        Due::Deactivation => format!("the grace period of `{name}` is over: provider keys rotate --if-due"),
        Due::Archive => {
            format!("`{name}` is due to be archived: provider keys rotate --if-due, or keys archive {name}")
        }
        Due::Destruction => format!("`{name}` is due to be destroyed: provider keys destroy {name}"),
    })
}
