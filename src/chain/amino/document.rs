//! The document that is signed.

use super::message::Writer;
use super::{Error, json};
use crate::chain::convert;
use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::cosmos::tx::{Fee, TxBody};
use crate::domain::network::Network;

/// Who signs, for which chain, as which of its transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer<'s> {
    /// The chain's id.
    pub chain_id: &'s str,
    /// The account's number on it.
    pub account_number: u64,
    /// The account's next sequence.
    pub sequence: u64,
}

/// The bytes that a key signs (SHA-256 of them, with secp256k1) in sign mode LEGACY_AMINO_JSON.
///
/// `timeout_timestamp` and `unordered` are in the document where they are set, as nodes of SDK 0.53 have them; older
/// ones do not know them, so a transaction for a hardware wallet is best limited by height.
pub fn sign_bytes(network: &Network, signer: &Signer<'_>, body: &TxBody, fee: &Fee) -> Result<Vec<u8>, Error> {
    if !body.extension_options.is_empty() || !body.non_critical_extension_options.is_empty() {
        return Err(Error::ExtensionOptions);
    }
    let mut writer = Writer { network, out: String::new() };
    let out = &mut writer.out;
    out.push('{');
    json::key(out, "account_number");
    json::quoted(out, signer.account_number);
    out.push(',');
    json::key(out, "chain_id");
    json::text(out, signer.chain_id);
    out.push(',');
    json::key(out, "fee");
    write_fee(out, fee);
    out.push(',');
    json::key(out, "memo");
    json::text(out, &body.memo);
    out.push(',');
    json::key(out, "msgs");
    out.push('[');
    for (index, message) in body.messages.iter().enumerate() {
        if index > 0 {
            writer.out.push(',');
        }
        writer.any(message, 0)?;
    }
    let out = &mut writer.out;
    out.push_str("],");
    json::key(out, "sequence");
    json::quoted(out, signer.sequence);
    if body.timeout_height > 0 {
        out.push(',');
        json::key(out, "timeout_height");
        json::quoted(out, body.timeout_height);
    }
    if let Some(time) = &body.timeout_timestamp {
        let time = convert::time_from_wire(time).map_err(|source| Error::Time {
            message: "TxBody".to_owned(),
            field: "timeout_timestamp".to_owned(),
            source,
        })?;
        out.push(',');
        json::key(out, "timeout_timestamp");
        json::quoted(out, time);
    }
    if body.unordered {
        out.push(',');
        json::key(out, "unordered");
        out.push_str("true");
    }
    out.push('}');
    Ok(writer.out.into_bytes())
}

fn write_fee(out: &mut String, fee: &Fee) {
    out.push('{');
    json::key(out, "amount");
    out.push('[');
    for (index, Coin { denom, amount }) in fee.amount.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push('{');
        json::key(out, "amount");
        json::text(out, if amount.is_empty() { "0" } else { amount });
        if !denom.is_empty() {
            out.push(',');
            json::key(out, "denom");
            json::text(out, denom);
        }
        out.push('}');
    }
    out.push_str("],");
    json::key(out, "gas");
    json::quoted(out, fee.gas_limit);
    for (name, address) in [("granter", &fee.granter), ("payer", &fee.payer)] {
        if !address.is_empty() {
            out.push(',');
            json::key(out, name);
            json::text(out, address);
        }
    }
    out.push('}');
}
