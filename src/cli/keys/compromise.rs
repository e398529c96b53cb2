//! `provider keys compromise`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::emergency::{self, Account, Closing, Moved, Wishes};
use super::key_entry::or_dash;
use super::keyring::KeyringOption;
use super::life::Life;
use super::role;
use super::rotate::{self, Rotation};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::domain::address::Address;
use crate::domain::id::{BidId, LeaseId, OrderId};
use crate::domain::key::rotation::Waiting;
use crate::domain::key::{Event, Role, State};
use crate::jobs::keys_compromise::{self, Touched};
use crate::jobs::keys_inventory::Inventory;
use crate::jobs::keys_life;
use crate::jobs::keys_rotate::{Item, ItemOutcome, Wanted};
use crate::keys::file::Access;
use crate::keys::{KeyType, Name, PublicKey};
use crate::store::bids::pauses;
use crate::store::keys::KeyRow;

/// Give a key up that others may have: the incident procedure
///
/// At once the key is given up and new bids are paused. Then every key that can be rotated gets a successor, the
/// compromised one without a grace period, and the command lists what the key was used for, from the audit trail.
///
/// The key of an account cannot be rotated. For it the command first withdraws what its leases have earned, closes its open
/// bids, whose deposits come back, and sends what the account holds to --sweep-to, and says what remains to be done. Its leases can only be closed with it: when their
/// tenants have moved, --close-lease or --close-leases ends them. It can be run again until everything is done.
#[derive(Debug, Args)]
pub struct Compromise {
    /// The key
    #[arg(value_name = "NAME")]
    name: Name,

    /// What happened, for the record
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// For the key of an account: send what it holds to this address, whose key nobody else has
    #[arg(long, value_name = "ADDRESS")]
    sweep_to: Option<String>,

    /// For the key of an account: close this lease of it, OWNER/DSEQ/GSEQ/OSEQ; may be given several times
    ///
    /// The tenant's workload loses its place; what is earned is paid out. It is final.
    #[arg(long, value_name = "LEASE")]
    close_lease: Vec<String>,

    /// For the key of an account: close every lease of it
    #[arg(long, conflicts_with = "close_lease")]
    close_leases: bool,

