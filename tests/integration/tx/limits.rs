//! Gas, caps and money: each setting is read, and changes what is done.

use provider::chain::wire::Named as _;
use provider::domain::outbox::intent::State;
use provider::store::outbox::{intents, transactions};

use super::books;
use super::world::{BEGINNING, World};

/// Wants so many payments.
fn payments(world: &World, from: u64, count: u64) {
    let store = world.store();
    for number in from..from + count {
        world.enqueue(&store, &format!("send/{number}"), &world.send(number), None);
    }
}

fn done(world: &World) -> usize {
    let filter = intents::Filter { state: Some(State::Done), ..intents::Filter::default() };
    world.store().read("look", |snapshot| intents::list(snapshot, &filter)).unwrap().len()
}

/// A transaction of one payment costs less than 3000uve, and two cost more.
#[tokio::test(flavor = "multi_thread")]
async fn each_cap_ends_the_sending_and_says_so() {
    let cases = [
        ("fees_per_run: 3000", "transactions.fees_per_run", 1),
        ("fees_per_hour: 3000", "transactions.fees_per_hour", 1),
        ("deposits_per_run: 600000", "transactions.deposits_per_run", 1),
        ("deposits_per_hour: 600000", "transactions.deposits_per_hour", 1),
    ];
    for (line, setting, before) in cases {
        let world = World::new(20, &format!("  max_messages: 1\n  {line}")).await;
        if line.starts_with("fees") {
            payments(&world, 0, 3);
        } else {
            let orders = world.orders(3).await;
            let store = world.store();
            for (number, order) in orders.iter().enumerate() {
                world.enqueue(&store, &format!("bid/{number}"), &world.bid(order), Some("500000uve"));
            }
        }
        let ran = world.flush().await;
        assert_eq!(ran.code, Some(75), "{line}: {} {}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(setting), "{line}: {}", ran.stderr);
        assert_eq!((done(&world), world.open().len()), (before, 2), "{line}");
        // The next run has a cap of its own; the hour is the same.
        let again = world.flush().await;
        let more = usize::from(line.contains("per_run"));
        assert_eq!(done(&world), before + more, "{line}: {}", again.stderr);
        world.server.stop().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_low_balance_is_said_before_it_hurts() {
    let world = World::new(20, "").await;
    payments(&world, 0, 1);
    let ran = world.flush().await;
    assert!(ran.code == Some(0) && !ran.stderr.contains("balance"), "{}", ran.stderr);
    let text = std::fs::read_to_string(world.path("config.yaml")).unwrap();
    let text = text.replace("low_balance: 1\n", &format!("low_balance: {BEGINNING}\n"));
    std::fs::write(world.path("config.yaml"), text).unwrap();
    payments(&world, 1, 1);
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("the balance is low: "), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_that_the_balance_does_not_cover() {
    let world = World::new(20, "").await;
    let store = world.store();
    let away = world.send_to(&world.send_address(77), BEGINNING - 3_000);
    world.enqueue(&store, "nearly all", &away, None);
    assert_eq!(world.flush().await.code, Some(0));
    payments(&world, 1, 1);
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(1), "{} {}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("and the next transaction needs"), "{}", ran.stderr);
    assert_eq!((done(&world), books::read(&world).transactions), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_share_transactions_up_to_the_limits() {
    let counted = |world: &World| books::read(world).transactions;
    for (lines, transactions) in [
        ("  max_messages: 4", 3),
        ("  max_messages: 12", 1),
        // Twelve payments need some 350,000 gas with the factor.
        ("  max_messages: 12\n  max_gas: 250000", 2),
    ] {
        let world = World::new(20, lines).await;
        payments(&world, 0, 12);
        let ran = world.flush().await;
        assert_eq!((ran.code, done(&world)), (Some(0), 12), "{lines}: {} {}", ran.stdout, ran.stderr);
        assert_eq!(counted(&world), transactions, "{lines}");
        world.server.stop().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_needs_too_much_gas_is_refused_with_the_setting() {
    let world = World::new(20, "  max_gas: 100000").await;
    let text = std::fs::read_to_string(world.path("config.yaml")).unwrap();
    std::fs::write(world.path("config.yaml"), text.replace("chain:\n", "chain:\n  gas_adjustment: 3\n")).unwrap();
    payments(&world, 0, 1);
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("transactions.max_gas allows 100000"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_block_holds_more_than_allowed() {
    let world = World::new(120, "  max_messages: 1\n  per_block: 2").await;
    payments(&world, 0, 7);
    assert_eq!(world.flush().await.code, Some(0));
    let moment = world.server.node.moment(0).unwrap();
    let most = (1..=moment.height()).map(|height| moment.txs(height).unwrap().len()).max().unwrap();
    assert!((1..=2).contains(&most), "{most} in one block");
}

#[tokio::test(flavor = "multi_thread")]
async fn gas_that_ran_out_in_a_block_is_paid_for_and_followed_by_more() {
    let world = World::new(20, "").await;
    payments(&world, 0, 1);
    let id = world.open()[0].0;
    // It suffices for the check of the transaction, and not for its message.
    world.sign_by_hand(&[(id, world.send(0).pack(world.network))], 55_000).await;
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
    let all = world.store().read("look", |snapshot| transactions::of_intent(snapshot, id)).unwrap();
    let told: Vec<_> = all.iter().map(|tx| (tx.state.word(), tx.gas_limit > 55_000)).collect();
    assert_eq!(told, [("included", true), ("failed", false)]);
    assert_eq!((all[1].codespace.as_deref(), all[1].code), (Some("sdk"), Some(11)));
    // The fee of the first is in the books as well.
    books::check(&world, &[world.packed(&world.send(0))], 1_000, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gas_that_ran_out_for_all_is_nobody_s_fault() {
    // What three payments were given must not be what each is given, and half as much again: there is a limit.
    let world = World::new(20, "  max_gas: 130000").await;
    payments(&world, 0, 3);
    let mut open: Vec<_> = world.open().into_iter().map(|(id, _)| id).collect();
    open.sort();
    let messages = (0..3).map(|number| world.send(number).pack(world.network));
    let of: Vec<_> = open.iter().copied().zip(messages).collect();
    world.sign_by_hand(&of, 70_000).await;
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(0), "{} {}\n{}", ran.stdout, ran.stderr, books::history(&world));
    for id in open {
        let all = world.store().read("look", |snapshot| transactions::of_intent(snapshot, id)).unwrap();
        let told: Vec<_> = all.iter().map(|tx| tx.state.word()).collect();
        assert_eq!(told, ["included", "failed"]);
        // More than it needs alone, and within the limit.
        assert!((60_000..=130_000).contains(&all[0].gas_limit), "{}", all[0].gas_limit);
    }
    let wanted: Vec<_> = (0..3).map(|number| world.packed(&world.send(number))).collect();
    let chain = books::check(&world, &wanted, 3_003, 0).await;
    assert_eq!(chain.transactions, 4);
}
