//! The declared keys as a tree: what the JSON Schema, the complete example and the manual page are written from.

use std::collections::BTreeMap;

use super::schema::Settings;
use super::section::{Item, Key, Section};

/// A section with what stands in it.
#[derive(Debug, Clone, Default)]
pub struct Branch {
    /// Its documentation.
    pub doc: String,
    /// Its keys, in the order of declaration, each with its name here.
    pub leaves: Vec<Leaf>,
    /// The names of the sections in it, in the order of declaration.
    pub order: Vec<String>,
    /// The sections in it.
    pub branches: BTreeMap<String, Branch>,
}

/// A key at one of its places.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Its name in this section.
    pub name: String,
    /// The key.
    pub key: Key,
    /// This is the canonical place.
    pub canonical: bool,
}

impl Branch {
    /// The tree of all settings; with `spellings` also the places that are not canonical.
    pub fn of_settings(spellings: bool) -> Self {
        let mut items = Vec::new();
        Settings::describe(&mut items);
        let mut root = Self::default();
        for item in items {
            match item {
                Item::Section { path, doc } => {
                    let branch = root.at(&path);
                    if branch.doc.is_empty() {
                        branch.doc = sentence(&doc);
                    }
                }
                Item::Key(key) => {
                    let places = if spellings { key.spellings.len() } else { 1 };
                    for (place, spelling) in key.spellings.iter().enumerate().take(places) {
                        let (parent, name) = spelling.name.rsplit_once('.').unwrap_or(("", &spelling.name));
                        let leaf = Leaf { name: name.to_owned(), key: (*key).clone(), canonical: place == 0 };
                        root.at(parent).leaves.push(leaf);
                    }
                }
            }
        }
        root
    }

    fn at(&mut self, path: &str) -> &mut Self {
        let mut branch = self;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            if !branch.branches.contains_key(step) {
                branch.order.push(step.to_owned());
            }
            branch = branch.branches.entry(step.to_owned()).or_default();
        }
        branch
    }
}

/// The lines of a documentation as one text.
pub fn sentence(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Breaks a text into lines of at most so many characters.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
