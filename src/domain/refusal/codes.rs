//! The macro behind the tables of codes.

/// Declares the refusals of a module of the chain: code, name, kind of fault, and the operator's words.
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $type:ident { $($code:literal $name:ident $fault:ident $words:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum $type {
            $(#[doc = $words] $name = $code,)+
        }

        impl $type {
            /// Every code that has a name, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The number on chain.
            pub const fn code(self) -> u32 {
                self as u32
            }

            /// The refusal with this number.
            pub const fn from_code(code: u32) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// What it means, in an operator's words.
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)+
                }
            }

            /// The kind of fault.
            pub const fn fault(self) -> $crate::domain::fault::Fault {
                match self {
                    $(Self::$name => $crate::domain::fault::Fault::$fault,)+
                }
            }
        }
    };
}

pub(super) use codes;
