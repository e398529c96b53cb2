//! `hardware`: keys on a SoftHSM2 token, and what a wrong PIN, another token and other tools do to them.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use provider::jobs::FailPoint;

use super::{Place, Ran};

const LIBRARIES: &[&str] = &["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
const PIN: &str = "1234";

/// A home with a token of its own.
struct Hsm {
    place: Place,
    library: &'static str,
}

impl Hsm {
    fn new(test: &str) -> Option<Self> {
        let library = LIBRARIES.iter().find(|path| Path::new(path).exists());
        let (Some(library), Ok(_)) = (library, Command::new("softhsm2-util").arg("--version").output()) else {
            eprintln!("could not run: {test} needs SoftHSM2 (softhsm2)");
            return None;
        };
        let hsm = Self { place: Place::new(), library };
        fs::create_dir(hsm.place.path("tokens")).unwrap();
        let tokens = hsm.place.path("tokens");
        fs::write(hsm.conf(), format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display())).unwrap();
        hsm.init_token("provider-test");
        hsm.place.secret_file("pin", PIN);
        hsm.configure("token_label: provider-test");
        Some(hsm)
    }

    fn conf(&self) -> PathBuf {
        self.place.path("softhsm2.conf")
    }

    fn init_token(&self, label: &str) {
        let arguments = ["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "5678"];
        self.tool("softhsm2-util", &arguments);
    }

    fn tool(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program).args(arguments).env("SOFTHSM2_CONF", self.conf()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {said}");
        said
    }

    fn configure(&self, hsm: &str) {
        let (library, pin) = (self.library, self.place.path("pin"));
        self.place.configure(&format!(
            "keys: {{ keyring_backend: hardware, hsm: {{ library_path: {library}, pin_file: {}, {hsm} }} }}\n",
            pin.display()
        ));
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.place.command(arguments).env("SOFTHSM2_CONF", self.conf()).output().unwrap())
    }

    fn keys(&self, arguments: &[&str]) -> serde_json::Value {
        self.run(&[&["keys"], arguments, &["-o", "json"]].concat()).json()
    }
}

#[test]
fn every_type_that_the_token_has_signs() {
    let Some(hsm) = Hsm::new("keys on a token") else { return };
    for (name, key_type) in [("provider", "secp256k1"), ("usage", "ed25519"), ("other", "p256")] {
        let made = hsm.keys(&["add", name, "--type", key_type]);
        assert_eq!((&made["type"], &made["kept"]), (&key_type.into(), &"hardware".into()));
        // The signature is verified by another implementation before it is believed.
        let tested = hsm.keys(&["test-sign", name]);
        assert_eq!((&tested["verified"], &tested["public_key"]), (&true.into(), &made["public_key"]));
        assert_eq!(hsm.keys(&["show", name])["kept"], "hardware");
    }
    let address = hsm.run(&["keys", "show", "provider", "-a"]).succeeded().stdout;
    assert!(address.starts_with("ve1"), "{address}");
    hsm.run(&["keys", "add", "opener", "--type", "x25519"])
        .failed(65, &["a PKCS#11 token keeps no keys of type x25519"]);
    // Listing needs no token.
    fs::remove_dir_all(hsm.place.path("tokens")).unwrap();
    fs::create_dir(hsm.place.path("tokens")).unwrap();
    assert_eq!(hsm.keys(&["list"]).as_array().unwrap().len(), 3);
    hsm.run(&["keys", "test-sign", "provider"]).failed(65, &["0 tokens of", "there are: none"]);
}

#[test]
fn keys_of_other_tools_are_taken_over() {
    let Some(hsm) = Hsm::new("keys of other tools on a token") else { return };
    if Command::new("pkcs11-tool").arg("--version").output().is_err() {
        eprintln!("could not run: keys of other tools on a token needs pkcs11-tool (opensc)");
        return;
    }
    for (name, curve, id) in [("provider", "secp256k1", "01"), ("usage", "edwards25519", "02")] {
        let curve = format!("EC:{curve}");
        let login = ["--module", hsm.library, "--token-label", "provider-test", "--login", "--pin", PIN];
        hsm.tool(
            "pkcs11-tool",
            &[&login[..], &["--keypairgen", "--key-type", &curve, "--label", name, "--id", id]].concat(),
        );
    }
    hsm.run(&["keys", "add", "provider", "--type", "secp256k1"])
        .failed(65, &["the token has objects with the label `provider` already", "--existing"]);
    for (name, key_type) in [("provider", "secp256k1"), ("usage", "ed25519")] {
        hsm.keys(&["add", name, "--type", key_type, "--existing"]);
        assert_eq!(hsm.keys(&["test-sign", name])["verified"], true);
    }
    hsm.run(&["keys", "add", "other", "--type", "p256", "--existing"])
        .failed(65, &["the token has 0 public keys of type p256 with the label `other`"]);
}

