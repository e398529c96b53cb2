//! `provider keys compromise`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::emergency::{self, Moved};
use super::key_entry::or_dash;
use super::keyring::KeyringOption;
use super::life::Life;
use super::role;
use super::rotate::{self, Rotation};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::key::{Event, Role, State};
use crate::jobs::keys_compromise::{self, Touched};
use crate::jobs::keys_inventory::{Kept, serving};
use crate::jobs::keys_life;
use crate::jobs::keys_rotate::{Item, ItemOutcome, Wanted};
use crate::keys::file::Access;
use crate::keys::{KeyType, Name};
use crate::store::bids::pauses;

/// Give a key up that others may have: the incident procedure
///
/// At once the key is given up and new bids are paused. Then every key that can be rotated gets a successor, the
/// compromised one without a grace period, and the command lists what the key was used for, from the audit trail.
///
/// The key of the chain account cannot be rotated. For it the command withdraws what its leases have earned, sends what
/// the account holds to --sweep-to, and says what remains to be done. It can be run again until everything is done.
#[derive(Debug, Args)]
pub struct Compromise {
    /// The key
    #[arg(value_name = "NAME")]
    name: Name,

    /// What happened, for the record
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// For the key of the chain account: send what it holds to this address, whose key nobody else has
    #[arg(long, value_name = "ADDRESS")]
    sweep_to: Option<String>,

