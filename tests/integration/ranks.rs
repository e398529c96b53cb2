//! The plan of the house: imports go down only, siblings of one rank do not import each other, and rank 0 is pure.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of each rank, from the ground up; see `src/lib.rs`.
const RANKS: &[&[&str]] = &[
    &["domain"],
    &["store", "keys", "observe"],
    &["chain", "adapters", "sources", "notify"],
    &["jobs", "devnet"],
    &["config", "serve"],
    &["cli"],
];

/// What a pure function never touches.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::io",
    "std::time::Instant",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "tokio",
    "tracing",
    "rusqlite",
    "reqwest",
    "async fn",
    "OsRng",
    "thread_rng",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn rank(module: &str) -> Option<usize> {
    RANKS.iter().position(|modules| modules.contains(&module))
}

/// The code of a file without comments, and without the tests at its end.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let lines: Vec<&str> = lines.map(|line| line.split(" // ").next().unwrap()).collect();
    lines.join("\n").replace("#[cfg(doc)]\nuse crate::", "")
}

/// The top-level modules that a file names: `crate::store::…`, `use crate::{store, domain::{job, when}}`, and chains of
/// `super` that reach the root. `depth` is how many modules the file lies below the root.
fn imports(code: &str, depth: usize) -> Vec<String> {
    let mut found = Vec::new();
    let climb = "super::".repeat(depth);
    for root in ["crate::", climb.as_str()].into_iter().filter(|root| !root.is_empty()) {
        for (at, _) in code.match_indices(root) {
            let before = &code[..at];
            if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') || before.ends_with("super::") {
                continue;
            }
            found.extend(heads(&code[at + root.len()..]));
        }
    }
    found
}

/// The first words of a path or of a group of paths.
fn heads(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut heads, mut depth, mut start) = (Vec::new(), 0_usize, true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            c if start && !c.is_whitespace() => {
                heads.push(word(&group[at..]));
                start = false;
            }
            _ => {}
        }
    }
    heads
}

/// How many modules a file lies below the root of the crate.
fn depth(path: &Path) -> usize {
    let steps = path.strip_prefix("src").unwrap().components().count();
    if path.ends_with("mod.rs") { steps - 1 } else { steps }
}

#[test]
fn imports_go_down_only() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut broken = Vec::new();
    let mut seen = 0;
    for path in files {
        let own = path.strip_prefix("src").unwrap().components().next().unwrap().as_os_str().to_str().unwrap();
        let own = own.trim_end_matches(".rs");
        if matches!(own, "main" | "lib") {
            continue;
        }
        let Some(mine) = rank(own) else {
            broken.push(format!("{}: {own} has no rank", path.display()));
            continue;
        };
        for import in imports(&code(&path), depth(&path)) {
            seen += 1;
            match rank(&import) {
                Some(theirs) if theirs < mine || import == own => {}
                Some(_) => broken.push(format!("{}: {own} must not import {import}", path.display())),
                // A macro of the crate, or an item of the root.
                None => {}
            }
        }
    }
    assert!(seen > 100, "only {seen} imports were found");
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn the_domain_is_pure() {
    let mut files = Vec::new();
    sources(Path::new("src/domain"), &mut files);
    let mut broken = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("tests.rs")) {
        let code = code(path);
        for word in IMPURE.iter().filter(|word| code.contains(**word)) {
            broken.push(format!("{} names {word}", path.display()));
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn a_broken_rule_is_seen() {
    assert_eq!(imports("use crate::cli::Context;\nlet x = crate::store::open();", 2), ["cli", "store"]);
    assert_eq!(imports("use crate::{domain::{job, when}, store, observe::redact};", 2), ["domain", "store", "observe"]);
    assert_eq!(imports("use super::super::cli::Context;", 2), ["cli"]);
    assert_eq!(imports("use super::super::sibling::Thing;", 3), Vec::<String>::new());
    assert_eq!(imports("use supercrate::cli;", 2), Vec::<String>::new());
}
