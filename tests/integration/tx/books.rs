//! What the chain holds, and whether the state file says the same.

use std::collections::BTreeMap;

use prost::Message;
use provider::chain::wire::cosmos::bank::QueryBalanceRequest;
use provider::chain::wire::cosmos::tx::Tx;
use provider::domain::amount::{Denom, Int};
use provider::domain::outbox::SpendingKind;
use provider::store::outbox::spending;

use super::world::{BEGINNING, World};

/// A message as the chain has it, and how often it was executed.
pub type Executed = BTreeMap<(String, Vec<u8>), u64>;

/// What the provider's account did on the chain.
#[derive(Debug, Default)]
pub struct OnChain {
    /// Every message that was executed.
    pub executed: Executed,
    /// What all its transactions paid.
    pub fees: u64,
    /// How many of them there are, executed or paid for.
    pub transactions: u64,
}

/// Reads every block of the chain.
pub fn read(world: &World) -> OnChain {
    let mut chain = OnChain::default();
    let moment = world.server.node.moment(0).unwrap();
    let sender = format!("{}/", world.address);
    for height in moment.first_height..=moment.height() {
        for included in moment.txs(height).unwrap() {
            let (bytes, result) = (included.bytes, included.result);
            let told = |key: &str| {
                let of_tx = result.events.iter().filter(|event| event.r#type == "tx");
                of_tx.flat_map(|event| &event.attributes).find(|told| told.key == key).map(|told| told.value.clone())
            };
            // Refused before its messages: it has paid nothing and used no sequence.
            let Some(counted) = told("acc_seq") else { continue };
            if !counted.starts_with(&sender) {
                continue;
            }
            chain.transactions += 1;
            chain.fees += told("fee").unwrap().trim_end_matches("uve").parse::<u64>().unwrap();
            if result.code == 0 {
                let tx = Tx::decode(bytes.as_slice()).unwrap();
                for any in tx.body.unwrap().messages {
                    *chain.executed.entry((any.type_url, any.value)).or_default() += 1;
                }
            }
        }
    }
    chain
}

/// Every change of state that was written down, for a test that fails.
pub fn history(world: &World) -> String {
    let sql = "SELECT coalesce('intent ' || intent, 'transaction ' || tx), coalesce(from_state, '-'), to_state,
                      coalesce(reason, ''), coalesce(detail, '') FROM outbox_transitions ORDER BY id";
    let rows = world.store().read("list", |snapshot| {
        snapshot.rows(sql, [], |row| {
            let texts: [String; 5] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            Ok(texts.join(" "))
        })
    });
    rows.unwrap().join("\n")
}

/// Each of these messages is on the chain once, and nothing else is; the books are the chain's.
pub async fn check(world: &World, wanted: &[(String, Vec<u8>)], sent: u64, deposits: u64) -> OnChain {
    let chain = read(world);
    for message in wanted {
        let times = chain.executed.get(message).copied().unwrap_or(0);
        assert_eq!(times, 1, "{} was executed {times} times\n{}", message.0, history(world));
    }
    assert_eq!(chain.executed.len(), wanted.len(), "something was executed that nobody wanted");
    let store = world.store();
    let all = store.read("add up", |snapshot| spending::since(snapshot, jiff::Timestamp::UNIX_EPOCH)).unwrap();
    let denom: Denom = world.network.fee_denomination.parse().unwrap();
    let booked = |kind: SpendingKind| -> u64 {
        let coins = all.coins().filter(|(of, coin)| *of == kind && coin.denom == denom);
        coins.map(|(_, coin)| u64::try_from(coin.amount).unwrap()).sum()
    };
    assert_eq!(booked(SpendingKind::Fee), chain.fees, "the fees in the books are not the chain's");
    assert_eq!(booked(SpendingKind::Deposit), deposits, "the deposits in the books are not the chain's");
    let request = QueryBalanceRequest { address: world.address.to_string(), denom: denom.to_string() };
    let balance: Int = world.client.call(request).await.unwrap().balance.unwrap().amount.parse().unwrap();
    let left = BEGINNING - sent - deposits - chain.fees;
    assert_eq!(balance, Int::from(left), "the money is not where the books say");
    assert_eq!(store.check(&|| false).unwrap(), [], "the state file is not sound");
    chain
}
