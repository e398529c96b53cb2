//! The socket of a supervisor.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use super::Event;
use crate::adapters::local::process::client::{Ask, LONGEST, Reply};

/// How long whoever connects may take to say what is wanted.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes connections for as long as there is a supervisor.
pub(super) fn listen(listener: &UnixListener, events: &Sender<Event>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let events = events.clone();
        std::thread::spawn(move || answer(stream, &events));
    }
}

fn answer(mut stream: UnixStream, events: &Sender<Event>) {
    let Some(ask) = read(&stream) else { return };
    let (sender, reply) = mpsc::channel();
    if events.send(Event::Asked(ask, sender)).is_err() {
        return;
    }
    // No answer where the supervisor ends without one: whoever asked sees the end of the stream.
    let Ok(error) = reply.recv() else { return };
    if let Ok(line) = serde_json::to_vec(&Reply { error }) {
        let _ = stream.write_all(&line);
    }
}

fn read(stream: &UnixStream) -> Option<Ask> {
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut line = Vec::new();
    BufReader::new(stream.take(LONGEST)).read_until(b'\n', &mut line).ok()?;
    serde_json::from_slice(&line).ok()
}
