//! `provider workloads pause|resume|stop|restart|terminate`: what the operator wants is written down, and carried out by
//! the next run; with `--now` at once.

use clap::Args;

use super::reconciling::{Reconciling, operator};
use super::steps;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::workload::{Wish, WorkloadId};
use crate::jobs::workloads_ask;
use crate::store::Mode;

/// Which workload, and how soon.
#[derive(Debug, Args)]
struct Asked {
    /// The workload
    #[arg(value_name = "ID")]
    workload: WorkloadId,

    /// Carry it out at once
    #[arg(long)]
    now: bool,

    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    #[command(flatten)]
    output: OutputOption,
}

/// Hold a workload still, with its memory and its data
#[derive(Debug, Args)]
pub struct Pause {
    #[command(flatten)]
    asked: Asked,
}

/// Let a workload go on that was paused, stopped or given up
#[derive(Debug, Args)]
pub struct Resume {
    #[command(flatten)]
    asked: Asked,
}

/// End a workload, and keep its data; it stays so until it is resumed
#[derive(Debug, Args)]
pub struct Stop {
    #[command(flatten)]
    asked: Asked,

    /// Without giving it time
    #[arg(long)]
    force: bool,
}

/// End a workload and start it again
#[derive(Debug, Args)]
pub struct Restart {
    #[command(flatten)]
    asked: Asked,
}

/// End a workload for good; a lease is closed on chain first
#[derive(Debug, Args)]
pub struct Terminate {
    #[command(flatten)]
    asked: Asked,
}

impl Asked {
    fn run(self, context: &Context, wish: Wish) -> Result<Report, Failure> {
        let reconciling = Reconciling::open(context)?;
        if context.global.dry_run {
            return self.rehearse(context, &reconciling, wish);
        }
        let store = reconciling.store()?;
        workloads_ask::ask(&store, &self.workload, wish, self.note.as_deref(), operator(), context.now())?;
        drop(store);
        if self.now {
            let done = reconciling.run(Some(&self.workload))?;
            return Ok(steps::report_at_once(context, done, self.output.output));
        }
        let said = format!("{} of {} is written down", wish.word(), self.workload);
        Ok(Report::nothing()
            .note(said)
            .note("the next `provider workloads reconcile` carries it out; --now does it at once"))
    }

    /// What would be done, by the next run or at once.
    fn rehearse(&self, context: &Context, reconciling: &Reconciling<'_>, wish: Wish) -> Result<Report, Failure> {
        let store = context.open_state(&reconciling.configuration.state_file, Mode::Read)?;
        let wanted = workloads_ask::rehearse(&store, &self.workload, wish)?;
        drop(store);
        let planned = reconciling.rehearse(Some(&self.workload), Some(wanted))?;
        let report = steps::report(context, planned, self.output.output);
        Ok(report.note(format!("nothing is written down: this is what {} would do", wish.word())))
    }
}

impl Pause {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        self.asked.run(context, Wish::Pause)
    }
}

impl Resume {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        self.asked.run(context, Wish::Resume)
    }
}

impl Stop {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        self.asked.run(context, Wish::Stop { forced: self.force })
    }
}

impl Restart {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        self.asked.run(context, Wish::Restart)
    }
}

impl Terminate {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        self.asked.run(context, Wish::Terminate)
    }
}
