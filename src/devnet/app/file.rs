//! The chain's file: one SQLite database for state, blocks and transactions.
//!
//! A block is one transaction of it: state, undo rows, header, results and index appear together or not at all. The
//! write-ahead log lets queries read the last whole block while the next is written.

use crate::devnet::kv::{Broken, Changes, Kv, SqliteKv};
use prost::Message;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use super::block::{Header, StoredBlock};
use super::result::{Included, TxResult};

/// What `application_id` says in the file of a development chain: "VEDV".
pub const APPLICATION_ID: i32 = 0x5645_4456;

/// For how many of the last blocks the state can be asked for.
pub const REMEMBERED_BLOCKS: i64 = 256;

const SCHEMA: &str = "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE undo (height INTEGER NOT NULL, key BLOB NOT NULL, value BLOB, PRIMARY KEY (height, key))
        STRICT, WITHOUT ROWID;
    CREATE TABLE block (height INTEGER PRIMARY KEY, hash BLOB NOT NULL, header BLOB NOT NULL, app_hash BLOB NOT NULL,
        results_hash BLOB NOT NULL, events BLOB NOT NULL) STRICT;
    CREATE INDEX block_hash ON block (hash);
    CREATE TABLE tx (hash BLOB PRIMARY KEY, height INTEGER NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL,
        result BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX tx_place ON tx (height, position);
    CREATE TABLE tx_event (name TEXT NOT NULL, value TEXT NOT NULL, height INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (name, value, height, position)) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 1;
";

/// The file, open for the one writer.
pub struct ChainFile {
    connection: Connection,
}

/// What a finished block adds to the file.
pub struct NewBlock<'b> {
    /// The header and what belongs to it.
    pub block: &'b StoredBlock,
    /// The state's changes.
    pub changes: Changes,
    /// Its transactions with their results.
    pub txs: &'b [Included],
    /// A fact about the chain that changes with it.
    pub fact: Option<(&'static str, String)>,
}

fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Broken {
    move |source| Broken::File { doing, source }
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, Broken> {
    let connection =
        Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed("open"))?;
    connection.busy_timeout(Duration::from_secs(30)).map_err(failed("open"))?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// What the file of a chain says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub chain_id: String,
    /// The word for its network.
    pub network: String,
    /// The word for its profile.
    pub profile: String,
}

/// Reads what the file says of its chain; none where there is no chain in it yet.
pub fn found(path: &Path) -> Result<Option<Found>, Broken> {
    if !check_mark(path)? {
        return Ok(None);
    }
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let fact = |name| fact(&connection, name);
    Ok(match (fact("chain id")?, fact("network")?, fact("profile")?) {
        (Some(chain_id), Some(network), Some(profile)) => Some(Found { chain_id, network, profile }),
        _ => None,
    })
}

/// Looks at a file before anything is done with it: true where it is marked as a development chain's, false where it is
/// missing or empty, and refused where it is anybody else's. Writes nothing.
pub fn check_mark(path: &Path) -> Result<bool, Broken> {
    let cannot = |source| Broken::Make { path: path.to_owned(), source };
    let foreign = |what: &'static str| Broken::Foreign { path: path.to_owned(), what };
    let metadata = match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        metadata => metadata.map_err(cannot)?,
    };
    if !metadata.is_file() {
        return Err(foreign("it is no file"));
    }
    if metadata.len() == 0 {
        return Ok(false);
    }
    let mut magic = [0; MAGIC.len()];
    let read = File::open(path).map_err(cannot)?.read_exact(&mut magic);
    if read.is_err() || magic != MAGIC {
        return Err(foreign("it is no database"));
    }
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let one = |text: &str| connection.query_row(text, [], |row| row.get::<_, i64>(0)).map_err(failed("look at"));
    let (application, version) = (one("PRAGMA application_id")?, one("PRAGMA user_version")?);
    match (application == i64::from(APPLICATION_ID), version) {
        (true, 1) => Ok(true),
        (true, _) => Err(foreign("it is one of another version of this program")),
        // Made, and ended before anything was laid out in it.
        (false, 0) if application == 0 && one("SELECT count(*) FROM sqlite_schema")? == 0 => Ok(false),
        (false, _) => Err(foreign("it is somebody else's database")),
    }
}

