//! Reading what a tenant orders: a tenant's file of any form, or a list of groups.

use std::path::{Path, PathBuf};

use clap::Args;
use prost::Message;
use sha2::{Digest, Sha256};

use crate::chain::wire::deployment;
use crate::cli::manifest::file::faulty;
pub(super) use crate::cli::manifest::file::text_of;
use crate::cli::{Context, Failure, Status};
use crate::devnet::hex;
use crate::domain::manifest::{self, GroupSpec, groups_json, read_groups};

/// The options that name what is ordered.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Ordered {
    /// A tenant's file (an SDL, `v2beta1` or `v1` with prices): groups and manifest are made of it
    #[arg(long, value_name = "FILE")]
    sdl: Option<PathBuf>,

    /// A list of groups in JSON, as the chain's tools print it
    #[arg(long, value_name = "FILE")]
    groups: Option<PathBuf>,
}

/// What is ordered.
pub(super) struct Order {
    /// The groups.
    pub(super) groups: Vec<GroupSpec>,
    /// The version of the manifest. Groups alone have none: it is made of them.
    pub(super) version: [u8; 32],
}

impl Order {
    /// The groups as the control socket takes them: in hex.
    pub(super) fn in_hex(groups: &[GroupSpec]) -> Vec<String> {
        groups.iter().map(|group| hex::lower(&deployment::GroupSpec::from(group).encode_to_vec())).collect()
    }
}

/// The largest file that is read, and one byte more.
const LONGEST: u64 = (1 << 20) + 1;

impl Ordered {
    /// Reads the file.
    pub(super) fn read(&self, context: &Context) -> Result<Order, Failure> {
        match (&self.sdl, &self.groups) {
            (Some(path), _) => {
                let text = text_of(path, LONGEST)?;
                let (_, read) = manifest::read(&text).map_err(|problems| faulty(context, path, &text, problems))?;
                if read.groups.is_empty() {
                    let text = format!("{} names no prices, so nothing can be ordered with it", path.display());
                    return Err(Failure::new(Status::Data, text).hint("give each service a `price`"));
                }
                Ok(Order { version: read.manifest.version(), groups: read.groups })
            }
            (None, Some(path)) => {
                let groups = read_groups(&text_of(path, LONGEST)?).map_err(|error| Failure::from_error(&error))?;
                Ok(Order { version: Sha256::digest(groups_json(&groups)).into(), groups })
            }
            (None, None) => Err(Failure::new(Status::Usage, "there is nothing to order")),
        }
    }
}

/// The groups in a file: a list where its name ends with `.json`, else an SDL.
pub(super) fn groups_of(context: &Context, path: &Path) -> Result<Vec<GroupSpec>, Failure> {
    let is_list = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let (sdl, groups) = if is_list { (None, Some(path.to_owned())) } else { (Some(path.to_owned()), None) };
    Ok(Ordered { sdl, groups }.read(context)?.groups)
}
