//! What a check looked at, for those who want to know.

use std::fmt::Display;

use serde::Serialize;

use super::reason::cut;

/// A thing that a check looked at: `asked`, `4`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operand {
    /// What it is.
    pub name: &'static str,
    /// Its value, as people write it.
    pub value: String,
}

/// Takes down what checks look at. While orders are decided by the thousand nothing is written, and nothing is
/// formatted; `bid explain` reads it all.
#[derive(Debug, Default)]
pub struct Notes(Option<Vec<Operand>>);

impl Notes {
    /// Takes nothing down.
    pub const fn off() -> Self {
        Self(None)
    }

    /// Takes everything down.
    pub const fn on() -> Self {
        Self(Some(Vec::new()))
    }

    /// Takes one thing down.
    pub fn put(&mut self, name: &'static str, value: impl Display) {
        if let Some(operands) = &mut self.0 {
            operands.push(Operand { name, value: cut(&value.to_string()).into() });
        }
    }

    /// What was taken down since the last time.
    pub fn take(&mut self) -> Vec<Operand> {
        self.0.as_mut().map(std::mem::take).unwrap_or_default()
    }
}
