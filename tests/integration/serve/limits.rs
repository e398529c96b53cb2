//! What a client can take of the server.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::{PATIENCE, PLAIN, Place, Server, ask, client};

fn with(limits: &str) -> Place {
    Place::new(&PLAIN.replace("tls:", &format!("limits: {{ {limits} }}, tls:")))
}

/// Whether the other end closes a connection.
async fn ends(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    // A reset is an end.
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.is_ok()
}

#[tokio::test]
async fn slow_clients_lose_their_connection_and_hold_nobody_up() {
    let place = with("header_timeout: 1s");
    let server = place.serve(2);
    let client = client();
    for said in [&b""[..], b"G", b"GET /health HTTP/1.1\r\nHost:", b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.api).await.unwrap();
        stream.write_all(said).await.unwrap();
        assert_eq!(ask(&client, &server.url("/ready")).await.0, 200, "others are answered meanwhile");
        assert!(ends(&mut stream).await, "{}", String::from_utf8_lossy(said));
    }
    // One byte at a time does not help.
    let mut stream = TcpStream::connect(server.api).await.unwrap();
    stream.write_all(b"GET /ready HTTP/1.1\r\n").await.unwrap();
    let mut dripped = 0;
    while stream.write_all(b"X: y\r\n").await.is_ok() {
        dripped += 1;
        assert!(dripped < 1000, "it goes on for ever");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_client_has_so_many_connections_and_another_is_served() {
    let place = with("connections_per_client: 3");
    let server = place.serve(2);
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(server.api).await.unwrap();
        stream.write_all(b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        held.push(stream);
    }
    let mut one_too_many = TcpStream::connect(server.api).await.unwrap();
    assert!(ends(&mut one_too_many).await);
    assert_eq!(from("127.0.0.2", &server).await, Some(*b"HTTP/1.1 200"));
    drop(held);
}

/// Asks from another address.
async fn from(address: &str, server: &Server) -> Option<[u8; 12]> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
    let mut stream = socket.connect(server.api).await.ok()?;
    stream.write_all(b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n").await.ok()?;
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.ok()?;
    Some(first)
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_so() {
    let place = with("requests_per_second: 1");
    let server = place.serve(2);
    let client = client();
    let mut refused = None;
    for _ in 0..20 {
        let answer = client.get(server.url("/ready")).send().await.unwrap();
        if answer.status() == 429 {
            refused = Some(answer.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap());
            break;
        }
    }
    assert!(refused.is_some_and(|seconds| (1..=5).contains(&seconds)), "{refused:?}");
    assert_eq!(from("127.0.0.2", &server).await, Some(*b"HTTP/1.1 200"));
}

#[tokio::test]
async fn large_requests_are_refused_before_they_are_read() {
    let place = with("body: 1Ki, headers: 9Ki");
    let server = place.serve(2);
    let client = client();
    let body = client.post(server.url("/ready")).body(vec![0; 2000]).send().await.unwrap();
    assert_eq!(body.status(), 413);
    let long = client.get(server.url("/ready")).header("x-long", "y".repeat(20_000)).send().await.unwrap();
    assert_eq!(long.status(), 431);
    assert_eq!(ask(&client, &server.url("/ready")).await.0, 200);
}

#[tokio::test]
async fn answers_carry_headers_of_safety_and_take_no_injection() {
    let place = Place::new(PLAIN);
    let server = place.serve(2);
    let client = client();
    let answer = client.get(server.url("/health")).send().await.unwrap();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.headers()[name], value);
    }
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert!(!answer.headers().contains_key("server"));
    for path in ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/health/..%2f..%2fetc%2fpasswd", "//etc/passwd"] {
        let mut stream = TcpStream::connect(server.api).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        assert!(said.starts_with("HTTP/1.1 404") && !said.contains("root:"), "{path}: {said}");
    }
    let split = ask(&client, &server.url("/health/a%0d%0aSet-Cookie:%20x=y")).await;
    assert_eq!(split.0, 404);
    let cross = client.post(server.url("/ready")).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(cross.status(), 403);
}
