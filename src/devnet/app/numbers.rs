//! Numbers that messages hold as text: amounts, prices, quantities of hardware.
//!
//! A real node reads them (gogoproto's custom types over Go's `big.Int`) while it takes a transaction apart, so that one
//! that is no number is no transaction (`sdk` 2), whatever the message's rule would say of it. Left out is as good as
//! not read: what an empty number means is for the rules.

use crate::chain::schema::raw::{self, Raw};
use crate::chain::schema::{self, Encoding, Field, Kind, Message, WellKnown};
use crate::domain::network::Network;
use prost::Message as _;
use prost_types::Any;

/// Messages within messages: the deepest of the tables has eight.
const DEEPEST: usize = 32;

/// The longest number: a `LegacyDec` has 316 bits at most.
const LONGEST: usize = 96;

/// Looks at the numbers in a message by its full name; what Go says of the first one that is none. What is not in the
/// tables is not looked at: others say what is wrong with it.
pub(super) fn check(network: &Network, full_name: &str, bytes: &[u8]) -> Result<(), String> {
    schema::message_of(network, full_name).map_or(Ok(()), |message| check_message(network, message, bytes, 0))
}

fn check_message(network: &Network, message: &Message, bytes: &[u8], depth: usize) -> Result<(), String> {
    let fields = raw::fields(bytes).ok().filter(|_| depth <= DEEPEST);
    for (number, value) in fields.ok_or("proto: cannot parse invalid wire-format data")? {
        let (Some(field), Raw::Bytes(bytes)) = (message.field(number), value) else { continue };
        match &field.kind {
            _ if is_number(message, field) && !bytes.is_empty() && !reads(bytes) => {
                let shown = String::from_utf8_lossy(bytes);
                return Err(format!("math/big: cannot unmarshal {shown:?} into a *big.Int"));
            }
            Kind::Message(key) => {
                if let Some(message) = schema::message(key) {
                    check_message(network, message, bytes, depth + 1)?;
                }
            }
            Kind::WellKnown(WellKnown::Any) => {
                let any = Any::decode(bytes).unwrap_or_default();
                let full_name = any.type_url.strip_prefix('/').unwrap_or_default();
                if let Some(message) = schema::message_of(network, full_name) {
                    check_message(network, message, &any.value, depth + 1)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_number(message: &Message, field: &Field) -> bool {
    matches!(field.encoding, Encoding::Int | Encoding::Dec) || message.name == "ResourceValue"
}

/// Whether this is a whole number in its one spelling. Go would also take `+5`, `0x10`, `010` (as eight) and `1_000`;
/// no client writes them, and one that did would better hear of it here.
fn reads(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let plain = digits.len() <= LONGEST && digits.iter().all(u8::is_ascii_digit);
    match digits {
        [b'0'] => true,
        [b'1'..=b'9', ..] => plain,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::wire::base::{Cpu, ResourceValue, Resources};
    use crate::chain::wire::cosmos::authz::{Grant, MsgGrant};
    use crate::chain::wire::cosmos::coin::{Coin, DecCoin};
    use crate::chain::wire::escrow::DepositAuthorization;
    use crate::chain::wire::market::{MsgCreateBid, ResourceOffer};
    use crate::chain::wire::{Named, TxMessage};
    use crate::domain::network::Name;

    fn of<M: TxMessage>(message: &M) -> Result<(), String> {
        let network = Name::Virtengine.facts();
        check(network, &M::full_name(network), &message.encode_to_vec())
    }

    #[test]
    fn what_is_no_number_is_found_wherever_it_stands() {
        for (text, good) in [
            ("0", true),
            ("5000000000000000000", true),
            ("-5", true),
            ("", true),
            ("abc", false),
            ("1e5", false),
            (" 5", false),
            ("5 ", false),
            ("0x10", false),
            ("007", false),
            ("-", false),
            ("1.5", false),
        ] {
            let denom = "uve".to_owned();
            let price = DecCoin { denom: denom.clone(), amount: text.to_owned() };
            assert_eq!(of(&MsgCreateBid { price, ..MsgCreateBid::default() }).is_ok(), good, "price {text:?}");
            let units = ResourceValue { val: text.as_bytes().to_vec() };
            let cpu = Some(Cpu { units, attributes: Vec::new() });
            let offer = ResourceOffer { resources: Resources { cpu, ..Resources::default() }, count: 1, prices: None };
            let bid = MsgCreateBid { resources_offer: vec![offer], ..MsgCreateBid::default() };
            assert_eq!(of(&bid).is_ok(), good, "cpu {text:?}");
            let spend_limit = Coin { denom, amount: text.to_owned() };
            let authorization = DepositAuthorization { spend_limit, ..DepositAuthorization::default() };
            let authorization = Some(authorization.pack(Name::Virtengine.facts()));
            let grant = MsgGrant { grant: Grant { authorization, expiration: None }, ..MsgGrant::default() };
            assert_eq!(of(&grant).is_ok(), good, "grant {text:?}");
        }
        let long = DecCoin { denom: "uve".to_owned(), amount: "9".repeat(LONGEST + 1) };
        assert!(of(&MsgCreateBid { price: long, ..MsgCreateBid::default() }).is_err());
    }
}
