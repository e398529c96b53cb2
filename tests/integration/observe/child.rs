//! Other processes: this test program runs itself again, with one test that does what the parent asks for.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use super::{disks, kills, signals};

const TASK: &str = "PROVIDER_OBSERVE_TASK";
const FOLDER: &str = "PROVIDER_OBSERVE_FOLDER";

/// Does nothing in an ordinary test run; in a child, what the parent asks for.
#[test]
fn entry() {
    let (Some(task), Some(folder)) = (std::env::var_os(TASK), std::env::var_os(FOLDER)) else { return };
    let folder = Path::new(&folder);
    match task.to_str().unwrap() {
        "wait" => signals::wait(None),
        "wait-a-moment" => signals::wait(Some(std::time::Duration::from_millis(150))),
        "wait-for-ever" => signals::ignore(),
        "record" => kills::record(folder),
        "full-log" => disks::full_log(folder),
        "full-trail" => disks::full_trail(folder),
        "foreign-log" => disks::foreign_log(folder),
        task => panic!("no such task: {task}"),
    }
}

/// A process that does a task, and says things with [`say`].
pub(super) fn command(task: &str, folder: &Path) -> Command {
    within(Command::new(std::env::current_exe().unwrap()), task, folder)
}

/// The same, by another program that runs its last arguments.
pub(super) fn within(mut program: Command, task: &str, folder: &Path) -> Command {
    program.args(["--exact", "observe::child::entry", "--nocapture", "--test-threads=1"]);
    program.env(TASK, task).env(FOLDER, folder).stdin(Stdio::null()).stdout(Stdio::piped());
    program
}

/// Tells the parent something, at once.
pub(super) fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    // The harness has begun a line of its own.
    stdout.write_all(format!("\n> {line}\n").as_bytes()).unwrap();
    stdout.flush().unwrap();
}

/// What a child says; a line that a kill cut short was not said.
pub(super) struct Said(BufReader<ChildStdout>);

impl Said {
    pub(super) fn by(child: &mut Child) -> Self {
        Self(BufReader::new(child.stdout.take().unwrap()))
    }
}

impl Iterator for Said {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            if let Some(said) = line.strip_prefix("> ").and_then(|said| said.strip_suffix('\n')) {
                return Some(said.to_owned());
            }
        }
    }
}

/// Runs a task to its end, and gives back what it said; shows everything if it fails.
pub(super) fn succeed(mut command: Command) -> String {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{command:?}: {}\n{stdout}\n{stderr}", output.status);
    stderr
}
