//! Modules `mint` and `distribution`, as far as every block shows them: new coins for the one validator, which gets
//! the fees of the block before, too.
//!
//! All of it goes to the account of the module `distribution`. Nobody votes, delegates or withdraws here, so who has
//! earned which part of it is told in events and not kept.

use super::{auth, bank};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::domain::address::Address;
use crate::domain::amount::{self, Coin, Dec18, Denom, Int, Rounding};

/// How much of the supply is made in a year.
const INFLATION: &str = "0.13";
/// How many blocks a year has (`blocks_per_year`, blocks of five seconds).
const BLOCKS_PER_YEAR: u32 = 6_311_520;
/// What the one validator has at stake, in the smallest unit.
const BONDED: u64 = 10_000_000_000;
/// The validator's own share of what it earns, of the part that is not the community's: 10 % of 98 %.
const VALIDATOR_SHARE: &str = "0.98";
const COMMISSION: &str = "0.1";

/// At the begin of each block: coins are made and go, with the fees, to the distribution.
pub fn begin_block(context: &mut Context<'_>) -> Result<(), Refusal> {
    make(context)?;
    distribute(context)
}

fn overflow(error: &amount::Error) -> Refusal {
    Refusal::undefined(error.to_string())
}

fn make(context: &mut Context<'_>) -> Result<(), Refusal> {
    let denom: Denom = context.network.fee_denomination.parse().map_err(|error| overflow(&error))?;
    let supply = Dec18::try_from(bank::supply(context.kv, denom.as_str())?).map_err(|error| overflow(&error))?;
    let inflation: Dec18 = INFLATION.parse().map_err(|error| overflow(&error))?;
    let provisions = supply.checked_mul(inflation, Rounding::HalfEven).map_err(|error| overflow(&error))?;
    let blocks = Dec18::from(BLOCKS_PER_YEAR);
    let amount = provisions.checked_div(blocks, Rounding::HalfEven).and_then(|each| each.to_int(Rounding::Down));
    let amount = amount.map_err(|error| overflow(&error))?;
    let minter = auth::module_address("mint");
    let shown = auth::of_bytes(context.network, &minter);
    if !amount.is_zero() {
        let coin = Coin { amount, denom };
        let text = coin.to_string();
        bank::mint(context, &minter, std::slice::from_ref(&coin))?;
        context.emit_plain("coin_received", &[("receiver", &shown), ("amount", &text)]);
        context.emit_plain("coinbase", &[("minter", &shown), ("amount", &text)]);
        bank::send_to_module(context, &minter, "fee_collector", &[coin])?;
    }
    let bonded = if supply.is_zero() {
        Dec18::ZERO
    } else {
        Dec18::from(BONDED).checked_div(supply, Rounding::HalfEven).map_err(|error| overflow(&error))?
    };
    context.emit_plain(
        "mint",
        &[
            ("bonded_ratio", &bonded.fixed().to_string()),
            ("inflation", &inflation.fixed().to_string()),
            ("annual_provisions", &provisions.fixed().to_string()),
            ("amount", &amount.to_string()),
        ],
    );
    Ok(())
}

fn distribute(context: &mut Context<'_>) -> Result<(), Refusal> {
    let collector = auth::module_address("fee_collector");
    let fees: Vec<Coin> = bank::balances(context.kv, &collector)?
        .iter()
        .map(|coin| Ok(Coin { amount: Int::from_wire(&coin.amount)?, denom: coin.denom.parse()? }))
        .collect::<Result<_, _>>()
        .map_err(|error| overflow(&error))?;
    // The first block has no votes to reward yet.
    if fees.is_empty() || context.height <= 1 {
        return Ok(());
    }
    bank::send_to_module(context, &collector, "distribution", &fees)?;
    let share: Dec18 = VALIDATOR_SHARE.parse().map_err(|error| overflow(&error))?;
    let commission: Dec18 = COMMISSION.parse().map_err(|error| overflow(&error))?;
    let (mut earned, mut kept) = (Vec::new(), Vec::new());
    for coin in &fees {
        let whole = Dec18::try_from(coin.amount).map_err(|error| overflow(&error))?;
        let reward = whole.checked_mul(share, Rounding::Down).map_err(|error| overflow(&error))?;
        let own = reward.checked_mul(commission, Rounding::Down).map_err(|error| overflow(&error))?;
        earned.push(format!("{}{}", reward.fixed(), coin.denom));
        kept.push(format!("{}{}", own.fixed(), coin.denom));
    }
    let prefix = format!("{}valoper", context.network.address_prefix);
    let validator = Address::of_bytes(&auth::module_address("devnet validator"), &prefix);
    let validator = validator.map(|address| address.to_string()).unwrap_or_default();
    context.emit_plain("commission", &[("amount", &kept.join(",")), ("validator", &validator)]);
    context.emit_plain("rewards", &[("amount", &earned.join(",")), ("validator", &validator)]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devnet::context::Profile;
    use crate::devnet::kv::MemoryKv;
    use crate::domain::network::Name;
    use jiff::Timestamp;

    #[test]
    fn new_coins_and_fees_end_at_the_distribution() {
        let kv = &mut MemoryKv::new();
        let mut context = Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 2, Timestamp::UNIX_EPOCH);
        let coins = ["600000000000000uve".parse().unwrap()];
        bank::mint(&mut context, &[1; 20], &coins).unwrap();
        bank::send_to_module(&mut context, &[1; 20], "fee_collector", &["68384uve".parse().unwrap()]).unwrap();
        context.events.clear();
        begin_block(&mut context).unwrap();
        // 600 million a year of 13 %, in 6311520 blocks.
        let made = Int::from(12_358_354u64);
        let sum = made.checked_add(Int::from(68_384u64)).unwrap();
        assert_eq!(bank::balance(context.kv, &auth::module_address("distribution"), "uve").unwrap(), sum);
        assert_eq!(bank::supply(context.kv, "uve").unwrap().to_string(), "600000012358354");
        let kinds: Vec<_> = context.events.iter().map(|event| event.r#type.as_str()).collect();
        let sent = ["coin_spent", "coin_received", "transfer", "message"];
        let want = [&["coin_received", "coinbase"][..], &sent, &["mint"], &sent, &["commission", "rewards"]];
        assert_eq!(kinds, want.concat());
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        let kv = &mut MemoryKv::new();
        let mut context = Context::new(kv, Name::Akash.facts(), Profile::Localnet, 1, Timestamp::UNIX_EPOCH);
        begin_block(&mut context).unwrap();
        assert_eq!(context.events.len(), 1);
        assert!(bank::everything(context.kv).unwrap().is_empty());
    }
}
