//! The websocket: JSON-RPC as by POST, and subscriptions.

use super::super::{Closer, Place};
use super::params::Params;
use super::{Call, LARGEST, RpcError, answer, by_json, effects_of, render};
use crate::devnet::app::engine::Produced;
use crate::devnet::node::{Node, tx_attributes};
use crate::devnet::search::{Attributes, Query, attributes};
use axum::extract::{Extension, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// How long a client may take to read a message, as with CometBFT.
const WRITE_WAIT: Duration = Duration::from_secs(10);

/// How often a client is asked whether it is there, and how long it may be silent, as with CometBFT.
const PING_PERIOD: Duration = Duration::from_secs(27);
const READ_WAIT: Duration = Duration::from_secs(30);

/// The methods that only the websocket has.
pub(super) const METHODS: &[&str] = &["subscribe", "unsubscribe", "unsubscribe_all"];

/// How many subscriptions one client may have.
const SUBSCRIPTIONS: usize = 5;

pub(super) async fn upgrade(
    State(node): State<Node>,
    closer: Option<Extension<Closer>>,
    place: Option<Extension<Place>>,
    request: Request,
) -> Response {
    let closer = closer.map(|Extension(closer)| closer).unwrap_or_default();
    let Some(key) = request.headers().get(header::SEC_WEBSOCKET_KEY) else {
        // Also a client on HTTP/2, where this handshake does not exist.
        return (StatusCode::UPGRADE_REQUIRED, "a websocket is expected here\n").into_response();
    };
    let accept = derive_accept_key(key.as_bytes());
    tokio::spawn(async move {
        if let Ok(upgraded) = hyper::upgrade::on(request).await {
            let limits = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(limits)).await;
            // The connection's own end is not looked for any more, since it is a websocket.
            tokio::select! {
                () = talk(socket, node, closer.clone()) => {}
                () = closer.closed() => {}
            }
        }
        // The connection has its place for as long as it lasts.
        drop(place);
    });
    let headers = [
        (header::CONNECTION, "upgrade".to_owned()),
        (header::UPGRADE, "websocket".to_owned()),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// A subscription: the id that its messages carry, and what they are about.
struct Subscription {
    id: Value,
    text: String,
    query: Query,
}

async fn talk<S>(socket: WebSocketStream<S>, node: Node, closer: Closer)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let (mut sink, mut stream) = socket.split();
    let mut news = node.subscribe();
    let mut hang_ups = node.hang_ups();
    let mut subscriptions: Vec<Subscription> = Vec::new();
    let mut pings = tokio::time::interval_at(Instant::now() + PING_PERIOD, PING_PERIOD);
    let mut heard_at = Instant::now();
    loop {
        let messages = tokio::select! {
            _ = hang_ups.recv() => return,
            _ = pings.tick() => {
                if heard_at.elapsed() > READ_WAIT {
                    return;
                }
                let sent = tokio::time::timeout(WRITE_WAIT, sink.send(Message::Ping(Vec::new().into()))).await;
                if !matches!(sent, Ok(Ok(()))) {
                    return;
                }
                continue;
            }
            received = stream.next() => match received {
                Some(Ok(Message::Text(text))) => {
                    heard_at = Instant::now();
                    match heard(&node, &closer, &mut subscriptions, &text).await {
                    (Some(answered), false) => vec![answered],
                    (Some(answered), true) => {
                        let whole = answered.to_string();
                        let first = whole.chars().take(whole.chars().count() / 2).collect::<String>();
                        let _ = sink.send(Message::text(first)).await;
                        return;
                    }
                    (None, _) => continue,
                }}
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_))) => {
                    heard_at = Instant::now();
                    continue;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
            produced = news.recv() => match produced {
                Ok(produced) => told(&node, &subscriptions, &produced),
                // As CometBFT does with a client that is too slow.
                Err(RecvError::Lagged(_) | RecvError::Closed) => return,
            },
        };
        for message in messages {
            let sent = tokio::time::timeout(WRITE_WAIT, sink.send(Message::text(message.to_string()))).await;
            if !matches!(sent, Ok(Ok(()))) {
                return;
            }
        }
    }
}

