//! Usage: what workloads consumed.
//!
//! [`Sample`] is one reading of a unit's meters. What is made of samples is for whoever bills.

mod sample;

pub use sample::{Meters, Sample};
