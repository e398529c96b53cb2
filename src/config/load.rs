//! From files, environment and flags to checked settings.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::build::Build;
use super::check::check;
use super::diagnostic::{Diagnostic, Severity};
use super::environment::Environment;
use super::locate::{Located, data_folder, is_absent, locate};
use super::lookup::{Document, Effective, Lookup};
use super::mask::masked;
use super::schema::{Chain, NetworkName, Settings};
use super::section::Section;
use super::source::{Kind, Place, Sources};
use super::tree::{Vocabulary, index};
use super::value::{AddressPrefix, Denomination};
use crate::domain::network::{self, Network, Overrides};
use crate::domain::yaml::{self, Limits, Value as Yaml};

/// What to load.
#[derive(Debug)]
pub struct Request<'a> {
    /// The file that `--config` names.
    pub file: Option<&'a Path>,
    /// What flags set: canonical path, flag, text.
    pub flags: Vec<(&'static str, &'static str, String)>,
    /// The environment.
    pub environment: &'a Environment,
    /// The working folder.
    pub working_folder: PathBuf,
    /// What the build can do.
    pub build: Build,
}

/// What came of it.
#[derive(Debug)]
pub struct Loaded {
    /// The settings; `None` where there is an error among the diagnostics.
    pub settings: Option<Settings>,
    /// The network's facts, with what the configuration sets instead.
    pub network: &'static Network,
    /// Every value with its origin, in the order of declaration.
    pub effective: Vec<Effective>,
    /// All complaints: errors and warnings, in the order of the sources.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that everything was read from.
    pub sources: Sources,
    /// The configuration file, where there is one.
    pub file: Located,
}

impl Loaded {
    /// How many complaints have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The folder of the state file and the keyring.
    pub fn data_folder(&self, environment: &Environment) -> PathBuf {
        match &self.file {
            Located::At(path) => data_folder(Some(path), environment),
            Located::Nowhere(_) => data_folder(None, environment),
        }
    }
}

/// Loads and checks the configuration. Never stops at the first problem.
pub fn load(request: &Request<'_>) -> Loaded {
    let file = locate(request.file, request.environment);
    let mut reader = Files { sources: Sources::default(), documents: Vec::new(), diagnostics: Vec::new() };
    let vocabulary = Vocabulary::of_settings();
    if let Located::At(path) = &file {
        reader.main(path, &vocabulary);
    }
    let Files { mut sources, documents, mut diagnostics } = reader;
    let written = index(&documents, &vocabulary, &mut diagnostics);
    let mut lookup = Lookup {
        written,
        flags: &request.flags,
        environment: request.environment,
        network: network::Name::Virtengine.facts(),
        working_folder: &request.working_folder,
        sources: &mut sources,
        diagnostics,
        effective: Vec::new(),
    };
    lookup.network = network_of(&mut lookup);
    lookup.unknown_variables();
    let mut settings = Settings::read(&mut lookup);
    if let Some(settings) = &mut settings {
        settings.pricing.hourly.apply_currency(&mut lookup.effective);
        check(settings, &request.build, &mut lookup);
    }
    let Lookup { mut diagnostics, effective, network, .. } = lookup;
    diagnostics.sort_by_key(|diagnostic| diagnostic.place.as_ref().map(|place| (place.source, place.span.start)));
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    shorten(&mut diagnostics);
    Loaded { settings: settings.filter(|_| !failed), network, effective, diagnostics, sources, file }
}

/// The most complaints that are worth reading.
const MOST: usize = 100;

/// Keeps the first complaints, and says how many there were.
fn shorten(diagnostics: &mut Vec<Diagnostic>) {
    let more = diagnostics.len().saturating_sub(MOST);
    if more > 0 {
        diagnostics.truncate(MOST);
        diagnostics.push(Diagnostic::error_anywhere(format!("{more} more problems are not shown")));
    }
}

