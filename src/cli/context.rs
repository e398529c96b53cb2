//! What a command may ask of the world around it.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use super::global::{Color, Global};
use super::output::Stdout;
use crate::config::Environment;

/// The world around a command: its global options, the environment, the terminal and the clock.
pub struct Context {
    /// The options that every command takes.
    pub global: Global,
    /// The environment of the process.
    pub environment: Environment,
    /// The name the program was called by.
    pub program: &'static str,
}

impl Context {
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
}
