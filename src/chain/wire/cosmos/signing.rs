//! `cosmos.tx.signing.v1beta1`: ways to sign.

use crate::chain::wire::macros::wire_enum;

wire_enum! {
    /// Ways to sign. The product signs `Direct`, and `LegacyAminoJson` with hardware wallets.
    pub enum SignMode {
        Unspecified = 0 => "SIGN_MODE_UNSPECIFIED",
        Direct = 1 => "SIGN_MODE_DIRECT",
        Textual = 2 => "SIGN_MODE_TEXTUAL",
        DirectAux = 3 => "SIGN_MODE_DIRECT_AUX",
        LegacyAminoJson = 127 => "SIGN_MODE_LEGACY_AMINO_JSON",
        Eip191 = 191 => "SIGN_MODE_EIP_191",
    }
}