    /// Give the key up and pause bids, and do nothing that needs the chain
    #[arg(long, conflicts_with = "sweep_to")]
    offline: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Incident {
    name: String,
    r#type: KeyType,
    role: Option<Role>,
    fingerprint: String,
    state: State,
    bids_paused: Option<String>,
    rotated: Vec<Item>,
    account: Option<Moved>,
    touched: Vec<Touched>,
    next: Vec<String>,
}

impl Entry for Incident {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![
            ("name", self.name.clone()),
            ("type", self.r#type.to_string()),
            ("role", or_dash(self.role)),
            ("fingerprint", self.fingerprint.clone()),
            ("state", self.state.to_string()),
            ("bids_paused", or_dash(self.bids_paused.as_ref())),
        ];
        for item in &self.rotated {
            let successor = item.successor.as_deref().unwrap_or("-");
            parts.push(("rotated", format!("{} → {successor}: {}", item.key, item.step)));
        }
        parts.extend(self.account.iter().flat_map(Moved::parts));
        for use_ in &self.touched {
            let at = use_.at.map_or_else(String::new, |at| format!("{at:.0} "));
            let on = use_.on.as_ref().map_or_else(String::new, |on| format!(" {on}"));
            parts.push(("touched", format!("{at}{} {}{on}", use_.r#use, use_.outcome)));
        }
        parts.extend(self.next.iter().map(|step| ("next", step.clone())));
        parts
    }
}

impl Compromise {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let rehearsal = context.global.dry_run;
        let life = Life::open(context, &configuration, if rehearsal { Access::Look } else { Access::Use })?;
        let name = self.name.as_str();
        let kept = if rehearsal {
            super::life::look(Some(&life.store), &life.keyring)?
        } else {
            life.recorded("keys-compromise", |trail| life.sync(trail))?
        };
        let unknown = || keys_life::Error::Unknown { key: name.to_owned() };
        let row = kept.iter().find(|kept| kept.name == name).and_then(|kept| kept.row.clone()).ok_or_else(unknown)?;
        let touched = keys_compromise::touched(&life.store, &row.fingerprint)?;
        let mut incident = Incident {
            name: row.name.clone(),
            r#type: row.key_type,
            role: row.role,
            fingerprint: row.fingerprint.clone(),
            state: row.state,
            bids_paused: paused(&life)?,
            rotated: Vec::new(),
            account: None,
            touched,
            next: Vec::new(),
        };
        if rehearsal {
            if row.state != State::Compromised {
                let illegal = |source| keys_life::Error::Illegal { key: name.to_owned(), source };
                row.state.next(Event::Compromise).map_err(illegal)?;
            }
            incident
                .next
                .push("without --dry-run: give the key up, pause bids, rotate every key that can be".to_owned());
            return Ok(Report::record(incident, self.output.output));
        }
        let given_up = life.recorded("keys-compromise", |trail| {
            Ok(keys_compromise::give_up(&life.store, life.deed(name, self.reason.as_deref()), trail)?)
        })?;
        incident.state = given_up.state;
        incident.bids_paused = paused(&life)?;
        let mut troubles: Vec<String> = Vec::new();
        if self.offline {
            incident.next.push(format!("with the chain at hand: provider keys compromise {name}"));
        } else {
            match self.rotate_all(context, &life, &kept, given_up.since) {
                Ok(items) => incident.rotated = items,
                Err(failure) => troubles.push(failure.in_one_line()),
            }
            if row.role == Some(Role::Signing) {
                let sweep_to = self.sweep_to.as_deref();
                match emergency::empty(context, &configuration, &self.passphrase, sweep_to) {
                    Ok(moved) => incident.account = Some(moved),
                    Err(failure) => troubles.push(failure.in_one_line()),
                }
            }
        }
        incident.next.extend(next_steps(&incident, self.sweep_to.is_some()));
        let failed = incident.rotated.iter().any(|item| item.outcome == ItemOutcome::Failed)
            || incident.account.as_ref().is_some_and(Moved::is_unfinished)
            || !troubles.is_empty();
        let mut report = Report::record(incident, self.output.output);
        for trouble in troubles {
            report = report.note(trouble);
        }
        if failed {
            report = report.status(Status::SomeFailed).note(format!("run it again: provider keys compromise {name}"));
        }
        Ok(report)
    }

    /// Rotates every key that can be and was in use before the incident: whoever got one may have got others.
    fn rotate_all(
        &self,
        context: &Context,
        life: &Life<'_>,
        kept: &[Kept],
        incident: Timestamp,
    ) -> Result<Vec<Item>, Failure> {
        let keys = &life.configuration.settings.keys;
        let serves = |role: &Role| {
            let row = serving(kept, role::name_in(*role, keys)).and_then(|kept| kept.row.as_ref());
            let meant = row.filter(|row| row.name == self.name.as_str() || row.state == State::Active);
            // One that took over since was put there by an earlier run of this command.
            meant.is_some_and(|row| row.activated_at.is_none_or(|at| at <= incident))
        };
        let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.rotates() && serves(role)).collect();
        let reason = format!("the key `{}` was given up as compromised", self.name);
        let rotation = Rotation {
            wanted: if roles.is_empty() { Wanted::Begun } else { Wanted::Roles(roles) },
            reason: &reason,
            by_hand: true,
            account_signs: emergency::still_signs,
            passphrase: &self.passphrase,
        };
        Ok(rotate::rotate(context, life.configuration, &life.store, &rotation)?.items)
    }
}

/// Why new bids are paused, if they are.
fn paused(life: &Life<'_>) -> Result<Option<String>, Failure> {
    Ok(life.store.read("read whether we pause", pauses::current)?.map(|pause| pause.reason))
}

/// What remains to be done by people.
fn next_steps(incident: &Incident, swept: bool) -> Vec<String> {
    let mut steps = vec!["find out who had the key, and since when: `touched` is what we did with it".to_owned()];
    if incident.role == Some(Role::Signing) {
        if !swept {
            steps.push(format!(
                "make another account (provider keys add NAME) and send this one's money there: provider keys compromise {} \
                 --sweep-to ADDRESS",
                incident.name
            ));
        }
        steps.push("set keys.signing_key to the new key and provider.address to its account".to_owned());
        steps.push(
            "register the new account as a provider, and its encryption key: provider register; provider keys register"
                .to_owned(),
        );
        steps.push(
            "leases belong to the old account and cannot move: close each when its tenant has moved, and withdraw until then"
                .to_owned(),
        );
    }
    if incident.bids_paused.is_some() {
        steps.push("bids are paused until `provider resume`".to_owned());
    }
    steps.push(format!("delete the key when nothing needs it any more: provider keys destroy {}", incident.name));
    steps
}
