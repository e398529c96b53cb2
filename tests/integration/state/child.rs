//! Other processes: this test program runs itself again, with one test that does what the parent asks for.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::{Writer, disks, kills, locks, obstacles, restores, users};
use provider::store::{Mode, Store};

const TASK: &str = "PROVIDER_TEST_TASK";
const ARGUMENT: &str = "PROVIDER_TEST_ARGUMENT";

/// Does nothing in an ordinary test run; in a child, what the parent asks for.
#[test]
fn entry() {
    let Some(task) = std::env::var_os(TASK) else { return };
    let arguments: Vec<String> = (0..).map_while(|place| argument(place)?.into_string().ok()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match (task.to_str().unwrap(), arguments.as_slice()) {
        ("write", [file, name, first, count]) => write(Path::new(file), name, number(first), number(count)),
        ("hold", [file, name]) => locks::hold(Path::new(file), name),
        ("restore", [state, backup, step]) => restores::restore(Path::new(state), Path::new(backup), step),
        ("back-up", [file, target]) => kills::back_up(Path::new(file), Path::new(target)),
        ("open", [file]) => users::open(Path::new(file)),
        ("refused", [file]) => users::refused(Path::new(file)),
        ("write-protected", [file]) => users::write_protected(Path::new(file)),
        ("full", [what, folder]) => disks::full(what, Path::new(folder)),
        ("device", [folder]) => obstacles::device(Path::new(folder)),
        ("read-only", [folder]) => disks::read_only(Path::new(folder)),
        (task, arguments) => panic!("no such task: {task} {arguments:?}"),
    }
}

fn argument(place: usize) -> Option<OsString> {
    std::env::var_os(format!("{ARGUMENT}_{place}"))
}

fn number(text: &str) -> u64 {
    text.parse().unwrap()
}

/// Writes numbers and acknowledges each one after its commit, until it is killed.
fn write(file: &Path, name: &str, first: u64, count: u64) {
    let store = Store::open(file, Mode::Write).unwrap();
    let writer = Writer::new(&store, name);
    for number in (first..).take(usize::try_from(count).unwrap()) {
        writer.write(number).unwrap();
        say(&format!("written {number}"));
    }
}

/// Tells the parent something, at once.
pub(super) fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    // The harness has begun a line of its own.
    stdout.write_all(format!("\n> {line}\n").as_bytes()).unwrap();
    stdout.flush().unwrap();
}

/// A process that does a task.
pub(super) fn command(task: &str, arguments: &[&str]) -> Command {
    with_task(Command::new(std::env::current_exe().unwrap()), task, arguments)
}

/// The same, with the arguments of the test harness appended to another program's, which runs `"$@"`.
pub(super) fn within(program: &[&str], task: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).arg(executable());
    with_task(command, task, arguments)
}

/// The same as the user `nobody`.
pub(super) fn as_nobody(task: &str, arguments: &[&str]) -> Command {
    let mut command = with_task(Command::new(executable()), task, arguments);
    command.uid(65_534).gid(65_534).current_dir("/");
    command
}

fn with_task(mut command: Command, task: &str, arguments: &[&str]) -> Command {
    command.args(["--exact", "state::child::entry", "--nocapture", "--test-threads=1"]).env(TASK, task);
    for (place, argument) in arguments.iter().enumerate() {
        command.env(format!("{ARGUMENT}_{place}"), argument);
    }
    command.stdin(Stdio::null());
    command
}

/// This program, where other users may run it: its own place may be below somebody's home. One place for all runs, so
/// that none leaves a copy of its own behind.
fn executable() -> PathBuf {
    static PLACE: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    let place = PLACE.get_or_init(|| {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let own = std::env::current_exe().unwrap();
        let all_may_enter = own.ancestors().skip(1).all(|folder| folder.metadata().unwrap().mode() & 0o001 != 0);
        if all_may_enter {
            return own;
        }
        let folder = std::env::temp_dir().join(format!("provider-tests-{}", rustix::process::geteuid().as_raw()));
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(
            folder.symlink_metadata().unwrap().uid(),
            rustix::process::geteuid().as_raw(),
            "{}",
            folder.display()
        );
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        let place = folder.join("integration");
        let new = tempfile::NamedTempFile::new_in(&folder).unwrap().into_temp_path();
        std::fs::copy(&own, &new).unwrap();
        std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o755)).unwrap();
        new.persist(&place).unwrap();
        place
    });
    place.clone()
}

/// Runs a task to its end, and shows what it says if it fails.
pub(super) fn succeed(mut command: Command) {
    let output = command.output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{command:?}: {}\n{stdout}\n{stderr}", output.status);
}

/// A child that runs, and what it says.
pub(super) struct Running {
    pub(super) process: Child,
    pub(super) lines: BufReader<ChildStdout>,
}

impl Running {
    pub(super) fn start(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        Self { process, lines }
    }

    /// The next thing it says; `None` when it has ended.
    pub(super) fn said(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            // What a kill cut off was not said.
            if let Some(said) = line.strip_prefix("> ").and_then(|said| said.strip_suffix('\n')) {
                return Some(said.to_owned());
            }
        }
    }

    /// Waits for the end and gives back every number it acknowledged.
    pub(super) fn acknowledged(mut self) -> Vec<u64> {
        let mut numbers = Vec::new();
        while let Some(said) = self.said() {
            numbers.extend(said.strip_prefix("written ").map(|text| text.parse::<u64>().unwrap()));
        }
        self.process.wait().unwrap();
        numbers
    }

    /// Kills it: no handler, no destructor.
    pub(super) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Whether the test may become other users and mount file systems; says so if it may not.
pub(super) fn is_root(test: &str) -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        #[allow(clippy::print_stderr, reason = "tests/run collects these lines")]
        {
            eprintln!("could not run: {test} needs root");
        }
    }
    root
}
