use super::*;
use crate::chain::wire::Named;
use crate::chain::wire::base::{Deposit, Source};
use crate::chain::wire::cosmos::coin::{Coin as WireCoin, DecCoin};
use crate::chain::wire::deployment::GroupSpec;
use crate::chain::wire::market::{BidId, MsgCreateBid};
use crate::chain::wire::settlement::{MsgRecordUsage, QueryEscrowRequest};
use crate::devnet::app::engine::Identity;
use crate::devnet::app::genesis::{self, Genesis};
use crate::devnet::context::Profile;
use crate::devnet::fault::{Fault, Rule};
use crate::devnet::rules::settlement;
use crate::devnet::seed::usual_group;
use crate::domain::network::Name;
use prost::Message;

/// A chain that makes a block for each transaction, with two providers.
struct World {
    node: Node,
    _folder: tempfile::TempDir,
}

const PROVIDERS: [&str; 2] = ["dear", "cheap"];

impl World {
    fn new(name: Name) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity {
            network: name.facts(),
            chain_id: "devnet-test-1".into(),
            profile: Profile::Localnet,
            refuses_provider_messages: false,
        };
        let node = Node::open(&folder.path().join("chain.db"), identity, &Genesis::default(), Duration::ZERO).unwrap();
        for provider in PROVIDERS {
            let provider = genesis::Provider {
                owner: address_of(name.facts(), provider).unwrap().to_string(),
                host_uri: "https://provider.example.com:8443".into(),
                attributes: vec![],
                info: genesis::Info::default(),
            };
            node.change(|context| {
                genesis::add_provider(context, &provider).unwrap();
                Ok(())
            })
            .unwrap();
        }
        Self { node, _folder: folder }
    }

    fn tenant(&self, name: &str) -> Tenant<'_> {
        Tenant::named(&self.node, name).unwrap()
    }

    fn bid(&self, provider: &str, dseq: u64, oseq: u32, price: u32) {
        let network = self.node.identity().network;
        let group = usual_group(network);
        let denom = group.resources[0].price.denom.clone();
        let minimum = network.minimum_bid_deposits.iter().find(|amount| amount.denomination == denom).unwrap();
        let (owner, bidder) = (self.tenant("tenant").address().to_owned(), self.tenant(provider));
        let id = BidId { owner, dseq, gseq: 1, oseq, provider: bidder.address().to_owned(), bseq: 0 };
        let deposit = Deposit {
            amount: WireCoin { denom: denom.clone(), amount: minimum.amount.to_string() },
            sources: vec![Source::Balance.into()],
        };
        let offer = crate::chain::wire::market::ResourceOffer {
            resources: group.resources[0].resource.clone(),
            count: 1,
            ..Default::default()
        };
        let price = DecCoin { denom, amount: format!("{price}000000000000000000") };
        let message = MsgCreateBid { id, price, deposit, resources_offer: vec![offer], ..Default::default() };
        bidder.include(vec![message.pack(network)]).unwrap();
    }

    fn ordered(&self) -> Action {
        let group: GroupSpec = usual_group(self.node.identity().network);
        let groups = vec![hex::lower(&group.encode_to_vec())];
        Action::Deploy { groups, hash: "ab".repeat(32), deposit: None, dseq: Some(7) }
    }
}

