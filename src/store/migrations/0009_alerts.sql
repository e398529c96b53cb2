-- Alerts: what an operator should look at (domain::alert says when).
CREATE TABLE alerts (
  -- Never used twice.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT    NOT NULL,
  -- Which one: a workload, a lease, a key; empty where there is only one.
  subject     TEXT    NOT NULL,
  severity    TEXT    NOT NULL CHECK (severity IN ('warning', 'critical')),
  summary     TEXT    NOT NULL,
  raised_at   INTEGER NOT NULL,
  resolved_at INTEGER,
  acked_at    INTEGER,
  acked_by    TEXT,
  CHECK ((acked_at IS NULL) = (acked_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX alerts_one_firing ON alerts (kind, subject) WHERE resolved_at IS NULL;
CREATE INDEX alerts_by_time ON alerts (raised_at);

-- Each change of an alert goes to each channel once; what did not arrive is tried again.
CREATE TABLE alert_deliveries (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  alert        INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  change       TEXT    NOT NULL CHECK (change IN ('raised', 'regraded', 'resolved')),
  channel      TEXT    NOT NULL,
  severity     TEXT    NOT NULL,
  summary      TEXT    NOT NULL,
  created_at   INTEGER NOT NULL,
  attempts     INTEGER NOT NULL DEFAULT 0,
  error        TEXT,
  delivered_at INTEGER,
  given_up_at  INTEGER,
  CHECK (delivered_at IS NULL OR given_up_at IS NULL)
) STRICT;

CREATE INDEX alert_deliveries_due ON alert_deliveries (id) WHERE delivered_at IS NULL AND given_up_at IS NULL;
