//! The accounts that the chain itself can sign for.

use super::Error;
use crate::chain::wire::Named;
use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::cosmos::secp256k1::PubKey;
use crate::chain::wire::cosmos::signing::SignMode;
use crate::chain::wire::cosmos::tx::{
    AuthInfo, Fee, ModeInfo, ModeInfoSingle, ModeInfoSum, SignDoc, SignerInfo, TxBody, TxRaw,
};
use crate::domain::address::Address;
use crate::domain::amount::{Dec18, Int, Rounding};
use crate::domain::network::Network;
use k256::ecdsa::signature::Signer;
use k256::ecdsa::{Signature, SigningKey};
use prost::Message;
use prost_types::Any;
use sha2::{Digest, Sha256};

/// What a transaction may use. Nothing that a tenant does needs as much.
const GAS: u64 = 4_000_000;

/// An account of this chain's own, whose key is made of its name: anybody can sign for it, on every devnet.
pub(super) struct Account {
    key: SigningKey,
    point: [u8; 33],
    /// Its address.
    pub(super) address: Address,
}

impl Account {
    /// The account with this name.
    pub(super) fn named(network: &Network, name: &str) -> Result<Self, Error> {
        let unusable = || Error::Name { name: name.to_owned() };
        let secret = Sha256::digest(format!("provider devnet account {name}"));
        let key = SigningKey::from_slice(&secret).map_err(|_| unusable())?;
        let point: [u8; 33] =
            key.verifying_key().to_encoded_point(true).as_bytes().try_into().map_err(|_| unusable())?;
        let address = Address::of_secp256k1(&point, network.address_prefix).map_err(|_| unusable())?;
        Ok(Self { key, point, address })
    }

    /// A signed transaction.
    pub(super) fn sign(
        &self,
        network: &Network,
        chain_id: &str,
        (account_number, sequence): (u64, u64),
        messages: Vec<Any>,
    ) -> Vec<u8> {
        let public_key = PubKey { key: self.point.to_vec() }.pack(network);
        let mode = ModeInfoSingle { mode: SignMode::Direct.into() };
        let mode_info = ModeInfo { sum: Some(ModeInfoSum::Single(mode)) };
        let signer = SignerInfo { public_key: Some(public_key), mode_info: Some(mode_info), sequence };
        let fee = Fee { amount: vec![fee(network)], gas_limit: GAS, ..Fee::default() };
        let auth_info = AuthInfo { signer_infos: vec![signer], fee: Some(fee), tip: None };
        let body_bytes = TxBody { messages, ..TxBody::default() }.encode_to_vec();
        let auth_info_bytes = auth_info.encode_to_vec();
        let document = SignDoc {
            body_bytes: body_bytes.clone(),
            auth_info_bytes: auth_info_bytes.clone(),
            chain_id: chain_id.to_owned(),
            account_number,
        };
        let signature: Signature = self.key.sign(&document.encode_to_vec());
        TxRaw { body_bytes, auth_info_bytes, signatures: vec![signature.to_bytes().to_vec()] }.encode_to_vec()
    }
}

/// The usual price of all the gas.
fn fee(network: &Network) -> Coin {
    let price: Dec18 = network.gas_price.parse().unwrap_or_default();
    let amount = price.checked_mul(Dec18::from(GAS), Rounding::Up).and_then(|fee| fee.to_int(Rounding::Up));
    Coin { denom: network.fee_denomination.to_owned(), amount: amount.unwrap_or(Int::ZERO).to_wire() }
}
