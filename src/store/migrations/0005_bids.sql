-- Bidding: our bid on each order, what it holds, why other orders got none, and when we pause.

-- Our bid on an order. An order takes one of us, for ever.
CREATE TABLE bids (
  -- Never used twice, so that a log line that names a bid stays true after pruning.
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  chain            TEXT    NOT NULL,
  -- owner/dseq/gseq/oseq
  order_id         TEXT    NOT NULL,
  provider         TEXT    NOT NULL,
  state            TEXT    NOT NULL CHECK (state IN
                     ('proposed', 'queued', 'open', 'active', 'lost', 'closed', 'refused', 'dropped')),
  -- The back end that it goes to. A lease stays there for life.
  back_end         TEXT    NOT NULL,
  -- The price of a block, and what is locked while it is on chain: '0.04uve', '500000uve'.
  price            TEXT    NOT NULL,
  deposit          TEXT    NOT NULL,
  -- What kind of order it was, for the rate of bids that win: 'cpu', 'gpu/nvidia/a100'.
  class            TEXT    NOT NULL,
  -- What was decided, as JSON: price, funded time, rank.
  decision         TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(decision)),
  -- Who wanted it: a run, a person, or the chain that showed it to a fresh state file.
  origin           TEXT    NOT NULL CHECK (origin IN ('run', 'person', 'chain')),
  created_at       INTEGER NOT NULL,
  -- How often it was queued, and when it may be queued again.
  attempts         INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  retry_at         INTEGER,
  -- How often the chain refused it for what the order is, rather than for what our account is.
  failures         INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
  -- The height of the newest reading by which the chain showed its state: an older one changes nothing.
  seen_height      INTEGER,
  -- When the deployment behind it was last seen alive.
  checked_at       INTEGER,
  -- When it was first seen open.
  opened_at        INTEGER,
  -- 1: it won; 0: it did not.
  won              INTEGER CHECK (won IN (0, 1)),
  -- Why it is in this state: a word for programs, and a text for people.
  reason           TEXT,
  detail           TEXT,
  settled_at       INTEGER,
  UNIQUE (chain, order_id, provider),
  CHECK ((state IN ('lost', 'closed', 'refused', 'dropped')) = (settled_at IS NOT NULL))
) STRICT;

CREATE INDEX bids_by_state ON bids (state, id);
-- What a run reads whole: few, however many there ever were.
CREATE INDEX bids_live ON bids (chain, provider, id) WHERE settled_at IS NULL;
CREATE INDEX bids_retried ON bids (chain, provider, retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX bids_by_class ON bids (class, id) WHERE won IS NOT NULL;

-- Every change of state.
CREATE TABLE bid_transitions (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  bid        INTEGER NOT NULL REFERENCES bids (id) ON DELETE CASCADE,
  at         INTEGER NOT NULL,
  run        INTEGER,
  from_state TEXT,
  to_state   TEXT    NOT NULL,
  reason     TEXT,
  detail     TEXT
) STRICT;

CREATE INDEX bid_transitions_by_bid ON bid_transitions (bid, id);

-- Capacity that is promised to a bid. Each run makes these anew out of what the chain shows, and past its time a
-- reservation counts no more, whatever became of the run that made it.
CREATE TABLE reservations (
  bid        INTEGER PRIMARY KEY REFERENCES bids (id) ON DELETE CASCADE,
  back_end   TEXT    NOT NULL,
  -- What is taken of the back end, as JSON.
  footprint  TEXT    NOT NULL CHECK (json_valid(footprint)),
  -- NULL: a lease has it, for as long as the chain shows the lease.
  expires_at INTEGER
) STRICT;

-- When bids were queued: the rates per minute and hour hold across runs.
CREATE TABLE bid_sends (
  id  INTEGER PRIMARY KEY AUTOINCREMENT,
  at  INTEGER NOT NULL,
  bid INTEGER REFERENCES bids (id) ON DELETE SET NULL
) STRICT;

CREATE INDEX bid_sends_by_time ON bid_sends (at);

-- The last decision about each order that got no bid, so that an order that has not changed under terms that have not
-- changed costs nothing.
CREATE TABLE bid_decisions (
  -- The first 16 bytes of the SHA-256 of chain and order id.
  key      BLOB    PRIMARY KEY CHECK (length(key) = 16),
  order_id TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  run      INTEGER,
  code     TEXT    NOT NULL,
  -- The reason with its operands, as JSON.
  reason   TEXT    NOT NULL CHECK (json_valid(reason)),
  -- It holds for ever, while this digest is the same, until this time, or not at all.
  lasts    TEXT    NOT NULL CHECK (lasts IN ('for_ever', 'digest', 'time', 'run')),
  digest   INTEGER,
  until    INTEGER,
  -- How often in a row what would decide could not be read.
  tries    INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
  -- The order was no longer listed.
  gone_at  INTEGER,
  CHECK ((lasts = 'digest') = (digest IS NOT NULL)),
  CHECK ((lasts = 'time') = (until IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX bid_decisions_by_order ON bid_decisions (order_id);
CREATE INDEX bid_decisions_gone ON bid_decisions (gone_at) WHERE gone_at IS NOT NULL;

-- When no new bids are made, because a person said so.
CREATE TABLE pauses (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  at         INTEGER NOT NULL,
  reason     TEXT    NOT NULL,
  user       TEXT,
  resumed_at INTEGER
) STRICT;

CREATE UNIQUE INDEX pauses_one_at_a_time ON pauses (resumed_at IS NULL) WHERE resumed_at IS NULL;

-- How fast each chain makes blocks, as prices by the hour count them.
CREATE TABLE chain_pace (
  chain       TEXT    PRIMARY KEY,
  block_nanos INTEGER NOT NULL CHECK (block_nanos > 0),
  -- The block by which it was measured, and the next measurement begins with.
  height      INTEGER NOT NULL CHECK (height >= 0),
  time        INTEGER NOT NULL
) STRICT;

-- Leases as they were last seen, and what is due for each.
CREATE TABLE leases (
  -- owner/dseq/gseq/oseq/provider
  id            TEXT    PRIMARY KEY,
  chain         TEXT    NOT NULL,
  state         TEXT    NOT NULL,
  price         TEXT    NOT NULL,
  back_end      TEXT,
  created_at    INTEGER NOT NULL,
  closed_height INTEGER,
  -- Why it ended, and who says so: the chain's store, an event, or what follows from the payment.
  reason        TEXT,
  reason_source TEXT,
  -- When it was first and last seen, and when it was last withdrawn from.
  first_seen    INTEGER NOT NULL,
  last_seen     INTEGER NOT NULL,
  withdrawn_at  INTEGER,
  -- When the escrow is empty at the present rates.
  funded_until  INTEGER,
  -- A warning about it was given.
  warned_at     INTEGER
) STRICT;

CREATE INDEX leases_by_state ON leases (state, id);
