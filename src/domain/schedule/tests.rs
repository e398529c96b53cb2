use std::collections::BTreeSet;

use proptest::prelude::*;

use super::text::{argument, span};
use super::*;

fn rhythms() -> Rhythms {
    let minute = Rhythm::Every(Duration::from_mins(1));
    Rhythms {
        bid_run: Rhythm::Following(Duration::from_mins(5)),
        workloads_reconcile: Rhythm::Every(Duration::from_secs(30)),
        usage_collect: minute,
        usage_submit: Rhythm::Every(Duration::from_hours(1)),
        lease_monitor: minute,
        tx_flush: minute,
        keys_rotate: Rhythm::Daily { hour: 4, minute: 5 },
        state_maintain: Rhythm::Daily { hour: 23, minute: 59 },
    }
}

fn site(manager: Manager) -> Site {
    Site {
        manager,
        program: "/usr/local/bin/provider".to_owned(),
        configuration: "/etc/provider-daemon/config.yaml".to_owned(),
        writable: vec!["/var/lib/provider-daemon".to_owned(), "/var/backups/my provider".to_owned()],
        passphrase: "/etc/provider-daemon/passphrase".to_owned(),
        api: "0.0.0.0:8443".parse().unwrap(),
        metrics: Some("127.0.0.1:9091".parse().unwrap()),
    }
}

fn system() -> Vec<Unit> {
    files(&Timetable::new(&rhythms()), &site(Manager::System { account: "provider".to_owned() }))
}

fn text(units: &[Unit], name: &str) -> String {
    units.iter().find(|unit| unit.name == name).unwrap_or_else(|| panic!("no {name}")).text.clone()
}

#[test]
fn each_job_has_a_service_and_a_timer_and_the_target_enables_all() {
    let units = system();
    let names: BTreeSet<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(names.len(), units.len());
    let target = text(&units, "provider.target");
    for (scheduled, _) in JOBS {
        let (service, timer) = (service_name(scheduled.job.as_str()), timer_name(scheduled.job.as_str()));
        assert!(names.contains(service.as_str()) && names.contains(timer.as_str()), "{service}");
        assert!(target.contains(&timer), "{target}");
        assert!(text(&units, &timer).contains("WantedBy=provider.target"));
    }
    assert!(units.iter().all(|unit| is_ours(&unit.text)));
    assert!(!is_ours("[Unit]\n# Written by `provider timers install`\n"));
}

#[test]
fn a_following_run_stays_for_its_period_and_a_plain_one_looks_once() {
    let units = system();
    let bid = text(&units, "provider-bid-run.service");
    assert!(bid.contains(" bid run --follow\n") && bid.contains("TimeoutStartSec=420s\n"), "{bid}");
    assert!(text(&units, "provider-bid-run.timer").contains("OnUnitInactiveSec=3s\n"));
    let plain = Rhythms { bid_run: Rhythm::Every(Duration::from_secs(5)), ..rhythms() };
    let units = files(&Timetable::new(&plain), &site(Manager::User));
    let bid = text(&units, "provider-bid-run.service");
    assert!(bid.contains("config.yaml bid run\n") && bid.contains("TimeoutStartSec=120s\n"), "{bid}");
    let timer = text(&units, "provider-bid-run.timer");
    assert!(
        timer.contains("OnUnitInactiveSec=5s\nRandomizedDelaySec=500ms\n") && !timer.contains("Persistent"),
        "{timer}"
    );
    assert!(text(&units, "provider-keys-rotate.timer").contains("OnCalendar=*-*-* 04:05:00\n"));
    assert!(text(&units, "provider-keys-rotate.timer").contains("Persistent=yes\n"));
}

#[test]
fn processes_of_workloads_outlive_the_run_that_started_them() {
    let units = system();
    let kept: Vec<&str> =
        units.iter().filter(|unit| unit.text.contains("KillMode=process\n")).map(|unit| unit.name.as_str()).collect();
    assert_eq!(kept, ["provider-workloads-reconcile.service"]);
}

#[test]
fn only_what_unlocks_keys_gets_the_passphrase() {
    let units = system();
    let credential = "LoadCredential=provider-passphrase:/etc/provider-daemon/passphrase\n";
    assert!(text(&units, "provider-tx-flush.service").contains(credential));
    for without in ["provider-state-maintain.service", "provider-serve.service", "provider-failed@.service"] {
        assert!(!text(&units, without).contains("LoadCredential"), "{without}");
    }
}

#[test]
fn a_persons_units_ask_for_nothing_that_takes_root() {
    let units = files(&Timetable::new(&rhythms()), &site(Manager::User));
    for unit in &units {
        for word in ["User=", "CapabilityBoundingSet", "PrivateUsers", "ProtectSystem", "StateDirectory", "multi-user"]
        {
            assert!(!unit.text.contains(word), "{} has {word}", unit.name);
        }
    }
    assert!(text(&units, "provider.target").contains("WantedBy=default.target"));
}

#[test]
fn folders_at_home_are_reached_and_others_are_not_even_seen() {
    let units = system();
    let service = text(&units, "provider-tx-flush.service");
    assert!(service.contains("ProtectHome=yes\nStateDirectory=provider-daemon\n"), "{service}");
    assert!(service.contains("ReadWritePaths=-\"/var/backups/my provider\"\n"), "{service}");
    let mut at_home = site(Manager::System { account: "me".to_owned() });
    at_home.writable = vec!["/home/me/.provider-daemon".to_owned()];
    let service = text(&files(&Timetable::new(&rhythms()), &at_home), "provider-tx-flush.service");
    assert!(service.contains("ProtectHome=read-only\nReadWritePaths=-/home/me/.provider-daemon\n"), "{service}");
    assert!(!service.contains("StateDirectory"), "{service}");
}

#[test]
fn words_are_spelled_so_that_systemd_reads_them_back() {
    for (word, spelled) in [
        ("/usr/bin/provider", "/usr/bin/provider"),
        ("/srv/50%/x", "/srv/50%%/x"),
        ("a b", "\"a b\""),
        ("$HOME", "$$HOME"),
        ("a\"b\\c", "\"a\\\"b\\\\c\""),
        ("a\nExecStart=/bin/evil", "\"a\\nExecStart=/bin/evil\""),
        ("", "\"\""),
    ] {
        assert_eq!(argument(word), spelled, "{word:?}");
    }
    assert_eq!((span(Duration::from_mins(5)), span(Duration::from_millis(500))), ("300s".into(), "500ms".into()));
}

proptest! {
    #[test]
    fn no_path_writes_a_line_of_its_own(word in ".*") {
        let mut site = site(Manager::User);
        let before: Vec<usize> = files(&Timetable::new(&rhythms()), &site).iter().map(|u| u.text.lines().count()).collect();
        site.program = format!("/{word}");
        site.configuration = format!("/{word}");
        let after: Vec<usize> = files(&Timetable::new(&rhythms()), &site).iter().map(|u| u.text.lines().count()).collect();
        prop_assert_eq!(before, after);
    }
}
