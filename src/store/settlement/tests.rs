use super::*;
use crate::store::Store;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn payment(earned: &str, second: i64) -> PaymentRow {
    PaymentRow {
        lease: "lease".to_owned(),
        tenant: "tenant".to_owned(),
        lease_state: "active".to_owned(),
        payment_state: "open".to_owned(),
        rate: "1.5uve".parse().unwrap(),
        balance: "0.5uve".parse().unwrap(),
        unsettled: "0uve".parse().unwrap(),
        withdrawn: "7uve".parse().unwrap(),
        earned: earned.parse().unwrap(),
        funded_to: Some(Height(99)),
        seen_height: Height(5),
        seen_at: at(second),
        withdrawal: None,
        withdrawals: 0,
        last_withdrawn_at: None,
    }
}

fn earned(store: &Store) -> Vec<(i64, String, String)> {
    let mut all = Vec::new();
    let look = |one: Earning| all.push((one.at.as_second(), one.source, one.amount.to_string()));
    store.read("earnings", |s| each_earning(s, (None, None), look)).unwrap();
    all
}

#[test]
fn what_was_earned_is_noticed_once() {
    let store = Store::in_memory().unwrap();
    for (amount, second) in [("7.5uve", 10), ("7.5uve", 20), ("9uve", 30)] {
        store.write("see", |change| see_payment(change, &payment(amount, second))).unwrap();
    }
    let settlement = SettlementRow {
        settlement_id: "settle-1".to_owned(),
        escrow_id: "escrow-1".to_owned(),
        order_id: "order".to_owned(),
        lease: "lease".to_owned(),
        total: "100uve".to_owned(),
        provider_share: "94uve".to_owned(),
        platform_fee: "5uve".to_owned(),
        validator_fee: "1uve".to_owned(),
        is_final: false,
        records: 2,
        settled_at: at(25),
    };
    for new in [true, false] {
        assert_eq!(store.write("see", |change| see_settlement(change, &settlement, "tenant")).unwrap(), new);
    }
    let lease = |second, amount: &str| (second, "lease".to_owned(), amount.to_owned());
    assert_eq!(
        earned(&store),
        [lease(10, "7.5uve"), (25, "usage".to_owned(), "94uve".to_owned()), lease(30, "1.5uve")]
    );
    assert_eq!(store.read("list", |s| settlements(s, Some("lease"), None)).unwrap(), [settlement]);
}

#[test]
fn payments_come_back_and_withdrawals_are_counted() {
    let store = Store::in_memory().unwrap();
    let mut overdrawn = payment("9uve", 1);
    let below_zero = |amount: &str| DecCoin::new(-amount.parse::<Dec18>().unwrap(), "uve".parse().unwrap());
    (overdrawn.balance, overdrawn.earned) = (below_zero("3.5"), below_zero("1.5"));
    store.write("see", |change| see_payment(change, &overdrawn)).unwrap();
    store.write("withdraw", |change| withdrawing(change, "lease", IntentId(4))).unwrap();
    let row = store.read("list", |s| payments(s, true)).unwrap().remove(0);
    assert_eq!((row.withdrawal, row.withdrawals), (Some(IntentId(4)), 1));
    store.write("withdrew", |change| withdrew(change, "lease", Some(at(9)))).unwrap();
    store.write("see", |change| see_payment(change, &overdrawn)).unwrap();
    let row = store.read("list", |s| payments(s, true)).unwrap().remove(0);
    assert_eq!(row, PaymentRow { withdrawals: 1, last_withdrawn_at: Some(at(9)), ..overdrawn });
    assert_eq!(earned(&store), [(1, "lease".to_owned(), "-1.5uve".to_owned())]);
}

#[test]
fn what_fits_again_is_forgotten_and_what_does_not_keeps_its_begin() {
    let store = Store::in_memory().unwrap();
    let (one, two) =
        (Discrepancy::Foreign { usage_id: "u1".to_owned() }, Discrepancy::Lost { usage_id: "u2".to_owned() });
    let see = |found: &[Discrepancy], second| {
        store.write("see", |change| see_discrepancies(change, "lease", found, at(second))).unwrap()
    };
    assert_eq!((see(std::slice::from_ref(&one), 1), see(&[one.clone(), two.clone()], 1)), (1, 1), "news are counted");
    assert_eq!(see(std::slice::from_ref(&two), 2), 0);
    assert_eq!(store.read("list", discrepancies).unwrap(), [("lease".to_owned(), two, at(1))]);
    see(&[], 3);
    assert_eq!(store.read("list", discrepancies).unwrap(), []);
}
