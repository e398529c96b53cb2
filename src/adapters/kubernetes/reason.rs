//! What a pod's status means, in words that an operator and a tenant understand.
//!
//! | what the cluster says | state | what is said |
//! |---|---|---|
//! | PodScheduled is False, Unschedulable | starting | no node has room, and the scheduler's own words |
//! | waiting: ErrImagePull, ImagePullBackOff, InvalidImageName, ErrImageNeverPull | failed | the image cannot be pulled |
//! | waiting: CrashLoopBackOff | failed | it ends again and again, and how it ended last |
//! | waiting: CreateContainerConfigError, CreateContainerError, RunContainerError | failed | it cannot be started |
//! | terminated, or ended last: OOMKilled | failed, exhausted | it outgrew its memory |
//! | Evicted, Preempting, DeadlineExceeded, NodeShutdown … | failed | the node ended it |
//! | phase Unknown, or a node that is lost | starting | the node does not say how it is: unknown is not ended |
//! | running, and ready | running | |

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ContainerState, ContainerStateTerminated, ContainerStatus, Pod};

use crate::domain::workload::UnitState;

/// The longest text of the cluster that is passed on, in characters: a tenant writes parts of it.
const LONGEST: usize = 300;
/// The exit code of a process that was killed for its memory.
const KILLED: i32 = 137;

/// How a pod is, and since when; and, where it is being set up, what keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) state: UnitState,
    pub(super) since: Option<Timestamp>,
    /// Why it is not up yet, where the cluster says so.
    pub(super) waits_for: Option<String>,
}

/// Reads a pod.
pub(super) fn standing(pod: &Pod) -> Standing {
    let status = pod.status.as_ref();
    let phase = status.and_then(|status| status.phase.as_deref()).unwrap_or("Pending");
    let container = status.and_then(|status| status.container_statuses.as_ref()).and_then(|all| all.first());
    let told = status.and_then(|status| status.reason.as_deref());
    let message = status.and_then(|status| status.message.as_deref());
    match phase {
        "Failed" => of_failed(container, told, message),
        "Succeeded" => ended(container.and_then(|container| container.state.as_ref()).and_then(terminated), 0),
        // The node does not answer: what it runs may well go on.
        "Unknown" => waiting(Some("its node does not say how it is".to_owned())),
        _ => container.map_or_else(|| waiting(unscheduled(pod)), |container| of_container(pod, container)),
    }
}

/// Whether the node finds a pod well, and what it says.
pub(super) fn readiness(pod: &Pod) -> (bool, String) {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
    let ready = conditions.into_iter().flatten().find(|condition| condition.type_ == "Ready");
    match ready {
        Some(ready) if ready.status == "True" => (true, "its node finds it ready".to_owned()),
        Some(ready) => {
            let told = ready.message.as_deref().or(ready.reason.as_deref());
            (false, text(&format!("its node does not find it ready{}", after_colon(told))))
        }
        None => (false, "its node has not said yet whether it is ready".to_owned()),
    }
}

fn of_failed(container: Option<&ContainerStatus>, told: Option<&str>, message: Option<&str>) -> Standing {
    let end = container.and_then(|container| container.state.as_ref()).and_then(terminated);
    match (told, end) {
        (Some(told), end) => Standing {
            state: UnitState::Failed {
                reason: text(&format!("the node ended it ({told}){}", after_colon(message))),
                exhausted: matches!(
                    told,
                    "Evicted" | "OutOfmemory" | "OutOfcpu" | "OutOfephemeral-storage" | "OutOfpods"
                ),
            },
            since: end.and_then(|end| end.finished_at.as_ref().map(|time| time.0)),
            waits_for: None,
        },
        (None, end) => ended(end, 1),
    }
}

fn of_container(pod: &Pod, container: &ContainerStatus) -> Standing {
    let state = container.state.as_ref();
    if let Some(waits) = state.and_then(|state| state.waiting.as_ref()) {
        let last = container.last_state.as_ref().and_then(terminated);
        return of_waiting(pod, waits.reason.as_deref().unwrap_or_default(), waits.message.as_deref(), last);
    }
    if let Some(end) = state.and_then(terminated) {
        return ended(Some(end), end.exit_code);
    }
    let began = state.and_then(|state| state.running.as_ref()).and_then(|running| running.started_at.as_ref());
    let Some(began) = began else { return waiting(unscheduled(pod)) };
    Standing { state: UnitState::Running, since: Some(began.0), waits_for: None }
}

fn of_waiting(pod: &Pod, word: &str, message: Option<&str>, last: Option<&ContainerStateTerminated>) -> Standing {
    let failed = |reason: String, exhausted: bool| Standing {
        state: UnitState::Failed { reason: text(&reason), exhausted },
        since: last.and_then(|last| last.finished_at.as_ref().map(|time| time.0)),
        waits_for: None,
    };
    match word {
        "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" | "RegistryUnavailable" => {
            failed(format!("its image cannot be pulled ({word}){}", after_colon(message)), false)
        }
        "CrashLoopBackOff" => {
            let outgrew = last.is_some_and(is_out_of_memory);
            let how = last.map_or_else(String::new, |last| format!("; the last time {}", how_it_ended(last)));
            failed(format!("it ends again and again (CrashLoopBackOff){how}"), outgrew)
        }
        "CreateContainerConfigError"
        | "CreateContainerError"
        | "RunContainerError"
        | "StartError"
        | "PreCreateHookError"
        | "PreStartHookError" => failed(format!("it cannot be started ({word}){}", after_colon(message)), false),
        "" | "ContainerCreating" | "PodInitializing" => waiting(unscheduled(pod)),
        other => waiting(Some(text(&format!("{other}{}", after_colon(message))))),
    }
}

fn waiting(waits_for: Option<String>) -> Standing {
    Standing { state: UnitState::Starting, since: None, waits_for }
}

/// Why no node has taken it, in the scheduler's words.
fn unscheduled(pod: &Pod) -> Option<String> {
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    let told = conditions.iter().find(|condition| condition.type_ == "PodScheduled" && condition.status == "False")?;
    let reason = told.reason.as_deref().unwrap_or("Unschedulable");
    Some(text(&format!("no node takes it ({reason}){}", after_colon(told.message.as_deref()))))
}

fn ended(end: Option<&ContainerStateTerminated>, code: i32) -> Standing {
    let since = end.and_then(|end| end.finished_at.as_ref().map(|time| time.0));
    let state = match end {
        Some(end) if is_out_of_memory(end) => {
            UnitState::Failed { reason: "it outgrew its memory (OOMKilled)".to_owned(), exhausted: true }
        }
        Some(end) => UnitState::Exited { code: end.exit_code },
        None => UnitState::Exited { code },
    };
    Standing { state, since, waits_for: None }
}

fn terminated(state: &ContainerState) -> Option<&ContainerStateTerminated> {
    state.terminated.as_ref()
}

fn is_out_of_memory(end: &ContainerStateTerminated) -> bool {
    end.reason.as_deref() == Some("OOMKilled")
}

fn how_it_ended(end: &ContainerStateTerminated) -> String {
    match end.reason.as_deref() {
        Some("OOMKilled") => "it outgrew its memory (OOMKilled)".to_owned(),
        _ if end.exit_code == KILLED => "it was killed (137)".to_owned(),
        _ => format!("it exited with {}", end.exit_code),
    }
}

fn after_colon(message: Option<&str>) -> String {
    message.filter(|message| !message.is_empty()).map_or_else(String::new, |message| format!(": {message}"))
}

/// One line, not too long, without what could take over a terminal.
pub(super) fn text(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}
