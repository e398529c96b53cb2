//! What goes over a WebSocket: JSON in text frames, and the codes with which it is closed.

use serde::Serialize;
use serde_json::json;

use crate::adapters::LogLine;
use crate::domain::workload::{State, WorkloadId};
use crate::store::workloads::history::Transition;

/// Why a stream ends, for the other end: numbers of the market's tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// There is no more.
    Done,
    /// A defect, or something that is not said to strangers.
    Internal,
    /// It does not work now.
    Unavailable,
}

impl Close {
    pub(super) const fn code(self) -> u16 {
        match self {
            Self::Done => 1000,
            Self::Internal => 4000,
            Self::Unavailable => 4002,
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    name: String,
    message: &'a str,
}

/// A line of output.
pub(super) fn line(line: &LogLine) -> String {
    let name = format!("{}-{}", line.service, line.replica);
    serde_json::to_string(&Line { name, message: &line.text }).unwrap_or_default()
}

/// Something that happened to a workload, as a cluster would report it.
pub(super) fn event(id: &WorkloadId, transition: &Transition) -> String {
    let is_bad = matches!(transition.to, State::Failed);
    let event = json!({
        "type": if is_bad { "Warning" } else { "Normal" },
        "reportingController": "provider",
        "reportingInstance": "",
        "reason": transition.to.word(),
        "note": transition.reason.to_string(),
        "object": { "kind": "Workload", "namespace": "", "name": id.as_str() },
    });
    event.to_string()
}
