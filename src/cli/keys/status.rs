//! `provider keys status`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::key_entry::or_dash;
use super::keyring::{self, KeyringOption};
use super::{life, policy, role};
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Configuration, Context, Failure, Report, Status as Exit};
use crate::domain::key::{Approval, Due, Policy, Role, State, days_between};
use crate::jobs::keys_inventory::{Inventory, Kept};
use crate::keys::KeyType;
use crate::keys::file::Access;
use crate::store::keys::{KeyRow, Request, Rotation, open_rotations, requests};

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
    /// It is the key of its role that is used.
    serves: bool,
    chain_version: Option<u32>,
    registered_at: Option<Timestamp>,
    deprecated_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
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
        "serves",
        "chain_version",
        "registered_at",
        "deprecated_at",
        "revoked_at",
        "waits_for",
        "problem",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            or_dash(self.r#type),
            or_dash(self.role.map(|role| if self.serves { format!("{role} (serves)") } else { role.to_string() })),
            or_dash(self.kept.as_ref()),
            or_dash(self.state),
            or_dash(self.age_days),
            or_dash(self.days_left),
            if self.due.is_empty() { "-".to_owned() } else { self.due_words() },
            or_dash(self.on_chain()),
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
            self.serves.to_string(),
            text(self.chain_version),
            text(self.registered_at),
            text(self.deprecated_at),
            text(self.revoked_at),
            text(self.waits_for.map(Approval::word)),
            text(self.problem.as_ref()),
        ]
    }
}

impl StatusRow {
    fn new(kept: &Kept, serves: bool, waiting: &[Request], policy: &Policy, now: Timestamp) -> Self {
        let Kept { row, key, name, problem } = kept;
        let problem = problem.as_ref().map(ToString::to_string);
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
            name: name.clone(),
            r#type: row.as_ref().map(|row| row.key_type).or(public.map(|key| key.key_type())),
            role: row.as_ref().and_then(|row| row.role),
            kept: row
                .as_ref()
                .map(|row| row.kept.clone())
                .or(key.as_ref().map(|key| key.home.kind().word().to_owned())),
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
            serves,
            chain_version: row.as_ref().and_then(|row| row.chain_version),
            registered_at: row.as_ref().and_then(|row| row.registered_at),
            deprecated_at: row.as_ref().and_then(|row| row.deprecated_at),
            revoked_at: row.as_ref().and_then(|row| row.revoked_at),
            waits_for,
            problem: problem.or_else(|| row.is_none().then(|| "not taken up yet".to_owned())),
        }
    }

    /// What the chain was seen to hold of it.
    fn on_chain(&self) -> Option<String> {
        let version = self.chain_version?;
        Some(match (self.revoked_at, self.deprecated_at) {
            (Some(_), _) => format!("v{version}, revoked"),
            (None, Some(_)) => format!("v{version}, deprecated"),
            (None, None) => format!("v{version}"),
        })
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
        let store = life::state_of(context, &configuration)?;
        let inventory = life::look(store.as_ref(), &keyring)?;
        let (waiting, policy) = match &store {
            Some(store) => store.read("read the key policy", |snapshot| {
                Ok::<_, Failure>((requests(snapshot)?, policy::in_force(Some(snapshot), &configuration)?))
            })?,
            None => (Vec::new(), policy::in_force(None, &configuration)?),
        };
        let now = context.now();
        let open = match &store {
            Some(store) => store.read("read the rotations", open_rotations)?,
            None => Vec::new(),
        };
        let registers = configuration.network().has("encryption.v1");
        let mut rows: Vec<StatusRow> = Vec::new();
        for kept in &inventory.kept {
            let row = kept.row.as_ref();
            let role = row.and_then(|row| row.role);
            let serving =
                role.and_then(|role| inventory.serving(role, role::name_in(role, &configuration.settings.keys)));
            // One that was given up is the one that a rotation begins from, and serves nobody.
            let serves = serving.is_some_and(|serving| serving.name == kept.name)
                && row.is_none_or(|row| row.state != State::Compromised);
            let mut shown = StatusRow::new(kept, serves, &waiting, &policy.policy, now);
            let rotation = open.iter().find(|rotation| row.is_some_and(|row| row.id == rotation.old));
            let serving = serving.map(|serving| serving.name.as_str());
            let shown_on_chain = row.filter(|row| registers && row.state == State::Compromised && row.is_on_chain());
            let trouble = shown_on_chain.map(still_on_chain).or_else(|| {
                row.and_then(|row| match rotation {
                    Some(rotation) => trouble_of_rotation(row, rotation),
                    None => trouble_of_role(row, serving, registers),
                })
            });
            shown.problem = shown.problem.or(trouble);
            rows.push(shown);
        }
        let mut notes: Vec<String> = rows.iter().filter_map(note).collect();
        notes.extend(roles_without_a_key(&inventory, &configuration));
        let unserved = !roles_without_a_key(&inventory, &configuration).is_empty();
        let troubled = unserved || rows.iter().any(|row| !row.due.is_empty() || row.problem.is_some());
        let report = Report::listing(rows, self.output.output);
        let report = notes.into_iter().fold(report, Report::note);
        Ok(if self.check && troubled { report.status(Exit::SomeFailed) } else { report })
    }
}

