-- What runs for a lease or for the operator, and what should.
CREATE TABLE workloads (
  -- l-… for a lease's, o-… for the operator's own.
  id            TEXT    PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 40),
  -- The lease's id on chain, or `operator`.
  owner         TEXT    NOT NULL,
  adapter       TEXT,
  state         TEXT    NOT NULL CHECK (state IN ('pending', 'deploying', 'running', 'paused', 'stopping', 'stopped', 'failed', 'terminated')),
  since         INTEGER NOT NULL,
  -- domain::workload::Reason.
  reason        TEXT    NOT NULL CHECK (json_valid(reason)),
  created       INTEGER NOT NULL,
  -- The manifest that is wanted, and the one that the back end was last asked for and did not refuse.
  revision      BLOB    CHECK (revision IS NULL OR length(revision) = 32),
  deployed      BLOB    CHECK (deployed IS NULL OR length(deployed) = 32),
  -- [["web", 2], …]: what should run by the manifest that is deployed.
  services      TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(services)),
  -- The back end's own, given back to it as it is.
  handle        TEXT    CHECK (handle IS NULL OR json_valid(handle)),
  -- What the operator wants until something else is wanted.
  hold          TEXT    CHECK (hold IN ('paused', 'stopped', 'stopped_by_force', 'terminated')),
  restart       INTEGER NOT NULL DEFAULT 0 CHECK (restart IN (0, 1)),
  restarts      INTEGER NOT NULL DEFAULT 0,
  last_restart  INTEGER,
  failed_checks INTEGER NOT NULL DEFAULT 0,
  eviction      TEXT    CHECK (eviction IN ('resource_exhaustion', 'repeated_failures', 'lease_expired')),
  -- Closing its lease on chain was written down.
  closing       INTEGER NOT NULL DEFAULT 0 CHECK (closing IN (0, 1))
) STRICT;

CREATE INDEX workloads_by_state ON workloads (state, id);

-- Manifests that came for workloads. The tenants' secrets are in them.
CREATE TABLE manifests (
  workload TEXT    NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
  revision BLOB    NOT NULL CHECK (length(revision) = 32),
  -- The one group of it that runs here, as canonical manifest JSON.
  manifest TEXT    NOT NULL CHECK (json_valid(manifest)),
  -- By service: the checks that it asks for.
  probes   TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(probes)),
  received INTEGER NOT NULL,
  PRIMARY KEY (workload, revision)
) STRICT;

-- Every transition of every workload.
CREATE TABLE workload_transitions (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  workload   TEXT    NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
  at         INTEGER NOT NULL,
  -- NULL for the first.
  from_state TEXT,
  event      TEXT,
  to_state   TEXT    NOT NULL,
  reason     TEXT    NOT NULL CHECK (json_valid(reason)),
  actor      TEXT    NOT NULL CHECK (json_valid(actor)),
  run        INTEGER
) STRICT;

CREATE INDEX workload_transitions_by_workload ON workload_transitions (workload, id);

-- What the operator asked for.
CREATE TABLE workload_intents (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  workload TEXT    NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
  command  TEXT    NOT NULL CHECK (command IN ('pause', 'resume', 'stop', 'restart', 'terminate')),
  note     TEXT,
  at       INTEGER NOT NULL,
  actor    TEXT    NOT NULL CHECK (json_valid(actor))
) STRICT;

CREATE INDEX workload_intents_by_workload ON workload_intents (workload, id);

-- What a back end was asked, written before it was: a step without an end was cut short, and is done again.
CREATE TABLE workload_steps (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  workload TEXT    NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
  verb     TEXT    NOT NULL,
  -- It ends a workload without anybody asking: counted against the caps.
  ends     INTEGER NOT NULL CHECK (ends IN (0, 1)),
  reason   TEXT    NOT NULL CHECK (json_valid(reason)),
  begun    INTEGER NOT NULL,
  ended    INTEGER,
  outcome  TEXT    CHECK (outcome IN ('done', 'failed', 'cut_short')),
  error    TEXT,
  run      INTEGER,
  CHECK ((ended IS NULL) = (outcome IS NULL))
) STRICT;

CREATE INDEX workload_steps_by_workload ON workload_steps (workload, id);
CREATE INDEX workload_steps_ending ON workload_steps (begun) WHERE ends = 1;
CREATE INDEX workload_steps_open ON workload_steps (workload) WHERE ended IS NULL;

-- What the checks of manifests found last.
CREATE TABLE workload_checks (
  workload TEXT    NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
  service  TEXT    NOT NULL,
  replica  INTEGER NOT NULL,
  -- http, tcp, command.
  kind     TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  healthy  INTEGER NOT NULL CHECK (healthy IN (0, 1)),
  detail   TEXT    NOT NULL,
  PRIMARY KEY (workload, service, replica)
) STRICT;

-- The last meters of a unit before it was paused or ended; its counters begin at 0 with each incarnation.
CREATE TABLE final_samples (
  workload    TEXT    NOT NULL,
  service     TEXT    NOT NULL,
  replica     INTEGER NOT NULL,
  incarnation TEXT    NOT NULL,
  at          INTEGER NOT NULL,
  cpu         INTEGER NOT NULL, -- microseconds
  memory      INTEGER NOT NULL, -- bytes
  storage     INTEGER,          -- bytes
  received    INTEGER,          -- bytes
  sent        INTEGER,          -- bytes
  PRIMARY KEY (workload, service, replica, incarnation)
) STRICT;

-- Since when each source could be read without a break: no time limit runs while it cannot.
CREATE TABLE readings (
  -- `chain`, or the name of a back end.
  source         TEXT    PRIMARY KEY,
  readable_since INTEGER NOT NULL,
  read           INTEGER NOT NULL,
  -- Why the last reading failed, if it did.
  failed         TEXT
) STRICT;

-- One row while no new work is taken.
CREATE TABLE maintenance (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  since  INTEGER NOT NULL,
  reason TEXT    NOT NULL,
  actor  TEXT    NOT NULL CHECK (json_valid(actor))
) STRICT;
