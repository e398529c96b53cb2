//! Health, readiness, metrics: what they say, and what they say without a state file.

use std::fs;

use super::{PLAIN, Place, ask, client};

#[tokio::test]
async fn health_has_the_manuals_form_and_metrics_both_formats() {
    let place = Place::new(PLAIN);
    let server = place.serve(2);
    let client = client();
    let (status, health) = ask(&client, &server.url("/health")).await;
    assert_eq!((status, &health["status"]), (503, &"unhealthy".into()), "nothing ever ran: {health}");
    for component in ["bid-engine", "key-manager", "usage-meter", "chain", "adapters"] {
        let part = &health["components"][component];
        assert_eq!(part["name"], component);
        assert!(part["latency"].is_u64() && part["message"].is_string(), "{part}");
        let (_, alone) = ask(&client, &server.url(&format!("/health/{component}"))).await;
        assert_eq!(alone["status"], part["status"]);
    }
    assert!(health["last_checked"].is_string());
    assert_eq!(ask(&client, &server.url("/health/nobody")).await.0, 404);
    assert_eq!(ask(&client, &server.url("/ready")).await, (200, serde_json::json!({ "ready": true })));
    assert_eq!(ask(&client, &server.url("/metrics")).await.0, 404, "metrics have an address of their own");

    let url = format!("http://{}/metrics", server.metrics.unwrap());
    let classic = client.get(&url).send().await.unwrap();
    assert_eq!(classic.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = classic.text().await.unwrap();
    assert!(text.contains("\nprovider_daemon_up 0\n") || text.starts_with("# HELP provider_daemon_up"), "{text}");
    assert!(text.contains("provider_job_stale{job=\"bid-run\"} 1\n"), "{text}");
    let open = client.get(&url).header("accept", "application/openmetrics-text").send().await.unwrap();
    assert!(open.text().await.unwrap().ends_with("# EOF\n"));
}

#[tokio::test]
async fn without_its_state_file_the_server_says_why_and_recovers_by_itself() {
    let place = Place::new(PLAIN);
    let server = place.serve(2);
    let client = client();
    assert_eq!(ask(&client, &server.url("/ready")).await.0, 200);
    let aside = place.path("aside.db");
    fs::rename(place.state(), &aside).unwrap();
    for path in ["/health", "/health/chain", "/ready"] {
        let (status, said) = ask(&client, &server.url(path)).await;
        assert_eq!(status, 503, "{path}: {said}");
        assert!(said.to_string().contains("there is no state file"), "{path}: {said}");
    }
    let metrics = format!("http://{}/metrics", server.metrics.unwrap());
    assert_eq!(ask(&client, &metrics).await.0, 503);
    fs::write(place.state(), "no database at all").unwrap();
    let (status, said) = ask(&client, &server.url("/health")).await;
    assert!(status == 503 && said.to_string().contains("is not a state file"), "{said}");
    fs::rename(&aside, place.state()).unwrap();
    assert_eq!(ask(&client, &server.url("/ready")).await.0, 200, "the next request looks again");
}

#[tokio::test]
async fn a_locked_state_file_is_a_503_and_a_restore_is_not_kept_waiting() {
    let place = Place::new(PLAIN);
    let server = place.serve(2);
    let client = client();
    assert_eq!(ask(&client, &server.url("/ready")).await.0, 200);
    place.run(&["state", "backup", "--output", "copy.db"]);
    // Connections that nobody uses are closed, so that a restore gets its turn beside a server.
    place.run(&["state", "restore", "copy.db", "--wait", "30s"]);
    assert_eq!(ask(&client, &server.url("/ready")).await.0, 200);
    let gate = fs::File::open(place.path(".provider-daemon/state.db.locks/gate")).unwrap();
    loop {
        if gate.try_lock().is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let (status, said) = ask(&client, &server.url("/health")).await;
    assert!(status == 503 && said.to_string().contains("is being restored"), "{said}");
    drop(gate);
    assert_eq!(ask(&client, &server.url("/ready")).await.0, 200);
}
