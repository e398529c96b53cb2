//! Logs and events of a lease, over WebSockets.
//!
//! A stream ends with its client, with its workload's last word where it is not followed, and when the server stops. A
//! client that reads slowly is not waited for for ever: what a back end writes meanwhile waits in a short queue, and then
//! the back end is not read.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::{SinkExt as _, StreamExt as _};
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};

use super::frames::{self, Close};
use super::permit::Numbers;
use super::{Gateway, Problem};
use crate::adapters::{LogRequest, Target};
use crate::domain::fault::in_one_line;
use crate::domain::tenant_token::Scope;
use crate::domain::workload::{Workload, WorkloadId};
use crate::serve::connection::Place;
use crate::serve::{Access, Caller, Route, Shared};
use crate::store::workloads::history;

/// Lines that wait for a client.
const WAITING: usize = 256;

/// The most lines of each unit that are read back.
const LONGEST_TAIL: i64 = 100_000;

/// How often it is looked whether something has happened.
const LOOK: Duration = Duration::from_secs(1);

/// What a client may send us, in bytes: it has nothing to say.
const LARGEST: usize = 4096;

/// How long a client may take to read what waits.
const SLOW: Duration = Duration::from_secs(30);

pub(super) fn routes(gateway: &Arc<Gateway>) -> Vec<Route> {
    let (logs, events) = (Arc::clone(gateway), Arc::clone(gateway));
    vec![
        Route::get(
            "/lease/{dseq}/{gseq}/{oseq}/logs",
            Access::Tenants,
            "The output of a lease's services, over a WebSocket.",
            move |State(shared): State<Shared>,
                  Extension(caller): Extension<Caller>,
                  Path(numbers): Path<Numbers>,
                  RawQuery(query): RawQuery,
                  request: Request| async move {
                let asked = LogsAsked::read(query.as_deref().unwrap_or_default())?;
                logs.logs(shared, &caller, &numbers, asked, request).await
            },
        ),
        Route::get(
            "/lease/{dseq}/{gseq}/{oseq}/kubeevents",
            Access::Tenants,
            "What happens to a lease's workload, over a WebSocket.",
            move |State(shared): State<Shared>,
                  Extension(caller): Extension<Caller>,
                  Path(numbers): Path<Numbers>,
                  RawQuery(query): RawQuery,
                  request: Request| async move {
                let follow = is_true(query.as_deref().unwrap_or_default(), "follow")?;
                events.events(shared, &caller, &numbers, follow, request).await
            },
        ),
    ]
}

/// Which output is wanted.
#[derive(Debug, PartialEq, Eq)]
struct LogsAsked {
    follow: bool,
    tail: Option<u32>,
    services: Vec<String>,
}

/// The parameters of a query. Names of services have nothing that is written otherwise in one.
fn parameters(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|part| !part.is_empty()).map(|part| part.split_once('=').unwrap_or((part, "")))
}

fn is_true(query: &str, name: &str) -> Result<bool, Problem> {
    match parameters(query).find(|(known, _)| *known == name).map(|(_, value)| value) {
        Some("true" | "1") => Ok(true),
        None | Some("" | "false" | "0") => Ok(false),
        Some(_) => Err(Problem::bad_request(format!("{name} is neither true nor false"))),
    }
}

impl LogsAsked {
    fn read(query: &str) -> Result<Self, Problem> {
        let value = |name: &str| parameters(query).find(|(known, _)| *known == name).map(|(_, value)| value);
        let tail = match value("tail").filter(|text| !text.is_empty()).map(str::parse::<i64>) {
            None | Some(Ok(-1)) => None,
            Some(Ok(lines @ 0..=LONGEST_TAIL)) => u32::try_from(lines).ok(),
            Some(_) => return Err(Problem::bad_request("tail is -1 or a number of lines up to 100000")),
        };
        let names = value("service").unwrap_or_default().replace("%2C", ",").replace("%2c", ",");
        let services: Vec<String> =
            if names.is_empty() { Vec::new() } else { names.split(',').map(str::to_owned).collect() };
        if services.iter().any(String::is_empty) {
            return Err(Problem::bad_request("service has a comma too many"));
        }
        Ok(Self { follow: is_true(query, "follow")?, tail, services })
    }
}

