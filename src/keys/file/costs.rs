//! Argon2id: a passphrase becomes a key, slowly.

use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use crate::keys::Passphrase;

/// What one guess at a passphrase costs. Stored in each key file, so that it can be raised for new keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes that can be worked on at once.
    pub lanes: u32,
}

/// The bytes of a salt.
pub(super) const SALT_LENGTH: usize = 16;

/// The bytes of what comes out.
pub(super) const ROOT_LENGTH: usize = 32;

impl Costs {
    /// Of new keys: the second choice of RFC 9106, in one lane: 64 MiB and three passes.
    pub const NEW: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };

    /// Whether a guess is neither for nothing nor beyond this machine: what a file may ask for. 1 MiB to 1 GiB.
    pub fn are_sane(self) -> bool {
        (1024..=1024 * 1024).contains(&self.memory_kib)
            && (1..=64).contains(&self.passes)
            && (1..=16).contains(&self.lanes)
    }

    /// Whether a new key may have them: sane, and at least 64 MiB.
    pub fn are_new(self) -> bool {
        self.are_sane() && self.memory_kib >= Self::NEW.memory_kib
    }

    /// What takes about `aim` of a processor's time on this machine, measured; never less than [`Self::NEW`].
    ///
    /// Memory is raised first, up to 256 MiB: it costs whoever tries passphrases on special hardware the most. What counts
    /// is the time that this thread works, so that a busy machine does not pass for a slow one.
    pub fn measured(aim: Duration) -> Self {
        let unit = Self { passes: 1, ..Self::NEW };
        let Ok(passphrase) = Passphrase::typed("measure") else { return Self::NEW };
        // The first one also pays for the memory's first touch; the second is what counts.
        let timed = || {
            let begun = worked();
            unit.root(&passphrase, &[0; SALT_LENGTH]).map(|_| worked().saturating_sub(begun))
        };
        let Some(took) = timed().and_then(|first| Some(first.min(timed()?))) else { return Self::NEW };
        Self::of_units(aim.as_millis().checked_div(took.as_millis().max(1)).unwrap_or(1))
    }

    /// As many passes over 64 MiB as fit into the time, spread over memory and passes.
    fn of_units(units: u128) -> Self {
        let units = u32::try_from(units).unwrap_or(u32::MAX).clamp(Self::NEW.passes, 256);
        let blocks = units.checked_div(3).unwrap_or(1).clamp(1, 4);
        let passes = units.checked_div(blocks).unwrap_or(1).clamp(1, 64);
        Self { memory_kib: Self::NEW.memory_kib.saturating_mul(blocks), passes, lanes: 1 }
    }

    /// Whether a guess costs as much as with the other, or more: in passes over memory, and in memory.
    pub fn are_at_least(self, other: Self) -> bool {
        let work = |costs: Self| u64::from(costs.memory_kib).saturating_mul(u64::from(costs.passes));
        work(self) >= work(other) && self.memory_kib >= other.memory_kib
    }

    /// The root of a file's keys; `None` unless the costs are sane.
    pub(super) fn root(
        self,
        passphrase: &Passphrase,
        salt: &[u8; SALT_LENGTH],
    ) -> Option<Zeroizing<[u8; ROOT_LENGTH]>> {
        if !self.are_sane() {
            return None;
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(ROOT_LENGTH)).ok()?;
        let mut memory = vec![Block::default(); params.block_count()];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut root = Zeroizing::new([0; ROOT_LENGTH]);
        let passphrase = passphrase.reveal().as_bytes();
        let done = argon.hash_password_into_with_memory(passphrase, salt, root.as_mut_slice(), &mut memory);
        for block in &mut memory {
            block.zeroize();
        }
        done.ok().map(|()| root)
    }
}

/// The time that this thread has worked.
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hex;

    /// Made with the reference implementation of Argon2, by way of argon2-cffi.
    #[test]
    fn the_root_is_argon2ids() {
        let costs = Costs { memory_kib: 1024, passes: 2, lanes: 1 };
        let root = costs.root(&Passphrase::typed("correct horse").unwrap(), b"0123456789abcdef").unwrap();
        assert_eq!(hex::encode(root.as_slice()), "b421b078498d36231d7e3aa8165f5929197f6ced0d253b493266b1d48978dc67");
    }

    #[test]
    fn time_becomes_memory_and_then_passes() {
        for (units, mebibytes, passes) in [
            (0, 64, 3),
            (1, 64, 3),
            (3, 64, 3),
            (5, 64, 5),
            (6, 128, 3),
            (9, 192, 3),
            (12, 256, 3),
            (40, 256, 10),
            (9999, 256, 64),
        ] {
            let costs = Costs::of_units(units);
            assert_eq!((costs.memory_kib / 1024, costs.passes, costs.lanes), (mebibytes, passes, 1), "{units}");
            assert!(costs.are_new() && costs.are_at_least(Costs::NEW));
        }
        let more_memory = Costs { memory_kib: 128 * 1024, ..Costs::NEW };
        assert!(more_memory.are_at_least(Costs::NEW) && !Costs::NEW.are_at_least(more_memory));
        assert!(!Costs { passes: 30, ..Costs::NEW }.are_at_least(more_memory), "memory is not made up for by passes");
        assert!(!Costs { memory_kib: 32 * 1024, ..Costs::NEW }.are_new());
    }

    #[test]
    fn a_file_cannot_ask_for_anything() {
        assert!(Costs::NEW.are_sane());
        for (memory_kib, passes, lanes) in
            [(u32::MAX, 1, 1), (8, 1, 1), (1024, 0, 1), (1024, 1_000_000, 1), (1024, 1, 99)]
        {
            let costs = Costs { memory_kib, passes, lanes };
            assert!(!costs.are_sane());
            assert!(costs.root(&Passphrase::typed("x").unwrap(), &[0; 16]).is_none());
        }
    }
}
