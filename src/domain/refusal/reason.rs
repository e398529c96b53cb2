//! Reasons.

use std::fmt;

use super::log;
use super::modules::{
    Audit, Base, Certificate, Deployment, Encryption, Escrow, Market, Mfa, Provider, RateLimit, Resources, Sdk,
    Settlement,
};
use crate::domain::fault::Fault;

/// Why the chain refuses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The transaction does not have the sequence that is next (`sdk` 32).
    WrongSequence {
        /// The next.
        expected: u64,
        /// The transaction's.
        got: u64,
    },
    /// The node has seen these bytes (`sdk` 19): look the hash up, it is neither success nor failure.
    AlreadySeen,
    /// The gas limit was too low (`sdk` 11). In a block the fee is spent.
    OutOfGas,
    /// The account cannot pay (`sdk` 5).
    InsufficientFunds,
    /// The fee is missing, too small or in another coin (`sdk` 13; on VirtEngine `undefined` 1).
    InsufficientFee,
    /// Too many transactions (`ratelimit`): wait for a block.
    RateLimited(RateLimit),
    /// The end of the transaction, a height or a time, has passed (`sdk` 30 and 42).
    TimedOut,
    /// A wrong signature, another chain id, or another account number (`sdk` 4): the node does not say which.
    SignatureOrChain,
    /// The signer's identity score or tier is too low for the message (VirtEngine: `sdk` 4, `provider` 11).
    VerificationMissing,
    /// The message needs a second factor (VirtEngine: `mfa` 1214, `provider` 12).
    MfaRequired,
    /// This node takes the message from nobody: its own code is older than its messages.
    CannotTakeMessage,
    /// The deposit is too small, or in another coin (`undefined` 1).
    DepositTooSmall,
    /// The node panicked over it (`undefined` 111222).
    Panicked,
    /// The transaction itself.
    Sdk(Sdk),
    /// Orders, bids, leases.
    Market(Market),
    /// Deployments.
    Deployment(Deployment),
    /// The register of providers.
    Provider(Provider),
    /// Deposits and payments.
    Escrow(Escrow),
    /// Usage and its settlement.
    Settlement(Settlement),
    /// Recipient keys.
    Encryption(Encryption),
    /// Certificates.
    Certificate(Certificate),
    /// Audited attributes.
    Audit(Audit),
    /// Heartbeats.
    Resources(Resources),
    /// Attributes and deposits as such.
    Base(Base),
    /// A code that this product does not know.
    Other,
    /// The node gave a text and no code, as every simulation does.
    Untold,
    /// The node gave words that are not in the form of the chain's own refusals: nothing follows from them.
    Unclear,
}

impl Reason {
    /// From codespace, code and text of a result.
    pub(super) fn of_result(codespace: &str, code: u32, text: &str) -> Self {
        let known = match codespace {
            "sdk" => Some(Self::of_sdk(code, text)),
            "undefined" => Some(Self::of_undefined(code, text)),
            "ratelimit" => RateLimit::from_code(code).map(Self::RateLimited),
            "mfa" => Mfa::from_code(code).map(|Mfa::Required| Self::MfaRequired),
            "market" => Market::from_code(code).map(Self::Market),
            "deployment" => Deployment::from_code(code).map(Self::Deployment),
            "provider" => Provider::from_code(code).map(|provider| match provider {
                Provider::VerificationScore => Self::VerificationMissing,
                Provider::MfaSession => Self::MfaRequired,
                other => Self::Provider(other),
            }),
            "escrow" => Escrow::from_code(code).map(Self::Escrow),
            "settlement" => Settlement::from_code(code).map(Self::Settlement),
            "encryption" => Encryption::from_code(code).map(Self::Encryption),
            "cert" => Certificate::from_code(code).map(Self::Certificate),
            "audit" => Audit::from_code(code).map(Self::Audit),
            "resources" => Resources::from_code(code).map(Self::Resources),
            "virtengine" | "akash" => Base::from_code(code).map(Self::Base),
            _ => None,
        };
        known.unwrap_or(Self::Other)
    }

    fn of_sdk(code: u32, text: &str) -> Self {
        match code {
            // One code for a bad signature and for too low an identity; only the text keeps them apart.
            4 if text.contains("VEID ") => Self::VerificationMissing,
            4 => Self::SignatureOrChain,
            5 => Self::InsufficientFunds,
            11 => Self::OutOfGas,
            13 => Self::InsufficientFee,
            19 => Self::AlreadySeen,
            30 | 42 => Self::TimedOut,
            32 => log::sequences(text).map_or(Self::Other, |(expected, got)| Self::WrongSequence { expected, got }),
            other => Sdk::from_code(other).map_or(Self::Other, Self::Sdk),
        }
    }

    /// Codespace `undefined`: 1 is any plain Go error, which only its text tells apart.
    fn of_undefined(code: u32, text: &str) -> Self {
        const PANIC: u32 = 111_222;
        match code {
            PANIC => Self::Panicked,
            1 => Self::of_text(text).unwrap_or(Self::Other),
            _ => Self::Other,
        }
    }

