//! What a command may ask of the world around it.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::global::{Color, Global, LogForm};
use super::output::Stdout;
use super::validate_config::invalid;
use super::{Failure, Status};
use crate::config::schema::{AuditEvent, Level as ConfiguredLevel, LogFormat};
use crate::config::{Build, Environment, Loaded, Located, Request, Settings, load};
use crate::domain::audit::Event;
use crate::domain::network::Network;
use crate::domain::when;
use crate::jobs::audit;
use crate::keys::file::Unlocked;
use crate::observe::Level;
use crate::observe::interrupt::{Interrupt, Reason};
use crate::observe::logging::{self, Logging};
use crate::store::{Mode, Notice, Store};

/// The world around a command: its global options, the environment, the terminal and the clock.
pub struct Context {
    /// The options that every command takes.
    pub global: Global,
    /// The environment of the process.
    pub environment: Environment,
    /// The name the program was called by.
    pub program: &'static str,
    /// The logs, once they were started, and what of them is said on stderr.
    logs: OnceLock<(Logging, Level)>,
    /// What may end the command early, once it listens.
    interrupt: OnceLock<Interrupt>,
    /// The keys that were unlocked.
    pub unlocked: Unlocked,
}

/// A value of the configuration that an option sets: its key, the option, the text.
pub type Flag = (&'static str, &'static str, String);

/// A configuration without errors.
pub struct Configuration {
    /// The settings.
    pub settings: Settings,
    /// All that was loaded: origins, warnings, sources.
    pub loaded: Loaded,
    /// The state file that belongs to it.
    pub state_file: PathBuf,
    /// The folder of key files that belongs to it.
    pub keyring: PathBuf,
}

impl Configuration {
    /// What is recorded in the audit trail.
    pub fn audit(&self) -> audit::Settings {
        audit_settings(&self.settings)
    }

    /// The network's facts, with what the configuration sets instead.
    pub const fn network(&self) -> &'static Network {
        self.loaded.network
    }

    /// Every value that is in force, by its key.
    pub fn values(&self) -> Map<String, Value> {
        values(&self.loaded)
    }
}

fn values(loaded: &Loaded) -> Map<String, Value> {
    loaded.effective.iter().map(|value| (value.path.clone(), value.value.clone())).collect()
}

/// What a configuration wants recorded.
fn audit_settings(settings: &Settings) -> audit::Settings {
    let wanted = &settings.logging.audit;
    audit::Settings {
        enabled: wanted.enabled,
        events: wanted.events.iter().copied().map(event).collect(),
        output: wanted.output.clone(),
    }
}

const fn event(event: AuditEvent) -> Event {
    match event {
        AuditEvent::KeyUsage => Event::KeyUsage,
        AuditEvent::BidSubmitted => Event::BidSubmitted,
        AuditEvent::WorkloadDeployed => Event::WorkloadDeployed,
        AuditEvent::WorkloadTerminated => Event::WorkloadTerminated,
        AuditEvent::UsageSubmitted => Event::UsageSubmitted,
        AuditEvent::ConfigChanged => Event::ConfigChanged,
        AuditEvent::StateRestored => Event::StateRestored,
    }
}

impl Context {
    /// The world around a command of this process.
    pub fn new(global: Global, environment: Environment, program: &'static str) -> Self {
        let (logs, interrupt) = (OnceLock::new(), OnceLock::new());
        Self { global, environment, program, logs, interrupt, unlocked: Unlocked::default() }
    }

    /// Loads the configuration, whatever state it is in.
    pub fn load(&self) -> Loaded {
        self.load_with(Vec::new())
    }

    fn load_with(&self, mut flags: Vec<Flag>) -> Loaded {
        flags.extend(self.global.state.as_ref().map(|path| ("state.path", "--state-file", path.display().to_string())));
        load(&Request {
            file: self.global.config.as_deref(),
            flags,
            environment: &self.environment,
            working_folder: std::env::current_dir().unwrap_or_default(),
            build: Build::THIS,
        })
    }

    /// The configuration, or every problem that it has. From here on there are logs, where it says.
    pub fn configuration(&self) -> Result<Configuration, Failure> {
        self.configuration_with(Vec::new())
    }

    /// Every value of the configuration as it is written now. `None` where it cannot be used: then what is in force stays.
    pub fn values_now(&self) -> Option<Map<String, Value>> {
        let loaded = self.load_with(Vec::new());
        loaded.settings.as_ref().map(|_| values(&loaded))
    }

