//! `provider validate-config`

use clap::Args;
use serde::Serialize;

use super::chain::client_of;
use super::config::Setting;
use super::output::Form;
use super::output::listing::Row;
use super::output::record::Entry;
use super::{Context, Failure, Report, Status, back_ends};
use crate::chain::client::Client;
use crate::config::{self, Loaded, Located, Settings, Severity};
use crate::jobs::connectivity::{self, Finding, Named, Target};

/// Check the configuration, and show every problem at once
#[derive(Debug, Args)]
pub struct ValidateConfig {
    /// Show every value that is in force, and where it comes from
    #[arg(long)]
    effective: bool,

    /// Also ask whether what the configuration names can be had: nodes, files, addresses to listen on
    #[arg(long)]
    check_connectivity: bool,

    /// Print the result in this form
    #[arg(long, short, value_enum, default_value_t, value_name = "FORM")]
    output: ValidationForm,
}

/// The form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum ValidationForm {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

#[derive(Serialize)]
struct Validation {
    valid: bool,
    files: Vec<String>,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<config::Finding>,
    /// What is allowed, and should be known.
    remarks: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective: Option<Vec<Setting>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connectivity: Option<Vec<Reached>>,
}

/// Whether something that the configuration names can be reached.
#[derive(Serialize)]
struct Reached {
    key: &'static str,
    target: String,
    ok: bool,
    message: String,
    milliseconds: u64,
}

impl Row for Reached {
    const HEADINGS: &'static [&'static str] = &["key", "target", "ok", "message", "ms"];
    const FIELDS: &'static [&'static str] = &["key", "target", "ok", "message", "milliseconds"];

    fn cells(&self) -> Vec<String> {
        let (ok, milliseconds) = (self.ok.to_string(), self.milliseconds.to_string());
        vec![self.key.to_owned(), self.target.clone(), ok, self.message.clone(), milliseconds]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

impl Entry for Validation {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("valid", self.valid.to_string()),
            ("files", self.files.join(", ")),
            ("errors", self.errors.to_string()),
            ("warnings", self.warnings.to_string()),
        ]
    }
}

impl ValidateConfig {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let loaded = context.load();
        if let Located::Nowhere(places) = &loaded.file {
            let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
            let failure = Failure::new(Status::Configuration, "there is no configuration file");
            return Err(failure
                .hint(format!("looked for {}", places.join(", ")))
                .hint("name one with --config, or write a first one with `provider init`"));
        }
        let (errors, warnings) = (loaded.count(Severity::Error), loaded.count(Severity::Warning));
        if errors > 0 && self.output == ValidationForm::Table {
            return Err(invalid(&loaded, context.colored()));
        }
        let connectivity = match (&loaded.settings, self.check_connectivity) {
            (Some(settings), true) => Some(reach(settings, &client_of(settings, loaded.network))?),
            (None, _) | (_, false) => None,
        };
        let unreached = connectivity.iter().flatten().any(|reached| !reached.ok);
        let status = match (errors > 0, unreached) {
            (true, _) => Status::Configuration,
            (false, true) => Status::Unavailable,
            (false, false) => Status::Done,
        };
        let remarks = loaded.settings.as_ref().map(back_ends::remarks).unwrap_or_default();
        let validation = Validation {
            valid: errors == 0,
            files: files(&loaded),
            errors,
            warnings,
            diagnostics: loaded.diagnostics.iter().map(|found| found.to_data(&loaded.sources)).collect(),
            remarks: remarks.clone(),
            effective: self.effective.then(|| Setting::all(&loaded)),
            connectivity,
        };
        if self.output == ValidationForm::Json {
            return Ok(Report::record(validation, Form::Json).status(status));
        }
        let said = loaded.diagnostics.iter().map(|found| found.render(&loaded.sources, context.colored()));
        let said: String = said.collect();
        let report = match validation {
            Validation { effective: Some(settings), connectivity: Some(reached), .. } => {
                Report::listing(settings, Form::Table).followed_by(Report::listing(reached, Form::Table))
            }
            Validation { connectivity: Some(reached), .. } => Report::listing(reached, Form::Table),
            Validation { effective: Some(settings), .. } => Report::listing(settings, Form::Table),
            validation => Report::record(validation, Form::Table),
        };
        Ok(remarks.into_iter().fold(report.talk(said).status(status), Report::note))
    }
}

/// Asks for every node, file, service and address that the settings name.
fn reach(settings: &Settings, client: &Client) -> Result<Vec<Reached>, Failure> {
    let named = |key, target| Named { key, target };
    let mut targets = Vec::new();
    targets.push(named("server.address", Target::Listen(settings.server.address)));
    if settings.metrics.enabled {
        targets.push(named("metrics.address", Target::Listen(settings.metrics.address)));
    }
    let (tls, orchestration) = (&settings.server.tls, &settings.orchestration);
    let files = [
        ("server.tls.cert_file", &tls.cert_file),
        ("server.tls.key_file", &tls.key_file),
        ("server.operators.ca_file", &settings.server.operators.ca_file),
        ("keys.hsm.library_path", &settings.keys.hsm.library_path),
        ("orchestration.kubernetes.kubeconfig", &orchestration.kubernetes.kubeconfig),
        ("orchestration.slurm.ssh.key_path", &orchestration.slurm.ssh.key_path),
    ];
    for (key, file) in files {
        targets.extend(file.iter().map(|file| named(key, Target::Readable(file.clone()))));
    }
    let web = [
        ("orchestration.waldur.api_url", orchestration.waldur.api_url.as_ref().map(|url| &url.0)),
        ("orchestration.vmware.vcenter_url", orchestration.vmware.vcenter_url.as_ref().map(|url| &url.0)),
        ("discovery.url", settings.discovery.url.as_ref().map(|url| &url.0)),
    ];
    for (key, address) in web {
        targets.extend(address.map(|address| named(key, Target::Web(address.clone()))));
    }
    let slurm = &orchestration.slurm;
    if let Some(host) = &slurm.controller_host {
        targets.push(named(
            "orchestration.slurm.controller_host",
            Target::Tcp(format!("{}:{}", host.0, slurm.controller_port)),
        ));
    }
    let found = super::wait_for(connectivity::run(client, targets))?;
    Ok(found.into_iter().map(Reached::from).collect())
}

impl From<Finding> for Reached {
    fn from(found: Finding) -> Self {
        let milliseconds = u64::try_from(found.took.as_millis()).unwrap_or(u64::MAX);
        Self { key: found.key, target: found.target, ok: found.ok, message: found.message, milliseconds }
    }
}

fn files(loaded: &Loaded) -> Vec<String> {
    loaded.sources.files().map(|path| path.display().to_string()).collect()
}

/// The failure of a configuration with errors: every diagnostic, then how many there are.
pub fn invalid(loaded: &Loaded, colored: bool) -> Failure {
    let mut text = String::new();
    for diagnostic in &loaded.diagnostics {
        text.push_str(&diagnostic.render(&loaded.sources, colored));
        text.push('\n');
    }
    let findings = loaded.diagnostics.iter().map(|found| found.to_data(&loaded.sources));
    let data = findings.filter_map(|finding| serde_json::to_value(finding).ok()).collect();
    let errors = loaded.count(Severity::Error);
    let things = if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
    Failure::new(Status::Configuration, format!("the configuration has {things}")).details(text, data).hint(
        "`provider validate-config` checks it again; `provider config schema` and `man 5 provider-config` list the keys",
    )
}
