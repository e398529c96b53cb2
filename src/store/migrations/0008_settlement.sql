-- Settlement: what the chain says of usage and of leases' money, as it was read last, and what was earned.

-- The payment that flows for each lease.
CREATE TABLE lease_payments (
  lease            TEXT    PRIMARY KEY,
  tenant           TEXT    NOT NULL,
  lease_state      TEXT    NOT NULL,
  payment_state    TEXT    NOT NULL,
  -- By the block; earned and not paid out; earned and not covered; paid out with the chain's share ('12.5uve').
  rate             TEXT    NOT NULL,
  balance          TEXT    NOT NULL,
  unsettled        TEXT    NOT NULL,
  withdrawn        TEXT    NOT NULL,
  -- What was earned in all when it was read: withdrawn + balance + what flowed since the account was settled.
  earned           TEXT    NOT NULL,
  -- Up to this height the tenant's money lasts; NULL: not known.
  funded_to        INTEGER,
  seen_height      INTEGER NOT NULL,
  seen_at          INTEGER NOT NULL,
  -- The message that withdraws, and when one was done last.
  withdrawal       INTEGER,
  withdrawals      INTEGER NOT NULL DEFAULT 0,
  last_withdrawn_at INTEGER
) STRICT;

-- The settlement escrows of our orders.
CREATE TABLE settlement_escrows (
  escrow_id  TEXT    PRIMARY KEY,
  order_id   TEXT    NOT NULL,
  lease      TEXT    NOT NULL,
  state      TEXT    NOT NULL,
  amount     TEXT    NOT NULL,
  balance    TEXT    NOT NULL,
  settled    TEXT    NOT NULL,
  expires_at INTEGER,
  seen_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX settlement_escrows_by_order ON settlement_escrows (order_id);

-- Settlements on chain.
CREATE TABLE settlements (
  settlement_id  TEXT    PRIMARY KEY,
  escrow_id      TEXT    NOT NULL,
  order_id       TEXT    NOT NULL,
  lease          TEXT    NOT NULL,
  total          TEXT    NOT NULL,
  provider_share TEXT    NOT NULL,
  platform_fee   TEXT    NOT NULL,
  validator_fee  TEXT    NOT NULL,
  is_final       INTEGER NOT NULL CHECK (is_final IN (0, 1)),
  records        INTEGER NOT NULL,
  settled_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX settlements_by_lease ON settlements (lease, settled_at);

-- What does not fit between our books and the chain's. Gone when it fits again.
CREATE TABLE settlement_discrepancies (
  lease      TEXT    NOT NULL,
  detail     TEXT    NOT NULL CHECK (json_valid(detail)),
  first_seen INTEGER NOT NULL,
  PRIMARY KEY (lease, detail)
) STRICT, WITHOUT ROWID;

-- What was earned, as it was noticed: the difference to what had been noticed before.
CREATE TABLE earnings (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  lease  TEXT    NOT NULL,
  tenant TEXT    NOT NULL,
  -- lease: the price of the lease; usage: settled usage.
  source TEXT    NOT NULL CHECK (source IN ('lease', 'usage')),
  amount TEXT    NOT NULL,
  denom  TEXT    NOT NULL
) STRICT;

CREATE INDEX earnings_by_time ON earnings (at);
