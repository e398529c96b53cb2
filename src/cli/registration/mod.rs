//! `provider register`, `provider update`, `provider info`: the provider in the chain's register.

mod info;
mod record;
mod register;
mod update;

pub use info::Info;
pub use register::Register;
pub use update::Update;
