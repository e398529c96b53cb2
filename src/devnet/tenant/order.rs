//! Deployments and leases.

use super::{Done, Error, Tenant};
use crate::chain::wire::Named;
use crate::chain::wire::base::{Deposit, Source};
use crate::chain::wire::cosmos::coin;
use crate::chain::wire::cosmos::page::PageRequest;
use crate::chain::wire::deployment::{
    DeploymentId, GroupId, GroupSpec, MsgCloseDeployment, MsgCreateDeployment, MsgPauseGroup, MsgStartGroup,
    QueryDeploymentRequest, QueryParamsRequest,
};
use crate::chain::wire::escrow::{AccountId, MsgAccountDeposit, Scope};
use crate::chain::wire::market::{
    Bid, BidFilters, BidId, Lease, LeaseFilters, LeaseId, MsgCloseLease, MsgCreateLease, Order, OrderFilters, OrderId,
    QueryBidsRequest, QueryLeasesRequest, QueryOrdersRequest,
};
use crate::devnet::hex;
use crate::devnet::kv::Broken;
use crate::devnet::rules::{deployment, market};
use crate::domain::amount::{Coin, Dec18};
use prost::Message;
use std::time::{Duration, Instant};

/// More than any deployment can have.
const ALL: PageRequest = PageRequest { key: Vec::new(), offset: 0, limit: 10_000, count_total: false, reverse: false };

/// How long an order waits for a bid at most.
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// Between two looks for one.
const PAUSE: Duration = Duration::from_millis(100);