/// The network, which decides how everything else is read. Complaints about it come when it is read in its turn.
fn network_of(lookup: &mut Lookup<'_>) -> &'static Network {
    let complaints = lookup.diagnostics.len();
    let name: Option<NetworkName> = lookup.read(&Chain::network());
    let name = name.map_or(network::Name::Virtengine, network::Name::from);
    let prefix: Option<Option<AddressPrefix>> = lookup.read(&Chain::address_prefix());
    let fees: Option<Option<Denomination>> = lookup.read(&Chain::fee_denomination());
    let denominations: Option<Option<Vec<Denomination>>> = lookup.read(&Chain::denominations());
    let overrides = Overrides {
        address_prefix: prefix.flatten().map(|prefix| prefix.0),
        fee_denomination: fees.flatten().map(|denom| denom.0),
        denominations: denominations.flatten().into_iter().flatten().map(|denom| denom.0).collect(),
    };
    lookup.diagnostics.truncate(complaints);
    lookup.effective.clear();
    name.facts().with(&overrides)
}

struct Files {
    sources: Sources,
    documents: Vec<(Document, Option<String>)>,
    diagnostics: Vec<Diagnostic>,
}

impl Files {
    /// The main file, and `pricing.yaml` and `adapters/*.yaml` beside it.
    fn main(&mut self, path: &Path, vocabulary: &Vocabulary) {
        self.file(path, None, vocabulary);
        let folder = path.parent().unwrap_or(Path::new(""));
        let pricing = folder.join("pricing.yaml");
        if !is_absent(&pricing) {
            self.file(&pricing, Some("pricing".to_owned()), vocabulary);
        }
        let adapters = folder.join("adapters");
        if is_absent(&adapters) {
            return;
        }
        let entries = match std::fs::read_dir(&adapters) {
            Ok(entries) => entries,
            Err(error) => {
                let diagnostic = Diagnostic::error_anywhere(format!("cannot read {}: {error}", adapters.display()));
                self.diagnostics.push(diagnostic.help("its files are part of the configuration"));
                return;
            }
        };
        let mut adapters: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"))
            .collect();
        adapters.sort();
        for path in adapters {
            let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let section = format!("orchestration.{name}");
            self.file(&path, Some(section), vocabulary);
        }
    }

    /// Reads a file. Its keys stand under `section`, unless they are already those of the whole tree.
    fn file(&mut self, path: &Path, section: Option<String>, vocabulary: &Vocabulary) {
        let text = match read(path) {
            Ok(text) => text,
            Err(problem) => {
                let diagnostic = Diagnostic::error_anywhere(format!("cannot read {}: {problem}", path.display()));
                self.diagnostics.push(diagnostic.help("name another file with --config, or run `provider init`"));
                return;
            }
        };
        let text = match text {
            Text::Utf8(text) => text,
            Text::Not { valid } => {
                let source = self.sources.add(Kind::File(path.to_path_buf()), masked(&valid, None));
                let place = Place { source, span: valid.len()..valid.len() };
                let diagnostic = Diagnostic::error(place, "the file is not UTF-8 from here on");
                self.diagnostics.push(diagnostic.help("save it as UTF-8"));
                return;
            }
        };
        let (root, problems) = yaml::parse(&text, Limits::USUAL);
        let source = self.sources.add(Kind::File(path.to_path_buf()), masked(&text, root.as_ref()));
        for problem in problems {
            let mut diagnostic = Diagnostic::error(Place { source, span: problem.span }, problem.text);
            if let Some(first) = problem.first {
                diagnostic = diagnostic.label("again here").other(Place { source, span: first }, "first here");
            }
            self.diagnostics.push(diagnostic);
        }
        let Some(root) = root else { return };
        let whole = match &root.value {
            Yaml::Mapping(entries) => entries.iter().any(|entry| vocabulary.is_top(&entry.key)),
            Yaml::Null | Yaml::Scalar { .. } | Yaml::Sequence(_) => false,
        };
        if let Some(section) = section.as_deref().filter(|section| !whole && !vocabulary.is_section(section)) {
            let name = section.rsplit('.').next().unwrap_or(section);
            let diagnostic = Diagnostic::error(Place { source, span: 0..0 }, format!("there is no back end `{name}`"));
            self.diagnostics.push(diagnostic.help("the name of a file in adapters/ is that of its back end"));
            return;
        }
        let base = path.parent().map(Path::to_path_buf).unwrap_or_default();
        self.documents.push((Document { source, base, root }, section.filter(|_| !whole)));
    }
}

enum Text {
    Utf8(String),
    Not { valid: String },
}

/// Reads a file of at most a little more than is parsed, so that a device or a huge file cannot fill the memory.
fn read(path: &Path) -> Result<Text, String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    // A pipe that nobody writes to would hang us; one that a shell made (`<(…)`, /dev/stdin) is meant to be read.
    if !metadata.is_file() && !path.starts_with("/dev") && !path.starts_with("/proc") {
        return Err("it is no regular file".to_owned());
    }
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    let limit = Limits::USUAL.bytes as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Text::Utf8(text),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let valid = bytes.get(..valid).unwrap_or_default();
            Text::Not { valid: String::from_utf8_lossy(valid).into_owned() }
        }
    })
}
