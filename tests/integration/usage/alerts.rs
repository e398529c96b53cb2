//! Alerts reach a webhook, an Alertmanager and a command: once for each change, and again only where they did not arrive.

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::Place;

/// What came in one request.
#[derive(Clone)]
struct Seen {
    line: String,
    authorization: Option<String>,
    body: Value,
}

/// A server on the loopback that answers everything with one status.
struct Server {
    address: SocketAddr,
    status: Arc<AtomicU16>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            status: Arc::new(AtomicU16::new(200)),
            seen: Arc::default(),
        };
        let (status, seen) = (Arc::clone(&server.status), Arc::clone(&server.seen));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                seen.lock().unwrap().push(read(&stream));
                let status = status.load(Ordering::SeqCst);
                let _ = write!(&stream, "HTTP/1.1 {status} -\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
        });
        server
    }

    /// What came since this was asked last.
    fn fresh(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }
}

fn read(stream: &TcpStream) -> Seen {
    let mut reader = BufReader::new(stream);
    let (mut lines, mut length, mut authorization) = (Vec::new(), 0, None);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_owned();
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => authorization = Some(value.to_owned()),
            _ if line.is_empty() => break,
            _ => {}
        }
        lines.push(line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Seen { line: lines.swap_remove(0), authorization, body: serde_json::from_slice(&body).unwrap() }
}

/// A place whose alerts go to a webhook, an Alertmanager and a program that keeps what it is told.
struct Told {
    place: Place,
    webhook: Server,
    alertmanager: Server,
}

impl Told {
    fn new() -> Self {
        let (place, webhook, alertmanager) = (Place::new(""), Server::start(), Server::start());
        let (program, told) = (place.path("on-alert"), place.path("told"));
        fs::write(&program, format!("#!/bin/sh\ncat >>{0}; echo >>{0}\n", told.display())).unwrap();
        fs::set_permissions(&program, Permissions::from_mode(0o700)).unwrap();
        fs::write(place.path("token"), "sesame").unwrap();
        fs::set_permissions(place.path("token"), Permissions::from_mode(0o600)).unwrap();
        place.configure(&format!(
            "provider: {{ id: here }}\norchestration: {{ adapter: local, local: {{ runtime: process, site: a{} }} }}\n\
             bidding: {{ enabled: false }}\nalerts:\n  notify:\n    webhook: http://{}/hook\n    webhook_token: file:{}\n    \
             alertmanager: http://{}/prefix\n    command: {}\n",
            std::process::id(),
            webhook.address,
            place.path("token").display(),
            alertmanager.address,
            program.display(),
        ));
        Self { place, webhook, alertmanager }
    }

    /// What the program was told since this was asked last.
    fn program(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.place.path("told")).unwrap_or_default();
        fs::write(self.place.path("told"), "").unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn collect(&self) -> super::Ran {
        self.place.run(&["usage", "collect", "--passphrase-file", "passphrase"])
    }

    fn listed(&self, more: &[&str]) -> Vec<Value> {
        let rows = self.place.run(&[&["alerts", "list", "-o", "json"], more].concat()).done().json();
        rows.as_array().unwrap().clone()
    }
}

#[test]
fn every_channel_gets_a_test() {
    let told = Told::new();
    let rows = told.place.run(&["alerts", "test", "-o", "json"]).done().json();
    assert_eq!(rows.as_array().unwrap().len(), 3, "{rows}");
    assert!(rows.as_array().unwrap().iter().all(|row| row["arrived"] == true), "{rows}");
    let hook = told.webhook.fresh().remove(0);
    assert_eq!((hook.line.as_str(), hook.authorization.as_deref()), ("POST /hook HTTP/1.1", Some("Bearer sesame")));
    assert_eq!((&hook.body["kind"], &hook.body["provider"]), (&"test".into(), &"here".into()), "{}", hook.body);
    let manager = told.alertmanager.fresh().remove(0);
    assert_eq!((manager.line.as_str(), manager.authorization), ("POST /prefix/api/v2/alerts HTTP/1.1", None));
    let (alert, labels) = (&manager.body[0], &manager.body[0]["labels"]);
    assert_eq!((&labels["alertname"], &labels["provider"]), (&"test".into(), &"here".into()), "{alert}");
    assert_eq!(alert["startsAt"], alert["endsAt"], "a test does not fire on");
    assert_eq!(told.program()[0]["change"], "resolved");

    told.webhook.answer(403);
    let ran = told.place.run(&["alerts", "test", "-o", "json"]);
    let row = ran.json()[0].clone();
    assert_eq!((ran.code, &row["channel"], &row["arrived"]), (1, &"webhook".into(), &false.into()), "{row}");
    assert!(row["problem"].as_str().unwrap().contains("HTTP 403") && !ran.stdout.contains("sesame"), "{row}");
}