impl Tenant<'_> {
    pub(super) fn deploy(
        &self,
        groups: &[String],
        hash: &str,
        deposit: Option<&str>,
        dseq: Option<u64>,
    ) -> Result<Done, Error> {
        let groups: Vec<GroupSpec> = groups.iter().map(|text| group(text)).collect::<Result<_, _>>()?;
        let hash_bytes = hex::decode(hash).filter(|hash| hash.len() == 32);
        let hash = hash_bytes.ok_or_else(|| unreadable("the version", hash, "it is 32 bytes in hex digits"))?;
        let deposit = match deposit {
            Some(text) => Self::coin("the deposit", text)?,
            None => self.smallest_deposit(&groups)?,
        };
        let dseq = match dseq {
            Some(dseq) => dseq,
            None => self.free_number()?,
        };
        let id = self.deployment(dseq);
        let message = MsgCreateDeployment { id, groups, hash, deposit: of_balance(&deposit), reclamation: None };
        let network = self.node.identity().network;
        let mut done = self.send(vec![message.pack(network)], vec![format!("{}/{dseq}", self.address())])?;
        let orders = self.orders(dseq, None)?;
        done.ids.extend(orders.iter().map(|order| order_name(&order.id)));
        Ok(done)
    }

    /// The smallest deposit that the chain takes for groups in their denomination.
    fn smallest_deposit(&self, groups: &[GroupSpec]) -> Result<Coin, Error> {
        let denom = groups.first().and_then(|group| group.resources.first()).map(|unit| unit.price.denom.as_str());
        let denom = denom.ok_or_else(|| Error::Nothing("there is no group with a resource to order".to_owned()))?;
        let params = self.ask::<QueryParamsRequest, _>(|context| Ok(deployment::parameters(context)?))?;
        let smallest = params.min_deposits.iter().find(|coin| coin.denom == denom);
        let missing = || Error::Nothing(format!("the chain names no smallest deposit in {denom}; give one"));
        Coin::try_from(smallest.ok_or_else(missing)?)
            .map_err(|error| unreadable("the chain's smallest deposit", denom, &error.to_string()))
    }

    /// By custom the height; the next one that no deployment has.
    fn free_number(&self) -> Result<u64, Error> {
        let height = self.node.moment(0)?.height();
        let mut dseq = u64::try_from(height).unwrap_or_default().max(1);
        while self.ask::<QueryDeploymentRequest, _>(|context| {
            Ok(deployment::find(context, &self.deployment(dseq))?.is_some())
        })? {
            dseq += 1;
        }
        Ok(dseq)
    }

    fn deployment(&self, dseq: u64) -> DeploymentId {
        DeploymentId { owner: self.address().to_owned(), dseq }
    }

    fn group(&self, dseq: u64, gseq: u32) -> GroupId {
        GroupId { owner: self.address().to_owned(), dseq, gseq }
    }

    /// The open orders of a deployment.
    fn orders(&self, dseq: u64, gseq: Option<u32>) -> Result<Vec<Order>, Error> {
        let filters = OrderFilters {
            owner: self.address().to_owned(),
            dseq,
            gseq: gseq.unwrap_or_default(),
            state: "open".to_owned(),
            ..OrderFilters::default()
        };
        let request = QueryOrdersRequest { filters, pagination: Some(ALL) };
        Ok(self.ask::<QueryOrdersRequest, _>(|context| market::orders(context, &request))?.orders)
    }

    /// The cheapest open bid for an order: of equal ones the earliest, then by provider.
    fn best_bid(&self, order: &OrderId) -> Result<Option<Bid>, Error> {
        let filters = BidFilters {
            owner: order.owner.clone(),
            dseq: order.dseq,
            gseq: order.gseq,
            oseq: order.oseq,
            state: "open".to_owned(),
            ..BidFilters::default()
        };
        let request = QueryBidsRequest { filters, pagination: Some(ALL) };
        let bids = self.ask::<QueryBidsRequest, _>(|context| market::bids(context, &request))?.bids;
        let price = |bid: &Bid| Dec18::from_wire(&bid.price.amount).unwrap_or_default();
        let by_worth = |one: &Bid, other: &Bid| {
            let rest = |bid: &Bid| (bid.created_at, bid.id.provider.clone());
            price(one).cmp(&price(other)).then_with(|| rest(one).cmp(&rest(other)))
        };
        Ok(bids.into_iter().map(|found| found.bid).min_by(by_worth))
    }

    pub(super) fn accept(&self, dseq: u64, gseq: Option<u32>, wait: Duration) -> Result<Done, Error> {
        let until = Instant::now() + wait.min(LONGEST_WAIT);
        let orders = self.orders(dseq, gseq)?;
        if orders.is_empty() {
            return Err(Error::Nothing(format!("there is no open order of deployment {}/{dseq}", self.address())));
        }
        let network = self.node.identity().network;
        let (mut messages, mut ids) = (Vec::new(), Vec::new());
        for order in &orders {
            let bid = loop {
                match self.best_bid(&order.id)? {
                    Some(bid) => break bid,
                    None if self.node.is_ending() => return Err(Broken::Ended.into()),
                    None if Instant::now() < until => std::thread::sleep(PAUSE),
                    None => {
                        return Err(Error::Nothing(format!(
                            "there is no open bid for order {}",
                            order_name(&order.id)
                        )));
                    }
                }
            };
            ids.push(bid_name(&bid.id));
            messages.push(MsgCreateLease { bid_id: bid.id }.pack(network));
        }
        self.send(messages, ids)
    }

    /// The active leases of a deployment.
    pub(super) fn leases(&self, dseq: u64, gseq: Option<u32>) -> Result<Vec<Lease>, Error> {
        let filters = LeaseFilters {
            owner: self.address().to_owned(),
            dseq,
            gseq: gseq.unwrap_or_default(),
            state: "active".to_owned(),
            ..LeaseFilters::default()
        };
        let request = QueryLeasesRequest { filters, pagination: Some(ALL) };
        let leases = self.ask::<QueryLeasesRequest, _>(|context| market::leases(context, &request))?.leases;
        if leases.is_empty() {
            return Err(Error::Nothing(format!("there is no active lease of deployment {}/{dseq}", self.address())));
        }
        Ok(leases.into_iter().map(|found| found.lease).collect())
    }

    pub(super) fn close_leases(&self, dseq: u64, gseq: Option<u32>) -> Result<Done, Error> {
        let network = self.node.identity().network;
        let leases = self.leases(dseq, gseq)?;
        let ids = leases.iter().map(|lease| lease_name(&lease.id)).collect();
        let close = |lease: Lease| MsgCloseLease { id: lease.id, ..MsgCloseLease::default() }.pack(network);
        self.send(leases.into_iter().map(close).collect(), ids)
    }

    pub(super) fn close(&self, dseq: u64) -> Result<Done, Error> {
        let message = MsgCloseDeployment { id: self.deployment(dseq) };
        self.send(vec![message.pack(self.node.identity().network)], vec![format!("{}/{dseq}", self.address())])
    }

    pub(super) fn pause(&self, dseq: u64, gseq: u32) -> Result<Done, Error> {
        let message = MsgPauseGroup { id: self.group(dseq, gseq) };
        self.send(vec![message.pack(self.node.identity().network)], vec![self.group_name(dseq, gseq)])
    }

    pub(super) fn start(&self, dseq: u64, gseq: u32) -> Result<Done, Error> {
        let message = MsgStartGroup { id: self.group(dseq, gseq) };
        let mut done =
            self.send(vec![message.pack(self.node.identity().network)], vec![self.group_name(dseq, gseq)])?;
        let orders = self.orders(dseq, Some(gseq))?;
        done.ids.extend(orders.iter().map(|order| order_name(&order.id)));
        Ok(done)
    }

    fn group_name(&self, dseq: u64, gseq: u32) -> String {
        format!("{}/{dseq}/{gseq}", self.address())
    }

    pub(super) fn top_up(&self, dseq: u64, amount: &str) -> Result<Done, Error> {
        let deposit = of_balance(&Self::coin("the amount", amount)?);
        let xid = format!("{}/{dseq}", self.address());
        let id = AccountId { scope: Scope::Deployment.into(), xid: xid.clone() };
        let message = MsgAccountDeposit { signer: self.address().to_owned(), id, deposit };
        self.send(vec![message.pack(self.node.identity().network)], vec![xid])
    }
}

fn of_balance(coin: &Coin) -> Deposit {
    Deposit { amount: coin::Coin::from(coin), sources: vec![Source::Balance.into()] }
}

fn group(text: &str) -> Result<GroupSpec, Error> {
    let bytes = hex::decode(text).ok_or_else(|| unreadable("a group", text, "it is in hex digits"))?;
    GroupSpec::decode(bytes.as_slice()).map_err(|error| unreadable("a group", text, &error.to_string()))
}

fn unreadable(what: &'static str, text: &str, why: &str) -> Error {
    Error::Unreadable { what, text: text.to_owned(), why: why.to_owned() }
}

/// `owner/dseq/gseq/oseq`.
pub(super) fn order_name(OrderId { owner, dseq, gseq, oseq }: &OrderId) -> String {
    format!("{owner}/{dseq}/{gseq}/{oseq}")
}

fn bid_name(BidId { owner, dseq, gseq, oseq, provider, .. }: &BidId) -> String {
    format!("{owner}/{dseq}/{gseq}/{oseq}/{provider}")
}

/// `owner/dseq/gseq/oseq/provider`.
pub(super) fn lease_name(LeaseId { owner, dseq, gseq, oseq, provider, .. }: &LeaseId) -> String {
    format!("{owner}/{dseq}/{gseq}/{oseq}/{provider}")
}
