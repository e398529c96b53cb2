//! Every list: which columns it has, and what may be asked for.

use super::Kind::{Flag, Json as Tree, Text, Time, Whole};
use super::{Listing, Order};

/// Workloads.
pub const WORKLOADS: Listing = Listing {
    from: "workloads",
    order: Order::Name("id"),
    columns: &[
        ("id", "id", Text),
        ("owner", "owner", Text),
        ("back_end", "adapter", Text),
        ("state", "state", Text),
        ("since", "since", Time),
        ("reason", "reason", Tree),
        ("created_at", "created", Time),
        ("services", "services", Tree),
        ("wanted", "hold", Text),
        ("restart_wanted", "restart", Flag),
        ("restarts", "restarts", Whole),
        ("failed_checks", "failed_checks", Whole),
        ("eviction", "eviction", Text),
    ],
    filters: &[("state", "state"), ("owner", "owner"), ("back_end", "adapter")],
};

/// The transitions of workloads.
pub const EVENTS: Listing = Listing {
    from: "workload_transitions",
    order: Order::Newest("id"),
    columns: &[
        ("id", "id", Whole),
        ("workload", "workload", Text),
        ("at", "at", Time),
        ("from", "from_state", Text),
        ("event", "event", Text),
        ("to", "to_state", Text),
        ("reason", "reason", Tree),
        ("actor", "actor", Tree),
        ("run", "run", Whole),
    ],
    filters: &[("workload", "workload")],
};

/// Orders that got no bid, and why.
pub const ORDERS: Listing = Listing {
    from: "bid_decisions",
    order: Order::Name("order_id"),
    columns: &[
        ("order", "order_id", Text),
        ("decided_at", "at", Time),
        ("run", "run", Whole),
        ("code", "code", Text),
        ("reason", "reason", Tree),
        ("lasts", "lasts", Text),
        ("gone_at", "gone_at", Time),
    ],
    filters: &[("code", "code")],
};

/// Our bids.
pub const BIDS: Listing = Listing {
    from: "bids",
    order: Order::Newest("id"),
    columns: &[
        ("id", "id", Whole),
        ("order", "order_id", Text),
        ("state", "state", Text),
        ("back_end", "back_end", Text),
        ("price", "price", Text),
        ("deposit", "deposit", Text),
        ("class", "class", Text),
        ("origin", "origin", Text),
        ("created_at", "created_at", Time),
        ("opened_at", "opened_at", Time),
        ("won", "won", Flag),
        ("reason", "reason", Text),
        ("detail", "detail", Text),
        ("settled_at", "settled_at", Time),
    ],
    filters: &[("state", "state"), ("order", "order_id")],
};

/// Our leases.
pub const LEASES: Listing = Listing {
    from: "leases LEFT JOIN lease_payments ON lease = id",
    order: Order::Name("id"),
    columns: &[
        ("id", "id", Text),
        ("state", "state", Text),
        ("price", "price", Text),
        ("back_end", "back_end", Text),
        ("reason", "reason", Text),
        ("first_seen", "first_seen", Time),
        ("last_seen", "last_seen", Time),
        ("funded_until", "funded_until", Time),
        ("earned", "earned", Text),
        ("withdrawn", "withdrawn", Text),
        ("balance", "balance", Text),
    ],
    filters: &[("state", "state")],
};

/// Usage records.
pub const USAGE: Listing = Listing {
    from: "usage_records",
    order: Order::Newest("id"),
    columns: &[
        ("id", "id", Whole),
        ("record_id", "record_id", Text),
        ("lease", "lease", Text),
        ("workload", "workload", Text),
        ("type", "type", Text),
        ("revision", "revision", Whole),
        ("current", "current", Flag),
        ("start", "start_at", Time),
        ("end", "end_at", Time),
        ("cpu_milli_seconds", "cpu_milli_seconds", Text),
        ("memory_byte_seconds", "memory_byte_seconds", Text),
        ("storage_byte_seconds", "storage_byte_seconds", Text),
        ("network_bytes_in", "network_bytes_in", Text),
        ("network_bytes_out", "network_bytes_out", Text),
        ("gpu_seconds", "gpu_seconds", Text),
        ("state", "state", Text),
        ("detail", "detail", Text),
        ("cost", "cost", Text),
    ],
    filters: &[("state", "state"), ("lease", "lease"), ("workload", "workload")],
};

/// What was earned, as it was noticed.
pub const EARNINGS: Listing = Listing {
    from: "earnings",
    order: Order::Newest("id"),
    columns: &[
        ("id", "id", Whole),
        ("at", "at", Time),
        ("lease", "lease", Text),
        ("tenant", "tenant", Text),
        ("source", "source", Text),
        ("amount", "amount", Text),
        ("denom", "denom", Text),
    ],
    filters: &[("lease", "lease"), ("tenant", "tenant"), ("source", "source")],
};

/// Alerts.
pub const ALERTS: Listing = Listing {
    from: "alerts",
    order: Order::Newest("id"),
    columns: &[
        ("id", "id", Whole),
        ("kind", "kind", Text),
        ("subject", "subject", Text),
        ("severity", "severity", Text),
        ("summary", "summary", Text),
        ("raised_at", "raised_at", Time),
        ("resolved_at", "resolved_at", Time),
        ("acknowledged_at", "acked_at", Time),
        ("acknowledged_by", "acked_by", Text),
    ],
    filters: &[("kind", "kind"), ("severity", "severity"), ("firing", "iif(resolved_at IS NULL, 'true', 'false')")],
};

/// Runs of jobs.
pub const RUNS: Listing = Listing {
    from: "job_runs",
    order: Order::Newest("id"),
    columns: &[
        ("id", "id", Whole),
        ("job", "job", Text),
        ("started_at", "started_at", Time),
        ("ended_at", "ended_at", Time),
        ("outcome", "outcome", Text),
        ("counts", "counts", Tree),
        ("error", "error", Text),
    ],
    filters: &[("job", "job"), ("outcome", "outcome")],
};

/// Every listing.
pub const ALL: &[Listing] = &[WORKLOADS, EVENTS, ORDERS, BIDS, LEASES, USAGE, EARNINGS, ALERTS, RUNS];
