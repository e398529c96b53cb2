//! `provider validate-config`

use clap::Args;
use serde::Serialize;

use super::config::Setting;
use super::output::Form;
use super::output::record::Entry;
use super::{Context, Failure, Report, Status};
use crate::config::{Finding, Loaded, Located, Severity};

/// Check the configuration, and show every problem at once
#[derive(Debug, Args)]
pub struct ValidateConfig {
    /// Show every value that is in force, and where it comes from
    #[arg(long)]
    effective: bool,

    /// Also ask whether what the configuration names can be reached: nodes, files, addresses to listen on
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
    diagnostics: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective: Option<Vec<Setting>>,
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
        let status = if errors > 0 { Status::Configuration } else { Status::Done };
        if self.output == ValidationForm::Json {
            let validation = Validation {
                valid: errors == 0,
                files: files(&loaded),
                errors,
                warnings,
                diagnostics: loaded.diagnostics.iter().map(|found| found.to_data(&loaded.sources)).collect(),
                effective: self.effective.then(|| Setting::all(&loaded)),
            };
            return Ok(Report::record(validation, Form::Json).status(status));
        }
        if errors > 0 {
            return Err(invalid(&loaded, context.colored()));
        }
        let mut talk = String::new();
        for diagnostic in &loaded.diagnostics {
            talk.push_str(&diagnostic.render(&loaded.sources, context.colored()));
        }
        let report = if self.effective {
            Report::listing(Setting::all(&loaded), Form::Table)
        } else {
            let validation = Validation {
                valid: true,
                files: files(&loaded),
                errors,
                warnings,
                diagnostics: Vec::new(),
                effective: None,
            };
            Report::record(validation, Form::Table)
        };
        Ok(report.talk(talk))
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
        "`provider validate-config` checks it again; `provider config schema` and `man provider-config` list the keys",
    )
}
