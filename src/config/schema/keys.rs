//! Keys: where they are kept, which of them does what, and how long they live.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{DerivationPath, Text, choice};

choice! {
    /// Where keys are kept.
    KeyStore {
        /// Encrypted files.
        File = "file",
        /// A hardware security module, by PKCS#11.
        Hardware = "hardware",
        /// A Ledger device.
        Ledger = "ledger",
        /// A signer program of the operator's.
        NonCustodial = "non_custodial",
        /// Memory, for tests only.
        Memory = "memory",
    }
}

choice! {
    /// An algorithm of signing keys.
    Algorithm {
        /// Edwards curve, for usage records.
        Ed25519 = "ed25519",
        /// The chain's curve, for transactions.
        Secp256k1 = "secp256k1",
        /// The NIST curve.
        P256 = "p256",
    }
}

section! {
    /// Keys.
    Keys at ["keys", "key_manager"] {
        section hsm: Hsm;
        section ledger: Ledger;
        /// Where keys are kept.
        keyring_backend: KeyStore = "file", also ["key_manager.storage_type"];
        /// The folder of key files; `keyring` beside the state file unless set.
        keyring_path: Option<PathBuf>, like "/var/lib/provider-daemon/keyring", also ["key_manager.key_dir"];
        /// The name of the key that signs transactions.
        signing_key: Text = "provider";
        /// The name of the key that signs usage records.
        usage_key: Text = "provider-usage";
        /// The name of the key that opens sealed orders.
        encryption_key: Text = "provider-encryption";
        /// The algorithm of a new key whose role does not decide it.
        default_algorithm: Algorithm = "ed25519";
        /// The age at which a key is due for rotation.
        max_age: Duration = "90d", in "1h" ..= "3650d", also ["key_manager.key_rotation_days" as "d"];
        /// How long a rotated key still opens and verifies.
        grace_period: Duration = "48h", in "0" ..= "365d", also ["key_manager.grace_period_hours" as "h"];
    }

    /// A hardware security module.
    Hsm at ["keys.hsm", "key_manager.hsm"] {
        /// The PKCS#11 library of the module.
        library_path: Option<PathBuf>, like "/usr/lib/softhsm/libsofthsm2.so";
        /// The slot of the token.
        slot_id: Option<u64>, like "0";
        /// The label of the token.
        token_label: Option<Text>, like "virtengine-provider";
    }

    /// A Ledger device.
    Ledger at ["keys.ledger", "key_manager.ledger"] {
        /// Which account of the device.
        derivation_path: DerivationPath = "m/44'/118'/0'/0/0";
        /// Show the address on the device and wait for a person before its first use.
        require_confirmation: bool = "true";
    }
}
