//! This machine as a back end: the default.
//!
//! - [`container`]: containers, through the API of Docker or Podman.
//! - [`process`]: processes, for machines without a container engine. It isolates little.
//! - `cgroup`: limits and meters of the kernel, both versions.
//! - `reach`: checks over HTTP and TCP.

mod cgroup;
pub mod container;
mod descendants;
mod machine;
pub mod process;
mod reach;
mod storage;

/// Where the kernel's control groups are mounted.
pub const CGROUPS: &str = "/sys/fs/cgroup";

/// The name of the label, folder or unit by which this provider knows what is its own on a machine that others use too.
///
/// One to 30 characters, lower-case letters, digits and hyphens, a letter first: it stands in paths and names of
/// control groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site(Box<str>);

/// A text that is no name of a site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no name of a site: lower-case letters, digits and hyphens, a letter first, 30 characters at most")]
pub struct NotASite(String);

/// The longest name, in characters.
const LONGEST: usize = 30;

impl Site {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, NotASite> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(allowed)
            && text.starts_with(|first: char| first.is_ascii_lowercase());
        if fits { Ok(Self(text.into())) } else { Err(NotASite(text.chars().take(LONGEST + 1).collect())) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
