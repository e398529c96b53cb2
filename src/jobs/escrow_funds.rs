//! How long the money of a deployment lasts: what its escrow account holds now, and what its leases take of it.

use std::time::Duration;

use jiff::Timestamp;

use crate::chain::client::{CallError, Client};
use crate::domain::amount::{Dec18, Denom, Rounding};
use crate::domain::bid::price::BlockTime;
use crate::domain::deployment::Deployment;
use crate::domain::escrow::{Account, EscrowState, Payment};
use crate::domain::height::Height;
use crate::domain::id::DeploymentId;

/// The money of a deployment in one denomination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funds {
    /// The denomination.
    pub denomination: Denom,
    /// What the account held when it was last settled.
    pub held: Dec18,
    /// What is left of it by now: what leases have earned since is gone. Below zero: the account is overdrawn, whether or
    /// not the chain has noticed.
    pub left: Dec18,
    /// What all its leases take for a block.
    pub rate: Dec18,
    /// For how many blocks that lasts; none where nothing is taken.
    pub blocks: Option<u64>,
    /// How long these take.
    pub time: Option<Duration>,
}

/// A deployment and its money.
#[derive(Debug, Clone)]
pub struct Found {
    /// When the chain said so.
    pub height: Height,
    /// The deployment.
    pub deployment: Deployment,
    /// Its open payments.
    pub payments: Vec<Payment>,
    /// Its money, by denomination.
    pub funds: Vec<Funds>,
}

impl Funds {
    /// When it is used up.
    pub fn until(&self, now: Timestamp) -> Option<Timestamp> {
        self.time.and_then(|time| now.checked_add(time).ok())
    }
}

impl Found {
    /// What a payment has earned and not paid out by now, as far as the account covers it.
    pub fn earned(&self, payment: &Payment) -> Dec18 {
        let since = u128::from(self.height.blocks_since(self.deployment.escrow.settled_at));
        let fresh = payment.rate.amount.checked_times(since).unwrap_or(Dec18::MAX);
        let of = self.funds.iter().find(|funds| funds.denomination == payment.rate.denom);
        let covered = of.map_or(Dec18::ZERO, |funds| if funds.held.is_negative() { Dec18::ZERO } else { funds.held });
        payment.balance.amount.checked_add(fresh.min(covered)).unwrap_or(Dec18::MAX)
    }
}

/// Reads the money of a deployment; `None`: there is no such deployment.
pub async fn read(client: &Client, id: &DeploymentId, block: BlockTime) -> Result<Option<Found>, CallError> {
    let (deployment, payments) = tokio::join!(client.deployment(id), client.payments(EscrowState::Open, Some(id)));
    let deployment = deployment?.believed()?;
    let height = deployment.height();
    let Some(deployment) = deployment.into_value() else { return Ok(None) };
    let payments = payments?.believed()?.into_value();
    let funds = of_account(&deployment.escrow, &payments, height, block);
    Ok(Some(Found { height, deployment, payments, funds }))
}

/// The money of an account with these open payments, at a height.
pub fn of_account(account: &Account, payments: &[Payment], height: Height, block: BlockTime) -> Vec<Funds> {
    let since = u128::from(height.blocks_since(account.settled_at));
    let of = |coin: &crate::domain::amount::DecCoin| {
        let of_denomination = payments.iter().filter(|payment| payment.rate.denom == coin.denom);
        let rate = of_denomination
            .map(|payment| payment.rate.amount)
            .try_fold(Dec18::ZERO, Dec18::checked_add)
            .unwrap_or(Dec18::MAX);
        let gone = rate.checked_times(since).unwrap_or(Dec18::MAX);
        let left = coin.amount.checked_sub(gone).unwrap_or(-Dec18::MAX);
        let blocks = (!rate.is_zero()).then(|| {
            let blocks =
                if left.is_positive() { left.checked_div(rate, Rounding::Down).ok() } else { Some(Dec18::ZERO) };
            let whole = blocks.and_then(|blocks| blocks.to_int(Rounding::Down).ok());
            whole.and_then(|whole| u64::try_from(whole).ok()).unwrap_or(u64::MAX)
        });
        Funds {
            denomination: coin.denom.clone(),
            held: coin.amount,
            left,
            rate,
            blocks,
            time: blocks.map(|blocks| block.times(blocks)),
        }
    };
    account.funds.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::Address;
    use crate::domain::deployment::DeploymentState;
    use crate::domain::escrow::AccountId;
    use crate::domain::id::LeaseId;

    const TENANT: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw";

    fn deployment(funds: &[&str]) -> Deployment {
        let id = DeploymentId::parse(&format!("{TENANT}/1"), "ve").unwrap();
        let escrow = Account {
            id: AccountId::Deployment(id.clone()),
            owner: id.owner().clone(),
            state: EscrowState::Open,
            transferred: Vec::new(),
            settled_at: Height(100),
            funds: funds.iter().map(|coin| coin.parse().unwrap()).collect(),
            deposits: Vec::new(),
        };
        let (state, created_at) = (DeploymentState::Active, Height(1));
        Deployment { id, state, hash: [0; 32], created_at, reclamation: None, groups: Vec::new(), escrow }
    }

    fn payment(gseq: u32, rate: &str) -> Payment {
        let lease = LeaseId::parse(&format!("{TENANT}/1/{gseq}/1/{TENANT}"), "ve").unwrap();
        Payment {
            lease,
            owner: Address::parse(TENANT, "ve").unwrap(),
            state: EscrowState::Open,
            rate: rate.parse().unwrap(),
            balance: "0.25uve".parse().unwrap(),
            unsettled: "0uve".parse().unwrap(),
            withdrawn: "7uve".parse().unwrap(),
        }
    }

    #[test]
    fn money_moves_between_two_looks_of_the_chain() {
        let block = BlockTime::new(Duration::from_secs(5)).unwrap();
        let payments = [payment(1, "0.5uve"), payment(2, "1.5uve")];
        let deployment = deployment(&["1000uve", "3uakt"]);
        let found = of_account(&deployment.escrow, &payments, Height(200), block);
        // A hundred blocks at 2 are gone; 800 last for 400 blocks.
        assert_eq!(
            (found[0].left, found[0].rate, found[0].blocks),
            (Dec18::from(800u64), Dec18::from(2u64), Some(400))
        );
        assert_eq!(found[0].time, Some(Duration::from_secs(2000)));
        assert_eq!((found[1].blocks, found[1].time), (None, None), "nothing takes the other coin");
        let earned_by = |at: u64| {
            let (height, deployment, funds) = (Height(at), deployment.clone(), found.clone());
            Found { height, deployment, payments: Vec::new(), funds }.earned(&payments[0]).to_string()
        };
        assert_eq!((earned_by(200), earned_by(100)), ("50.25".to_owned(), "0.25".to_owned()));
        assert_eq!(earned_by(1_000_000), "1000.25", "no more than there is");
    }

    #[test]
    fn what_is_used_up_lasts_for_nothing() {
        let block = BlockTime::new(Duration::from_secs(5)).unwrap();
        let found = of_account(&deployment(&["10uve"]).escrow, &[payment(1, "1uve")], Height(500), block);
        assert!(found[0].left.is_negative());
        assert_eq!((found[0].blocks, found[0].time), (Some(0), Some(Duration::ZERO)));
    }
}
