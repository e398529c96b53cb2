//! `provider workloads drain`

use clap::Args;

use super::reconciling::operator;
use crate::cli::{Context, Failure, Report};
use crate::store::workloads::{Stamp, history};

/// Take no new work: for maintenance
///
/// What runs goes on running, and is not given up meanwhile. Nothing is bid for. Tenants are shown the reason.
#[derive(Debug, Args)]
pub struct Drain {
    /// Why, as tenants are shown it
    #[arg(long, value_name = "TEXT", default_value = "maintenance", conflicts_with = "end")]
    reason: String,

    /// Take new work again
    #[arg(long)]
    end: bool,
}

impl Drain {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let path = context.state_file()?;
        if context.global.dry_run {
            return Ok(Report::nothing());
        }
        let store = context.open_for_job(&path)?;
        let stamp = Stamp { at: context.now(), actor: operator(), run: None };
        let reason = (!self.end).then_some(self.reason.as_str());
        store.write("write down whether new work is taken", |change| history::drain(change, reason, &stamp))?;
        Ok(Report::nothing().note(if self.end { "new work is taken again" } else { "no new work is taken" }))
    }
}