/// What a database begins with.
const MAGIC: [u8; 16] = *b"SQLite format 3\0";

/// Makes the file where it is missing, and closes it to others: SQLite gives its companions the same mode.
fn make_private(path: &Path) -> Result<(), Broken> {
    let failed = |source| Broken::Make { path: path.to_owned(), source };
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map_err(failed)?;
    file.set_permissions(Permissions::from_mode(0o600)).map_err(failed)
}

impl ChainFile {
    /// Opens the file, and makes it where it is missing. One that is not a development chain's is not touched.
    pub fn open(path: &Path) -> Result<Self, Broken> {
        let marked = check_mark(path)?;
        make_private(path)?;
        let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if !marked {
            let table = crate::devnet::kv::STATE_TABLE;
            let marked = format!("BEGIN; PRAGMA application_id = {APPLICATION_ID}; {SCHEMA} {table} COMMIT;");
            connection.execute_batch(&marked).map_err(failed("lay out"))?;
        }
        connection
            // Nothing here is worth an fsync for each block: a power cut may take the last blocks, but never half of one.
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864;",
            )
            .map_err(failed("open"))?;
        Ok(Self { connection })
    }

    /// The state after the last block.
    pub fn state(&self) -> SqliteKv<'_> {
        SqliteKv::new(&self.connection)
    }

    /// What is known of the last block.
    pub fn last_block(&self) -> Result<Option<StoredBlock>, Broken> {
        last_block(&self.connection)
    }

    /// A fact about the chain.
    pub fn fact(&self, name: &str) -> Result<Option<String>, Broken> {
        fact(&self.connection, name)
    }

    /// Keeps a fact about the chain.
    pub fn set_fact(&self, name: &str, value: &str) -> Result<(), Broken> {
        set_fact(&self.connection, name, value)
    }

    /// Adds a block, in one transaction.
    pub fn add_block(&mut self, block: NewBlock<'_>) -> Result<(), Broken> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed("write"))?;
        add_block(&transaction, block)?;
        transaction.commit().map_err(failed("write"))
    }

    /// Writes the genesis state, and facts that belong to it, in one transaction.
    pub fn write_genesis(&mut self, changes: Changes, facts: &[(&str, &str)]) -> Result<(), Broken> {
        let transaction = self.connection.transaction().map_err(failed("write"))?;
        changes.apply(&mut SqliteKv::new(&transaction))?;
        for (name, value) in facts {
            set_fact(&transaction, name, value)?;
        }
        transaction.commit().map_err(failed("write"))
    }
}

fn add_block(transaction: &Transaction<'_>, new: NewBlock<'_>) -> Result<(), Broken> {
    let NewBlock { block, changes, txs, fact } = new;
    if let Some((name, value)) = fact {
        set_fact(transaction, name, &value)?;
    }
    let height = block.header.height;
    let mut kv = SqliteKv::new(transaction);
    {
        let mut undo = transaction
            .prepare_cached("INSERT INTO undo (height, key, value) VALUES (?1, ?2, ?3)")
            .map_err(failed("write"))?;
        for (key, _) in changes.iter() {
            undo.execute(params![height, key, kv.get(key)?]).map_err(failed("write"))?;
        }
    }
    changes.apply(&mut kv)?;
    let run = |text: &str, parameters: &[&dyn rusqlite::ToSql]| -> Result<(), Broken> {
        let mut statement = transaction.prepare_cached(text).map_err(failed("write"))?;
        statement.execute(parameters).map(drop).map_err(failed("write"))
    };
    run("DELETE FROM undo WHERE height <= ?1", &[&(height - REMEMBERED_BLOCKS)])?;
    run(
        "INSERT INTO block (height, hash, header, app_hash, results_hash, events) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            &height,
            &block.hash,
            &block.header.encode_to_vec(),
            &block.app_hash,
            &block.results_hash,
            &block.events.encode_to_vec(),
        ],
    )?;
    for (position, tx) in txs.iter().enumerate() {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        run(
            "INSERT OR REPLACE INTO tx (hash, height, position, bytes, result) VALUES (?1, ?2, ?3, ?4, ?5)",
            &[&tx.hash.as_slice(), &height, &position, &tx.bytes, &tx.result.encode_to_vec()],
        )?;
        for event in &tx.result.events {
            for attribute in &event.attributes {
                run(
                    "INSERT OR IGNORE INTO tx_event (name, value, height, position) VALUES (?1, ?2, ?3, ?4)",
                    &[&format!("{}.{}", event.r#type, attribute.key), &attribute.value, &height, &position],
                )?;
            }
        }
    }
    Ok(())
}

fn set_fact(connection: &Connection, name: &str, value: &str) -> Result<(), Broken> {
    connection
        .execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", [name, value])
        .map(drop)
        .map_err(failed("write"))
}

fn fact(connection: &Connection, name: &str) -> Result<Option<String>, Broken> {
    connection
        .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))
        .optional()
        .map_err(failed("read"))
}

