//! A small chain on which random messages are sent, chosen from what is there.

use super::calls;
use crate::chain::wire::Named;
use crate::chain::wire::base::{
    Attribute, Cpu, Deposit, Gpu, Memory, PlacementRequirements, ResourceValue, Resources, SignedBy, Source, Storage,
};
use crate::chain::wire::cosmos::authz::{Grant, MsgGrant};
use crate::chain::wire::cosmos::coin::{Coin, DecCoin};
use crate::chain::wire::deployment::{
    DeploymentId, DeploymentReclamation, DeploymentState, Group, GroupId, GroupSpec, GroupState, MsgCloseDeployment,
    MsgCloseGroup, MsgCreateDeployment, MsgPauseGroup, MsgStartGroup, MsgUpdateDeployment, ResourceUnit,
};
use crate::chain::wire::escrow::{Account, DepositAuthorization, DepositAuthorizationScope, MsgAccountDeposit, State};
use crate::chain::wire::market::{
    Bid, BidId, BidState, Lease, LeaseClosedReason, LeaseState, MsgCloseBid, MsgCloseLease, MsgCreateBid,
    MsgCreateLease, MsgLeaseStartReclaim, MsgWithdrawLease, Order, OrderState,
};
use crate::chain::wire::provider::{
    Info, MsgConfirmDomainVerification, MsgCreateProvider, MsgDeleteProvider, MsgGenerateDomainVerificationToken,
    MsgRequestDomainVerification, MsgRevokeDomainVerification, MsgUpdateProvider, MsgVerifyProviderDomain,
};
use crate::devnet::context::{Context, Profile};
use crate::devnet::kv::{Kv, MemoryKv, Overlay};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, authz, bank, deployment, escrow, market};
use crate::domain::amount::{Dec18, Rounding};
use crate::domain::network::{Name, Network};
use jiff::{SignedDuration, Timestamp};
use prost_types::{Any, Duration};
use std::collections::BTreeMap;

/// The kinds of messages, with how often they are wanted and the networks on which they can be accepted. (`MsgUpdateParams` of the modules is not
/// among them: nobody can sign for governance.)
pub const KINDS: &[(&str, usize, &[Name])] = &[
    ("MsgCreateDeployment", 2, Name::ALL),
    ("MsgUpdateDeployment", 1, Name::ALL),
    ("MsgCloseDeployment", 1, Name::ALL),
    ("MsgCloseGroup", 1, Name::ALL),
    ("MsgPauseGroup", 1, Name::ALL),
    ("MsgStartGroup", 3, Name::ALL),
    ("MsgCreateBid", 5, Name::ALL),
    ("MsgCloseBid", 1, Name::ALL),
    ("MsgCreateLease", 4, Name::ALL),
    ("MsgCloseLease", 1, Name::ALL),
    ("MsgWithdrawLease", 3, Name::ALL),
    ("MsgAccountDeposit", 2, Name::ALL),
    ("MsgCreateProvider", 1, Name::ALL),
    ("MsgUpdateProvider", 1, Name::ALL),
    ("MsgLeaseStartReclaim", 1, &[Name::Akash]),
    ("MsgDeleteProvider", 1, &[Name::Virtengine]),
    ("MsgGenerateDomainVerificationToken", 1, &[Name::Virtengine]),
    ("MsgRequestDomainVerification", 1, &[Name::Virtengine]),
    ("MsgConfirmDomainVerification", 2, &[Name::Virtengine]),
    ("MsgVerifyProviderDomain", 1, &[Name::Virtengine]),
    ("MsgRevokeDomainVerification", 1, &[Name::Virtengine]),
];

/// One thing that happens: blocks go by, then somebody sends a message.
#[derive(Debug, Clone)]
pub struct Step {
    /// How many blocks; none: the message stands in the same block as the one before.
    pub blocks: u8,
    /// Which kind of message.
    pub kind: u8,
    /// Whom and what it names.
    pub pick: u64,
    /// How much.
    pub amount: u32,
}

