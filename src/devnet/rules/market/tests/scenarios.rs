//! What the recordings do not show.

use super::calls;
use super::world::{Step, World};
use crate::chain::wire::Named;
use crate::chain::wire::audit::MsgSignProviderAttributes;
use crate::chain::wire::base::{Attribute, Deposit, Source};
use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::cosmos::page::PageRequest;
use crate::chain::wire::deployment::{self as wire, MsgCloseDeployment, MsgCreateDeployment};
use crate::chain::wire::escrow::{AccountId, MsgAccountDeposit, QueryAccountsRequest, Scope, State};
use crate::chain::wire::market::{
    LeaseClosedReason, LeaseId, LeaseState, MsgCloseBid, MsgCreateBid, MsgCreateLease, MsgLeaseStartReclaim,
    MsgUpdateParams, MsgWithdrawLease, ResourceOffer,
};
use crate::chain::wire::provider::MsgCreateProvider;
use crate::chain::wire::take;
use crate::devnet::refusal::{QueryError, Refusal, Status};
use crate::devnet::rules::{audit, auth, bank, escrow, market};
use crate::domain::network::Name;
use prost_types::Duration;

fn refused<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> (String, u32) {
    let refusal = outcome.unwrap_err();
    (refusal.codespace.to_string(), refusal.code)
}

fn market_code(code: u32) -> (String, u32) {
    ("market".to_owned(), code)
}

/// A deployment of one group, and the bid that the first provider would make.
fn asked(world: &mut World, edit: impl FnOnce(&mut MsgCreateDeployment)) -> MsgCreateBid {
    let step = Step { blocks: 1, kind: 0, pick: 2, amount: 99_999 };
    let mut message = world.new_deployment(&step);
    message.reclamation = None;
    message.deposit = world.deposit(600_000);
    edit(&mut message);
    world.send(&message.pack(world.network)).unwrap_or_else(|refusal| panic!("{}", refusal.text()));
    bid_on(world, &message, 0)
}

fn bid_on(world: &World, asked: &MsgCreateDeployment, provider: u32) -> MsgCreateBid {
    let mut bid = MsgCreateBid { price: asked.groups[0].resources[0].price.clone(), ..MsgCreateBid::default() };
    bid.id.owner.clone_from(&asked.id.owner);
    (bid.id.dseq, bid.id.gseq, bid.id.oseq) = (asked.id.dseq, 1, 1);
    bid.id.provider = world.provider(provider);
    bid.deposit = world.deposit(500_000);
    bid
}

fn leased(world: &mut World, bid: &MsgCreateBid) -> LeaseId {
    world.send(&bid.pack(world.network)).unwrap_or_else(|refusal| panic!("{}", refusal.text()));
    world.send(&MsgCreateLease { bid_id: bid.id.clone() }.pack(world.network)).unwrap();
    market::lease_of(&bid.id)
}

#[test]
fn a_lease_is_taken_back_after_its_notice_only() {
    let mut world = World::new(Name::Akash);
    let network = world.network;
    let hours = |hours: i64| Some(Duration { seconds: hours * 3_600, nanos: 0 });
    let notice = Some(wire::DeploymentReclamation { min_window: hours(2) });
    let mut bid = asked(&mut world, |message| message.reclamation = notice);
    for (window, code) in [(None, 40), (hours(1), 41), (hours(1_000), 39)] {
        bid.reclamation_window = window;
        assert_eq!(refused(world.send(&bid.pack(network))), market_code(code));
    }
    bid.reclamation_window = hours(3);
    let id = leased(&mut world, &bid);
    let reason = LeaseClosedReason::Decommission as i32;
    let close = MsgCloseBid { id: bid.id.clone(), reason }.pack(network);
    let start = MsgLeaseStartReclaim { id: id.clone(), reason }.pack(network);
    world.pass(1);
    assert_eq!(refused(world.send(&close)), market_code(37));
    world.send(&start).unwrap();
    assert_eq!(refused(world.send(&start)), market_code(10));
    assert_eq!(refused(world.send(&close)), market_code(38));
    // Ten minutes a block.
    world.pass(17);
    assert_eq!(refused(world.send(&close)), market_code(38));
    world.pass(1);
    world.send(&close).unwrap();
    let lease = market::find_lease(&world.context(), &id).unwrap().unwrap();
    assert_eq!((lease.state(), lease.reason), (LeaseState::Closed, reason));
    // Without a notice there is nothing to start.
    let bid = asked(&mut world, |_| {});
    let id = leased(&mut world, &bid);
    assert_eq!(refused(world.send(&MsgLeaseStartReclaim { id, reason }.pack(network))), market_code(35));
}

