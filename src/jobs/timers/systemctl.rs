//! What systemd is asked.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use serde::Deserialize;

use super::Error;

/// The way to one systemd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Systemctl {
    /// A person's own instead of the machine's.
    pub user: bool,
}

/// How a unit stands. What systemd does not say is empty or absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitState {
    /// `active`, `inactive`, `failed`, `activating`.
    pub active: String,
    /// `enabled`, `disabled`; empty where there is no such file.
    pub file: String,
    /// How its last run ended: `success`, `exit-code`, `timeout`, `signal`.
    pub result: String,
    /// When a timer elapsed last.
    pub last: Option<Timestamp>,
    /// When a timer elapses next.
    pub next: Option<Timestamp>,
}

/// A line of `systemctl list-timers --output=json`: microseconds since 1970.
#[derive(Deserialize)]
struct Line {
    unit: String,
    #[serde(default)]
    next: Option<u64>,
    #[serde(default)]
    last: Option<u64>,
}

impl Systemctl {
    /// Reads all unit files again.
    pub fn reload(self) -> Result<(), Error> {
        self.run(&["daemon-reload"]).map(drop)
    }

    /// Enables units and starts them.
    pub fn enable(self, units: &[String]) -> Result<(), Error> {
        self.with("enable", units)?;
        self.with("start", units)
    }

    /// Stops units and disables them. Units that do not exist are none.
    pub fn disable(self, units: &[String]) -> Result<(), Error> {
        let states = self.states(units)?;
        let exists = |unit: &&String| states.get(*unit).is_some_and(|state| !state.file.is_empty());
        let there: Vec<String> = units.iter().filter(exists).cloned().collect();
        if there.is_empty() {
            return Ok(());
        }
        self.with("stop", &there)?;
        self.with("disable", &there)
    }

    fn with(self, verb: &str, units: &[String]) -> Result<(), Error> {
        let words: Vec<&str> = std::iter::once(verb).chain(units.iter().map(String::as_str)).collect();
        self.run(&words).map(drop)
    }

    /// How units stand.
    pub fn states(self, units: &[String]) -> Result<BTreeMap<String, UnitState>, Error> {
        let asked = ["show", "--property=Id,ActiveState,UnitFileState,Result"];
        let words: Vec<&str> = asked.into_iter().chain(units.iter().map(String::as_str)).collect();
        let mut states = of_properties(&self.run(&words)?);
        let words = ["list-timers", "--all", "--output=json"];
        let text = self.run(&words)?;
        let lines: Vec<Line> =
            serde_json::from_str(&text).map_err(|source| Error::Answer { command: self.command(&words), source })?;
        for line in lines {
            if let Some(state) = states.get_mut(&line.unit) {
                (state.last, state.next) = (moment(line.last), moment(line.next));
            }
        }
        Ok(states)
    }

    fn command(self, words: &[&str]) -> String {
        let user = if self.user { " --user" } else { "" };
        format!("systemctl{user} {}", words.join(" "))
    }

    fn run(self, words: &[&str]) -> Result<String, Error> {
        let mut command = Command::new("systemctl");
        if self.user {
            command.arg("--user");
        }
        let output = command
            .args(["--no-pager", "--no-ask-password"])
            .args(words)
            .stdin(Stdio::null())
            .env("LC_ALL", "C")
            .output()
            .map_err(|source| Error::NoSystemctl { source })?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said: String = said.trim().chars().take(500).collect();
        Err(Error::Refused { command: self.command(words), said })
    }
}

/// Reads blocks of `Key=value` lines, one for each unit.
fn of_properties(text: &str) -> BTreeMap<String, UnitState> {
    let mut states = BTreeMap::new();
    for block in text.split("\n\n") {
        let mut state = UnitState::default();
        let mut id = None;
        for (key, value) in block.lines().filter_map(|line| line.split_once('=')) {
            match key {
                "Id" => id = Some(value.to_owned()),
                "ActiveState" => value.clone_into(&mut state.active),
                "UnitFileState" => value.clone_into(&mut state.file),
                "Result" => value.clone_into(&mut state.result),
                _ => {}
            }
        }
        if let Some(id) = id {
            states.insert(id, state);
        }
    }
    states
}

/// A time; none for zero and for "never", which is the largest number.
fn moment(micros: Option<u64>) -> Option<Timestamp> {
    let micros = micros.filter(|micros| *micros > 0)?;
    i64::try_from(micros).ok().and_then(|micros| Timestamp::from_microsecond(micros).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_properties_are_told_apart() {
        let text = "Result=success\nId=provider-a.timer\nActiveState=active\nUnitFileState=enabled\n\n\
                    Id=provider-b.service\nActiveState=failed\nUnitFileState=\nResult=exit-code\n";
        let states = of_properties(text);
        assert_eq!(states["provider-a.timer"].file, "enabled");
        assert_eq!(states["provider-b.service"].result, "exit-code");
        assert_eq!(states.len(), 2);
    }

    #[test]
    fn never_is_no_time() {
        assert_eq!((moment(Some(0)), moment(Some(u64::MAX)), moment(None)), (None, None, None));
        assert_eq!(moment(Some(1_500_000)).unwrap().to_string(), "1970-01-01T00:00:01.5Z");
    }
}
