//! A hint that there is a new block: CometBFT's websocket, to look sooner.
//!
//! Nothing depends on it. A hint that never comes, because the connection dropped or the node has no websocket, costs
//! the time that a look would have waited anyway; one that comes for nothing costs a look.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_tungstenite::connect_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::Client;
use super::settings::with_scheme;
use super::survey::{Endpoint, Protocol};

/// The largest message: the header of a block, with room.
const LARGEST: usize = 1 << 20;

/// What tells of new blocks while it is kept.
#[derive(Debug)]
pub struct BlockHint {
    heard: Arc<Notify>,
    listening: JoinHandle<()>,
}

impl Client {
    /// Begins to listen for new blocks, beside whatever else is done on this runtime.
    pub fn block_hint(&self) -> BlockHint {
        let heard = Arc::new(Notify::new());
        let (client, notify) = (self.clone(), heard.clone());
        let listening = tokio::spawn(async move {
            // Why there are no more hints is nobody's business: the next look tells what is wrong with the node.
            let _ = client.listen(&notify).await;
        });
        BlockHint { heard, listening }
    }

    async fn listen(&self, heard: &Notify) -> Option<()> {
        let surveyed = self.surveyed(Protocol::Rpc).await;
        let endpoint = surveyed.of(Protocol::Rpc).iter().find(|endpoint| Endpoint::verdict(endpoint).is_ok())?;
        let url = format!("{}/websocket", with_scheme(&endpoint.address).replacen("http", "ws", 1));
        let config = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
        let connecting = connect_async_with_config(url, Some(config), true);
        let (mut socket, _) = tokio::time::timeout(self.settings().timeout, connecting).await.ok()?.ok()?;
        let query = json!({ "query": "tm.event='NewBlockHeader'" });
        let subscribe = json!({ "jsonrpc": "2.0", "id": 1, "method": "subscribe", "params": query });
        socket.send(Message::text(subscribe.to_string())).await.ok()?;
        loop {
            match socket.next().await? {
                // The first is the answer to the subscription: a hint for nothing.
                Ok(Message::Text(_)) => heard.notify_one(),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_)) => {}
                Ok(Message::Close(_)) | Err(_) => return None,
            }
        }
    }
}

impl BlockHint {
    /// Ends when a block was announced since the last time, perhaps never: wait for something else beside it.
    pub async fn heard(&self) {
        self.heard.notified().await;
    }
}

impl Drop for BlockHint {
    fn drop(&mut self) {
        self.listening.abort();
    }
}