#[test]
fn an_order_takes_one_bid_more_than_the_parameter_says() {
    let mut world = World::new(Name::Virtengine);
    let network = world.network;
    let mut bid = asked(&mut world, |_| {});
    let mut outcomes = Vec::new();
    for number in 0..23u8 {
        let address = [100 + number; 20];
        bank::mint(&mut world.context(), &address, &["1000000uve".parse().unwrap()]).unwrap();
        let owner = auth::of_bytes(network, &address);
        let attributes = vec![Attribute { key: "region".into(), value: "north".into() }];
        let host_uri = "https://p.example.com".to_owned();
        let register = MsgCreateProvider { owner: owner.clone(), host_uri, attributes, ..MsgCreateProvider::default() };
        world.send(&register.pack(network)).unwrap();
        bid.id.provider = owner;
        outcomes.push(world.send(&bid.pack(network)));
    }
    assert!(outcomes[..21].iter().all(Result::is_ok));
    for outcome in outcomes.drain(21..) {
        let refusal = outcome.unwrap_err();
        assert_eq!(refusal.text(), "invalid bid: too many existing bids (20)");
        // As the deposit that is too small, and not `market` 31: see `create_bid`.
        assert_eq!((refusal.codespace.as_ref(), refusal.code), ("undefined", 1));
    }
}

#[test]
fn auditors_must_have_vouched() {
    let mut world = World::new(Name::Virtengine);
    let network = world.network;
    let auditor = auth::of_bytes(network, &[77; 20]);
    let wanted = auditor.clone();
    let bid = asked(&mut world, |message| {
        message.groups[0].requirements.signed_by.all_of.push(wanted);
    });
    assert_eq!(refused(world.send(&bid.pack(network))), market_code(5));
    let attributes = vec![Attribute { key: "region".into(), value: "north".into() }];
    let sign = MsgSignProviderAttributes { owner: bid.id.provider.clone(), auditor, attributes };
    audit::sign_provider_attributes(&mut world.context(), &sign).unwrap();
    world.send(&bid.pack(network)).unwrap();
}

#[test]
fn an_offer_has_each_unit_once() {
    let mut world = World::new(Name::Virtengine);
    let network = world.network;
    let mut bid = asked(&mut world, |message| {
        let mut second = message.groups[0].resources[0].clone();
        second.resource.id = 2;
        message.groups[0].resources.push(second);
    });
    let unit = |id: u32, count| {
        let mut offer = ResourceOffer { count, ..ResourceOffer::default() };
        offer.resources.id = id;
        offer
    };
    let undefined = ("undefined".to_owned(), 111_222);
    for (offer, outcome) in [
        (vec![unit(1, 2)], market_code(32)),
        (vec![unit(1, 2), unit(3, 2)], market_code(32)),
        (vec![unit(1, 2), unit(2, 1)], market_code(32)),
        (vec![unit(1, 2), unit(1, 2)], undefined),
    ] {
        bid.resources_offer = offer;
        assert_eq!(refused(world.send(&bid.pack(network))), outcome);
    }
    bid.resources_offer = vec![unit(2, 2), unit(1, 2)];
    world.send(&bid.pack(network)).unwrap();
}

#[test]
fn a_block_settles_an_account_once() {
    let mut world = World::new(Name::Virtengine);
    let network = world.network;
    let bid = asked(&mut world, |_| {});
    let id = leased(&mut world, &bid);
    let withdraw = MsgWithdrawLease { id: id.clone() }.pack(network);
    assert_eq!(refused(world.send(&withdraw)), ("undefined".to_owned(), 111_222));
    world.pass(1);
    world.send(&withdraw).unwrap();
    // The nodes' defect: the payment is not closed with its account.
    world.send(&MsgCloseDeployment { id: market::deployment_of(&bid.id) }.pack(network)).unwrap();
    let lease = market::find_lease(&world.context(), &id).unwrap().unwrap();
    assert_eq!(lease.state(), LeaseState::Closed);
    let payment = escrow::payment_for_query(&world.context(), &market::payment_of(&id)).unwrap();
    assert_eq!(payment.state.state(), State::Open);
}

