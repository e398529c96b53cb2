//! The height of a block: the clock of the chain.

use std::fmt;

/// The number of a block, from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Height(pub u64);

impl Height {
    /// The height so many blocks later.
    #[must_use]
    pub const fn plus(self, blocks: u64) -> Self {
        Self(self.0.saturating_add(blocks))
    }

    /// How many blocks lie between an earlier height and this one; 0 where that is not earlier.
    pub const fn blocks_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Height {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_never_wrap() {
        assert_eq!(Height(7).plus(3), Height(10));
        assert_eq!(Height(u64::MAX).plus(1), Height(u64::MAX));
        assert_eq!(Height(10).blocks_since(Height(7)), 3);
        assert_eq!(Height(7).blocks_since(Height(10)), 0);
        assert_eq!(format!("{:>4}", Height(7)), "   7");
    }
}
