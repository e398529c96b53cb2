//! `provider keys suspend`, `resume`, `deactivate` and `archive`

use clap::Args;

use super::life::{Change, Life, LifeEntry};
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::key::Event;
use crate::jobs::keys_life;
use crate::keys::file::Access;
use crate::store::keys::by_name;

/// Take an active key out of use until somebody decides
///
/// It makes no signatures and opens nothing until `keys resume`.
#[derive(Debug, Args)]
pub struct Suspend {
    #[command(flatten)]
    change: Change,
}

/// Take a suspended key into use again
///
/// One whose place another has taken meanwhile serves the rest of its grace period.
#[derive(Debug, Args)]
pub struct Resume {
    #[command(flatten)]
    change: Change,
}

/// End the grace period of a rotated key
///
/// It still opens what was sealed to it before. The next `keys rotate --if-due` revokes it on the chain and ends its
/// rotation; it does all of this by itself when the grace period is over.
#[derive(Debug, Args)]
pub struct Deactivate {
    #[command(flatten)]
    change: Change,
}

/// Put a suspended or deactivated key away
///
/// Its file stays where it is and is used for nothing any more. One that the chain holds is revoked there first (`keys
/// revoke`).
#[derive(Debug, Args)]
pub struct Archive {
    #[command(flatten)]
    change: Change,
}

impl Suspend {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        run(&self.change, context, Event::Suspend, "keys-suspend")
    }
}

impl Resume {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        run(&self.change, context, Event::Resume, "keys-resume")
    }
}

impl Deactivate {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        run(&self.change, context, Event::Deactivate, "keys-deactivate")
    }
}

impl Archive {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        run(&self.change, context, Event::Archive, "keys-archive")
    }
}

fn run(change: &Change, context: &Context, event: Event, doing: &str) -> Result<Report, Failure> {
    let configuration = change.keyring.configuration(context)?;
    let rehearsal = context.global.dry_run;
    let life = Life::open(context, &configuration, if rehearsal { Access::Look } else { Access::Use })?;
    let name = change.name.as_str();
    if rehearsal {
        let row = life.store.read("find a key", |snapshot| by_name(snapshot, name))?;
        let row = row.ok_or_else(|| {
            Failure::new(Status::Data, format!("there is no key `{name}` whose life the state file knows"))
        })?;
        keys_life::check(&row, event)?;
        return Ok(Report::record(LifeEntry::new(row, false), change.output.output));
    }
    let row = life.recorded(doing, |trail| {
        life.sync(trail)?;
        Ok(keys_life::run(&life.store, life.deed(name, change.reason.as_deref()), event, trail)?)
    })?;
    Ok(Report::record(LifeEntry::new(row, true), change.output.output))
}
