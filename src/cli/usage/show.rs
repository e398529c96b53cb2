//! `provider usage show`

use clap::Args;
use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report};
use crate::domain::usage::Metric;
use crate::jobs::usage_verify;
use crate::store::Mode;
use crate::store::usage::{ChargeRow, RecordRow, charges, records};

/// Show one usage record: what was used, what is not known, what it charges
#[derive(Debug, Args)]
pub struct Show {
    /// The number or the record id
    #[arg(value_name = "ID")]
    id: String,

    /// Print the signed document instead, as anybody can verify it
    #[arg(long)]
    document: bool,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Charged {
    usage_type: &'static str,
    unit_price: String,
    carried_in: String,
    metered: String,
    units: String,
    cost: String,
    carried_out: String,
    usage_id: Option<String>,
    settlement_id: Option<String>,
}

#[derive(Serialize)]
struct Shown {
    id: i64,
    record_id: String,
    lease_id: String,
    workload_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    revision: u32,
    current: bool,
    period_start: String,
    period_end: String,
    resources: Vec<(&'static str, Option<String>)>,
    sources: Vec<String>,
    gaps: Vec<String>,
    lease_price: Option<String>,
    charges: Vec<Charged>,
    cost: Option<String>,
    state: &'static str,
    detail: Option<String>,
    flags: Vec<String>,
    reviewed_by: Option<String>,
    attempts: u32,
    next_attempt_at: Option<String>,
    sha256: Option<String>,
}

impl Entry for Shown {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut parts = vec![
            ("id", self.id.to_string()),
            ("record id", self.record_id.clone()),
            ("lease", self.lease_id.clone()),
            ("workload", self.workload_id.clone()),
            ("type", self.kind.to_owned()),
            ("revision", format!("{}{}", self.revision, if self.current { "" } else { " (corrected by a later one)" })),
            ("from", self.period_start.clone()),
            ("to", self.period_end.clone()),
        ];
        parts.extend(
            self.resources.iter().map(|(name, figure)| (*name, figure.clone().unwrap_or_else(|| "unknown".to_owned()))),
        );
        parts.extend([
            ("sources", self.sources.join(", ")),
            ("gaps", self.gaps.join("; ")),
            ("lease price", self.lease_price.as_ref().map(|price| format!("{price} a block")).unwrap_or_default()),
        ]);
        parts.extend(self.charges.iter().map(|charge| {
            let on_chain = charge.usage_id.as_ref().map(|id| format!(", on chain as {id}")).unwrap_or_default();
            let words = format!(
                "{} × {} = {} (carried in {}, metered {}, carried on {}){on_chain}",
                charge.units, charge.unit_price, charge.cost, charge.carried_in, charge.metered, charge.carried_out
            );
            (charge.usage_type, words)
        }));
        parts.extend([
            ("cost", text(&self.cost)),
            ("state", self.state.to_owned()),
            ("detail", text(&self.detail)),
            ("flags", self.flags.join("; ")),
            ("reviewed by", text(&self.reviewed_by)),
            ("failed attempts", self.attempts.to_string()),
            ("next attempt", text(&self.next_attempt_at)),
            ("sha256", text(&self.sha256)),
        ]);
        parts
    }
}

impl Shown {
    fn new(row: &RecordRow, charges: Vec<ChargeRow>) -> Self {
        let facts = &row.facts;
        let charged = |row: ChargeRow| Charged {
            usage_type: row.charge.usage_type.word(),
            unit_price: row.charge.unit_price.to_string(),
            carried_in: row.charge.carried_in.to_string(),
            metered: row.charge.metered.to_string(),
            units: row.charge.units.to_string(),
            cost: row.charge.cost.to_string(),
            carried_out: row.charge.carried_out.to_string(),
            usage_id: row.usage_id,
            settlement_id: row.settlement_id,
        };
        Self {
            id: row.id.0,
            record_id: facts.record_id(),
            lease_id: facts.lease.to_string(),
            workload_id: facts.workload.clone(),
            kind: facts.kind.word(),
            revision: facts.revision,
            current: row.current,
            period_start: facts.window.start().to_string(),
            period_end: facts.window.end().to_string(),
            resources: Metric::ALL
                .map(|metric| (metric.word(), facts.used.get(metric).map(|figure| figure.to_string())))
                .to_vec(),
            sources: facts.sources.iter().map(ToString::to_string).collect(),
            gaps: facts.gaps.iter().map(|gap| format!("{} {}/{}", gap.kind.word(), gap.start, gap.end)).collect(),
            lease_price: facts.pricing.lease_price.as_ref().map(ToString::to_string),
            charges: charges.into_iter().map(charged).collect(),
            cost: row.cost.clone(),
            state: row.state.words(),
            detail: row.detail.clone(),
            flags: row.flags.iter().map(|flag| format!("{}: {flag}", flag.word())).collect(),
            reviewed_by: row.review.as_ref().map(|review| format!("{} at {}", review.by, review.at)),
            attempts: row.attempts,
            next_attempt_at: row.next_attempt_at.map(|time| time.to_string()),
            sha256: row.seal.map(|seal| crate::domain::hex::encode(&seal.hash)),
        }
    }
}

impl Show {
    /// The record of this number or id.
    pub(super) const fn of(id: String, output: OutputOption) -> Self {
        Self { id, document: false, output }
    }

    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        if self.document {
            let document = store.read("read a usage record", |snapshot| usage_verify::find(snapshot, &self.id))?;
            return Ok(Report::verbatim(format!("{document}\n")));
        }
        let (row, charges) = store.read("read a usage record", |snapshot| {
            let row = records::find(snapshot, &self.id)?;
            let charges = charges::of_record(snapshot, row.id)?;
            Ok::<_, crate::store::usage::Error>((row, charges))
        })?;
        Ok(Report::record(Shown::new(&row, charges), self.output.output))
    }
}
