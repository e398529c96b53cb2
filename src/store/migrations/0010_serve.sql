-- The server: who may ask it, and what makes its answers quick.

-- Tokens of operators. The text of a token is shown once and kept nowhere.
CREATE TABLE api_tokens (
  -- Never used twice, so that a log line that names a token stays true.
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
  -- SHA-256 of its text, which holds 256 random bits.
  hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
  -- read: look at everything; act: pause, resume, stop and restart workloads too.
  scope      TEXT    NOT NULL CHECK (scope IN ('read', 'act')),
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

-- A name is used again only after its token is revoked.
CREATE UNIQUE INDEX api_tokens_by_name ON api_tokens (name) WHERE revoked_at IS NULL;

-- When a job went through last, however many runs failed since.
CREATE INDEX job_runs_succeeded ON job_runs (job, id) WHERE outcome IN ('done', 'partly_failed');

-- The height at which a source was read last, and since when it was not higher.
ALTER TABLE readings ADD COLUMN height INTEGER;
ALTER TABLE readings ADD COLUMN height_since INTEGER;
