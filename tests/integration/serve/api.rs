//! The API: pages, one thing, actions that are written down, and its document.

use serde_json::{Value, json};

use super::metrics::busy;
use super::{PLAIN, Place, Server, client};

struct Api {
    place: Place,
    server: Server,
    reader: String,
    actor: String,
}

impl Api {
    fn new() -> Self {
        let place = busy(PLAIN);
        let (reader, actor) = (place.token("reader", "read"), place.token("actor", "act"));
        let server = place.serve(2);
        Self { place, server, reader, actor }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let answer = client().get(self.server.url(path)).bearer_auth(&self.reader).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn post(&self, path: &str, body: &str) -> (u16, Value) {
        let request = client().post(self.server.url(path)).bearer_auth(&self.actor).body(body.to_owned());
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

#[tokio::test]
async fn what_the_command_line_lists_comes_as_pages() {
    let api = Api::new();
    for (path, field, value) in [
        ("workloads", "id", json!("o-1")),
        ("orders", "code", json!("price_too_high")),
        ("bids", "state", json!("lost")),
        ("leases", "price", json!("0.5uve")),
        ("usage", "state", json!("held")),
        ("earnings", "amount", json!("3")),
        ("alerts", "kind", json!("capacity")),
        ("jobs", "outcome", json!("done")),
    ] {
        let (status, page) = api.get(&format!("/api/v1/{path}")).await;
        assert_eq!((status, &page["items"][0][field]), (200, &value), "{path}: {page}");
    }
    let (_, first) = api.get("/api/v1/bids?limit=1").await;
    let next = first["next"].as_str().unwrap();
    let (_, second) = api.get(&format!("/api/v1/bids?limit=1&after={next}")).await;
    assert_eq!((&second["items"][0]["order"], &second["next"]), (&json!("t/1/1/1"), &Value::Null));
    let (_, none) = api.get("/api/v1/bids?state=refused").await;
    assert_eq!(none["items"], json!([]));
    for wrong in ["limit=0", "limit=1001", "limit=x", "colour=red"] {
        let (status, said) = api.get(&format!("/api/v1/bids?{wrong}")).await;
        assert_eq!((status, &said["error"]), (400, &json!("bad_request")), "{wrong}");
    }
    let (status, found) = api.get("/api/v1/status").await;
    assert_eq!((status, &found["workloads"]), (200, &json!({ "running": 1 })), "{found}");
    let (_, engine) = api.get("/api/v1/bid-engine/status").await;
    assert_eq!((&engine["won"], &engine["declined"]), (&json!(1), &json!({ "price_too_high": 1 })), "{engine}");
    let (_, resources) = api.get("/api/v1/resources").await;
    assert_eq!(resources["items"][0]["reserved"], "1500");
}

#[tokio::test]
async fn a_workload_is_shown_and_what_is_asked_of_it_is_written_down() {
    let api = Api::new();
    let (status, workload) = api.get("/api/v1/workloads/o-1").await;
    assert_eq!((status, &workload["state"]), (200, &json!("running")));
    for nobody in ["o-2", "nonsense", "..%2f..", "%00"] {
        for rest in ["", "/events", "/logs", "/metrics"] {
            let (status, said) = api.get(&format!("/api/v1/workloads/{nobody}{rest}")).await;
            assert_eq!(status, 404, "{nobody}{rest}: {said}");
        }
    }
    let (status, done) = api.post("/api/v1/workloads/o-1/pause", "{\"note\": \"new disks\"}").await;
    assert_eq!((status, &done["wanted"]), (202, &json!("pause")), "{done}");
    let sql = rusqlite::Connection::open(api.place.state()).unwrap();
    let asked = "SELECT command || ' ' || note || ' ' || actor FROM workload_intents";
    let asked: String = sql.query_row(asked, [], |row| row.get(0)).unwrap();
    assert!(asked.starts_with("pause new disks") && asked.contains("api:actor"), "{asked}");
    let (_, workload) = api.get("/api/v1/workloads/o-1").await;
    assert_eq!(workload["wanted"], "paused");
    assert_eq!(api.post("/api/v1/workloads/o-2/pause", "").await.0, 404);
    assert_eq!(api.post("/api/v1/workloads/o-1/resume", "{\"nonsense\": 1}").await.0, 400);
    assert_eq!(api.post("/api/v1/workloads/o-1/resume", "").await.0, 202);
    assert_eq!(api.post("/api/v1/workloads/o-1/restart", "").await.0, 409, "its manifest is not there");
    let refused = client().post(api.server.url("/api/v1/workloads/o-1/stop")).bearer_auth(&api.reader).send().await;
    assert_eq!(refused.unwrap().status(), 403, "who may look may not act");
    let stop = client().post(api.server.url("/api/v1/workloads/o-1/stop"));
    let basic = stop.basic_auth("x", Some(&api.actor)).send().await;
    assert_eq!(basic.unwrap().status(), 401, "what a browser sends by itself does not act");
}

#[tokio::test]
async fn the_document_is_served_to_everybody() {
    let api = Api::new();
    let document: Value =
        client().get(api.server.url("/api/v1/openapi.json")).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["paths"].as_object().unwrap().len(), {
        let mut paths: Vec<&str> = provider::serve::routes().iter().map(|route| route.path).collect();
        paths.sort_unstable();
        paths.dedup();
        paths.len()
    });
}

#[tokio::test]
async fn a_locked_or_missing_state_file_is_a_503_for_the_api_too() {
    let api = Api::new();
    std::fs::rename(api.place.state(), api.place.path("aside")).unwrap();
    // A token that was seen a second ago is still known; after that nobody is.
    for path in ["/api/v1/workloads", "/api/v1/bids"] {
        let (status, said) = api.get(path).await;
        assert_eq!((status, &said["error"]), (503, &json!("unavailable")), "{said}");
    }
    let (status, said) = api.post("/api/v1/workloads/o-1/pause", "").await;
    assert_eq!(status, 503, "{said}");
    assert!(!api.place.state().exists(), "the server never makes a state file");
}