#[test]
fn a_key_is_due_until_another_took_its_place() {
    let place = Place::new("");
    let due = |days: u32| {
        place.configure(&format!(
            "orchestration: {{ adapter: local, local: {{ runtime: process, site: k{} }} }}\nbidding: {{ enabled: false }}\n\
             keys: {{ max_age: {days}d }}\nalerts: {{ key_expiry: 10d }}\n",
            std::process::id()
        ));
        place.run(&["usage", "collect", "--passphrase-file", "passphrase"]).done();
        let rows = place.run(&["alerts", "list", "-o", "json"]).done().json();
        let subjects = rows.as_array().unwrap().iter().map(|row| row["subject"].as_str().unwrap().to_owned());
        subjects.collect::<Vec<_>>()
    };
    assert_eq!(due(90), [""; 0]);
    assert_eq!(due(9), ["provider-usage"]);
    place.run(&["keys", "rotate", "usage", "--passphrase-file", "passphrase"]).done();
    assert_eq!(due(9), ["provider-usage-v2"], "the old one is no longer due");
    assert_eq!(due(90), [""; 0]);
}

#[test]
fn a_change_is_told_once_and_until_it_arrived() {
    let told = Told::new();
    told.collect().done();
    assert!(told.webhook.fresh().is_empty() && told.program().is_empty(), "nothing fires");

    // A record that cannot be right is held: somebody should look at it.
    assert_eq!(told.place.record(0, &["--cpu-milliseconds=-5"]).code, 1);
    told.webhook.answer(500);
    let ran = told.collect().done();
    assert!(ran.stderr.contains("HTTP 500"), "{}", ran.stderr);
    assert_eq!(told.webhook.fresh().len(), 1);
    let (raised, posted) = (told.program().remove(0), told.alertmanager.fresh().remove(0).body);
    assert_eq!((&raised["change"], &raised["kind"]), (&"raised".into(), &"usage_held".into()), "{raised}");
    assert_eq!(posted[0]["labels"]["alertname"], "usage_held");
    assert!(posted[0]["endsAt"].as_str() > posted[0]["startsAt"].as_str(), "it fires until it is resolved: {posted}");

    // The others were told; only the webhook was not.
    told.webhook.answer(204);
    told.collect().done();
    assert_eq!(told.webhook.fresh().remove(0).body, raised);
    told.collect().done();
    assert!(told.webhook.fresh().is_empty() && told.alertmanager.fresh().is_empty() && told.program().is_empty());

    let listed = told.listed(&[]);
    assert_eq!((listed.len(), &listed[0]["kind"]), (1, &"usage_held".into()), "{listed:?}");
    told.place.run(&["alerts", "ack", &listed[0]["id"].to_string()]).done();
    assert!(told.listed(&[])[0]["acked_at"].is_string());
    assert!(told.place.run(&["status"]).done().stdout.contains("held by the fraud check"));

    told.place.run(&["usage", "review", "1", "--reject", "a broken meter"]).done();
    told.collect().done();
    let resolved = told.program().remove(0);
    assert_eq!((&resolved["change"], resolved["resolved_at"].is_string()), (&"resolved".into(), true), "{resolved}");
    assert_eq!(told.webhook.fresh().remove(0).body, resolved);
    let posted = told.alertmanager.fresh().remove(0).body;
    assert_eq!(posted[0]["startsAt"], resolved["raised_at"], "the same alert ends there: {posted}");
    assert_eq!(posted[0]["endsAt"], resolved["resolved_at"]);
    assert_eq!((told.listed(&[]).len(), told.listed(&["--all"]).len()), (0, 1));
}
