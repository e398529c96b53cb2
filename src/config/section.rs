//! Sections: each key of the configuration is declared once, with its words, type, default, bounds and other spellings.
//!
//! From a declaration come the field of the settings, the reading, the JSON Schema, the complete example and the manual
//! page, so that none of them can disagree with the others.

use serde_json::Value as Json;

use super::lookup::Lookup;

/// What is known of one key without reading anything.
#[derive(Debug, Clone)]
pub struct Key {
    /// The canonical path: `chain.node_url`.
    pub path: String,
    /// Every accepted spelling in files, the canonical one first.
    pub spellings: Vec<Spelling>,
    /// Every environment variable that sets it.
    pub variables: Vec<Spelling>,
    /// What holds when nothing is written.
    pub default: Option<&'static str>,
    /// A value to show where there is no default.
    pub example: Option<&'static str>,
    /// The lowest and the highest value.
    pub bounds: Option<(&'static str, &'static str)>,
    /// The lines of its documentation.
    pub doc: Vec<&'static str>,
    /// JSON Schema of its value.
    pub schema: fn() -> Json,
    /// Its value is a secret.
    pub secret: bool,
}

/// One way to write a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// The path in a file, or the name of a variable.
    pub name: String,
    /// The unit that this spelling leaves out: a bare `24` under `grace_period_hours` is `24h`.
    pub unit: Option<&'static str>,
}

/// A section or a key, in the order of declaration.
#[derive(Debug, Clone)]
pub enum Item {
    /// A section begins.
    Section {
        /// Its canonical path.
        path: String,
        /// The lines of its documentation.
        doc: Vec<&'static str>,
    },
    /// A key.
    Key(Box<Key>),
}

/// A section of the configuration.
pub trait Section: Sized {
    /// Lists the section and everything in it.
    fn describe(items: &mut Vec<Item>);

    /// Reads the section; `None` where something in it is wrong, which is noted in the lookup.
    fn read(lookup: &mut Lookup<'_>) -> Option<Self>;
}

impl Key {
    /// A key of a section that has one or more names, with other spellings elsewhere.
    pub fn new(sections: &[&str], name: &str, elsewhere: &[(&str, Option<&'static str>)]) -> Self {
        let own = sections.iter().map(|section| Spelling { name: format!("{section}.{name}"), unit: None });
        let other = elsewhere.iter().map(|(path, unit)| Spelling { name: (*path).to_owned(), unit: *unit });
        let spellings: Vec<Spelling> = own.chain(other).collect();
        let path = spellings.first().map(|spelling| spelling.name.clone()).unwrap_or_default();
        let variable = format!("PROVIDER_{}", path.replace('.', "_").to_uppercase());
        Self {
            path,
            spellings,
            variables: vec![Spelling { name: variable, unit: None }],
            default: None,
            example: None,
            bounds: None,
            doc: Vec::new(),
            schema: || Json::Null,
            secret: false,
        }
    }

    /// The unit that a bare number has, whatever the spelling.
    #[must_use]
    pub fn bare(mut self, unit: &'static str) -> Self {
        for spelling in self.spellings.iter_mut().chain(&mut self.variables) {
            spelling.unit = Some(unit);
        }
        self
    }

    /// Further environment variables.
    #[must_use]
    pub fn variables(mut self, more: &[(&str, Option<&'static str>)]) -> Self {
        self.variables.extend(more.iter().map(|(name, unit)| Spelling { name: (*name).to_owned(), unit: *unit }));
        self
    }
}

/// Declares sections.
///
/// ```text
/// section! {
///     /// What the section is about.
///     Chain at ["chain"] {
///         section fees: Fees;                       // a section within
///         /// What the key means.
///         timeout: Duration = "30s", in "1s" ..= "5m", also ["rpc.timeout_seconds" as "s"], env ["X_TIMEOUT"];
///         /// The unit of a bare number, whatever the spelling.
///         high: Ratio = "90%", bare "%";
///         /// A key without default is an Option, with an example.
///         chain_id: Option<Text>, like "virtengine-1";
///     }
/// }
/// ```
macro_rules! section {
    ($(
        $(#[doc = $sdoc:literal])+
        $name:ident at [$($at:literal),+] {
            $( section $sub:ident : $subtype:ty; )*
            $(
                $(#[doc = $doc:literal])+
                $key:ident : $type:ty
                $( = $default:literal )?
                $( , like $example:literal )?
                $( , in $low:literal ..= $high:literal )?
                $( , bare $bare:literal )?
                $( , also [$( $also:literal $(as $unit:literal)? ),+] )?
                $( , env [$( $env:literal $(as $envunit:literal)? ),+] )?
                ;
            )*
        }
    )+) => {$(
        $(#[doc = $sdoc])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $( #[doc = concat!("The section `", stringify!($sub), "`.")] pub $sub: $subtype, )*
            $( $(#[doc = $doc])+ pub $key: $type, )*
        }

        impl $name {
            /// The names of the section, the canonical one first.
            const AT: &'static [&'static str] = &[$($at),+];

            $(
                pub(in crate::config) fn $key() -> $crate::config::section::Key {
                    #[allow(unused_mut, reason = "most keys have no optional parts")]
                    let mut key = $crate::config::section::Key::new(
                        Self::AT,
                        stringify!($key),
                        &[$( $( ($also, $crate::config::section::unit!($($unit)?)) ),+ )?],
                    );
                    $( key = key.variables(&[$( ($env, $crate::config::section::unit!($($envunit)?)) ),+]); )?
                    $( key.default = Some($default); )?
                    $( key.example = Some($example); )?
                    $( key.bounds = Some(($low, $high)); )?
                    $( key = key.bare($bare); )?
                    key.doc = vec![$( $doc ),+];
                    key.schema = <$type as $crate::config::value::Value>::schema;
                    key.secret = <$type as $crate::config::value::Value>::SECRET;
                    key
                }
            )*
        }

        impl $crate::config::section::Section for $name {
            fn describe(items: &mut Vec<$crate::config::section::Item>) {
                let path = Self::AT.first().copied().unwrap_or_default().to_owned();
                items.push($crate::config::section::Item::Section { path, doc: vec![$( $sdoc ),+] });
                $( items.push($crate::config::section::Item::Key(Box::new(Self::$key()))); )*
                $( <$subtype as $crate::config::section::Section>::describe(items); )*
            }

            fn read(lookup: &mut $crate::config::lookup::Lookup<'_>) -> Option<Self> {
                // All is read before anything is given up, so that every problem is reported.
                $( let $sub = <$subtype as $crate::config::section::Section>::read(lookup); )*
                $( let $key = lookup.read::<$type>(&Self::$key()); )*
                Some(Self { $( $sub: $sub?, )* $( $key: $key?, )* })
            }
        }
    )+};
}

/// An optional unit.
macro_rules! unit {
    () => {
        None
    };
    ($unit:literal) => {
        Some($unit)
    };
}

pub(in crate::config) use section;
pub(in crate::config) use unit;
