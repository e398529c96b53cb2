//! The stack definition language, versions 2.0 and 2.1: the file in which a tenant says what to run, where and for
//! how much. The training manual's `v2beta1` and our `v1` are other ways to write the same, and are read into the same
//! document.
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
mod v1;

use super::{Deployment, Form};
use crate::domain::yaml::{self, Limits, Node, Problem};

/// Reads an SDL, and nothing but an SDL. What is wrong is said with its place in the text, all of it at once.
pub fn read(text: &str) -> Result<Deployment, Vec<Problem>> {
    let (root, problems) = yaml::parse(text, Limits::USUAL);
    read_tree(root.as_ref(), problems, Form::Sdl)
}

/// Reads a tree by the grammar of a form.
pub(super) fn read_tree(
    root: Option<&Node>,
    mut problems: Vec<Problem>,
    form: Form,
) -> Result<Deployment, Vec<Problem>> {
    let Some(root) = root else {
        if problems.is_empty() {
            problems.push(Problem { span: 0..0, text: "the file is empty".to_owned(), first: None });
        }
        return Err(problems);
    };
    let mut reader = reader::Reader { problems };
    let document = match form {
        Form::Sdl | Form::V2beta1 => document::read(&mut reader, root, form),
        Form::V1 => v1::read(&mut reader, root),
    };
    check::check(&mut reader, &document);
    if !reader.problems.is_empty() {
        reader.problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        return Err(reader.problems);
    }
    Ok(derive::deployment(&document))
}
