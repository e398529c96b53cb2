use std::fs;

use super::*;
use crate::config::{Build, Environment, load};

fn settings(text: &str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.yaml");
    fs::write(&file, text).unwrap();
    let environment = Environment::of([("HOME", "/home/provider")]);
    let working_folder = folder.path().to_owned();
    let request = crate::config::Request {
        file: Some(&file),
        flags: vec![],
        environment: &environment,
        working_folder,
        build: Build::THIS,
    };
    let loaded = load(&request);
    loaded.settings.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

/// Each option of `workloads` changes the rules that the plan is made by, or the caps.
#[test]
fn each_option_reaches_the_plan() {
    let of = |text: &str| {
        let settings = settings(&format!("workloads:\n  {text}\n"));
        (rules(&settings), caps(&settings), settings.workloads)
    };
    let usual = of("max_concurrent: 100");
    let changed = [
        ("max_concurrent: 7", "max_concurrent"),
        ("manifest_timeout: 7m", "manifest_timeout"),
        ("deploy_timeout: 7m", "deploy_timeout"),
        ("max_terminations_per_run: 7", "per_run"),
        ("max_terminations_per_hour: 7", "per_hour"),
        ("health_check: { interval: 7s }", "interval"),
        ("health_check: { timeout: 7s }", "timeout"),
        ("health_check: { retries: 7 }", "retries"),
        ("auto_heal: { enabled: false }", "enabled"),
        ("auto_heal: { max_restarts: 7 }", "max_restarts"),
        ("auto_heal: { restart_delay: 7s }", "delay"),
        ("auto_heal: { stable_after: 7m }", "stable_after"),
        ("eviction: { enabled: false }", "eviction"),
        ("eviction: { timeout: 7m }", "eviction timeout"),
        ("eviction: { max_concurrent: 7 }", "evictions"),
        ("eviction: { reasons: [lease_expired] }", "reasons"),
    ];
    for (text, what) in changed {
        let other = of(text);
        assert!((&other.0, other.1) != (&usual.0, usual.1), "{what} changes nothing");
    }
    let other = of("concurrency: 7\n  stop_grace: 7s").2;
    assert_eq!((other.concurrency, other.stop_grace), (7, Duration::from_secs(7)));
    assert_eq!(of("eviction: { enabled: false }").0.eviction.reasons.len(), 0);
}

/// A state file that fails ends a command as such, whichever job it was for.
#[test]
fn a_state_file_that_fails_is_told_as_such() {
    use crate::cli::Status;
    use crate::jobs::{workloads_ask, workloads_deploy};
    let failed = || Store::open(std::path::Path::new("/nowhere/state.db"), Mode::WriteExisting).err().unwrap();
    for failure in [
        Failure::from(workloads_ask::Error::Store(failed())),
        Failure::from(workloads_deploy::Error::Store(failed())),
        Failure::from(workloads_reconcile::Error::Store(failed())),
    ] {
        assert_eq!(failure.status(), Status::StateFile);
    }
}