/// Neither a second lease nor a neighbour whose number begins alike takes anything from a lease.
#[test]
fn what_a_lease_has_earned_stays_its_own() {
    let mut world = World::new(Name::Virtengine);
    let earned = |world: &mut World, id: &LeaseId| {
        escrow::payment_for_query(&world.context(), &market::payment_of(id)).unwrap().state.balance.amount
    };
    let two = |message: &mut MsgCreateDeployment| {
        message.id.dseq = 7;
        let mut second = message.groups[0].clone();
        second.name = "second".into();
        message.groups.push(second);
    };
    let first = asked(&mut world, two);
    let lease = leased(&mut world, &first);
    let neighbour = asked(&mut world, |message| message.id.dseq = 70);
    let neighbour = leased(&mut world, &neighbour);
    world.pass(1);
    let mut second = first.clone();
    second.id.gseq = 2;
    leased(&mut world, &second);
    assert_ne!(earned(&mut world, &lease), "0");
    assert_eq!(earned(&mut world, &neighbour), "0");
}

#[test]
fn only_governance_sets_parameters() {
    let mut world = World::new(Name::Akash);
    let network = world.network;
    let gov = ("gov".to_owned(), 8);
    let authority = world.provider(0);
    let market = MsgUpdateParams { authority: authority.clone(), ..MsgUpdateParams::default() };
    assert_eq!(refused(world.send(&market.pack(network))), gov);
    let deployment = wire::MsgUpdateParams { authority: authority.clone(), ..wire::MsgUpdateParams::default() };
    assert_eq!(refused(world.send(&deployment.pack(network))), gov);
    let rates = take::MsgUpdateParams { authority, ..take::MsgUpdateParams::default() };
    assert_eq!(refused(world.send(&rates.pack(network))), gov);
    let authority = auth::of_bytes(network, &auth::module_address("gov"));
    let params = market::parameters(&world.context()).unwrap();
    let raised = crate::chain::wire::market::Params { order_max_bids: 30, ..params };
    world.send(&MsgUpdateParams { authority, params: raised.clone() }.pack(network)).unwrap();
    assert_eq!(market::parameters(&world.context()).unwrap(), raised);
}

#[test]
fn a_deposit_must_be_one() {
    let mut world = World::new(Name::Virtengine);
    let network = world.network;
    let bid = asked(&mut world, |_| {});
    let (signer, id) =
        (bid.id.owner.clone(), crate::devnet::rules::deployment::account_of(&market::deployment_of(&bid.id)));
    let balance = Source::Balance as i32;
    let outcome = |world: &mut World, id: &AccountId, denom: &str, amount: &str, sources: &[i32]| {
        let amount = Coin { denom: denom.into(), amount: amount.into() };
        let deposit = Deposit { amount, sources: sources.to_vec() };
        let message = MsgAccountDeposit { signer: signer.clone(), id: id.clone(), deposit };
        refused(world.send(&message.pack(network)))
    };
    let code = |codespace: &str, code: u32| (codespace.to_owned(), code);
    let cases: [(_, _, &[i32], _); 9] = [
        ("uve", "0", &[balance], code("escrow", 16)),
        ("uve", "-1", &[balance], code("undefined", 1)),
        ("x", "1", &[balance], code("undefined", 1)),
        ("uve", "1", &[], code("virtengine", 4)),
        ("uve", "1", &[0], code("virtengine", 4)),
        ("uve", "1", &[balance, balance], code("virtengine", 4)),
        ("uve", "99999999999999999999", &[balance], code("undefined", 111_222)),
        ("uve", "9000000000000000000", &[balance], code("undefined", 1)),
        // More than was granted.
        ("uve", "2000001", &[Source::Grant as i32], code("undefined", 1)),
    ];
    for (denom, amount, sources, expected) in cases {
        assert_eq!(outcome(&mut world, &id, denom, amount, sources), expected, "{amount}{denom} {sources:?}");
    }
    let account = |scope: Scope, xid: &str| AccountId { scope: scope as i32, xid: xid.into() };
    let owner = &bid.id.owner;
    for (id, expected) in [
        (account(Scope::Invalid, "x"), code("escrow", 12)),
        (account(Scope::Deployment, owner), code("escrow", 12)),
        (account(Scope::Deployment, &format!("{owner}/0")), code("escrow", 12)),
        (account(Scope::Bid, &format!("{owner}/1/1/1/x")), code("escrow", 12)),
        (account(Scope::Deployment, &format!("{owner}/999")), code("escrow", 3)),
    ] {
        assert_eq!(outcome(&mut world, &id, "uve", "1", &[balance]), expected, "{id:?}");
    }
    bank::mint(&mut world.context(), &[1; 20], &["5uact".parse().unwrap()]).unwrap();
    assert_eq!(outcome(&mut world, &id, "uact", "5", &[balance]), code("escrow", 5));
}

