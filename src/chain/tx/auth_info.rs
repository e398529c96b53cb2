//! Who signs, how, and what it may cost.

use crate::chain::wire::Named;
use crate::chain::wire::cosmos::coin;
use crate::chain::wire::cosmos::secp256k1::PubKey;
use crate::chain::wire::cosmos::signing::SignMode;
use crate::chain::wire::cosmos::tx::{AuthInfo, Fee, ModeInfo, ModeInfoSingle, ModeInfoSum, SignerInfo};

use super::{Draft, Mode};

impl Mode {
    const fn on_the_wire(self) -> SignMode {
        match self {
            Self::Direct => SignMode::Direct,
            Self::LegacyAminoJson => SignMode::LegacyAminoJson,
        }
    }
}

/// The signer's part of a transaction; the signer pays the fee.
pub(super) fn auth_info(draft: &Draft<'_>, mode: Mode) -> AuthInfo {
    let single = ModeInfoSingle { mode: mode.on_the_wire().into() };
    let public_key = PubKey { key: draft.public_key.to_vec() };
    // A fee of nothing has no coins: a coin of zero is malformed.
    let amount = draft.fee.into_iter().filter(|fee| !fee.amount.is_zero()).map(coin::Coin::from).collect();
    AuthInfo {
        signer_infos: vec![SignerInfo {
            public_key: Some(public_key.pack(draft.network)),
            mode_info: Some(ModeInfo { sum: Some(ModeInfoSum::Single(single)) }),
            sequence: draft.sequence,
        }],
        fee: Some(Fee { amount, gas_limit: draft.gas_limit, ..Fee::default() }),
        tip: None,
    }
}