#[test]
fn a_tenant_goes_all_the_way() {
    let world = World::new(Name::Virtengine);
    let tenant = world.tenant("tenant");
    let me = tenant.address().to_owned();
    let done = tenant.perform(&world.ordered()).unwrap();
    assert_eq!(done.ids, [format!("{me}/7"), format!("{me}/7/1/1")]);
    assert_eq!((done.address.as_str(), done.transactions.len()), (me.as_str(), 1));
    let accept = Action::Accept { dseq: 7, gseq: None, wait: 0 };
    let error = tenant.perform(&accept).unwrap_err();
    assert_eq!(error.to_string(), format!("there is no open bid for order {me}/7/1/1"));
    world.bid("dear", 7, 1, 900);
    world.bid("cheap", 7, 1, 800);
    let provider = world.tenant("cheap").address().to_owned();
    let lease = format!("{me}/7/1/1/{provider}");
    assert_eq!(tenant.perform(&accept).unwrap().ids, std::slice::from_ref(&lease));
    assert!(tenant.perform(&accept).unwrap_err().to_string().starts_with("there is no open order"));

    let escrow = Action::Escrow { dseq: 7, gseq: 1, amount: "1000000uve".into(), expires_in: 3_600, pending: false };
    let done = tenant.perform(&escrow).unwrap();
    assert_eq!((done.ids, done.transactions.len()), (vec!["escrow-1".to_owned()], 2));
    let request = QueryEscrowRequest { escrow_id: "escrow-1".into() };
    let found = tenant
        .ask::<QueryEscrowRequest, _>(|context| settlement::query_escrow(context, &request))
        .unwrap()
        .escrow
        .unwrap();
    assert_eq!((found.state.as_str(), found.recipient, found.lease_id), ("active", provider.clone(), lease.clone()));
    let acknowledge = Action::Acknowledge { dseq: 7, usage: vec![] };
    assert!(matches!(tenant.perform(&acknowledge), Err(Error::Nothing(_))));
    let usage = MsgRecordUsage {
        sender: provider,
        order_id: found.order_id,
        lease_id: lease,
        usage_units: 5,
        usage_type: "cpu".into(),
        period_start: 1,
        period_end: 2,
        unit_price: DecCoin { denom: "uve".into(), amount: "1000000000000000000".into() },
        signature: vec![1],
    };
    world.tenant("cheap").include(vec![usage.pack(world.node.identity().network)]).unwrap();
    let done = tenant.perform(&acknowledge).unwrap();
    assert!(done.ids[0].starts_with("usage-"), "{done:?}");
    assert!(matches!(tenant.perform(&acknowledge), Err(Error::Nothing(_))));

    tenant.perform(&Action::TopUp { dseq: 7, amount: "5uve".into() }).unwrap();
    tenant.perform(&Action::CloseLease { dseq: 7, gseq: Some(1) }).unwrap();
    // A group ends with its lease.
    let start = Action::Start { dseq: 7, gseq: 1 };
    assert!(matches!(tenant.perform(&start), Err(Error::Refused { .. })));
    tenant.perform(&Action::Close { dseq: 7 }).unwrap();
    let error = tenant.perform(&Action::Close { dseq: 7 }).unwrap_err();
    assert!(matches!(&error, Error::Refused { codespace, .. } if codespace == "deployment"), "{error}");
}

#[test]
fn a_group_is_paused_and_started() {
    let world = World::new(Name::Akash);
    let tenant = world.tenant("tenant");
    tenant.perform(&world.ordered()).unwrap();
    tenant.perform(&Action::Pause { dseq: 7, gseq: 1 }).unwrap();
    let done = tenant.perform(&Action::Start { dseq: 7, gseq: 1 }).unwrap();
    let me = tenant.address();
    assert_eq!(done.ids, [format!("{me}/7/1"), format!("{me}/7/1/2")]);
    world.bid("dear", 7, 2, 1);
    tenant.perform(&Action::Accept { dseq: 7, gseq: Some(1), wait: 10 }).unwrap();
    let escrow = Action::Escrow { dseq: 7, gseq: 1, amount: "1uakt".into(), expires_in: 3_600, pending: true };
    assert!(matches!(tenant.perform(&escrow), Err(Error::Lacking { .. })));
}

