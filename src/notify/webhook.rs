//! A JSON object by POST.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{Channel, Error, Notice, Told, http, judged};

/// An address that takes notices.
pub struct Webhook {
    address: Url,
    token: Option<SecretString>,
    timeout: Duration,
}

impl Webhook {
    /// The webhook at an address; a token is sent as `Authorization: Bearer`.
    pub const fn new(address: Url, token: Option<SecretString>, timeout: Duration) -> Self {
        Self { address, token, timeout }
    }

    async fn send(&self, notice: &Notice) -> Result<(), Error> {
        let failed = |source| judged(self.name(), &self.address, Err(source));
        let client = match http(self.timeout) {
            Ok(client) => client,
            Err(source) => return failed(source),
        };
        let mut request = client.post(self.address.clone()).json(notice);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose_secret());
        }
        judged(self.name(), &self.address, request.send().await)
    }
}

impl Channel for Webhook {
    fn name(&self) -> &'static str {
        "webhook"
    }

    fn tell<'a>(&'a self, notice: &'a Notice) -> Told<'a> {
        Box::pin(self.send(notice))
    }
}
