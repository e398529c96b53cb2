//! What the chain takes as a group: its sizes and its price.

use std::ops::RangeInclusive;

const KI: u64 = 1 << 10;
const MI: u64 = KI << 10;
const TI: u64 = MI << 20;

/// Millicores of one instance.
pub(super) const CPU: RangeInclusive<u64> = 10..=384_000;
/// GPUs of one instance.
pub(super) const GPU: RangeInclusive<u64> = 0..=24;
/// Bytes of memory of one instance.
pub(super) const MEMORY: RangeInclusive<u64> = MI..=2 * TI;
/// Bytes of one volume.
pub(super) const VOLUME: RangeInclusive<u64> = 5 * MI..=32 * TI;
/// All instances of a group together may have so many times the largest instance.
pub(super) const GROUP_FACTOR: u64 = 50;
/// The largest price of one instance, by the block.
pub(super) const PRICE: u64 = 10_000_000;
