//! What our commands sent and registered, seen by CosmJS.
//!
//! `COSMJS` names a folder with `node_modules`, which `tests/run` makes; without it this could not run.

use std::path::Path;
use std::process::Command;

use provider::store::outbox::transactions;

use super::world::World;
use provider::domain::tx_hash::TxHash;

#[tokio::test(flavor = "multi_thread")]
async fn cosmjs_sees_the_tokens_and_the_provider() {
    let Some(folder) = std::env::var_os("COSMJS") else {
        eprintln!("could not run: what CosmJS sees needs COSMJS, a folder with node_modules/@cosmjs");
        return;
    };
    let world = World::with(20, "", |options| options.genesis.providers.clear()).await;
    let send = world.send(5);
    let id = world.enqueue(&world.store(), "send", &send, None);
    assert_eq!(world.flush().await.code, Some(0));
    let sent = world.store().read("look", |snapshot| transactions::of_intent(snapshot, id)).unwrap().remove(0);
    let uri = "https://provider.example.com:8443";
    let arguments = ["register", "--host-uri", uri, "--passphrase-file", "passphrase", "-o", "json"];
    let registered = world.run(world.command(&arguments)).await;
    assert_eq!(registered.code, Some(0), "{}", registered.stderr);
    let hash = registered.json()["transaction"].as_str().unwrap().to_owned();

    // An import is looked for from the script's folder upwards.
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/sees.mjs");
    let beside = world.folder.path().join("sees.mjs");
    std::fs::copy(script, &beside).unwrap();
    std::os::unix::fs::symlink(Path::new(&folder).join("node_modules"), world.folder.path().join("node_modules"))
        .unwrap();
    let rpc = format!("http://{}", world.server.rpc);
    let receiver = world.send_address(5);
    let sent = TxHash(sent.hash).to_string();
    let arguments =
        [&rpc, "uve", world.address.as_str(), receiver.as_str(), "1005", &sent, &hash, uri].map(str::to_owned);
    let seen = tokio::task::spawn_blocking(move || {
        Command::new("node").arg("--preserve-symlinks").arg(&beside).args(arguments).output().unwrap()
    });
    let seen = seen.await.unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(seen.status.success(), "{}{}", said(&seen.stdout), said(&seen.stderr));
    assert_eq!(said(&seen.stdout), "seen\n");
}