    /// From the few texts that a node makes in one place only.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        if let Some((expected, got)) = log::sequences(text) {
            return Some(Self::WrongSequence { expected, got });
        }
        if text.starts_with("fee payer address: ") && text.ends_with(" does not exist: unknown address") {
            return Some(Self::Sdk(Sdk::UnknownAddress));
        }
        // The whole text of a simulation; a query never says it.
        if text == "certificate exists" || text.ends_with(": certificate exists") {
            return Some(Self::Certificate(Certificate::Exists));
        }
        if text.contains("invalid Bech32 prefix") {
            return Some(Self::Sdk(Sdk::InvalidAddress));
        }
        let beginnings = [
            ("no cosmos.msg.v1.signer option found for message", Self::CannotTakeMessage),
            ("insufficient fee: min gas prices", Self::InsufficientFee),
            ("deposit invalid: ", Self::DepositTooSmall),
            ("out of gas in location", Self::OutOfGas),
            ("recovered: ", Self::Panicked),
            ("VEID ", Self::VerificationMissing),
        ];
        beginnings.into_iter().find(|(beginning, _)| text.starts_with(beginning)).map(|(_, reason)| reason)
    }

    /// The kind of fault.
    pub const fn fault(&self) -> Fault {
        match self {
            Self::WrongSequence { .. } | Self::AlreadySeen | Self::OutOfGas | Self::TimedOut => Fault::Conflict,
            Self::InsufficientFunds
            | Self::SignatureOrChain
            | Self::VerificationMissing
            | Self::MfaRequired
            | Self::CannotTakeMessage => Fault::Denied,
            Self::InsufficientFee | Self::DepositTooSmall | Self::Panicked | Self::Other | Self::Untold => {
                Fault::Invalid
            }
            Self::Unclear => Fault::Unavailable,
            Self::RateLimited(code) => code.fault(),
            Self::Sdk(code) => code.fault(),
            Self::Market(code) => code.fault(),
            Self::Deployment(code) => code.fault(),
            Self::Provider(code) => code.fault(),
            Self::Escrow(code) => code.fault(),
            Self::Settlement(code) => code.fault(),
            Self::Encryption(code) => code.fault(),
            Self::Certificate(code) => code.fault(),
            Self::Audit(code) => code.fault(),
            Self::Resources(code) => code.fault(),
            Self::Base(code) => code.fault(),
        }
    }

    /// What to do next, in an operator's words.
    pub const fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::WrongSequence { .. } => "another program signs with this key, or an earlier transaction is still out",
            Self::AlreadySeen => "look the transaction up by its hash",
            Self::OutOfGas => "raise chain.gas_adjustment",
            Self::InsufficientFunds => "`provider balance` shows what the account has",
            Self::InsufficientFee => {
                "raise chain.gas_prices, in the chain's fee denomination; `provider chain status` shows the node's smallest"
            }
            Self::RateLimited(_) => "wait for the next block; fewer transactions with more messages each pass",
            Self::TimedOut => "sign it anew",
            Self::SignatureOrChain => "check chain.chain_id, and that the key is the one of this account",
            Self::VerificationMissing => "the owner of this account has to be verified on chain (VEID) first",
            Self::MfaRequired => "the chain asks everybody for it; its governance can switch it off",
            Self::CannotTakeMessage => "nothing on this side helps: providers of this chain come from its genesis",
            Self::DepositTooSmall => "`provider chain status` shows the smallest deposit",
            Self::Sdk(Sdk::InvalidAddress) => {
                "chain.address_prefix, where it is set, must be the prefix of this chain's addresses"
            }
            Self::Certificate(Certificate::Exists) => {
                "`provider cert show` lists what is published; make a new one instead"
            }
            Self::Market(Market::BidExists) => "an order takes one bid of a provider, ever; wait for the next order",
            Self::Market(Market::AttributeMismatch | Market::CapabilitiesMismatch) => {
                "compare the order's requirements with `provider info`"
            }
            Self::Market(Market::UnknownProvider) | Self::Provider(Provider::NotFound) => {
                "register this account first: `provider register`"
            }
            _ => return None,
        })
    }
}

/// The reason in an operator's words.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WrongSequence { expected, got } => {
                return write!(f, "the transaction has the sequence {got}, the account's next is {expected}");
            }
            Self::AlreadySeen => "the node has seen this transaction before, which says nothing of its outcome",
            Self::OutOfGas => "the gas limit was too low",
            Self::InsufficientFunds => "the account's balance does not cover it",
            Self::InsufficientFee => "the fee is missing, too small or in another coin",
            Self::TimedOut => "the transaction's end has passed",
            Self::SignatureOrChain => {
                "the signature, the chain id or the account number is wrong; it does not say which"
            }
            Self::VerificationMissing => "the signer's identity score is too low for this message",
            Self::MfaRequired => "the message needs a second factor that it cannot carry",
            Self::CannotTakeMessage => "this node takes such a message from nobody: its code lacks the signer",
            Self::DepositTooSmall => "the deposit is too small or in another coin",
            Self::Panicked => "the node panicked over it",
            Self::Other => "for a reason that has no name here",
            Self::Untold => "it gives no code",
            Self::Unclear => "in words that are not the chain's own",
            Self::RateLimited(code) => code.words(),
            Self::Sdk(code) => code.words(),
            Self::Market(code) => code.words(),
            Self::Deployment(code) => code.words(),
            Self::Provider(code) => code.words(),
            Self::Escrow(code) => code.words(),
            Self::Settlement(code) => code.words(),
            Self::Encryption(code) => code.words(),
            Self::Certificate(code) => code.words(),
            Self::Audit(code) => code.words(),
            Self::Resources(code) => code.words(),
            Self::Base(code) => code.words(),
        })
    }
}
