//! Why an order gets no bid, as data.

mod code;
mod quantity;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::domain::amount::{Coin, Dec18, DecCoin, Denom};
use crate::domain::duration;

pub use code::Code;
pub use quantity::{Quantity, Resource};
pub(super) use words::cut;
use words::{OnGroup, shown, snake};

/// Until when a reason holds without looking at the order again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// As long as the order exists, for nothing of it ever changes back.
    ForEver,
    /// Until the terms or what we are on chain change.
    Terms,
    /// Until free capacity changes too.
    Capacity,
    /// Until the price of the same thing changes: its list, its factors, the block time.
    Price,
    /// A while, for the chain or a program may say something else then.
    AWhile,
    /// Not at all: the next run looks again.
    OneRun,
}

impl Lasts {
    /// How soon it may pass, the soonest first: of several refusals that is the one that somebody waits for.
    pub const fn patience(self) -> u8 {
        match self {
            Self::OneRun => 0,
            Self::AWhile => 1,
            Self::Capacity => 2,
            Self::Price => 3,
            Self::Terms => 4,
            Self::ForEver => 5,
        }
    }
}

/// Declares the reasons: their code, how long they last, and their words.
macro_rules! reasons {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident { $( $(#[$fmeta:meta])+ $field:ident : $type:ty ),* $(,)? }
        $code:ident, $lasts:ident, $text:literal $(, $argument:expr)*;
    )+) => {
        /// Why an order gets no bid. The operands are fields; `Display` is a sentence for people.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(tag = "reason", rename_all = "snake_case")]
        pub enum Reason {
            $( $(#[doc = $doc])+ $name { $( $(#[$fmeta])+ $field: $type ),* }, )+
        }

        impl Reason {
            /// The coarse reason above it.
            pub const fn code(&self) -> Code {
                match self { $( Self::$name { .. } => Code::$code, )+ }
            }

            /// Until when it holds.
            pub const fn lasts(&self) -> Lasts {
                match self { $( Self::$name { .. } => Lasts::$lasts, )+ }
            }

            /// The word of the reason itself, as in its JSON.
            pub fn word(&self) -> String {
                let name = match self { $( Self::$name { .. } => stringify!($name), )+ };
                snake(name)
            }
        }

        impl fmt::Display for Reason {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $( #[allow(unused_variables, reason = "some words need no operand")]
                       Self::$name { $( $field ),* } => write!(f, $text $(, $argument)*), )+
                }
            }
        }
    };
}

reasons! {
    /// A back end has less free than is needed.
    Short {
        /// Of what.
        resource: Resource,
        /// How much the order needs.
        needed: Quantity,
        /// How much is free.
        free: Quantity,
        /// On which back end; `all` for the capacity of all together.
        backend: Box<str>,
        /// Where one instance needs more than any node has free: the node group that comes closest.
        node_group: Option<Box<str>>,
    }
    InsufficientResources, Capacity, "{backend} has {free} of {resource} free{}, and the order needs {needed}",
        OnGroup(node_group.as_deref());
    /// There is enough in all, but not on nodes that hold whole instances.
    Fragmented {
        /// The unit of the order.
        unit: u32,
        /// How many instances it has.
        instances: u32,
        /// How many found a node.
        placed: u32,
        /// On which back end.
        backend: Box<str>,
    }
    InsufficientResources, Capacity,
        "the nodes of {backend} hold {placed} of the {instances} instances of unit {unit}";
    /// So much of a back end is taken that automatic bids stop.
    TooFull {
        /// The resource of which so much is taken.
        resource: Resource,
        /// The share that leases use and open bids are promised.
        share: Dec18,
        /// Bids stop from here on.
        limit: Dec18,
        /// On which back end.
        backend: Box<str>,
    }
    InsufficientResources, Capacity, "{share} of the {resource} of {backend} is taken, and bids stop at {limit}";
    /// Nobody has told what a back end has, or it does not say so now.
    CapacityUnknown {
        /// Which back end.
        backend: Box<str>,
    }
    InsufficientResources, Capacity, "what {backend} has is not known: it is neither configured nor told by the back end, or the back end is silent";
    /// No back end is sold.
    NoBackEnd {}
    InsufficientResources, Terms, "no back end is sold";
    /// No back end gives such ways in from outside.
    EndpointKind {
        /// Which kind.
        kind: Box<str>,
        /// On which back end.
        backend: Box<str>,
    }
    InvalidAttributes, Terms, "{backend} gives no endpoint of kind {kind}";
    /// No GPU model of the back end is one that is asked for.
    GpuModels {
        /// The unit of the order.
        unit: u32,
        /// What it asks for.
        asked: Box<[Box<str>]>,
        /// On which back end.
        backend: Box<str>,
    }
    InvalidAttributes, Terms, "{backend} has no GPU that unit {unit} may use ({})", asked.join(", ");
    /// The price is above the order's maximum.
    OverMaximum {
        /// Our price for a block.
        price: DecCoin,
        /// The most that the order pays for a block.
        maximum: DecCoin,
    }
    PriceTooHigh, Price, "our price {price} is above the order's {maximum} a block";
    /// Even the least price that we may take is above the order's maximum.
    FloorOverMaximum {
        /// Our floor for a block.
        floor: DecCoin,
        /// The most that the order pays for a block.
        maximum: DecCoin,
    }
    PriceTooHigh, Price, "the floor of our price {floor} is above the order's {maximum} a block";
    /// The order is for a region that we do not serve.
    Region {
        /// Which region.
        asked: Box<str>,
    }
    InvalidAttributes, Terms, "the region {asked} is not served";
    /// The order asks for an attribute whose orders get no bid.
    Excluded {
        /// The attribute, as the order has it.
        attribute: Box<str>,
    }
    InvalidAttributes, Terms, "orders with {attribute} are excluded";
    /// The order lacks an attribute that we ask of orders.
    LacksRequired {
        /// The attribute that we require.
        attribute: Box<str>,
    }
    InvalidAttributes, Terms, "the order lacks {attribute}, which bidding.filters.required_attributes asks for";
    /// We lack an attribute that the order asks for.
    Attribute {
        /// The attribute.
        attribute: Box<str>,
    }
    InvalidAttributes, Terms, "the order asks for {attribute}, which our registration lacks";
    /// An auditor that the order insists on has not vouched for us.
    AllOf {
        /// The auditor.
        auditor: Box<str>,
    }
    InvalidAttributes, Terms, "auditor {auditor} has not signed what the order asks for";
    /// None of the auditors of whom the order wants one has vouched for us.
    AnyOf {
        /// The auditors.
        auditors: Box<[Box<str>]>,
    }
    InvalidAttributes, Terms, "no auditor of {} has signed what the order asks for", auditors.join(", ");
    /// Our registration declares no capability for a volume.
    StorageCapability {
        /// The unit of the order.
        unit: u32,
        /// The volume.
        volume: Box<str>,
    }
    InvalidAttributes, Terms, "our registration has no storage capability for volume {volume} of unit {unit}";
    /// Our registration declares no capability for GPUs.
    GpuCapability {
        /// The unit of the order.
        unit: u32,
    }
    InvalidAttributes, Terms, "our registration has no GPU capability for unit {unit}";
    /// We are not registered as a provider.
    NotRegistered {}
    ProviderBlocked, Terms, "this provider is not registered on the chain";
    /// The order is our own.
    OwnOrder {}
    ProviderBlocked, Terms, "the order is our own, and a provider cannot bid on it";
    /// An order takes one bid from a provider, for ever.
    AlreadyBid {
        /// How that bid ended, or that it has not.
        state: Box<str>,
    }
    ProviderBlocked, ForEver, "the order has had our one bid already (it is {state})";
    /// A person dropped our proposal, or gave our bid up before it was sent.
    Withdrawn {}
    Filtered, ForEver, "a person took our proposal for it back";
    /// The chain refused our bid as often as it is tried in a row. None of ours is on the order.
    GaveUp {
        /// How often that was the order's fault.
        attempts: u64,
        /// What the chain said, in one line.
        why: Box<str>,
    }
    ProviderBlocked, AWhile, "the chain refused our bid {attempts} times, and it is tried again later: {why}";
    /// The chain refused our bid, and it is tried again soon.
    RetryLater {
        /// From when on.
        at: jiff::Timestamp,
    }
    LimitReached, OneRun, "the chain refused our bid on it, and it is tried again from {at:.0} on";
    /// What is behind the order could not be read.
    Unseen {
        /// Why, in one line.
        why: Box<str>,
    }
    Unseen, AWhile, "what is behind the order could not be read: {why}";
    /// The order's proposal was made at a price that is too low by now.
    Dearer {
        /// What the list says now.
        price: DecCoin,
        /// What was proposed.
        proposed: DecCoin,
    }
    LimitReached, OneRun, "it costs {price} a block by now, and {proposed} was proposed: the next run proposes anew";
    /// The tenant is blocked.
    Tenant {
        /// Who.
        owner: Box<str>,
    }
    Filtered, Terms, "the tenant {owner} is blocked by bidding.filters.blocked_addresses";
    /// The order asks for more than we want to give one order.
    OverLimit {
        /// Of what.
        resource: Resource,
        /// How much is asked for.
        asked: Quantity,
        /// The limit.
        limit: Quantity,
    }
    Filtered, Terms, "the order asks for {asked} of {resource}, above bidding.filters' {limit}";
    /// There is neither a list nor a rate for the order's denomination.
    Denomination {
        /// Which.
        denomination: Denom,
    }
    UnsupportedDenomination, Terms, "there is no price list and no rate for {denomination}";
    /// The price list has no price for something that the order asks for.
    Unpriced {
        /// What.
        resource: Resource,
    }
    NoPrice, Terms, "the price list has no price for {resource}";
    /// Everything that the order asks for is free of charge, and the chain takes no bid of zero.
    Zero {}
    NoPrice, Terms, "the price is zero, which is no bid";
    /// The price program gave no price.
    Program {
        /// What happened, in one line.
        why: Box<str>,
    }
    NoPrice, AWhile, "the price program gave no price: {why}";
    /// The price program had no time left for the order; the next run asks again.
    NoTurn {}
    LimitReached, OneRun, "the price program had no time left for it";
    /// The order is not open.
    OrderState {
        /// Its state.
        state: Box<str>,
    }
    OrderGone, ForEver, "the order is {state}";
    /// The deployment is not active; it never will be again.
    DeploymentState {
        /// Its state.
        state: Box<str>,
    }
    OrderGone, ForEver, "the deployment is {state}";
    /// The group is closed or out of funds; it never opens again.
    GroupState {
        /// Its state.
        state: Box<str>,
    }
    OrderGone, ForEver, "the group is {state}";
    /// The tenant paused the group.
    GroupPaused {}
    OrderGone, AWhile, "the group is paused";
    /// The chain gave a state that this program does not know.
    StateUnknown {
        /// Of what.
        what: Box<str>,
    }
    OrderGone, AWhile, "the state of the {what} is not known";
    /// The escrow account is closed or overdrawn, or has no funds in the order's denomination.
    EscrowState {
        /// Its state.
        state: Box<str>,
    }
    Funding, AWhile, "the escrow account is {state}";
    /// The escrow pays for too short a time.
    TooShort {
        /// The funded time at our price.
        #[serde(serialize_with = "shown")]
        funded: Duration,
        /// The least.
        #[serde(serialize_with = "shown")]
        least: Duration,
    }
    Funding, AWhile, "the escrow funds {} at our price, less than {}", duration::display(*funded), duration::display(*least);
    /// The escrow pays for too long a time.
    TooLong {
        /// The funded time at our price.
        #[serde(serialize_with = "shown")]
        funded: Duration,
        /// The most.
        #[serde(serialize_with = "shown")]
        most: Duration,
    }
    Funding, AWhile, "the escrow funds {} at our price, more than {}", duration::display(*funded), duration::display(*most);
    /// What the order is worth is too little.
    LowValue {
        /// The price times the funded time.
        value: DecCoin,
        /// The least.
        least: Coin,
    }
    Funding, AWhile, "the order is worth {value}, less than {least}";
    /// The value cannot be compared with the least value.
    ValueUnknown {
        /// The order's denomination.
        denomination: Denom,
        /// The least value, in another.
        least: Coin,
    }
    Funding, Terms, "there is no rate between {denomination} and the least value {least}";
    /// The order has as many bids as it takes.
    OrderFull {
        /// How many it has.
        bids: u64,
        /// How many it takes.
        limit: u64,
    }
    LimitReached, AWhile, "the order has {bids} bids and takes {limit}";
    /// Another order is worth more, and a rate or limit of ours allows no more bids now.
    NotChosen {
        /// Its place among the candidates, from 1.
        rank: u64,
        /// Which limit: `per_minute`, `per_hour`, `in_flight`, `open`, `capacity`, `survey`.
        limit: Box<str>,
    }
    LimitReached, OneRun, "it is number {rank} of the candidates, and the limit {limit} allows no more now";
    /// The order makes no sense.
    Unreadable {
        /// What about it.
        what: Box<str>,
    }
    Malformed, ForEver, "{what}";
}

impl Reason {
    /// What an operator can do about it.
    pub const fn action(&self) -> &'static str {
        match self {
            Self::AlreadyBid { .. } => "nothing: an order takes one bid of a provider; `provider bid list` shows ours",
            Self::OwnOrder {} => "nothing: somebody else has to serve it",
            Self::NotRegistered {} => "register: `provider register`",
            Self::Withdrawn {} => "if it is wanted after all: `provider bid create`",
            Self::GaveUp { .. } => {
                "see what the chain says (`provider tx list`); for an identity score contact governance"
            }
            reason => reason.code().action(),
        }
    }
}
