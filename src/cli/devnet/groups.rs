//! Reading what a tenant orders: an SDL, or a list of groups.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use clap::Args;
use prost::Message;
use sha2::{Digest, Sha256};

use crate::chain::wire::deployment;
use crate::cli::{Context, Failure, Status};
use crate::config::{Diagnostic, Place, SourceKind, Sources};
use crate::devnet::hex;
use crate::domain::manifest::{GroupSpec, groups_json, read_groups, sdl};
use crate::domain::yaml::Problem;

/// The options that name what is ordered.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Ordered {
    /// An SDL: groups and manifest are made of it
    #[arg(long, value_name = "FILE")]
    sdl: Option<PathBuf>,

    /// A list of groups in JSON, as the chain's tools print it
    #[arg(long, value_name = "FILE")]
    groups: Option<PathBuf>,
}

/// What is ordered.
pub(super) struct Order {
    /// The groups.
    pub(super) groups: Vec<GroupSpec>,
    /// The version of the manifest. Groups alone have none: it is made of them.
    pub(super) version: [u8; 32],
}

impl Order {
    /// The groups as the control socket takes them: in hex.
    pub(super) fn in_hex(groups: &[GroupSpec]) -> Vec<String> {
        groups.iter().map(|group| hex::lower(&deployment::GroupSpec::from(group).encode_to_vec())).collect()
    }
}

/// The largest file that is read.
const LONGEST: u64 = 1 << 20;

impl Ordered {
    /// Reads the file.
    pub(super) fn read(&self, context: &Context) -> Result<Order, Failure> {
        match (&self.sdl, &self.groups) {
            (Some(path), _) => {
                let text = text_of(path, LONGEST)?;
                let stack = sdl::read(&text).map_err(|problems| faulty(context, path, text, problems))?;
                Ok(Order { version: stack.manifest.version(), groups: stack.groups })
            }
            (None, Some(path)) => {
                let groups = read_groups(&text_of(path, LONGEST)?).map_err(|error| Failure::from_error(&error))?;
                Ok(Order { version: Sha256::digest(groups_json(&groups)).into(), groups })
            }
            (None, None) => Err(Failure::new(Status::Usage, "there is nothing to order")),
        }
    }
}

/// The groups in a file: a list where its name ends with `.json`, else an SDL.
pub(super) fn groups_of(context: &Context, path: &Path) -> Result<Vec<GroupSpec>, Failure> {
    let is_list = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let (sdl, groups) = if is_list { (None, Some(path.to_owned())) } else { (Some(path.to_owned()), None) };
    Ok(Ordered { sdl, groups }.read(context)?.groups)
}

/// The text of a file of bounded length. A pipe or a device could hang us, so none is opened.
pub(super) fn text_of(path: &Path, longest: u64) -> Result<String, Failure> {
    let metadata = std::fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if !metadata.is_file() {
        let failure = Failure::new(Status::Data, format!("{} is no regular file", path.display()));
        return Err(failure.hint("write it to a file first"));
    }
    bounded(path, longest)
}

/// The same, also of a pipe, as of `<(drive.py genesis)`: who names one wants us to wait for it.
pub(super) fn text_or_pipe(path: &Path, longest: u64) -> Result<String, Failure> {
    let metadata = std::fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if metadata.file_type().is_fifo() { bounded(path, longest) } else { text_of(path, longest) }
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Status::Data, format!("cannot read {}", path.display())).caused_by(error)
}

fn bounded(path: &Path, longest: u64) -> Result<String, Failure> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(longest.saturating_add(1)).read_to_string(&mut text));
    if read.map_err(|error| cannot_read(path, &error))? as u64 > longest {
        let text = format!("{} has more than the {longest} bytes that are read at most", path.display());
        return Err(Failure::new(Status::Data, text));
    }
    Ok(text)
}

/// Every problem of an SDL with its line.
fn faulty(context: &Context, path: &Path, text: String, problems: Vec<Problem>) -> Failure {
    let mut sources = Sources::default();
    let source = sources.add(SourceKind::File(path.to_owned()), text);
    let count = problems.len();
    let (mut shown, mut data) = (String::new(), Vec::new());
    for problem in problems {
        let mut diagnostic = Diagnostic::error(Place { source, span: problem.span }, problem.text);
        if let Some(span) = problem.first {
            diagnostic = diagnostic.other(Place { source, span }, "the first one is here");
        }
        shown.push_str(&diagnostic.render(&sources, context.colored()));
        shown.push('\n');
        data.extend(serde_json::to_value(diagnostic.to_data(&sources)));
    }
    let problems = if count == 1 { "a problem".to_owned() } else { format!("{count} problems") };
    Failure::new(Status::Data, format!("the SDL {} has {problems}", path.display())).details(shown, data)
}
