//! The five modules of the market together: against the recordings of real nodes, and against their own promises.

mod calls;
mod playback;
mod promises;
mod properties;
mod scenarios;
mod world;
