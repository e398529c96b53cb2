//! The five modules of the market together: against the recordings of real nodes, and against their own promises.

mod calls;
mod playback;
mod promises;
mod properties;
mod scenarios;
mod world;

/// The messages that the properties here try.
pub fn tried_at_random() -> impl Iterator<Item = &'static str> {
    world::KINDS.iter().map(|(kind, ..)| *kind)
}
