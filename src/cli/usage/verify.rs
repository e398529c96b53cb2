//! `provider usage verify`

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde::Serialize;

use crate::cli::keys::{look, open_keyring};
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::domain::key::State as KeyState;
use crate::domain::usage::LONGEST_DOCUMENT;
use crate::jobs::usage_verify::{self, Verified, Voucher};
use crate::keys::file::Access;
use crate::keys::{KeyType, PublicKey};
use crate::store::{Mode, Store};

/// Verify signed usage records: from a file, or one of the state file
///
/// Needs nothing but the record: it is brought to canonical form, its SHA-256 compared, and the Ed25519 signature of that
/// hash checked with the key that the record names. Whose key that is, no record can prove: give the provider's with
/// --public-key. On the provider's own machine its keys and its state file say it. Ends with 65 if any is not right, and
/// with 1 if nobody vouches for a key.
#[derive(Debug, Args)]
pub struct Verify {
    /// A file with a record, or with one in each line; stdin for `-`; or a record's number or id
    #[arg(value_name = "FILE|ID")]
    what: String,

    /// The key that must have signed, in base64
    #[arg(long, value_name = "KEY")]
    public_key: Option<String>,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct VerifiedRow {
    record_id: Option<String>,
    lease_id: Option<String>,
    public_key: Option<String>,
    verified: bool,
    vouched_by: Option<&'static str>,
    problem: Option<String>,
}

impl Row for VerifiedRow {
    const HEADINGS: &'static [&'static str] =
        &["record", "lease", "signed with", "verified", "vouched for by", "problem"];
    const FIELDS: &'static [&'static str] =
        &["record_id", "lease_id", "public_key", "verified", "vouched_by", "problem"];

    fn cells(&self) -> Vec<String> {
        self.csv().into_iter().map(|cell| if cell.is_empty() { "-".to_owned() } else { cell }).collect()
    }

    fn csv(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let verified = self.verified.to_string();
        vec![
            text(&self.record_id),
            text(&self.lease_id),
            text(&self.public_key),
            verified,
            self.vouched_by.unwrap_or_default().to_owned(),
            text(&self.problem),
        ]
    }
}

impl From<Verified> for VerifiedRow {
    fn from(found: Verified) -> Self {
        let Verified { record_id, lease_id, public_key, problem, vouched_by, .. } = found;
        let vouched_by = vouched_by.map(Voucher::words);
        Self { record_id, lease_id, public_key, verified: problem.is_none(), vouched_by, problem }
    }
}

impl Verify {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let key = self.public_key.as_deref().map(public_key).transpose()?;
        let path = Path::new(&self.what);
        let mut found = if self.what == "-" {
            read(std::io::stdin().lock(), key.as_ref(), "stdin")?
        } else if path.is_file() {
            let file = File::open(path).map_err(|error| unreadable(&self.what, &error))?;
            read(BufReader::new(file), key.as_ref(), &self.what)?
        } else {
            let store = context.open_state(&context.state_file()?, Mode::Read)?;
            let document = store.read("read a usage record", |snapshot| usage_verify::find(snapshot, &self.what))?;
            vec![usage_verify::document(&document, key.as_ref())]
        };
        if found.is_empty() {
            return Err(Failure::new(Status::Data, format!("{} has no usage record in it", self.what)));
        }
        vouch(context, &mut found)?;
        let wrong = found.iter().filter(|one| one.problem.is_some()).count();
        let unknown = found.iter().filter(|one| one.problem.is_none() && one.vouched_by.is_none()).count();
        let report = Report::listing(found.into_iter().map(VerifiedRow::from).collect(), self.output.output);
        if wrong > 0 {
            return Ok(report.status(Status::Data).note(format!("{wrong} are not right")));
        }
        Ok(if unknown == 0 {
            report
        } else {
            report.status(Status::SomeFailed).note(format!(
                "nobody vouches for the keys of {unknown}: that they agree with themselves proves nothing about who signed; \
                 --public-key names the provider's key"
            ))
        })
    }
}

/// Holds documents against our own records and keys, where this is a provider's machine.
fn vouch(context: &Context, found: &mut [Verified]) -> Result<(), Failure> {
    let path = context.state_file().ok().filter(|path| path.exists());
    let store = path.and_then(|path| context.open_state(&path, Mode::Read).ok());
    let ours = context.configuration().and_then(|configuration| our_keys(&configuration, store.as_ref()));
    let ours = ours.unwrap_or_default();
    for one in found {
        if let Some(store) = &store {
            store.read("look for a usage record", |snapshot| usage_verify::vouch(one, &ours, Some(snapshot)))?;
        } else {
            usage_verify::vouch(one, &ours, None)?;
        }
    }
    Ok(())
}

/// The keys that sign usage here, or did.
fn our_keys(configuration: &Configuration, store: Option<&Store>) -> Result<Vec<PublicKey>, Failure> {
    let keyring = open_keyring(configuration, Access::Look)?;
    let kept = look(store, &keyring)?.kept.into_iter();
    let public = kept.filter_map(|kept| match (kept.row, kept.key) {
        // What an incident gave away anybody can have signed with.
        (Some(row), _) if row.state == KeyState::Compromised => None,
        (Some(row), _) => PublicKey::from_bytes(row.key_type, &row.public_key).ok(),
        (None, key) => key.map(|key| key.public),
    });
    Ok(public.filter(|key| key.key_type() == KeyType::Ed25519).collect())
}

/// Reads documents: one in the whole input, or one in each line. Never more than one line is held.
fn read(mut input: impl BufRead, key: Option<&PublicKey>, name: &str) -> Result<Vec<Verified>, Failure> {
    let longest = u64::try_from(LONGEST_DOCUMENT).unwrap_or(u64::MAX).saturating_add(1);
    let mut begin = Vec::new();
    input.by_ref().take(longest).read_to_end(&mut begin).map_err(|error| unreadable(name, &error))?;
    if begin.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
        return Err(Failure::new(Status::Data, format!("{name} is no file of usage records"))
            .hint("`provider usage export --documents` writes one that can be verified"));
    }
    if begin.len() <= LONGEST_DOCUMENT {
        return Ok(usage_verify::documents(&String::from_utf8_lossy(&begin), key));
    }
    let mut input = BufReader::new(begin.chain(input));
    let (mut found, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        let length =
            input.by_ref().take(longest).read_until(b'\n', &mut line).map_err(|error| unreadable(name, &error))?;
        if length == 0 {
            return Ok(found);
        }
        if !line.trim_ascii().is_empty() {
            found.push(usage_verify::document(String::from_utf8_lossy(&line).trim(), key));
        }
    }
}

fn public_key(text: &str) -> Result<PublicKey, Failure> {
    let wrong = || Failure::new(Status::Usage, "--public-key: this is no Ed25519 key in base64");
    let bytes = STANDARD.decode(text).map_err(|_| wrong())?;
    PublicKey::from_bytes(KeyType::Ed25519, &bytes).map_err(|_| wrong())
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(Status::Data, format!("cannot read {name}")).caused_by(error)
}
