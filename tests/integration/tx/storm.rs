//! One seed of the exactly-once test.

use std::fmt;
use std::time::{Duration, Instant};

use provider::devnet::fault::{Fault, Rule};

use super::books;
use super::world::World;

/// Numbers that a seed gives, always the same (xorshift64*).
struct Dice(u64);

impl Dice {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// From `low` to `high`, both included.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}

/// What a seed came to.
pub struct Told {
    seed: u64,
    messages: u64,
    transactions: u64,
    kills: u32,
    runs: u32,
    took: Duration,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "seed {}: {} messages, {} transactions, {} of {} runs killed, {:.1} s",
            self.seed,
            self.messages,
            self.transactions,
            self.kills,
            self.runs,
            self.took.as_secs_f64()
        )
    }
}

/// The methods that a sender calls; none stands for all.
const METHODS: &[Option<&str>] = &[
    None,
    Some("BroadcastTx"),
    Some("BroadcastTx"),
    Some("Simulate"),
    Some("GetTx"),
    Some("Account"),
    Some("AllBalances"),
    Some("block"),
    Some("block_results"),
    Some("status"),
];

/// Something goes wrong for a few calls, or for the whole node.
fn misbehave(world: &World, dice: &mut Dice) {
    let node = &world.server.node;
    if dice.chance(10) {
        node.restart(Duration::from_millis(dice.between(0, 60))).unwrap();
        return;
    }
    if dice.chance(25) {
        node.faults().clear();
        return;
    }
    let method = METHODS[usize::try_from(dice.next()).unwrap() % METHODS.len()];
    let (fault, method) = match dice.between(0, 9) {
        0 => (Fault::Delay { milliseconds: dice.between(5, 120) }, method),
        1 => (Fault::Drop, method),
        2 => (Fault::Half, method),
        3 => (Fault::Stale { blocks: u32::try_from(dice.between(1, 8)).unwrap() }, method),
        4 => (Fault::CatchingUp, None),
        5 => (Fault::Swallow, Some("BroadcastTx")),
        6 => (Fault::Late { blocks: u32::try_from(dice.between(1, 25)).unwrap() }, Some("BroadcastTx")),
        7 => (Fault::Status { code: 14, message: "away".to_owned() }, method),
        8 => (Fault::Status { code: 13, message: "trouble".to_owned() }, method),
        _ => (
            Fault::Refuse { codespace: "sdk".to_owned(), code: 20, log: "mempool is full".to_owned() },
            Some("BroadcastTx"),
        ),
    };
    let rule = Rule::of(fault, method);
    node.faults().set(Rule { from: dice.between(1, 4), times: Some(dice.between(1, 4)), ..rule });
}

/// So many runs are disturbed at most; then the sender may end its work in peace.
const DISTURBED: u32 = 25;

/// Sends at least so many transactions of one message, two or three through a storm, and compares the chain with what was
/// wanted.
pub async fn exactly_once(seed: u64, transactions: u64) -> Told {
    let begun = Instant::now();
    let mut dice = Dice::of(seed);
    let (in_one, end) = (1 + seed % 3, dice.between(8, 30));
    let messages = transactions * in_one;
    let settings = |end: u64| {
        format!(
            "  max_messages: {in_one}\n  timeout_blocks: {end}\n  confirm_within: 3s\n  fees_per_run: 1000000000000\n  \
             fees_per_hour: 1000000000000\n  deposits_per_run: 1000000000000\n  deposits_per_hour: 1000000000000"
        )
    };
    let world = World::new(25 + seed % 4 * 10, &settings(end)).await;
    let orders = world.orders(u32::try_from(messages / 4).unwrap()).await;
    let store = world.store();
    let (mut wanted, mut sent, mut deposits) = (Vec::new(), 0, 0);
    let (mut kills, mut runs) = (0, 0);
    while wanted.len() < usize::try_from(messages).unwrap() || (runs < DISTURBED && !world.open().is_empty()) {
        // The queue grows while the sender works.
        for _ in 0..dice.between(5, 60) * in_one {
            let number = u64::try_from(wanted.len()).unwrap();
            if number == messages {
                break;
            }
            let key = format!("message/{number}");
            wanted.push(match (number % 4, orders.get(usize::try_from(number / 4).unwrap())) {
                (1, Some(order)) => {
                    let bid = world.bid(order);
                    world.enqueue(&store, &key, &bid, Some("500000uve"));
                    deposits += 500_000;
                    world.packed(&bid)
                }
                (2, _) => {
                    let heartbeat = world.heartbeat(number);
                    world.enqueue(&store, &key, &heartbeat, None);
                    world.packed(&heartbeat)
                }
                _ => {
                    let send = world.send(number);
                    world.enqueue(&store, &key, &send, None);
                    sent += 1_000 + number;
                    world.packed(&send)
                }
            });
        }
        let mut sender = world.flushing();
        let mut child = sender.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        runs += 1;
        let patience = Duration::from_millis(dice.between(40, 1_500));
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() && started.elapsed() < patience {
            if dice.chance(30) {
                misbehave(&world, &mut dice);
            }
            tokio::time::sleep(Duration::from_millis(dice.between(1, 40))).await;
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            kills += 1;
        }
        child.wait().unwrap();
    }
    world.server.node.faults().clear();
    // Blocks are some thirty milliseconds apart: on a busy machine a near end has passed before a node has the bytes.
    world.configure(&settings(1_000));
    runs += world.flush_to_the_end().await;
    let chain = books::check(&world, &wanted, sent, deposits).await;
    world.server.stop().await.unwrap();
    Told { seed, messages, transactions: chain.transactions, kills, runs, took: begun.elapsed() }
}
