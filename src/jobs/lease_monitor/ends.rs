//! How leases ended, and why.
//!
//! One network stores the reason with the lease. The other tells it only in the event of the block that ended it, and
//! gives the wrong word where the tenant's money ran out: then the payment says so.

use jiff::Timestamp;

use super::Error;
use super::report::{Ended, Monitored};
use crate::chain::client::{CallError, Client, Reading};
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::id::LeaseId;
use crate::domain::lease::{ClosedReason, Lease};
use crate::store::Store;
use crate::store::bids::{leases, rows};

/// So many ends are learned in one run; the next goes on.
const ENDS_PER_RUN: usize = 100;

/// Learns how the leases ended that are listed no more, and writes it down.
pub(super) async fn learn(store: &Store, client: &Client, report: &mut Monitored, now: Timestamp) -> Result<(), Error> {
    let missing = std::mem::take(&mut report.missing);
    for row in missing.into_iter().take(ENDS_PER_RUN) {
        let Ok(id) = LeaseId::parse(&row.id, client.network().address_prefix) else { continue };
        let lease = match client.lease(&id).await.and_then(Reading::believed) {
            Ok(lease) => lease.into_value(),
            Err(error) => {
                report.trouble(in_one_line(&error));
                continue;
            }
        };
        let Some(lease) = lease.filter(|lease| lease.state.is_over()) else { continue };
        let (reason, source) = match why(client, &lease).await {
            Ok(found) => found,
            Err(error) => {
                report.trouble(in_one_line(&error));
                continue;
            }
        };
        store.write("write down how a lease ended", |change| {
            leases::see(
                change,
                &leases::Lease {
                    state: lease.state.word().to_owned(),
                    closed_height: lease.closed_on.map(|height| height.0),
                    reason: Some((reason.to_owned(), source.to_owned())),
                    last_seen: now,
                    funded_until: None,
                    ..row.clone()
                },
            )
        })?;
        tracing::info!(lease = row.id, reason, source, "a lease ended");
        report.ended.push(Ended { lease: row.id, state: lease.state.word(), reason, source });
    }
    Ok(())
}

/// Writes down how a lease ended that somebody else's listing lacks, and why.
pub async fn note(store: &Store, client: &Client, lease: &Lease, now: Timestamp) -> Result<(), Error> {
    let (id, chain) = (lease.id.to_string(), &client.settings().chain_id);
    let known = store.read("read a lease", |snapshot| leases::of(snapshot, &id))?;
    if known.is_some_and(|row| row.reason.is_some()) {
        return Ok(());
    }
    let (reason, source) = why(client, lease).await.map_err(Error::chain)?;
    let (order, provider) = (lease.id.order().to_string(), lease.id.provider().to_string());
    store.write("write down how a lease ended", |change| {
        let bid = rows::by_order(change, chain, &order, &provider)?;
        leases::see(
            change,
            &leases::Lease {
                id,
                chain: chain.clone(),
                state: lease.state.word().to_owned(),
                price: lease.price.clone(),
                back_end: bid.map(|bid| bid.back_end),
                created_at: lease.created_at.0,
                closed_height: lease.closed_on.map(|height| height.0),
                reason: Some((reason.to_owned(), source.to_owned())),
                first_seen: now,
                last_seen: now,
                withdrawn_at: None,
                funded_until: None,
                warned_at: None,
            },
        )
    })?;
    Ok(())
}

/// Why a lease ended, and who says so.
pub async fn why(client: &Client, lease: &Lease) -> Result<(&'static str, &'static str), CallError> {
    if let Some(reason) = lease.reason {
        return Ok((reason.word(), "chain"));
    }
    if lease.ran_out_of_funds() {
        return Ok((ClosedReason::InsufficientFunds.word(), "payment"));
    }
    let Some(height) = lease.closed_on else { return Ok(("unknown", "nobody")) };
    Ok(match of_event(client, &lease.id, height).await? {
        Some(reason) => (reason.word(), "event"),
        None => ("unknown", "nobody"),
    })
}

/// The reason in the event of the block that ended a lease.
async fn of_event(client: &Client, id: &LeaseId, height: Height) -> Result<Option<ClosedReason>, CallError> {
    let kind = format!("{}.market.v1.EventLeaseClosed", client.network().package_prefix);
    let Some(executed) = client.block_results(height).await?.value else { return Ok(None) };
    let events = executed.iter().flat_map(|one| &one.events).filter(|event| event.kind == kind);
    for event in events {
        let value = |key: &str| {
            let attribute = event.attributes.iter().find(|attribute| attribute.key == key)?;
            serde_json::from_str::<serde_json::Value>(&attribute.value).ok()
        };
        let (Some(told), Some(reason)) = (value("id"), value("reason")) else { continue };
        let text = |name: &str| told.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        let number = |name: &str| told.get(name).and_then(serde_json::Value::as_u64);
        let same = text("owner").as_deref() == Some(id.order().owner().as_str())
            && text("dseq") == Some(id.order().dseq().to_string())
            && number("gseq") == Some(u64::from(id.order().gseq()))
            && number("oseq") == Some(u64::from(id.order().oseq()))
            && text("provider").as_deref() == Some(id.provider().as_str());
        if same {
            return Ok(reason.as_str().and_then(ClosedReason::from_word));
        }
    }
    Ok(None)
}
