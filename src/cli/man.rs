//! `provider man`

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::{Arguments, Context, Failure, Report, Status};
use crate::config::manual::{Chapter, chapters};

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
        let pages = pages()?;
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
            let _ = writeln!(written, "{}", path.display());
        }
        Ok(Report::verbatim(written))
    }
}

/// Every manual page: its file name and its text, the page of the program first.
pub fn pages() -> Result<Vec<(String, String)>, Failure> {
    let mut root = Arguments::command().name("provider").bin_name("provider");
    root.build();
    let mut pages = Vec::new();
    command_pages(&root, "provider", &mut pages)?;
    pages.push(("provider-config.5".to_owned(), configuration_page()));
    Ok(pages)
}

fn command_pages(command: &Command, name: &str, pages: &mut Vec<(String, String)>) -> Result<(), Failure> {
    let page = command.clone().name(name.to_owned()).display_name(name.to_owned());
    let man = Man::new(page).date("").source(concat!("provider ", env!("CARGO_PKG_VERSION"))).manual("Provider Manual");
    let mut text = Vec::new();
    let failed = |error: std::io::Error| Failure::new(Status::Bug, "a manual page cannot be written").caused_by(&error);
    man.render(&mut text).map_err(failed)?;
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if name == "provider" {
        text.push_str(&exit_status().render());
    }
    pages.push((format!("{name}.1"), text));
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        command_pages(below, &format!("{name}-{}", below.get_name()), pages)?;
    }
    Ok(())
}

fn exit_status() -> Roff {
    let mut page = Roff::default();
    page.control("SH", ["EXIT STATUS"]);
    for status in Status::ALL {
        page.control("TP", []);
        page.text([bold(status.code().to_string())]);
        page.text([roman(status.meaning())]);
    }
    page
}

/// provider-config(5), from the declarations of the keys.
fn configuration_page() -> String {
    let mut page = Roff::default();
    page.control(
        "TH",
        ["provider-config", "5", "", concat!("provider ", env!("CARGO_PKG_VERSION")), "Provider Manual"],
    );
    page.control("SH", ["NAME"]);
    page.text([roman("provider-config - configuration of provider(1)")]);
    page.control("SH", ["DESCRIPTION"]);
    for paragraph in INTRODUCTION {
        page.control("PP", []);
        page.text([roman(*paragraph)]);
    }
    for Chapter { path, doc, keys } in chapters() {
        page.control("SH", [path.to_uppercase().as_str()]);
        page.text([roman(doc)]);
        for key in keys {
            page.control("TP", []);
            let mut heading: Vec<Inline> = vec![bold(key.path)];
            if let Some(default) = key.default {
                heading.extend([roman(" = "), italic(default)]);
            }
            page.text(heading);
            page.text([roman(key.words)]);
        }
    }
    page.render()
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
    "Keys that other documents spell differently are taken in both spellings; writing both is an error. Below stands \
     the canonical spelling first.",
];
