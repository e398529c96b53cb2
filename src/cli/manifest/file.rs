//! Reading a tenant's file: an SDL, `v2beta1`, `v1`, or the manifest itself in JSON.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::cli::{Context, Failure, Status};
use crate::config::{Diagnostic, Place, SourceKind, Sources};
use crate::domain::manifest::{self, Deployment, Form, Manifest};
use crate::domain::workload::Revision;
use crate::domain::yaml::{Limits, Problem};

/// A tenant's file.
#[derive(Debug)]
pub struct TenantFile {
    /// Its form; none for a manifest in JSON.
    pub form: Option<Form>,
    /// What it describes.
    pub deployment: Deployment,
    /// The version of its manifest: of the bytes as they came, where it is one itself.
    pub revision: Revision,
}

/// The largest file that is read, in bytes.
pub const LARGEST: u64 = 1 << 20;
/// Problems that are shown, at most.
const MOST_SHOWN: usize = 100;
/// A line longer than this is not shown beside its problem, in bytes.
const LONGEST_LINE: usize = 400;

/// Reads a tenant's file, and says everything that is wrong with it.
pub fn read(context: &Context, path: &Path) -> Result<TenantFile, Failure> {
    read_text(context, path, &text_of(path, LARGEST)?)
}

/// The same for a text that came out of the file.
pub fn read_text(context: &Context, path: &Path, text: &str) -> Result<TenantFile, Failure> {
    if text.trim_start().starts_with('[') {
        let problems = Manifest::json_problems(text);
        if !problems.is_empty() {
            return Err(faulty(context, path, text, problems));
        }
        let (manifest, version) = Manifest::read_json(text).map_err(|error| Failure::from_error(&error))?;
        let deployment = Deployment { groups: vec![], manifest, probes: std::collections::BTreeMap::new() };
        return Ok(TenantFile { form: None, deployment, revision: Revision(version) });
    }
    let (form, deployment) = match manifest::read(text) {
        Ok(read) => read,
        Err(problems) => return Err(faulty(context, path, text, problems)),
    };
    let revision = Revision(deployment.manifest.version());
    Ok(TenantFile { form: Some(form), deployment, revision })
}

/// The text of a file of bounded length. A pipe or a device could hang us or fill the memory, so none is opened.
pub fn text_of(path: &Path, longest: u64) -> Result<String, Failure> {
    let cannot =
        |error: std::io::Error| Failure::new(Status::Data, format!("cannot read {}", path.display())).caused_by(&error);
    let metadata = std::fs::metadata(path).map_err(cannot)?;
    if !metadata.is_file() {
        let failure = Failure::new(Status::Data, format!("{} is no regular file", path.display()));
        return Err(failure.hint("write it to a file first"));
    }
    if metadata.len() > longest {
        let text = format!("{} has {} bytes; at most {longest} are read", path.display(), metadata.len());
        return Err(Failure::new(Status::Data, text));
    }
    let mut text = String::new();
    // It may grow while it is read.
    File::open(path).and_then(|file| file.take(longest).read_to_string(&mut text)).map_err(cannot)?;
    Ok(text)
}

/// Every problem of a file with its line.
pub fn faulty(context: &Context, path: &Path, text: &str, problems: Vec<Problem>) -> Failure {
    let mut sources = Sources::default();
    // A source line of a megabyte explains nothing, a hundred times.
    let showable = text.lines().all(|line| line.len() <= LONGEST_LINE) && text.lines().count() <= Limits::USUAL.lines;
    let source = sources.add(SourceKind::File(path.to_owned()), if showable { text.to_owned() } else { String::new() });
    let count = problems.len();
    let (mut shown, mut data) = (String::new(), Vec::new());
    for problem in problems.into_iter().take(MOST_SHOWN) {
        let at = problem.span.start;
        let mut diagnostic = if showable {
            Diagnostic::error(Place { source, span: problem.span }, problem.text)
        } else {
            let (line, column) = line_and_column(text, at);
            Diagnostic::error_anywhere(format!("{}:{line}:{column}: {}", path.display(), problem.text))
        };
        if let Some(span) = problem.first.filter(|_| showable) {
            diagnostic = diagnostic.other(Place { source, span }, "the first one is here");
        }
        shown.push_str(&diagnostic.render(&sources, context.colored()));
        shown.push('\n');
        let (line, column) = line_and_column(text, at);
        data.extend(serde_json::to_value(diagnostic.to_data(&sources)).map(|mut found| {
            if let Some(found) = found.as_object_mut().filter(|_| !showable) {
                found.extend([("line".to_owned(), line.into()), ("column".to_owned(), column.into())]);
            }
            found
        }));
    }
    let problems = if count == 1 { "a problem".to_owned() } else { format!("{count} problems") };
    let failure = Failure::new(Status::Data, format!("{} has {problems}", path.display())).details(shown, data);
    if count > MOST_SHOWN { failure.hint(format!("these are the first {MOST_SHOWN}")) } else { failure }
}

/// Line and column of a byte, from 1; the column counts characters.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..text.floor_char_boundary(at)).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
