//! The `dynamic` strategy: factors on the price, each with its own condition.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::domain::amount::{Dec18, Error, Rounding};
use crate::domain::bid::capacity::Used;

/// The factors and their conditions; what is switched off is not there.
#[derive(Debug, Clone, Default)]
pub struct Multipliers {
    /// At certain hours.
    pub peak_hours: Option<PeakHours>,
    /// When more than a share of the GPUs is in use; for orders that ask for GPUs.
    pub gpu_scarcity: Option<Threshold>,
    /// When less than a share of everything is in use.
    pub low_utilization: Option<Threshold>,
}

/// Hours of the day, in a time zone.
#[derive(Debug, Clone)]
pub struct PeakHours {
    /// They begin.
    pub start: Time,
    /// They are over. Where it is not later than the start it is a time of the next day.
    pub end: Time,
    /// In this time zone: at summer time too the clock on the wall counts.
    pub zone: TimeZone,
    /// The price times this.
    pub factor: Dec18,
}

/// A share of what is in use, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// The share.
    pub share: Dec18,
    /// The price times this.
    pub factor: Dec18,
}

/// A factor by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// At certain hours.
    PeakHours,
    /// Few GPUs are left.
    GpuScarcity,
    /// Much is idle.
    LowUtilization,
}

impl Factor {
    /// Every factor, in the order in which they are applied.
    pub const ALL: [Self; 3] = [Self::PeakHours, Self::GpuScarcity, Self::LowUtilization];

    /// The word in configuration and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PeakHours => "peak_hours",
            Self::GpuScarcity => "gpu_scarcity",
            Self::LowUtilization => "low_utilization",
        }
    }
}

/// The factors that apply at a time to one back end, in the order of [`Factor::ALL`]. They are the same for every
/// order of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Factors {
    peak_hours: Option<Dec18>,
    gpu_scarcity: Option<Dec18>,
    low_utilization: Option<Dec18>,
}

impl PeakHours {
    /// Whether a moment lies within them.
    pub fn contain(&self, now: Timestamp) -> bool {
        let time = self.zone.to_datetime(now).time();
        if self.start < self.end {
            (self.start..self.end).contains(&time)
        } else {
            time >= self.start || time < self.end
        }
    }
}

impl Multipliers {
    /// Which factors apply to a back end of which so much is in use.
    pub fn at(&self, now: Timestamp, used: &Used) -> Factors {
        let peak_hours = self.peak_hours.as_ref().filter(|hours| hours.contain(now)).map(|hours| hours.factor);
        let scarce = self.gpu_scarcity.filter(|limit| used.gpus.is_some_and(|share| share > limit.share));
        let idle = self.low_utilization.filter(|limit| used.fullest.is_some_and(|share| share < limit.share));
        Factors {
            peak_hours,
            gpu_scarcity: scarce.map(|limit| limit.factor),
            low_utilization: idle.map(|limit| limit.factor),
        }
    }
}

impl Factors {
    /// The factors for an order, in the order in which they are applied.
    pub fn of(self, asks_for_gpus: bool) -> [(Factor, Option<Dec18>); 3] {
        [
            (Factor::PeakHours, self.peak_hours),
            (Factor::GpuScarcity, self.gpu_scarcity.filter(|_| asks_for_gpus)),
            (Factor::LowUtilization, self.low_utilization),
        ]
    }

    /// A price with the factors.
    pub(super) fn apply(self, price: Dec18, asks_for_gpus: bool) -> Result<Dec18, Error> {
        self.of(asks_for_gpus)
            .into_iter()
            .filter_map(|(_, factor)| factor)
            .try_fold(price, |price, factor| price.checked_mul(factor, Rounding::HalfEven))
    }
}
