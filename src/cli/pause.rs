//! `provider pause` and `provider resume`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::observe::audit::actor;
use crate::store::bids::pauses::{self, Pause as Row};
use crate::store::{Mode, Store};

/// Make no new bids until `provider resume`
///
/// It counts at once, for runs that are under way too. Leases go on, open bids stay open, and what can win nothing is
/// still closed. Every listing and every run says that we pause, and why.
#[derive(Debug, Args)]
pub struct Pause {
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,

    #[command(flatten)]
    output: OutputOption,
}

/// Bid again after `provider pause`
#[derive(Debug, Args)]
pub struct Resume {
    #[command(flatten)]
    output: OutputOption,
}

/// Whether we pause.
#[derive(Debug, Serialize)]
struct PauseEntry {
    paused: bool,
    changed: bool,
    reason: Option<String>,
    since: Option<Timestamp>,
    user: Option<String>,
}

impl Entry for PauseEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("paused", self.paused.to_string()),
            ("changed", self.changed.to_string()),
            ("reason", self.reason.clone().unwrap_or_default()),
            ("since", self.since.map(|time| time.to_string()).unwrap_or_default()),
            ("user", self.user.clone().unwrap_or_default()),
        ]
    }
}

/// What a command that shows something of the market says while we pause; none while we do not, or nobody can say.
pub fn remark(context: &Context) -> Option<String> {
    // The command itself has said by now what opening the state file has to say.
    let store = Store::open(&context.known_state_file()?, Mode::Read).ok()?;
    let pause = store.read("read whether we pause", pauses::in_force).ok()??;
    Some(words(&pause.reason))
}

/// That we pause, and why.
pub fn words(reason: &str) -> String {
    format!("no new bids: paused ({reason}); `provider resume` ends that")
}

impl Pause {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        if self.reason.trim().is_empty() || self.reason.len() > 500 {
            return Err(Failure::new(Status::Usage, "--reason is a text of 1 to 500 characters"));
        }
        let store = context.open_for_job(&context.state_file()?)?;
        let pause = Row { at: context.now(), reason: self.reason, user: actor(None, None).user };
        let entry = |changed: bool, pause: Row| PauseEntry {
            paused: true,
            changed,
            reason: Some(pause.reason),
            since: Some(pause.at),
            user: pause.user,
        };
        if context.global.dry_run {
            return Ok(Report::record(entry(false, pause), self.output.output));
        }
        let (new, standing) = store.write("pause", |change| {
            let new = pauses::begin(change, &pause)?;
            Ok::<_, crate::store::Error>((new, pauses::current(change)?))
        })?;
        Ok(Report::record(entry(new, standing.unwrap_or(pause)), self.output.output))
    }
}

impl Resume {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_for_job(&context.state_file()?)?;
        let changed = if context.global.dry_run {
            false
        } else {
            store.write("resume", |change| pauses::end(change, context.now()))?
        };
        let entry = PauseEntry { paused: false, changed, reason: None, since: None, user: None };
        Ok(Report::record(entry, self.output.output))
    }
}
