//! The units: what systemd says of them, and what it does with them.

mod live;
mod units;
