//! How much of the disk a folder takes.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::domain::resources::Bytes;

/// Files of a folder that are counted, at most: a tenant must not keep us counting.
const MOST_FILES: usize = 250_000;

/// Bytes on disk below a folder, links not followed and a file of several names counted once. None where there are more
/// files than are counted: what is not known is not little.
pub(super) fn size(folder: &Path) -> Option<Bytes> {
    let size = size_of(folder, MOST_FILES);
    if size.is_none() {
        tracing::warn!(folder = %folder.display(), most = MOST_FILES, "more files than are counted: how large it is, is not known");
    }
    size
}

fn size_of(folder: &Path, most: usize) -> Option<Bytes> {
    let mut bytes = 0_u64;
    let mut left = most;
    let mut several_names = HashSet::new();
    let mut queue = vec![folder.to_owned()];
    while let Some(folder) = queue.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            left = left.checked_sub(1)?;
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                queue.push(entry.path());
            } else if metadata.nlink() > 1 && !several_names.insert((metadata.dev(), metadata.ino())) {
                continue;
            }
            bytes = bytes.saturating_add(metadata.blocks().saturating_mul(512));
        }
    }
    Some(Bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_counts_once_and_too_many_are_unknown() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::write(place("large"), vec![7; 1 << 20]).unwrap();
        let one = size_of(folder.path(), 10).unwrap();
        assert!(one.0 >= 1 << 20, "{one}");
        for number in 0..5 {
            fs::hard_link(place("large"), place(&format!("link-{number}"))).unwrap();
        }
        std::os::unix::fs::symlink("large", place("symbolic")).unwrap();
        let all = size_of(folder.path(), 10).unwrap();
        assert!(all.0 < 3 << 19, "six names, one file: {all}");
        fs::create_dir(place("below")).unwrap();
        fs::write(place("below").join("hidden"), vec![7; 1 << 20]).unwrap();
        assert!(size_of(folder.path(), 10).unwrap().0 >= 2 << 20);
        assert_eq!(size_of(folder.path(), 8), None, "less than there is would be no answer");
        assert_eq!(size_of(&place("nothing"), 8), Some(Bytes(0)));
    }
}
