//! A message as the wire has it: numbers and values, before anything is known of its fields.

use prost::encoding::{WireType, decode_key, decode_varint};

/// A value on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raw<'b> {
    /// A number, a bool or an enum.
    Varint(u64),
    /// A text, bytes, a message, or numbers packed.
    Bytes(&'b [u8]),
}

/// The bytes are no message, or one with a kind of number that no message of the chain has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The fields in the order of the bytes.
pub fn fields(mut bytes: &[u8]) -> Result<Vec<(u32, Raw<'_>)>, Malformed> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (number, wire_type) = decode_key(&mut bytes).map_err(|_| Malformed)?;
        let value = match wire_type {
            WireType::Varint => Raw::Varint(decode_varint(&mut bytes).map_err(|_| Malformed)?),
            WireType::LengthDelimited => {
                let length = decode_varint(&mut bytes).map_err(|_| Malformed)?;
                let length = usize::try_from(length).map_err(|_| Malformed)?;
                let (value, rest) = bytes.split_at_checked(length).ok_or(Malformed)?;
                bytes = rest;
                Raw::Bytes(value)
            }
            WireType::SixtyFourBit | WireType::ThirtyTwoBit | WireType::StartGroup | WireType::EndGroup => {
                return Err(Malformed);
            }
        };
        found.push((number, value));
    }
    Ok(found)
}

/// Numbers that a repeated field packs into one value.
pub fn packed(mut bytes: &[u8]) -> Result<Vec<u64>, Malformed> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        found.push(decode_varint(&mut bytes).map_err(|_| Malformed)?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_cut_ones_are_not() {
        assert_eq!(
            fields(&[0x08, 0x96, 0x01, 0x12, 0x01, b'a']),
            Ok(vec![(1, Raw::Varint(150)), (2, Raw::Bytes(b"a"))])
        );
        assert_eq!(fields(&[0x12, 0x02, b'a']), Err(Malformed));
        assert_eq!(fields(&[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), Err(Malformed));
        assert_eq!(fields(&[0x0d, 0, 0, 0, 0]), Err(Malformed));
        assert_eq!(packed(&[1, 0x96, 0x01]), Ok(vec![1, 150]));
        assert_eq!(packed(&[0x96]), Err(Malformed));
    }
}