const BLOCK_COLUMNS: &str = "hash, header, app_hash, results_hash, events FROM block";

type BlockRow = (Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

fn block_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<BlockRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn stored_block(row: BlockRow) -> Result<StoredBlock, Broken> {
    let (hash, header, app_hash, results_hash, events) = row;
    let unreadable = |source| Broken::Value { collection: "block", key: String::new(), source };
    Ok(StoredBlock {
        hash,
        header: Header::decode(header.as_slice()).map_err(unreadable)?,
        app_hash,
        results_hash,
        events: super::result::Events::decode(events.as_slice()).map_err(unreadable)?,
    })
}

fn last_block(connection: &Connection) -> Result<Option<StoredBlock>, Broken> {
    connection
        .prepare_cached(&format!("SELECT {BLOCK_COLUMNS} ORDER BY height DESC LIMIT 1"))
        .and_then(|mut statement| statement.query_row([], block_row).optional())
        .map_err(failed("read"))?
        .map(stored_block)
        .transpose()
}

/// Connections that read.
pub struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

/// What the file held at one moment: the last whole block and all before it.
pub struct Reader<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

impl Readers {
    /// Readers of this file, which exists.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::new(Vec::new()) }
    }

    /// Begins to read: everything that this reader sees belongs to one moment.
    pub fn read(&self) -> Result<Reader<'_>, Broken> {
        let idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        connection.execute_batch("BEGIN").map_err(failed("read"))?;
        Ok(Reader { readers: self, connection: Some(connection) })
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && connection.execute_batch("ROLLBACK").is_ok()
        {
            self.readers.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(connection);
        }
    }
}

