//! From documents to occurrences of keys: which keys are known, which are misspelt, which stand in the wrong form.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::diagnostic::Diagnostic;
use super::lookup::{Document, Occurrence};
use super::schema::Settings;
use super::section::{Item, Section};
use super::source::Place;
use crate::domain::yaml::{Entry, Node, Value as Yaml};

/// Every path that may stand in a file.
pub struct Vocabulary {
    /// Keys, in all their spellings, with the canonical one.
    leaves: BTreeMap<String, String>,
    /// Sections, in all their names.
    sections: BTreeSet<String>,
}

/// The keys by which a `bid_engine` section is known as the marketplace manual's.
const MARKETPLACE: &[&str] = &["min_profit_margin", "bid_timeout", "pricing"];
/// The keys by which it is known as the training manual's.
const TRAINING: &[&str] = &[
    "max_bids_per_minute",
    "max_bids_per_hour",
    "bid_retry_delay",
    "max_bid_retries",
    "config_poll_interval",
    "order_poll_interval",
];

impl Vocabulary {
    /// What the settings declare.
    pub fn of_settings() -> Self {
        let mut items = Vec::new();
        Settings::describe(&mut items);
        let mut leaves = BTreeMap::new();
        let mut sections = BTreeSet::new();
        for item in items {
            let Item::Key(key) = item else { continue };
            for spelling in &key.spellings {
                leaves.insert(spelling.name.clone(), key.path.clone());
                let mut path = spelling.name.as_str();
                while let Some((parent, _)) = path.rsplit_once('.') {
                    sections.insert(parent.to_owned());
                    path = parent;
                }
            }
        }
        Self { leaves, sections }
    }

    /// Whether a word names a section at the top of the tree.
    pub fn is_top(&self, word: &str) -> bool {
        !word.contains('.') && self.sections.contains(word)
    }

    /// Whether a path names a section.
    pub fn is_section(&self, path: &str) -> bool {
        self.sections.contains(path)
    }

    /// The path that an unknown one may have meant.
    fn suggestion(&self, path: &str) -> Option<String> {
        let (parent, word) = path.rsplit_once('.').map_or(("", path), |(parent, word)| (parent, word));
        let siblings = self.leaves.keys().chain(&self.sections).filter_map(|known| {
            let (above, last) = known.rsplit_once('.').unwrap_or(("", known));
            (above == parent).then_some(last)
        });
        let near = siblings
            .map(|known| (strsim::damerau_levenshtein(&word.to_lowercase().replace('-', "_"), known), known))
            .filter(|(distance, known)| *distance <= 1 + known.len() / 5)
            .min();
        if let Some((_, known)) = near {
            return Some(format!("did you mean `{known}`?"));
        }
        let elsewhere = self
            .leaves
            .iter()
            .find(|(known, canonical)| known == canonical && known.rsplit('.').next().is_some_and(|last| last == word));
        elsewhere.map(|(known, _)| format!("`{word}` belongs where it reads `{known}`"))
    }
}

/// Collects the occurrences of keys in documents, and complains of what is no key.
pub fn index<'a>(
    documents: &'a [(Document, Option<String>)],
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> HashMap<String, Vec<Occurrence<'a>>> {
    let mut written = HashMap::new();
    for (document, prefix) in documents {
        let mut walk = Walk { document, vocabulary, diagnostics, written: &mut written };
        walk.section(prefix.as_deref().unwrap_or_default(), &document.root);
    }
    tell_bid_limits_apart(&mut written, diagnostics);
    written
}

struct Walk<'a, 'w> {
    document: &'a Document,
    vocabulary: &'w Vocabulary,
    diagnostics: &'w mut Vec<Diagnostic>,
    written: &'w mut HashMap<String, Vec<Occurrence<'a>>>,
}

impl<'a> Walk<'a, '_> {
    fn section(&mut self, path: &str, node: &'a Node) {
        match &node.value {
            Yaml::Mapping(entries) => {
                for entry in entries {
                    let path = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
                    self.entry(&path, entry);
                }
            }
            // A section of which everything is commented out.
            Yaml::Null => {}
            Yaml::Scalar { .. } | Yaml::Sequence(_) => {
                let place = Place { source: self.document.source, span: node.span.clone() };
                let name = if path.is_empty() { "the file".to_owned() } else { format!("`{path}`") };
                let message = format!("{name} holds keys and values, not {}", node.value.noun());
                self.diagnostics.push(Diagnostic::error(place, message));
            }
        }
    }

    fn entry(&mut self, path: &str, entry: &'a Entry) {
        if self.vocabulary.leaves.contains_key(path) {
            self.note(path.to_owned(), entry);
        } else if self.vocabulary.sections.contains(path) {
            let switch = format!("{path}.enabled");
            if matches!(entry.value.value, Yaml::Scalar { .. }) && self.vocabulary.leaves.contains_key(&switch) {
                self.note(switch, entry);
            } else {
                self.section(path, &entry.value);
            }
        } else {
            let place = Place { source: self.document.source, span: entry.key_span.clone() };
            let mut diagnostic = Diagnostic::error(place, format!("unknown key `{path}`"));
            diagnostic.help = self.vocabulary.suggestion(path);
            self.diagnostics.push(diagnostic);
        }
    }

    fn note(&mut self, path: String, entry: &'a Entry) {
        let occurrence = Occurrence { document: self.document, key_span: entry.key_span.clone(), node: &entry.value };
        self.written.entry(path).or_default().push(occurrence);
    }
}

/// `bid_engine.max_concurrent_bids` means two things: bids under way in the training manual, open bids in the
/// marketplace manual. The keys around it tell which document was followed.
fn tell_bid_limits_apart(written: &mut HashMap<String, Vec<Occurrence<'_>>>, diagnostics: &mut Vec<Diagnostic>) {
    const AMBIGUOUS: &str = "bid_engine.max_concurrent_bids";
    let Some(found) = written.get(AMBIGUOUS).and_then(|found| found.first()) else { return };
    let has = |keys: &[&str]| {
        keys.iter().any(|key| {
            let path = format!("bid_engine.{key}");
            written
                .keys()
                .any(|known| *known == path || known.strip_prefix(&path).is_some_and(|rest| rest.starts_with('.')))
        })
    };
    match (has(MARKETPLACE), has(TRAINING)) {
        (true, true) => {
            let place = Place { source: found.document.source, span: found.key_span.clone() };
            let diagnostic = Diagnostic::error(place, format!("`{AMBIGUOUS}` is ambiguous here"))
                .label("bids under way, or open bids?")
                .help("write `bidding.max_concurrent_bids` (bids under way) or `bidding.max_open_bids` (open bids)");
            diagnostics.push(diagnostic);
            written.remove(AMBIGUOUS);
        }
        (true, false) => {
            if let Some(found) = written.remove(AMBIGUOUS) {
                written.entry("bidding.max_open_bids".to_owned()).or_default().extend(found);
            }
        }
        (false, _) => {}
    }
}