    /// Give the key up, pause bids, rotate what needs no chain, and leave the chain alone
    #[arg(long, conflicts_with_all = ["sweep_to", "close_lease", "close_leases"])]
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
    /// An audit trail is kept.
    audited: bool,
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
            let detail = item.detail.as_ref().map_or_else(String::new, |detail| format!(": {detail}"));
            parts.push(("rotated", format!("{} → {successor}: {}{detail}", item.key, item.step)));
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
        let row = kept.named(name).and_then(|kept| kept.row.clone()).ok_or_else(unknown)?;
        // Everything that was typed, before anything is done.
        let wishes = self.wishes(&configuration, &row)?;
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
            audited: configuration.settings.logging.audit.enabled,
            next: Vec::new(),
        };
        if rehearsal {
            if row.state != State::Compromised {
                let illegal = |source| keys_life::Error::Illegal { key: name.to_owned(), source };
                row.state.next(Event::Compromise).map_err(illegal)?;
            }
            let mut planned = vec!["give the key up", "pause bids", "rotate every key that can be"];
            if wishes.is_some() && !self.offline {
                planned.insert(2, "withdraw what the leases of its account have earned, and close its open bids");
            }
            if self.sweep_to.is_some() {
                planned.insert(3, "send what the account holds away");
            }
            incident.next.push(format!("without --dry-run: {}", planned.join(", ")));
            incident.next.extend(next_steps(&incident, &self));
            return Ok(Report::record(incident, self.output.output));
        }
        let given_up = life.recorded("keys-compromise", |trail| {
            Ok(keys_compromise::give_up(&life.store, life.deed(name, self.reason.as_deref()), trail)?)
        })?;
        incident.state = given_up.state;
        incident.bids_paused = paused(&life)?;
        let mut troubles: Vec<String> = Vec::new();
        // The money first: others may spend it as long as it is there.
        let mut account = None;
        if let Some(wishes) = wishes.filter(|_| !self.offline) {
            match Account::open(context, &configuration, &self.name, &self.passphrase, wishes) {
                Ok(opened) => account = Some(opened),
                Err(failure) => troubles.push(failure.in_one_line()),
            }
        }
        account.iter_mut().for_each(Account::save);
        match self.rotate_all(context, &life, &kept, given_up.since) {
            Ok(items) => incident.rotated = items,
            Err(failure) => troubles.push(failure.in_one_line()),
        }
        incident.account = account.map(Account::close);
        if self.offline {
            incident.next.push(format!("with the chain at hand: provider keys compromise {name}"));
        }
        troubles.extend(unserved(&life, row.role, &incident.rotated)?);
        incident.next.extend(waiting_steps(&incident));
        incident.next.extend(next_steps(&incident, &self));
        let waits = incident.rotated.iter().any(|item| !self.offline && waits_for_more_than_time(item, name));
        let of_rotation = |item: &Item| item.outcome == ItemOutcome::Failed && !self.offline && !is_hopeless(item);
        // Another run gets no further where only a place on the chain is missing.
        let hopeless = incident.rotated.iter().any(is_hopeless);
        let again = incident.rotated.iter().any(of_rotation)
            || incident.account.as_ref().is_some_and(Moved::is_unfinished)
            || waits
            || troubles.len() > usize::from(hopeless);
        let failed = again || hopeless;
        let mut report = Report::record(incident, self.output.output);
        for trouble in troubles {
            report = report.note(trouble);
        }
        if failed {
            report = report.status(Status::SomeFailed);
        }
        if again {
            report = report.note(format!("run it again: provider keys compromise {name}"));
        }
        Ok(report)
    }

    /// What is to become of the key's account, if it has one: every key of its type has, whatever its role.
    fn wishes(&self, configuration: &Configuration, row: &KeyRow) -> Result<Option<Wishes>, Failure> {
        let prefix = configuration.network().address_prefix;
        let usage = |message: String| Failure::new(Status::Usage, message).hint("nothing was done");
        let public = PublicKey::from_bytes(row.key_type, &row.public_key).ok();
        let Some(ours) = public.and_then(|public| public.address(prefix)).and_then(Result::ok) else {
            if self.sweep_to.is_some() || self.close_leases || !self.close_lease.is_empty() {
                return Err(usage(format!("the key `{}` is of type {} and has no account", row.name, row.key_type)));
            }
            return Ok(None);
        };
        let to = self.sweep_to.as_deref().map(|to| Address::parse(to, prefix)).transpose();
        let to = to.map_err(|error| Failure::with_status(Status::Usage, &error).hint("nothing was done"))?;
        if to.as_ref() == Some(&ours) {
            return Err(usage("--sweep-to names the account whose key is given up".to_owned()));
        }
        let lease = |text: &String| match LeaseId::parse(text, prefix) {
            Ok(lease) => Ok(lease),
            Err(_) => OrderId::parse(text, prefix).map(|order| LeaseId::of(BidId::new(order, ours.clone()))),
        };
        let leases: Result<Vec<LeaseId>, _> = self.close_lease.iter().map(lease).collect();
        let leases = leases.map_err(|error| Failure::with_status(Status::Usage, &error).hint("nothing was done"))?;
        if let Some(foreign) = leases.iter().find(|lease| *lease.provider() != ours) {
            return Err(usage(format!("the lease {foreign} is not of the account {ours}")));
        }
        let close = if self.close_leases { Closing::All } else { Closing::These(leases) };
        let pays = configuration.settings.keys.signing_key.0 == row.name;
        Ok(Some(Wishes { to, close, pays }))
    }

    /// Rotates every key that can be and was in use before the incident: whoever got one may have got others.
    fn rotate_all(
        &self,
        context: &Context,
        life: &Life<'_>,
        kept: &Inventory,
        incident: Timestamp,
    ) -> Result<Vec<Item>, Failure> {
        let keys = &life.configuration.settings.keys;
        let registers = life.configuration.network().has("encryption.v1");
        let serves = |role: &Role| {
            let row = kept.serving(*role, role::name_in(*role, keys)).and_then(|kept| kept.row.as_ref());
            let meant = row.filter(|row| row.name == self.name.as_str() || row.state == State::Active);
            // One that took over since was put there by an earlier run of this command.
            meant.is_some_and(|row| row.activated_at.is_none_or(|at| at <= incident))
        };
        let possible = |role: &Role| role.rotates() && !(self.offline && registers && role.is_registered());
        let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| possible(role) && serves(role)).collect();
        let reason = format!("the key `{}` was given up as compromised", self.name);
        let rotation = Rotation {
            wanted: if roles.is_empty() { Wanted::Begun } else { Wanted::Roles(roles) },
            reason: &reason,
            by_hand: true,
            again: true,
            offline: self.offline,
            account_signs: emergency::still_signs,
            passphrase: &self.passphrase,
        };
        Ok(rotate::rotate(context, life.configuration, &life.store, &rotation)?.items)
    }
}