impl Reader<'_> {
    fn connection(&self) -> Result<&Connection, Broken> {
        self.connection.as_ref().ok_or_else(|| Broken::Inconsistent { what: "a reader without connection".to_owned() })
    }

    /// The state after the last block.
    pub fn state(&self) -> Result<SqliteKv<'_>, Broken> {
        Ok(SqliteKv::new(self.connection()?))
    }

    /// What separates the state after the last block from the one after `height`; none where that is forgotten.
    pub fn undo(&self, height: i64, last: i64) -> Result<Option<Changes>, Broken> {
        if height < last - REMEMBERED_BLOCKS || height < 0 {
            return Ok(None);
        }
        let mut statement = self
            .connection()?
            .prepare_cached("SELECT key, value FROM undo WHERE height > ?1 ORDER BY height DESC")
            .map_err(failed("read"))?;
        let rows = statement
            .query_map([height], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<Vec<u8>>>(1)?)))
            .map_err(failed("read"))?;
        let mut changes = Changes::default();
        for row in rows {
            let (key, value) = row.map_err(failed("read"))?;
            changes.put(key, value);
        }
        Ok(Some(changes))
    }

    /// The last block.
    pub fn last_block(&self) -> Result<StoredBlock, Broken> {
        last_block(self.connection()?)?
            .ok_or_else(|| Broken::Inconsistent { what: "a chain without its first block".to_owned() })
    }

    /// The lowest height that has a block.
    pub fn first_height(&self) -> Result<i64, Broken> {
        self.connection()?.query_row("SELECT min(height) FROM block", [], |row| row.get(0)).map_err(failed("read"))
    }

    /// The block of a height.
    pub fn block(&self, height: i64) -> Result<Option<StoredBlock>, Broken> {
        self.connection()?
            .prepare_cached(&format!("SELECT {BLOCK_COLUMNS} WHERE height = ?1"))
            .and_then(|mut statement| statement.query_row([height], block_row).optional())
            .map_err(failed("read"))?
            .map(stored_block)
            .transpose()
    }

    /// The block with this hash.
    pub fn block_by_hash(&self, hash: &[u8]) -> Result<Option<StoredBlock>, Broken> {
        self.connection()?
            .prepare_cached(&format!("SELECT {BLOCK_COLUMNS} WHERE hash = ?1"))
            .and_then(|mut statement| statement.query_row([hash], block_row).optional())
            .map_err(failed("read"))?
            .map(stored_block)
            .transpose()
    }

    /// The transactions of a block, in order.
    pub fn txs(&self, height: i64) -> Result<Vec<Included>, Broken> {
        self.txs_where("height = ?1 ORDER BY position", &[&height])
    }

    /// The transaction with this hash.
    pub fn tx(&self, hash: &[u8]) -> Result<Option<Included>, Broken> {
        Ok(self.txs_where("hash = ?1", &[&hash])?.pop())
    }

    /// The transaction at this place.
    pub fn tx_at(&self, height: i64, position: i64) -> Result<Option<Included>, Broken> {
        Ok(self.txs_where("height = ?1 AND position = ?2", &[&height, &position])?.pop())
    }

    fn txs_where(&self, condition: &str, parameters: &[&dyn rusqlite::ToSql]) -> Result<Vec<Included>, Broken> {
        let mut statement = self
            .connection()?
            .prepare_cached(&format!("SELECT hash, height, position, bytes, result FROM tx WHERE {condition}"))
            .map_err(failed("read"))?;
        let rows = statement
            .query_map(parameters, |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get::<_, Vec<u8>>(4)?))
            })
            .map_err(failed("read"))?;
        rows.map(|row| {
            let (hash, height, position, bytes, result) = row.map_err(failed("read"))?;
            let result = TxResult::decode(result.as_slice()).map_err(|source| Broken::Value {
                collection: "tx",
                key: String::new(),
                source,
            })?;
            Ok(Included { hash, height, position, bytes, result })
        })
        .collect()
    }

    /// The places (height and position) of the transactions one of whose events has this attribute, with this value
    /// or any, in order.
    pub fn places(&self, name: &str, value: Option<&str>) -> Result<Vec<(i64, i64)>, Broken> {
        let text = match value {
            Some(_) => "SELECT height, position FROM tx_event WHERE name = ?1 AND value = ?2 ORDER BY height, position",
            None => {
                "SELECT DISTINCT height, position FROM tx_event WHERE name = ?1 AND ?2 IS NULL ORDER BY height, position"
            }
        };
        let mut statement = self.connection()?.prepare_cached(text).map_err(failed("read"))?;
        let rows =
            statement.query_map(params![name, value], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed("read"))?;
        rows.collect::<Result<_, _>>().map_err(failed("read"))
    }

    /// The places of all transactions between two heights, both included, in order.
    pub fn places_between(&self, from: i64, to: i64) -> Result<Vec<(i64, i64)>, Broken> {
        let mut statement = self
            .connection()?
            .prepare_cached("SELECT height, position FROM tx WHERE height BETWEEN ?1 AND ?2 ORDER BY height, position")
            .map_err(failed("read"))?;
        let rows = statement.query_map([from, to], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed("read"))?;
        rows.collect::<Result<_, _>>().map_err(failed("read"))
    }
}
