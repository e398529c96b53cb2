-- Every key that this provider ever had, and where it stands in its life. The key folder has the keys themselves.
CREATE TABLE keys (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
  type          TEXT    NOT NULL,
  -- Its public key and the chain's fingerprint of it, which names it for ever.
  public_key    BLOB    NOT NULL,
  fingerprint   TEXT    NOT NULL CHECK (length(fingerprint) = 40),
  -- The back end that keeps its secret.
  kept          TEXT    NOT NULL,
  -- What it is for: signing, usage, encryption.
  role          TEXT CHECK (role IN ('signing', 'usage', 'encryption')),
  state         TEXT    NOT NULL CHECK (state IN ('created', 'pending', 'active', 'rotating', 'suspended', 'deactivated',
                                                  'archived', 'compromised', 'destroyed')),
  -- Since when it is in this state, and why.
  since         INTEGER NOT NULL,
  reason        TEXT,
  created_at    INTEGER NOT NULL,
  activated_at  INTEGER,
  -- When it was given up; whoever has it has it for ever.
  compromised_at INTEGER,
  -- The key that took its place.
  replaced_by   INTEGER REFERENCES keys (id),
  -- When its file was found to be gone.
  missing_since INTEGER,
  -- When its destruction began; a kill in between is made up for.
  destroying_at INTEGER,
  -- What the chain was seen to hold of it.
  chain_version INTEGER,
  registered_at INTEGER,
  deprecated_at INTEGER,
  revoked_at    INTEGER
) STRICT;

-- A name is used again only after its key is gone.
CREATE UNIQUE INDEX keys_by_name ON keys (name) WHERE state <> 'destroyed';
-- And a key that was destroyed can come back from its mnemonic or a backup, to another life.
CREATE UNIQUE INDEX keys_by_fingerprint ON keys (fingerprint) WHERE state <> 'destroyed';

-- What waits for `keys approve`, and who said what.
CREATE TABLE key_requests (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  key          INTEGER NOT NULL REFERENCES keys (id),
  what         TEXT    NOT NULL CHECK (what IN ('activation', 'destruction')),
  requested_at INTEGER NOT NULL,
  requested_by TEXT    NOT NULL,
  approved_at  INTEGER,
  approved_by  TEXT,
  -- Carried out, or withdrawn because the key went another way.
  closed_at    INTEGER,
  CHECK ((approved_at IS NULL) = (approved_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX key_requests_open ON key_requests (key, what) WHERE closed_at IS NULL;

-- The rules that `keys set-policy` gave, each as the configuration would write it.
CREATE TABLE key_policy (
  field  TEXT    PRIMARY KEY,
  value  TEXT    NOT NULL,
  set_at INTEGER NOT NULL
) STRICT;

-- A key taking the place of another, step by step.
CREATE TABLE key_rotations (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  role       TEXT    NOT NULL CHECK (role IN ('usage', 'encryption')),
  old        INTEGER NOT NULL REFERENCES keys (id),
  -- Its name is decided before it is made, so that a kill does not make two.
  new_name   TEXT    NOT NULL,
  new        INTEGER REFERENCES keys (id),
  reason     TEXT    NOT NULL,
  started_at INTEGER NOT NULL,
  switched_at INTEGER,
  ended_at   INTEGER
) STRICT;

CREATE UNIQUE INDEX key_rotations_open ON key_rotations (old) WHERE ended_at IS NULL;
