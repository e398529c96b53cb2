//! Checks over the network: a connection is taken, a GET is answered.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The most of an answer that is read: its first line.
const FIRST_LINE: u64 = 512;

/// Whether a connection is taken in time; what was seen, in a few words.
pub async fn tcp(address: SocketAddr, at_most: Duration) -> (bool, String) {
    match timeout(at_most, TcpStream::connect(address)).await {
        Ok(Ok(_)) => (true, format!("{address} takes connections")),
        Ok(Err(error)) => (false, format!("{address}: {error}")),
        Err(_) => (false, format!("{address}: no connection within {} s", at_most.as_secs())),
    }
}

/// Whether a GET is answered in time with a status from 200 to 399; what was seen, in a few words.
pub async fn http(address: SocketAddr, path: &str, at_most: Duration) -> (bool, String) {
    match timeout(at_most, status(address, path)).await {
        Ok(Ok(Some(status))) => ((200..400).contains(&status), format!("GET {path} gave {status}")),
        Ok(Ok(None)) => (false, format!("GET {path} was not answered in HTTP")),
        Ok(Err(error)) => (false, format!("GET {path}: {error}")),
        Err(_) => (false, format!("GET {path}: no answer within {} s", at_most.as_secs())),
    }
}

/// The status of the answer; the path was checked when the manifest was read, so it cannot end the line.
async fn status(address: SocketAddr, path: &str) -> io::Result<Option<u16>> {
    let mut stream = TcpStream::connect(address).await?;
    let request =
        format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nUser-Agent: provider\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    // No further than the line: some servers answer and leave the connection open.
    let mut first = Vec::new();
    BufReader::new(stream.take(FIRST_LINE)).read_until(b'\n', &mut first).await?;
    let first = String::from_utf8_lossy(&first);
    let mut words = first.split_ascii_whitespace();
    let spoken = words.next().is_some_and(|word| word.starts_with("HTTP/"));
    Ok(words.next().filter(|_| spoken).and_then(|word| word.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// A server that says one thing to whoever connects.
    async fn server(says: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 1024];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(says.as_bytes()).await;
                // Silent, or one of those that leave a connection open although they answered.
                if says.is_empty() || says.contains("open") {
                    tokio::time::sleep(Duration::from_mins(1)).await;
                }
            }
        });
        address
    }

    #[tokio::test]
    async fn what_answers_well_is_well() {
        let second = Duration::from_secs(20);
        for (says, healthy, detail) in [
            ("HTTP/1.1 200 OK\r\n\r\n", true, "GET /up gave 200"),
            ("HTTP/1.1 302 Found\r\n\r\n", true, "GET /up gave 302"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nopen", true, "GET /up gave 200"),
            ("HTTP/1.1 503 No\r\n\r\n", false, "GET /up gave 503"),
            ("SSH-2.0 200\r\n", false, "GET /up was not answered in HTTP"),
        ] {
            let address = server(says).await;
            assert_eq!(http(address, "/up", second).await, (healthy, detail.to_owned()));
            assert!(tcp(address, second).await.0);
        }
        let silent = server("").await;
        let (healthy, detail) = http(silent, "/", Duration::from_millis(50)).await;
        assert!(!healthy && detail.contains("no answer within"), "{detail}");
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert!(!tcp(nobody, second).await.0 && !http(nobody, "/", second).await.0);
    }
}