    /// The same, with values that options of the command set.
    pub fn configuration_with(&self, flags: Vec<Flag>) -> Result<Configuration, Failure> {
        let mut loaded = self.load_with(flags);
        let Some(settings) = loaded.settings.take() else { return Err(invalid(&loaded, self.colored())) };
        self.start_logs(&settings);
        for warning in &loaded.diagnostics {
            let place = warning.place.as_ref().map(|place| loaded.sources.describe(place)).unwrap_or_default();
            tracing::warn!(place, "{}", warning.message);
        }
        let folder = loaded.data_folder(&self.environment);
        let state_file = settings.state.path.clone().unwrap_or_else(|| folder.join("state.db"));
        let keyring = settings.keys.keyring_path.clone().unwrap_or_else(|| folder.join("keyring"));
        Ok(Configuration { settings, loaded, state_file, keyring })
    }

    /// The state file of this command: `--state-file`, which also works beside a broken configuration, or the one that the
    /// configuration names.
    pub fn state_file(&self) -> Result<PathBuf, Failure> {
        match &self.global.state {
            Some(path) => {
                if let Some(settings) = self.load().settings {
                    self.start_logs(&settings);
                }
                Ok(path.clone())
            }
            None => Ok(self.configuration()?.state_file),
        }
    }

    /// The same without a word: for what is said beside the work of a command. None where there is none.
    pub fn known_state_file(&self) -> Option<PathBuf> {
        let configured = || {
            let mut loaded = self.load();
            let path = loaded.settings.take()?.state.path;
            Some(path.unwrap_or_else(|| loaded.data_folder(&self.environment).join("state.db")))
        };
        self.global.state.clone().or_else(configured).filter(|path| path.exists())
    }

    /// Every value of the configuration that is in force, by its key; none beside a broken one.
    pub fn values(&self) -> Option<Map<String, Value>> {
        let loaded = self.load();
        loaded.settings.is_some().then(|| values(&loaded))
    }

    /// What of the audit trail belongs to the state file of this command. Beside a broken configuration that is what it
    /// is by default: every event, and no audit file.
    pub fn audit(&self) -> audit::Settings {
        self.load().settings.as_ref().map(audit_settings).unwrap_or_default()
    }

    /// The value of `--since`.
    pub fn since(&self, text: Option<&str>) -> Result<Option<Timestamp>, Failure> {
        let since = text.map(|text| when::parse(text, self.now())).transpose();
        since.map_err(|error| Failure::new(Status::Usage, format!("--since: {error}")))
    }

    /// Opens the state file of a job that changes it. Where the configuration file puts it, it is created if it is
    /// missing; the one that `--state-file` names must exist, for the path may be mistyped.
    pub fn open_for_job(&self, path: &Path) -> Result<Store, Failure> {
        let configured = self.global.state.is_none() && matches!(self.load().file, Located::At(_));
        self.open_state(path, if configured { Mode::WriteInFolder } else { Mode::WriteExisting })
    }

    /// Opens a state file, and logs what opening changed.
    #[allow(clippy::unused_self, reason = "commands open the state file through their context only")]
    pub fn open_state(&self, path: &Path, mode: Mode) -> Result<Store, Failure> {
        let store = Store::open(path, mode)?;
        for notice in store.notices() {
            match notice {
                // A warning: where there should have been one, its disk may not be mounted.
                Notice::Created { path } => {
                    tracing::warn!(path = %path.display(), "there was no state file: created the state file");
                }
                Notice::Migrated { from, to } => tracing::info!(from, to, "brought the state file up to date"),
                Notice::Tightened { path, was, now } => {
                    let (was, now) = (format!("{was:04o}"), format!("{now:04o}"));
                    tracing::warn!(path = %path.display(), was, now, "other users could use this; its mode is narrower now");
                }
            }
        }
        Ok(store)
    }

    /// Listens for signals and the deadline from now on; for work that can end at a safe point.
    pub fn interrupt(&self) -> Result<Interrupt, Failure> {
        let interrupt = Interrupt::install(self.global.deadline)
            .map_err(|error| Failure::new(Status::Bug, error.to_string()).caused_by(&error))?;
        Ok(self.interrupt.get_or_init(|| interrupt).clone())
    }

    /// Why the command was asked to end early, if it was.
    pub fn stopped_by(&self) -> Option<Reason> {
        self.interrupt.get().and_then(Interrupt::requested)
    }

