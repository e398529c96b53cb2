//! `provider config show`

use clap::Args;
use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::config::{Loaded, Origin};

/// Show every value that is in force, and where it comes from
#[derive(Debug, Args)]
pub struct Show {
    /// Show only keys that begin with this path, as in `chain`
    #[arg(value_name = "PATH")]
    path: Option<String>,

    /// Show only what is set, without defaults
    #[arg(long)]
    set: bool,

    #[command(flatten)]
    output: OutputOption,
}

/// A value of the effective configuration.
#[derive(Debug, Serialize)]
pub struct Setting {
    key: String,
    value: serde_json::Value,
    origin: String,
}

impl Row for Setting {
    const HEADINGS: &'static [&'static str] = &["key", "value", "origin"];
    const FIELDS: &'static [&'static str] = &["key", "value", "origin"];

    fn cells(&self) -> Vec<String> {
        vec![self.key.clone(), self.value_text(), self.origin.clone()]
    }

    fn csv(&self) -> Vec<String> {
        let value = if self.value.is_null() { String::new() } else { self.value_text() };
        vec![self.key.clone(), value, self.origin.clone()]
    }
}

impl Setting {
    /// The values of a loaded configuration.
    pub fn all(loaded: &Loaded) -> Vec<Self> {
        let values = loaded.effective.iter();
        values
            .map(|value| Self {
                key: value.path.clone(),
                value: value.value.clone(),
                origin: match &value.origin {
                    Origin::Default => "default".to_owned(),
                    Origin::Written(place) => loaded.sources.describe(place),
                },
            })
            .collect()
    }

    fn value_text(&self) -> String {
        match &self.value {
            serde_json::Value::Null => "-".to_owned(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    fn lies_in(&self, path: &str) -> bool {
        self.key.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

impl Show {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let loaded = context.configuration()?;
        let mut settings = Setting::all(&loaded.loaded);
        settings.retain(|setting| !self.set || setting.origin != "default");
        if let Some(path) = &self.path {
            settings.retain(|setting| setting.lies_in(path));
            if settings.is_empty() && !self.set {
                let failure = Failure::new(crate::cli::Status::Usage, format!("there is no key `{path}`"));
                return Err(failure.hint("`provider config show` lists every key"));
            }
        }
        Ok(Report::listing(settings, self.output.output))
    }
}