/// The chain.
pub struct World {
    /// Its network.
    pub network: &'static Network,
    /// Its state.
    pub kv: MemoryKv,
    height: i64,
    dseq: u64,
}

const TENANTS: [[u8; 20]; 2] = [[1; 20], [2; 20]];
const PROVIDERS: [[u8; 20]; 3] = [[3; 20], [4; 20], [5; 20]];
/// Lets the tenants deposit its money.
const FUNDER: [u8; 20] = [6; 20];
const HOUR: i64 = 3_600;

impl World {
    /// Everybody has money, one provider is registered.
    pub fn new(name: Name) -> Self {
        let mut world = Self { network: name.facts(), kv: MemoryKv::new(), height: 10, dseq: 0 };
        let denoms = world.denoms();
        let coins: Vec<_> = denoms.iter().map(|denom| format!("100000000{denom}").parse().unwrap()).collect();
        for account in TENANTS.iter().chain(&PROVIDERS).chain([&FUNDER]) {
            bank::mint(&mut world.context(), account, &coins).unwrap();
        }
        for tenant in 0..2 {
            let limit = |denom: &str| Coin { denom: denom.into(), amount: "2000000".into() };
            let mut limits: Vec<_> = denoms.iter().map(|denom| limit(denom)).collect();
            limits.sort_by(|left, right| left.denom.cmp(&right.denom));
            let several = world.network.behaviour.accounts_take_any_denomination;
            let authorization = DepositAuthorization {
                spend_limit: limit(world.network.fee_denomination),
                scopes: vec![DepositAuthorizationScope::Deployment as i32],
                spend_limits: if several { limits } else { Vec::new() },
            };
            let grant = Grant { authorization: Some(authorization.pack(world.network)), expiration: None };
            let granter = auth::of_bytes(world.network, &FUNDER);
            let message = MsgGrant { granter, grantee: world.tenant(tenant), grant };
            authz::grant(&mut world.context(), &message).unwrap();
        }
        for provider in 0..2 {
            let message = world.registration(provider);
            world.send(&message.pack(world.network)).unwrap();
        }
        world
    }

