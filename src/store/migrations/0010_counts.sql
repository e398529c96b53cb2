-- What is counted for longer than the rows are kept that it is counted from, and what is waited for.

-- Which own open bids a run decided to close, and when last: the cap of an hour holds across runs.
CREATE TABLE bid_closings (
  bid INTEGER PRIMARY KEY REFERENCES bids (id) ON DELETE CASCADE,
  at  INTEGER NOT NULL
) STRICT;

CREATE INDEX bid_closings_by_time ON bid_closings (at);

-- How often an order came to be declined for a reason, since the state file was made. These numbers only grow, whatever
-- becomes of the decisions themselves.
CREATE TABLE bid_declines (
  code   TEXT    NOT NULL,
  reason TEXT    NOT NULL,
  count  INTEGER NOT NULL CHECK (count > 0),
  PRIMARY KEY (code, reason)
) STRICT, WITHOUT ROWID;

INSERT INTO bid_declines (code, reason, count)
  SELECT code, coalesce(json_extract(reason, '$.reason'), code), count(*) FROM bid_decisions GROUP BY 1, 2;

-- What a decision rests on that holds for a time: it is made anew when that changes, too.
ALTER TABLE bid_decisions ADD COLUMN basis INTEGER CHECK (basis IS NULL OR lasts = 'time');

-- Since when it is known that a deployment wants another manifest than the one that came for its workload.
CREATE TABLE manifest_waits (
  workload TEXT    PRIMARY KEY REFERENCES workloads (id) ON DELETE CASCADE,
  -- The one that is wanted.
  revision BLOB    NOT NULL CHECK (length(revision) = 32),
  since    INTEGER NOT NULL
) STRICT;
