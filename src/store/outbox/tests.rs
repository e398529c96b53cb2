//! The outbox on a state file in memory, and through a restore.

use std::time::Duration;

use super::*;
use crate::domain::amount::Coin;
use crate::domain::outbox::intent::{Event, State};
use crate::domain::outbox::{Spending, SpendingKind, transaction};
use crate::store::{Mode, Retention, Store, Waiting};

const SIGNER: (&str, &str) = ("chain-1", "ve1signer");

fn stamp() -> Stamp {
    Stamp { at: "2026-11-21T12:00:00Z".parse().unwrap(), run: Some(RunId(7)) }
}

fn coin(text: &str) -> Coin {
    text.parse().unwrap()
}

fn wanted<'a>(key: &'a str, message: &'a [u8], deposit: Option<&'a Coin>) -> NewIntent<'a> {
    let (chain, signer) = SIGNER;
    NewIntent { key, chain, signer, type_url: "/x.MsgA", message, deposit, not_after: None }
}

fn enqueue(store: &Store, key: &str, deposit: Option<&Coin>) -> IntentId {
    let done = store.write("enqueue", |change| intents::enqueue(change, wanted(key, key.as_bytes(), deposit), stamp()));
    match done.unwrap() {
        Enqueued::New(id) => id,
        other => panic!("{other:?}"),
    }
}

fn signed(store: &Store, sequence: u64, intents: &[IntentId]) -> Result<TxId, Error> {
    let (chain, signer) = SIGNER;
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&sequence.to_be_bytes());
    let fee = coin("5000uve");
    let new = NewTransaction {
        hash,
        chain,
        signer,
        account_number: 3,
        sequence,
        bytes: b"bytes",
        gas_limit: 200_000,
        fee: &fee,
        signed_height: 100,
        timeout_height: 120,
    };
    store.write("sign", |change| transactions::store_signed(change, &new, intents, stamp()))
}

fn included(store: &Store, tx: TxId, code: u32) {
    let outcome = transactions::Outcome { height: 101, code, gas_used: 66_000, ..transactions::Outcome::default() };
    store.write("settle", |change| transactions::settle(change, tx, &outcome, stamp())).unwrap();
}

fn apply(store: &Store, id: IntentId, event: Event) -> Result<State, Error> {
    let because = Because { reason: "test", detail: None };
    store.write("apply", |change| intents::apply(change, id, event, stamp(), Some(because)))
}

fn state_of(store: &Store, id: IntentId) -> State {
    store.read("look", |snapshot| intents::state(snapshot, id)).unwrap().unwrap()
}

fn sound(store: &Store) {
    assert_eq!(store.check(&|| false).unwrap(), []);
}

#[test]
fn the_same_key_is_the_same_intent() {
    let store = Store::in_memory().unwrap();
    let id = enqueue(&store, "bid/1", None);
    let again = |key, message: &[u8]| {
        store.write("enqueue", |change| intents::enqueue(change, wanted(key, message, None), stamp())).unwrap()
    };
    assert_eq!(again("bid/1", b"bid/1"), Enqueued::Known(id, State::Queued));
    assert_eq!(again("bid/1", b"another"), Enqueued::Differs(id));
    assert!(matches!(again("bid/2", b"bid/1"), Enqueued::New(other) if other != id));
    let found = store.read("look", |snapshot| intents::by_key(snapshot, "bid/1")).unwrap().unwrap();
    assert_eq!((found.id, found.message.as_slice(), found.state), (id, b"bid/1".as_slice(), State::Queued));
}

