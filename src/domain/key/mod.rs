//! Keys as decisions see them: of which type, in which state of their life, and what the policy asks for.
//!
//! - [`State`]: the life cycle as a total function over [`Event`]s.
//! - [`Policy`]: the operator's rules, and [`Policy::assess`], what is due for a key at a time; [`Field`] is one of them.
//! - [`rotation`]: how one key takes the place of another, step by step.
//! - [`serving`]: which key serves a role, over all keys that ever were.
//!
//! What it does not do: no secrets, no files, no clock. `keys` keeps secrets, `store::keys` remembers states.

mod field;
mod key_type;
mod policy;
pub mod rotation;
pub mod serving;
mod state;

pub use field::{Field, NotAValue};
pub use key_type::{KeyType, UnknownKeyType};
pub use policy::{Approval, Assessment, Dates, Due, Policy, PolicyRefusal, Role, days_between};
pub use state::{Event, IllegalTransition, State, UnknownState};
