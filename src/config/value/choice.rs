//! Values that are one of a few words.

/// One of a few words.
pub trait Choice: Sized + Copy + PartialEq + 'static {
    /// Every variant, in the order in which help lists them.
    const ALL: &'static [Self];

    /// The word of a variant.
    fn word(self) -> &'static str;
}

/// Defines an enum whose variants are words of the configuration.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])+
        $name:ident {
            $( $(#[doc = $vdoc:literal])+ $variant:ident = $word:literal ),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[doc = $vdoc])+ $variant ),+
        }

        impl $crate::config::value::Choice for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn word(self) -> &'static str {
                match self {
                    $( Self::$variant => $word ),+
                }
            }
        }

        impl $crate::config::value::Scalar for $name {
            const WANTED: &'static str = concat!("one of", $(" ", $word),+);

            fn schema() -> serde_json::Value {
                serde_json::json!({ "enum": [$($word),+] })
            }

            fn parse(text: &str) -> Result<Self, String> {
                match text {
                    $( $word => Ok(Self::$variant), )+
                    other => Err(format!("found `{other}`")),
                }
            }

            fn show(&self) -> serde_json::Value {
                serde_json::Value::from($crate::config::value::Choice::word(*self))
            }
        }
    };
}
pub(in crate::config) use choice;
