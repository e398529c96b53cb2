//! How long a tenant's money lasts.
//!
//! Money moves lazily on chain: an account is settled when a transaction touches it, and until then nothing says that it
//! has run dry. Each open payment earns its rate by the block from [`Account::settled_at`] on, so the last block that is
//! paid for is `settled_at + floor(funds / Σ rates)` (semantics of `x/escrow`: an account is overdrawn when the sum that
//! is due exceeds its funds).

use crate::domain::amount::{Dec18, DecCoin, Rounding};
use crate::domain::escrow::{Account, EscrowState, Payment};
use crate::domain::height::Height;

/// The last height that the account pays for, at the rates of all open payments that draw on it. None where that cannot be
/// said: the account is not open, nothing draws on it, or the numbers are out of reach.
pub fn paid_until(account: &Account, payments: &[Payment]) -> Option<Height> {
    if account.state != EscrowState::Open {
        return None;
    }
    let open: Vec<&Payment> = payments.iter().filter(|payment| payment.state == EscrowState::Open).collect();
    // Rates of several denominations are each paid from funds of their own; the first that runs dry ends it.
    let ends = open.iter().map(|payment| {
        let same = |coin: &&DecCoin| coin.denom == payment.rate.denom;
        let funds = sum(account.funds.iter().filter(same).map(|coin| coin.amount))?;
        let rates = sum(open.iter().map(|payment| &payment.rate).filter(same).map(|rate| rate.amount))?;
        blocks(funds, rates)
    });
    let ends: Option<Vec<u64>> = ends.collect();
    ends?.into_iter().min().map(|blocks| account.settled_at.plus(blocks))
}

fn sum(mut amounts: impl Iterator<Item = Dec18>) -> Option<Dec18> {
    amounts.try_fold(Dec18::from(0_u64), |sum, amount| sum.checked_add(amount).ok())
}

/// Whole blocks that funds pay for; none of a debt.
fn blocks(funds: Dec18, rate: Dec18) -> Option<u64> {
    if funds.is_negative() {
        return Some(0);
    }
    if !rate.is_positive() {
        return Some(u64::MAX);
    }
    let whole = funds.checked_div(rate, Rounding::Down).ok()?.to_int(Rounding::Down).ok()?;
    whole.to_string().parse().ok().or(Some(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::amount::Coin;
    use crate::domain::escrow::AccountId;
    use crate::domain::id::LeaseId;

    const LEASE: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";

    fn account(funds: &[&str], state: EscrowState) -> Account {
        let lease = LeaseId::parse(LEASE, "ve").unwrap();
        let funds = funds.iter().map(|text| match text.strip_prefix('-') {
            None => text.parse::<DecCoin>().unwrap(),
            Some(debt) => {
                let debt: DecCoin = debt.parse().unwrap();
                DecCoin::new(Dec18::from(0_u64).checked_sub(debt.amount).unwrap(), debt.denom)
            }
        });
        Account {
            id: AccountId::Deployment(lease.order().deployment().clone()),
            owner: lease.order().owner().clone(),
            state,
            transferred: vec![],
            settled_at: Height(100),
            funds: funds.collect(),
            deposits: vec![],
        }
    }

    fn payment(rate: &str, state: EscrowState) -> Payment {
        let lease = LeaseId::parse(LEASE, "ve").unwrap();
        let rate: DecCoin = rate.parse().unwrap();
        let zero = DecCoin::new(Dec18::from(0_u64), rate.denom.clone());
        let withdrawn = Coin::new(0_u64, rate.denom.clone());
        Payment {
            owner: lease.provider().clone(),
            lease,
            state,
            balance: zero.clone(),
            unsettled: zero,
            withdrawn,
            rate,
        }
    }

    #[test]
    fn the_last_block_that_is_paid_for() {
        use EscrowState::{Closed, Open, Overdrawn};
        use std::slice::from_ref;
        let until = |funds: &[&str], payments: &[Payment]| paid_until(&account(funds, Open), payments).map(|at| at.0);
        let (one, two) = (payment("1uve", Open), payment("1.5uve", Open));
        assert_eq!(until(&["10uve"], from_ref(&one)), Some(110));
        // All leases draw on the same account, those of other providers too.
        assert_eq!(until(&["10uve"], &[one.clone(), two.clone()]), Some(104));
        assert_eq!(until(&["10uve"], &[one.clone(), payment("9uve", Closed)]), Some(110));
        assert_eq!(until(&["0.5uve"], from_ref(&one)), Some(100));
        assert_eq!(until(&["-3uve"], from_ref(&one)), Some(100));
        assert_eq!(until(&[], from_ref(&one)), Some(100));
        assert_eq!(until(&["10uve", "2uakt"], &[one.clone(), payment("1uakt", Open)]), Some(102));
        assert_eq!(until(&["10uve"], &[payment("0.000000000000000003uve", Open)]), Some(3_333_333_333_333_333_433));
        assert_eq!(
            until(&["1000000000000000000000000uve"], &[payment("0.000000000000000001uve", Open)]),
            Some(u64::MAX)
        );
        assert_eq!(until(&["10uve"], &[]), None);
        assert_eq!(paid_until(&account(&["10uve"], Overdrawn), &[one]), None);
    }
}
