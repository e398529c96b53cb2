//! `provider devnet provider`

use clap::{Args, Subcommand};

use super::place::Place;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::devnet::app::genesis;
use crate::devnet::control::Request;

/// Look after the providers of the development chain
#[derive(Debug, Args)]
pub(super) struct Provider {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
}

/// Register a provider as genesis does, without a transaction
#[derive(Debug, Args)]
struct Add {
    /// The account of the provider
    owner: String,

    /// Its gateway, as in `https://provider.example.com:8443`
    host_uri: String,

    /// What it declares, as in region=us-east; may be given more than once
    #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = pair)]
    attributes: Vec<genesis::KeyValue>,

    /// Whom to write to
    #[arg(long, default_value = "")]
    email: String,

    /// Where to read more
    #[arg(long, default_value = "")]
    website: String,

    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

fn pair(text: &str) -> Result<genesis::KeyValue, String> {
    let (key, value) = text.split_once('=').ok_or("an attribute is written as key=value")?;
    Ok(genesis::KeyValue { key: key.to_owned(), value: value.to_owned() })
}

impl Provider {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Add(add) => add.run(context),
        }
    }
}

impl Add {
    fn run(self, context: &Context) -> Result<Report, Failure> {
        let info = genesis::Info { email: self.email, website: self.website };
        let provider =
            genesis::Provider { owner: self.owner, host_uri: self.host_uri, attributes: self.attributes, info };
        self.place.perform(context, &Request::AddProvider { provider }, self.output.output)
    }
}
