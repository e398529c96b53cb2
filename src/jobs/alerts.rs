//! Alerts: evaluated at the end of the jobs that learn something, and told until they arrived.
//!
//! ```text
//! evaluate  which conditions hold now, from the state file and what the caller knows; a kind that nobody can judge
//!           is left as it is (pure)
//! write     what is raised, regraded and resolved, and whom to tell, in one transaction
//! tell      each channel each change, oldest first; what did not arrive stays due for the next run
//! ```

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::alert::{self, Change, Condition, Kind, Severity};
use crate::domain::amount::Dec18;
use crate::domain::bid::capacity::Difference;
use crate::domain::bid::price::BlockTime;
use crate::domain::fault::in_one_line;
use crate::domain::ledger::payment::lasts;
use crate::domain::usage::state::State;
use crate::notify::{Channel, Notice};
use crate::store::settlement::PaymentRow;
use crate::store::usage::records::{self, NewestUse};
use crate::store::{self, Snapshot, Store, alerts, settlement, workloads};

/// From when on something is worth an alert.
#[derive(Debug, Clone)]
pub struct Thresholds {
    /// Of a workload's processor.
    pub high_cpu: Dec18,
    /// Of a workload's memory.
    pub high_memory: Dec18,
    /// Of a workload's storage that is left.
    pub low_storage: Dec18,
    /// Of the time that a tenant's money lasts.
    pub escrow_below: Duration,
    /// Of the bids of a day that became a lease.
    pub bid_success: Dec18,
    /// Of the leases that end in an hour.
    pub lease_close_rate: Dec18,
    /// Of capacity in use: a warning, and critical.
    pub capacity: (Dec18, Dec18),
    /// Of the time that a key has left.
    pub key_expiry: Duration,
    /// Of the time that a certificate has left.
    pub certificate_expiry: Duration,
}

/// What the state file does not know; `None` where nobody does.
#[derive(Debug, Clone)]
pub struct Known {
    /// Keys, and how long each has left; none for one that has ended.
    pub keys: Option<Vec<(String, Option<Duration>)>>,
    /// Certificates, likewise.
    pub certificates: Option<Vec<(String, Option<Duration>)>>,
    /// What there is to sell: resource and amount; `None` where a back end does not say.
    pub capacity: Option<Vec<(&'static str, u128)>>,
    /// Where the configuration and a back end differ: back end and difference; `None` where nobody was asked.
    pub differences: Option<Vec<(String, Difference)>>,
    /// How long a block takes.
    pub block_time: BlockTime,
}

/// Payments that were read longer ago say nothing about now.
const FRESH: Duration = Duration::from_hours(24);

/// What changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evaluated {
    /// Alerts that fire now and did not.
    pub raised: usize,
    /// Alerts that fire no more.
    pub resolved: usize,
}

/// Evaluates every kind that can be judged, and writes down what changes and whom to tell.
pub fn evaluate(
    store: &Store,
    thresholds: &Thresholds,
    known: &Known,
    channels: &[&str],
    now: Timestamp,
) -> Result<Evaluated, store::Error> {
    store.write("evaluate alerts", |change| {
        let mut judged = Judged::default();
        usage(change, thresholds, &mut judged)?;
        escrow(change, thresholds, (now, known.block_time), &mut judged)?;
        bids(change, thresholds, now, &mut judged)?;
        leases(change, thresholds, now, &mut judged)?;
        capacity(change, thresholds, known, &mut judged)?;
        books(change, &mut judged)?;
        expiries(thresholds, known, &mut judged);
        let changes = alert::changes(&alerts::firing(change)?, judged.conditions, &judged.kinds);
        let evaluated = Evaluated {
            raised: changes.iter().filter(|change| matches!(change, Change::Raise(_))).count(),
            resolved: changes.iter().filter(|change| matches!(change, Change::Resolve(_))).count(),
        };
        alerts::apply(change, changes, channels, now)?;
        Ok(evaluated)
    })
}

/// What holds, and what was judged.
#[derive(Default)]
struct Judged {
    kinds: BTreeSet<Kind>,
    conditions: Vec<Condition>,
}

impl Judged {
    fn of(&mut self, kind: Kind, conditions: impl IntoIterator<Item = Condition>) {
        self.kinds.insert(kind);
        self.conditions.extend(conditions);
    }
}

