//! Random transactions, signed and paid for: their fees, sequences and checks, and several messages of which one may
//! fail. Who has what is followed beside the chain, coin by coin.

use crate::chain::wire::Named;
use crate::chain::wire::base::{Deposit, Source};
use crate::chain::wire::cosmos::bank::MsgSend;
use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::cosmos::secp256k1::PubKey;
use crate::chain::wire::cosmos::signing::SignMode;
use crate::chain::wire::cosmos::tx::{
    AuthInfo, Fee, ModeInfo, ModeInfoSingle, ModeInfoSum, SignDoc, SignerInfo, TxBody, TxRaw,
};
use crate::chain::wire::deployment::{DeploymentId, MsgCloseDeployment, MsgCreateDeployment};
use crate::devnet::app::engine::{Admission, Identity, Treatment};
use crate::devnet::app::genesis::{Account, Genesis};
use crate::devnet::app::tx::hash_of;
use crate::devnet::context::Profile;
use crate::devnet::node::Node;
use crate::devnet::random;
use crate::devnet::rules::{auth, bank};
use crate::devnet::seed::usual_group;
use crate::domain::address::Address;
use crate::domain::amount::Int;
use crate::domain::network::{Name, Network};
use k256::ecdsa::signature::Signer;
use k256::ecdsa::{Signature, SigningKey};
use proptest::prelude::*;
use prost::Message;
use prost_types::Any;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const PARTIES: usize = 4;
const BEGINNING: u64 = 30_000_000;
const DEPOSIT: u64 = 500_000;
const FEE: u64 = 15_000;

/// A transaction to be sent, or a block to be made.
#[derive(Debug, Clone)]
struct Step {
    block: bool,
    who: usize,
    kind: u8,
    wrong: u8,
    amount: u32,
}

/// What a message does where it is done.
#[derive(Debug, Clone)]
enum Effect {
    Send { to: usize, amount: u64 },
    Deploy { dseq: u64 },
    Close { dseq: u64 },
}

/// A transaction that was let in.
struct Sent {
    who: usize,
    fee: u64,
    effects: Vec<Effect>,
}

struct World {
    node: Node,
    network: &'static Network,
    /// What deployments are paid with, and deposited for.
    money: String,
    keys: Vec<SigningKey>,
    /// What each has of what: as followed here.
    purses: Vec<BTreeMap<String, u64>>,
    sequences: Vec<u64>,
    /// Let in and in no block yet, by signer.
    waiting: Vec<u64>,
    sent: BTreeMap<Vec<u8>, Sent>,
    supply: BTreeMap<String, Int>,
    reached: BTreeSet<String>,
    _folder: tempfile::TempDir,
}

impl World {
    fn new(name: Name) -> Self {
        let network = name.facts();
        let folder = tempfile::tempdir().unwrap();
        let key = |number: usize| SigningKey::from_slice(&Sha256::digest(format!("party {number}"))).unwrap();
        let keys: Vec<_> = (0..PARTIES).map(key).collect();
        let group = usual_group(network);
        let money = group.resources[0].price.denom.clone();
        let denoms: BTreeSet<_> = [money.clone(), network.fee_denomination.to_owned()].into();
        let coins: Vec<_> = denoms.iter().map(|denom| format!("{BEGINNING}{denom}")).collect();
        let account =
            |key: &SigningKey| Account { name: String::new(), address: address(network, key), coins: coins.join(",") };
        let genesis = Genesis { accounts: keys.iter().map(account).collect(), ..Genesis::default() };
        let identity = Identity {
            network,
            chain_id: "devnet-test-1".into(),
            profile: Profile::Localnet,
            refuses_provider_messages: false,
        };
        let node = Node::open(&folder.path().join("chain.db"), identity, &genesis, Duration::from_secs(1)).unwrap();
        let purse: BTreeMap<_, _> = denoms.into_iter().map(|denom| (denom, BEGINNING)).collect();
        let mut world = Self {
            node,
            network,
            money,
            purses: vec![purse; PARTIES],
            sequences: vec![0; PARTIES],
            waiting: vec![0; PARTIES],
            keys,
            sent: BTreeMap::new(),
            supply: BTreeMap::new(),
            reached: BTreeSet::new(),
            _folder: folder,
        };
        world.supply = world.sums();
        world
    }

    /// All money by denomination, which is what the bank says there is.
    fn sums(&self) -> BTreeMap<String, Int> {
        let moment = self.node.moment(0).unwrap();
        let found = moment.ask(None, |context| {
            let mut sums = BTreeMap::<String, Int>::new();
            for coin in bank::everything(&*context.kv)? {
                let sum = sums.entry(coin.denom).or_default();
                *sum = sum.checked_add(Int::from_wire(&coin.amount).unwrap()).unwrap();
            }
            for (denom, sum) in &sums {
                assert_eq!(bank::supply(&*context.kv, denom)?, *sum, "{denom}");
            }
            Ok(sums)
        });
        found.unwrap()
    }

