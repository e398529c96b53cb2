//! Every option of metering, fraud and prices changes something.

use super::Place;

/// A record of an hour under a configuration: its flags.
fn flags(configuration: &str, figures: &[&str]) -> Vec<String> {
    let place = Place::new(configuration);
    let row = place.record(0, figures).json();
    row[0]["flags"].as_array().unwrap().iter().map(|flag| flag.as_str().unwrap().to_owned()).collect()
}

#[test]
fn limits_of_the_fraud_check() {
    let one = ["--gpu-seconds", "1"];
    assert_eq!(flags("", &one), [""; 0]);
    let short = "fraud: { min_record_duration: 61m }\nmetering: { interval: 2h }\n";
    assert_eq!(flags(short, &one), ["DURATION_TOO_SHORT"]);
    let long = "fraud: { max_record_duration: 59m }\nmetering: { interval: 30m }\n";
    assert_eq!(flags(long, &one), ["DURATION_TOO_LONG"]);
}

#[test]
fn an_anomaly_is_a_matter_of_the_limits() {
    let anomaly = |configuration: &str| {
        let place = Place::new(configuration);
        for hour in 0..3 {
            place.record(hour, &["--network-bytes-out", "1000"]).done();
        }
        place.record(3, &["--network-bytes-out", "20000"]).code == 1
    };
    assert!(!anomaly(""), "little is never much");
    assert!(anomaly("fraud: { network_floor: 10k }\n"));
    assert!(!anomaly("fraud: { network_floor: 10k, max_network_anomaly_ratio: 20 }\n"));
}

#[test]
fn the_future_is_not_metered() {
    let ahead = |configuration: &str| {
        let place = Place::new(configuration);
        let end = (jiff::Timestamp::now() + std::time::Duration::from_mins(30)).to_string();
        let record =
            ["usage", "record", "--lease-id", super::LEASE, "--start", "2h", "--end", &end, "--gpu-seconds", "1"];
        place.run(&[&record[..], &["--passphrase-file", "passphrase"]].concat()).stderr.contains("FUTURE_TIMESTAMP")
    };
    assert!(ahead(""));
    assert!(!ahead("fraud: { future_tolerance: 1h }\n"));
}

#[test]
fn prices_of_usage() {
    let cost = |configuration: &str| {
        let place = Place::new(configuration);
        let used = [
            "--cpu-milliseconds",
            "3600000",
            "--memory-byte-seconds",
            "3865470566400",
            "--storage-byte-seconds",
            "3865470566400",
            "--network-bytes-in",
            "1073741824",
            "--network-bytes-out",
            "1073741824",
            "--gpu-seconds",
            "3600",
        ];
        place.record(0, &used).done().json()[0]["cost"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(cost(""), "", "the lease pays for what it reserves");
    assert_eq!(cost("bidding: { base_prices: { cpu_core: 10, bandwidth_gb: 5 } }\n"), "10uve");
    assert_eq!(cost("bidding: { base_prices: { bandwidth_gb: 5 } }\nusage: { prices: { ingress_gb: 0 } }\n"), "5uve");
    for (key, worth) in [
        ("cpu_core_hour", 3),
        ("memory_gb_hour", 4),
        ("storage_gb_hour", 5),
        ("gpu_hour", 6),
        ("ingress_gb", 7),
        ("egress_gb", 8),
    ] {
        assert_eq!(cost(&format!("usage: {{ prices: {{ {key}: {worth} }} }}\n")), format!("{worth}uve"), "{key}");
    }
}

#[test]
fn what_cannot_all_be_is_said_at_once() {
    let place = Place::new("");
    place.configure(
        "fraud: { min_record_duration: 2h }\nusage:\n  metrics_sources: [prometheus]\n  prices: { gpu_hour: 1uve, cpu_core_hour: 1uakt }\n\
         alerts: { capacity_warning: 95 }\n",
    );
    let said = place.run(&["validate-config"]);
    for part in [
        "`fraud.min_record_duration` is longer than a window of 1h",
        "`usage.prometheus` has no address of a server",
        "usage is charged in uakt elsewhere",
        "`alerts.capacity_warning` is above `capacity_critical`",
    ] {
        assert!(said.stderr.contains(part) || said.stdout.contains(part), "{part}\n{}{}", said.stdout, said.stderr);
    }
    assert_eq!(said.code, 78);
}
