//! How long the shortest commands take, against `true` in the same run: `cargo bench --bench startup`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    reason = "a benchmark prints figures, and fails loudly"
)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 200;

/// The median time of a command from start to end.
fn median(command: &mut dyn FnMut() -> Command) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let mut command = command();
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let begun = Instant::now();
            assert!(command.status().unwrap().success());
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

/// The peak of resident memory in KiB, as GNU time reports it; `None` where that is not installed.
fn peak(program: &str, arguments: &[&str]) -> Option<u64> {
    let time = Command::new("/usr/bin/time").args(["-f", "%M", program]).args(arguments).output().ok()?;
    String::from_utf8(time.stderr).ok()?.trim().parse().ok()
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.yaml");
    std::fs::copy("config/complete.yaml", &config).unwrap();
    let config = config.to_str().unwrap();
    let program = env!("CARGO_BIN_EXE_provider");
    let floor = median(&mut || Command::new("true"));
    println!("{:32} {:>8.2} ms", "true", floor.as_secs_f64() * 1e3);
    for arguments in [vec!["version"], vec!["config", "show", "--config", config]] {
        let time = median(&mut || {
            let mut command = Command::new(program);
            command.args(&arguments);
            command
        });
        let name = format!("provider {}", arguments[..arguments.len().min(2)].join(" "));
        let (ms, ratio) = (time.as_secs_f64() * 1e3, time.as_secs_f64() / floor.as_secs_f64());
        let peak = peak(program, &arguments);
        let memory = peak.map_or("(apt-get install time)".to_owned(), |kib| format!("{kib} KiB"));
        println!("{name:32} {ms:>8.2} ms  {ratio:.1} x true  {memory}");
    }
}