    fn message(&self, who: usize, effect: &Effect) -> Any {
        let owner = address(self.network, &self.keys[who]);
        match effect {
            Effect::Send { to, amount } => {
                let to_address = address(self.network, &self.keys[*to]);
                let amount = vec![Coin { denom: self.network.fee_denomination.into(), amount: amount.to_string() }];
                MsgSend { from_address: owner, to_address, amount }.pack(self.network)
            }
            Effect::Deploy { dseq } => {
                let amount = Coin { denom: self.money.clone(), amount: DEPOSIT.to_string() };
                MsgCreateDeployment {
                    id: DeploymentId { owner, dseq: *dseq },
                    groups: vec![usual_group(self.network)],
                    hash: vec![7; 32],
                    deposit: Deposit { amount, sources: vec![Source::Balance.into()] },
                    reclamation: None,
                }
                .pack(self.network)
            }
            Effect::Close { dseq } => MsgCloseDeployment { id: DeploymentId { owner, dseq: *dseq } }.pack(self.network),
        }
    }

    /// What a transaction of this kind is to do.
    fn effects(step: &Step) -> Vec<Effect> {
        let to = (step.who + 1) % PARTIES;
        let dseq = u64::from(step.amount % 5) + 1;
        let some = Effect::Send { to, amount: u64::from(step.amount % 1_000_000) + 1 };
        let too_much = Effect::Send { to, amount: u64::MAX };
        match step.kind % 8 {
            0 | 1 => vec![some],
            2 => vec![some, too_much],
            // Nearly all that there was: after the fee it may be more than there is.
            3 => vec![Effect::Send { to, amount: u64::from(step.amount) % (2 * BEGINNING) + 1 }],
            4 => vec![Effect::Deploy { dseq }],
            5 => vec![some, Effect::Deploy { dseq }],
            6 => vec![Effect::Close { dseq }],
            _ => vec![Effect::Deploy { dseq }, Effect::Close { dseq }, some],
        }
    }

    fn send(&mut self, step: &Step) {
        let effects = Self::effects(step);
        let messages: Vec<_> = effects.iter().map(|effect| self.message(step.who, effect)).collect();
        let mut body = TxBody { messages, ..TxBody::default() };
        let mut sequence = self.sequences[step.who] + self.waiting[step.who];
        let (mut fee, mut gas_limit, mut chain_id) = (FEE, 600_000, "devnet-test-1");
        match step.wrong {
            0 => sequence += 1,
            1 => fee = 1,
            2 => gas_limit = 62_000,
            3 => chain_id = "devnet-other-1",
            4 => body.memo = "x".repeat(257),
            5 => fee = 10 * BEGINNING,
            6 => gas_limit = 20_000,
            7 => body.timeout_height = 1,
            _ => {}
        }
        let bytes = self.signed(step.who, &body, (fee, gas_limit), chain_id, sequence);
        let Admission::Checked(outcome) = self.node.admit(&bytes, Treatment::default()).unwrap() else { return };
        if let Some(refusal) = outcome.refusal {
            assert!(refusal.broken.is_none(), "{}", refusal.text());
            self.reached.insert(format!("refused {} {}", refusal.codespace, refusal.code));
            return;
        }
        // (A time limit of height 1 is none yet in the check at height 1.)
        assert!(!matches!(step.wrong, 0 | 1 | 3..=6), "{step:?} was let in");
        self.waiting[step.who] += 1;
        self.sent.insert(hash_of(&bytes), Sent { who: step.who, fee, effects });
    }

    fn signed(
        &self,
        who: usize,
        body: &TxBody,
        (fee, gas_limit): (u64, u64),
        chain_id: &str,
        sequence: u64,
    ) -> Vec<u8> {
        let key = &self.keys[who];
        let public_key = PubKey { key: key.verifying_key().to_sec1_bytes().to_vec() }.pack(self.network);
        let mode_info = ModeInfo { sum: Some(ModeInfoSum::Single(ModeInfoSingle { mode: SignMode::Direct.into() })) };
        let amount = vec![Coin { denom: self.network.fee_denomination.into(), amount: fee.to_string() }];
        let auth_info = AuthInfo {
            signer_infos: vec![SignerInfo { public_key: Some(public_key), mode_info: Some(mode_info), sequence }],
            fee: Some(Fee { amount, gas_limit, ..Fee::default() }),
            tip: None,
        };
        let (body_bytes, auth_info_bytes) = (body.encode_to_vec(), auth_info.encode_to_vec());
        let document = SignDoc {
            body_bytes: body_bytes.clone(),
            auth_info_bytes: auth_info_bytes.clone(),
            chain_id: chain_id.to_owned(),
            account_number: self.account(who).0,
        };
        let signature: Signature = key.sign(&document.encode_to_vec());
        TxRaw { body_bytes, auth_info_bytes, signatures: vec![signature.to_bytes().to_vec()] }.encode_to_vec()
    }

