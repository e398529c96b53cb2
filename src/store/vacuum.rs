//! Giving free pages back to the disk.

use std::fs;

use super::interrupt::{ShouldStop, watched};
use super::{Error, Store};

/// How large a state file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Pages in the file.
    pub pages: u64,
    /// Of these, pages that hold nothing.
    pub free_pages: u64,
    /// Bytes in a page.
    pub page_bytes: u64,
    /// Bytes in the write-ahead log.
    pub log_bytes: u64,
}

impl Size {
    /// Bytes in the file.
    pub const fn bytes(&self) -> u64 {
        self.pages.saturating_mul(self.page_bytes)
    }

    /// Bytes that a vacuum would give back.
    pub const fn free_bytes(&self) -> u64 {
        self.free_pages.saturating_mul(self.page_bytes)
    }
}

/// When a vacuum, which writes the whole file anew, is worth it: both must be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VacuumWhen {
    /// Free bytes at least.
    pub free_bytes: u64,
    /// Free pages at least, in percent of all.
    pub free_percent: u8,
}

impl Default for VacuumWhen {
    fn default() -> Self {
        Self { free_bytes: 16 << 20, free_percent: 25 }
    }
}

impl VacuumWhen {
    /// Whether a file of that size should be vacuumed.
    pub fn is_reached(&self, size: &Size) -> bool {
        let share = u128::from(size.free_pages) * 100 >= u128::from(size.pages) * u128::from(self.free_percent);
        share && size.free_bytes() >= self.free_bytes
    }
}

impl Store {
    /// How large the file is now.
    pub fn size(&self) -> Result<Size, Error> {
        let (pages, free_pages, page_bytes) = self.read("measure the state file", |snapshot| {
            snapshot.one(
                "SELECT page_count, freelist_count, page_size
                 FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
        })?;
        let [pages, free_pages, page_bytes] = [pages, free_pages, page_bytes].map(i64::unsigned_abs);
        let log = self.place().and_then(|place| fs::metadata(place.beside("-wal")).ok());
        Ok(Size { pages, free_pages, page_bytes, log_bytes: log.map_or(0, |metadata| metadata.len()) })
    }

    /// Writes the file anew without its free pages, then empties the log. Takes the writers' turn for as long as that
    /// takes, and needs twice the file's size in free space. Gives back the sizes before and after.
    pub fn vacuum(&self, should_stop: ShouldStop<'_>) -> Result<(Size, Size), Error> {
        const DOING: &str = "vacuum the state file";
        let before = self.size()?;
        let held = self.hold(DOING)?;
        watched(&held, should_stop, || held.execute_batch("VACUUM")).map_err(Error::sql(DOING, self.path()))?;
        // While others read, the log stays as it is; it is emptied some other time.
        held.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(Error::sql(DOING, self.path()))?;
        drop(held);
        Ok((before, self.size()?))
    }
}
