//! `provider bid explain`

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::bid_row::BidRow;
use super::bidding::Bidding;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report};
use crate::config::terms;
use crate::domain::bid::price::{Component, Factors, Quote};
use crate::domain::bid::{BackEndCheck, Check, Operand, Reason, Terms, World};
use crate::domain::duration;
use crate::domain::order::{Order, OrderState};
use crate::jobs::bid_run::{self, BidRun, Explained, Standing};

/// Explain what becomes of an order: every check, every part of the price, what is behind it
///
/// Asks the chain anew and changes nothing. An order that is unchanged since the last run gives what that run decided.
#[derive(Debug, Args)]
pub struct Explain {
    /// The order: OWNER/DSEQ/GSEQ/OSEQ
    #[arg(value_name = "ORDER")]
    order: String,

    #[command(flatten)]
    output: OutputOption,
}

/// A check and what it looked at.
#[derive(Debug, Serialize)]
struct CheckEntry {
    check: String,
    passed: bool,
    operands: Vec<Operand>,
    refusal: Option<Value>,
    words: Option<String>,
}

/// How a price came about.
#[derive(Debug, Serialize)]
struct PriceEntry {
    denomination: String,
    per: &'static str,
    components: Vec<(&'static str, String)>,
    cost: String,
    margin: String,
    factors: Vec<(&'static str, String)>,
    asked: String,
    floor: String,
    rate: Option<String>,
    block_time: String,
    price: String,
    maximum: String,
}

/// What is behind the order.
#[derive(Debug, Serialize)]
struct FundingEntry {
    left: String,
    others: String,
    blocks: u64,
    time: String,
    value: String,
}

/// Everything about an order.
#[derive(Debug, Serialize)]
struct ExplainEntry {
    order: String,
    state: &'static str,
    verdict: String,
    reason: Option<Value>,
    action: Option<&'static str>,
    checks: Vec<CheckEntry>,
    back_end: Option<String>,
    /// The back end has no room for it now.
    lacks_room: bool,
    gpus: Vec<String>,
    price: Option<PriceEntry>,
    funding: Option<FundingEntry>,
    bids: Option<u64>,
    bids_limit: Option<u64>,
    score: Option<String>,
    /// Its place among the candidates of a run that would begin now.
    rank: Option<u64>,
    rank_of: Option<u64>,
    /// It is not one of them: the place is the one that it would have.
    rank_supposed: bool,
    our_bid: Option<BidRow>,
    our_decision: Option<Value>,
    last_decision: Option<Value>,
}

impl Entry for ExplainEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts =
            vec![("order", self.order.clone()), ("state", self.state.to_owned()), ("verdict", self.verdict.clone())];
        if let Some(action) = self.action {
            parts.push(("what to do", action.to_owned()));
        }
        for check in &self.checks {
            let operands: Vec<String> =
                check.operands.iter().map(|operand| format!("{} {}", operand.name, operand.value)).collect();
            let mark = if check.passed { "passed" } else { "REFUSED" };
            let words = check.words.as_ref().map_or_else(String::new, |words| format!(": {words}"));
            let operands = if operands.is_empty() { String::new() } else { format!(" ({})", operands.join(", ")) };
            parts.push(("check", format!("{} {mark}{words}{operands}", check.check)));
        }
        if let Some(back_end) = &self.back_end {
            let room = if self.lacks_room { " (if it had room)" } else { "" };
            parts.push(("back end", format!("{back_end}{room}")));
        }
        if !self.gpus.is_empty() {
            parts.push(("gpus", self.gpus.join(", ")));
        }
        if let Some(price) = &self.price {
            let by_program = price.components.is_empty() && price.per.is_empty();
            let unit = format!("{} by the {}", price.denomination, price.per);
            parts.extend(price.components.iter().map(|(name, amount)| ("cost of", format!("{name}: {amount} {unit}"))));
            if by_program {
                parts.push(("cost", "the price program gave the price".to_owned()));
            } else {
                parts.push(("cost", format!("{} {unit}", price.cost)));
                parts.push(("margin", price.margin.clone()));
            }
            parts.extend(price.factors.iter().map(|(name, factor)| ("factor", format!("{name}: {factor}"))));
            if !by_program {
                parts.push(("asked", format!("{} {unit}", price.asked)));
                parts.push(("floor", format!("{} {unit}", price.floor)));
            }
            if let Some(rate) = &price.rate {
                parts.push(("rate", rate.clone()));
            }
            parts.push(("block time", price.block_time.clone()));
            parts.push(("price", format!("{} a block (the order pays {} at most)", price.price, price.maximum)));
        }
        if let Some(funding) = &self.funding {
            let FundingEntry { left, others, blocks, time, value } = funding;
            parts.push((
                "funded",
                format!(
                    "{left} left, {others} a block to others: {blocks} blocks, {time}, worth {value} (an order names no \
                     duration: it is what its deployment's escrow pays at our price)"
                ),
            ));
        }
        if let Some(score) = &self.score {
            parts.push(("score", format!("{score} (value × win rate ÷ share of what is scarcest)")));
        }
        if let (Some(rank), Some(of)) = (self.rank, self.rank_of) {
            let supposed = if self.rank_supposed { ", were it one of them" } else { "" };
            parts.push(("rank", format!("{rank} of {of} candidates now{supposed}")));
        }
        if let (Some(bids), Some(limit)) = (self.bids, self.bids_limit) {
            parts.push(("bids on it", format!("{bids} (a bid is taken as long as there are {limit} or fewer)")));
        }
        if let Some(bid) = &self.our_bid {
            parts.extend(
                bid.parts()
                    .into_iter()
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(name, value)| ("our bid", format!("{name}: {value}"))),
            );
        }
        if let Some(decision) = &self.our_decision {
            let part =
                |name: &str| decision.get(name).map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
            if let (Some(rank), Some(score)) = (part("rank"), part("score")) {
                parts.push(("our rank", format!("{rank} of its run, with a score of {score}")));
            }
        }
        if let Some(decision) = &self.last_decision {
            parts.push(("last decision", decision.to_string()));
        }
        parts
    }
}