    /// Account number and sequence.
    fn account(&self, who: usize) -> (u64, u64) {
        let address = bytes_of(self.network, &self.keys[who]);
        let moment = self.node.moment(0).unwrap();
        let found = moment.ask(None, |context| Ok(auth::find(&*context.kv, &address)?)).unwrap().unwrap();
        (found.account_number, found.sequence)
    }

    /// Makes a block, follows what is in it, and holds what is followed against the state.
    fn block(&mut self) {
        let produced = self.node.produce().unwrap().unwrap();
        let fee_denom = self.network.fee_denomination.to_owned();
        for tx in &produced.txs {
            let sent = self.sent.remove(&tx.hash).unwrap();
            let (result, who) = (&tx.result, sent.who);
            self.reached.insert(format!("included {} {}", result.codespace, result.code));
            self.waiting[who] -= 1;
            // What is refused by the checks of the block costs nothing.
            if result.events.is_empty() {
                continue;
            }
            self.sequences[who] += 1;
            *self.purses[who].get_mut(&fee_denom).unwrap() -= sent.fee;
            if result.code != 0 {
                continue;
            }
            for effect in sent.effects {
                match effect {
                    Effect::Send { to, amount } => {
                        *self.purses[who].get_mut(&fee_denom).unwrap() -= amount;
                        *self.purses[to].get_mut(&fee_denom).unwrap() += amount;
                    }
                    Effect::Deploy { .. } => *self.purses[who].get_mut(&self.money).unwrap() -= DEPOSIT,
                    Effect::Close { .. } => *self.purses[who].get_mut(&self.money).unwrap() += DEPOSIT,
                }
            }
        }
        // What is thrown out after the block leaves a gap that nobody fills: begin anew.
        let still = self.node.waiting().unwrap().iter().map(|bytes| hash_of(bytes)).collect::<BTreeSet<_>>();
        self.sent.retain(|hash, _| still.contains(hash));
        for who in 0..PARTIES {
            self.waiting[who] = self.sent.values().filter(|sent| sent.who == who).count() as u64;
            assert_eq!(self.account(who).1, self.sequences[who], "the sequence of {who}");
            for (denom, amount) in &self.purses[who] {
                let address = bytes_of(self.network, &self.keys[who]);
                let moment = self.node.moment(0).unwrap();
                let found = moment.ask(None, |context| Ok(bank::balance(&*context.kv, &address, denom)?)).unwrap();
                assert_eq!(found, Int::from(*amount), "what {who} has of {denom}");
            }
        }
        // Nothing is made but what each block makes.
        let told = produced.block.events.events.iter().find(|event| event.r#type == "mint").unwrap();
        let made = told.attributes.iter().find(|attribute| attribute.key == "amount").unwrap();
        let supply = self.supply.entry(fee_denom).or_default();
        *supply = supply.checked_add(Int::from_wire(&made.value).unwrap()).unwrap();
        assert_eq!(self.sums(), self.supply);
    }
}

fn bytes_of(network: &Network, key: &SigningKey) -> Vec<u8> {
    let point: [u8; 33] = key.verifying_key().to_sec1_bytes()[..].try_into().unwrap();
    Address::of_secp256k1(&point, network.address_prefix).unwrap().bytes()
}

fn address(network: &Network, key: &SigningKey) -> String {
    auth::of_bytes(network, &bytes_of(network, key))
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..6u8, 0..PARTIES, any::<u8>(), 0..24u8, any::<u32>())
        .prop_map(|(block, who, kind, wrong, amount)| Step { block: block == 0, who, kind, wrong, amount });
    prop::collection::vec(step, 120)
}

fn promises_hold(name: Name, wanted: &[&str]) {
    let reached = RefCell::new(BTreeSet::new());
    let outcome = random::runner(6, 60).run(&steps(), |steps| {
        let mut world = World::new(name);
        for step in &steps {
            if step.block { world.block() } else { world.send(step) }
        }
        world.block();
        reached.borrow_mut().append(&mut world.reached);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{}: {error}", random::shown()));
    if random::seed().is_none() {
        let reached = reached.into_inner();
        for outcome in wanted {
            assert!(reached.contains(*outcome), "no transaction was {outcome}: {reached:?}");
        }
    }
}

const USUAL: &[&str] = &[
    "included  0",
    "included deployment 3",
    "included deployment 4",
    "included sdk 11",
    "included sdk 5",
    "refused sdk 11",
    "refused sdk 12",
    "refused sdk 30",
    "refused sdk 32",
    "refused sdk 4",
    "refused sdk 5",
];

#[test]
fn transactions_take_what_they_cost_and_do_all_or_nothing_on_virtengine() {
    promises_hold(Name::Virtengine, &[USUAL, &["refused undefined 1"]].concat());
}

#[test]
fn transactions_take_what_they_cost_and_do_all_or_nothing_on_akash() {
    promises_hold(Name::Akash, &[USUAL, &["refused sdk 13"]].concat());
}
