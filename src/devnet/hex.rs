//! Bytes as hexadecimal digits.

const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LOWER: &[u8; 16] = b"0123456789abcdef";

fn digits(bytes: &[u8], alphabet: [u8; 16]) -> String {
    let digit = |value: u8| char::from(alphabet.get(usize::from(value & 15)).copied().unwrap_or_default());
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// As CometBFT writes hashes: `0AFF`.
pub fn upper(bytes: &[u8]) -> String {
    digits(bytes, *UPPER)
}

/// `0aff`.
pub fn lower(bytes: &[u8]) -> String {
    digits(bytes, *LOWER)
}

/// Reads digits of either case, two for a byte.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let bytes = pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?)).collect::<Option<_>>()?;
    rest.is_empty().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&upper(&bytes)).as_ref(), Some(&bytes));
        assert_eq!(decode(&lower(&bytes)).as_ref(), Some(&bytes));
        assert_eq!(upper(&[0x0a, 0xff]), "0AFF");
        for odd in ["a", "0g", "é"] {
            assert_eq!(decode(odd), None, "{odd}");
        }
    }
}
