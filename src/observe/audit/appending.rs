//! Appending lines to a file of the trail, whatever an earlier kill or full disk left at its end.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};

use crate::observe::backwards::{Backwards, Line};

/// Appends whole lines and makes them durable. A torn line at the end is cut off first; where the file system lets a file
/// only grow, it is ended instead.
pub fn append(file: &mut File, lines: &str) -> io::Result<()> {
    if let Some(Line::Torn(bytes)) = Backwards::new(&*file)?.next().transpose()? {
        let length = file.metadata()?.len();
        let torn = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if file.set_len(length.saturating_sub(torn)).is_err() {
            file.write_all(b"\n")?;
        }
    }
    file.seek(SeekFrom::End(0))?;
    file.write_all(lines.as_bytes())?;
    file.sync_data()
}
