//! `provider order list`

use clap::Args;
use serde::Serialize;

use crate::cli::bid::bidding::Bidding;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::domain::bid::Reason;
use crate::jobs::bid_run::{self, BidRun};

/// List the open orders, each with our price or why it gets no bid
///
/// What is behind an order (deployment, group, escrow) is not looked at here; `bid explain` does. What a run decided against
/// an order stands beside it, with how long that holds or why the next run decides anew.
#[derive(Debug, Args)]
pub struct List {
    /// Those only that could get a bid
    #[arg(long)]
    biddable: bool,

    /// So many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

/// An open order.
#[derive(Debug, Serialize)]
struct OrderRow {
    order: String,
    created_at: u64,
    maximum: Option<String>,
    price: Option<String>,
    code: Option<&'static str>,
    reason: Option<String>,
    words: Option<String>,
    /// When a run last decided against it.
    decided_at: Option<jiff::Timestamp>,
    /// The coarse reason of that.
    decided: Option<String>,
    /// How long that holds, or why the next run decides anew.
    holds: Option<String>,
    /// Whether the next run decides about it.
    due: bool,
}

impl Row for OrderRow {
    const HEADINGS: &'static [&'static str] = &["order", "pays at most", "our price", "no bid because", "declined for"];
    const FIELDS: &'static [&'static str] = &[
        "order",
        "created_at",
        "maximum",
        "price",
        "code",
        "reason",
        "words",
        "decided_at",
        "decided",
        "holds",
        "due",
    ];

    fn cells(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let decided = match (&self.decided, &self.holds) {
            (Some(code), Some(holds)) => format!("{code}, {holds}"),
            _ => "-".to_owned(),
        };
        vec![self.order.clone(), text(&self.maximum), text(&self.price), text(&self.words), decided]
    }

    fn csv(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            self.order.clone(),
            self.created_at.to_string(),
            text(&self.maximum),
            text(&self.price),
            self.code.unwrap_or_default().to_owned(),
            text(&self.reason),
            text(&self.words),
            self.decided_at.map(|at| at.to_string()).unwrap_or_default(),
            text(&self.decided),
            text(&self.holds),
            self.due.to_string(),
        ]
    }
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let bidding = Bidding::open(context, &configuration)?;
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let (rows, more, run) = bidding.look(async |moment, request| {
            let (mut run, mut rows, mut more) = (BidRun::default(), Vec::new(), 0_u64);
            let looked = bid_run::look(moment, &request, &mut run, |order, result, decided| {
                if self.biddable && result.is_err() {
                    return;
                }
                if rows.len() >= limit {
                    more += 1;
                    return;
                }
                let maximum = order.price().ok().flatten().map(|price| price.to_string());
                let ours = matches!(&result, Err(Reason::AlreadyBid { .. }));
                let (price, refusal) = match result {
                    Ok(price) => (price.map(|price| price.to_string()), None),
                    Err(reason) => (None, Some(reason)),
                };
                rows.push(OrderRow {
                    order: order.id.to_string(),
                    created_at: order.created_at.0,
                    maximum,
                    price,
                    code: refusal.as_ref().map(|reason| reason.code().word()),
                    reason: refusal.as_ref().map(Reason::word),
                    words: refusal.map(|reason| reason.to_string()),
                    due: !ours && decided.as_ref().is_none_or(|decided| !decided.validity.holds()),
                    decided_at: decided.as_ref().map(|decided| decided.at),
                    holds: decided.as_ref().map(|decided| decided.validity.to_string()),
                    decided: decided.map(|decided| decided.code),
                });
            });
            Box::pin(looked).await?;
            Ok((rows, more, run))
        })?;
        let mut report = Report::listing(rows, self.output.output);
        if more > 0 {
            report = report.note(format!("{more} more orders; --limit shows more"));
        }
        for trouble in run.troubles {
            report = report.note(trouble);
        }
        Ok(report)
    }
}
