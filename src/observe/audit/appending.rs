//! Appending lines to a file of the trail, whatever an earlier kill or full disk left at its end.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};

use crate::observe::backwards::{Backwards, Line};

/// What each of our lines begins with.
const BEGINNING: &[u8] = br#"{"kind":""#;

/// Appends whole lines and makes them durable. A torn line of ours at the end is cut off first. One that is not ours, or
/// that a file system does not let go where a file can only grow, is ended instead.
pub fn append(file: &mut File, lines: &str) -> io::Result<()> {
    if let Some(Line::Torn(bytes)) = Backwards::new(&*file)?.next().transpose()? {
        let length = file.metadata()?.len();
        let torn = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let ours = bytes.starts_with(BEGINNING) || BEGINNING.starts_with(&bytes);
        if !ours || file.set_len(length.saturating_sub(torn)).is_err() {
            file.seek(SeekFrom::End(0))?;
            file.write_all(b"\n")?;
        }
    }
    file.seek(SeekFrom::End(0))?;
    file.write_all(lines.as_bytes())?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};

    use super::*;

    #[test]
    fn only_a_torn_line_of_ours_is_cut() {
        for (before, after) in [
            ("", "new\n"),
            ("whole\n", "whole\nnew\n"),
            ("whole\n{\"ki", "whole\nnew\n"),
            ("{\"kind\":\"row\",\"seq\":8", "new\n"),
            ("somebody's last line", "somebody's last line\nnew\n"),
            ("{\"kinds\":1}", "{\"kinds\":1}\nnew\n"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("file");
            fs::write(&path, before).unwrap();
            let mut file = OpenOptions::new().read(true).append(true).open(&path).unwrap();
            append(&mut file, "new\n").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), after, "{before}");
        }
    }
}
