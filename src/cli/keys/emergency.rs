//! Emptying an account whose key others may have: withdraw what its leases have earned, send everything elsewhere.

use serde::Serialize;

use crate::chain::client::{Client, LeaseFilter};
use crate::chain::wire::cosmos::bank::MsgSend;
use crate::chain::wire::market::MsgWithdrawLease;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::amount::{Coin, Dec18, Int, Rounding};
use crate::domain::fault::in_one_line;
use crate::domain::id::LeaseId;
use crate::domain::key::State;
use crate::domain::lease::LeaseState;
use crate::jobs::tx_flush;

/// What became of an account's money.
#[derive(Debug, Serialize)]
pub struct Moved {
    address: String,
    /// Leases that pay this account, and only this account, until they are closed.
    leases: Vec<String>,
    withdrawn: usize,
    not_withdrawn: usize,
    swept: Vec<String>,
    swept_to: Option<String>,
    left: Vec<String>,
    troubles: Vec<String>,
}

impl Moved {
    /// Name and value of each part.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![
            ("account", self.address.clone()),
            ("leases", self.leases.len().to_string()),
            ("withdrawn", self.withdrawn.to_string()),
            ("not_withdrawn", self.not_withdrawn.to_string()),
            ("left", self.left.join(", ")),
        ];
        if let Some(to) = &self.swept_to {
            let swept = if self.swept.is_empty() { "nothing".to_owned() } else { self.swept.join(", ") };
            parts.push(("swept", format!("{swept} to {to}")));
        }
        parts.extend(self.leases.iter().map(|lease| ("lease", lease.clone())));
        parts.extend(self.troubles.iter().map(|trouble| ("trouble", trouble.clone())));
        parts
    }

    /// Whether something could not be moved.
    pub const fn is_unfinished(&self) -> bool {
        self.not_withdrawn > 0 || !self.troubles.is_empty()
    }
}

/// Whether the account's key signs in an incident: also when it is given up, because no other can move its money and
/// revoke its keys.
pub const fn still_signs(state: State) -> bool {
    matches!(state, State::Active | State::Compromised)
}

/// Gas that the last transfer may use: what is left in the account pays for it.
const GAS_OF_TRANSFER: u64 = 300_000;

/// Withdraws, and sends what the account holds to another, if one is named.
pub fn empty(
    context: &Context,
    configuration: &Configuration,
    passphrase: &PassphraseOption,
    sweep_to: Option<&str>,
) -> Result<Moved, Failure> {
    let prefix = configuration.network().address_prefix;
    let to = sweep_to.map(|to| Address::parse(to, prefix)).transpose()?;
    let sending = Sending::open_for(context, configuration, still_signs)?;
    let address = sending.address()?;
    if to.as_ref() == Some(&address) {
        return Err(Failure::new(Status::Usage, "--sweep-to names the account whose key was given up"));
    }
    let (leases, missed) = wait_for(active_leases(&sending.client, &address))?;
    let mut moved = Moved {
        address: address.to_string(),
        leases: leases.iter().map(ToString::to_string).collect(),
        withdrawn: 0,
        not_withdrawn: 0,
        swept: Vec::new(),
        swept_to: to.as_ref().map(ToString::to_string),
        left: Vec::new(),
        troubles: missed.into_iter().collect(),
    };
    withdraw(&sending, passphrase, &leases, &mut moved)?;
    if let Some(to) = to {
        sweep(&sending, passphrase, (&address, &to), &mut moved)?;
    }
    let held = wait_for(sending.client.balances(&address))??.value;
    moved.left = held.iter().map(ToString::to_string).collect();
    Ok(moved)
}

/// The leases that were seen, and why there may be others.
async fn active_leases(client: &Client, provider: &Address) -> (Vec<LeaseId>, Option<String>) {
    let filter =
        LeaseFilter { provider: Some(provider.clone()), state: Some(LeaseState::Active), ..LeaseFilter::default() };
    let mut found = Vec::new();
    let listed = client.leases(&filter).for_each(|lease| found.push(lease.id)).await;
    (found, listed.err().map(|error| format!("not every lease is known: {}", in_one_line(&error))))
}

/// Withdraws, after what an earlier run left in the outbox.
fn withdraw(
    sending: &Sending<'_>,
    passphrase: &PassphraseOption,
    leases: &[LeaseId],
    moved: &mut Moved,
) -> Result<(), Failure> {
    let (flushed, _) = sending.run("keys-compromise", (passphrase, true), |begun| {
        let place = (begun.network, begun.chain_id);
        begun.store.write("want what leases have earned", |change| {
            for lease in leases {
                let purpose = format!("keys/compromise/withdraw/{lease}");
                let message = MsgWithdrawLease { id: lease.into() };
                tx_flush::enqueue_anew(change, place, &purpose, &message, begun.stamp)?;
            }
            Ok::<_, tx_flush::Error>(())
        })
    })?;
    moved.withdrawn = flushed.ended(crate::domain::outbox::intent::State::Done).min(leases.len());
    moved.not_withdrawn = leases.len().saturating_sub(moved.withdrawn);
    moved.troubles.extend(flushed.troubles);
    Ok(())
}

fn sweep(
    sending: &Sending<'_>,
    passphrase: &PassphraseOption,
    (from, to): (&Address, &Address),
    moved: &mut Moved,
) -> Result<(), Failure> {
    // Any node's word will do: the chain refuses what is more than there is, and the next run sends what was left.
    let held = wait_for(sending.client.balances(from))??.value;
    let price = sending.gas_price();
    let fee = price.amount.checked_mul(Dec18::from(GAS_OF_TRANSFER), Rounding::Up).ok();
    let fee = fee.and_then(|fee| fee.to_int(Rounding::Up).ok()).unwrap_or(Int::MAX);
    let amount: Vec<Coin> = held
        .into_iter()
        .filter_map(|coin| {
            let kept = if coin.denom == price.denom { fee } else { Int::ZERO };
            let rest = coin.amount.checked_sub(kept).ok().filter(|rest| *rest > Int::ZERO)?;
            Some(Coin { amount: rest, denom: coin.denom })
        })
        .collect();
    // What is left pays for no further transfer: an earlier run sent the rest.
    if amount.is_empty() {
        return Ok(());
    }
    let message = MsgSend {
        from_address: from.to_string(),
        to_address: to.to_string(),
        amount: amount.iter().map(Into::into).collect(),
    };
    match sending.send(("keys-compromise", "keys/compromise/sweep"), passphrase, &message) {
        Ok(_) => moved.swept = amount.iter().map(ToString::to_string).collect(),
        Err(failure) => moved.troubles.push(failure.in_one_line()),
    }
    Ok(())
}
