//! Keys: where they are kept, which of them does what, and how long they live.

use std::net::SocketAddr;
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
        section signer: Signer;
        section policy: Policy;
        /// Where new keys are kept. A key remembers where it is, so keys of several places can serve side by side.
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
        /// A file with the token's PIN; the systemd credential `provider-hsm-pin`, or the terminal, unless set.
        pin_file: Option<PathBuf>, like "/etc/provider-daemon/hsm-pin";
    }

    /// A Ledger device.
    Ledger at ["keys.ledger", "key_manager.ledger"] {
        /// Which account of the device.
        derivation_path: DerivationPath = "m/44'/118'/0'/0/0";
        /// Show the address on the device and wait for a person before its first use.
        require_confirmation: bool = "true";
        /// How long a person may take to press a button.
        timeout: Duration = "2m", in "5s" ..= "10m";
        /// The address of Speculos, Ledger's emulator, instead of a device: for tests.
        emulator: Option<SocketAddr>, like "127.0.0.1:9999";
    }

    /// A signer program of the operator's, for keys that this program must not hold (`non_custodial`).
    Signer at ["keys.signer", "key_manager.signer"] {
        /// The program and its arguments; provider-keys(1) has its contract.
        command: Vec<Text> = "[]";
        /// How long one operation may take.
        timeout: Duration = "30s", in "1s" ..= "10m";
        /// A person confirms each signature, so that none is asked for without need.
        require_confirmation: bool = "false";
    }

    /// What becomes of keys with time. `provider keys set-policy` changes it without this file.
    Policy at ["keys.policy", "key_manager.policy"] {
        /// What it is called.
        name: Text = "default";
        /// The age at which a key makes no more signatures.
        expiration: Duration = "365d", in "1h" ..= "36500d", also ["key_manager.policy.expiration_days" as "d"];
        /// How long a deactivated key waits to be archived.
        archive_after: Duration = "30d", in "0" ..= "36500d", also ["key_manager.policy.archive_after_deactivation_days" as "d"];
        /// How long an archived key is kept before it is due for destruction.
        destroy_after: Duration = "365d", in "0" ..= "36500d", also ["key_manager.policy.destroy_after_archive_days" as "d"];
        /// A new key is used only after `provider keys approve`.
        require_approval_for_activation: bool = "false";
        /// A key is destroyed only after `provider keys approve`.
        require_approval_for_destruction: bool = "true";
        /// `provider keys rotate --if-due` does what is due; else it only says so.
        auto_rotate: bool = "true";
        /// How long before a key expires it is called to attention.
        notify_before: Duration = "30d", in "0" ..= "3650d", also ["key_manager.policy.notify_before_expiration_days" as "d"];
        /// The types of signing keys that may be made.
        allowed_key_types: Vec<Algorithm> = "[ed25519, secp256k1, p256]";
        /// The fewest bits of a new key.
        minimum_key_strength: u64 = "256", in "128" ..= "512";
    }
}
