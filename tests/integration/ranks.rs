//! The plan of the house: imports go down only, siblings of one rank do not import each other, and rank 0 is pure.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of each rank, from the ground up; see `src/lib.rs`.
const RANKS: &[&[&str]] = &[
    &["domain"],
    &["store", "keys", "observe"],
    &["chain", "adapters"],
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

/// The top-level modules that a file names: `crate::store::…`, `use crate::{store, …}`.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let boundary = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = &code[at + "crate::".len()..];
        if !boundary {
            continue;
        }
        if let Some(group) = rest.strip_prefix('{') {
            let group = &group[..group.find('}').unwrap_or(group.len())];
            found.extend(group.split(',').map(|item| item.trim().split("::").next().unwrap().to_owned()));
        } else {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
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
        for import in imports(&code(&path)) {
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
    assert_eq!(imports("use crate::cli::Context;\nlet x = crate::store::open();"), ["cli", "store"]);
    assert_eq!(imports("use crate::{observe::redact, store};"), ["observe", "store"]);
    assert_eq!(imports("use supercrate::cli;"), Vec::<String>::new());
}
