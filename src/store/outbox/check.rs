//! What must be true of the outbox beyond its schema.

use rusqlite::Connection;

/// The first schema version with an outbox.
const SINCE: u32 = 3;

/// Rules, each with the rows that break it: the table and a sentence.
const RULES: &[(&str, &str)] = &[
    (
        "outbox_intents",
        "SELECT 'intent ' || id || ' is in flight, and no live transaction holds it' FROM outbox_intents
         WHERE state = 'in_flight' AND NOT EXISTS (
           SELECT 1 FROM outbox_contents JOIN outbox_transactions ON outbox_transactions.id = tx
           WHERE intent = outbox_intents.id AND outbox_transactions.state IN ('signed', 'handed_out'))",
    ),
    (
        "outbox_intents",
        "SELECT 'intent ' || id || ' is done, and no transaction in a block holds it' FROM outbox_intents
         WHERE state = 'done' AND NOT EXISTS (
           SELECT 1 FROM outbox_contents JOIN outbox_transactions ON outbox_transactions.id = tx
           WHERE intent = outbox_intents.id AND outbox_transactions.state = 'included')",
    ),
    (
        "outbox_intents",
        "SELECT 'intent ' || intent || ' was executed by more than one transaction' FROM outbox_contents
         JOIN outbox_transactions ON outbox_transactions.id = tx
         WHERE outbox_transactions.state = 'included' GROUP BY intent HAVING count(*) > 1",
    ),
    (
        "outbox_intents",
        "SELECT 'intent ' || id || ' waits, and a live transaction holds it' FROM outbox_intents
         WHERE state = 'queued' AND EXISTS (
           SELECT 1 FROM outbox_contents JOIN outbox_transactions ON outbox_transactions.id = tx
           WHERE intent = outbox_intents.id AND outbox_transactions.state IN ('signed', 'handed_out'))",
    ),
    (
        "outbox_transactions",
        "SELECT 'transaction ' || id || ' holds nothing' FROM outbox_transactions
         WHERE settled_at IS NULL AND NOT EXISTS (SELECT 1 FROM outbox_contents WHERE tx = outbox_transactions.id)",
    ),
];

/// What is wrong: a table and a sentence each, a hundred at most for each rule.
pub(in crate::store) fn findings(
    connection: &Connection,
    schema: u32,
) -> rusqlite::Result<Vec<(&'static str, String)>> {
    let mut findings = Vec::new();
    if schema < SINCE {
        return Ok(findings);
    }
    for (table, sql) in RULES {
        let mut statement = connection.prepare(&format!("{sql} LIMIT 100"))?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        for row in rows {
            findings.push((*table, row?));
        }
    }
    Ok(findings)
}
