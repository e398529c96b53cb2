//! What every handler is given.

use std::sync::Arc;

use tokio::sync::watch;

use super::{Options, StateFile, Tenants};

/// What every handler is given. Cheap to clone.
#[derive(Clone)]
pub struct Shared {
    /// The state file.
    pub state: StateFile,
    /// What the server was told.
    pub options: Arc<Options>,
    /// Who knows tenants; nobody is one unless set.
    pub tenants: Option<Arc<dyn Tenants>>,
    /// True from when the server is told to stop: streams end then.
    pub stopping: watch::Receiver<bool>,
}

impl Shared {
    /// Waits until the server is told to stop.
    pub async fn stopped(&self) {
        let mut stopping = self.stopping.clone();
        // A sender that is gone says stop, too.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }

    /// Whether it is told to stop.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }
}
