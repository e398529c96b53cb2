//! `provider devnet advance`

use std::time::Duration;

use clap::Args;

use super::place::Place;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::devnet::control::{Answer, Error, MOST_BLOCKS, Request};
use crate::domain::duration;

/// Make blocks at once: so many, or as long as a time takes
///
/// The chain's clock goes ahead with them. A long time is made of 3000 blocks at most, so that thirty days take
/// seconds; the blocks then stand further apart than usual.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("how far").required(true).args(["blocks", "time"]))]
pub(super) struct Advance {
    /// So many blocks, the usual time apart; 1000000 at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_BLOCKS)))]
    blocks: Option<u32>,

    /// That long, as in 30d
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    time: Option<Duration>,

    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

/// The most blocks that a time is made of.
const MOST: u64 = 3_000;

/// The time between blocks where each transaction gets its own.
const USUAL: u64 = 1_000;

impl Advance {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        let client = self.place.client(context)?;
        let answer = client.ask(&Request::Status).map_err(|error| Failure::from_error(&error))?;
        let Answer::State(state) = answer else { return Err(Failure::from_error(&Error::Other)) };
        let usual = if state.block_time == 0 { USUAL } else { state.block_time };
        let (blocks, step) = match (self.blocks, self.time) {
            (Some(blocks), _) => (blocks, usual),
            (None, Some(time)) => blocks_of(time, usual)?,
            (None, None) => return Err(Failure::new(Status::Usage, "neither --blocks nor --time is given")),
        };
        self.place.perform(context, &Request::Advance { blocks, step }, self.output.output)
    }
}

/// How many blocks make up a time, and how far they stand apart, in milliseconds.
fn blocks_of(time: Duration, usual: u64) -> Result<(u32, u64), Failure> {
    let whole = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    if whole == 0 {
        return Err(Failure::new(Status::Usage, "no time is nothing to advance by").hint("write for example 30d"));
    }
    let blocks = whole.div_ceil(usual).clamp(1, MOST);
    Ok((u32::try_from(blocks).unwrap_or(1), whole.div_ceil(blocks)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_time_is_made_of_few_blocks() {
        let of = |seconds| blocks_of(Duration::from_secs(seconds), 1_000).unwrap();
        assert_eq!(of(10), (10, 1_000));
        assert_eq!(of(30 * 86_400), (3_000, 864_000));
        assert!(blocks_of(Duration::ZERO, 1_000).is_err());
    }
}
