-- Usage: what was read, what was metered, the records made of it, and what they charge (domain::usage says how).
-- Figures are decimal TEXT: a hundred tebibytes for a day are more byte-seconds than 64 bits hold. NULL: unknown.

-- The meter of each workload under a lease, as it was after its last sample.
CREATE TABLE usage_meters (
  id          INTEGER PRIMARY KEY,
  lease       TEXT    NOT NULL UNIQUE,
  workload    TEXT    NOT NULL,
  opened_at   INTEGER NOT NULL,
  position_at INTEGER NOT NULL,
  -- When the workload or its lease ended; all its windows are records then.
  ended_at    INTEGER,
  state       TEXT    NOT NULL CHECK (json_valid(state)),
  -- What the lease reserves (JSON) and what it earns by the block ('12.5uve'), where that is known.
  allocated   TEXT    CHECK (allocated IS NULL OR json_valid(allocated)),
  lease_price TEXT
) STRICT;

CREATE INDEX usage_meters_running ON usage_meters (workload) WHERE ended_at IS NULL;

-- What the sources said. The meters know what they need; this is for looking back.
CREATE TABLE usage_samples (
  meter                INTEGER NOT NULL REFERENCES usage_meters (id) ON DELETE CASCADE,
  at                   INTEGER NOT NULL,
  source               TEXT    NOT NULL,
  part                 TEXT    NOT NULL,
  started_at           INTEGER,
  cpu_milli_seconds    TEXT,
  memory_byte_seconds  TEXT,
  storage_byte_seconds TEXT,
  network_bytes_in     TEXT,
  network_bytes_out    TEXT,
  gpu_seconds          TEXT,
  -- What was held at that moment, where nothing counts it over time.
  memory_held          TEXT,
  storage_held         TEXT,
  gpus_held            TEXT,
  -- These are the last meters of the part.
  ended_at             INTEGER,
  PRIMARY KEY (meter, at, source, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_samples_by_time ON usage_samples (at);

-- One record for each window and revision.
CREATE TABLE usage_records (
  -- Never used twice.
  id                   INTEGER PRIMARY KEY AUTOINCREMENT,
  record_id            TEXT    NOT NULL UNIQUE CHECK (length(record_id) = 32),
  lease                TEXT    NOT NULL,
  tenant               TEXT    NOT NULL,
  workload             TEXT    NOT NULL,
  type                 TEXT    NOT NULL CHECK (type IN ('periodic', 'final')),
  revision             INTEGER NOT NULL CHECK (revision > 0),
  -- 0 when a later revision of the window has taken its place.
  current              INTEGER NOT NULL DEFAULT 1 CHECK (current IN (0, 1)),
  start_at             INTEGER NOT NULL,
  end_at               INTEGER NOT NULL CHECK (end_at > start_at),
  cpu_milli_seconds    TEXT,
  memory_byte_seconds  TEXT,
  storage_byte_seconds TEXT,
  network_bytes_in     TEXT,
  network_bytes_out    TEXT,
  gpu_seconds          TEXT,
  -- Who measured, with commas between.
  sources              TEXT    NOT NULL,
  gaps                 TEXT    NOT NULL CHECK (json_valid(gaps)),
  allocated            TEXT    CHECK (allocated IS NULL OR json_valid(allocated)),
  pricing              TEXT    NOT NULL CHECK (json_valid(pricing)),
  -- What the fraud check found, and who approved it all the same.
  flags                TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(flags)),
  review               TEXT    CHECK (review IS NULL OR json_valid(review)),
  state                TEXT    NOT NULL CHECK (state IN
    ('held', 'rejected', 'pending', 'no_escrow', 'submitted', 'recorded', 'settled', 'failed', 'local')),
  -- Why it is in this state, where that says more: the chain's refusal, a person's word.
  detail               TEXT,
  -- The sum of its charges: '12uve'; NULL while it is held.
  cost                 TEXT,
  created_at           INTEGER NOT NULL,
  -- Submissions that failed, and when the next one is due.
  attempts             INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_attempt_at      INTEGER,
  hash                 BLOB    CHECK (hash IS NULL OR length(hash) = 32),
  signature            BLOB    CHECK (signature IS NULL OR length(signature) = 64),
  public_key           BLOB    CHECK (public_key IS NULL OR length(public_key) = 32),
  UNIQUE (lease, start_at, revision),
  CHECK ((hash IS NULL) = (state IN ('held', 'rejected'))),
  CHECK ((hash IS NULL) = (signature IS NULL) AND (hash IS NULL) = (public_key IS NULL))
) STRICT;

CREATE INDEX usage_records_by_time ON usage_records (start_at, id);
CREATE INDEX usage_records_open ON usage_records (state, id) WHERE state NOT IN ('settled', 'local', 'rejected');
CREATE UNIQUE INDEX usage_records_one_current ON usage_records (lease, start_at) WHERE current = 1;

-- What a record charges of each usage type that has a price. carried_in + metered = units × unit + carried_out.
CREATE TABLE usage_charges (
  id            INTEGER PRIMARY KEY,
  record        INTEGER NOT NULL REFERENCES usage_records (id),
  lease         TEXT    NOT NULL,
  usage_type    TEXT    NOT NULL,
  carried_in    TEXT    NOT NULL,
  metered       TEXT    NOT NULL,
  units         TEXT    NOT NULL,
  unit_price    TEXT    NOT NULL,
  cost          TEXT    NOT NULL,
  carried_out   TEXT    NOT NULL,
  -- The message in the outbox, the chain's own record, and the settlement that paid it.
  intent        INTEGER,
  usage_id      TEXT UNIQUE,
  settlement_id TEXT,
  UNIQUE (record, usage_type)
) STRICT;

CREATE INDEX usage_charges_by_lease ON usage_charges (lease, usage_type, id);

-- What was metered and not charged yet, for each lease and usage type.
CREATE TABLE usage_carries (
  lease      TEXT NOT NULL,
  usage_type TEXT NOT NULL,
  carried    TEXT NOT NULL,
  PRIMARY KEY (lease, usage_type)
) STRICT, WITHOUT ROWID;

-- The clocks of the last collection: one row.
CREATE TABLE usage_clock (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  wall_at    INTEGER NOT NULL,
  boot       TEXT    NOT NULL,
  since_boot INTEGER NOT NULL
) STRICT;