impl Explain {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let bidding = Bidding::open(context, &configuration)?;
        let order = bidding.order(&self.order)?;
        let (explained, run) = bidding.look(async |moment, request| {
            let mut run = BidRun::default();
            let explained = Box::pin(bid_run::explain(moment, &request, &order, &mut run)).await?;
            Ok((explained, run))
        })?;
        let terms = terms::terms(&configuration.settings);
        let entry = entry(explained, &terms);
        let mut report = Report::record(entry, self.output.output);
        for trouble in run.troubles {
            report = report.note(trouble);
        }
        Ok(report)
    }
}

fn json(reason: &Reason) -> Option<Value> {
    serde_json::to_value(reason).ok()
}

/// Every filter, and every back end.
fn check_entries(checks: Vec<Check>, back_ends: Vec<BackEndCheck>) -> Vec<CheckEntry> {
    let entry = |check: String, operands, refusal: Option<Reason>| CheckEntry {
        check,
        passed: refusal.is_none(),
        operands,
        words: refusal.as_ref().map(ToString::to_string),
        refusal: refusal.as_ref().and_then(json),
    };
    let filters = checks.into_iter().map(|check| entry(check.name.to_owned(), check.operands, check.refusal));
    let places = back_ends.into_iter().map(|one| entry(format!("back end {}", one.name), Vec::new(), one.refusal));
    filters.chain(places).collect()
}

/// What the price was made of.
fn price_entry(order: &Order, quote: &Quote, factors: Factors, terms: &Terms, world: World) -> PriceEntry {
    let denomination = order.spec.units.first().map(|unit| unit.price.denom.clone());
    let list = denomination.as_ref().and_then(|denomination| terms.pricing.list_for(denomination));
    let in_order =
        |amount| denomination.as_ref().map_or_else(String::new, |denomination| format!("{amount}{denomination}"));
    let asks_for_gpus = order.spec.units.iter().any(|unit| unit.resources.gpu.units > 0);
    PriceEntry {
        denomination: list.map(|(list, _)| list.denomination.to_string()).unwrap_or_default(),
        per: list.map_or("", |(list, _)| list.period.word()),
        components: Component::ALL
            .into_iter()
            .filter(|component| !quote.component(*component).is_zero())
            .map(|component| (component.word(), quote.component(component).to_string()))
            .collect(),
        cost: quote.cost.to_string(),
        margin: list.map(|(list, _)| list.margin.to_string()).unwrap_or_default(),
        factors: factors
            .of(asks_for_gpus)
            .into_iter()
            .filter_map(|(factor, value)| Some((factor.word(), value?.to_string())))
            .collect(),
        asked: quote.asked.to_string(),
        floor: quote.floor.to_string(),
        rate: quote.rate.map(|rate| rate.to_string()),
        block_time: format!("{:?}", world.block.duration()),
        price: in_order(quote.price.to_string()),
        maximum: order.price().ok().flatten().map(|price| price.to_string()).unwrap_or_default(),
    }
}

