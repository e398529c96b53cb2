//! `ledger`: the whole way through the program to an app behind the emulator's port.

use std::net::TcpListener;
use std::sync::atomic::Ordering;

use super::Place;
use super::ledger_app::App;

fn place(app: &App, more: &str) -> Place {
    let place = Place::new();
    place.configure(&format!(
        "keys: {{ keyring_backend: ledger, ledger: {{ emulator: \"{}\", {more} }} }}\n",
        app.address
    ));
    place
}

#[test]
fn a_key_is_added_and_signs_when_a_person_agrees() {
    let app = App::start();
    let place = place(&app, "timeout: 5s");
    app.agrees.store(false, Ordering::Relaxed);
    place.run(&["keys", "add", "provider"]).failed(77, &["it was refused on the Ledger"]);
    assert!(!place.key_file("provider").exists());
    app.agrees.store(true, Ordering::Relaxed);
    let made = place.keys(&["add", "provider"]);
    assert_eq!(
        (&made["type"], &made["kept"], &made["hd_path"]),
        (&"secp256k1".into(), &"ledger".into(), &"m/44'/118'/0'/0/0".into())
    );
    assert_eq!(place.run(&["keys", "show", "provider", "-o", "json"]).json()["needs_touch"], true);
    assert_eq!(place.keys(&["test-sign", "provider"])["verified"], true);
    app.agrees.store(false, Ordering::Relaxed);
    place.run(&["keys", "test-sign", "provider"]).failed(77, &["it was refused on the Ledger", "nothing was signed"]);
    place
        .run(&["keys", "add", "usage", "--type", "ed25519"])
        .failed(65, &["a Ledger device keeps no keys of type ed25519", "--keyring-backend file"]);
    // Another key beside it, in a file.
    place.keys(&["add", "provider-encryption", "--keyring-backend", "file"]);
    let kept: Vec<String> = place
        .run(&["keys", "list", "-o", "json"])
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["kept"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kept, ["ledger", "file"]);
}

#[test]
fn its_options_change_what_happens() {
    let app = App::start();
    app.agrees.store(false, Ordering::Relaxed);
    // Nobody is asked where that is not wanted.
    let place = place(&app, "require_confirmation: false, derivation_path: \"m/44'/118'/3'/0/5\"");
    assert_eq!(place.keys(&["add", "provider"])["hd_path"], "m/44'/118'/3'/0/5");
    // Nobody answers at this port.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    place.configure(&format!("keys: {{ ledger: {{ emulator: \"{address}\", timeout: 5s }} }}\n"));
    drop(silent);
    place.run(&["keys", "test-sign", "provider"]).failed(69, &["cannot reach the Ledger emulator"]);
    // Without an emulator there is a USB, and nothing on it.
    place.configure("");
    place.run(&["keys", "test-sign", "provider"]).failed(69, &["there is no Ledger on the USB"]);
}