#[test]
fn a_transaction_takes_its_intents_with_it_and_every_step_is_written_down() {
    let store = Store::in_memory().unwrap();
    let deposit = coin("500000uve");
    let (one, two) = (enqueue(&store, "one", Some(&deposit)), enqueue(&store, "two", None));
    let tx = signed(&store, 9, &[one, two]).unwrap();
    sound(&store);
    assert_eq!(state_of(&store, one), State::InFlight);
    // Signed once more while in flight: refused, and nothing of it stays.
    assert!(matches!(signed(&store, 10, &[two]), Err(Error::Intent { id, .. }) if id == two));
    let live = store.read("look", |snapshot| transactions::live(snapshot, SIGNER)).unwrap();
    assert_eq!(live.iter().map(|tx| tx.sequence).collect::<Vec<_>>(), [9]);

    store.write("hand", |change| transactions::hand_out(change, tx, 100, "taken", stamp())).unwrap();
    store.write("hand", |change| transactions::hand_out(change, tx, 103, "seen", stamp())).unwrap();
    store.write("read", |change| transactions::note_read(change, tx, 102)).unwrap();
    let row = store.read("look", |snapshot| transactions::by_id(snapshot, tx)).unwrap().unwrap();
    assert_eq!((row.handings, row.handed_height, row.read_to, row.said.as_deref()), (2, Some(103), 102, Some("seen")));
    assert_eq!(row.state, transaction::State::HandedOut);

    included(&store, tx, 0);
    for id in [one, two] {
        apply(&store, id, Event::Execute).unwrap();
    }
    store.write("note", |change| transactions::note_response(change, tx, one, ("/x.MsgAResponse", b"yes"))).unwrap();
    sound(&store);
    let answer = store.read("look", |snapshot| transactions::response(snapshot, one)).unwrap();
    assert_eq!(answer, Some(("/x.MsgAResponse".to_owned(), b"yes".to_vec())));
    let path = |rows: Vec<Transition>| rows.into_iter().map(|row| row.to).collect::<Vec<_>>();
    let of_intent = store.read("look", |snapshot| intents::transitions(snapshot, one)).unwrap();
    assert!(of_intent.iter().all(|row| row.run == Some(RunId(7))));
    assert_eq!(path(of_intent), ["queued", "in_flight", "done"]);
    let of_tx = store.read("look", |snapshot| transactions::transitions(snapshot, tx)).unwrap();
    assert_eq!(path(of_tx), ["signed", "handed_out", "included"]);
    let contents = store.read("look", |snapshot| transactions::contents(snapshot, tx)).unwrap();
    assert_eq!(contents.iter().map(|intent| intent.id).collect::<Vec<_>>(), [one, two]);
}

#[test]
fn two_live_transactions_never_share_a_sequence() {
    let store = Store::in_memory().unwrap();
    let (one, two) = (enqueue(&store, "one", None), enqueue(&store, "two", None));
    let tx = signed(&store, 9, &[one]).unwrap();
    let (chain, signer) = SIGNER;
    let fee = coin("1uve");
    let twin = NewTransaction {
        hash: [9; 32],
        chain,
        signer,
        account_number: 3,
        sequence: 9,
        bytes: b"twin",
        gas_limit: 1,
        fee: &fee,
        signed_height: 100,
        timeout_height: 120,
    };
    let sign = || store.write("sign", |change| transactions::store_signed(change, &twin, &[two], stamp()));
    assert!(matches!(sign(), Err(Error::Store(crate::store::Error::Statement { .. }))));
    assert_eq!(state_of(&store, two), State::Queued);
    store.write("void", |change| transactions::apply(change, tx, transaction::Event::Void, stamp(), None)).unwrap();
    apply(&store, one, Event::Return).unwrap();
    sign().unwrap();
    sound(&store);
}

#[test]
fn the_books_count_what_was_taken_and_what_may_be_taken() {
    let store = Store::in_memory().unwrap();
    let deposit = coin("500000uve");
    let (one, two) = (enqueue(&store, "one", Some(&deposit)), enqueue(&store, "two", None));
    let (first, second) = (signed(&store, 9, &[one]).unwrap(), signed(&store, 10, &[two]).unwrap());
    let spent = |run| store.read("look", |snapshot| spending::of_run(snapshot, RunId(run))).unwrap();
    let coins =
        |spent: Spending| spent.coins().map(|(kind, coin)| format!("{} {coin}", kind.word())).collect::<Vec<_>>();
    assert_eq!(coins(spent(7)), ["fee 10000uve", "deposit 500000uve"]);
    assert_eq!(coins(spent(8)), [""; 0]);
    // One failed in a block: its fee is gone, its deposit is not. The other is void: nothing is.
    included(&store, first, 5);
    store.write("book", |change| spending::book(change, first, SpendingKind::Fee, &coin("5000uve"), stamp())).unwrap();
    apply(&store, one, Event::Refuse).unwrap();
    store.write("void", |change| transactions::apply(change, second, transaction::Event::Void, stamp(), None)).unwrap();
    apply(&store, two, Event::Return).unwrap();
    assert_eq!(coins(spent(7)), ["fee 5000uve"]);
    let since = |at: &str| store.read("look", |snapshot| spending::since(snapshot, at.parse().unwrap())).unwrap();
    assert_eq!(coins(since("2026-11-21T12:00:00Z")), ["fee 5000uve"]);
    assert_eq!(coins(since("2026-11-21T12:00:01Z")), [""; 0]);
    sound(&store);
}