/// Workloads by their newest record.
fn usage(snapshot: &Snapshot<'_>, thresholds: &Thresholds, judged: &mut Judged) -> Result<(), store::Error> {
    let newest = records::newest_use(snapshot)?;
    let figure = |figure: Option<i128>| figure.and_then(|figure| u128::try_from(figure).ok());
    let of = |rule: &dyn Fn(&NewestUse) -> Option<Condition>| newest.iter().filter_map(rule).collect::<Vec<_>>();
    let cpu = of(&|use_| {
        let used = figure(use_.used.cpu_milli_seconds)?;
        alert::high_cpu(&use_.workload, used, use_.allocated.cpu_milli_cores.0, use_.seconds, thresholds.high_cpu)
    });
    let memory = of(&|use_| {
        let used = figure(use_.used.memory_byte_seconds)?;
        alert::high_memory(&use_.workload, used, use_.allocated.memory_bytes.0, use_.seconds, thresholds.high_memory)
    });
    let storage = of(&|use_| {
        let used = figure(use_.used.storage_byte_seconds)?;
        alert::low_storage(&use_.workload, used, use_.allocated.storage_bytes.0, use_.seconds, thresholds.low_storage)
    });
    judged.of(Kind::HighCpu, cpu);
    judged.of(Kind::HighMemory, memory);
    judged.of(Kind::LowStorage, storage);
    Ok(())
}

/// How long tenants' money lasts, of each lease whose payment was read not long ago. Of another one an alert that fires
/// stays as it is.
fn escrow(
    snapshot: &Snapshot<'_>,
    thresholds: &Thresholds,
    (now, block): (Timestamp, BlockTime),
    judged: &mut Judged,
) -> Result<(), store::Error> {
    let open = settlement::payments(snapshot, true)?;
    let stale = |row: &&PaymentRow| row.seen_at.checked_add(FRESH).is_ok_and(|until| until < now);
    let (stale, fresh): (Vec<_>, Vec<_>) = open.iter().partition(stale);
    let conditions = fresh.into_iter().filter_map(|row| {
        let lasted = lasts(row.seen_height, row.funded_to?, block.duration());
        let passed = u64::try_from(now.as_second().saturating_sub(row.seen_at.as_second())).unwrap_or(0);
        alert::escrow(&row.lease, lasted.saturating_sub(Duration::from_secs(passed)), thresholds.escrow_below)
    });
    let unknown: BTreeSet<&str> = stale.into_iter().map(|row| row.lease.as_str()).collect();
    let firing = alerts::list(snapshot, false, None)?;
    let as_before =
        firing.into_iter().filter(|row| row.kind == Kind::EscrowLow && unknown.contains(row.subject.as_str()));
    let as_before = as_before.map(|row| Condition {
        kind: row.kind,
        subject: row.subject,
        severity: row.severity,
        summary: row.summary,
    });
    judged.of(Kind::EscrowLow, conditions.chain(as_before).collect::<Vec<_>>());
    Ok(())
}

/// How many of the bids of the last day became a lease.
fn bids(
    snapshot: &Snapshot<'_>,
    thresholds: &Thresholds,
    now: Timestamp,
    judged: &mut Judged,
) -> Result<(), store::Error> {
    let since = now.checked_sub(Duration::from_hours(24)).unwrap_or(Timestamp::MIN);
    let rates = store::bids::rows::win_rates(snapshot, since)?;
    let (won, decided) = rates.values().fold((0_u64, 0_u64), |(won, decided), rate| {
        (won.saturating_add(rate.won), decided.saturating_add(rate.decided))
    });
    judged.of(Kind::BidSuccessLow, alert::bid_success(won, decided, thresholds.bid_success));
    Ok(())
}

/// How many leases ended within the last hour.
fn leases(
    snapshot: &Snapshot<'_>,
    thresholds: &Thresholds,
    now: Timestamp,
    judged: &mut Judged,
) -> Result<(), store::Error> {
    let since = now.checked_sub(Duration::from_hours(1)).unwrap_or(Timestamp::MIN);
    let (closed, running) = workloads::leases_ended_since(snapshot, since)?;
    judged.of(Kind::LeaseCloseRate, alert::lease_closes(closed, closed + running, thresholds.lease_close_rate));
    Ok(())
}

