//! `provider devnet fault`

use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::place::Place;
use crate::cli::output::listing::Row;
use crate::cli::output::{Form, OutputOption};
use crate::cli::{Context, Failure, Report};
use crate::devnet::control::{Answer, Error, Request};
use crate::devnet::fault::{Fault as Kind, Rule};
use crate::domain::duration;

/// Make the development chain misbehave on purpose
#[derive(Debug, Args)]
pub(super) struct Fault {
    #[command(subcommand)]
    command: Command,
}

/// Which calls go wrong.
#[derive(Debug, Clone, Args)]
struct Calls {
    /// Only calls of this method: Orders, a whole gRPC path, or a CometBFT method such as status
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,

    /// The first call to go wrong, counted from now
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    call: u64,

    /// How many calls go wrong; all that follow unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    times: Option<u64>,

    #[command(flatten)]
    target: Target,
}

/// When something happens that befalls the node itself: at once, or in a call.
#[derive(Debug, Clone, Args)]
struct When {
    /// In a call of this method, not at once: Orders, a whole gRPC path, or a CometBFT method such as status
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,

    /// In the call with this number, counted from now [default: the first, where --method is given]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    call: Option<u64>,

    /// In so many calls [default: one]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    times: Option<u64>,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Clone, Args)]
struct Target {
    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer later
    Delay {
        /// By how much, as in 2s
        #[arg(value_parser = duration::parse)]
        time: Duration,
        #[command(flatten)]
        calls: Calls,
    },
    /// End the connection without an answer
    Drop {
        #[command(flatten)]
        calls: Calls,
    },
    /// End the connection in the middle of the answer
    Half {
        #[command(flatten)]
        calls: Calls,
    },
    /// Answer as some blocks ago
    Stale {
        /// How many blocks ago
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        blocks: u32,
        #[command(flatten)]
        calls: Calls,
    },
    /// Say that the node is catching up
    CatchingUp {
        #[command(flatten)]
        calls: Calls,
    },
    /// Accept transactions and never include them
    Swallow {
        #[command(flatten)]
        calls: Calls,
    },
    /// Accept transactions and include them some blocks later
    Late {
        /// How many blocks later
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        blocks: u32,
        #[command(flatten)]
        calls: Calls,
    },
    /// Answer with a gRPC status, an error of JSON-RPC or a status of HTTP
    Error {
        /// The gRPC status, 1 to 16 (14 is unavailable), the code of a JSON-RPC error, below 0, or the status of HTTP, 400 to 599
        #[arg(allow_negative_numbers = true)]
        code: i32,
        /// Its text
        #[arg(long, default_value = "a fault on purpose")]
        message: String,
        #[command(flatten)]
        calls: Calls,
    },
    /// Refuse transactions with a codespace and a code
    Refuse {
        /// Whose code, as in sdk
        codespace: String,
        /// The code
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        code: u32,
        /// The log
        #[arg(long, default_value = "a fault on purpose")]
        log: String,
        #[command(flatten)]
        calls: Calls,
    },
    /// Include transactions with a codespace and a code: their fee is paid, their messages do nothing
    Fail {
        /// Whose code, as in sdk
        codespace: String,
        /// The code
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        code: u32,
        /// The log
        #[arg(long, default_value = "a fault on purpose")]
        log: String,
        #[command(flatten)]
        calls: Calls,
    },
    /// Make no blocks
    Halt {
        #[command(flatten)]
        when: When,
    },
    /// Make blocks again
    Resume {
        #[command(flatten)]
        target: Target,
    },
    /// Do as if it were restarted: end all connections, forget the mempool
    Restart {
        /// How long it takes no connections
        #[arg(long, value_name = "DURATION", default_value = "0", value_parser = duration::parse)]
        down: Duration,
        #[command(flatten)]
        when: When,
    },
    /// Let the clock of blocks jump
    Clock {
        /// By how much, as in 1h
        #[arg(value_parser = duration::parse)]
        time: Duration,
        /// Back, not forward; a block is never older than the one before
        #[arg(long)]
        back: bool,
        #[command(flatten)]
        when: When,
    },
    /// List the faults that are set
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Take all faults away
    Clear {
        #[command(flatten)]
        target: Target,
    },
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Fault {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        let (fault, calls) = match self.command {
            Command::Delay { time, calls } => (Kind::Delay { milliseconds: milliseconds(time) }, calls),
            Command::Drop { calls } => (Kind::Drop, calls),
            Command::Half { calls } => (Kind::Half, calls),
            Command::Stale { blocks, calls } => (Kind::Stale { blocks }, calls),
            Command::CatchingUp { calls } => (Kind::CatchingUp, calls),
            Command::Swallow { calls } => (Kind::Swallow, calls),
            Command::Late { blocks, calls } => (Kind::Late { blocks }, calls),
            Command::Error { code, message, calls } => (Kind::Status { code, message }, calls),
            Command::Refuse { codespace, code, log, calls } => (Kind::Refuse { codespace, code, log }, calls),
            Command::Fail { codespace, code, log, calls } => (Kind::Fail { codespace, code, log }, calls),
            Command::Halt { when } => return when.perform(context, Kind::Halt, &Request::Halt { halted: true }),
            Command::Resume { target } => return target.perform(context, &Request::Halt { halted: false }),
            Command::Restart { down, when } => {
                let down = milliseconds(down);
                return when.perform(context, Kind::Restart { down }, &Request::Restart { down });
            }
            Command::Clock { time, back, when } => {
                // A duration is a thousand years at most.
                let by = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
                let by = if back { -by } else { by };
                return when.perform(context, Kind::Clock { by }, &Request::Jump { by });
            }
            Command::List { target } => return list(context, &target),
            Command::Clear { target } => return target.perform(context, &Request::ClearFaults),
        };
        let rule = Rule { fault, method: calls.method, from: calls.call, times: calls.times, seen: 0 };
        calls.target.perform(context, &Request::SetFault { rule })
    }
}

impl When {
    /// Sets the fault for its calls, or asks for it at once.
    fn perform(self, context: &Context, fault: Kind, at_once: &Request) -> Result<Report, Failure> {
        let Self { method, call, times, target } = self;
        if method.is_none() && call.is_none() && times.is_none() {
            return target.perform(context, at_once);
        }
        let rule = Rule { fault, method, from: call.unwrap_or(1), times: times.or(Some(1)), seen: 0 };
        target.perform(context, &Request::SetFault { rule })
    }
}

impl Target {
    fn perform(&self, context: &Context, request: &Request) -> Result<Report, Failure> {
        self.place.perform(context, request, self.output.output)
    }
}

#[derive(Serialize)]
struct RuleRow {
    /// Its kind is `fault`, and what it is told beside it.
    #[serde(flatten)]
    fault: Kind,
    method: Option<String>,
    call: u64,
    times: Option<u64>,
    seen: u64,
}

impl Row for RuleRow {
    const HEADINGS: &'static [&'static str] = &["fault", "method", "call", "times", "seen"];
    const FIELDS: &'static [&'static str] = &["fault", "method", "call", "times", "seen"];

    fn cells(&self) -> Vec<String> {
        let times = self.times.map_or_else(|| "all".to_owned(), |times| times.to_string());
        let method = self.method.clone().unwrap_or_else(|| "all".to_owned());
        vec![self.fault.to_string(), method, self.call.to_string(), times, self.seen.to_string()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

fn list(context: &Context, target: &Target) -> Result<Report, Failure> {
    let form: Form = target.output.output;
    let client = target.place.client(context)?;
    match client.ask(&Request::ListFaults).map_err(|error| Failure::from_error(&error))? {
        Answer::Faults { rules } => {
            let rows = rules.into_iter().map(|rule| RuleRow {
                fault: rule.fault,
                method: rule.method,
                call: rule.from,
                times: rule.times,
                seen: rule.seen,
            });
            Ok(Report::listing(rows.collect(), form))
        }
        _ => Err(Failure::from_error(&Error::Other)),
    }
}
