//! A private copy of the state file, for commands that show what they would do.

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::open::{PATIENCE, configure};
use super::{Error, Store};

const DOING: &str = "copy the state file for a rehearsal";

/// All pages in one step: nobody's write comes between.
const EVERYTHING: i32 = -1;

impl Store {
    /// A copy of this moment, private to the new store and gone with it: a job may do there what it likes. SQLite keeps it
    /// in memory, and in a file without a name where it is large.
    pub fn rehearsal(&self) -> Result<Self, Error> {
        let failed = || Error::sql(DOING, self.path());
        let mut copy = Connection::open("").map_err(failed())?;
        {
            let held = self.hold(DOING)?;
            let backup = Backup::new(&held, &mut copy).map_err(failed())?;
            if backup.step(EVERYTHING).map_err(failed())? != StepResult::Done {
                let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
                return Err(failed()(rusqlite::Error::SqliteFailure(busy, None)));
            }
        }
        configure(&copy, PATIENCE).map_err(failed())?;
        Ok(Self::of(copy, None, None, Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::alert::{Condition, Kind, Severity};
    use crate::store::{Mode, Store, alerts};

    #[test]
    fn what_is_written_in_a_rehearsal_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let store = Store::open(&path, Mode::Write).unwrap();
        let raise = |store: &Store, subject: &str| {
            let condition = Condition {
                kind: Kind::HighCpu,
                subject: subject.to_owned(),
                severity: Severity::Warning,
                summary: String::new(),
            };
            let raise = vec![crate::domain::alert::Change::Raise(condition)];
            store.write("raise", |change| alerts::apply(change, raise, &[], jiff::Timestamp::UNIX_EPOCH)).unwrap();
        };
        let many = |store: &Store| store.read("look", |snapshot| alerts::list(snapshot, true, None)).unwrap().len();
        raise(&store, "one");
        // From one that is open for reading only, beside one that writes.
        let reader = Store::open(&path, Mode::Read).unwrap();
        let copy = reader.rehearsal().unwrap();
        assert!(copy.is_in_memory());
        raise(&copy, "two");
        raise(&store, "three");
        raise(&copy, "four");
        assert_eq!((many(&copy), many(&store), many(&reader)), (3, 2, 2));
        assert_eq!(many(&Store::in_memory().unwrap().rehearsal().unwrap()), 0);
    }
}
