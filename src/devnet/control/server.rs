//! The side of the running chain.

use super::{Answer, Request, perform, socket_of};
use crate::devnet::node::Node;
use crate::devnet::service::until;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::OwnedWriteHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The socket, taken; gone again when this is dropped.
pub struct Bound {
    listener: UnixListener,
    path: PathBuf,
}

/// The longest request.
const LONGEST: u64 = 16 << 20;

impl Bound {
    /// Takes the socket of this folder. The folder's lock is held, so a socket that is there is a dead one's.
    pub fn take(home: &Path) -> io::Result<Self> {
        let path = socket_of(home);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        // Best effort: the next start takes it away, too.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Answers requests until one of them, or somebody else, says stop.
pub async fn serve(bound: Bound, node: Node, grpc: SocketAddr, rpc: SocketAddr, stop: watch::Sender<bool>) {
    let mut stopped = stop.subscribe();
    let mut talks = JoinSet::new();
    loop {
        tokio::select! {
            () = until(&mut stopped) => break,
            accepted = bound.listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    talks.spawn(talk(stream, node.clone(), grpc, rpc, stop.clone()));
                }
            }
            _ = talks.join_next(), if !talks.is_empty() => {}
        }
    }
    // What is being done is done to its end, and answered; who makes many blocks ends earlier.
    node.begin_to_end();
    let mut late = JoinSet::new();
    loop {
        tokio::select! {
            accepted = bound.listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    late.spawn(too_late(stream));
                }
            }
            _ = late.join_next(), if !late.is_empty() => {}
            ended = talks.join_next() => if ended.is_none() { return },
        }
    }
}

/// Tells who comes while the chain is being ended that it is.
async fn too_late(stream: UnixStream) {
    let (read, mut write) = stream.into_split();
    let (mut read, mut line) = (BufReader::new(read.take(LONGEST)), String::new());
    let _ = tokio::time::timeout(Duration::from_secs(1), read.read_line(&mut line)).await;
    say(&mut write, &Answer::Ending).await;
}

/// Whoever asked may have gone.
async fn say(write: &mut OwnedWriteHalf, answer: &Answer) {
    let mut text = serde_json::to_string(answer).unwrap_or_default();
    text.push('\n');
    let _ = write.write_all(text.as_bytes()).await;
    let _ = write.shutdown().await;
}

async fn talk(stream: UnixStream, node: Node, grpc: SocketAddr, rpc: SocketAddr, stop: watch::Sender<bool>) {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut stopped = stop.subscribe();
    let mut read = BufReader::new(read.take(LONGEST));
    tokio::select! {
        heard = read.read_line(&mut line) => if heard.is_err() { return },
        () = until(&mut stopped) => return,
    }
    let (answer, ends) = match serde_json::from_str::<Request>(&line) {
        Ok(request) => {
            let ends = request == Request::Stop;
            let performed = tokio::task::spawn_blocking(move || perform(&node, grpc, rpc, request)).await;
            (performed.unwrap_or_else(|_| Answer::Failed { why: "the handler panicked".to_owned() }), ends)
        }
        Err(error) => (Answer::Refused { why: error.to_string() }, false),
    };
    say(&mut write, &answer).await;
    if ends {
        stop.send_replace(true);
    }
}
