//! How much gas a transaction is given, and what that costs.

use crate::domain::amount::{self, Coin, Dec18, DecCoin, Int, Rounding};

/// What a simulated amount of gas is multiplied with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factors {
    /// For most messages, whose simulation is exact (`chain.gas_adjustment`).
    pub usual: Dec18,
    /// For messages that settle escrow: the chain charges for the blocks between simulation and execution, seen x1.40
    /// (`transactions.escrow_gas_adjustment`).
    pub settling: Dec18,
}

/// Messages that settle an escrow account, by name. (Recorded: closing a lease used 1.40 times what its simulation did,
/// closing a deployment 1.34 times.)
const SETTLING: &[&str] = &[
    "MsgCreateLease",
    "MsgCloseLease",
    "MsgWithdrawLease",
    "MsgCloseBid",
    "MsgLeaseStartReclaim",
    "MsgAccountDeposit",
    "MsgCloseDeployment",
    "MsgCloseGroup",
    "MsgPauseGroup",
    "MsgStartGroup",
    "MsgSettleOrder",
    "MsgReleaseEscrow",
    "MsgRefundEscrow",
];

/// Whether a message settles escrow, by its type URL.
pub fn settles_escrow(type_url: &str) -> bool {
    type_url.rsplit('.').next().is_some_and(|name| SETTLING.contains(&name))
}

/// After each end of gas in a block the next attempt gets half as much again.
const AFTER_OUT_OF_GAS: (u64, u64) = (3, 2);

/// So many attempts that ended for lack of gas are paid for; the next one would be as useless.
pub const OUT_OF_GAS_ATTEMPTS: u32 = 3;

/// The gas limit of a transaction whose simulation used `simulated`; `settles`: one of its messages settles escrow;
/// `attempts`: so many times its message ended for lack of gas; `most`: what a transaction may have. What is raised for
/// earlier attempts stays within `most`; a result above it says that the messages do not fit even without.
pub fn limit(simulated: u64, settles: bool, attempts: u32, most: u64, factors: Factors) -> Result<u64, amount::Error> {
    let factor = if settles { factors.settling.max(factors.usual) } else { factors.usual };
    let gas = Dec18::from(simulated).checked_mul(factor, Rounding::Up)?.to_int(Rounding::Up)?;
    let gas = u64::try_from(gas)?;
    if gas > most {
        return Ok(gas);
    }
    let (times, of) = AFTER_OUT_OF_GAS;
    // More attempts than are ever made change nothing any more.
    let raised = (0..attempts.min(64)).fold(gas, |gas, _| gas.saturating_mul(times) / of);
    Ok(raised.clamp(gas, most))
}

/// The fee for a gas limit, rounded up as nodes do.
pub fn fee(gas_limit: u64, price: &DecCoin) -> Result<Coin, amount::Error> {
    let amount: Int = Dec18::from(gas_limit).checked_mul(price.amount, Rounding::Up)?.to_int(Rounding::Up)?;
    Ok(Coin::new(amount, price.denom.clone()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MOST: u64 = u64::MAX;

    fn factors() -> Factors {
        Factors { usual: "1.5".parse().unwrap(), settling: "1.8".parse().unwrap() }
    }

    #[test]
    fn gas_is_simulated_gas_times_a_factor_rounded_up() {
        assert_eq!(limit(100_001, false, 0, MOST, factors()).unwrap(), 150_002);
        assert_eq!(limit(140_623, true, 0, MOST, factors()).unwrap(), 253_122);
        // The recorded lease close needed 196,480.
        assert!(limit(140_623, true, 0, MOST, factors()).unwrap() > 196_480);
        // A usual factor above the larger one rules for both.
        let generous = Factors { usual: "3".parse().unwrap(), ..factors() };
        assert_eq!(limit(10, true, 0, MOST, generous).unwrap(), 30);
    }

    #[test]
    fn an_attempt_without_enough_is_followed_by_one_with_more() {
        assert_eq!(limit(100_000, false, 1, MOST, factors()).unwrap(), 225_000);
        assert_eq!(limit(100_000, false, 2, MOST, factors()).unwrap(), 337_500);
        // Never more than a transaction may have, and never less than what the simulation says.
        assert_eq!(limit(100_000, false, 2, 300_000, factors()).unwrap(), 300_000);
        assert_eq!(limit(100_000, false, 0, 100_000, factors()).unwrap(), 150_000);
        assert_eq!(limit(100_000, false, 5, 100_000, factors()).unwrap(), 150_000);
    }

    #[test]
    fn fees_are_rounded_up() {
        let fee = |gas, price: &str| fee(gas, &price.parse().unwrap()).unwrap().to_string();
        assert_eq!(fee(200_000, "0.025uve"), "5000uve");
        assert_eq!(fee(200_001, "0.025uve"), "5001uve");
        assert_eq!(fee(1, "0uve"), "0uve");
    }

    #[test]
    fn what_settles_escrow_is_told_by_name() {
        assert!(settles_escrow("/virtengine.market.v1beta5.MsgCloseLease"));
        assert!(settles_escrow("/akash.market.v1beta5.MsgWithdrawLease"));
        assert!(!settles_escrow("/virtengine.market.v1beta5.MsgCreateBid"));
        assert!(!settles_escrow("/cosmos.bank.v1beta1.MsgSend"));
        assert!(!settles_escrow(""));
    }

    proptest! {
        #[test]
        fn more_is_never_less(simulated in 0u64..1_000_000_000_000, most in 0u64..1_000_000_000_000, attempts in 0u32..5) {
            let usual = limit(simulated, false, 0, MOST, factors()).unwrap();
            prop_assert!(usual >= simulated);
            prop_assert!(limit(simulated, true, 0, MOST, factors()).unwrap() >= usual);
            let again = limit(simulated, false, attempts, most, factors()).unwrap();
            prop_assert!(again >= usual && (usual > most || again <= most));
        }

        #[test]
        fn no_gas_panics(simulated in any::<u64>(), most in any::<u64>(), attempts in any::<u32>()) {
            let _ = limit(simulated, true, attempts, most, factors());
        }
    }
}