#[test]
fn the_check_finds_what_must_not_be() {
    let store = Store::in_memory().unwrap();
    let one = enqueue(&store, "one", None);
    let tx = signed(&store, 9, &[one]).unwrap();
    let break_it = |sql: &str| {
        store.write("break", |change| change.execute(sql, [])).unwrap();
        store.check(&|| false).unwrap().into_iter().map(|finding| finding.detail).collect::<Vec<_>>()
    };
    assert_eq!(
        break_it("UPDATE outbox_transactions SET state = 'void', settled_at = 1"),
        [format!("intent {one} is in flight, and no live transaction holds it")]
    );
    assert_eq!(
        break_it("UPDATE outbox_intents SET state = 'done', settled_at = 1"),
        [format!("intent {one} is done, and no transaction in a block holds it")]
    );
    assert_eq!(
        break_it("UPDATE outbox_transactions SET state = 'included', height = 5"),
        [""; 0],
        "transaction {tx} is in a block"
    );
    assert_eq!(
        break_it(
            "INSERT INTO outbox_transactions (hash, chain, signer, account_number, sequence, bytes, gas_limit, fee,
               signed_at, signed_height, timeout_height, state, height, settled_at)
             VALUES (zeroblob(32), 'c', 's', 1, 1, x'00', 1, '1uve', 1, 1, 2, 'included', 2, 1)"
        ),
        [""; 0]
    );
    assert_eq!(
        break_it("INSERT INTO outbox_contents (tx, position, intent) VALUES (2, 0, 1)"),
        [format!("intent {one} was executed by more than one transaction")]
    );
}

#[test]
fn settled_rows_go_after_their_time_and_open_ones_never() {
    let store = Store::in_memory().unwrap();
    let (old, open, flying) = (enqueue(&store, "old", None), enqueue(&store, "open", None), enqueue(&store, "f", None));
    let tx = signed(&store, 9, &[old]).unwrap();
    signed(&store, 10, &[flying]).unwrap();
    included(&store, tx, 0);
    apply(&store, old, Event::Execute).unwrap();
    store.write("book", |change| spending::book(change, tx, SpendingKind::Fee, &coin("5000uve"), stamp())).unwrap();
    let keep = Retention { job_runs: None, transactions: Some(Duration::from_hours(24)), ..Retention::default() };
    let rows = |now: &str| {
        let now = now.parse().unwrap();
        let counted = store.prunable(&keep, now).unwrap()[1].rows;
        let removed = store.prune(&keep, now, &|| false).unwrap();
        assert_eq!((removed[1].table, removed[1].rows), ("outbox_intents", counted));
        counted
    };
    assert_eq!(rows("2026-11-22T11:59:59Z"), 0);
    assert_eq!(rows("2026-11-22T12:00:01Z"), 1);
    let count = |table: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        store.read("count", |snapshot| snapshot.one(&sql, [], |row| row.get(0))).unwrap()
    };
    assert_eq!([count("outbox_intents"), count("outbox_transactions"), count("outbox_spending")], [2, 1, 0]);
    assert_eq!((state_of(&store, open), state_of(&store, flying)), (State::Queued, State::InFlight));
    sound(&store);
}

#[test]
fn what_is_open_in_a_backup_waits_for_a_person_after_a_restore() {
    let folder = tempfile::tempdir().unwrap();
    let (state, backups) = (folder.path().join("state.db"), folder.path().join("backups"));
    std::fs::create_dir(&backups).unwrap();
    let store = Store::open(&state, Mode::Write).unwrap();
    let (queued, flying, done) = (enqueue(&store, "q", None), enqueue(&store, "f", None), enqueue(&store, "d", None));
    let tx = signed(&store, 9, &[done]).unwrap();
    included(&store, tx, 0);
    apply(&store, done, Event::Execute).unwrap();
    signed(&store, 10, &[flying]).unwrap();
    let at = stamp().at;
    let backup = store.backup(&backups.join("b.db"), false, &|| false, &mut |_, _| {}).unwrap();
    drop(store);
    let waiting = Waiting { at_most: Duration::ZERO, should_stop: &|| false };
    let restore = crate::store::Restore { state: &state, backup: &backup.path, now: at, waiting };
    restore.run(&mut |_, _| {}, &mut |_| {}).unwrap();

    let store = Store::open(&state, Mode::Write).unwrap();
    assert_eq!(state_of(&store, queued), State::NeedsConfirmation);
    assert_eq!(state_of(&store, flying), State::NeedsConfirmation);
    assert_eq!(state_of(&store, done), State::Done);
    let row = store.read("look", |snapshot| intents::by_id(snapshot, flying)).unwrap().unwrap();
    assert_eq!(row.reason.as_deref(), Some("restored"));
    let last = store.read("look", |snapshot| intents::transitions(snapshot, flying)).unwrap().pop().unwrap();
    assert_eq!((last.from.as_deref(), last.to.as_str()), (Some("in_flight"), "needs_confirmation"));
    // The bytes that the backup knows are still looked up.
    assert_eq!(store.read("look", |snapshot| transactions::live(snapshot, SIGNER)).unwrap().len(), 1);
    sound(&store);
}
