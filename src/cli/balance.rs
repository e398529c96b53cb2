//! `provider balance`

use clap::Args;
use serde::Serialize;

use super::chain::client;
use super::keys::open_keyring;
use super::output::OutputOption;
use super::output::listing::Row;
use super::{Configuration, Context, Failure, Report, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::amount::{Coin, Dec18, Rounding};
use crate::domain::network::Network;
use crate::keys::Name;
use crate::keys::file::Access;

/// Show what an account holds
///
/// Without an address that is the provider's account: provider.address, or the account of keys.signing_key.
#[derive(Debug, Args)]
pub struct Balance {
    /// The account
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,

    #[command(flatten)]
    output: OutputOption,
}

/// What an account holds of one denomination.
#[derive(Serialize)]
struct BalanceRow {
    address: String,
    amount: String,
    denomination: String,
    /// In the largest unit that the network names.
    readable: String,
}

impl BalanceRow {
    fn of(coin: &Coin, address: &Address, network: &Network) -> Self {
        Self {
            address: address.to_string(),
            amount: coin.amount.to_string(),
            denomination: coin.denom.to_string(),
            readable: readable(coin, network).unwrap_or_else(|| coin.to_string()),
        }
    }
}

/// `1.5 ve`; `None` for a denomination without larger units.
fn readable(coin: &Coin, network: &Network) -> Option<String> {
    let known = network.denominations.iter().find(|known| known.base == coin.denom.as_str())?;
    let (unit, places) =
        known.units.iter().rev().max_by_key(|(_, places)| *places).filter(|(_, places)| *places > 0)?;
    let divisor = Dec18::from(10_u64.checked_pow(*places)?);
    let amount = Dec18::try_from(coin.amount).ok()?.checked_div(divisor, Rounding::Down).ok()?;
    Some(format!("{amount} {unit}"))
}

impl Row for BalanceRow {
    const HEADINGS: &'static [&'static str] = &["address", "amount", "denomination", "that is"];
    const FIELDS: &'static [&'static str] = &["address", "amount", "denomination", "readable"];

    fn cells(&self) -> Vec<String> {
        vec![self.address.clone(), self.amount.clone(), self.denomination.clone(), self.readable.clone()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

impl Balance {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let network = configuration.network();
        let address = match &self.address {
            Some(address) => Address::parse(address, network.address_prefix)?,
            None => own_address(&configuration)?,
        };
        let client = client(&configuration);
        let reading = wait_for(client.balances(&address))??;
        let rows: Vec<_> = reading.value.iter().map(|coin| BalanceRow::of(coin, &address, network)).collect();
        let empty = rows.is_empty();
        let report = Report::listing(rows, self.output.output).note(format!("as of height {}", reading.height()));
        let report = if empty { report.note(format!("{address} holds nothing")) } else { report };
        Ok(match reading.source.doubt {
            Some(doubt) => report.note(format!("{} {doubt}", reading.source.endpoint)).status(Status::TryLater),
            None => report,
        })
    }
}

/// The provider's account: what the configuration says, or the account of the signing key.
fn own_address(configuration: &Configuration) -> Result<Address, Failure> {
    let (settings, prefix) = (&configuration.settings, configuration.network().address_prefix);
    if let Some(address) = &settings.provider.address {
        return Ok(Address::parse(&address.0, prefix)?);
    }
    let word = &settings.keys.signing_key.0;
    let name: Name = word
        .parse()
        .map_err(|_| Failure::new(Status::Configuration, format!("keys.signing_key: `{word}` is no name of a key")))?;
    let key = open_keyring(configuration, Access::Look)?.find(&name).map_err(|error| {
        Failure::from_error(&error).hint("name the account, or set provider.address in the configuration")
    })?;
    let address = key.public.address(prefix).transpose();
    let address = address.map_err(|error| Failure::new(Status::Bug, "cannot form an address").caused_by(&error))?;
    address.ok_or_else(|| {
        Failure::new(Status::Configuration, format!("the key `{name}` is of a type that has no account"))
            .hint("keys.signing_key must name a secp256k1 key")
    })
}
