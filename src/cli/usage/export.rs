//! `provider usage export`

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::list::FilterOptions;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::usage::state::State;
use crate::jobs::usage_export::{self, Error, Format, Per, Request};
use crate::store::{Mode, Store};

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For spreadsheets: a header, and a line for each row.
    Csv,
    /// An array of objects.
    Json,
    /// An object in each line.
    Jsonl,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RowOf {
    /// A metering window: one record.
    Window,
    /// A lease: the sums of its records, but for rejected ones.
    Lease,
}

/// Write usage records to a file or to stdout, any number of them
///
/// The columns and their names do not change. Figures and amounts are exact decimals; in JSON they are texts. What is
/// unknown is empty, or null. A file is there as a whole or not at all; a pipe or a device gets the rows as they come.
/// The cost of a record is that of its window: it has the charges of the revisions before it in it.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    filter: FilterOptions,

    /// The form
    #[arg(long, value_enum, default_value_t = Form::Csv)]
    format: Form,

    /// A row for each
    #[arg(long, value_enum, default_value_t = RowOf::Window, conflicts_with_all = ["signatures", "documents"])]
    per: RowOf,

    /// Hash, signature and public key, too
    #[arg(long)]
    signatures: bool,

    /// Signed documents instead of rows, one in each line, as `usage verify` takes them
    #[arg(long, conflicts_with_all = ["signatures", "format"])]
    documents: bool,

    /// The file; stdout for `-`
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

impl Export {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        if self.per == RowOf::Lease && self.filter.superseded {
            return Err(Failure::new(Status::Usage, "--per lease sums what holds; --superseded is for windows"));
        }
        let mut filter = self.filter.filter(context)?;
        if self.per == RowOf::Lease && filter.states.is_empty() {
            filter.states = State::ALL.iter().copied().filter(|state| *state != State::Rejected).collect();
        }
        let request = Request {
            filter,
            format: match self.format {
                Form::Csv => Format::Csv,
                Form::Json => Format::Json,
                Form::Jsonl => Format::JsonLines,
            },
            per: match self.per {
                _ if self.documents => Per::Document,
                RowOf::Window => Per::Window,
                RowOf::Lease => Per::Lease,
            },
            signatures: self.signatures,
        };
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        if self.output.as_os_str() == "-" {
            return match usage_export::run(&store, &request, &mut io::stdout().lock()) {
                Ok(_) => Ok(Report::nothing()),
                // The reader has seen enough.
                Err(Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Report::nothing()),
                Err(error) => Err(failed(error, "stdout")),
            };
        }
        let rows = match place(&self.output)? {
            Place::File(path) => to_file(&store, &request, &path)?,
            Place::Stream => to_stream(&store, &request, &self.output)?,
        };
        Ok(Report::nothing().note(format!("{rows} rows in {}", self.output.display())))
    }
}

/// What stands where an export is to go.
enum Place {
    /// A file, or nothing yet. Where a link leads to one, this is the file.
    File(PathBuf),
    /// A pipe or a device: it stays, and takes the rows as they come.
    Stream,
}

fn place(path: &Path) -> Result<Place, Failure> {
    let cannot = |error: &io::Error| {
        Failure::new(Status::Unavailable, format!("cannot write {}", path.display())).caused_by(error)
    };
    match path.metadata() {
        Ok(there) if there.is_file() => path.canonicalize().map(Place::File).map_err(|error| cannot(&error)),
        Ok(there) if there.is_dir() => Err(cannot(&io::ErrorKind::IsADirectory.into())),
        Ok(_) => Ok(Place::Stream),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A link that leads nowhere would be replaced by the file.
            if path.is_symlink() { Err(cannot(&error)) } else { Ok(Place::File(path.to_owned())) }
        }
        Err(error) => Err(cannot(&error)),
    }
}

fn to_stream(store: &Store, request: &Request, path: &Path) -> Result<u64, Failure> {
    let to = path.display().to_string();
    let file = File::options().write(true).open(path).map_err(|error| failed(Error::Write(error), &to))?;
    usage_export::run(store, request, &mut BufWriter::new(file)).map_err(|error| failed(error, &to))
}

/// Writes beside the file, and puts it in its place when it is complete and on the disk.
fn to_file(store: &Store, request: &Request, path: &Path) -> Result<u64, Failure> {
    let cannot = |error: &io::Error| {
        Failure::new(Status::Unavailable, format!("cannot write {}", path.display())).caused_by(error)
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::Builder::new().prefix(".usage-export-").tempfile_in(folder).map_err(|error| cannot(&error))?;
    let mut sink = BufWriter::with_capacity(256 * 1024, file);
    let rows =
        usage_export::run(store, request, &mut sink).map_err(|error| failed(error, &path.display().to_string()))?;
    let file = sink.into_inner().map_err(|error| cannot(error.error()))?;
    file.as_file().sync_all().map_err(|error| cannot(&error))?;
    file.persist(path).map_err(|error| cannot(&error.error))?;
    // The name is on the disk when the folder is.
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| cannot(&error))?;
    Ok(rows)
}

fn failed(error: Error, to: &str) -> Failure {
    match error {
        Error::Write(error) => Failure::new(Status::Unavailable, format!("cannot write {to}")).caused_by(&error),
        Error::Store(error) => error.into(),
        Error::Document(error) => error.into(),
    }
}
