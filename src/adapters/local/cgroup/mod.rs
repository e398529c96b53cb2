//! Control groups of the kernel, versions 1 and 2: limits, meters, freezing and killing.
//!
//! Version 2 is one tree; version 1 has a tree for each controller, and a group is a folder of the same name in each.
//! What a machine does not have, or does not let us do, is told as an error or as `None`, and is up to the caller.

mod group;

use std::fs;
use std::path::{Path, PathBuf};

pub use group::{Group, Limits};

/// The control groups of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cgroups {
    root: PathBuf,
    version: Version,
}

/// Which interface the kernel offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// A tree for each controller.
    One,
    /// One tree.
    Two,
}

impl Cgroups {
    /// The control groups below a mount point, where there are any.
    pub fn at(root: &Path) -> Option<Self> {
        let version = if root.join("cgroup.controllers").exists() {
            Version::Two
        } else if root.join("memory").is_dir() || root.join("cpuacct").is_dir() {
            Version::One
        } else {
            return None;
        };
        Some(Self { root: root.to_owned(), version })
    }

    /// Which interface this is.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The group of this path, whether it exists or not.
    pub fn group(&self, path: &str) -> Group {
        Group::new(&self.root, self.version, path)
    }

    /// The first of some paths that exists as a group.
    pub fn first(&self, paths: &[String]) -> Option<Group> {
        paths.iter().map(|path| self.group(path)).find(Group::exists)
    }
}

/// A file with one number.
fn number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The number behind a word in a file of words and numbers.
fn number_of(path: &Path, word: &str) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(' '))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests;
