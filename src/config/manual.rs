//! The declared keys as chapters of a manual page.

use super::outline::{Branch, Leaf, sentence};

/// A section of the configuration.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// Its path.
    pub path: String,
    /// What it is about.
    pub doc: String,
    /// Its keys.
    pub keys: Vec<Entry>,
}

/// A key.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its canonical path.
    pub path: String,
    /// What holds when nothing is written.
    pub default: Option<&'static str>,
    /// What it means, its bounds, an example and its other spellings.
    pub words: String,
}

/// Every section in the order of declaration.
pub fn chapters() -> Vec<Chapter> {
    let mut chapters = Vec::new();
    collect(&Branch::of_settings(false), "", &mut chapters);
    chapters
}

fn collect(branch: &Branch, path: &str, chapters: &mut Vec<Chapter>) {
    if !branch.leaves.is_empty() {
        let keys = branch.leaves.iter().map(|leaf| Entry {
            path: leaf.key.path.clone(),
            default: leaf.key.default,
            words: words(leaf),
        });
        chapters.push(Chapter { path: path.to_owned(), doc: branch.doc.clone(), keys: keys.collect() });
    }
    for name in &branch.order {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if let Some(branch) = branch.branches.get(name) {
            collect(branch, &below, chapters);
        }
    }
}

fn words(leaf: &Leaf) -> String {
    let key = &leaf.key;
    let mut words = sentence(&key.doc);
    if let Some((low, high)) = key.bounds {
        words.push_str(&format!(" From {low} to {high}."));
    }
    if let Some(example) = key.example {
        words.push_str(&format!(" Example: {example}."));
    }
    let others: Vec<&str> = key.spellings.iter().skip(1).map(|spelling| spelling.name.as_str()).collect();
    if !others.is_empty() {
        words.push_str(&format!(" Also: {}.", others.join(", ")));
    }
    let variables: Vec<&str> = key.variables.iter().skip(1).map(|variable| variable.name.as_str()).collect();
    if !variables.is_empty() {
        words.push_str(&format!(" Variable: {}.", variables.join(", ")));
    }
    words
}
