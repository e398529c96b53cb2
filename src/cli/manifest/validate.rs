//! `provider manifest validate`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::file;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report};

/// Check a tenant's file, and say everything that is wrong with it
///
/// An SDL 2.0 or 2.1, the training manual's `v2beta1`, our own `v1`, or a manifest in JSON.
#[derive(Debug, Args)]
pub struct Validate {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Validation {
    valid: bool,
    form: &'static str,
    version: String,
    groups: Vec<String>,
    services: usize,
    instances: u64,
    orderable: bool,
}

impl Entry for Validation {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("valid", self.valid.to_string()),
            ("form", self.form.to_owned()),
            ("version", self.version.clone()),
            ("groups", self.groups.join(", ")),
            ("services", self.services.to_string()),
            ("instances", self.instances.to_string()),
            ("orderable", self.orderable.to_string()),
        ]
    }
}

impl Validate {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let read = file::read(context, &self.file)?;
        let groups = &read.deployment.manifest.groups;
        let services = groups.iter().flat_map(|group| &group.services);
        let validation = Validation {
            valid: true,
            form: read.form.map_or("json", crate::domain::manifest::Form::word),
            version: read.revision.to_string(),
            groups: groups.iter().map(|group| group.name.clone()).collect(),
            services: services.clone().count(),
            instances: services.map(|service| u64::from(service.count)).sum(),
            orderable: !read.deployment.groups.is_empty(),
        };
        Ok(Report::record(validation, self.output.output))
    }
}
