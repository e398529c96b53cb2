//! The complete example: every key with its words, and its default or an example.

use super::build::Build;
use super::outline::{Branch, sentence, wrapped};

/// A configuration file that holds every key, or those of one section (`orchestration.kubernetes`).
///
/// What has a default stands as it is, so that loading the file gives exactly the defaults; what has none is commented
/// out with an example.
pub fn example(only: Option<&str>) -> String {
    let mut text = String::new();
    write_branch(&Branch::of_settings(false), "", only.unwrap_or_default(), &mut text);
    text.trim_start_matches('\n').to_owned()
}

fn write_branch(branch: &Branch, path: &str, only: &str, text: &mut String) {
    let depth = if path.is_empty() { 0 } else { path.split('.').count() };
    let indent = "  ".repeat(depth);
    if within(path, only) {
        for leaf in &branch.leaves {
            comment(&sentence(&leaf.key.doc), &indent, text);
            match (leaf.key.default, leaf.key.example) {
                (Some(default), _) if Build::THIS.lacks_default(&leaf.key.path) => {
                    text.push_str(&format!("{indent}#{}: {default}\n", leaf.name));
                }
                (Some(default), _) => text.push_str(&format!("{indent}{}: {default}\n", leaf.name)),
                (None, Some(example)) => text.push_str(&format!("{indent}#{}: {}\n", leaf.name, quoted(example))),
                (None, None) => {}
            }
        }
    }
    for name in &branch.order {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if let Some(branch) = branch.branches.get(name).filter(|_| within(&below, only) || within(only, &below)) {
            text.push('\n');
            comment(&branch.doc, &indent, text);
            text.push_str(&format!("{indent}{name}:\n"));
            write_branch(branch, &below, only, text);
        }
    }
}

/// Whether a path is a section or lies in it; everything lies in the whole.
fn within(path: &str, section: &str) -> bool {
    let rest = path.strip_prefix(section);
    section.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn comment(words: &str, indent: &str, text: &mut String) {
    for line in wrapped(words, 116 - indent.len()) {
        text.push_str(&format!("{indent}# {line}\n"));
    }
}

/// Quotes what YAML would take for something else.
fn quoted(text: &str) -> String {
    if text.contains(['$', '{', '%', '#', ':']) { format!("\"{text}\"") } else { text.to_owned() }
}
