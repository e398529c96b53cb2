//! The life of the server: systemd's sockets and its ears, stopping and starting anew under load, kill -9.

use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
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
    let token = place.token("actor", "act");
    let mut server = place.serve(2);
    let mut stream = TcpStream::connect(server.api).await.unwrap();
    let head = format!(
        "POST /api/v1/workloads/o-1/pause HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The handler waits for the body now.
    let mut first = [0; 25];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 100 Continue\r\n\r\n");
    let mut quiet = TcpStream::connect(server.api).await.unwrap();
    server.signal(rustix::process::Signal::TERM);
    // Who says nothing is let go; who is being answered is not.
    let mut nothing = Vec::new();
    quiet.read_to_end(&mut nothing).await.unwrap();
    assert!(nothing.is_empty());
    stream.write_all(b"{}").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("there is no workload o-1"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
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

/// Servers that take turns at one socket, which is held by somebody else, as systemd does: nobody is failed.
// Stopping and starting block this test's own thread: clients need others, or they are silent for as long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_under_load_fails_no_request_that_is_under_way() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    let limits = "limits: { requests_per_second: 1000000 }, tls:";
    let place = Place::new(&PLAIN.replacen(":0", &format!(":{port}"), 1).replace("tls:", limits));
    let start = || {
        let mut command = place.command(&["serve", "--log-format", "json"]);
        // The first descriptor of a process is handed over without any other tool.
        command.env("LISTEN_FDS", "1").env("LISTEN_FDS_FIRST_FD", "0");
        command.stdin(std::os::fd::OwnedFd::from(socket.try_clone().unwrap()));
        let server = Place::serve_by(command, 2);
        assert_eq!(server.api.port(), port);
        server
    };
    let mut server: Server = start();
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let failed: Arc<Mutex<Vec<String>>> = Arc::default();
    let mut load = Vec::new();
    for _ in 0..8 {
        let (stop, answered, failed) = (Arc::clone(&stop), Arc::clone(&answered), Arc::clone(&failed));
        load.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let mut answer = Vec::new();
                let whole = async {
                    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
                    stream.write_all(b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await?;
                    stream.read_to_end(&mut answer).await
                };
                match whole.await {
                    Ok(_) if answer.ends_with(b"}") => drop(answered.fetch_add(1, Ordering::Relaxed)),
                    ended => {
                        let answer = String::from_utf8_lossy(&answer);
                        failed.lock().unwrap().push(format!("{ended:?} {answer}"));
                    }
                }
            }
        }));
    }
    for _ in 0..3 {
        let before = answered.load(Ordering::Relaxed);
        while answered.load(Ordering::Relaxed) < before + 50 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(server.stop(), Some(0));
        server = start();
    }
    stop.store(true, Ordering::Relaxed);
    for task in load {
        task.await.unwrap();
    }
    let failed = failed.lock().unwrap();
    assert!(failed.is_empty(), "of {}: {failed:?}", answered.load(Ordering::Relaxed));
}
