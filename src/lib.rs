//! `provider` sells the capacity of a cluster, a partition, a site or a server on the VirtEngine marketplace.
//!
//! # The flow
//! order → decision → bid → lease → manifest → workload → sample → usage record → settlement → export: the same words
//! in types, tables, commands, files and metrics. There is no resident daemon. Every job is a one-shot process that
//! lists the truth, compares it with the state file and acts on the difference.
//!
//! # The ranks
//! Imports go down only, and siblings do not import each other; `tests/integration/ranks.rs` holds everybody to it.
//!
//! | rank | module | what |
//! |---|---|---|
//! | 5 | [`cli`] | the command line, and the only place that knows it |
//! | 4 | [`config`], [`serve`] | files, environment and flags become settings; the server |
//! | 3 | [`jobs`], [`devnet`] | one verb, one file; the embedded development chain |
//! | 2 | [`chain`], [`adapters`], [`sources`], [`notify`] | the wire, and nodes; back ends; usage figures; alerts |
//! | 1 | [`store`], [`keys`], [`observe`] | the state file; keys and signatures; what can be seen of a run |
//! | 0 | [`domain`] | pure: what the words mean, and how decisions are made |
//!
//! # Where to add things
//! - A configuration key: a line in its section of [`config::schema`]. Schema, example and manual follow from it.
//! - A command: a file in `cli/` at the path of its words, and a variant in its parent's `mod.rs`.
//! - A job: a file in [`jobs`], with plain typed input and a report.
//! - A place for keys: a folder in [`keys`] that implements [`keys::Backend`], a variant of [`keys::BackendKind`], an arm
//!   in [`keys::Backends`].
//! - Something to be asked over HTTP: a [`serve::Route`] in a group of [`mod@serve`].
//! - A table: a migration in `store/migrations/`, and a file in [`store`] for its family.
//! - A message of the chain: its package's file in [`chain::wire`], and its lines in [`chain::schema`].
//! - A decision: a pure function in [`domain`], with a table of cases beside it.

pub mod adapters;
pub mod chain;
pub mod cli;
pub mod config;
pub mod devnet;
pub mod domain;
pub mod jobs;
pub mod keys;
pub mod notify;
pub mod observe;
pub mod serve;
pub mod sources;
pub mod store;
