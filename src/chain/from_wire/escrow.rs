//! Escrow accounts and payments.

use super::{Malformed, Of};
use crate::chain::wire::base::Source;
use crate::chain::wire::escrow as wire;
use crate::domain::amount::DecCoin;
use crate::domain::escrow::{Account, AccountId, Deposit, DepositSource, EscrowState, Payment};
use crate::domain::id::{BidId, DeploymentId, LeaseId};

/// Reads an account.
pub(in crate::chain) fn account(found: wire::Account, prefix: &str) -> Result<Account, Malformed> {
    let of = Of { message: "an escrow Account", prefix };
    let wire::Account { id, state } = found;
    let fund = |fund: &wire::Balance| DecCoin::try_from(fund).map_err(|error| of.malformed("funds", error));
    Ok(Account {
        id: account_id(of, &id)?,
        owner: of.address("owner", &state.owner)?,
        state: escrow_state(state.state),
        transferred: state.transferred.iter().map(|coin| of.dec_coin("transferred", coin)).collect::<Result<_, _>>()?,
        settled_at: of.height("settled_at", state.settled_at)?,
        funds: state.funds.iter().map(fund).collect::<Result<_, _>>()?,
        deposits: state.deposits.iter().map(|found| deposit(of, found)).collect::<Result<_, _>>()?,
    })
}

fn deposit(of: Of<'_>, found: &wire::Depositor) -> Result<Deposit, Malformed> {
    let source = match Source::try_from(found.source) {
        Ok(Source::Balance) => DepositSource::Balance,
        Ok(Source::Grant) => DepositSource::Grant,
        Ok(Source::Invalid) | Err(_) => DepositSource::Unknown(found.source),
    };
    Ok(Deposit {
        owner: of.address("deposit", &found.owner)?,
        height: of.height("deposit", found.height)?,
        source,
        balance: of.dec_coin("deposit", &found.balance)?,
    })
}

/// Reads a payment.
pub(in crate::chain) fn payment(found: wire::Payment, prefix: &str) -> Result<Payment, Malformed> {
    let of = Of { message: "an escrow Payment", prefix };
    let wire::Payment { id, state } = found;
    let lease = LeaseId::parse(&format!("{}/{}", id.aid.xid, id.xid), prefix);
    Ok(Payment {
        lease: of.id(lease)?,
        owner: of.address("owner", &state.owner)?,
        state: escrow_state(state.state),
        rate: of.dec_coin("rate", &state.rate)?,
        balance: of.dec_coin("balance", &state.balance)?,
        unsettled: of.dec_coin("unsettled", &state.unsettled)?,
        withdrawn: of.coin("withdrawn", &state.withdrawn)?,
    })
}

fn account_id(of: Of<'_>, id: &wire::AccountId) -> Result<AccountId, Malformed> {
    match wire::Scope::try_from(id.scope) {
        Ok(wire::Scope::Deployment) => of.id(DeploymentId::parse(&id.xid, of.prefix)).map(AccountId::Deployment),
        Ok(wire::Scope::Bid) => of.id(BidId::parse(&id.xid, of.prefix)).map(AccountId::Bid),
        Ok(wire::Scope::Invalid) | Err(_) => Err(of.malformed("id", format!("the scope {}", id.scope))),
    }
}

fn escrow_state(number: i32) -> EscrowState {
    match wire::State::try_from(number) {
        Ok(wire::State::Open) => EscrowState::Open,
        Ok(wire::State::Closed) => EscrowState::Closed,
        Ok(wire::State::Overdrawn) => EscrowState::Overdrawn,
        Ok(wire::State::Invalid) | Err(_) => EscrowState::Unknown(number),
    }
}

impl From<&AccountId> for wire::AccountId {
    fn from(id: &AccountId) -> Self {
        let (scope, xid) = match id {
            AccountId::Deployment(id) => (wire::Scope::Deployment, id.to_string()),
            AccountId::Bid(id) => (wire::Scope::Bid, id.to_string()),
        };
        Self { scope: scope.into(), xid }
    }
}