/// As read in VirtEngine's code: its order outlives the pause, and a group with an open order gets no other.
#[test]
fn on_virtengine_a_group_whose_order_outlived_its_pause_is_not_started() {
    let world = World::new(Name::Virtengine);
    let tenant = world.tenant("tenant");
    tenant.perform(&world.ordered()).unwrap();
    tenant.perform(&Action::Pause { dseq: 7, gseq: 1 }).unwrap();
    let Err(Error::Refused { codespace, code, log }) = tenant.perform(&Action::Start { dseq: 7, gseq: 1 }) else {
        panic!("it was started")
    };
    assert_eq!((codespace.as_str(), code), ("undefined", 1));
    assert!(log.ends_with("create order: active order exists"), "{log}");
}

#[test]
fn faults_happen_to_a_tenant_as_to_others() {
    let world = World::new(Name::Akash);
    let (tenant, faults) = (world.tenant("tenant"), world.node.faults());
    tenant.perform(&Action::Show).unwrap();
    let set = |fault: Fault, method: &str| faults.set(Rule::of(fault, Some(method)).only_call(1));
    set(Fault::Refuse { codespace: "sdk".into(), code: 13, log: "too poor".into() }, "BroadcastTx");
    let error = tenant.perform(&world.ordered()).unwrap_err();
    assert!(matches!(&error, Error::Refused { code: 13, .. }), "{error}");
    set(Fault::Status { code: 14, message: "away".into() }, "Account");
    let error = tenant.perform(&world.ordered()).unwrap_err();
    assert_eq!(error.to_string(), "the chain does not answer: status 14: away");
    set(Fault::Drop, "BroadcastTx");
    assert!(matches!(tenant.perform(&world.ordered()), Err(Error::Query(_))));
    set(Fault::Delay { milliseconds: 300 }, "GetTx");
    let begun = Instant::now();
    tenant.perform(&world.ordered()).unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(300));
    set(Fault::Late { blocks: 1 }, "BroadcastTx");
    let node = world.node.clone();
    let maker = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        node.advance(2, jiff::SignedDuration::from_secs(1)).unwrap();
    });
    let before = world.node.moment(0).unwrap().height();
    let late = tenant.perform(&Action::Close { dseq: 7 }).unwrap();
    maker.join().unwrap();
    assert_eq!(late.height, before + 2, "the block that was its own came one too early");
}

#[test]
fn each_name_is_an_account_with_money() {
    let world = World::new(Name::Akash);
    let (one, other) = (world.tenant("one"), world.tenant("other"));
    assert_ne!(one.address(), other.address());
    assert_eq!(one.perform(&Action::Show).unwrap().address, one.address());
    let bytes = one.account.address.bytes();
    let balance = |tenant: &Tenant<'_>| {
        tenant
            .node
            .moment(0)
            .unwrap()
            .ask(None, |context| Ok(bank::balance(&*context.kv, &bytes, "uakt")?))
            .unwrap()
            .to_string()
    };
    assert_eq!(balance(&one), "1000000000000");
    // Only once.
    one.perform(&Action::Show).unwrap();
    assert_eq!(balance(&one), "1000000000000");
}

#[test]
fn what_cannot_be_read_is_refused() {
    let world = World::new(Name::Virtengine);
    let tenant = world.tenant("tenant");
    let refused = |action: Action| matches!(tenant.perform(&action), Err(Error::Unreadable { .. }));
    let Action::Deploy { groups, hash, .. } = world.ordered() else { panic!() };
    let deploy = |groups: &[&str], hash: &str, deposit: Option<&str>| Action::Deploy {
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        hash: hash.to_owned(),
        deposit: deposit.map(str::to_owned),
        dseq: None,
    };
    assert!(refused(deploy(&["0g"], &hash, None)));
    assert!(refused(deploy(&["ff"], &hash, None)));
    assert!(refused(deploy(&[&groups[0]], "abcd", None)));
    assert!(refused(deploy(&[&groups[0]], &hash, Some("much"))));
    assert!(refused(Action::TopUp { dseq: 1, amount: "-1uve".into() }));
    assert!(matches!(tenant.perform(&deploy(&[], &hash, None)), Err(Error::Nothing(_))));
}