    /// The wall clock.
    #[allow(clippy::unused_self, reason = "commands read the clock through their context only")]
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// What stdout is.
    #[allow(clippy::unused_self, reason = "commands see the terminal through their context only")]
    pub fn stdout(&self) -> Stdout {
        let terminal = std::io::stdout().is_terminal().then(|| {
            let columns = rustix::termios::tcgetwinsize(std::io::stdout()).map_or(0, |size| size.ws_col);
            if columns == 0 { 80 } else { columns }
        });
        Stdout { terminal }
    }

    /// Whether words on stderr are coloured.
    pub fn colored(&self) -> bool {
        match self.global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => std::io::stderr().is_terminal() && self.environment.text("NO_COLOR").is_none(),
        }
    }

    /// A progress bar on stderr for long work of a known size; invisible unless stderr is a terminal.
    pub fn progress(&self, steps: u64, what: &'static str) -> ProgressBar {
        if self.global.no_progress || self.global.quiet || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(steps).with_message(what);
        match ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {eta}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }

    /// Starts the logs. On a terminal only what looks wrong is said unless more is asked for: a person at a prompt
    /// reads the report; a journal wants to know what happened.
    fn start_logs(&self, settings: &Settings) {
        let configured = level(settings.logging.level);
        let said = match (self.global.quiet, self.global.verbose) {
            (true, _) => Level::Error,
            (false, 0) if std::io::stderr().is_terminal() => configured.min(Level::Warn),
            (false, 0) => configured,
            (false, 1) => configured.max(Level::Info),
            (false, 2) => configured.max(Level::Debug),
            (false, _) => Level::Trace,
        };
        let file_form = match settings.logging.format {
            LogFormat::Text => logging::Form::Text,
            LogFormat::Json => logging::Form::Json,
        };
        let form = match self.global.log_format {
            Some(LogForm::Json) => logging::Form::Json,
            Some(LogForm::Text) => logging::Form::Text,
            None if std::io::stderr().is_terminal() => logging::Form::Text,
            None => file_form,
        };
        let file = settings.logging.output.clone();
        let options = logging::Options {
            stderr: logging::Stderr { level: said, form, colored: self.colored() },
            file: file.map(|path| logging::File { path, level: configured, form: file_form }),
            redact: settings.logging.redact_sensitive,
        };
        // A second configuration in one process logs where the first one said.
        if let Ok(started) = logging::start(&options) {
            let _ = self.logs.set((started, said));
        }
    }

    /// Why lines of the log file were lost, if they were, and stderr says too little to have said it.
    pub fn lost_log(&self) -> Option<String> {
        self.logs.get().filter(|(_, said)| *said < Level::Warn).and_then(|(logs, _)| logs.file_failure())
    }
}

const fn level(level: ConfiguredLevel) -> Level {
    match level {
        ConfiguredLevel::Error => Level::Error,
        ConfiguredLevel::Warn => Level::Warn,
        ConfiguredLevel::Info => Level::Info,
        ConfiguredLevel::Debug => Level::Debug,
        ConfiguredLevel::Trace => Level::Trace,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::audit::Actor;

    #[test]
    fn a_change_of_any_value_of_the_configuration_is_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/complete.yaml");
        let environment = Environment::of([("HOME", "/nowhere")]);
        let working_folder = folder.path().to_owned();
        let loaded = load(&Request {
            file: Some(&file),
            flags: Vec::new(),
            environment: &environment,
            working_folder,
            build: Build::THIS,
        });
        let mut values: Map<String, Value> =
            loaded.effective.iter().map(|value| (value.path.clone(), value.value.clone())).collect();
        assert!(values.contains_key("keys.signing_key") && values.len() > 100, "{}", values.len());
        let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
        let (settings, now) = (audit::Settings::default(), || Timestamp::UNIX_EPOCH);
        let actor = Actor { uid: 0, user: None, job: None, run: None };
        let trail = audit::Trail::new(&store, &settings, actor, &now);
        assert!(audit::note_configuration(&trail, &values).unwrap());
        let names: Vec<String> = values.keys().cloned().collect();
        for name in names {
            values.insert(name.clone(), json!("(secret in env:ANOTHER)"));
            assert!(audit::note_configuration(&trail, &values).unwrap(), "{name}");
            let last = store.read("test", |s| crate::store::audit::last_of(s, Event::ConfigChanged)).unwrap().unwrap();
            let details: Value = serde_json::from_str(&last.details).unwrap();
            assert_eq!(details["changed"][&name]["to"], "(secret in env:ANOTHER)", "{name}");
        }
    }
}