/// Tenants seal for what the chain shows.
fn still_on_chain(row: &KeyRow) -> String {
    format!("given up, and the chain still shows it to tenants: provider keys compromise {} revokes it", row.name)
}

/// What is wrong with a rotation: nothing, once the new key is in use.
fn trouble_of_rotation(old: &KeyRow, rotation: &Rotation) -> Option<String> {
    let (new, now) = (&rotation.new_name, "provider keys rotate --if-due");
    match rotation.switched_at {
        Some(_) => None,
        None if old.must_go() => Some(format!("it must go, and `{new}` has not taken its place: {now} says why")),
        None => Some(format!("its rotation to `{new}` has not come through: {now} says why")),
    }
}

/// What is wrong with a key that should serve its role, or that does not and could be taken for one that does.
fn trouble_of_role(row: &KeyRow, serving: Option<&str>, registers: bool) -> Option<String> {
    let role = row.role?;
    if serving != Some(row.name.as_str()) {
        let other = serving.filter(|_| row.state == State::Active && role.rotates())?;
        return Some(format!("in use, and `{other}` serves {role}: suspend and archive the one that is not needed"));
    }
    let on_chain = registers && role.is_registered() && row.state == State::Active;
    match (row.registered_at, row.revoked_at, row.deprecated_at) {
        _ if row.state == State::Compromised && role.rotates() => {
            Some(format!("it was given up, and nothing took its place: provider keys rotate {role}"))
        }
        _ if row.state == State::Compromised => Some(format!(
            "it was given up, and no other key can take its place: provider keys compromise {} --sweep-to ADDRESS moves \
             its account",
            row.name
        )),
        (_, Some(_), _) if on_chain => Some(format!("revoked on the chain: provider keys rotate {role}")),
        (_, None, Some(_)) if on_chain => Some(format!("replaced on the chain: provider keys rotate {role}")),
        (None, None, None) if on_chain => Some("not seen on the chain: provider keys register".to_owned()),
        _ => None,
    }
}

/// The roles that had a key and have none that serves.
fn roles_without_a_key(inventory: &Inventory, configuration: &Configuration) -> Vec<String> {
    let keys = &configuration.settings.keys;
    let roles = Role::ALL.iter().copied().filter(|role| role.rotates());
    roles
        .map(|role| (role, role::name_in(role, keys)))
        .filter(|(role, name)| inventory.ever_had(*role, name))
        .filter_map(|(role, name)| match inventory.serving(role, name) {
            None => Some(format!("no key serves {role}: provider keys add {name}, or a later version of it")),
            Some(kept) if kept.row.as_ref().is_some_and(|row| row.state == State::Compromised) => {
                Some(format!("no key serves {role}: `{}` was given up, and nothing took its place", kept.name))
            }
            Some(_) => None,
        })
        .collect()
}

/// What to do about a key.
fn note(row: &StatusRow) -> Option<String> {
    let name = &row.name;
    let first = row.due.first()?;
    Some(match first {
        Due::Approval => format!("`{name}` waits for an approval: provider keys approve {name}"),
        Due::Notice => format!("`{name}` expires in {} days", row.days_left.unwrap_or_default()),
        Due::Expired if row.role.is_none() => format!(
            "`{name}` has expired and signs nothing any more; it has no role, so nothing takes its place: \
             provider keys suspend {name}, or keys set-policy --expiration-days"
        ),
        Due::Expired => format!("`{name}` has expired and signs nothing any more: provider keys rotate"),
        Due::Rotation => format!("`{name}` is due for rotation: provider keys rotate"),
        Due::Deactivation => format!("the grace period of `{name}` is over: provider keys rotate --if-due"),
        Due::Archive => {
            format!("`{name}` is due to be archived: provider keys rotate --if-due, or keys archive {name}")
        }
        Due::Destruction => format!("`{name}` is due to be destroyed: provider keys destroy {name}"),
    })
}
