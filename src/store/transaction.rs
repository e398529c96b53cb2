//! How the state file is read and written: [`Snapshot`] and [`Change`].

use std::ops::Deref;
use std::path::Path;

use rusqlite::{Connection, Params, Row, TransactionBehavior};

use super::{Error, Store};

/// A consistent view of the whole state file, whatever other processes write meanwhile.
pub struct Snapshot<'a> {
    connection: &'a Connection,
    path: &'a Path,
    doing: &'static str,
}

/// A change in the making: sees itself and everything a [`Snapshot`] sees. Nobody else sees it before it is complete.
pub struct Change<'a>(Snapshot<'a>);

impl Store {
    /// Reads, from one consistent view. `doing` completes "cannot …".
    ///
    /// `read` is synchronous, so a view never stays open across an await.
    pub fn read<T, E: From<Error>>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.hold(doing)?;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .map_err(Error::sql(doing, self.path()))?;
        // Dropping the transaction ends it; a reader has nothing to commit.
        read(&Snapshot { connection: &transaction, path: self.path(), doing })
    }

    /// Writes: all of it or, when `write` or the disk fails, nothing. When this returns `Ok`, the change survives a
    /// kill and a power loss. `doing` completes "cannot …".
    ///
    /// Writers of all processes take turns, so `write` does nothing but read and write the state file; it is
    /// synchronous, so a turn never lasts across an await.
    pub fn write<T, E: From<Error>>(
        &self,
        doing: &'static str,
        write: impl FnOnce(&Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.hold(doing)?;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::sql(doing, self.path()))?;
        let value = write(&Change(Snapshot { connection: &transaction, path: self.path(), doing }))?;
        transaction.commit().map_err(Error::sql(doing, self.path()))?;
        Ok(value)
    }
}

impl Snapshot<'_> {
    /// Every row of a query.
    pub fn rows<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut rows = Vec::new();
        self.each(sql, parameters, |row| {
            rows.push(read(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of a query, if there is one.
    pub fn row<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            only_reads(&statement)?;
            let mut rows = statement.query(parameters)?;
            rows.next()?.map(read).transpose()
        })
    }

    /// The first row of a query that always has one, such as a count.
    pub fn one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let row = self.row(sql, parameters, read)?;
        row.ok_or_else(|| Error::sql(self.doing, self.path)(rusqlite::Error::QueryReturnedNoRows))
    }

    /// Says that a row is gone which every state file has.
    pub(super) fn lacks(&self, what: &'static str) -> Error {
        Error::Lacks { doing: self.doing, path: self.path.to_owned(), what }
    }

    /// Looks at every row of a query without keeping them.
    pub fn each(
        &self,
        sql: &str,
        parameters: impl Params,
        mut look: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            only_reads(&statement)?;
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                look(row)?;
            }
            Ok(())
        })
    }

    fn run<T>(&self, statement: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        statement(self.connection).map_err(Error::sql(self.doing, self.path))
    }
}

/// Reading cannot change anything, not even through `DELETE … RETURNING`.
fn only_reads(statement: &rusqlite::Statement<'_>) -> rusqlite::Result<()> {
    if statement.readonly() { Ok(()) } else { Err(rusqlite::Error::InvalidQuery) }
}

impl<'a> Deref for Change<'a> {
    type Target = Snapshot<'a>;

    fn deref(&self) -> &Snapshot<'a> {
        &self.0
    }
}

impl Change<'_> {
    /// Runs a statement that changes rows. Gives back how many.
    pub fn execute(&self, sql: &str, parameters: impl Params) -> Result<usize, Error> {
        self.run(|connection| connection.prepare_cached(sql)?.execute(parameters))
    }

    /// Inserts one row. Gives back its row id.
    pub fn insert(&self, sql: &str, parameters: impl Params) -> Result<i64, Error> {
        self.run(|connection| connection.prepare_cached(sql)?.insert(parameters))
    }
}
