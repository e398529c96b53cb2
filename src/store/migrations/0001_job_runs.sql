-- Every run of every job. A row is written at the start, so that a run that vanishes leaves a trace.
CREATE TABLE job_runs (
  -- Never used twice, so that a log line that names a run stays true after pruning.
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  job        TEXT    NOT NULL CHECK (length(job) BETWEEN 1 AND 48),
  started_at INTEGER NOT NULL,
  -- For a killed run: when the next run found it, so an upper bound.
  ended_at   INTEGER,
  outcome    TEXT    NOT NULL CHECK (outcome IN ('running', 'done', 'partly_failed', 'failed', 'interrupted', 'killed')),
  counts     TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(counts) AND json_type(counts) = 'object'),
  error      TEXT,
  pid        INTEGER NOT NULL,
  host       TEXT    NOT NULL,
  CHECK ((outcome = 'running') = (ended_at IS NULL))
) STRICT;

CREATE INDEX job_runs_by_job ON job_runs (job, id);

-- The lock allows one run of a job at a time; so does the table.
CREATE UNIQUE INDEX job_runs_one_running ON job_runs (job) WHERE outcome = 'running';
