//! States as the chain numbers them.

/// Declares the states of a thing on chain, each with its word in filters, output and stored rows, and one more: a
/// number that this product does not know, from which nothing ever follows.
macro_rules! chain_state {
    ($(#[$meta:meta])* pub enum $type:ident {
        $($(#[$state_meta:meta])* $state:ident => $word:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $type {
            $($(#[$state_meta])* $state,)+
            /// A number that this product does not know: nothing follows from it.
            Unknown(i32),
        }

        impl $type {
            /// Every state that has a name.
            pub const ALL: &'static [Self] = &[$(Self::$state),+];

            /// The word in filters, output and stored rows.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$state => $word,)+
                    Self::Unknown(_) => "unknown",
                }
            }

            /// The state with this word; none is called unknown.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|state| state.word() == word)
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    Self::Unknown(number) => write!(f, "unknown ({number})"),
                    known => f.pad(known.word()),
                }
            }
        }
    };
}

pub(super) use chain_state;

#[cfg(test)]
mod tests {
    use crate::domain::lease::LeaseState;

    #[test]
    fn a_number_without_a_name_is_unknown_and_nothing_else() {
        for state in LeaseState::ALL {
            assert_eq!(LeaseState::from_word(state.word()), Some(*state));
        }
        assert_eq!(LeaseState::from_word("unknown"), None);
        assert_eq!(LeaseState::Unknown(9).to_string(), "unknown (9)");
        assert_eq!(format!("{:>8}|", LeaseState::Closed), "  closed|");
    }
}