fn entry(explained: Explained, terms: &Terms) -> ExplainEntry {
    let Explained {
        order,
        unreadable,
        explanation,
        funding,
        ours,
        standing,
        closed,
        place,
        decision,
        validity,
        bids,
        world,
        back_ends,
        factors,
    } = explained;
    let mut refusal = unreadable;
    let (mut checks, mut back_end, mut gpus, mut price) = (Vec::new(), None, Vec::new(), None);
    let mut lacks_room = false;
    if let Some(explanation) = explanation {
        if let Some(fit) = &explanation.place {
            lacks_room = explanation.fit.is_none();
            back_end = back_ends.get(fit.back_end).cloned();
            gpus = fit.gpus.iter().map(|gpu| format!("unit {}: {} × {}", gpu.unit, gpu.number, gpu.model)).collect();
        }
        price = explanation.quote.as_ref().map(|quote| price_entry(&order, quote, factors, terms, world));
        refusal = refusal.or(explanation.refusal);
        checks = check_entries(explanation.checks, explanation.back_ends);
    }
    let funding = match funding {
        Some(Ok(funding)) => Some(FundingEntry {
            left: funding.left.to_string(),
            others: funding.others.to_string(),
            blocks: funding.blocks,
            time: duration::display(funding.time).to_string(),
            value: funding.value.to_string(),
        }),
        Some(Err(reason)) => {
            refusal = refusal.or(Some(reason));
            None
        }
        None => None,
    };
    if let Some((bids, limit)) = bids.filter(|(bids, limit)| bids > limit) {
        refusal = refusal.or(Some(Reason::OrderFull { bids, limit }));
    }
    let of_ours = standing.as_ref().and_then(Standing::refusal);
    let had_one = of_ours.is_some();
    refusal = of_ours.or(refusal);
    if order.state != OrderState::Open && !had_one {
        refusal = Some(Reason::OrderState { state: order.state.word().into() });
    }
    let verdict = match &refusal {
        None => {
            let decided = validity
                .filter(|validity| validity.holds())
                .map(|holds| format!("the last run declined it, and that holds {holds}"));
            closed
                .or(decided)
                .map_or_else(|| "it could get a bid".to_owned(), |why| format!("it could get a bid, but {why}"))
        }
        Some(reason) => format!("no bid ({}): {reason}", reason.code().word()),
    };
    ExplainEntry {
        order: order.id.to_string(),
        state: order.state.word(),
        verdict,
        action: refusal.as_ref().map(Reason::action),
        reason: refusal.as_ref().and_then(json),
        checks,
        back_end,
        gpus,
        price,
        funding,
        bids: bids.map(|(bids, _)| bids),
        bids_limit: bids.map(|(_, limit)| limit),
        score: place.map(|place| place.score.to_string()),
        rank: place.map(|place| place.rank),
        rank_of: place.map(|place| place.of),
        rank_supposed: place.is_some_and(|place| place.supposed),
        lacks_room,
        our_decision: ours.as_ref().and_then(|bid| serde_json::from_str(&bid.decision).ok()),
        our_bid: ours.map(BidRow::new),
        last_decision: decision.and_then(|decision| {
            let reason: Value = serde_json::from_str(&decision.reason).ok()?;
            let holds = validity.map(|validity| validity.to_string());
            let at = decision.at.to_string();
            Some(serde_json::json!({ "at": at, "code": decision.code, "reason": reason, "holds": holds }))
        }),
    }
}
