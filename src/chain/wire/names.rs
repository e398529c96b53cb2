//! What a message is called on a network, and what it is for.

use crate::domain::fault::{Classified, Fault};
use crate::domain::network::Network;
use prost::{DecodeError, Message};
use prost_types::Any;

/// The package of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Package {
    /// Below the network's own prefix: `market.v1` is `virtengine.market.v1` or `akash.market.v1`.
    OfNetwork(&'static str),
    /// The same on every network: `cosmos.tx.v1beta1`.
    Common(&'static str),
}

impl Package {
    /// The full name of something in this package: `virtengine.market.v1.Lease`.
    pub fn full_name(self, network: &Network, name: &str) -> String {
        match self {
            Self::OfNetwork(package) => format!("{}.{package}.{name}", network.package_prefix),
            Self::Common(package) => format!("{package}.{name}"),
        }
    }

    /// Whether `full` is the full name of `name` in this package.
    pub(super) fn is_full_name(self, network: &Network, name: &str, full: &str) -> bool {
        let below = match self {
            Self::OfNetwork(package) => full
                .strip_prefix(network.package_prefix)
                .and_then(|rest| rest.strip_prefix('.'))
                .map(|rest| (rest, package)),
            Self::Common(package) => Some((full, package)),
        };
        below
            .and_then(|(rest, package)| rest.strip_prefix(package))
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|rest| rest == name)
    }

    /// Whether the network has the message called `name` of this package.
    pub fn is_on(self, network: &Network, name: &str) -> bool {
        match self {
            Self::OfNetwork(package) => network.has(&format!("{package}.{name}")),
            Self::Common(_) => true,
        }
    }
}

/// A message that knows its name.
pub trait Named: Message + Default + 'static {
    /// Its package.
    const PACKAGE: Package;
    /// Its name in the package, as in the .proto: `MsgCreateBid`.
    const NAME: &'static str;

    /// `virtengine.market.v1beta5.MsgCreateBid`.
    fn full_name(network: &Network) -> String {
        Self::PACKAGE.full_name(network, Self::NAME)
    }

    /// `/virtengine.market.v1beta5.MsgCreateBid`.
    fn type_url(network: &Network) -> String {
        format!("/{}", Self::full_name(network))
    }

    /// Whether the network has this message.
    fn is_on(network: &Network) -> bool {
        Self::PACKAGE.is_on(network, Self::NAME)
    }

    /// The message in an envelope that names its type.
    fn pack(&self, network: &Network) -> Any {
        Any { type_url: Self::type_url(network), value: self.encode_to_vec() }
    }

    /// The message out of its envelope.
    fn unpack(any: &Any, network: &Network) -> Result<Self, UnpackError> {
        let expected = Self::type_url(network);
        if any.type_url != expected {
            return Err(UnpackError::OtherType { expected, found: any.type_url.clone() });
        }
        Self::decode(any.value.as_slice()).map_err(|source| UnpackError::Decode { type_url: expected, source })
    }
}

/// The request of a gRPC method that a node answers. (Messages of transactions are none: a node does not take them
/// that way.)
pub trait Call: Named {
    /// The answer.
    type Response: Named;
    /// The service, in the package of the request: `Query`.
    const SERVICE: &'static str;
    /// The method: `Orders`.
    const METHOD: &'static str;

    /// `/virtengine.market.v1beta5.Query/Orders`.
    fn path(network: &Network) -> String {
        format!("/{}/{}", Self::PACKAGE.full_name(network, Self::SERVICE), Self::METHOD)
    }
}

/// A message that changes the chain: it travels in a transaction.
pub trait TxMessage: Named {
    /// The answer, in the result of the transaction.
    type Response: Named;

    /// The address that must sign.
    fn signer(&self) -> &str;
}

/// Why an envelope did not hold the message that was expected.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// It holds another type.
    #[error("expected a message of type {expected}, found {found:?}")]
    OtherType {
        /// The type URL that was expected.
        expected: String,
        /// The type URL that was there.
        found: String,
    },
    /// Its bytes are no such message.
    #[error("cannot decode a message of type {type_url}")]
    Decode {
        /// The type URL.
        type_url: String,
        /// What protobuf says.
        #[source]
        source: DecodeError,
    },
}

impl Classified for UnpackError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }
}
