//! What the files of the packages are written with.

/// Names the messages of a package, says which of them a transaction carries and which a node answers, and makes the
/// file's `TABLE` of all of it.
macro_rules! package {
    (
        $kind:ident($package:literal);
        messages { $($message:ident $(as $name:literal)?),* $(,)? }
        $(tx_messages { $($msg:ident -> $msg_response:ident, signed by $($signer:ident).+;)+ })?
        $(service $service:ident { $($method:ident($request:ident) -> $response:ident;)+ })?
    ) => {
        $(impl $crate::chain::wire::Named for $message {
            const PACKAGE: $crate::chain::wire::Package = $crate::chain::wire::Package::$kind($package);
            const NAME: &'static str = $crate::chain::wire::macros::package!(@name $message $($name)?);
        })*
        $($(impl $crate::chain::wire::TxMessage for $msg {
            type Response = $msg_response;

            fn signer(&self) -> &str {
                &self.$($signer).+
            }
        })+)?
        $($(impl $crate::chain::wire::Call for $request {
            type Response = $response;
            const SERVICE: &'static str = stringify!($service);
            const METHOD: &'static str = stringify!($method);
        })+)?
        pub(in $crate::chain::wire) const TABLE: $crate::chain::wire::table::Table = $crate::chain::wire::table::Table {
            messages: &[$($crate::chain::wire::MessageType::of::<$message>()),*],
            tx_messages: &[$($($crate::chain::wire::TxMessageType::of::<$msg>()),+)?],
            calls: &[$($($crate::chain::wire::CallType::of::<$request>()),+)?],
        };
    };
    (@name $message:ident) => { stringify!($message) };
    (@name $message:ident $name:literal) => { $name };
}

/// Messages without fields.
macro_rules! empty_messages {
    ($($message:ident),* $(,)?) => {
        $(#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
        pub struct $message {})*
    };
}

/// An enum with the word that the chain uses for each value in JSON, in events and in filters.
macro_rules! wire_enum {
    ($(#[$meta:meta])* pub enum $type:ident { $($(#[$variant_meta:meta])* $variant:ident = $number:literal => $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
        #[repr(i32)]
        pub enum $type {
            $($(#[$variant_meta])* $variant = $number),*
        }

        impl $type {
            /// Every value, by number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word for it in JSON, events and filters.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }

            /// The value with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}

pub(in crate::chain::wire) use {empty_messages, package, wire_enum};