/// Other tools give ids by hand, and nothing stops them from giving one twice.
#[test]
fn destroying_a_key_leaves_the_others_of_the_token_alone() {
    let Some(hsm) = Hsm::new("two keys of one id on a token") else { return };
    if Command::new("pkcs11-tool").arg("--version").output().is_err() {
        eprintln!("could not run: two keys of one id on a token needs pkcs11-tool (opensc)");
        return;
    }
    let tool = |arguments: &[&str]| {
        let login = ["--module", hsm.library, "--token-label", "provider-test", "--login", "--pin", PIN];
        hsm.tool("pkcs11-tool", &[&login[..], arguments].concat())
    };
    let make = |name: &str, id: &[&str]| {
        tool(&[&["--keypairgen", "--key-type", "EC:prime256v1", "--label", name], id].concat());
    };
    make("one", &["--id", "01"]);
    hsm.keys(&["add", "one", "--type", "p256", "--existing"]);
    make("two", &["--id", "01"]);
    hsm.run(&["keys", "add", "two", "--type", "p256", "--existing"])
        .failed(65, &["2 private keys of the token have the id 01 of `two`"]);
    assert_eq!(hsm.keys(&["test-sign", "one"])["verified"], true, "its own object signs");
    for step in ["suspend", "archive"] {
        hsm.run(&["keys", step, "one"]).succeeded();
    }
    let destroy = ["keys", "destroy", "one", "--yes", "--early"];
    hsm.run(&destroy).failed(77, &["waits for an approval"]);
    hsm.run(&["keys", "approve", "one"]).succeeded();
    hsm.run(&destroy).succeeded();
    let left = tool(&["--list-objects"]);
    assert_eq!((left.matches("label:      one").count(), left.matches("label:      two").count()), (0, 2), "{left}");
}

#[test]
fn a_wrong_pin_is_tried_once_and_the_last_chance_never() {
    let Some(hsm) = Hsm::new("the PIN of a token") else { return };
    hsm.keys(&["add", "usage", "--type", "ed25519"]);
    hsm.place.secret_file("pin", "9999");
    let test = ["keys", "test-sign", "usage"];
    hsm.run(&test).failed(77, &["the token `provider-test` refuses the PIN"]);
    hsm.place.secret_file("pin", PIN);
    hsm.run(&test).succeeded();
    fs::remove_file(hsm.place.path("pin")).unwrap();
    hsm.run(&test).failed(65, &["cannot log in to the token `provider-test`"]);
}

#[test]
fn the_right_token_is_found_and_no_other_is_taken_for_it() {
    let Some(hsm) = Hsm::new("several tokens") else { return };
    hsm.keys(&["add", "usage", "--type", "ed25519"]);
    hsm.init_token("another");
    hsm.configure("");
    let test = ["keys", "test-sign", "usage"];
    hsm.run(&test).failed(65, &["2 tokens of", "`provider-test`", "`another`"]);
    hsm.configure("token_label: another");
    hsm.run(&test).failed(65, &["the key `usage` is on the token"]);
    let slots = hsm.tool("softhsm2-util", &["--show-slots"]);
    // A slot's number comes before its token's label.
    let before = slots.split("provider-test").next().unwrap();
    let slot = before.rsplit("\nSlot ").next().unwrap().lines().next().unwrap();
    hsm.configure(&format!("slot_id: {slot}"));
    hsm.run(&test).succeeded();
    hsm.configure("slot_id: 4242");
    hsm.run(&test).failed(65, &["0 tokens of"]);
}

/// The token has the new key, and nobody wrote down that it is made: the next run finds it under its name.
#[test]
fn a_rotation_on_a_token_survives_a_kill() {
    let Some(hsm) = Hsm::new("a rotation on a token") else { return };
    hsm.keys(&["add", "provider-usage", "--type", "ed25519"]);
    let mut command = hsm.place.within(&["env"], &["keys", "rotate", "usage"]);
    command.env("SOFTHSM2_CONF", hsm.conf()).env("PROVIDER_FAIL_POINT", FailPoint::KeyPrepared.word());
    assert_eq!(command.output().unwrap().status.signal(), Some(9));
    let went_on = hsm.keys(&["rotate", "--if-due"]);
    assert_eq!(went_on[0]["step"], "grace period", "{went_on}");
    let tested = hsm.keys(&["test-sign"]);
    assert_eq!((&tested["name"], &tested["kept"]), (&"provider-usage-v2".into(), &"hardware".into()));
    let listed = hsm.keys(&["list"]);
    assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
}
