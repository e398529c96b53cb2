//! A workload's output.

use std::ops::ControlFlow;

use jiff::Timestamp;

/// Which output is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogRequest {
    /// Only of this service.
    pub service: Option<String>,
    /// Only the last lines of each unit; all that are kept where it is none.
    pub tail: Option<u32>,
    /// Go on as more comes.
    pub follow: bool,
}

/// A line of output. Its text is the tenant's: hostile until it is made harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The service.
    pub service: String,
    /// Which of its instances, from 0.
    pub replica: u32,
    /// When it was written; none where the back end does not say.
    pub at: Option<Timestamp>,
    /// Where it was written.
    pub stream: Stream,
    /// The line, without its end; what is not UTF-8 is replaced.
    pub text: String,
}

/// Where a line was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Takes line after line, and says whether it wants more.
pub type LogSink<'a> = &'a mut (dyn FnMut(LogLine) -> ControlFlow<()> + Send);

/// The longest line that is passed on, in bytes; the rest of a longer one is cut off.
pub const LONGEST_LINE: usize = 16 << 10;

impl Stream {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}