    /// What is paid with: what fees are paid with first, and on Akash its other denomination.
    fn denoms(&self) -> Vec<&'static str> {
        let usual = self.network.fee_denomination;
        let mut denoms = vec![usual];
        if self.network.behaviour.accounts_take_any_denomination {
            let all = self.network.denominations.iter().map(|denomination| denomination.base);
            denoms.extend(all.filter(|denom| *denom != usual));
        }
        denoms
    }

    /// One of them.
    fn denom(&self, pick: u64) -> &'static str {
        let denoms = self.denoms();
        denoms[usize::try_from(pick % denoms.len() as u64).unwrap()]
    }

    /// A context on the state, with nothing kept apart.
    pub fn context(&mut self) -> Context<'_> {
        Self::context_on(&mut self.kv, self.network, self.height)
    }

    fn context_on<'k>(kv: &'k mut dyn Kv, network: &'static Network, height: i64) -> Context<'k> {
        // Ten minutes a block, so that a notice of an hour can end.
        let time = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(10 * height);
        Context::new(kv, network, Profile::Localnet, height, time)
    }

    /// Sends a message in a transaction of its own.
    pub fn send(&mut self, message: &Any) -> Result<(), Refusal> {
        let mut overlay = Overlay::new(&self.kv);
        calls::run(&mut Self::context_on(&mut overlay, self.network, self.height), message)?;
        let changes = overlay.into_changes();
        changes.apply(&mut self.kv).unwrap();
        Ok(())
    }

    /// Blocks go by.
    pub fn pass(&mut self, blocks: i64) {
        self.height += blocks;
    }

    /// Does a step. Gives the kind of message and whether it was accepted; nothing where there is nothing to send.
    pub fn step(&mut self, step: &Step) -> Option<(&'static str, Result<(), Refusal>)> {
        self.height += i64::from(step.blocks);
        let name = if self.network.has_reclamation() { Name::Akash } else { Name::Virtengine };
        let kinds = KINDS.iter().filter(|(.., networks)| networks.contains(&name));
        let kinds: Vec<_> = kinds.flat_map(|(kind, often, _)| std::iter::repeat_n(*kind, *often)).collect();
        let kind = kinds[usize::from(step.kind) % kinds.len()];
        let message = self.message(kind, step)?;
        Some((kind, self.send(&message)))
    }

    fn message(&mut self, kind: &str, step: &Step) -> Option<Any> {
        let network = self.network;
        let message = match kind {
            "MsgCreateDeployment" => self.new_deployment(step).pack(network),
            "MsgUpdateDeployment" => {
                let hash = step.amount.to_be_bytes().repeat(8);
                MsgUpdateDeployment { id: self.deployment(step)?, hash }.pack(network)
            }
            "MsgCloseDeployment" => MsgCloseDeployment { id: self.deployment(step)? }.pack(network),
            "MsgCloseGroup" => MsgCloseGroup { id: self.group(step, GroupState::Paused)?.id }.pack(network),
            "MsgPauseGroup" => MsgPauseGroup { id: self.group(step, GroupState::Open)?.id }.pack(network),
            "MsgStartGroup" => MsgStartGroup { id: self.startable(step)?.id }.pack(network),
            "MsgCreateBid" => self.new_bid(step)?.pack(network),
            "MsgCloseBid" => {
                let wanted = if step.amount.is_multiple_of(2) { BidState::Open } else { BidState::Active };
                let reason = LeaseClosedReason::Unstable as i32;
                MsgCloseBid { id: self.bid(step, wanted)?.id, reason }.pack(network)
            }
            "MsgCreateLease" => MsgCreateLease { bid_id: self.winnable(step)?.id }.pack(network),
            "MsgCloseLease" => MsgCloseLease { id: self.lease(step)?.id, reason: 0 }.pack(network),
            "MsgWithdrawLease" => MsgWithdrawLease { id: self.lease(step)?.id }.pack(network),
            "MsgLeaseStartReclaim" => {
                let reason = LeaseClosedReason::Decommission as i32;
                MsgLeaseStartReclaim { id: self.lease(step)?.id, reason }.pack(network)
            }
            "MsgAccountDeposit" => {
                let accounts = escrow::all_accounts(&self.kv).unwrap();
                let alive = |account: &Account| account.state.state() != State::Closed;
                let id = choose(accounts, alive, step.pick)?.id;
                let signer = self.tenant(step.pick);
                let deposit = Self::deposit_of(u64::from(step.amount % 300_000), self.denom(step.pick / 2));
                MsgAccountDeposit { signer, id, deposit }.pack(network)
            }
            "MsgCreateProvider" => self.registration(step.amount).pack(network),
            "MsgUpdateProvider" => {
                let MsgCreateProvider { owner, host_uri, attributes, info } = self.registration(step.amount);
                MsgUpdateProvider { owner, host_uri, attributes, info }.pack(network)
            }
            "MsgDeleteProvider" => {
                // Mostly the one that nobody needs.
                let number = if step.pick.is_multiple_of(8) { step.amount } else { 2 };
                MsgDeleteProvider { owner: self.provider(number) }.pack(network)
            }
            _ => self.about_domain(kind, step),
        };
        Some(message)
    }

    fn about_domain(&self, kind: &str, step: &Step) -> Any {
        let (network, owner) = (self.network, self.provider(step.amount % 2));
        let domain = "p.example.com".to_owned();
        match kind {
            "MsgGenerateDomainVerificationToken" => MsgGenerateDomainVerificationToken { owner, domain }.pack(network),
            "MsgRequestDomainVerification" => {
                MsgRequestDomainVerification { owner, domain, method: (step.amount % 4).try_into().unwrap() }
                    .pack(network)
            }
            "MsgConfirmDomainVerification" => {
                MsgConfirmDomainVerification { owner, proof: "published".into() }.pack(network)
            }
            "MsgVerifyProviderDomain" => MsgVerifyProviderDomain { owner }.pack(network),
            "MsgRevokeDomainVerification" => MsgRevokeDomainVerification { owner }.pack(network),
            _ => panic!("{kind} is not known"),
        }
    }

    fn tenant(&self, number: u64) -> String {
        auth::of_bytes(self.network, &TENANTS[usize::from(number % 2 == 1)])
    }

    pub fn provider(&self, number: u32) -> String {
        auth::of_bytes(self.network, &PROVIDERS[(number % 3) as usize])
    }

    fn registration(&self, number: u32) -> MsgCreateProvider {
        let owner = self.provider(number);
        let attributes = vec![Attribute { key: "region".into(), value: "north".into() }];
        let info = Info { email: String::new(), website: String::new() };
        MsgCreateProvider { owner, host_uri: format!("https://p{number}.example.com"), attributes, info }
    }

    /// A deposit of what fees are paid with.
    pub fn deposit(&self, amount: u64) -> Deposit {
        Self::deposit_of(amount, self.network.fee_denomination)
    }

    /// A deposit, by its amount out of the own balance, out of the funder's grant, or of both.
    fn deposit_of(amount: u64, denom: &str) -> Deposit {
        let sources: &[Source] = match amount % 5 {
            0 | 1 => &[Source::Balance],
            2 | 3 => &[Source::Grant, Source::Balance],
            _ => &[Source::Grant],
        };
        let amount = Coin { denom: denom.into(), amount: amount.to_string() };
        Deposit { amount, sources: sources.iter().map(|source| *source as i32).collect() }
    }

    /// Up to 60000 by the block of what fees are paid with, with fractions.
    pub fn price(&self, amount: u32) -> DecCoin {
        Self::price_of(amount, self.network.fee_denomination)
    }

    fn price_of(amount: u32, denom: &str) -> DecCoin {
        let amount = Dec18::from_scaled(i128::from(amount % 60_000 + 1) * 1_003_000_000_000_000_007);
        DecCoin { denom: denom.into(), amount: amount.to_wire() }
    }

    pub fn new_deployment(&mut self, step: &Step) -> MsgCreateDeployment {
        self.dseq += 1;
        // Now and then one that is there already.
        let dseq = if step.pick.is_multiple_of(16) { 1 } else { self.dseq };
        let id = DeploymentId { owner: self.tenant(step.pick), dseq };
        let denom = self.denom(step.pick / 16);
        let groups = (0..=step.pick % 2).map(|number| Self::group_spec(number, step.amount, denom)).collect();
        let deposit = Self::deposit_of(490_000 + u64::from(step.amount % 200_000), denom);
        let reclamation = (self.network.has_reclamation() && step.pick.is_multiple_of(3))
            .then_some(DeploymentReclamation { min_window: Some(Duration { seconds: HOUR, nanos: 0 }) });
        MsgCreateDeployment { id, groups, hash: vec![7; 32], deposit, reclamation }
    }

    fn group_spec(number: u64, amount: u32, denom: &str) -> GroupSpec {
        let value = |number: u64| ResourceValue { val: number.to_string().into_bytes() };
        let resource = Resources {
            id: 1,
            cpu: Some(Cpu { units: value(1_000), attributes: Vec::new() }),
            memory: Some(Memory { quantity: value(1 << 29), attributes: Vec::new() }),
            storage: vec![Storage { name: "default".into(), quantity: value(1 << 30), attributes: Vec::new() }],
            gpu: Some(Gpu { units: value(0), attributes: Vec::new() }),
            endpoints: Vec::new(),
        };
        let attributes = vec![Attribute { key: "region".into(), value: "north".into() }];
        let requirements = PlacementRequirements { signed_by: SignedBy::default(), attributes };
        let resources = vec![ResourceUnit { resource, count: 2, price: Self::price_of(amount, denom) }];
        GroupSpec { name: format!("group{number}"), requirements, resources }
    }

    fn new_bid(&mut self, step: &Step) -> Option<MsgCreateBid> {
        let orders = market::all_orders(&self.kv).unwrap();
        let groups = self.open_groups();
        let suits = |order: &Order| order.state() == OrderState::Open && groups.contains(&market::group_of(&order.id));
        let order = choose(orders, suits, step.pick)?;
        let provider = self.provider(step.amount);
        let id = BidId {
            owner: order.id.owner.clone(),
            dseq: order.id.dseq,
            gseq: order.id.gseq,
            oseq: order.id.oseq,
            provider,
            bseq: 0,
        };
        let mut price = DecCoin::from(&deployment::price(&order.spec).unwrap());
        // From nothing to a little too much.
        let share = Dec18::from_scaled(i128::from(step.amount % 110) * 10_000_000_000_000_007);
        price.amount = Dec18::from_wire(&price.amount).unwrap().checked_mul(share, Rounding::Down).unwrap().to_wire();
        let reclamation_window = order.reclamation.map(|_| Duration { seconds: HOUR, nanos: 0 });
        // Whatever the order is paid with.
        let deposit = Self::deposit_of(500_000, self.denom(step.pick / 4));
        Some(MsgCreateBid { id, price, deposit, resources_offer: Vec::new(), reclamation_window })
    }

    fn deployment(&self, step: &Step) -> Option<DeploymentId> {
        let all = deployment::all(&self.kv).unwrap();
        choose(all, |found| found.state() == DeploymentState::Active, step.pick).map(|found| found.id)
    }

    fn group(&self, step: &Step, state: GroupState) -> Option<Group> {
        choose(deployment::all_groups(&self.kv).unwrap(), |group| group.state() == state, step.pick)
    }

    /// A paused group whose orders did not outlive the pause.
    fn startable(&self, step: &Step) -> Option<Group> {
        let orders = market::all_orders(&self.kv).unwrap();
        let live = |group: &Group| {
            orders.iter().any(|order| market::group_of(&order.id) == group.id && order.state() != OrderState::Closed)
        };
        let groups = deployment::all_groups(&self.kv).unwrap();
        choose(groups, |group| group.state() == GroupState::Paused && !live(group), step.pick)
    }

    fn bid(&self, step: &Step, state: BidState) -> Option<Bid> {
        choose(market::all_bids(&self.kv).unwrap(), |bid| bid.state() == state, step.pick)
    }

    /// An open bid that a lease can come of.
    fn winnable(&self, step: &Step) -> Option<Bid> {
        let orders = market::all_orders(&self.kv).unwrap();
        let open = |order: &Order| order.state() == OrderState::Open;
        let open: Vec<_> = orders.into_iter().filter(open).map(|order| order.id).collect();
        let groups = self.open_groups();
        let suits = |bid: &Bid| {
            let order = market::order_of(&bid.id);
            bid.state() == BidState::Open && open.contains(&order) && groups.contains(&market::group_of(&order))
        };
        choose(market::all_bids(&self.kv).unwrap(), suits, step.pick)
    }

    fn open_groups(&self) -> Vec<GroupId> {
        let groups = deployment::all_groups(&self.kv).unwrap();
        groups.into_iter().filter(|group| group.state() == GroupState::Open).map(|group| group.id).collect()
    }

    fn lease(&self, step: &Step) -> Option<Lease> {
        choose(market::all_leases(&self.kv).unwrap(), |lease| lease.state() == LeaseState::Active, step.pick)
    }
}

/// One of those that suit; now and then any one.
fn choose<T: Clone>(all: Vec<T>, suits: impl Fn(&T) -> bool, pick: u64) -> Option<T> {
    let suiting: Vec<T> = all.iter().filter(|one| suits(one)).cloned().collect();
    let from = if pick % 8 == 7 { all } else { suiting };
    let at = usize::try_from(pick / 8).unwrap() % from.len().max(1);
    from.into_iter().nth(at)
}

/// How often each kind was sent, and accepted.
pub type Tries = BTreeMap<&'static str, (u32, u32)>;
