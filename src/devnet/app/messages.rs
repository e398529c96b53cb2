//! Every message that a transaction can hold, with what the chain does with it.

use crate::chain::wire::cosmos::bank::MsgSend;
use crate::chain::wire::{Named, TxMessage, TxMessageType, tx_messages};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::bank;
use crate::domain::network::Network;
use prost::DecodeError;
use prost_types::Any;
use std::sync::LazyLock;

type Check = Box<dyn Fn(&Network, &[u8]) -> Result<(), Refusal> + Send + Sync>;
type Run = Box<dyn Fn(&mut Context<'_>, &[u8]) -> Result<Any, Refusal> + Send + Sync>;

/// A kind of message.
pub struct Kind {
    /// Its name on every network.
    wire: &'static TxMessageType,
    /// The message's own name, without package.
    pub name: &'static str,
    /// Reads the address that must sign.
    pub signer: fn(&[u8]) -> Result<String, DecodeError>,
    /// What is refused before the state is looked at.
    pub validate_basic: Check,
    /// What it does.
    pub run: Run,
    /// What it costs besides the money that it moves.
    pub gas: u64,
}

static KINDS: LazyLock<Vec<Kind>> =
    LazyLock::new(|| vec![kind::<MsgSend>(bank::validate_basic, bank::msg_send, 1_200)]);

/// The kind of message that the network calls `type_url`.
pub fn kind_of(network: &Network, type_url: &str) -> Option<&'static Kind> {
    let full = type_url.strip_prefix('/')?;
    KINDS.iter().find(|kind| kind.wire.message.is_on(network) && kind.wire.message.full_name(network) == full)
}

/// Every kind of message.
pub fn kinds() -> &'static [Kind] {
    &KINDS
}

fn kind<M: TxMessage>(
    validate_basic: fn(&Network, &M) -> Result<(), Refusal>,
    run: fn(&mut Context<'_>, &M) -> Result<M::Response, Refusal>,
    gas: u64,
) -> Kind {
    let decode = |bytes: &[u8]| {
        M::decode(bytes).map_err(|error| Refusal::sdk(2, format!("{}: {error}: tx parse error", M::NAME)))
    };
    #[allow(clippy::expect_used, reason = "the table of messages is made from the same types")]
    let wire = tx_messages()
        .find(|message| message.message.name == M::NAME && message.message.package == M::PACKAGE)
        .expect("every message of a transaction is in the table");
    Kind {
        wire,
        name: M::NAME,
        signer: wire.signer,
        validate_basic: Box::new(move |network, bytes| validate_basic(network, &decode(bytes)?)),
        run: Box::new(move |context, bytes| {
            let response = run(context, &decode(bytes)?)?;
            Ok(response.pack(context.network))
        }),
        gas,
    }
}

/// The module that a message belongs to, as the SDK reads it from its type URL: `market` of
/// `/virtengine.market.v1beta5.MsgCreateBid`.
pub fn module_of(type_url: &str) -> &str {
    type_url.split('.').nth(1).unwrap_or_default()
}

/// Says so when a message of the table has no rule.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_the_table_has_a_rule() {
        for message in tx_messages() {
            let found = KINDS.iter().any(|kind| std::ptr::eq(kind.wire, message));
            assert!(found, "no rule for {}", message.message.name);
        }
    }

    #[test]
    fn a_message_belongs_to_the_module_in_its_name() {
        assert_eq!(module_of("/virtengine.market.v1beta5.MsgCreateBid"), "market");
        assert_eq!(module_of("/cosmos.bank.v1beta1.MsgSend"), "bank");
        assert_eq!(module_of("/x"), "");
    }
}
