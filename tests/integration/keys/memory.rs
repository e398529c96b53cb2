//! `memory`: for chains of tests, and for no other.

use std::fs;

use super::Place;

fn configure(place: &Place, chain_id: &str, backend: &str) {
    place.configure(&format!("chain: {{ chain_id: {chain_id} }}\nkeys: {{ keyring_backend: {backend} }}\n"));
}

#[test]
fn keys_in_memory_are_the_same_in_every_process_of_one_chain() {
    let place = Place::new();
    configure(&place, "virtengine-localnet-1", "memory");
    let made = place.keys(&["add", "provider"]);
    assert_eq!((&made["type"], &made["kept"]), (&"secp256k1".into(), &"memory".into()));
    assert_eq!(place.keys(&["test-sign", "provider"])["verified"], true);
    fs::remove_file(place.key_file("provider")).unwrap();
    assert_eq!(place.keys(&["add", "provider", "--existing"])["public_key"], made["public_key"]);
    // Another chain of tests has other keys.
    configure(&place, "other-devnet-7", "memory");
    place.run(&["keys", "test-sign", "provider"]).failed(65, &["memory holds another key as `provider`"]);
}

#[test]
fn a_real_chain_has_none() {
    let place = Place::new();
    configure(&place, "virtengine-localnet-1", "memory");
    place.keys(&["add", "provider"]);
    for chain in ["virtengine-1", "virtengine-localnets-1", "mydevnet"] {
        configure(&place, chain, "memory");
        place.run(&["keys", "add", "other"]).failed(78, &["keys in memory are for tests, and `", chain]);
        // A key that was made for tests is of no use either.
        configure(&place, chain, "file");
        place.run(&["keys", "test-sign", "provider"]).failed(77, &["may be a real chain"]);
    }
}