/// What is reserved by what is metered, of what there is.
fn capacity(
    snapshot: &Snapshot<'_>,
    thresholds: &Thresholds,
    known: &Known,
    judged: &mut Judged,
) -> Result<(), store::Error> {
    if let Some(differences) = &known.differences {
        let conditions = differences.iter().map(|(back_end, one)| alert::capacity_differs(back_end, one));
        judged.of(Kind::CapacityDiffers, conditions);
    }
    let Some(totals) = &known.capacity else { return Ok(()) };
    let reserved = store::usage::meters::reserved(snapshot)?;
    let used = |resource: &str| match resource {
        "cpu" => reserved.cpu,
        "memory" => reserved.memory,
        "storage" => reserved.storage,
        _ => reserved.gpus,
    };
    let conditions = totals
        .iter()
        .filter_map(|(resource, total)| alert::capacity(resource, used(resource), *total, thresholds.capacity));
    judged.of(Kind::Capacity, conditions.collect::<Vec<_>>());
    Ok(())
}

/// What waits for a person, and what does not fit.
fn books(snapshot: &Snapshot<'_>, judged: &mut Judged) -> Result<(), store::Error> {
    let held = records::by_state(snapshot)?.into_iter().find(|(state, _)| *state == State::Held);
    judged.of(Kind::UsageHeld, alert::held_records(held.map_or(0, |(_, many)| many)));
    let wrong = settlement::discrepancies(snapshot)?.into_iter().map(|(lease, what, _)| Condition {
        kind: Kind::Settlement,
        // Each is an alert of its own: another one of the same lease is told, too.
        subject: format!("{lease} {} {}", what.word(), what.subject()).trim_end().to_owned(),
        severity: Severity::Critical,
        summary: format!("{lease}: {what}"),
    });
    judged.of(Kind::Settlement, wrong);
    Ok(())
}

fn expiries(thresholds: &Thresholds, known: &Known, judged: &mut Judged) {
    let lists = [
        (Kind::KeyExpiry, &known.keys, thresholds.key_expiry),
        (Kind::CertificateExpiry, &known.certificates, thresholds.certificate_expiry),
    ];
    for (kind, list, threshold) in lists {
        if let Some(list) = list {
            judged.of(kind, list.iter().filter_map(|(name, left)| alert::expiry(kind, name, *left, threshold)));
        }
    }
}

/// What telling came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Changes that arrived.
    pub delivered: u64,
    /// Changes that did not, and why.
    pub failed: Vec<String>,
}

/// So many changes are told in one run.
const AT_MOST: u32 = 200;

