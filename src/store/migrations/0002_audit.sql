-- The audit trail: what was done, chained by hashes (domain::audit says how).
CREATE TABLE audit (
  -- 1, 2, 3 … without gaps.
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  event    TEXT    NOT NULL,
  outcome  TEXT    NOT NULL,
  -- Who: the account of the process, and the job run it was part of.
  uid      INTEGER NOT NULL,
  user     TEXT,
  job      TEXT,
  run      INTEGER,
  subject  TEXT    NOT NULL,
  -- Hashed as the text that it is.
  details  TEXT    NOT NULL CHECK (json_valid(details)),
  previous BLOB    NOT NULL CHECK (length(previous) = 32),
  hash     BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX audit_by_event ON audit (event, seq);
CREATE INDEX audit_by_time ON audit (at);

-- What the trail knows of itself: one row.
CREATE TABLE audit_trail (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  -- Names this state file in seals, also after it was copied or renamed.
  store         TEXT    NOT NULL,
  -- The rows up to this one are settled by a seal, and may be removed.
  pruned_seq    INTEGER NOT NULL DEFAULT 0,
  pruned_hash   BLOB,
  -- The last seal that was made.
  seal_number   INTEGER NOT NULL DEFAULT 0,
  -- The audit file, and the last row that was written to it.
  output_path   TEXT,
  output_seq    INTEGER NOT NULL DEFAULT 0,
  -- The effective configuration of the last run: its hash, and its values as JSON with secrets masked.
  configuration_hash   TEXT,
  configuration_values TEXT CHECK (configuration_values IS NULL OR json_valid(configuration_values)),
  CHECK ((pruned_seq = 0) = (pruned_hash IS NULL))
) STRICT;

INSERT INTO audit_trail (one, store) VALUES (1, lower(hex(randomblob(16))));

-- A seat belt against our own mistakes. Against others there are the hashes and the seals.
CREATE TRIGGER audit_is_appended_to BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT max(pruned_seq, coalesce((SELECT max(seq) FROM audit), 0)) + 1 FROM audit_trail)
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is only appended to');
END;

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit trail never changes');
END;

CREATE TRIGGER audit_is_kept_until_pruned BEFORE DELETE ON audit
WHEN OLD.seq > (SELECT pruned_seq FROM audit_trail)
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is kept until it is pruned');
END;
