-- What was counted since the beginning, and how much is there: kept beside the rows as they are written, so that a scrape
-- reads a few rows whatever there is, and pruning takes nothing away.

-- Counts by name and label. Those of the past only grow; `usage_records` and `bids` say how many are in a state now.
CREATE TABLE totals (
  name  TEXT    NOT NULL,
  label TEXT    NOT NULL DEFAULT '',
  count INTEGER NOT NULL,
  PRIMARY KEY (name, label)
) STRICT, WITHOUT ROWID;

-- Sums of money, exact, and up to which row of their table they reach; rows after that are added when they are read.
CREATE TABLE money_totals (
  -- earned_lease, earned_usage, fee, deposit.
  name   TEXT NOT NULL,
  denom  TEXT NOT NULL,
  amount TEXT NOT NULL,
  PRIMARY KEY (name, denom)
) STRICT, WITHOUT ROWID;

CREATE TABLE money_totals_reach (
  source TEXT    PRIMARY KEY CHECK (source IN ('earnings', 'outbox_spending')),
  id     INTEGER NOT NULL
) STRICT;

INSERT INTO money_totals_reach (source, id) VALUES ('earnings', 0), ('outbox_spending', 0);

-- Bids that came onto the chain, won, and did not.
CREATE TRIGGER total_bids_opened AFTER INSERT ON bids WHEN NEW.opened_at IS NOT NULL BEGIN
  INSERT INTO totals (name, count) VALUES ('bids_submitted', 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_bids_opening AFTER UPDATE OF opened_at ON bids
WHEN OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL BEGIN
  INSERT INTO totals (name, count) VALUES ('bids_submitted', 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_bids_decided AFTER INSERT ON bids WHEN NEW.won IS NOT NULL BEGIN
  INSERT INTO totals (name, count) VALUES (iif(NEW.won, 'bids_won', 'bids_lost'), 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_bids_deciding AFTER UPDATE OF won ON bids WHEN NEW.won IS NOT NULL AND OLD.won IS NOT NEW.won BEGIN
  INSERT INTO totals (name, count) VALUES (iif(NEW.won, 'bids_won', 'bids_lost'), 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- How many bids are in each state.
CREATE TRIGGER total_bids_made AFTER INSERT ON bids BEGIN
  INSERT INTO totals (name, label, count) VALUES ('bids', NEW.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_bids_moved AFTER UPDATE OF state ON bids WHEN OLD.state <> NEW.state BEGIN
  UPDATE totals SET count = count - 1 WHERE name = 'bids' AND label = OLD.state;
  INSERT INTO totals (name, label, count) VALUES ('bids', NEW.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_bids_gone AFTER DELETE ON bids BEGIN
  UPDATE totals SET count = count - 1 WHERE name = 'bids' AND label = OLD.state;
END;

-- Orders that got no bid, by the coarse reason; an order counts again when the reason is another.
CREATE TRIGGER total_declined AFTER INSERT ON bid_decisions BEGIN
  INSERT INTO totals (name, label, count) VALUES ('orders_declined', NEW.code, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_declined_anew AFTER UPDATE OF code ON bid_decisions WHEN OLD.code <> NEW.code BEGIN
  INSERT INTO totals (name, label, count) VALUES ('orders_declined', NEW.code, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- Workloads that ever were, and what became of them.
CREATE TRIGGER total_workloads AFTER INSERT ON workloads BEGIN
  INSERT INTO totals (name, count) VALUES ('workloads', 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_workloads_moved AFTER UPDATE OF state ON workloads WHEN OLD.state <> NEW.state BEGIN
  INSERT INTO totals (name, label, count) VALUES ('workload_transitions', NEW.state, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- Usage records by state, and how often they were sent.
CREATE TRIGGER total_usage_made AFTER INSERT ON usage_records BEGIN
  INSERT INTO totals (name, label, count) VALUES ('usage_records', NEW.state, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_usage_moved AFTER UPDATE OF state ON usage_records WHEN OLD.state <> NEW.state BEGIN
  UPDATE totals SET count = count - 1 WHERE name = 'usage_records' AND label = OLD.state;
  INSERT INTO totals (name, label, count) VALUES ('usage_records', NEW.state, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_usage_gone AFTER DELETE ON usage_records BEGIN
  UPDATE totals SET count = count - 1 WHERE name = 'usage_records' AND label = OLD.state;
END;
CREATE TRIGGER total_usage_submitted AFTER UPDATE OF state ON usage_records
WHEN NEW.state = 'submitted' AND OLD.state <> 'submitted' BEGIN
  INSERT INTO totals (name, count) VALUES ('usage_submissions', 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER total_usage_failed AFTER UPDATE OF attempts ON usage_records WHEN NEW.attempts > OLD.attempts BEGIN
  INSERT INTO totals (name, count) VALUES ('usage_submission_errors', NEW.attempts - OLD.attempts)
  ON CONFLICT DO UPDATE SET count = count + NEW.attempts - OLD.attempts;
END;

-- What is there already counts: as much of the past as was not pruned.
INSERT INTO totals (name, count) SELECT 'bids_submitted', count(*) FROM bids WHERE opened_at IS NOT NULL;
INSERT INTO totals (name, count) SELECT 'bids_won', count(*) FROM bids WHERE won = 1;
INSERT INTO totals (name, count) SELECT 'bids_lost', count(*) FROM bids WHERE won = 0;
INSERT INTO totals (name, label, count) SELECT 'bids', state, count(*) FROM bids GROUP BY state;
INSERT INTO totals (name, label, count) SELECT 'orders_declined', code, count(*) FROM bid_decisions GROUP BY code;
INSERT INTO totals (name, count) SELECT 'workloads', count(*) FROM workloads;
INSERT INTO totals (name, label, count)
  SELECT 'workload_transitions', to_state, count(*) FROM workload_transitions WHERE from_state IS NOT NULL GROUP BY to_state;
INSERT INTO totals (name, label, count) SELECT 'usage_records', state, count(*) FROM usage_records GROUP BY state;
INSERT INTO totals (name, count)
  SELECT 'usage_submissions', count(*) FROM usage_records WHERE state IN ('submitted', 'recorded', 'settled');
INSERT INTO totals (name, count) SELECT 'usage_submission_errors', coalesce(sum(attempts), 0) FROM usage_records;

-- Leases by state, and those that ended lately.
CREATE INDEX leases_by_last_seen ON leases (last_seen) WHERE closed_height IS NOT NULL;
