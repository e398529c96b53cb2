//! Leases and their payments: what was earned, and how long the money lasts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, Request, Synced, Unread};
use crate::chain::client::LeaseFilter;
use crate::domain::address::Address;
use crate::domain::amount::{Dec18, DecCoin};
use crate::domain::escrow::{Account, AccountId, EscrowState};
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::id::{DeploymentId, LeaseId};
use crate::domain::lease::{Lease, LeaseState};
use crate::domain::ledger::payment::{Standing, standing};
use crate::jobs::{Circumstances, lease_monitor};
use crate::store::settlement::{self, PaymentRow};

pub(super) async fn sync(given: Circumstances<'_>, request: &Request<'_>, synced: &mut Synced) -> Result<(), Error> {
    let mut leases = BTreeMap::new();
    let filter = LeaseFilter {
        provider: Some(request.provider.clone()),
        state: Some(LeaseState::Active),
        ..LeaseFilter::default()
    };
    let mut height = Height::default();
    let mut pages = request.client.leases(&filter);
    loop {
        if (given.should_stop)() {
            synced.interrupted = true;
            return Ok(());
        }
        match pages.next().await {
            Ok(Some(page)) => leases.extend(page.rows.into_iter().map(|lease| (lease.id.clone(), lease))),
            Ok(None) => break,
            Err(error) => {
                synced.unread.push(Unread { what: "our leases".to_owned(), error: in_one_line(&error) });
                break;
            }
        }
    }
    // Those that flowed when they were read last, or that ended before they were read at all, and are in the list no
    // more, are asked for by themselves.
    let known = given.store.read("read the payments of leases", |snapshot| {
        let open = settlement::payments(snapshot, true)?.into_iter().map(|row| row.lease);
        Ok::<_, crate::store::Error>(open.chain(settlement::never_read(snapshot)?).collect::<Vec<_>>())
    })?;
    for lease in known {
        let prefix = request.client.network().address_prefix;
        let Ok(id) = LeaseId::parse(&lease, prefix) else { continue };
        if leases.contains_key(&id) {
            continue;
        }
        if (given.should_stop)() {
            synced.interrupted = true;
            return Ok(());
        }
        match request.client.lease(&id).await {
            Ok(found) => {
                if let Some(lease) = found.value {
                    if lease.state.is_over()
                        && let Err(error) =
                            lease_monitor::note(given.store, request.client, &lease, (given.now)()).await
                    {
                        // Its money is what this is about; why it ended is for the dashboard.
                        tracing::info!(lease = %id, error = in_one_line(&error), "why a lease ended is not known");
                    }
                    leases.insert(id, lease);
                }
            }
            Err(error) => synced.unread.push(Unread { what: format!("lease {id}"), error: in_one_line(&error) }),
        }
    }
    match request.client.head().await {
        Ok(head) => height = head.value.height,
        Err(error) => synced.unread.push(Unread { what: "the chain's head".to_owned(), error: in_one_line(&error) }),
    }
    if height == Height::default() {
        return Ok(());
    }
    let accounts = accounts(given, request, leases.values(), synced).await;
    if synced.interrupted {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(leases.len());
    for lease in leases.values() {
        let failed = |source| Error::Amount { lease: lease.id.to_string(), source };
        let of = accounts.get(lease.id.order().deployment());
        let standing = standing(&lease.payment, of.map(|(account, rate)| (account, rate)), height).map_err(failed)?;
        rows.push(row(lease, &standing, height, (given.now)()));
    }
    for batch in rows.chunks(500) {
        given.store.write("write what leases earn", |change| {
            for row in batch {
                settlement::see_payment(change, row)?;
            }
            Ok::<_, Error>(())
        })?;
    }
    synced.leases = rows.len() as u64;
    Ok(())
}

/// The accounts that leases draw on, and what all of their payments draw in a block: two questions for each tenant.
async fn accounts<'l>(
    given: Circumstances<'_>,
    request: &Request<'_>,
    leases: impl Iterator<Item = &'l Lease>,
    synced: &mut Synced,
) -> BTreeMap<DeploymentId, (Account, DecCoin)> {
    let tenants: BTreeSet<Address> = leases.map(|lease| lease.id.order().owner().clone()).collect();
    let mut all = BTreeMap::new();
    for tenant in tenants {
        if (given.should_stop)() {
            synced.interrupted = true;
            break;
        }
        let mut unread = |what: &str, error: &dyn std::error::Error| {
            synced.unread.push(Unread { what: format!("{what} of {tenant}"), error: in_one_line(error) });
        };
        let found = match request.client.escrow_accounts(EscrowState::Open, Some(&tenant)).await {
            Ok(found) => found.value,
            Err(error) => {
                unread("the escrow accounts", &error);
                continue;
            }
        };
        let filter =
            LeaseFilter { owner: Some(tenant.clone()), state: Some(LeaseState::Active), ..LeaseFilter::default() };
        let (mut pages, mut drawn) = (request.client.leases(&filter), BTreeMap::<DeploymentId, DecCoin>::new());
        let complete = loop {
            match pages.next().await {
                Ok(Some(page)) => page.rows.iter().for_each(|lease| add(&mut drawn, lease)),
                Ok(None) => break true,
                Err(error) => {
                    unread("the leases", &error);
                    break false;
                }
            }
        };
        if !complete {
            continue;
        }
        for account in found {
            let AccountId::Deployment(deployment) = account.id.clone() else { continue };
            if let Some(rate) = drawn.remove(&deployment) {
                all.insert(deployment, (account, rate));
            }
        }
    }
    all
}

fn add(drawn: &mut BTreeMap<DeploymentId, DecCoin>, lease: &Lease) {
    let rate = &lease.payment.rate;
    let sum = drawn
        .entry(lease.id.order().deployment().clone())
        .or_insert_with(|| DecCoin::new(Dec18::ZERO, rate.denom.clone()));
    if let Ok(more) = sum.checked_add(rate) {
        *sum = more;
    }
}

fn row(lease: &Lease, standing: &Standing, height: Height, now: jiff::Timestamp) -> PaymentRow {
    let payment = &lease.payment;
    PaymentRow {
        lease: lease.id.to_string(),
        tenant: lease.id.order().owner().to_string(),
        lease_state: lease.state.word().to_owned(),
        payment_state: payment.state.word().to_owned(),
        rate: payment.rate.clone(),
        balance: standing.due.clone(),
        unsettled: payment.unsettled.clone(),
        withdrawn: payment.withdrawn.clone(),
        earned: standing.earned.clone(),
        funded_to: standing.funded_to,
        seen_height: height,
        seen_at: now,
        withdrawal: None,
        withdrawals: 0,
        last_withdrawn_at: None,
    }
}