/// What is answered to a message, and whether only half of it.
async fn heard(
    node: &Node,
    closer: &Closer,
    subscriptions: &mut Vec<Subscription>,
    text: &str,
) -> (Option<Value>, bool) {
    let call = match serde_json::from_str(text).and_then(Call::of) {
        Ok(call) => call,
        Err(error) => return (Some(answer(&Value::Null, Err(RpcError::unreadable(&error)))), false),
    };
    let Some(id) = call.id.clone() else { return (None, false) };
    if !METHODS.contains(&call.method.as_str()) {
        let (answered, effects) = by_json(node, closer, call).await;
        if effects.http().is_some() {
            // There is no status within a websocket: what stands before the node ends it.
            return closer.close().await;
        }
        return (Some(answered), effects.halves());
    }
    let effects = effects_of(node, closer, &call.method, None).await;
    if effects.http().is_some() {
        return closer.close().await;
    }
    if let Some((code, message)) = effects.status() {
        let error = RpcError { code, message: message.to_owned(), data: None };
        return (Some(answer(&id, Err(error))), effects.halves());
    }
    let query = Params::of_json(call.params, &["query"]).and_then(|params| params.text("query"));
    let result = match (call.method.as_str(), query) {
        ("subscribe" | "unsubscribe", Err(error)) => Err(error),
        ("subscribe", Ok(text)) => subscribe(subscriptions, id.clone(), text),
        ("unsubscribe", Ok(text)) => {
            let before = subscriptions.len();
            subscriptions.retain(|subscription| subscription.text != text);
            if subscriptions.len() < before { Ok(json!({})) } else { Err(RpcError::internal("subscription not found")) }
        }
        _ => {
            subscriptions.clear();
            Ok(json!({}))
        }
    };
    (Some(answer(&id, result)), effects.halves())
}

fn subscribe(subscriptions: &mut Vec<Subscription>, id: Value, text: String) -> Result<Value, RpcError> {
    let query = Query::parse(&text).map_err(|error| RpcError::internal(error.to_string()))?;
    if subscriptions.iter().any(|subscription| subscription.text == text) {
        return Err(RpcError::internal("already subscribed"));
    }
    if subscriptions.len() >= SUBSCRIPTIONS {
        return Err(RpcError::internal(format!("max_subscriptions_per_client {SUBSCRIPTIONS} reached")));
    }
    subscriptions.push(Subscription { id, text, query });
    Ok(json!({}))
}

/// What subscribers are told of a block: its header, itself, and its transactions.
fn told(node: &Node, subscriptions: &[Subscription], produced: &Produced) -> Vec<Value> {
    if subscriptions.is_empty() {
        return Vec::new();
    }
    let named = |event: &str, mut attributes: Attributes| {
        attributes.entry("tm.event".to_owned()).or_default().push(event.to_owned());
        attributes
    };
    let of_block = attributes(&produced.block.events.events);
    let validator = node.validator();
    let mut happenings: Vec<(Attributes, Box<dyn Fn() -> Value + '_>)> = vec![
        (named("NewBlock", of_block), Box::new(|| render::told_block(produced, validator))),
        (named("NewBlockHeader", Attributes::new()), Box::new(|| render::told_header(&produced.block))),
    ];
    for tx in &produced.txs {
        happenings.push((tx_attributes(tx), Box::new(move || render::told_tx(tx))));
    }
    let mut messages = Vec::new();
    for (attributes, data) in &happenings {
        for subscription in subscriptions.iter().filter(|subscription| subscription.query.holds(attributes)) {
            let result = json!({ "query": subscription.text, "data": data(), "events": attributes });
            messages.push(answer(&subscription.id, Ok(result)));
        }
    }
    messages
}