impl Gateway {
    async fn logs(
        self: &Arc<Self>,
        shared: Shared,
        caller: &Caller,
        numbers: &Numbers,
        asked: LogsAsked,
        request: Request,
    ) -> Result<Response, Problem> {
        let tenant = self.tenant(caller, request.headers())?;
        // A token for some services is asked for each of those that are wanted.
        let mut lease = None;
        for service in
            asked.services.iter().map(|name| Some(name.as_str())).chain(asked.services.is_empty().then_some(None))
        {
            lease = Some(self.lease(&tenant, numbers, Scope::Logs, service)?);
        }
        let Some(lease) = lease else { return Err(Problem::bad_request("no service is asked for")) };
        let (workload, kept) = self.workload(&shared, WorkloadId::of_lease(&lease)).await?;
        let has = |name: &String| kept.group.services.iter().any(|service| service.name == *name);
        if !asked.services.iter().all(has) {
            return Err(Problem::not_found("the lease has no such service"));
        }
        let gateway = Arc::clone(self);
        upgrade(shared, request, move |sender| async move { gateway.read_logs(workload, asked, sender).await })
    }

    /// Reads the output from the back end into the queue until there is no more, or nobody reads.
    async fn read_logs(&self, workload: Workload, asked: LogsAsked, sender: mpsc::Sender<String>) -> Close {
        let Some(adapter) = workload.adapter.as_deref().and_then(|name| self.units.registry().get(name)) else {
            return Close::Unavailable;
        };
        let one = if let [service] = asked.services.as_slice() { Some(service.clone()) } else { None };
        let wanted = LogRequest { service: one, tail: asked.tail, follow: asked.follow };
        let services = asked.services;
        // What the back end writes at once is taken from it at once, up to a limit; then it waits for the client.
        let (lines, mut taken) = mpsc::unbounded_channel::<String>();
        let mut sink = move |line: crate::adapters::LogLine| {
            if !services.is_empty() && !services.contains(&line.service) {
                return ControlFlow::Continue(());
            }
            match lines.send(frames::line(&line)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        };
        let target = Target { id: &workload.id, handle: workload.handle.as_ref() };
        let mut reading = adapter.logs(target, &wanted, &mut sink);
        let mut waiting: VecDeque<String> = VecDeque::new();
        let mut ended = None;
        loop {
            while let Ok(line) = taken.try_recv() {
                waiting.push_back(line);
            }
            match (waiting.pop_front(), ended) {
                (Some(line), _) => {
                    // While the client does not read, the back end is not asked for more.
                    if tokio::time::timeout(SLOW, sender.send(line)).await.is_ok_and(|sent| sent.is_ok()) {
                        continue;
                    }
                    return Close::Unavailable;
                }
                (None, Some(end)) => return end,
                (None, None) => {}
            }
            tokio::select! {
                line = taken.recv() => waiting.extend(line),
                () = sender.closed() => return Close::Done,
                end = &mut reading, if ended.is_none() => {
                    ended = Some(match end {
                        Ok(()) => Close::Done,
                        Err(error) => {
                            tracing::warn!(workload = %workload.id, error = in_one_line(&error), "no output for a tenant");
                            Close::Unavailable
                        }
                    });
                }
            }
        }
    }

    async fn events(
        self: &Arc<Self>,
        shared: Shared,
        caller: &Caller,
        numbers: &Numbers,
        follow: bool,
        request: Request,
    ) -> Result<Response, Problem> {
        let tenant = self.tenant(caller, request.headers())?;
        let lease = self.lease(&tenant, numbers, Scope::Events, None)?;
        let (workload, _) = self.workload(&shared, WorkloadId::of_lease(&lease)).await?;
        let state = shared.state.clone();
        upgrade(shared, request, move |sender| async move {
            let mut seen = 0;
            loop {
                let id = workload.id.clone();
                let read = state.read("read what happened to a workload", move |snapshot| {
                    Ok(history::transitions(snapshot, &id)?
                        .iter()
                        .map(|one| frames::event(&id, one))
                        .collect::<Vec<_>>())
                });
                let Ok(events) = read.await else { return Close::Unavailable };
                for event in events.iter().skip(seen) {
                    if sender.send(event.clone()).await.is_err() {
                        return Close::Done;
                    }
                }
                seen = events.len();
                if !follow {
                    return Close::Done;
                }
                tokio::select! {
                    () = tokio::time::sleep(LOOK) => {}
                    () = sender.closed() => return Close::Done,
                }
            }
        })
    }
}

/// Makes a WebSocket of a request, and sends what `write` gives until that ends, the client goes or the server stops.
fn upgrade<W, F>(shared: Shared, request: Request, write: W) -> Result<Response, Problem>
where
    W: FnOnce(mpsc::Sender<String>) -> F + Send + 'static,
    F: Future<Output = Close> + Send + 'static,
{
    let is_upgrade =
        request.headers().get(header::UPGRADE).is_some_and(|what| what.as_bytes().eq_ignore_ascii_case(b"websocket"));
    let key =
        request.headers().get(header::SEC_WEBSOCKET_KEY).filter(|_| is_upgrade).map(|key| key.as_bytes().to_vec());
    let Some(key) = key else {
        // Also a client on HTTP/2, where this handshake does not exist.
        return Err(Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", "a WebSocket is expected here"));
    };
    let accept = derive_accept_key(&key);
    let place = request.extensions().get::<Place>().cloned();
    tokio::spawn(async move {
        if let Ok(upgraded) = hyper::upgrade::on(request).await {
            let limits = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(limits)).await;
            send(socket, &shared, write).await;
        }
        // The connection has its place for as long as it lasts.
        drop(place);
    });
    let headers = [
        (header::CONNECTION, "upgrade".to_owned()),
        (header::UPGRADE, "websocket".to_owned()),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
    ];
    Ok((StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response())
}

async fn send<S, W, F>(socket: WebSocketStream<S>, shared: &Shared, write: W)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    W: FnOnce(mpsc::Sender<String>) -> F + Send + 'static,
    F: Future<Output = Close> + Send + 'static,
{
    let (mut sink, mut stream) = socket.split();
    let (sender, mut frames) = mpsc::channel(WAITING);
    let writing = tokio::spawn(write(sender));
    let close = loop {
        tokio::select! {
            frame = frames.recv() => match frame {
                Some(text) => {
                    let sent = tokio::time::timeout(SLOW, sink.send(Message::text(text))).await;
                    if !sent.is_ok_and(|sent| sent.is_ok()) {
                        break None;
                    }
                }
                None => break None,
            },
            // It has nothing to say; that it goes is heard here.
            said = stream.next() => match said {
                Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
                Some(Ok(_)) => {}
            },
            () = shared.stopped() => break Some(Close::Unavailable),
        }
    };
    drop(frames);
    let close = match close {
        Some(close) => close,
        None => writing.await.unwrap_or(Close::Internal),
    };
    let frame = CloseFrame { code: CloseCode::from(close.code()), reason: "".into() };
    let _ = tokio::time::timeout(SLOW, sink.send(Message::Close(Some(frame)))).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_logs() {
        let read = |query| LogsAsked::read(query);
        let all = LogsAsked { follow: false, tail: None, services: vec![] };
        assert_eq!(read("").unwrap(), all);
        assert_eq!(read("follow=false&tail=-1&service=").unwrap(), all);
        let some = LogsAsked { follow: true, tail: Some(10), services: vec!["web".into(), "db".into()] };
        assert_eq!(read("follow=true&tail=10&service=web,db").unwrap(), some);
        assert_eq!(read("service=web%2Cdb&tail=10&follow=1").unwrap(), some);
        for query in ["tail=-2", "tail=x", "tail=100001", "service=web,", "service=,web", "follow=yes"] {
            assert_eq!(read(query).unwrap_err().status(), 400, "{query}");
        }
    }
}
