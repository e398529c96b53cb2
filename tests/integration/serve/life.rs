//! The life of the server: systemd's sockets and its ears, stopping and starting anew under load, kill -9.

use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{PATIENCE, PLAIN, Place, Server, ask, client};

#[tokio::test]
async fn systemd_hears_that_it_is_ready_lives_and_stops() {
    let place = Place::new(PLAIN);
    let ear = UnixDatagram::bind(place.path("notify")).unwrap();
    ear.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut command = place.command(&["serve", "--log-format", "json"]);
    command.env("NOTIFY_SOCKET", place.path("notify")).env("WATCHDOG_USEC", "200000");
    let mut server = Place::serve_by(command, 2);
    let mut heard = String::new();
    let hear = |word: &str, heard: &mut String| {
        while !heard.contains(word) {
            let mut buffer = [0; 512];
            let length = ear.recv(&mut buffer).unwrap();
            heard.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
        }
    };
    hear("READY=1", &mut heard);
    heard.clear();
    hear("WATCHDOG=1", &mut heard);
    heard.clear();
    hear("WATCHDOG=1", &mut heard);
    server.signal(rustix::process::Signal::HUP);
    assert_eq!(server.stop(), Some(0));
    hear("STOPPING=1", &mut heard);
}

#[tokio::test]
async fn a_request_that_is_under_way_is_answered_when_the_server_stops() {
    let place = Place::new(PLAIN);
    let mut server = place.serve(2);
    let mut stream = TcpStream::connect(server.api).await.unwrap();
    stream.write_all(b"GET /ready HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    let mut quiet = TcpStream::connect(server.api).await.unwrap();
    server.signal(rustix::process::Signal::TERM);
    server.wait_for("told to stop");
    stream.write_all(b"\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("the server stops"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    let mut nothing = Vec::new();
    quiet.read_to_end(&mut nothing).await.unwrap();
    assert!(nothing.is_empty());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

/// A server that gets its sockets from `systemd-socket-activate`, or none where that is not there.
fn activated(place: &Place, port: u16) -> Option<Command> {
    let tool = ["/usr/bin/systemd-socket-activate"].into_iter().find(|path| std::path::Path::new(path).exists())?;
    let mut command = Command::new(tool);
    command.args(["-l", &format!("127.0.0.1:{port}"), "-E", "HOME"]).arg(env!("CARGO_BIN_EXE_provider"));
    command.args(["serve", "--log-format", "json"]).env("HOME", place.home.path());
    Some(command)
}

#[tokio::test]
async fn systemds_socket_is_taken_over() {
    let port = free_port();
    let place = Place::new(&PLAIN.replacen(":0", &format!(":{port}"), 1));
    let Some(mut command) = activated(&place, port) else {
        println!("could not run: systemd-socket-activate is missing");
        return;
    };
    command.env("PATH", "/usr/bin:/bin");
    // It starts the server when somebody connects.
    let first = tokio::spawn(async move {
        let client = client();
        loop {
            if let Ok(answer) = client.get(format!("http://127.0.0.1:{port}/ready")).send().await {
                return answer.status().as_u16();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let server = tokio::task::spawn_blocking(move || {
        let server = Place::serve_by(command, 2);
        (server, place)
    });
    let (server, _place) = server.await.unwrap();
    assert_eq!(server.api.port(), port);
    assert_eq!(first.await.unwrap(), 200);
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn kill_9_loses_nothing() {
    let place = Place::new(PLAIN);
    let token = place.token("reader", "read");
    let mut server = place.serve(2);
    let client = client();
    assert_eq!(ask(&client, &server.url("/ready")).await.0, 200);
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    place.run(&["state", "check"]);
    let server = place.serve(2);
    assert_eq!(ask(&client, &server.url("/ready")).await.0, 200);
    drop((server, token));
}

/// Servers that take turns at one address, as systemd would have it: who is answered once is never failed.
#[tokio::test]
async fn a_restart_under_load_fails_no_request_that_is_under_way() {
    let port = free_port();
    let limits = "limits: { requests_per_second: 1000000 }, tls:";
    let place = Place::new(&PLAIN.replacen(":0", &format!(":{port}"), 1).replace("tls:", limits));
    let mut server: Server = place.serve(2);
    let (stop, answered, failed) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut load = Vec::new();
    for _ in 0..8 {
        let (stop, answered, failed) = (Arc::clone(&stop), Arc::clone(&answered), Arc::clone(&failed));
        load.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                // Without a server nobody is connected to: that is no request under way.
                let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    continue;
                };
                let mut answer = Vec::new();
                let asked = stream.write_all(b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
                let read = stream.read_to_end(&mut answer).await;
                let whole = asked.is_ok() && read.is_ok() && answer.ends_with(b"}");
                if whole { &answered } else { &failed }.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    for _ in 0..3 {
        let before = answered.load(Ordering::Relaxed);
        while answered.load(Ordering::Relaxed) < before + 50 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(server.stop(), Some(0));
        server = place.serve(2);
    }
    stop.store(true, Ordering::Relaxed);
    for task in load {
        task.await.unwrap();
    }
    assert_eq!(failed.load(Ordering::Relaxed), 0, "of {}", answered.load(Ordering::Relaxed));
}
