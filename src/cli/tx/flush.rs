//! `provider tx flush`

use clap::Args;
use serde::Serialize;

use super::flushed;
use super::sending::Sending;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report};
use crate::jobs::tx_flush::{self, Planned};

/// Sign and send what is queued, and find out what became of what was sent
///
/// For the account of keys.signing_key. The job of a timer: it never waits for a person. With --dry-run it says what it
/// would do.
#[derive(Debug, Args)]
pub struct Flush {
    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

/// Something that a flush would do.
#[derive(Serialize)]
struct PlannedRow {
    what: &'static str,
    of: String,
    gas: Option<u64>,
    fee: Option<String>,
    detail: String,
}

impl Row for PlannedRow {
    const HEADINGS: &'static [&'static str] = &["what", "of", "gas", "fee", "detail"];
    const FIELDS: &'static [&'static str] = &["what", "of", "gas", "fee", "detail"];

    fn cells(&self) -> Vec<String> {
        let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        vec![
            self.what.to_owned(),
            self.of.clone(),
            text(self.gas.map(|gas| gas.to_string())),
            text(self.fee.clone()),
            self.detail.clone(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.what.to_owned(),
            self.of.clone(),
            self.gas.map(|gas| gas.to_string()).unwrap_or_default(),
            self.fee.clone().unwrap_or_default(),
            self.detail.clone(),
        ]
    }
}

fn rows(planned: Planned) -> Vec<PlannedRow> {
    let steps = planned.steps.into_iter().map(|step| PlannedRow {
        what: "transaction",
        of: format!("{} (sequence {})", step.tx, step.sequence),
        gas: None,
        fee: None,
        detail: step.step.to_owned(),
    });
    let batches = planned.batches.into_iter().map(|batch| {
        let ids: Vec<String> = batch.intents.iter().map(ToString::to_string).collect();
        let (gas, fee) = batch.cost.map_or((None, None), |(gas, fee)| (Some(gas), Some(fee.to_string())));
        let detail = batch.refusal.unwrap_or_else(|| "sign and hand to a node".to_owned());
        PlannedRow { what: "messages", of: ids.join(", "), gas, fee, detail }
    });
    steps.chain(batches).collect()
}

impl Flush {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let sending = Sending::open(context, &configuration)?;
        if context.global.dry_run {
            let planned = sending.rehearse()?;
            let (held, height) = (planned.held, planned.height);
            let report = Report::listing(rows(planned), self.output.output).note(format!("as of height {height}"));
            return Ok(if held > 0 { report.note(format!("{held} messages wait for `tx confirm`")) } else { report });
        }
        let (flushed, store) = sending.run(tx_flush::JOB, (&self.passphrase, false), |_| Ok(()))?;
        flushed::report(flushed, &store, self.output)
    }
}