/// That nothing serves the role of the key, where something should.
fn unserved(life: &Life<'_>, role: Option<Role>, rotated: &[Item]) -> Result<Option<String>, Failure> {
    let Some(role) = role.filter(|role| role.rotates()) else { return Ok(None) };
    let inventory = super::life::look(Some(&life.store), &life.keyring)?;
    let configured = role::name_in(role, &life.configuration.settings.keys);
    let serving = inventory.serving(role, configured).and_then(|kept| kept.row.as_ref());
    let serves = serving.is_some_and(|row| row.state == State::Active);
    let hopeless = rotated.iter().any(|item| item.role == Some(role) && is_hopeless(item));
    let why = if hopeless {
        format!("no key serves {role}, and this account can have no other")
    } else {
        format!("no key serves {role} now: provider keys rotate {role} goes on with it")
    };
    Ok((!serves).then_some(why))
}

/// Whether a key must go, and the chain never takes another from its account.
fn is_hopeless(item: &Item) -> bool {
    item.outcome == ItemOutcome::Failed && item.step == Waiting::Place.word()
}

/// Why new bids are paused, if they are.
fn paused(life: &Life<'_>) -> Result<Option<String>, Failure> {
    Ok(life.store.read("read whether we pause", pauses::current)?.map(|pause| pause.reason))
}

/// Whether a rotation waits for something that does not come by itself, or not soon.
fn waits_for_more_than_time(item: &Item, name: &str) -> bool {
    let is_of_incident = item.successor.is_some() || item.key == name;
    item.outcome == ItemOutcome::Waits && item.until.is_none() && is_of_incident && item.role.is_some()
}

/// What the rotations wait for.
fn waiting_steps(incident: &Incident) -> Vec<String> {
    let hopeless = incident.rotated.iter().filter(|item| is_hopeless(item)).map(|item| {
        format!(
            "`{}` can have no successor, for want of a place on the chain: make another account (provider keys add NAME \
             --type secp256k1), name it in keys.signing_key and provider.address, register it (provider register; \
             provider keys register), and send this one's money there",
            item.key
        )
    });
    let waiting = incident.rotated.iter().filter(|item| waits_for_more_than_time(item, &incident.name));
    let waiting = waiting.map(|item| {
        let detail = item.detail.as_ref().map_or_else(String::new, |detail| format!(": {detail}"));
        match (&item.successor, item.step) {
            (Some(successor), "approval") => format!("approve the new key: provider keys approve {successor}"),
            _ => format!("`{}` waits for {}{detail}", item.key, item.step),
        }
    });
    hopeless.chain(waiting).collect()
}

/// What remains to be done by people.
fn next_steps(incident: &Incident, asked: &Compromise) -> Vec<String> {
    let name = &incident.name;
    let mut steps = vec![match (incident.audited, incident.touched.is_empty()) {
        (false, _) => {
            "find out who had the key, and since when: no audit trail is kept (logging.audit.enabled), so what we did with \
             the key is not known"
                .to_owned()
        }
        (true, true) => {
            "find out who had the key, and since when: the audit trail has nothing of it, or no longer".to_owned()
        }
        (true, false) => "find out who had the key, and since when: `touched` is what we did with it, as far back as the \
                          audit trail goes"
            .to_owned(),
    }];
    if incident.r#type == KeyType::Secp256k1 {
        if asked.sweep_to.is_none() {
            steps.push(format!(
                "make another account (provider keys add NAME) and send this one's money there: provider keys compromise \
                 {name} --sweep-to ADDRESS"
            ));
        }
        if incident.role == Some(Role::Signing) {
            steps.push("set keys.signing_key to the new key and provider.address to its account".to_owned());
            steps.push(
                "register the new account as a provider, and an encryption key of its own (the chain takes a key once, and \
                 the present one is the old account's): provider register; provider keys rotate encryption --again"
                    .to_owned(),
            );
        }
        if let Some(lease) = incident.account.as_ref().and_then(|account| account.leases.first())
            && !asked.close_leases
        {
            steps.push(format!(
                "leases belong to the old account and cannot move: close each when its tenant has moved (provider keys \
                 compromise {name} --close-lease {lease}), and run this again until then: it withdraws"
            ));
        }
    }
    if incident.bids_paused.is_some() {
        steps.push("bids are paused until `provider resume`".to_owned());
    }
    steps.push(format!("delete the key when nothing needs it any more: provider keys destroy {name}"));
    steps
}
