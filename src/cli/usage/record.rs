//! `provider usage record`

use clap::Args;

use super::metering;
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::id::LeaseId;
use crate::domain::usage::{Metrics, Moment, Window};
use crate::domain::{network, when};
use crate::jobs::usage_record::{self, Request};
use crate::store::usage::records;

/// Write down what no back end measured, or correct a record
///
/// The record is checked and signed like every other, and marked as manual. A correction is a new revision of the window:
/// it charges the difference, and what it does not give stays as it was; what it corrects and was not sent yet is not sent
/// any more. Windows of a lease never overlap.
#[derive(Debug, Args)]
pub struct Record {
    /// The lease: owner/dseq/gseq/oseq/provider
    #[arg(long, value_name = "LEASE")]
    lease_id: String,

    /// When the window begins: RFC 3339, a date, or a span as in 2h
    #[arg(long, value_name = "TIME")]
    start: String,

    /// When the window ends
    #[arg(long, value_name = "TIME")]
    end: String,

    /// Processor time, in thousandths of a second of one core
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    cpu_milliseconds: Option<i128>,

    /// Memory over time
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    memory_byte_seconds: Option<i128>,

    /// Storage over time
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    storage_byte_seconds: Option<i128>,

    /// Bytes that came in
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    network_bytes_in: Option<i128>,

    /// Bytes that went out
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    network_bytes_out: Option<i128>,

    /// GPU time, in seconds of one GPU
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    gpu_seconds: Option<i128>,

    /// It is the last record of the lease
    #[arg(long = "final")]
    last: bool,

    /// Make a new revision of the record of exactly this window
    #[arg(long)]
    correct: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Record {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let prefix = network::Name::from(configuration.settings.chain.network).facts().address_prefix;
        let lease =
            LeaseId::parse(&self.lease_id, prefix).map_err(|error| Failure::with_status(Status::Usage, &error))?;
        let moment = |name: &str, text: &str| {
            let time = when::parse(text, context.now());
            time.map(Moment::of).map_err(|error| Failure::new(Status::Usage, format!("--{name}: {error}")))
        };
        let (start, end) = (moment("start", &self.start)?, moment("end", &self.end)?);
        let window = Window::new(start, end).ok_or_else(|| {
            Failure::new(Status::Usage, format!("the window ends at {end}, not after its begin {start}"))
        })?;
        let used = Metrics {
            cpu_milli_seconds: self.cpu_milliseconds,
            gpu_seconds: self.gpu_seconds,
            memory_byte_seconds: self.memory_byte_seconds,
            network_bytes_in: self.network_bytes_in,
            network_bytes_out: self.network_bytes_out,
            storage_byte_seconds: self.storage_byte_seconds,
        };
        let provider = crate::cli::workloads::provider(context, &configuration);
        let (recorded, row) = metering::with_key(context, &configuration, &self.passphrase, |given, key| {
            let request = Request {
                lease,
                provider,
                window,
                used,
                last: self.last,
                correct: self.correct,
                limits: metering::limits(&configuration),
                prices: metering::prices(&configuration),
                key,
            };
            let recorded = usage_record::run(given, &request)?;
            let row = given.store.read("read a usage record", |snapshot| records::get(snapshot, recorded.id))?;
            Ok::<_, Failure>((recorded, row))
        })?;
        let mut report = Report::listing(vec![super::record_row::UsageRow::from(row)], self.output.output);
        if !recorded.known {
            report = report.note("the state file knows nothing of this lease; look whether it is the right one");
        }
        if context.global.dry_run {
            report = report.note(metering::NOTHING_WRITTEN);
        }
        for flag in &recorded.flags {
            report = report.note(format!("{}: {flag}", flag.word()));
        }
        if recorded.flags.is_empty() {
            return Ok(report);
        }
        let note = format!("the record is held; `provider usage review {}` decides about it", recorded.id);
        Ok(report.note(note).status(Status::SomeFailed))
    }
}
