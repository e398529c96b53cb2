//! Keys and the chain: registered, rotated, revoked and given up, through kills; and an account whose key is on a Ledger.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;

use prost::Message as _;
use provider::chain::wire::cosmos::bank::QueryBalanceRequest;
use provider::chain::wire::encryption::{QueryRecipientKeyRequest, RecipientKeyRecord};
use provider::chain::wire::market::{OrderFilters, QueryOrdersRequest};
use provider::devnet::app::genesis::{Account, Identity};
use provider::devnet::seed;
use provider::devnet::tenant::{Action, Tenant};
use provider::domain::address::Address;
use provider::domain::hex;
use provider::jobs::FailPoint as Step;
use provider::jobs::tx_flush::FailPoint;
use serde_json::Value;

use super::world::{BEGINNING, Ran, World};
use crate::keys::ledger_app::{self, App};

/// Runs a command that may need the passphrase.
async fn keys(world: &World, arguments: &[&str]) -> Ran {
    let more = ["--passphrase-file", "passphrase", "-o", "json"];
    let all: Vec<&str> = ["keys"].iter().chain(arguments).chain(&more).copied().collect();
    world.run(world.command(&all)).await
}

async fn done(world: &World, arguments: &[&str]) -> Value {
    let ran = keys(world, arguments).await;
    assert_eq!(ran.code, Some(0), "{arguments:?} {}", ran.stderr);
    ran.json()
}

/// What the chain holds of the account.
async fn held(world: &World) -> Vec<RecipientKeyRecord> {
    let request = QueryRecipientKeyRequest { address: world.address.to_string() };
    world.client.call(request).await.map(|answer| answer.keys).unwrap_or_default()
}

/// A key's row of `keys status`.
async fn status(world: &World, name: &str) -> Value {
    let ran = world.run(world.command(&["keys", "status", "-o", "json"])).await;
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    rows.into_iter().find(|row| row["name"] == name).unwrap_or(Value::Null)
}

/// Key, step and outcome of each item.
fn items(ran: &Value) -> Vec<(String, String, String)> {
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    ran.as_array().unwrap().iter().map(|item| (text(item, "key"), text(item, "step"), text(item, "outcome"))).collect()
}

