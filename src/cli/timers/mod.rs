//! `provider timers`

mod enable;
mod failed;
mod install;
mod status;
mod uninstall;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::listing::Row;
use super::{Configuration, Context, Failure, Report, Status};

use crate::config::{ClockTime, Located, Settings};
use crate::domain::schedule::{Manager, Rhythm, Rhythms, Site, Timetable, Unit, files};
use crate::jobs::timers::{Changed, Systemctl};

/// Have systemd run the jobs
///
/// Each job is a service that runs once and a timer that starts it; `provider.target` holds them all, and the server with
/// its sockets. What runs how often is in the configuration, section `timers`.
#[derive(Debug, Args)]
pub struct Timers {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Install(install::Install),
    Enable(enable::Enable),
    Status(status::StatusOf),
    Uninstall(uninstall::Uninstall),
    Failed(failed::Failed),
}

impl Timers {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Install(command) => command.run(context),
            Command::Enable(command) => command.run(context),
            Command::Status(command) => command.run(context),
            Command::Uninstall(command) => command.run(context),
            Command::Failed(command) => command.run(context),
        }
    }
}

/// Which systemd is meant.
#[derive(Debug, Clone, Default, Args)]
struct Whose {
    /// Your own systemd instead of the machine's
    #[arg(long)]
    user: bool,
}

impl Whose {
    const fn systemctl(&self) -> Systemctl {
        Systemctl { user: self.user }
    }

    /// Where its unit files belong.
    fn folder(&self, context: &Context) -> Result<PathBuf, Failure> {
        if !self.user {
            return Ok(PathBuf::from("/etc/systemd/system"));
        }
        let home = |name: &str| context.environment.text(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        let config = home("XDG_CONFIG_HOME").or_else(|| home("HOME").map(|home| home.join(".config")));
        config.map(|config| config.join("systemd/user")).ok_or_else(|| {
            Failure::new(Status::Usage, "there is no home folder for units of your own").hint("name one with --dir")
        })
    }
}

/// The rhythms that the configuration gives the jobs.
pub(super) fn timetable(settings: &Settings) -> Timetable {
    let timers = &settings.timers;
    let bid_run = if timers.follow {
        Rhythm::Following(settings.bidding.follow_for)
    } else {
        Rhythm::Every(settings.bidding.order_poll_interval)
    };
    Timetable::new(&Rhythms {
        bid_run,
        workloads_reconcile: Rhythm::Every(settings.workloads.health_check.interval),
        usage_collect: Rhythm::Every(timers.usage_collect),
        usage_submit: Rhythm::Every(settings.usage.report_interval),
        lease_monitor: Rhythm::Every(settings.leases.monitor_interval),
        tx_flush: Rhythm::Every(timers.tx_flush),
        keys_rotate: daily(&timers.keys_rotate),
        state_maintain: daily(&timers.state_maintain),
    })
}

/// The units as packages install them: the usual paths, and these settings.
pub fn packaged(settings: &Settings) -> Vec<Unit> {
    let site = Site {
        manager: Manager::System { account: "provider".to_owned() },
        program: "/usr/local/bin/provider".to_owned(),
        configuration: "/etc/provider-daemon/config.yaml".to_owned(),
        writable: vec!["/var/lib/provider-daemon".to_owned(), "/var/log/provider-daemon".to_owned()],
        passphrase: "/etc/provider-daemon/passphrase".to_owned(),
        api: settings.server.address,
        metrics: settings.metrics.enabled.then_some(settings.metrics.address),
    };
    files(&timetable(settings), &site)
}

/// The configuration has checked that it is `HH:MM`.
fn daily(time: &ClockTime) -> Rhythm {
    let (hour, minute) = time.0.split_once(':').unwrap_or_default();
    Rhythm::Daily { hour: hour.parse().unwrap_or_default(), minute: minute.parse().unwrap_or_default() }
}

/// What units have to know of this machine.
fn site(configuration: &Configuration, manager: Manager) -> Result<Site, Failure> {
    let settings = &configuration.settings;
    let Located::At(file) = &configuration.loaded.file else {
        return Err(Failure::new(Status::Configuration, "there is no configuration file that units could name")
            .hint("write one with `provider init`, or name it with --config"));
    };
    let absolute = |path: PathBuf| {
        std::path::absolute(&path).map_err(|error| {
            Failure::new(Status::Usage, format!("cannot tell where {} is", path.display())).caused_by(&error)
        })
    };
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(Status::Unavailable, "cannot tell where this program is").caused_by(&error))?;
    let file = absolute(file.clone())?;
    let folder = |path: &PathBuf| path.parent().map(PathBuf::from);
    let own = [&configuration.state_file, &configuration.keyring].into_iter();
    let logs = [&settings.logging.output, &settings.logging.audit.output].into_iter().flatten();
    let whole =
        [&settings.state.backup.dir, &settings.usage.failed_reports_dir, &settings.orchestration.local.data_dir];
    let whole = whole.into_iter().flatten().cloned();
    let mut writable = Vec::new();
    for place in own.chain(logs).filter_map(folder).chain(whole) {
        let place = text(absolute(place)?)?;
        if !writable.contains(&place) {
            writable.push(place);
        }
    }
    let passphrase = match &settings.timers.passphrase_file {
        Some(path) => absolute(path.clone())?,
        None => file.with_file_name("passphrase"),
    };
    Ok(Site {
        manager,
        program: text(program)?,
        configuration: text(file)?,
        writable,
        passphrase: text(passphrase)?,
        api: settings.server.address,
        metrics: settings.metrics.enabled.then_some(settings.metrics.address),
    })
}

fn text(path: PathBuf) -> Result<String, Failure> {
    path.into_os_string().into_string().map_err(|path| {
        Failure::new(Status::Usage, format!("the path {} is not UTF-8, so no unit can name it", path.display()))
    })
}

/// A unit file and what became of it.
#[derive(Serialize)]
struct ChangeRow {
    path: String,
    change: &'static str,
}

impl Row for ChangeRow {
    const HEADINGS: &'static [&'static str] = &["path", "change"];
    const FIELDS: &'static [&'static str] = &["path", "change"];

    fn cells(&self) -> Vec<String> {
        vec![self.path.clone(), self.change.to_owned()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

impl From<Changed> for ChangeRow {
    fn from(changed: Changed) -> Self {
        Self { path: changed.path.display().to_string(), change: changed.change.word() }
    }
}