/// Tells what is due. After a failure a channel is told nothing more in this run, so that its changes stay in order.
pub async fn tell(
    store: &Store,
    channels: &[Box<dyn Channel>],
    provider: Option<&str>,
    give_up_after: Duration,
    now: &(dyn Fn() -> Timestamp + Sync),
) -> Result<Told, store::Error> {
    let mut told = Told::default();
    let mut silent: BTreeSet<String> = BTreeSet::new();
    for delivery in store.read("read who is to be told", |snapshot| alerts::due(snapshot, AT_MOST))? {
        if silent.contains(&delivery.channel) {
            continue;
        }
        let Some(channel) = channels.iter().find(|channel| channel.name() == delivery.channel) else {
            // It is configured no more.
            store.write("give up telling", |change| {
                alerts::failed(change, delivery.id, "the channel is not configured any more", Some(now()))
            })?;
            continue;
        };
        let notice = Notice {
            id: delivery.alert.id,
            change: delivery.change.clone(),
            kind: delivery.alert.kind.word(),
            subject: delivery.alert.subject.clone(),
            severity: delivery.severity.word(),
            summary: delivery.summary.clone(),
            raised_at: delivery.alert.raised_at,
            resolved_at: (delivery.change == "resolved").then_some(delivery.alert.resolved_at).flatten(),
            provider: provider.map(str::to_owned),
        };
        match channel.tell(&notice).await {
            Ok(()) => {
                store.write("write who was told", |change| alerts::delivered(change, delivery.id, now()))?;
                told.delivered = told.delivered.saturating_add(1);
            }
            Err(error) => {
                let why = in_one_line(&error);
                let late = delivery.created_at.checked_add(give_up_after).is_ok_and(|until| until < now());
                store.write("write who was not told", |change| {
                    alerts::failed(change, delivery.id, &why, late.then(now))
                })?;
                silent.insert(delivery.channel.clone());
                told.failed.push(why);
            }
        }
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bid::capacity::{Inventory, lesser};
    use crate::domain::height::Height;

    fn thresholds() -> Thresholds {
        let share = |text: &str| text.parse().unwrap();
        Thresholds {
            high_cpu: share("0.9"),
            high_memory: share("0.85"),
            low_storage: share("0.1"),
            escrow_below: Duration::from_hours(24),
            bid_success: share("0.5"),
            lease_close_rate: share("0.1"),
            capacity: (share("0.8"), share("0.9")),
            key_expiry: Duration::from_hours(24),
            certificate_expiry: Duration::from_hours(24),
        }
    }

    #[test]
    fn a_back_end_that_has_not_what_is_sold_of_it_is_told_until_it_has() {
        let store = Store::in_memory().unwrap();
        let has = |observed: u64| {
            let of = |cpu: u64| Inventory { cpu: Some(cpu), ..Inventory::default() };
            let (_, differences) = lesser(Some(&of(16_000)), Some(&of(observed)));
            Some(differences.into_iter().map(|one| ("local".to_owned(), one)).collect())
        };
        let firing = |differences: Option<Vec<(String, Difference)>>| {
            let known =
                Known { keys: None, certificates: None, capacity: None, differences, block_time: BlockTime::USUAL };
            evaluate(&store, &thresholds(), &known, &[], Timestamp::UNIX_EPOCH).unwrap();
            let firing = store.read("look", |snapshot| alerts::list(snapshot, false, None)).unwrap();
            firing.into_iter().map(|row| row.summary).collect::<Vec<_>>()
        };
        assert_eq!(firing(has(16_000)), Vec::<String>::new());
        let told = firing(has(2000));
        assert!(matches!(&told[..], [one] if one.contains("local: 16 of cpu is configured, and it has 2")), "{told:?}");
        assert_eq!(firing(None), told, "nobody was asked: unknown is not over");
        assert_eq!(firing(has(16_000)), Vec::<String>::new());
    }

    /// A payment that was read at an hour, with money for so many blocks from there.
    fn payment(lease: &str, hour: i64, blocks: u64) -> PaymentRow {
        PaymentRow {
            lease: lease.to_owned(),
            tenant: "tenant".to_owned(),
            lease_state: "active".to_owned(),
            payment_state: "open".to_owned(),
            rate: "1uve".parse().unwrap(),
            balance: "0uve".parse().unwrap(),
            unsettled: "0uve".parse().unwrap(),
            withdrawn: "0uve".parse().unwrap(),
            earned: "0uve".parse().unwrap(),
            funded_to: Some(Height(1000 + blocks)),
            seen_height: Height(1000),
            seen_at: Timestamp::from_second(hour * 3600).unwrap(),
            withdrawal: None,
            withdrawals: 0,
            last_withdrawn_at: None,
        }
    }

    #[test]
    fn money_lasts_by_the_chains_own_blocks_and_an_old_reading_silences_only_its_own_lease() {
        let store = Store::in_memory().unwrap();
        let evaluate = |hour: i64, block: Duration| {
            let block_time = BlockTime::new(block).unwrap();
            let known = Known { keys: None, certificates: None, capacity: None, differences: None, block_time };
            evaluate(&store, &thresholds(), &known, &[], Timestamp::from_second(hour * 3600).unwrap()).unwrap();
            let firing = store.read("look", |snapshot| alerts::list(snapshot, false, None)).unwrap();
            let mut firing: Vec<_> = firing.into_iter().map(|row| (row.subject, row.summary)).collect();
            firing.sort();
            firing
        };
        let see = |row: &PaymentRow| store.write("see", |change| settlement::see_payment(change, row)).unwrap();
        let day_of_seconds = 24 * 3600;
        see(&payment("a", 100, day_of_seconds));
        assert_eq!(evaluate(100, Duration::from_secs(6)), [], "six days");
        assert_eq!(evaluate(100, Duration::from_millis(250)).len(), 1, "six hours");
        // Nobody read it for a day: it stays as it is, and another one is judged.
        see(&payment("b", 130, 3600));
        let firing = evaluate(130, Duration::from_secs(6));
        assert_eq!(firing.iter().map(|(lease, _)| lease.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!(firing[1].1.contains("lasts for 6h"), "{firing:?}");
        let renewed = evaluate(131, Duration::from_secs(6));
        assert!(renewed[1].1.contains("lasts for 5h"), "with the numbers of now: {renewed:?}");
        see(&payment("a", 131, 10 * day_of_seconds));
        assert_eq!(evaluate(131, Duration::from_secs(6)).len(), 1);
    }
}
