use super::*;
use crate::chain::wire::cosmos::bank::{MsgSend, QueryAllBalancesRequest};
use crate::chain::wire::cosmos::page::PageRequest;
use crate::devnet::context::Profile;
use crate::devnet::kv::MemoryKv;
use crate::domain::network::Name;
use jiff::Timestamp;

const A: &[u8] = &[1; 20];
const B: &[u8] = &[2; 20];

fn coins(text: &str) -> Vec<Coin> {
    text.split(',').map(|coin| coin.parse().unwrap()).collect()
}

fn context(kv: &mut MemoryKv) -> Context<'_> {
    let mut context = Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 1, Timestamp::UNIX_EPOCH);
    mint(&mut context, A, &coins("7uact,100uve")).unwrap();
    context
}

#[test]
fn money_moves_and_tells_of_it() {
    let kv = &mut MemoryKv::new();
    let context = &mut context(kv);
    send(context, A, B, &coins("7uact,40uve")).unwrap();
    assert_eq!(balances(context.kv, A).unwrap(), [coin::Coin { denom: "uve".into(), amount: "60".into() }]);
    assert_eq!(balance(context.kv, B, "uact").unwrap(), Int::from(7u32));
    let kinds: Vec<_> = context.events.iter().map(|event| event.r#type.as_str()).collect();
    assert_eq!(kinds, ["coin_spent", "coin_received", "transfer", "message"]);
    assert_eq!(context.events[0].attributes[1].value, "7uact,40uve");
}

#[test]
fn what_is_not_there_cannot_be_spent() {
    let kv = &mut MemoryKv::new();
    let context = &mut context(kv);
    let refusal = send(context, A, B, &coins("101uve")).unwrap_err();
    assert_eq!((refusal.codespace.as_ref(), refusal.code), ("sdk", 5));
    assert_eq!(refusal.text(), "spendable balance 100uve is smaller than 101uve: insufficient funds");
}

#[test]
fn a_message_with_odd_coins_or_addresses_is_refused() {
    let network = Name::Virtengine.facts();
    let (from, to) = (auth::of_bytes(network, A), auth::of_bytes(network, B));
    let check = |from: &str, to: &str, coins: &[(&str, &str)]| {
        let amount = coins
            .iter()
            .map(|(amount, denom)| coin::Coin { denom: (*denom).to_owned(), amount: (*amount).to_owned() })
            .collect();
        let message = MsgSend { from_address: from.to_owned(), to_address: to.to_owned(), amount };
        validate_basic(network, &message).map_err(|refusal| refusal.code)
    };
    assert_eq!(check(&from, &to, &[("1", "uact"), ("1", "uve")]), Ok(()));
    assert_eq!(check("ve1x", &to, &[("1", "uve")]), Err(7));
    for coins in
        [&[][..], &[("0", "uve")], &[("-1", "uve")], &[("1", "uve"), ("1", "uve")], &[("1", "uve"), ("1", "uact")]]
    {
        assert_eq!(check(&from, &to, coins), Err(10), "{coins:?}");
    }
}

#[test]
fn balances_are_listed_in_pages() {
    let kv = &mut MemoryKv::new();
    let context = &context(kv);
    let list = |key: Vec<u8>, limit| {
        let pagination = Some(PageRequest { key, limit, ..Default::default() });
        let address = auth::of_bytes(context.network, A);
        let answer = all_balances(context, &QueryAllBalancesRequest { address, pagination, resolve_denom: false });
        let answer = answer.unwrap();
        (answer.balances.iter().map(|coin| coin.denom.clone()).collect::<Vec<_>>(), answer.pagination.unwrap())
    };
    let (first, page) = list(Vec::new(), 1);
    assert_eq!((first.as_slice(), page.total), (&["uact".to_owned()][..], 0));
    let (second, page) = list(page.next_key, 1);
    assert_eq!((second.as_slice(), page.next_key.len()), (&["uve".to_owned()][..], 0));
    assert_eq!(list(Vec::new(), 0).1.total, 2);
}
