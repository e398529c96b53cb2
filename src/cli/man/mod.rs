//! `provider man`, and the manual pages themselves: written from the command line's and the configuration's
//! declarations.

mod page;

use std::path::PathBuf;

use clap::{Arg, Args, Command, CommandFactory};

use super::{Arguments, Context, Failure, Report, Status};
use crate::config::manual::chapters;
use page::Page;

/// Print the manual page, or write all manual pages to a folder
#[derive(Debug, Args)]
pub struct ManPages {
    /// Write a page for each command, and provider-config(5), to this folder
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

impl ManPages {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let pages = pages();
        let Some(folder) = self.dir else {
            let page = pages.into_iter().next().map(|(_, text)| text).unwrap_or_default();
            return Ok(Report::verbatim(page));
        };
        let mut written = String::new();
        for (name, text) in pages {
            let path = folder.join(name);
            if !context.global.dry_run {
                std::fs::write(&path, text).map_err(|error| {
                    Failure::new(Status::Data, format!("cannot write {}", path.display())).caused_by(&error)
                })?;
            }
            written.push_str(&format!("{}\n", path.display()));
        }
        Ok(Report::verbatim(written))
    }
}

/// Every manual page: its file name and its text, the page of the program first.
pub fn pages() -> Vec<(String, String)> {
    let mut root = Arguments::command().name("provider").bin_name("provider");
    root.build();
    let mut pages = Vec::new();
    command_pages(&root, "provider", &mut pages);
    pages.push(("provider-config.5".to_owned(), configuration_page()));
    pages
}

fn command_pages(command: &Command, name: &str, pages: &mut Vec<(String, String)>) {
    pages.push((format!("{name}.1"), command_page(command, name)));
    for below in visible(command) {
        command_pages(below, &format!("{name}-{}", below.get_name()), pages);
    }
}

fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|below| !below.is_hide_set())
}

fn command_page(command: &Command, name: &str) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let about = about.trim_end_matches('.');
    let mut page = Page::new(name, 1);
    page.section("Name");
    page.text(&format!("{name} - {}{}", about.chars().take(1).collect::<String>().to_lowercase(), rest(about)));
    page.section("Synopsis");
    let usage = command.clone().render_usage().to_string();
    page.command(usage.trim_start_matches("Usage: "));
    page.section("Description");
    let long = command.get_long_about().map_or_else(|| format!("{about}."), ToString::to_string);
    page.text(&long);
    let commands: Vec<&Command> = visible(command).collect();
    if !commands.is_empty() {
        page.section("Commands");
        for below in commands {
            let about = below.get_about().map(ToString::to_string).unwrap_or_default();
            page.term(&format!("{name}-{}(1)", below.get_name()), "", &format!("{about}."));
        }
    }
    let own = |arg: &&Arg| !arg.is_hide_set() && arg.get_help_heading().is_none();
    let arguments: Vec<&Arg> = command.get_arguments().filter(own).collect();
    if !arguments.is_empty() {
        page.section("Options");
        for argument in arguments {
            option(argument, &mut page);
        }
    }
    if name == "provider" {
        page.section("Global options");
        page.text("Every command takes these.");
        for argument in command.get_arguments().filter(|arg| arg.get_help_heading().is_some()) {
            option(argument, &mut page);
        }
        page.section("Exit status");
        for status in Status::ALL {
            page.term(&status.code().to_string(), "", status.meaning());
        }
    }
    if let Some(more) = command.get_after_long_help() {
        let more = more.to_string();
        let mut paragraphs = more.split("\n\n");
        page.section(paragraphs.next().unwrap_or_default().trim_end_matches(':'));
        for (place, paragraph) in paragraphs.enumerate() {
            if place == 0 { page.text(paragraph) } else { page.paragraph(paragraph) }
        }
    }
    page.section("See also");
    page.text(if name == "provider" { "provider-config(5)" } else { "provider(1), provider-config(5)" });
    page.finish()
}

fn rest(text: &str) -> String {
    text.chars().skip(1).collect()
}

fn option(argument: &Arg, page: &mut Page) {
    let names = [argument.get_short().map(|c| format!("-{c}")), argument.get_long().map(|long| format!("--{long}"))];
    let names: Vec<String> = names.into_iter().flatten().collect();
    let takes = argument.get_action().takes_values();
    let values = argument.get_value_names().unwrap_or_default().iter().map(ToString::to_string);
    let value = if takes { values.collect::<Vec<_>>().join(" ") } else { String::new() };
    let mut meaning = argument.get_help().map(ToString::to_string).unwrap_or_default();
    meaning.push('.');
    let possible: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| takes && !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    if !possible.is_empty() {
        meaning.push_str(&format!(" One of {}.", possible.join(", ")));
    }
    let defaults = argument.get_default_values().iter().map(|value| value.to_string_lossy());
    let default = defaults.collect::<Vec<_>>().join(", ");
    if takes && !default.is_empty() {
        meaning.push_str(&format!(" The default is {default}."));
    }
    if names.is_empty() { page.term(&value, "", &meaning) } else { page.term(&names.join(", "), &value, &meaning) }
}

/// provider-config(5), from the declarations of the keys.
fn configuration_page() -> String {
    let mut page = Page::new("provider-config", 5);
    page.section("Name");
    page.text("provider-config - configuration of provider");
    page.section("Description");
    for (place, paragraph) in INTRODUCTION.iter().enumerate() {
        if place == 0 { page.text(paragraph) } else { page.paragraph(paragraph) }
    }
    for chapter in chapters() {
        page.section(&chapter.path);
        page.text(&chapter.doc);
        for key in chapter.keys {
            let default = key.default.map(|default| format!("= {default}")).unwrap_or_default();
            page.term(&key.path, &default, &key.words);
        }
    }
    page.section("See also");
    page.text("provider(1), provider-validate-config(1), provider-config-show(1)");
    page.finish()
}

const INTRODUCTION: &[&str] = &[
    "The configuration is one YAML file: the one that --config or PROVIDER_CONFIG names, else the first of \
     ~/.provider-daemon/config.yaml, /etc/provider-daemon/config.yaml and \
     /etc/virtengine/provider/provider-config.yaml that exists. pricing.yaml and adapters/*.yaml beside it are read \
     too: they hold parts of the same tree, or their own section alone.",
    "A value comes from a flag, else from the environment variable PROVIDER_ and the path of the key in capitals with \
     underscores (PROVIDER_CHAIN_NODE_URL), else from a file, else it is the default.",
    "Durations are written 30s, 5m, 24h, 7d; sizes 512Mi, 64Gi, 10Ti; cores 4, 0.5, 500m; coins 500000uve, 0.025uve, \
     1ve; shares 0.8 or 80%. ${NAME} in a value is the environment variable of that name, $$ a dollar sign. Secrets \
     are written as ${NAME}, env:NAME or file:/path. Unknown and repeated keys are errors.",
    "Keys that other documents spell differently are taken in both spellings; writing both is an error. Each entry \
     below stands under its canonical spelling.",
];
