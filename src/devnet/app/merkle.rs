//! CometBFT's Merkle tree (RFC 6962).

use sha2::{Digest, Sha256};

/// The root over these leaves.
pub fn root(leaves: &[Vec<u8>]) -> Vec<u8> {
    match leaves {
        [] => Sha256::digest([]).to_vec(),
        [leaf] => leaf_hash(leaf),
        _ => {
            // The largest power of two below the number of leaves.
            let middle = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(middle);
            Sha256::new_with_prefix([1]).chain_update(root(left)).chain_update(root(right)).finalize().to_vec()
        }
    }
}

/// The hash of a leaf.
pub fn leaf_hash(leaf: &[u8]) -> Vec<u8> {
    Sha256::new_with_prefix([0]).chain_update(leaf).finalize().to_vec()
}

/// The hashes beside the way from a leaf to the root, the lowest first: CometBFT's `aunts`. None where there is no such
/// leaf.
pub fn aunts(leaves: &[Vec<u8>], index: usize) -> Option<Vec<Vec<u8>>> {
    if leaves.len() <= 1 {
        return (index < leaves.len()).then(Vec::new);
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut found, beside) = match index.checked_sub(left.len()) {
        None => (aunts(left, index)?, root(right)),
        Some(index) => (aunts(right, index)?, root(left)),
    };
    found.push(beside);
    Some(found)
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

    #[test]
    fn a_leaf_and_its_aunts_make_the_root() {
        /// As CometBFT's `computeHashFromAunts` does.
        fn made(index: usize, total: usize, leaf: &[u8], aunts: &[Vec<u8>]) -> Vec<u8> {
            let Some((last, rest)) = aunts.split_last() else { return leaf.to_vec() };
            let left = total.next_power_of_two() / 2;
            let (first, second) = if index < left {
                (made(index, left, leaf, rest), last.clone())
            } else {
                (last.clone(), made(index - left, total - left, leaf, rest))
            };
            Sha256::new_with_prefix([1]).chain_update(first).chain_update(second).finalize().to_vec()
        }
        for total in 1..=20 {
            let leaves: Vec<_> = (0..total).map(|number| vec![u8::try_from(number).unwrap(); 3]).collect();
            for (index, leaf) in leaves.iter().enumerate() {
                let aunts = aunts(&leaves, index).unwrap();
                assert_eq!(made(index, total, &leaf_hash(leaf), &aunts), root(&leaves), "{index} of {total}");
            }
            assert_eq!(aunts(&leaves, total), None);
        }
    }
}
