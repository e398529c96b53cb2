//! What a lease has earned by now, and how long its tenant's money lasts.
//!
//! Money moves lazily on chain: what an answer says is as of `settled_at`, and each block since then moved `rate` more, as
//! long as there are funds. All payments of an account draw on the same funds.

use std::time::Duration;

use crate::domain::amount::{self, Dec18, DecCoin, Rounding};
use crate::domain::escrow::{Account, EscrowState, Payment};
use crate::domain::height::Height;

/// A payment by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Earned in all: paid out, waiting, and what flowed since.
    pub earned: DecCoin,
    /// Of that, what a withdrawal would pay out (the chain's share included).
    pub due: DecCoin,
    /// The last block that the funds suffice for; `None` where the account is not known, or nothing flows.
    pub funded_to: Option<Height>,
}

/// Where a payment stands at a height. `drawn_by_all` is what all open payments of the account draw in a block.
pub fn standing(
    payment: &Payment,
    account: Option<(&Account, &DecCoin)>,
    height: Height,
) -> Result<Standing, amount::Error> {
    let denom = &payment.rate.denom;
    let mut due = payment.balance.amount;
    let mut funded_to = None;
    if let (EscrowState::Open, Some((account, drawn_by_all))) = (payment.state, account) {
        let funds = account.funds.iter().find(|coin| coin.denom == *denom).map_or(Dec18::ZERO, |coin| coin.amount);
        let blocks = blocks_of(funds, drawn_by_all.amount)?;
        let end = account.settled_at.plus(blocks);
        let flowed = height.min(end).blocks_since(account.settled_at);
        due = due.checked_add(payment.rate.amount.checked_mul(Dec18::from(flowed), Rounding::Down)?)?;
        funded_to = drawn_by_all.amount.is_positive().then_some(end);
    }
    let earned = due.checked_add(Dec18::try_from(payment.withdrawn.amount)?)?;
    Ok(Standing { earned: DecCoin::new(earned, denom.clone()), due: DecCoin::new(due, denom.clone()), funded_to })
}

/// For how many blocks funds suffice.
fn blocks_of(funds: Dec18, rate: Dec18) -> Result<u64, amount::Error> {
    if !rate.is_positive() || !funds.is_positive() {
        return Ok(0);
    }
    let blocks = funds.checked_div(rate, Rounding::Down)?.to_int(Rounding::Down)?;
    Ok(u64::try_from(blocks).unwrap_or(u64::MAX))
}

/// How long blocks until a height take.
pub fn lasts(now: Height, end: Height, block_time: Duration) -> Duration {
    let blocks = end.blocks_since(now);
    u32::try_from(blocks).map_or(Duration::from_hours(24 * 365 * 100), |blocks| block_time.saturating_mul(blocks))
}

/// When a withdrawal is worth it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithdrawWhen {
    /// What is due must be more than so many times the fee.
    pub multiple: Dec18,
    /// It is worth it at once if the money lasts shorter than this.
    pub before: Duration,
}

impl WithdrawWhen {
    /// Whether to withdraw now what is due, for a fee; the money lasts for `lasts`, if that is known. Never for less
    /// than the fee.
    pub fn is_due(&self, due: &DecCoin, fee: Dec18, lasts: Option<Duration>) -> bool {
        let worth = |multiple: Dec18| fee.checked_mul(multiple, Rounding::Up).is_ok_and(|least| due.amount > least);
        worth(self.multiple) || (lasts.is_some_and(|lasts| lasts < self.before) && worth(Dec18::ONE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::Address;
    use crate::domain::escrow::AccountId;
    use crate::domain::id::LeaseId;

    const LEASE: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";

    fn world(funds: &str, state: EscrowState) -> (Payment, Account) {
        let lease = LeaseId::parse(LEASE, "ve").unwrap();
        let owner = Address::parse("ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw", "ve").unwrap();
        let account = Account {
            id: AccountId::Deployment(lease.order().deployment().clone()),
            owner: owner.clone(),
            state: EscrowState::Open,
            transferred: Vec::new(),
            settled_at: Height(100),
            funds: vec![funds.parse().unwrap()],
            deposits: Vec::new(),
        };
        let payment = Payment {
            lease,
            owner,
            state,
            rate: "2.5uve".parse().unwrap(),
            balance: "0.5uve".parse().unwrap(),
            unsettled: "0uve".parse().unwrap(),
            withdrawn: "40uve".parse().unwrap(),
        };
        (payment, account)
    }

    fn at(height: u64, funds: &str, all: &str) -> (String, String, Option<u64>) {
        let (payment, account) = world(funds, EscrowState::Open);
        let standing = standing(&payment, Some((&account, &all.parse().unwrap())), Height(height)).unwrap();
        (standing.earned.to_string(), standing.due.to_string(), standing.funded_to.map(|height| height.0))
    }

    #[test]
    fn money_flows_until_it_ends() {
        let earned = |text: &str, due: &str, to| (text.to_owned(), due.to_owned(), Some(to));
        assert_eq!(at(100, "100uve", "2.5uve"), earned("40.5uve", "0.5uve", 140));
        assert_eq!(at(110, "100uve", "2.5uve"), earned("65.5uve", "25.5uve", 140));
        assert_eq!(at(999, "100uve", "2.5uve"), earned("140.5uve", "100.5uve", 140));
        // Another lease of the deployment draws as much.
        assert_eq!(at(999, "100uve", "5uve"), earned("90.5uve", "50.5uve", 120));
        assert_eq!(at(999, "0uve", "5uve"), earned("40.5uve", "0.5uve", 100));
    }

    #[test]
    fn a_payment_that_is_over_earns_nothing_more() {
        for state in [EscrowState::Closed, EscrowState::Overdrawn, EscrowState::Unknown(9)] {
            let (payment, account) = world("100uve", state);
            let standing = standing(&payment, Some((&account, &"2.5uve".parse().unwrap())), Height(999)).unwrap();
            assert_eq!((standing.earned.to_string(), standing.funded_to), ("40.5uve".to_owned(), None));
        }
    }

    #[test]
    fn a_withdrawal_pays_more_than_it_costs() {
        let when = WithdrawWhen { multiple: Dec18::from(20_u64), before: Duration::from_hours(1) };
        let due = |amount: &str, lasts| when.is_due(&amount.parse().unwrap(), Dec18::from(100_u64), lasts);
        assert_eq!((due("2000uve", None), due("2000.1uve", None)), (false, true));
        let (soon, later) = (Some(Duration::from_mins(59)), Some(Duration::from_hours(1)));
        assert_eq!((due("101uve", later), due("101uve", soon), due("100uve", soon)), (false, true, false));
        assert_eq!(lasts(Height(10), Height(20), Duration::from_secs(6)), Duration::from_mins(1));
        assert_eq!(lasts(Height(20), Height(10), Duration::from_secs(6)), Duration::ZERO);
    }
}
