//! Which lines are written: ours at the chosen level, those of the libraries only when they matter.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

use super::super::Level;

/// Libraries that log each connection, frame or poll.
const NOISY: &[&str] = &[
    "h2",
    "hyper",
    "hyper_util",
    "mio",
    "polling",
    "reqwest",
    "rustls",
    "tokio",
    "tokio_util",
    "tonic",
    "tower",
    "tower_http",
    "tungstenite",
    "tokio_tungstenite",
    "want",
];

/// Libraries that log as errors what they also return as errors: the caller says it, with more words. The one for tokens
/// calls each mechanism an error that it has no name for.
const DOUBLED: &[&str] = &["cryptoki", "kube", "kube_client", "kube_runtime"];

/// The filter of a level. Up to `debug`, libraries say warnings only, and at `trace` what they say at `debug`.
pub fn targets(level: Level) -> Targets {
    let (ours, others, noisy, doubled) = match level {
        Level::Error => (LevelFilter::ERROR, LevelFilter::ERROR, LevelFilter::ERROR, LevelFilter::OFF),
        Level::Warn => (LevelFilter::WARN, LevelFilter::WARN, LevelFilter::ERROR, LevelFilter::OFF),
        Level::Info => (LevelFilter::INFO, LevelFilter::WARN, LevelFilter::ERROR, LevelFilter::OFF),
        Level::Debug => (LevelFilter::DEBUG, LevelFilter::INFO, LevelFilter::WARN, LevelFilter::OFF),
        Level::Trace => (LevelFilter::TRACE, LevelFilter::TRACE, LevelFilter::DEBUG, LevelFilter::DEBUG),
    };
    Targets::new()
        .with_default(others)
        .with_target("provider", ours)
        .with_targets(NOISY.iter().map(|target| (*target, noisy)))
        .with_targets(DOUBLED.iter().map(|target| (*target, doubled)))
}

#[cfg(test)]
mod tests {
    use tracing::Level as Of;

    use super::*;

    #[test]
    fn libraries_are_quiet_until_asked_for() {
        for (level, target, of, want) in [
            (Level::Info, "provider::jobs", Of::INFO, true),
            (Level::Info, "provider::jobs", Of::DEBUG, false),
            (Level::Error, "provider", Of::WARN, false),
            (Level::Info, "kube_client::client", Of::ERROR, false),
            (Level::Debug, "kube_client::client", Of::ERROR, false),
            (Level::Trace, "kube_client::client", Of::ERROR, true),
            (Level::Debug, "hyper::proto::h1", Of::DEBUG, false),
            (Level::Debug, "hyper_util::client", Of::WARN, true),
            (Level::Trace, "h2::codec", Of::DEBUG, true),
            (Level::Trace, "h2::codec", Of::TRACE, false),
            (Level::Info, "rustls::client", Of::WARN, false),
            (Level::Debug, "some_library", Of::INFO, true),
            (Level::Info, "some_library", Of::WARN, true),
        ] {
            assert_eq!(targets(level).would_enable(target, &of), want, "{level} {target} {of}");
        }
    }
}
