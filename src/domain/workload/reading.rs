//! What was read, or that it could not be.

/// The outcome of a reading: present and absent are [`Known`](Self::Known), everything else is unknown.
///
/// A failed or partial reading is never an empty one: nothing is stopped, removed or closed because of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading<T> {
    /// It was read, all of it.
    Known(T),
    /// It could not be read; why, in one line.
    Unknown(String),
}

impl<T> Reading<T> {
    /// What was read, if it was.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }
}
