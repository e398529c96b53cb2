//! CometBFT's Merkle tree (RFC 6962).

use sha2::{Digest, Sha256};

/// The root over these leaves.
pub fn root(leaves: &[Vec<u8>]) -> Vec<u8> {
    match leaves {
        [] => Sha256::digest([]).to_vec(),
        [leaf] => Sha256::new_with_prefix([0]).chain_update(leaf).finalize().to_vec(),
        _ => {
            // The largest power of two below the number of leaves.
            let middle = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(middle);
            Sha256::new_with_prefix([1]).chain_update(root(left)).chain_update(root(right)).finalize().to_vec()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_left_side_holds_a_power_of_two() {
        let leaf = |byte: u8| vec![byte];
        let pair = |left: &[u8], right: &[u8]| {
            Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().to_vec()
        };
        let one = |byte| root(&[leaf(byte)]);
        assert_eq!(root(&[leaf(1), leaf(2), leaf(3)]), pair(&pair(&one(1), &one(2)), &one(3)));
        let four: Vec<_> = (1..=4).map(leaf).collect();
        assert_eq!(root(&four), pair(&pair(&one(1), &one(2)), &pair(&one(3), &one(4))));
    }
}
