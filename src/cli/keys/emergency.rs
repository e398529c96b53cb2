//! Emptying an account whose key others may have: withdraw what its leases have earned, close those that are to end, close
//! its open bids, send everything elsewhere.
//!
//! An open bid holds a deposit, which would come back to the account later, and a tenant could still take it. It is closed
//! only while it is open: one that a tenant has taken is a lease, and the next run shows it as one.
//!
//! It is always the account of the key that was named, whatever the configuration says is ours: money that nobody else may
//! have is not touched.

use serde::Serialize;

use crate::chain::client::{BidFilter, Client, LeaseFilter};
use crate::chain::wire::cosmos::bank::MsgSend;
use crate::chain::wire::market::{LeaseClosedReason, MsgCloseBid, MsgWithdrawLease};
use crate::cli::chain::client;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::sending::{Sending, gas_price};
use crate::cli::{Configuration, Context, Failure, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::amount::{Coin, Dec18, DecCoin, Int, Rounding};
use crate::domain::fault::in_one_line;
use crate::domain::id::{BidId, LeaseId};
use crate::domain::key::State;
use crate::domain::lease::LeaseState;
use crate::domain::order::BidState;
use crate::domain::outbox::{Guard, intent};
use crate::jobs::tx_flush;
use crate::keys::Name;
use crate::store::bids::rows::{closing_key, ending_key};
use crate::store::outbox::intents;

/// What became of an account's money.
#[derive(Debug, Serialize)]
pub struct Moved {
    address: String,
    /// Leases that pay this account, and only this account, until they are closed.
    pub leases: Vec<String>,
    /// Bids that hold a deposit of it, and that tenants could take.
    bids: Vec<String>,
    bids_closed: usize,
    bids_not_closed: usize,
    closed: usize,
    not_closed: usize,
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
            ("closed", self.closed.to_string()),
            ("not_closed", self.not_closed.to_string()),
            ("bids", self.bids.len().to_string()),
            ("bids_closed", self.bids_closed.to_string()),
            ("bids_not_closed", self.bids_not_closed.to_string()),
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
        self.not_withdrawn > 0 || self.not_closed > 0 || self.bids_not_closed > 0 || !self.troubles.is_empty()
    }

    /// Notes what went wrong with what was tried.
    fn tried(&mut self, done: Result<(), Failure>) {
        self.troubles.extend(done.err().map(|failure| failure.in_one_line()));
    }
}

/// Whether the account's key signs in an incident: also when it is given up, because no other can move its money and
/// revoke its keys.
pub const fn still_signs(state: State) -> bool {
    matches!(state, State::Active | State::Compromised)
}

/// Gas that the last transfer may use: what is left in the account pays for it.
const GAS_OF_TRANSFER: u64 = 300_000;

/// How many transactions an account is left fees for: what the chain must be told about its encryption key, or what its
/// leases still earn and their ends, and the last transfer.
const RESERVED: u64 = 4;

/// Which leases are to end.
#[derive(Debug, Clone)]
pub enum Closing {
    /// These.
    These(Vec<LeaseId>),
    /// Every one.
    All,
}

/// What is to become of an account.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Who gets its money.
    pub to: Option<Address>,
    /// Which of its leases end.
    pub close: Closing,
    /// The account pays for what is told to the chain about its keys.
    pub pays: bool,
}

/// An account whose key others may have.
pub struct Account<'a> {
    sending: Sending<'a>,
    passphrase: &'a PassphraseOption,
    address: Address,
    wishes: Wishes,
    leases: Vec<LeaseId>,
    bids: Vec<BidId>,
    moved: Moved,
}

impl<'a> Account<'a> {
    /// Opens the account of a key, and lists its leases. Nothing is unlocked yet.
    pub fn open(
        context: &'a Context,
        configuration: &'a Configuration,
        name: &Name,
        passphrase: &'a PassphraseOption,
        wishes: Wishes,
    ) -> Result<Self, Failure> {
        let sending = Sending::open_named(context, configuration, name, still_signs)?;
        let address = sending.address()?;
        let (leases, missed) = wait_for(active_leases(&sending.client, &address))?;
        let (bids, missed_bids) = wait_for(open_bids(&sending.client, &address))?;
        let moved = Moved {
            address: address.to_string(),
            leases: leases.iter().map(ToString::to_string).collect(),
            bids: bids.iter().map(|(bid, _)| bid.to_string()).collect(),
            bids_closed: 0,
            bids_not_closed: 0,
            closed: 0,
            not_closed: 0,
            withdrawn: 0,
            not_withdrawn: 0,
            swept: Vec::new(),
            swept_to: wishes.to.as_ref().map(ToString::to_string),
            left: Vec::new(),
            troubles: missed.into_iter().chain(missed_bids).collect(),
        };
        let bids = bids.into_iter().map(|(bid, _)| bid).collect();
        Ok(Self { sending, passphrase, address, wishes, leases, bids, moved })
    }

