//! The provider's registration and its certificates, from the command line to the chain.

use provider::devnet::server::Options;
use provider::domain::outbox::intent::State;
use serde_json::Value;

use super::world::{Ran, World};
use crate::devnet::client::Key;

/// The chain does not know the provider yet.
fn unregistered(options: &mut Options) {
    options.genesis.providers.clear();
}

async fn run(world: &World, arguments: &[&str]) -> Ran {
    let one_of = |sending: &[&[&str]]| sending.iter().any(|words| arguments.starts_with(words));
    let needs_key = one_of(&[&["register"], &["update"], &["cert", "publish"], &["cert", "revoke"]]);
    let more: &[&str] = if needs_key { &["--passphrase-file", "passphrase", "-o", "json"] } else { &["-o", "json"] };
    let all: Vec<&str> = arguments.iter().chain(more).copied().collect();
    world.run(world.command(&all)).await
}

async fn done(world: &World, arguments: &[&str]) -> Value {
    let ran = run(world, arguments).await;
    assert_eq!(ran.code, Some(0), "{arguments:?} {}", ran.stderr);
    ran.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_registers_changes_its_record_and_shows_it() {
    let world =
        World::with(20, "---\nprovider: { region: eu-north, contact_email: ops@example.com }\n", unregistered).await;
    let missing = run(&world, &["info"]).await;
    assert_eq!(missing.code, Some(65), "{}", missing.stderr);
    assert!(missing.stderr.contains("is not registered as a provider"), "{}", missing.stderr);
    let early = run(&world, &["update", "--website", "https://example.com"]).await;
    assert_eq!(early.code, Some(65), "{}", early.stderr);

    let words = ["register", "--host-uri", "https://p.example.com:8443", "--name", "MyProvider"];
    let more = ["--website", "https://example.com", "--attributes", "arch=amd64,tier=gold", "--deposit", "100000uve"];
    let all: Vec<&str> = words.iter().chain(&more).copied().collect();
    let rehearsed: Vec<&str> = all.iter().chain(&["--dry-run"]).copied().collect();
    assert_eq!(done(&world, &rehearsed).await["changed"], false);
    let ran = run(&world, &all).await;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("the chain takes no stake"), "{}", ran.stderr);
    let registered = ran.json();
    assert_eq!(registered["changed"], true);
    assert_eq!(registered["transaction"].as_str().unwrap().len(), 64);
    let again = run(&world, &all).await;
    assert_eq!(again.code, Some(65), "{}", again.stderr);
    assert!(again.stderr.contains("is registered already"), "{}", again.stderr);

    let info = done(&world, &["info"]).await;
    assert_eq!(info["host_uri"], "https://p.example.com:8443");
    assert_eq!((&info["email"], &info["website"]), (&"ops@example.com".into(), &"https://example.com".into()));
    let attributes = serde_json::json!({"arch": "amd64", "name": "MyProvider", "region": "eu-north", "tier": "gold"});
    assert_eq!(info["attributes"], attributes);

    let updated = done(&world, &["update", "--attributes", "tier=,zone=a"]).await;
    assert_eq!(updated["attributes"]["zone"], "a");
    assert_eq!(done(&world, &["info", world.address.as_str()]).await["attributes"], updated["attributes"]);
    assert_eq!(updated["attributes"].get("tier"), None);
    // Nothing changes: nothing is sent.
    assert_eq!(done(&world, &["update"]).await["changed"], false);
    // The same change once more is another wish.
    assert_eq!(done(&world, &["update", "--attributes", "zone=b"]).await["changed"], true);
    assert_eq!(done(&world, &["update", "--attributes", "zone=a"]).await["changed"], true);
    assert_eq!(done(&world, &["info"]).await["attributes"]["zone"], "a");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_cannot_take_it_and_an_owner_whom_nobody_knows_are_told_plainly() {
    let uri = ["register", "--host-uri", "https://p.example.com"];
    let defective = World::with(20, "", |options| {
        unregistered(options);
        options.identity.refuses_provider_messages = true;
    })
    .await;
    let ran = run(&defective, &uri).await;
    assert_eq!(ran.code, Some(77), "{}", ran.stderr);
    assert!(ran.stderr.contains("takes such a message from nobody"), "{}", ran.stderr);
    assert!(ran.stderr.contains("providers of this chain come from its genesis"), "{}", ran.stderr);
    // Nothing loops on it: the wish is settled.
    assert!(defective.open().is_empty());

    let unknown = World::with(20, "", |options| {
        unregistered(options);
        options.genesis.identity.clear();
    })
    .await;
    let ran = run(&unknown, &uri).await;
    assert_eq!(ran.code, Some(77), "{}", ran.stderr);
    assert!(ran.stderr.contains("identity score is too low"), "{}", ran.stderr);

    let other = World::new(20, "---\nprovider: { address: ve1vtad8680vhdfqvxx0f2yaxa6agdylelmyn8y87 }\n").await;
    let ran = run(&other, &uri).await;
    assert_eq!(ran.code, Some(65), "{}", ran.stderr);
    assert!(ran.stderr.contains("and not for ve1vtad8680"), "{}", ran.stderr);
    let pathy = run(&defective, &["register", "--host-uri", "https://p.example.com/path"]).await;
    assert_eq!(pathy.code, Some(65), "{}", pathy.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_nobody_paid_yet_waits_and_says_what_it_needs() {
    let world = World::with(20, "", |options| {
        unregistered(options);
        options.genesis.accounts.retain(|account| account.name != "provider");
    })
    .await;
    let ran = run(&world, &["register", "--host-uri", "https://p.example.com"]).await;
    assert_eq!(ran.code, Some(75), "{}", ran.stderr);
    let words = format!("the account {} does not exist yet: send it at least 5000uve", world.address);
    assert!(ran.stderr.contains(&words), "{}", ran.stderr);
    assert!(ran.stderr.contains("tx flush"), "{}", ran.stderr);
    let open = world.open();
    assert_eq!(open.iter().map(|(_, state)| *state).collect::<Vec<_>>(), [State::Queued]);
    // Somebody pays it, and what waited goes on.
    let payer = Key::of("a", world.network);
    let mut payment = world.send_to(&world.address, 10_000_000);
    payment.from_address.clone_from(&payer.address);
    assert_eq!(world.client.run(&payer, &payment).await.code, 0);
    let flushed = world.flush().await;
    assert_eq!(flushed.code, Some(0), "{} {}", flushed.stdout, flushed.stderr);
    assert_eq!(done(&world, &["info"]).await["host_uri"], "https://p.example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_published_shown_and_revoked() {
    let world = World::new(20, "").await;
    assert_eq!(done(&world, &["cert", "show"]).await, serde_json::json!([]));
    let published = done(&world, &["cert", "publish", "--hostname", "p.example.com", "--days", "30"]).await;
    let serial = published["serial"].as_str().unwrap();
    let key = std::fs::metadata(published["key"].as_str().unwrap()).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key.permissions()) & 0o777, 0o600);
    let shown = done(&world, &["cert", "show"]).await;
    assert_eq!((&shown[0]["serial"], &shown[0]["state"]), (&serial.into(), &"valid".into()));
    assert_eq!(shown[0]["common_name"], world.address.as_str());
    // The same once more, from its file: the chain has it.
    let again = run(&world, &["cert", "publish", "--certificate", published["certificate"].as_str().unwrap()]).await;
    assert_eq!(again.code, Some(65), "{}", again.stderr);
    assert!(again.stderr.contains("the certificate is published already"), "{}", again.stderr);
    assert!(again.stderr.contains("`provider cert show` lists what is published"), "{}", again.stderr);
    assert_eq!(done(&world, &["cert", "revoke", serial]).await["revoked"], true);
    assert_eq!(done(&world, &["cert", "show"]).await[0]["state"], "revoked");
    let twice = run(&world, &["cert", "revoke", serial]).await;
    assert!(twice.code == Some(65) && twice.stderr.contains("revoked already"), "{}", twice.stderr);
    let unknown = run(&world, &["cert", "revoke", "4711"]).await;
    assert!(unknown.code == Some(65) && unknown.stderr.contains("has published no certificate"), "{}", unknown.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_certificate_is_made_for_a_bad_name_or_for_nothing() {
    let world = World::new(50, "  confirm_within: 1s").await;
    let long = "a".repeat(300);
    for bad in ["bad host", "", "-x", "a..b", &long, "a\nb", "https://a.example"] {
        let told = run(&world, &["cert", "publish", &format!("--hostname={bad}")]).await;
        assert_eq!(told.code, Some(64), "{bad:?} {}", told.stderr);
    }
    let certificates = world.path("certificates");
    assert!(!certificates.exists() && world.open().is_empty());
    // One is out: another would leave a key behind for nothing.
    world.server.node.halt(true);
    for _ in 0..3 {
        let told = run(&world, &["cert", "publish", "--hostname", "p.example.com"]).await;
        assert_eq!(told.code, Some(75), "{}", told.stderr);
        let files = walk(world.folder.path());
        let of =
            |suffix: &str| files.iter().filter(|name| name.contains("certificates") && name.ends_with(suffix)).count();
        assert_eq!((of(".crt"), of(".key")), (1, 1), "{files:?}");
    }
}

/// All files beneath a folder.
fn walk(folder: &std::path::Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path.display().to_string()) }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsed_registration_says_what_the_chain_would() {
    let words = ["register", "--dry-run", "--host-uri", "https://p.example.com", "--deposit", "5uve"];
    let unknown = World::with(20, "", |options| {
        unregistered(options);
        options.genesis.identity.clear();
    })
    .await;
    let told = run(&unknown, &words).await;
    assert_eq!(told.code, Some(77), "{}", told.stderr);
    assert!(told.stderr.contains("identity score is too low"), "{}", told.stderr);
    let poor = World::with(20, "", |options| {
        unregistered(options);
        options.genesis.accounts.retain(|account| account.name != "provider");
    })
    .await;
    for words in [&words[..], &["register", "--host-uri", "https://p.example.com", "--deposit", "5uve"]] {
        let told = run(&poor, words).await;
        assert_eq!(told.code, Some(75), "{words:?} {}", told.stderr);
        assert!(told.stderr.contains("does not exist yet: send it at least 5000uve"), "{}", told.stderr);
        assert!(told.stderr.contains("the chain takes no stake"), "{words:?} {}", told.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_register_says_is_checked() {
    let world = World::new(20, "").await;
    for bad in [
        &["--contact", "nonsense"][..],
        &["--website", "javascript:alert(1)"],
        &["--name", "Foo", "--attributes", "name=Bar"],
    ] {
        let told = run(&world, &[&["update"], bad].concat()).await;
        assert_eq!(told.code, Some(64), "{bad:?} {}", told.stderr);
    }
    assert!(world.open().is_empty());
    let set = done(&world, &["update", "--name", "Foo", "--contact", "ops@example.com"]).await;
    assert_eq!((&set["attributes"]["name"], &set["email"]), (&"Foo".into(), &"ops@example.com".into()));
    let cleared = done(&world, &["update", "--name", "", "--contact", ""]).await;
    assert_eq!((cleared["attributes"].get("name"), &cleared["email"]), (None, &"".into()));
    let secret = run(&world, &["update", "--host-uri", "https://u:p@x"]).await;
    assert!(
        secret.stderr.contains("everybody reads the register") && !secret.stderr.contains("u:p@"),
        "{}",
        secret.stderr
    );
}