#[test]
fn malformed_messages_are_refused_before_the_state_is_looked_at() {
    let world = World::new(Name::Virtengine);
    let network = world.network;
    let good = MsgCreateBid::default();
    let check = |edit: &dyn Fn(&mut MsgCreateBid)| {
        let mut bid = good.clone();
        bid.id.owner = auth::of_bytes(network, &[1; 20]);
        (bid.id.dseq, bid.id.gseq, bid.id.oseq) = (1, 1, 1);
        bid.id.provider = world.provider(0);
        bid.deposit = world.deposit(1);
        bid.price = world.price(5);
        edit(&mut bid);
        calls::validate_basic(network, &bid.pack(network))
            .map_err(|refusal| (refusal.codespace.to_string(), refusal.code, refusal.text().into_owned()))
    };
    check(&|_| {}).unwrap();
    let inner = "BidID: Invalid OrderID: OrderID: Invalid GroupID";
    for (edit, code, text) in [
        (
            (&|bid: &mut MsgCreateBid| bid.id.owner.clear()) as &dyn Fn(&mut MsgCreateBid),
            7,
            format!("{inner}: GroupID: Invalid DeploymentID: DeploymentID: Invalid Owner Address: invalid address"),
        ),
        (&|bid| bid.id.gseq = 0, 3, format!("{inner}: GroupID: Invalid Group Sequence: invalid sequence")),
        (&|bid| bid.id.provider.push('x'), 7, "BidID: Invalid Provider Address: invalid address".to_owned()),
        (&|bid| bid.id.provider.clone_from(&bid.id.owner), 36, "BidID: self-bid: conflict".to_owned()),
        (&|bid| bid.id.bseq = 1, 36, "BidID: invalid bseq: conflict".to_owned()),
    ] {
        assert_eq!(check(edit).unwrap_err(), ("sdk".to_owned(), code, text));
    }
}

/// Nodes' defect: every account is listed, whatever the page; only which states are listed can change.
#[test]
fn accounts_are_not_listed_in_pages() {
    let mut world = World::new(Name::Virtengine);
    for _ in 0..3 {
        asked(&mut world, |_| {});
    }
    let first = asked(&mut world, |message| message.id.dseq = 9);
    world.send(&MsgCloseDeployment { id: market::deployment_of(&first.id) }.pack(world.network)).unwrap();
    let mut ask = |state: &str, xid: &str, page: PageRequest| {
        let request = QueryAccountsRequest { state: state.into(), xid: xid.into(), pagination: Some(page) };
        let answer = escrow::accounts(&world.context(), &request)?;
        let page = answer.pagination.unwrap();
        assert!(page.next_key.is_empty() && page.total == answer.accounts.len() as u64);
        Ok::<Vec<_>, QueryError>(answer.accounts.into_iter().map(|account| account.id.xid).collect())
    };
    let page = |limit, offset, reverse| PageRequest { offset, limit, reverse, ..PageRequest::default() };
    assert_eq!(ask("", "", page(1, 2, false)).unwrap().len(), 4);
    assert_eq!(ask("", "", page(3, 0, false)).unwrap().len(), 3);
    assert_eq!(ask("closed", "", page(0, 0, false)).unwrap(), [format!("{}/9", first.id.owner)]);
    assert_eq!(ask("", &format!("deployment/{}", first.id.owner), page(0, 0, false)).unwrap().len(), 4);
    assert_eq!(ask("", "bid/", page(0, 0, false)).unwrap().len(), 0);
    let (mut back, forth) = (ask("open", "", page(0, 0, true)).unwrap(), ask("open", "", page(0, 0, false)).unwrap());
    back.reverse();
    assert_eq!(back, forth);
    assert_eq!(ask("lost", "", page(0, 0, false)).unwrap_err().message, "invalid state value");
    let broken = PageRequest { key: vec![1, 2, 3], ..PageRequest::default() };
    assert_eq!(ask("", "", broken).unwrap_err().status, Status::Internal);
}
