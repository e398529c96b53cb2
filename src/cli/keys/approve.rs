//! `provider keys approve`

use clap::Args;

use super::life::{Change, Life, LifeEntry};
use crate::cli::{Context, Failure, Report};
use crate::domain::key::Approval;
use crate::jobs::keys_life;
use crate::keys::file::Access;

/// Approve what a key waits for: its activation, or its destruction
///
/// The policy says what waits (`keys set-policy --require-approval-for-activation`, `--require-approval-for-destruction`).
/// Who asked and who approved is in the audit trail.
#[derive(Debug, Args)]
pub struct Approve {
    #[command(flatten)]
    change: Change,
}

impl Approve {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.change.keyring.configuration(context)?;
        let rehearsal = context.global.dry_run;
        let life = Life::open(context, &configuration, if rehearsal { Access::Look } else { Access::Use })?;
        let name = self.change.name.as_str();
        if rehearsal {
            let found = life.store.read("look for what waits", |snapshot| keys_life::waiting(snapshot, name));
            return Ok(Report::record(LifeEntry::new(found?.0, false), self.change.output.output));
        }
        let deed = life.deed(name, self.change.reason.as_deref());
        let (row, what, asked) = life.recorded("keys-approve", |trail| {
            life.sync(trail)?;
            Ok(keys_life::approve(&life.store, deed, trail)?)
        })?;
        let mut report = Report::record(LifeEntry::new(row, true), self.change.output.output);
        if what == Approval::Destruction {
            report = report.note(format!("its destruction is approved: `provider keys destroy {name}`"));
        }
        if asked == life.who {
            report = report.note(format!("{asked} asked for it and approved it"));
        }
        Ok(report)
    }
}
