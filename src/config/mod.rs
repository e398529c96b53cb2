//! Rank 4: files, environment and flags become one checked set of settings.
//!
//! The way of a value: a file becomes a tree with places ([`crate::domain::yaml`]), the tree becomes occurrences of keys
//! (`tree`, which finds what is misspelt), each declared key is looked up (`lookup`: flag > environment > file >
//! default) and read by its type (`value`), and what one key alone cannot tell is checked at the end (`check`). Nothing
//! stops at the first problem.
//!
//! To add a key, add a line to its section in `schema`; everything else follows from it.

mod build;
mod check;
mod check_keys;
mod diagnostic;
mod environment;
mod example;
mod json_schema;
mod load;
mod locate;
mod lookup;
pub mod manual;
mod mask;
mod outline;
mod reading;
pub mod schema;
mod section;
mod source;
pub mod terms;
mod tree;
mod value;

pub use build::Build;
pub use diagnostic::{Diagnostic, Finding, Severity};
pub use environment::Environment;
pub use example::example;
pub use json_schema::json_schema;
pub use load::{Loaded, Request, load};
pub use locate::Located;
pub use lookup::{Effective, Origin};
pub use outline::wrapped;
pub use schema::Settings;
pub use source::{Kind as SourceKind, Place, Sources};
pub use value::{Choice, ClockTime, Email, Scalar, Secret, Text, WebAddress};