    /// Withdraws, closes, and sends away all but what the account has to pay for yet: others may spend it too.
    pub fn save(&mut self) {
        let done = self.withdraw();
        self.moved.tried(done);
        let done = self.sweep(self.reserved().saturating_add(if self.wishes.pays { RESERVED } else { 0 }));
        self.moved.tried(done);
    }

    /// Sends the rest away, and says what is left.
    pub fn close(mut self) -> Moved {
        if self.wishes.pays {
            let done = self.sweep(self.reserved());
            self.moved.tried(done);
        }
        match self.held() {
            Ok(held) => self.moved.left = held.iter().map(ToString::to_string).collect(),
            Err(failure) => self.moved.tried(Err(failure)),
        }
        self.moved
    }

    /// For how many more transactions the account keeps fees: withdrawals, the ends of its leases and bids, and the last
    /// transfer.
    const fn reserved(&self) -> u64 {
        let leases = self.moved.leases.len() > self.moved.closed;
        // A bid that is not closed may have become a lease.
        if leases || self.moved.bids_not_closed > 0 { RESERVED } else { 1 }
    }

    fn held(&self) -> Result<Vec<Coin>, Failure> {
        // Any node's word will do: the chain refuses what is more than there is, and the next run sends what was left.
        Ok(wait_for(self.sending.client.balances(&self.address))??.value)
    }

    /// Withdraws from the leases that go on, and closes the others and the open bids, after what an earlier run left in the
    /// outbox.
    fn withdraw(&mut self) -> Result<(), Failure> {
        // The account of a key that only signs records was never used.
        if self.leases.is_empty() && self.bids.is_empty() && !self.wishes.pays && self.held()?.is_empty() {
            return Ok(());
        }
        let ends = |lease: &LeaseId| match &self.wishes.close {
            Closing::All => true,
            Closing::These(these) => these.contains(lease),
        };
        let (closing, going_on): (Vec<&LeaseId>, Vec<&LeaseId>) = self.leases.iter().partition(|lease| ends(lease));
        let withdrawal = |lease: &LeaseId| format!("keys/compromise/withdraw/{lease}");
        let end = |lease: &LeaseId| ending_key(&lease.order().to_string());
        let mut ends_of_bids = Vec::new();
        let (flushed, store) = self.sending.run("keys-compromise", (self.passphrase, true), |begun| {
            let place = (begun.network, begun.chain_id);
            begun.store.write("want what leases have earned", |change| {
                for lease in &going_on {
                    let message = MsgWithdrawLease { id: (*lease).into() };
                    tx_flush::enqueue_anew(change, place, &withdrawal(lease), &message, begun.stamp)?;
                }
                for lease in &closing {
                    let bid = BidId::new(lease.order().clone(), lease.provider().clone());
                    let reason = LeaseClosedReason::Unspecified.into();
                    let message = MsgCloseBid { id: (&bid).into(), reason };
                    tx_flush::enqueue_anew(change, place, &end(lease), &message, begun.stamp)?;
                }
                for bid in &self.bids {
                    let message = MsgCloseBid { id: bid.into(), reason: LeaseClosedReason::Unspecified.into() };
                    let purpose = closing_key(begun.chain_id, &bid.order().to_string());
                    let wanted = (purpose.as_str(), Guard::BidOpen, None);
                    tx_flush::enqueue_guarded(change, place, wanted, &message, begun.stamp)?;
                    ends_of_bids.push(purpose);
                }
                Ok::<_, tx_flush::Error>(())
            })
        })?;
        let done = |purposes: Vec<String>| {
            store.read("read what became of messages", |snapshot| {
                let mut done = 0;
                for purpose in &purposes {
                    let newest = intents::newest_of(snapshot, purpose)?;
                    done += usize::from(newest.is_some_and(|newest| newest.state == intent::State::Done));
                }
                Ok::<_, crate::store::Error>(done)
            })
        };
        // What is not done is said with its reason: it may want a few coins for its fee.
        let mut purposes: Vec<String> = going_on.iter().map(|lease| withdrawal(lease)).collect();
        purposes.extend(closing.iter().map(|lease| end(lease)));
        purposes.extend(ends_of_bids.iter().cloned());
        let undone = store.read("read why messages are not done", |snapshot| {
            let mut undone = Vec::new();
            for purpose in &purposes {
                let newest = intents::newest_of(snapshot, purpose)?;
                let open = newest.filter(|newest| newest.state != intent::State::Done);
                undone.extend(open.and_then(|open| Some(format!("{purpose}: {}", open.detail.or(open.reason)?))));
            }
            Ok::<_, crate::store::Error>(undone)
        })?;
        let withdrawn = done(going_on.iter().map(|lease| withdrawal(lease)).collect())?;
        let closed = done(closing.iter().map(|lease| end(lease)).collect())?;
        let bids_closed = done(ends_of_bids)?;
        let (left, open) = (going_on.len().saturating_sub(withdrawn), closing.len().saturating_sub(closed));
        let moved = &mut self.moved;
        (moved.withdrawn, moved.not_withdrawn, moved.closed, moved.not_closed) = (withdrawn, left, closed, open);
        (moved.bids_closed, moved.bids_not_closed) = (bids_closed, moved.bids.len().saturating_sub(bids_closed));
        moved.troubles.extend(undone);
        moved.troubles.extend(flushed.troubles);
        Ok(())
    }