fn item(key: &str, step: &str, outcome: &str) -> (String, String, String) {
    (key.to_owned(), step.to_owned(), outcome.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encryption_key_is_registered_rotated_and_revoked() {
    let world = World::new(20, "").await;
    let made = done(&world, &["add", "provider-encryption"]).await;
    let registered = done(&world, &["register", "--label", "Order Decryption v1"]).await;
    assert_eq!(
        (&registered["state"], &registered["version"], &registered["places_left"]),
        (&"registered".into(), &1.into(), &4.into())
    );
    let on_chain = held(&world).await;
    assert_eq!((on_chain.len(), on_chain[0].label.as_str()), (1, "Order Decryption v1"));
    assert_eq!(made["fingerprint"], on_chain[0].key_fingerprint.as_str());
    assert_eq!(status(&world, "provider-encryption").await["chain_version"], 1);
    let again = keys(&world, &["register"]).await;
    assert!(again.code == Some(0) && again.stderr.contains("nothing was sent"), "{}", again.stderr);

    // A tenant seals for the old key.
    let folder = world.folder.path();
    fs::write(folder.join("text"), "services: {}\n").unwrap();
    let sealed = world.run(world.command(&["keys", "seal", "text"])).await;
    fs::write(folder.join("sealed"), &sealed.stdout).unwrap();

    let planned = done(&world, &["rotate", "encryption", "--dry-run"]).await;
    assert_eq!(planned[0]["successor"], "provider-encryption-v2");
    let rotated = done(&world, &["rotate", "encryption"]).await;
    assert_eq!(items(&rotated), [item("provider-encryption", "grace period", "waits")]);
    let on_chain = held(&world).await;
    assert_eq!(on_chain.len(), 2);
    let new = on_chain.iter().find(|key| key.label == "provider-encryption-v2").unwrap();
    let old = on_chain.iter().find(|key| key.key_version == 1).unwrap();
    assert!(new.deprecated_at == 0 && old.deprecated_at != 0 && old.revoked_at == 0);
    assert_eq!(status(&world, "provider-encryption").await["state"], "rotating");
    assert_eq!(status(&world, "provider-encryption-v2").await["state"], "active");
    // What was sealed for the old one opens, and what is sealed now is sealed for the new one.
    let resealed = world.run(world.command(&["keys", "seal", "text"])).await.json();
    let recipient = resealed["recipient_key_ids"][0].as_str().unwrap().to_owned();
    assert!(recipient.starts_with(&new.key_fingerprint), "{recipient}");
    let open = ["keys", "open", "sealed", "--passphrase-file", "passphrase"];
    assert_eq!(world.run(world.command(&open)).await.stdout, "services: {}\n");
    // The same command again goes on with what it began, and takes no other place.
    let again = keys(&world, &["rotate", "encryption"]).await;
    assert_eq!(items(&again.json()), [item("provider-encryption", "grace period", "waits")]);
    assert!(again.stderr.contains("--again"), "{}", again.stderr);
    let detail = rotated[0]["detail"].to_string();
    assert!(detail.contains("2 of the account's 5 places"), "{detail}");
    assert_eq!(held(&world).await.len(), 2);
    let early = done(&world, &["rotate", "--if-due"]).await;
    assert_eq!(items(&early), [item("provider-encryption", "grace period", "waits")]);
    let refused = keys(&world, &["revoke", "provider-encryption-v2"]).await;
    assert!(refused.code == Some(77) && refused.stderr.contains("it is the key in use"), "{}", refused.stderr);

    // The grace period ends.
    world.run(world.command(&["keys", "set-policy", "--grace-period-hours", "0"])).await;
    let ended = done(&world, &["rotate", "--if-due"]).await;
    assert_eq!(items(&ended), [item("provider-encryption", "rotated", "done")]);
    let old = held(&world).await.into_iter().find(|key| key.key_version == 1).unwrap();
    assert_ne!(old.revoked_at, 0);
    assert_eq!(status(&world, "provider-encryption").await["state"], "deactivated");
    assert_eq!(world.run(world.command(&open)).await.stdout, "services: {}\n", "a deactivated key opens what is old");
    assert_eq!(done(&world, &["rotate", "--if-due"]).await, serde_json::json!([]));
    // Without a node nothing is done, and that is not called done.
    let mut alone = world.command(&["keys", "rotate", "encryption", "--passphrase-file", "passphrase"]);
    world.server.stop().await.unwrap();
    let alone = tokio::task::spawn_blocking(move || alone.output().unwrap()).await.unwrap();
    assert_eq!(alone.status.code(), Some(69), "{}", String::from_utf8_lossy(&alone.stderr));
}

/// Kills a rotation at a point of its transactions, and lets the next runs end it.
async fn killed_at(point: &str, time: u32) -> bool {
    let world = World::new(20, "  timeout_blocks: 6\n---\nkeys: { grace_period: 0 }\n").await;
    done(&world, &["add", "provider-encryption"]).await;
    done(&world, &["register"]).await;
    let mut armed = world.command(&["keys", "rotate", "encryption", "--passphrase-file", "passphrase"]);
    armed.env("PROVIDER_FAIL_POINT", format!("{point}:{time}"));
    let status_of = tokio::task::spawn_blocking(move || armed.output().unwrap().status).await.unwrap();
    let killed = status_of.signal() == Some(9);
    for _ in 0..20 {
        // The timer's run: it goes on with what was begun, sends what is queued, and begins nothing.
        let ran = keys(&world, &["rotate", "--if-due"]).await;
        assert!(matches!(ran.code, Some(0 | 1 | 69 | 75)), "{:?} {}", ran.code, ran.stderr);
        if ran.json() == serde_json::json!([]) {
            break;
        }
    }
    let on_chain = held(&world).await;
    let revoked = on_chain.iter().filter(|key| key.revoked_at != 0).count();
    assert_eq!((on_chain.len(), revoked), (2, 1), "{point} {time}");
    assert_eq!(status(&world, "provider-encryption").await["state"], "deactivated");
    assert_eq!(status(&world, "provider-encryption-v2").await["state"], "active");
    assert_eq!(status(&world, "provider-encryption-v3").await, Value::Null, "no key is made twice");
    world.server.stop().await.unwrap();
    killed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_survives_a_kill_at_every_point() {
    let mut kills = 0;
    // Its own steps, and then those of its transactions: the first time is the registration, the second the revocation.
    for point in [Step::RotationBegun, Step::KeyPrepared, Step::KeyMade, Step::KeySwitched] {
        assert!(killed_at(point.word(), 1).await, "{}", point.word());
    }
    for point in FailPoint::ALL {
        for time in 1..=2 {
            kills += u32::from(killed_at(point.word(), time).await);
        }
    }
    assert!(kills >= 12, "{kills}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_place_on_the_chain_is_kept_for_an_emergency() {
    let world = World::new(20, "---\nkeys: { grace_period: 0, max_age: 1h, policy: { expiration: 1h } }\n").await;
    done(&world, &["add", "provider-encryption"]).await;
    done(&world, &["register"]).await;
    // Two, three, four.
    for _ in 0..3 {
        assert_eq!(last(&done(&world, &["rotate", "encryption"]).await)["outcome"], "done");
    }
    // Old enough to be due: the timer leaves the last place.
    age_everything(&world);
    let due = done(&world, &["rotate", "--if-due"]).await;
    assert_eq!(last(&due)["step"], "a place on the chain", "{due}");
    assert_eq!(held(&world).await.len(), 4);
    // By hand the begun rotation takes it.
    assert_eq!(last(&done(&world, &["rotate", "encryption"]).await)["outcome"], "done");
    let on_chain = held(&world).await;
    assert_eq!(on_chain.len(), 5);
    // The oldest went first: all are revoked but the newest.
    let revoked: Vec<bool> =
        (1..=5).map(|version| on_chain.iter().any(|key| key.key_version == version && key.revoked_at != 0)).collect();
    assert_eq!(revoked, [true, true, true, true, false]);
    // Asked for by a person, and it can never be.
    let full = keys(&world, &["rotate", "encryption"]).await;
    assert_eq!(full.code, Some(1), "{}", full.stderr);
    let full = full.json();
    let full = last(&full);
    assert_eq!((&full["step"], &full["outcome"]), (&"a place on the chain".into(), &"failed".into()));
    assert!(full["detail"].as_str().unwrap().contains("ever"), "{full}");
    assert_eq!(status(&world, "provider-encryption-v6").await, Value::Null, "no key is made that has no place");
    let stuck = status(&world, "provider-encryption-v5").await;
    assert!(stuck["problem"].as_str().unwrap().contains("has not come through"), "{stuck}");
    // One that others may have goes all the same, and the incident is not called done.
    let incident = keys(&world, &["compromise", "provider-encryption-v5"]).await;
    assert_eq!(incident.code, Some(1), "{}", incident.stdout);
    let next = incident.json()["next"].to_string();
    assert!(next.contains("a place on the chain") && next.contains("make another account"), "{next}");
    assert!(!incident.stderr.contains("run it again"), "another run gets no further: {}", incident.stderr);
    // Whoever watches is told that nobody can seal for us.
    let check = world.run(world.command(&["keys", "status", "--check", "-o", "json"])).await;
    assert!(check.code == Some(1) && check.stderr.contains("no key serves encryption"), "{}", check.stderr);
    let last = status(&world, "provider-encryption-v5").await;
    assert_eq!((&last["serves"], last["problem"].is_string()), (&false.into(), true), "{last}");
    fs::write(world.folder.path().join("text"), "services: {}\n").unwrap();
    let sealed = world.run(world.command(&["keys", "seal", "text"])).await;
    assert!(sealed.code == Some(77) && sealed.stderr.contains("given up as compromised"), "{}", sealed.stderr);
    let by_hand = keys(&world, &["rotate", "encryption"]).await;
    assert!(by_hand.code == Some(1) && by_hand.stdout.contains("another account"), "{}", by_hand.stdout);
    assert!(held(&world).await.iter().all(|key| key.revoked_at != 0));
    world.server.stop().await.unwrap();
}

/// The item of the rotation, which comes after what the policy remarks.
fn last(items: &Value) -> &Value {
    items.as_array().unwrap().last().unwrap()
}

/// Puts the beginning of every key's life two hours back.
fn age_everything(world: &World) {
    let sql = "UPDATE keys SET created_at = created_at - 7200000000, activated_at = activated_at - 7200000000";
    world.store().write("age", |change| change.execute(sql, [])).unwrap();
}

async fn balance(world: &World, address: &str) -> u64 {
    let denom = world.network.fee_denomination.to_owned();
    let request = QueryBalanceRequest { address: address.to_owned(), denom };
    let answer = world.client.call(request).await.unwrap();
    answer.balance.map_or(0, |coin| coin.amount.parse().unwrap())
}

/// A tenant takes our bid on an order of its own.
async fn lease(world: &World) {
    open_bid(world).await;
    act(world, Action::Accept { dseq: 7, gseq: None, wait: 5_000 }).await;
}

async fn act(world: &World, action: Action) {
    let node = world.server.node.clone();
    let done = tokio::task::spawn_blocking(move || {
        Tenant::named(&node, "tenant").unwrap().perform(&action).map(drop).unwrap();
    });
    done.await.unwrap();
}

/// A bid of ours on an order of a tenant.
async fn open_bid(world: &World) {
    let group = hex::encode(&seed::usual_group(world.network).encode_to_vec());
    let (hash, deposit) = ("07".repeat(32), Some("50000000uve".to_owned()));
    act(world, Action::Deploy { groups: vec![group], hash, deposit, dseq: Some(7) }).await;
    let filters = OrderFilters { state: "open".to_owned(), ..OrderFilters::default() };
    let orders = world.client.call(QueryOrdersRequest { filters, pagination: None }).await.unwrap().orders;
    world.client.run(&world.foreign_key(), &world.bid(&orders[0])).await;
}

/// Its deposit would come back to an account that others can empty, and a tenant could still take it.
#[tokio::test(flavor = "multi_thread")]
async fn an_open_bid_ends_with_the_key_of_its_account() {
    let world = World::new(20, "---\nkeys: { policy: { require_approval_for_destruction: false } }\n").await;
    open_bid(&world).await;
    done(&world, &["compromise", "provider", "--offline"]).await;
    let kept = plainly(&world, &["destroy", "provider", "--yes"]).await;
    assert!(kept.code == Some(77) && kept.stderr.contains("the open bid"), "{}", kept.stderr);
    let safe = world.send_address(7).to_string();
    let incident = done(&world, &["compromise", "provider", "--sweep-to", &safe]).await;
    let account = &incident["account"];
    assert_eq!(account["bids"].as_array().map(Vec::len), Some(1), "{account}");
    assert_eq!((&account["bids_closed"], &account["bids_not_closed"]), (&1.into(), &0.into()), "{account}");
    // The deposit came back before the rest was sent away.
    let (left, moved) = (balance(&world, world.address.as_ref()).await, balance(&world, &safe).await);
    assert!(left < 50_000 && moved + left > BEGINNING - 100_000, "{moved} {left}");
    let again = done(&world, &["compromise", "provider", "--sweep-to", &safe]).await;
    assert_eq!(again["account"]["bids"], serde_json::json!([]));
    world.server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_worked_through() {
    let world = World::new(20, "").await;
    lease(&world).await;
    for name in ["provider-encryption", "provider-usage"] {
        done(&world, &["add", name]).await;
    }
    done(&world, &["register"]).await;
    done(&world, &["test-sign", "provider"]).await;
    let planned = done(&world, &["compromise", "provider", "--dry-run"]).await;
    assert_eq!(planned["state"], "active");
    let ours = world.address.to_string();
    let wrong = keys(&world, &["compromise", "provider-usage", "--sweep-to", "cosmos1x"]).await;
    assert!(wrong.code == Some(64) && wrong.stderr.contains("nothing was done"), "{}", wrong.stderr);
    assert_eq!(status(&world, "provider-usage").await["state"], "active");

    let safe = world.send_address(7).to_string();
    let incident = done(&world, &["compromise", "provider", "--reason", "laptop stolen", "--sweep-to", &safe]).await;
    assert_eq!(incident["state"], "compromised");
    let touched: Vec<&str> =
        incident["touched"].as_array().unwrap().iter().map(|it| it["use"].as_str().unwrap()).collect();
    assert!(touched.contains(&"sign"), "{touched:?}");
    let rotated: Vec<&str> =
        incident["rotated"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    assert!(rotated.contains(&"provider-encryption"), "{rotated:?}");
    let account = &incident["account"];
    assert_eq!(account["swept_to"], safe.as_str());
    assert_eq!((&account["withdrawn"], account["leases"].as_array().unwrap().len()), (&1.into(), 1), "{account}");
    let next: Vec<&str> = incident["next"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
    for said in [
        "keys.signing_key",
        "provider register; provider keys rotate encryption --again",
        "leases belong to the old account",
    ] {
        assert!(next.iter().any(|step| step.contains(said)), "{said}: {next:?}");
    }
    let (left, moved) = (balance(&world, &ours).await, balance(&world, &safe).await);
    assert!(moved > BEGINNING / 2 && left < 50_000, "{moved} {left}");
    // Nothing else is signed with it.
    let refused = world.run(world.command(&["tx", "flush", "--passphrase-file", "passphrase"])).await;
    assert!(refused.code == Some(77) && refused.stderr.contains("is compromised"), "{}", refused.stderr);
    // What it has can still be seen.
    let leases = world.run(world.command(&["lease", "list", "-o", "json"])).await;
    assert!(leases.code == Some(0) && leases.stdout.contains("active"), "{}{}", leases.stdout, leases.stderr);
    let given_up = status(&world, "provider").await["problem"].to_string();
    assert!(given_up.contains("keys compromise provider --sweep-to"), "{given_up}");
    // And it can be run again, after the configuration names another key too: the account is that of the key.
    done(&world, &["add", "second", "--type", "secp256k1", "--no-mnemonic"]).await;
    world.configure("---\nkeys: { signing_key: second, policy: { require_approval_for_destruction: false } }\n");
    // The chain takes a key once: the new account needs one of its own, and that is said.
    let taken = keys(&world, &["register"]).await;
    assert_eq!(taken.code, Some(65), "{}", taken.stderr);
    assert!(taken.stderr.contains("registered for another account"), "{}", taken.stderr);
    assert!(taken.stderr.contains("keys rotate encryption --again"), "{}", taken.stderr);
    let lease = account["leases"][0].as_str().unwrap();
    let destroy = ["destroy", "provider", "--yes"];
    let kept = plainly(&world, &destroy).await;
    assert!(kept.code == Some(77) && kept.stderr.contains(lease), "{}", kept.stderr);
    let again = done(&world, &["compromise", "provider", "--sweep-to", &safe, "--close-lease", lease]).await;
    assert_eq!((&again["state"], &again["account"]["closed"]), (&"compromised".into(), &1.into()), "{again}");
    let last = done(&world, &["compromise", "provider", "--sweep-to", &safe, "--close-leases"]).await;
    assert_eq!(last["account"]["leases"], serde_json::json!([]), "{last}");
    let gone = plainly(&world, &destroy).await;
    assert_eq!(gone.code, Some(0), "{}", gone.stderr);
    world.server.stop().await.unwrap();
}

/// Kills the incident procedure at a point, and runs it again.
async fn incident_killed_at(point: &str) {
    let world = World::new(20, "  timeout_blocks: 6").await;
    done(&world, &["add", "provider-encryption"]).await;
    done(&world, &["register"]).await;
    let safe = world.send_address(7).to_string();
    let arguments = ["compromise", "provider", "--sweep-to", &safe];
    let all = [&["keys"], &arguments[..], &["--passphrase-file", "passphrase"]].concat();
    let mut armed = world.command(&all);
    armed.env("PROVIDER_FAIL_POINT", point);
    let status_of = tokio::task::spawn_blocking(move || armed.output().unwrap().status).await.unwrap();
    assert_eq!(status_of.signal(), Some(9), "{point}");
    for _ in 0..10 {
        let ran = keys(&world, &arguments).await;
        assert!(matches!(ran.code, Some(0 | 1)), "{point} {}", ran.stderr);
        if ran.code == Some(0) {
            break;
        }
    }
    let (left, moved) = (balance(&world, world.address.as_ref()).await, balance(&world, &safe).await);
    assert!(moved > BEGINNING / 2 && left < 50_000, "{point}: {moved} {left}");
    assert_eq!(status(&world, "provider").await["state"], "compromised", "{point}");
    assert_eq!(status(&world, "provider-encryption-v2").await["state"], "active", "{point}");
    let again = keys(&world, &arguments).await;
    assert_eq!(again.code, Some(0), "{point} {}", again.stderr);
    assert_eq!(status(&world, "provider-encryption-v3").await, Value::Null, "{point}: nothing is rotated twice");
    world.server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_survives_kills() {
    for point in
        ["key-given-up", "rotation-begun", "key-switched", "stored:1", "handed-out:1", "stored:2", "handed-out:2"]
    {
        incident_killed_at(point).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_sealed_orders_goes_without_grace() {
    let world = World::new(20, "").await;
    done(&world, &["add", "provider-encryption"]).await;
    done(&world, &["register"]).await;
    let incident = done(&world, &["compromise", "provider-encryption"]).await;
    let ours = incident["rotated"].as_array().unwrap().iter().find(|it| it["key"] == "provider-encryption").unwrap();
    assert_eq!((&ours["step"], &ours["outcome"]), (&"rotated".into(), &"done".into()));
    let on_chain = held(&world).await;
    assert!(on_chain.len() == 2 && on_chain.iter().any(|key| key.key_version == 1 && key.revoked_at != 0));
    assert_eq!(status(&world, "provider-encryption-v2").await["state"], "active");
    world.server.stop().await.unwrap();
}

/// Runs a command that takes no passphrase.
async fn plainly(world: &World, arguments: &[&str]) -> Ran {
    world.run(world.command(&[&["keys"], arguments].concat())).await
}

/// The money of another account is not touched, and that of the key that was named is, whatever its role.
#[tokio::test(flavor = "multi_thread")]
async fn the_account_of_the_key_that_was_named_is_emptied() {
    let world = World::new(20, "").await;
    let made = done(&world, &["add", "provider-v2", "--type", "secp256k1", "--no-mnemonic"]).await;
    let second = made["address"].as_str().unwrap().to_owned();
    let safe = world.send_address(7).to_string();
    let to = Address::parse(&second, world.network.address_prefix).unwrap();
    world.client.run(&world.foreign_key(), &world.send_to(&to, 5_000_000)).await;
    let ours = balance(&world, world.address.as_ref()).await;
    let incident = done(&world, &["compromise", "provider-v2", "--sweep-to", &safe]).await;
    assert_eq!(incident["account"]["address"], second.as_str());
    assert_eq!(balance(&world, world.address.as_ref()).await, ours, "the other account keeps what it has");
    let (left, moved) = (balance(&world, &second).await, balance(&world, &safe).await);
    assert!(moved > 4_900_000 && left < 20_000, "{moved} {left}");
    assert_eq!(status(&world, "provider").await["state"], "active");
    world.server.stop().await.unwrap();
}

/// Tenants seal for what the chain shows: only an active key of ours gets there, and one in use does not go unseen.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_registered_is_active_and_ours() {
    let world = World::new(20, "").await;
    let refused = async |arguments: &[&str], code: i32, said: &str| {
        let ran =
            if arguments[0] == "archive" { plainly(&world, arguments).await } else { keys(&world, arguments).await };
        assert!(ran.code == Some(code) && ran.stderr.contains(said), "{arguments:?} {:?} {}", ran.code, ran.stderr);
    };
    // A file that somebody put there who has no passphrase: the state file was lost, so nobody remembers the key.
    done(&world, &["add", "planted", "--type", "x25519"]).await;
    let path = world.folder.path().join(".provider-daemon/keyring/planted.key");
    let text = fs::read_to_string(&path).unwrap();
    let public = text.split("\"public_key\":\"").nth(1).unwrap().split('"').next().unwrap();
    let swapped = text.replace(public, &other_key(public));
    fs::write(&path, rehashed(&swapped)).unwrap();
    refused(&["register", "planted"], 65, "holds another key").await;
    world.store().write("forget", |change| change.execute("DELETE FROM key_requests", [])).unwrap();
    world.store().write("forget", |change| change.execute("DELETE FROM keys WHERE name = 'planted'", [])).unwrap();
    let ran = keys(&world, &["register", "planted"]).await;
    assert_ne!(ran.code, Some(0), "{}", ran.stdout);
    assert!(held(&world).await.is_empty());
    fs::remove_file(&path).unwrap();

    done(&world, &["add", "second", "--type", "x25519"]).await;
    assert_eq!(plainly(&world, &["suspend", "second"]).await.code, Some(0));
    refused(&["register", "second"], 77, "is suspended").await;
    assert_eq!(plainly(&world, &["archive", "second"]).await.code, Some(0));
    refused(&["register", "second"], 77, "is archived").await;
    done(&world, &["add", "third", "--type", "x25519"]).await;
    done(&world, &["register", "third"]).await;
    assert_eq!(plainly(&world, &["suspend", "third"]).await.code, Some(0));
    refused(&["archive", "third"], 77, "the chain holds the key `third`").await;
    // One that served nothing goes with its incident.
    done(&world, &["compromise", "third"]).await;
    assert!(held(&world).await.iter().all(|key| key.revoked_at != 0));
    refused(&["register", "third"], 77, "is compromised").await;

    let made = done(&world, &["add", "provider-encryption"]).await;
    assert!(status(&world, "provider-encryption").await["problem"].as_str().unwrap().contains("keys register"));
    done(&world, &["register"]).await;
    let fingerprint = made["fingerprint"].as_str().unwrap();
    refused(&["revoke", "--fingerprint", &fingerprint.to_uppercase()], 77, "it is the key in use").await;
    refused(&["revoke", "--fingerprint", &"a".repeat(40)], 65, "the chain holds no key").await;
    for command in [&["register", "--dry-run"][..], &["revoke", "--fingerprint", fingerprint, "--force", "--dry-run"]] {
        done(&world, command).await;
    }
    done(&world, &["revoke", "--fingerprint", fingerprint, "--force"]).await;
    let again = keys(&world, &["revoke", "--fingerprint", fingerprint, "--force"]).await;
    assert!(again.code == Some(0) && again.stderr.contains("revoked already"), "{}", again.stderr);
    // It is noticed, and the timer puts another in its place.
    let revoked = status(&world, "provider-encryption").await;
    assert!(revoked["problem"].as_str().unwrap().contains("revoked on the chain"), "{revoked}");
    refused(&["register"], 65, "is revoked on the chain").await;
    done(&world, &["rotate", "--if-due"]).await;
    let serves = status(&world, "provider-encryption-v2").await;
    assert_eq!((&serves["serves"], &serves["problem"]), (&true.into(), &Value::Null), "{serves}");
    world.server.stop().await.unwrap();
}

/// Another public key, in hexadecimal digits.
fn other_key(public: &str) -> String {
    let mut bytes = hex::decode(public).unwrap();
    bytes[7] ^= 0x55;
    hex::encode(&bytes)
}

/// The same text with the hash that belongs to it, which needs no passphrase.
fn rehashed(text: &str) -> String {
    use sha2::Digest as _;
    let body = text.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n";
    format!("{body}{}\n", hex::encode(&sha2::Sha256::digest(&body)))
}

/// What waits for the chain does not keep the rest waiting.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_s_key_that_is_away_stops_only_what_needs_it() {
    let world = World::new(20, "---\nkeys: { grace_period: 0 }\n").await;
    for name in ["provider-encryption", "provider-usage"] {
        done(&world, &["add", name]).await;
    }
    done(&world, &["register"]).await;
    let path = world.folder.path().join(".provider-daemon/keyring/provider.key");
    let away = world.folder.path().join("away");
    fs::rename(&path, &away).unwrap();
    let ran = keys(&world, &["rotate"]).await;
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let done_of =
        |ran: &Ran, key: &str| items(&ran.json()).into_iter().find(|(of, ..)| of == key).map(|(_, _, outcome)| outcome);
    assert_eq!(done_of(&ran, "provider-usage").as_deref(), Some("done"));
    assert_eq!(done_of(&ran, "provider-encryption").as_deref(), Some("failed"));
    fs::rename(&away, &path).unwrap();
    done(&world, &["rotate", "--if-due"]).await;
    assert_eq!(status(&world, "provider-encryption-v2").await["state"], "active");
    world.server.stop().await.unwrap();
}

/// The account's key is on a device: the chain takes the JSON documents that it signs.
#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_signs_what_the_chain_takes() {
    let app = App::start();
    let account = ledger_app::account("ve").to_string();
    let more =
        format!("---\nkeys: {{ ledger: {{ emulator: \"{}\", timeout: 20s }}, signing_key: device }}\n", app.address);
    let world = World::with(20, &more, |options| {
        let coins = format!("{BEGINNING}uve");
        options.genesis.accounts.push(Account { name: "device".into(), address: account.clone(), coins });
        options.genesis.identity.push(Identity { address: account.clone(), score: 90, tier: "premium".into() });
    })
    .await;
    let made = done(&world, &["add", "device", "--keyring-backend", "ledger"]).await;
    assert_eq!(made["address"], account.as_str());
    done(&world, &["add", "provider-encryption"]).await;
    let registered = done(&world, &["register"]).await;
    assert_eq!(registered["state"], "registered");
    let request = QueryRecipientKeyRequest { address: account };
    assert_eq!(world.client.call(request).await.unwrap().keys.len(), 1);
    world.server.stop().await.unwrap();
}
