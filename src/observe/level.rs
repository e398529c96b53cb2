//! How much is said.

use std::fmt;
use std::str::FromStr;

/// How important a line is, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something failed, and somebody should look.
    Error,
    /// Something is not as it should be, and was coped with.
    Warn,
    /// What a job did.
    Info,
    /// How it came to do it.
    Debug,
    /// Each step.
    Trace,
}

/// A word that names no level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no level; write one of error, warn, info, debug, trace")]
pub struct UnknownLevel(String);

impl Level {
    /// Every level, the most important first.
    pub const ALL: &'static [Self] = &[Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// The word used in the configuration, on the command line and in JSON lines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    /// The word in text lines: five columns wide.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN ",
            Self::Info => "INFO ",
            Self::Debug => "DEBUG",
            Self::Trace => "TRACE",
        }
    }

    pub(super) const fn of(level: tracing::Level) -> Self {
        match level {
            tracing::Level::ERROR => Self::Error,
            tracing::Level::WARN => Self::Warn,
            tracing::Level::INFO => Self::Info,
            tracing::Level::DEBUG => Self::Debug,
            tracing::Level::TRACE => Self::Trace,
        }
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    /// Takes the words of [`Level::word`] in either case, and `warning`.
    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        let word = if text.eq_ignore_ascii_case("warning") { "warn" } else { text };
        let level = Self::ALL.iter().find(|level| level.word().eq_ignore_ascii_case(word));
        level.copied().ok_or_else(|| UnknownLevel(text.to_owned()))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for level in Level::ALL {
            assert_eq!(level.word().parse(), Ok(*level));
            assert_eq!(level.column().trim_end().parse(), Ok(*level));
        }
        assert_eq!("warning".parse(), Ok(Level::Warn));
        assert!("loud".parse::<Level>().is_err());
        assert!(Level::Error < Level::Trace);
    }
}
