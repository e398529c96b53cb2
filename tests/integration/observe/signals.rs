//! SIGINT, SIGTERM and the deadline.

use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use provider::observe::interrupt::Interrupt;

use super::child::{self, Said};

/// Works until it is asked to end, and says why.
pub(super) fn wait(deadline: Option<Duration>) {
    let interrupt = Interrupt::install(deadline).unwrap();
    child::say("ready");
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if let Some(reason) = interrupt.requested() {
            child::say(reason.word());
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Never gets to a safe point.
pub(super) fn ignore() {
    let _interrupt = Interrupt::install(None).unwrap();
    child::say("ready");
    std::thread::sleep(Duration::from_secs(20));
}

fn start(task: &str) -> (Child, Said) {
    let mut process = child::command(task, Path::new("/")).spawn().unwrap();
    let mut said = Said::by(&mut process);
    assert_eq!(said.next().as_deref(), Some("ready"));
    (process, said)
}

fn signal(process: &Child, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", process.id())]).status().unwrap();
    assert!(sent.success());
}

/// Waits for the end, which must not take as long as the work would.
fn end(mut process: Child) -> ExitStatus {
    let begun = Instant::now();
    let status = process.wait().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10));
    status
}

#[test]
fn a_signal_is_named_and_the_work_ends_by_itself() {
    for (name, word) in [("INT", "SIGINT"), ("TERM", "SIGTERM")] {
        let (process, mut said) = start("wait");
        signal(&process, name);
        assert_eq!(said.next().as_deref(), Some(word));
        assert_eq!(end(process).code(), Some(0));
    }
}

#[test]
fn a_second_signal_ends_the_process_at_once() {
    for (first, second) in [("INT", "INT"), ("TERM", "TERM"), ("INT", "TERM"), ("TERM", "INT")] {
        let (process, mut said) = start("wait-for-ever");
        signal(&process, first);
        // Two of the same kind that are both pending would count as one.
        std::thread::sleep(Duration::from_millis(100));
        signal(&process, second);
        assert_eq!(end(process).code(), Some(75), "{first} {second}");
        assert_eq!(said.next(), None);
    }
}

#[test]
fn the_deadline_is_named() {
    let (process, mut said) = start("wait-a-moment");
    assert_eq!(said.next().as_deref(), Some("the deadline"));
    assert_eq!(end(process).code(), Some(0));
}
