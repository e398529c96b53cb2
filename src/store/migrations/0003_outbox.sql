-- The outbox: messages that are to be on the chain exactly once, and the signed bytes that bring them there
-- (domain::outbox says how).

-- One message each.
CREATE TABLE outbox_intents (
  -- Never used twice, so that a log line that names an intent stays true after pruning.
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  -- What it is for, in the words of the job that wants it: the same key is the same intent.
  key        TEXT    NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 256),
  chain      TEXT    NOT NULL,
  signer     TEXT    NOT NULL,
  type_url   TEXT    NOT NULL CHECK (type_url GLOB '/*'),
  message    BLOB    NOT NULL,
  -- What the message sets aside, such as '500000uve'; NULL: nothing.
  deposit    TEXT,
  created_at INTEGER NOT NULL,
  -- It is worth nothing if it is signed later than this.
  not_after  INTEGER,
  state      TEXT    NOT NULL CHECK (state IN
               ('queued', 'needs_confirmation', 'in_flight', 'done', 'refused', 'expired', 'abandoned')),
  -- Why it is in this state: a word for programs, and a text for people.
  reason     TEXT,
  detail     TEXT,
  -- It failed in company, and nobody knows whose fault it was.
  alone      INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1)),
  -- How often it was in a block without enough gas.
  starved    INTEGER NOT NULL DEFAULT 0 CHECK (starved >= 0),
  -- No node took it at this gas price: '0.025uve'.
  refused_price TEXT,
  -- SHA-256 of what it changes, as that was on the chain when the message was made.
  base       BLOB    CHECK (length(base) = 32),
  -- What must still be so when it is signed and handed out; NULL: nothing.
  guard      TEXT    CHECK (guard IN ('bid_open', 'not_paused')),
  settled_at INTEGER,
  CHECK ((state IN ('done', 'refused', 'expired', 'abandoned')) = (settled_at IS NOT NULL))
) STRICT;

CREATE INDEX outbox_intents_open ON outbox_intents (chain, signer, id) WHERE settled_at IS NULL;
CREATE INDEX outbox_intents_by_state ON outbox_intents (state, id);

-- Signed bytes.
CREATE TABLE outbox_transactions (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  hash            BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
  chain           TEXT    NOT NULL,
  signer          TEXT    NOT NULL,
  account_number  INTEGER NOT NULL CHECK (account_number >= 0),
  sequence        INTEGER NOT NULL CHECK (sequence >= 0),
  bytes           BLOB    NOT NULL,
  gas_limit       INTEGER NOT NULL CHECK (gas_limit > 0),
  -- What is paid for a place in a block, whatever comes of the messages: '5000uve'.
  fee             TEXT    NOT NULL,
  -- When it was signed, in which run, and a height that the chain had reached before.
  signed_at       INTEGER NOT NULL,
  run             INTEGER,
  signed_height   INTEGER NOT NULL CHECK (signed_height >= 0),
  -- Its end: no block above this height executes it.
  timeout_height  INTEGER NOT NULL CHECK (timeout_height > signed_height),
  state           TEXT    NOT NULL CHECK (state IN ('signed', 'handed_out', 'included', 'failed', 'void', 'lost')),
  -- How often nodes were given the bytes, and the chain's height the last time.
  handings        INTEGER NOT NULL DEFAULT 0 CHECK (handings >= 0),
  handed_height   INTEGER,
  -- The blocks above signed_height up to this one were read, and do not hold it.
  read_to         INTEGER NOT NULL DEFAULT 0 CHECK (read_to >= 0),
  -- What the node said of it last, before it was in a block.
  said            TEXT,
  -- What became of it.
  height          INTEGER,
  codespace       TEXT,
  code            INTEGER,
  log             TEXT,
  gas_used        INTEGER,
  settled_at      INTEGER,
  CHECK ((state IN ('included', 'failed', 'void')) = (settled_at IS NOT NULL)),
  CHECK ((state IN ('included', 'failed')) = (height IS NOT NULL))
) STRICT;

-- Two live transactions with one sequence would be two answers to one question.
CREATE UNIQUE INDEX outbox_transactions_one_live ON outbox_transactions (chain, signer, sequence)
  WHERE state IN ('signed', 'handed_out');
CREATE INDEX outbox_transactions_by_signer ON outbox_transactions (chain, signer, id);

-- Which intents a transaction holds, in the order of its messages, and what the chain answered to each.
CREATE TABLE outbox_contents (
  tx            INTEGER NOT NULL REFERENCES outbox_transactions (id) ON DELETE CASCADE,
  position      INTEGER NOT NULL CHECK (position >= 0),
  intent        INTEGER NOT NULL REFERENCES outbox_intents (id) ON DELETE CASCADE,
  response_type TEXT,
  response      BLOB,
  PRIMARY KEY (tx, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX outbox_contents_by_intent ON outbox_contents (intent, tx);

-- Every change of state of both.
CREATE TABLE outbox_transitions (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  at         INTEGER NOT NULL,
  run        INTEGER,
  intent     INTEGER REFERENCES outbox_intents (id) ON DELETE CASCADE,
  tx         INTEGER REFERENCES outbox_transactions (id) ON DELETE CASCADE,
  from_state TEXT,
  to_state   TEXT NOT NULL,
  reason     TEXT,
  detail     TEXT,
  CHECK ((intent IS NULL) <> (tx IS NULL))
) STRICT;

CREATE INDEX outbox_transitions_by_intent ON outbox_transitions (intent, id) WHERE intent IS NOT NULL;
CREATE INDEX outbox_transitions_by_tx ON outbox_transitions (tx, id) WHERE tx IS NOT NULL;

-- The books: what left the account. Written when a transaction is found in a block.
CREATE TABLE outbox_spending (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  at     INTEGER NOT NULL,
  run    INTEGER,
  tx     INTEGER REFERENCES outbox_transactions (id) ON DELETE SET NULL,
  kind   TEXT    NOT NULL CHECK (kind IN ('fee', 'deposit')),
  -- Such as '5000uve'.
  amount TEXT    NOT NULL
) STRICT;

CREATE INDEX outbox_spending_by_time ON outbox_spending (at);
CREATE INDEX outbox_spending_by_run ON outbox_spending (run, id);
CREATE INDEX outbox_spending_by_tx ON outbox_spending (tx);
