//! Reading the lines of a file from its end, without reading it whole.

use std::io::{self, Read, Seek, SeekFrom};

/// How much is read at once, in bytes.
const BLOCK: usize = 64 * 1024;

/// The longest line, in bytes. What is longer is passed over.
const LONGEST: usize = 1024 * 1024;

/// A line, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A line that ends with a line feed, without it.
    Whole(Vec<u8>),
    /// The end of the file, without a line feed: it was half written, or is being written.
    Torn(Vec<u8>),
    /// A line that is too long to be one of ours.
    TooLong,
}

/// The lines of a file, the last first. Bytes that are added while it is read are not seen.
pub struct Backwards<R> {
    source: R,
    /// Where the unread part ends.
    unread: u64,
    /// What was read and not yet given out; a line ends at its end.
    buffer: Vec<u8>,
    /// The next line is the last of the file.
    torn: bool,
    done: bool,
}

impl<R: Read + Seek> Backwards<R> {
    /// Begins at the end.
    pub fn new(mut source: R) -> io::Result<Self> {
        let unread = source.seek(SeekFrom::End(0))?;
        let mut lines = Self { source, unread, buffer: Vec::new(), torn: false, done: unread == 0 };
        if !lines.done {
            lines.read_block()?;
            lines.torn = lines.buffer.pop_if(|byte| *byte == b'\n').is_none();
        }
        Ok(lines)
    }

    /// Puts the block before what is read in front of it.
    fn read_block(&mut self) -> io::Result<()> {
        let length = u64::try_from(BLOCK).unwrap_or(u64::MAX).min(self.unread);
        self.unread = self.unread.saturating_sub(length);
        self.source.seek(SeekFrom::Start(self.unread))?;
        let mut block = vec![0; usize::try_from(length).unwrap_or(BLOCK)];
        self.source.read_exact(&mut block)?;
        block.append(&mut self.buffer);
        self.buffer = block;
        Ok(())
    }

    fn line(&mut self) -> io::Result<Line> {
        let mut too_long = false;
        // What was looked through already holds no line feed.
        let mut fresh = self.buffer.len();
        let feed = loop {
            let looked_at = self.buffer.get(..fresh).unwrap_or_default();
            let feed = looked_at.iter().rposition(|byte| *byte == b'\n');
            if feed.is_some() || self.unread == 0 {
                break feed;
            }
            too_long |= self.buffer.len() > LONGEST;
            if too_long {
                self.buffer.clear();
            }
            let known = self.buffer.len();
            self.read_block()?;
            fresh = self.buffer.len().saturating_sub(known);
        };
        let bytes = if let Some(feed) = feed {
            let bytes = self.buffer.split_off(feed.saturating_add(1));
            self.buffer.truncate(feed);
            bytes
        } else {
            self.done = true;
            std::mem::take(&mut self.buffer)
        };
        let torn = std::mem::take(&mut self.torn);
        Ok(match (too_long || bytes.len() > LONGEST, torn) {
            (true, _) => Line::TooLong,
            (false, true) => Line::Torn(bytes),
            (false, false) => Line::Whole(bytes),
        })
    }
}

impl<R: Read + Seek> Iterator for Backwards<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let line = self.line();
        self.done |= line.is_err();
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Line> {
        Backwards::new(Cursor::new(bytes)).unwrap().map(Result::unwrap).collect()
    }

    fn whole(text: &str) -> Line {
        Line::Whole(text.as_bytes().to_vec())
    }

    #[test]
    fn small_files() {
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n"), [whole("")]);
        assert_eq!(lines(b"a\nbc\n"), [whole("bc"), whole("a")]);
        assert_eq!(lines(b"a\n\nbc"), [Line::Torn(b"bc".to_vec()), whole(""), whole("a")]);
    }

    #[test]
    fn a_line_without_end_is_passed_over() {
        let mut bytes = b"first\n".to_vec();
        bytes.resize(5 * LONGEST, 0);
        bytes.extend_from_slice(b"\nlast\n");
        assert_eq!(lines(&bytes), [whole("last"), Line::TooLong, whole("first")]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn same_as_reading_forwards(
            chunks in prop::collection::vec((0_u8..=255, 0_usize..40_000), 0..12),
            ends in any::<bool>(),
        ) {
            let mut bytes: Vec<u8> = chunks.iter().flat_map(|(byte, count)| vec![*byte; (*count).min(if *byte == b'\n' { 3 } else { 40_000 })]).collect();
            if ends {
                bytes.push(b'\n');
            }
            let mut forwards: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            let torn = forwards.pop().filter(|last| !last.is_empty());
            let mut want: Vec<Line> = forwards.into_iter().map(Line::Whole).chain(torn.map(Line::Torn)).collect();
            want.reverse();
            prop_assert_eq!(lines(&bytes), want);
        }
    }
}
