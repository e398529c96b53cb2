//! `next_key` of a listing: which states are still to come, and where to go on.

use crate::devnet::refusal::{QueryError, Status};
use crate::domain::network::Network;

/// Where a listing goes on. On the wire: CRC-32, then each part with its length in a byte in front; the last part is
/// left out where it is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageKey {
    /// The states still to be listed, the current one first.
    pub states: Vec<u8>,
    /// The store that was being listed, and the beginning of its keys.
    pub prefix: Vec<u8>,
    /// The key of the next row, without the prefix.
    pub key: Vec<u8>,
    /// Which way the listing took.
    pub way: Vec<u8>,
}

/// A page key that cannot be read.
pub fn broken_key(network: &Network, why: &str) -> QueryError {
    let status = if network.behaviour.broken_page_key_status == Status::Internal as i32 {
        Status::Internal
    } else {
        Status::InvalidArgument
    };
    QueryError::new(status, format!("pagination: invalid key: {why}"))
}

impl PageKey {
    /// The bytes for the wire.
    pub fn encode(&self) -> Vec<u8> {
        let mut data = Vec::new();
        for part in [&self.states, &self.prefix, &self.key] {
            with_length(part, &mut data);
        }
        if !self.way.is_empty() {
            with_length(&self.way, &mut data);
        }
        [crc32(&data).to_be_bytes().as_slice(), &data].concat()
    }

    /// Reads the bytes from the wire.
    pub fn decode(network: &Network, bytes: &[u8]) -> Result<Self, QueryError> {
        let (checksum, data) = bytes
            .split_first_chunk()
            .filter(|(_, data)| !data.is_empty())
            .ok_or_else(|| broken_key(network, "invalid key length"))?;
        let (expected, found) = (u32::from_be_bytes(*checksum), crc32(data));
        if expected != found {
            return Err(broken_key(network, &format!("invalid checksum, 0x{expected:08x} != 0x{found:08x}")));
        }
        let mut rest = data;
        let mut part = || take_part(&mut rest).ok_or_else(|| broken_key(network, "invalid state length"));
        let (states, prefix, key) = (part()?, part()?, part()?);
        let way = if rest.is_empty() {
            Vec::new()
        } else {
            take_last(rest).ok_or_else(|| broken_key(network, "invalid state length"))?
        };
        Ok(Self { states, prefix, key, way })
    }
}

fn with_length(part: &[u8], data: &mut Vec<u8>) {
    // Parts are made of a few numbers and addresses: far below 256 bytes.
    data.push(u8::try_from(part.len()).unwrap_or(u8::MAX));
    data.extend(part);
}

fn take_part(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let (length, after) = rest.split_first()?;
    let (part, after) = after.split_at_checked(usize::from(*length))?;
    *rest = after;
    Some(part.to_vec())
}

fn take_last(rest: &[u8]) -> Option<Vec<u8>> {
    let (length, part) = rest.split_first()?;
    (part.len() == usize::from(*length)).then(|| part.to_vec())
}

/// CRC-32 (IEEE).
fn crc32(data: &[u8]) -> u32 {
    let bit = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !data.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}