    /// Sends away what the account has beyond the fees of so many transactions, this one among them.
    fn sweep(&mut self, transactions: u64) -> Result<(), Failure> {
        let Some(to) = self.wishes.to.clone() else { return Ok(()) };
        let amount = movable(self.held()?, self.sending.gas_price(), transactions);
        // What is left pays for no further transfer: an earlier run sent the rest.
        if amount.is_empty() {
            return Ok(());
        }
        let message = MsgSend {
            from_address: self.address.to_string(),
            to_address: to.to_string(),
            amount: amount.iter().map(Into::into).collect(),
        };
        let purpose = format!("keys/compromise/sweep/{}", self.address);
        self.sending.send(("keys-compromise", &purpose), self.passphrase, &message)?;
        self.moved.swept.extend(amount.iter().map(ToString::to_string));
        Ok(())
    }
}

/// What an account can send away and still pay for so many transactions.
fn movable(held: Vec<Coin>, price: &DecCoin, transactions: u64) -> Vec<Coin> {
    let gas = Dec18::from(GAS_OF_TRANSFER.saturating_mul(transactions));
    let fee = price.amount.checked_mul(gas, Rounding::Up).ok();
    let fee = fee.and_then(|fee| fee.to_int(Rounding::Up).ok()).unwrap_or(Int::MAX);
    let rest = |coin: Coin| {
        let kept = if coin.denom == price.denom { fee } else { Int::ZERO };
        let rest = coin.amount.checked_sub(kept).ok().filter(|rest| *rest > Int::ZERO)?;
        Some(Coin { amount: rest, denom: coin.denom })
    };
    held.into_iter().filter_map(rest).collect()
}

/// What an account has that only its key can move: money, running leases and the deposits of open bids. A doubtful answer is none.
pub fn remains(configuration: &Configuration, address: &Address) -> Result<Vec<String>, Failure> {
    let client = client(configuration);
    let held = wait_for(client.balances(address))??.believed()?.into_value();
    let mut found: Vec<String> = movable(held, &gas_price(configuration)?, 1).iter().map(ToString::to_string).collect();
    let (leases, missed) = wait_for(active_leases(&client, address))?;
    if let Some(missed) = missed {
        return Err(Failure::new(Status::Unavailable, missed));
    }
    found.extend(leases.iter().map(|lease| format!("the lease {lease}")));
    let (bids, missed) = wait_for(open_bids(&client, address))?;
    if let Some(missed) = missed {
        return Err(Failure::new(Status::Unavailable, missed));
    }
    found.extend(bids.iter().map(|(bid, deposit)| format!("the open bid {bid} with a deposit of {deposit}")));
    Ok(found)
}

/// The leases that were seen, and why there may be others.
async fn active_leases(client: &Client, provider: &Address) -> (Vec<LeaseId>, Option<String>) {
    let filter =
        LeaseFilter { provider: Some(provider.clone()), state: Some(LeaseState::Active), ..LeaseFilter::default() };
    let mut found = Vec::new();
    let listed = client.leases(&filter).for_each(|lease| found.push(lease.id)).await;
    let doubt = match listed {
        Ok(listing) => listing.believed().err().map(|error| in_one_line(&error)),
        Err(error) => Some(in_one_line(&error)),
    };
    (found, doubt.map(|why| format!("not every lease is known: {why}")))
}

/// The open bids that were seen with their deposits, and why there may be others.
async fn open_bids(client: &Client, provider: &Address) -> (Vec<(BidId, String)>, Option<String>) {
    let filter = BidFilter { provider: Some(provider.clone()), state: Some(BidState::Open), ..BidFilter::default() };
    let mut found = Vec::new();
    let listed = client
        .bids(&filter)
        .for_each(|bid| {
            let deposit: Vec<String> = bid.escrow.funds.iter().map(ToString::to_string).collect();
            found.push((bid.id, deposit.join(", ")));
        })
        .await;
    let doubt = match listed {
        Ok(listing) => listing.believed().err().map(|error| in_one_line(&error)),
        Err(error) => Some(in_one_line(&error)),
    };
    (found, doubt.map(|why| format!("not every bid is known: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_stay_and_foreign_coins_go() {
        let coin = |text: &str| text.parse::<Coin>().unwrap();
        let price = DecCoin::new("0.025".parse::<Dec18>().unwrap(), "uve".parse().unwrap());
        let moved = |held: &[&str], transactions| -> Vec<String> {
            let held = held.iter().map(|text| coin(text)).collect();
            movable(held, &price, transactions).iter().map(ToString::to_string).collect()
        };
        assert_eq!(moved(&["7501uve", "5other"], 1), ["1uve", "5other"]);
        assert_eq!(moved(&["7500uve"], 1), Vec::<String>::new());
        assert_eq!(moved(&["30001uve"], 4), ["1uve"]);
        assert_eq!(moved(&[], 4), Vec::<String>::new());
    }
}
