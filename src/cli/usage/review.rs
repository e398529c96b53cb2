//! `provider usage review`

use clap::Args;

use super::record_row::UsageRow;
use super::show::Show;
use super::{list, metering};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::usage::state::State;
use crate::jobs::usage_review::{self, Decision};
use crate::observe::audit::actor;
use crate::store::usage::Filter;

/// Decide about usage records that the fraud check holds; without an id, list them, without a decision, show one
///
/// An approved record is signed, with the reviewer and what had been flagged in it, and submitted. A rejected one is kept
/// with the reason, and its window may be recorded anew with `usage record`.
#[derive(Debug, Args)]
pub struct Review {
    /// The number or the record id
    #[arg(value_name = "ID")]
    id: Option<String>,

    /// It is right
    #[arg(long, group = "decision", requires = "id")]
    approve: bool,

    /// It is wrong, for this reason
    #[arg(long, group = "decision", requires = "id", value_name = "REASON")]
    reject: Option<String>,

    /// Who decides; the user of this process unless given
    #[arg(long, value_name = "NAME", requires = "approve")]
    by: Option<String>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Review {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let Some(id) = self.id else {
            return list::rows(context, &Filter { states: vec![State::Held], ..Filter::default() }, self.output);
        };
        if !self.approve && self.reject.is_none() {
            return Show::of(id, self.output).run(context);
        }
        let configuration = context.configuration()?;
        let reviewed = if let Some(reason) = self.reject {
            metering::with_store(context, &configuration, |given| {
                usage_review::run(given, &id, Decision::Reject { reason })
            })?
        } else {
            let by = self.by.unwrap_or_else(who);
            metering::with_key(context, &configuration, &self.passphrase, |given, key| {
                usage_review::run(given, &id, Decision::Approve { by, key })
            })?
        };
        let report = Report::listing(vec![UsageRow::from(reviewed.0)], self.output.output);
        Ok(if context.global.dry_run { report.note(metering::NOTHING_WRITTEN) } else { report })
    }
}

/// The user of this process.
fn who() -> String {
    let actor = actor(None, None);
    actor.user.unwrap_or_else(|| format!("uid {}", actor.uid))
}
