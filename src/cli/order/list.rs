//! `provider order list`

use clap::Args;
use serde::Serialize;

use crate::cli::bid::bidding::Bidding;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::jobs::bid_run::{self, BidRun};

/// List the open orders, each with our price or why it gets no bid
///
/// What is behind an order (deployment, group, escrow) is not looked at here; `bid explain` does.
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
}

impl Row for OrderRow {
    const HEADINGS: &'static [&'static str] = &["order", "pays at most", "our price", "no bid because"];
    const FIELDS: &'static [&'static str] = &["order", "created_at", "maximum", "price", "code", "reason", "words"];

    fn cells(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        vec![self.order.clone(), text(&self.maximum), text(&self.price), text(&self.words)]
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
            let looked = bid_run::look(moment, &request, &mut run, |order, result| {
                if self.biddable && result.is_err() {
                    return;
                }
                if rows.len() >= limit {
                    more += 1;
                    return;
                }
                let maximum = order.price().ok().flatten().map(|price| price.to_string());
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
                    reason: refusal.as_ref().map(crate::domain::bid::Reason::word),
                    words: refusal.map(|reason| reason.to_string()),
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
