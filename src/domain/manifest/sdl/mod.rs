//! The stack definition language, versions 2.0 and 2.1: the file in which a tenant says what to run, where and for
//! how much.
//!
//! Reading goes in three steps: [`document`](self) takes the YAML tree apart and checks each value where it stands,
//! [`check`](self) holds the parts against each other, `derive` makes groups and manifest. Every problem is reported,
//! each at its place. Where the result must equal the reference parser's to the byte (its hash goes on chain), its
//! habits are repeated, and said at the place.

mod check;
mod compute;
mod derive;
mod document;
mod expose;
mod placement;
mod quantity;
mod reader;
mod service;
mod storage;

use super::{GroupSpec, Manifest};
use crate::domain::yaml::{self, Limits, Problem};

/// What an SDL describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// What goes on chain, by name.
    pub groups: Vec<GroupSpec>,
    /// What goes to the provider.
    pub manifest: Manifest,
}

/// Reads an SDL. What is wrong is said with its place in the text, all of it at once.
pub fn read(text: &str) -> Result<Stack, Vec<Problem>> {
    let (root, mut problems) = yaml::parse(text, Limits::USUAL);
    let Some(root) = root else {
        if problems.is_empty() {
            problems.push(Problem { span: 0..0, text: "the file is empty".to_owned(), first: None });
        }
        return Err(problems);
    };
    let mut reader = reader::Reader { problems };
    let document = document::read(&mut reader, &root);
    check::check(&mut reader, &document);
    if !reader.problems.is_empty() {
        reader.problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        return Err(reader.problems);
    }
    Ok(derive::stack(&document))
}
