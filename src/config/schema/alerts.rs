//! What an operator is told, and how.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{Ratio, Secret, WebAddress};

section! {
    /// Alerts: evaluated by the jobs, kept in the state file, told once when they begin and once when they end. Those of
    /// single workloads stand under metering.alerts.
    Alerts at ["alerts"] {
        section notify: Notify;
        /// The tenant's money lasts shorter than this.
        escrow_below: Duration = "24h", in "1m" ..= "365d";
        /// Fewer than this share of the bids of a day became a lease, of at least ten.
        bid_success_below: Ratio = "50%", in "0" ..= "1", bare "%";
        /// More than this share of the leases ended within an hour.
        lease_close_rate_above: Ratio = "10%", in "0" ..= "1", bare "%";
        /// From this share of capacity in use, a warning.
        capacity_warning: Ratio = "80%", in "0" ..= "1", bare "%";
        /// From this share of capacity in use, it is critical.
        capacity_critical: Ratio = "90%", in "0" ..= "1", bare "%";
        /// A key is due for rotation, or ends, within this time.
        key_expiry: Duration = "30d", in "1h" ..= "365d";
        /// A certificate ends within this time.
        certificate_expiry: Duration = "30d", in "1h" ..= "365d";
    }

    /// Who is told. What could not be delivered is tried again with the next run.
    Notify at ["alerts.notify"] {
        /// An address that gets each change as a JSON object by POST.
        webhook: Option<WebAddress>, like "https://hooks.example.com/provider";
        /// A token for it.
        webhook_token: Option<Secret>, like "${WEBHOOK_TOKEN}";
        /// An Alertmanager: its API v2.
        alertmanager: Option<WebAddress>, like "http://127.0.0.1:9093";
        /// A program that gets each change as a JSON object on its standard input.
        command: Option<PathBuf>, like "/etc/provider-daemon/on-alert";
        /// How long one of them may take.
        timeout: Duration = "10s", in "1s" ..= "5m";
        /// A change that is older than this and was never delivered is given up.
        give_up_after: Duration = "24h", in "1m" ..= "30d";
    }
}
