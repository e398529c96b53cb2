//! Why the chain refuses: a transaction with codespace, code and log, a query with a gRPC status.

use super::kv::Broken;
use std::borrow::Cow;

/// Why a message or a transaction is refused.
#[derive(Debug)]
pub struct Refusal {
    /// The module that refuses: `market`, `sdk`, or `undefined` where a node registered no code.
    pub codespace: Cow<'static, str>,
    /// The number within the codespace; never 0.
    pub code: u32,
    /// The text, `outer: inner`. Bytes: a real node puts raw addresses into it.
    pub log: Vec<u8>,
    /// Not the chain's refusal, but a state that cannot be used: the block must not be made.
    pub broken: Option<Box<Broken>>,
}

impl Refusal {
    /// A refusal with the text that is registered for its code.
    pub fn new(codespace: &'static str, code: u32, log: impl Into<String>) -> Self {
        Self { codespace: Cow::Borrowed(codespace), code, log: log.into().into_bytes(), broken: None }
    }

    /// A refusal of the SDK.
    pub fn sdk(code: u32, log: impl Into<String>) -> Self {
        Self::new("sdk", code, log)
    }

    /// A plain Go error, for which no code is registered: `undefined` 1. (Its text is shown as it is.)
    pub fn undefined(log: impl Into<String>) -> Self {
        Self::new("undefined", 1, log)
    }

    /// A panic in a handler: `undefined` 111222. A real node's log goes on with a stack trace of many KB.
    pub fn panic(what: &str) -> Self {
        let trace = "\nstack:\ngoroutine 1 [running]:\nruntime/debug.Stack()\n\t/usr/local/go/src/runtime/debug/stack.go:26 +0x5e\n";
        Self::new("undefined", 111_222, format!("recovered: {what}{trace}: panic"))
    }

    /// The same with more words in front: `words: text`, as `errors.Wrap` does.
    #[must_use]
    pub fn wrap(mut self, words: impl AsRef<str>) -> Self {
        self.log = [words.as_ref().as_bytes(), b": ", self.log.as_slice()].concat();
        self
    }

    /// The log for people.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.log)
    }
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Self {
        let mut refusal = Self::undefined(broken.to_string());
        refusal.broken = Some(Box::new(broken));
        refusal
    }
}

/// Why a query is refused: a gRPC status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The gRPC status.
    pub status: Status,
    /// Its text.
    pub message: String,
}

/// The gRPC statuses that queries end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 2.
    Unknown = 2,
    /// 3.
    InvalidArgument = 3,
    /// 5.
    NotFound = 5,
    /// 12.
    Unimplemented = 12,
    /// 13.
    Internal = 13,
    /// 14.
    Unavailable = 14,
}

impl QueryError {
    /// A status with its text.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// 3: the request is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Status::InvalidArgument, message)
    }

    /// 5: there is no such thing.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Status::NotFound, message)
    }

    /// 13.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Status::Internal, message)
    }

    /// A registered error that a module gives back as it is: gRPC 2 with `codespace C code N: text`.
    pub fn registered(codespace: &str, code: u32, text: &str) -> Self {
        Self::new(Status::Unknown, format!("codespace {codespace} code {code}: {text}"))
    }
}

impl From<Broken> for QueryError {
    fn from(broken: Broken) -> Self {
        Self::internal(broken.to_string())
    }
}

impl QueryError {
    /// The SDK's code for this status, the status's name in Go, and the code's text: what `abci_query` answers.
    pub const fn in_sdk_terms(&self) -> (u32, &'static str, &'static str) {
        const INVALID: &str = "invalid request";
        match self.status {
            Status::NotFound => (22, "NotFound", "key not found"),
            Status::InvalidArgument => (18, "InvalidArgument", INVALID),
            Status::Unknown => (18, "Unknown", INVALID),
            Status::Unimplemented => (18, "Unimplemented", INVALID),
            Status::Internal => (18, "Internal", INVALID),
            Status::Unavailable => (18, "Unavailable", INVALID),
        }
    }
}
