//! What is replaced, what stays, and that a registered secret never comes through.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::json;

use super::super::escape;
use super::values::Registry;
use super::*;

fn shown(text: &str) -> String {
    super::text(text).into_owned()
}

#[test]
fn patterns_and_assignments() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    for (text, want) in [
        ("sent Authorization: Bearer abc.def-1 to node", "sent Authorization: Bearer *** to node"),
        ("auth BEARER abc", "auth BEARER ***"),
        ("Basic dXNlcjpwYXNzd29yZA== refused", "Basic *** refused"),
        ("a basic check failed", "a basic check failed"),
        (&format!("got {token}, expired"), "got ***, expired"),
        ("https://user:pa55@host:26657/path", "https://***@host:26657/path"),
        ("https://ghtoken@host/path", "https://***@host/path"),
        ("postgres://u:p/a@b@host/db", "postgres://***@host/db"),
        ("amqp://u:p@ss@host", "amqp://***@host"),
        ("docker://registry:5000/image@sha256:0a", "docker://registry:5000/image@sha256:0a"),
        ("http://[::1]:26657/status and a@b", "http://[::1]:26657/status and a@b"),
        ("GET /x?token=abc&page=2 failed", "GET /x?token=***&page=2 failed"),
        ("ssh -p 22 PASSWORD=hunter2 ls", "ssh -p 22 PASSWORD=*** ls"),
        ("password='a b' next", "password=*** next"),
        (r#"{"user":"a","api_key":"x\"y","n":1}"#, r#"{"user":"a","api_key":***,"n":1}"#),
        (r#"body: "{\"secret\": \"xyz\", \"a\": 1}""#, r#"body: "{\"secret\": ***, \"a\": 1}""#),
        (r#"Settings { passphrase: "x y", port: 1 }"#, "Settings { passphrase: ***, port: 1 }"),
        ("  12 |   password: hunter2 # mine\n  13 |   port: 1", "  12 |   password: ***\n  13 |   port: 1"),
        ("api_key = abc", "api_key = ***"),
        ("- token: ${TOKEN}", "- token: ${TOKEN}"),
        ("password: file:/etc/secret", "password: file:/etc/secret"),
        ("cannot resolve secret: not found", "cannot resolve secret: not found"),
        ("password_file=/etc/p", "password_file=/etc/p"),
        ("retries=3 key=a", "retries=3 key=a"),
        ("x -----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY----- y", "x *** y"),
        ("x -----BEGIN PRIVATE KEY-----\nMHcC", "x ***"),
        (
            "-----BEGIN CERTIFICATE-----\nMHcC\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nMHcC\n-----END CERTIFICATE-----",
        ),
    ] {
        assert_eq!(shown(text), want);
    }
}

#[test]
fn assignments_in_the_midst_of_other_words() {
    for (text, want) in [
        ("login failed, password: hunter2", "login failed, password: ***"),
        ("login failed (password: hunter2), bye", "login failed (password: ***), bye"),
        ("invalid value for token: abcdef", "invalid value for token: ***"),
        ("login with password:hunter2 failed", "login with password:*** failed"),
        ("headers: x-api-key: abc123, accept: */*", "headers: x-api-key: ***, accept: */*"),
        ("sent Cookie: sid=abc; user=me\nnext", "sent Cookie: ***\nnext"),
        ("the header Authorization: Token abcdef", "the header Authorization: ***"),
        ("the header Authorization: Basic abcdef, x", "the header Authorization: Basic ***, x"),
        (
            r#"Config { password: Some("hunter2"), token: String("x"), port: 1 }"#,
            "Config { password: ***, token: ***, port: 1 }",
        ),
        (r#"  password: Some("hunter2")"#, "  password: ***"),
        (r#"key Some(Token { secret: Inner { at: "a}b", n: [1] }, n: 2 })"#, "key Some(Token { secret: ***, n: 2 })"),
        (r#"password => "hunter2", port => 1"#, "password => ***, port => 1"),
        ("set password := hunter2 and go", "set password := *** and go"),
        (r#"{"password":12345678}"#, r#"{"password":***}"#),
        (r#"{"password":12345678,"n":1}"#, r#"{"password":***,"n":1}"#),
        (r#"{"passwords":["hunter2","x"],"n":1}"#, r#"{"passwords":***,"n":1}"#),
        (r#"{"password":null,"token":true}"#, r#"{"password":null,"token":true}"#),
        (r#"an answer cut short: password: Some("hun"#, "an answer cut short: password: ***"),
        ("bearer\tabc, Basic  dXNlcjpwYXNz", "bearer\t***, Basic  ***"),
        // The first vector of BIP-32.
        (
            "key xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi.",
            "key ***.",
        ),
        // What speaks of a secret without telling it.
        (
            "cannot open the token: permission denied (os error 13)",
            "cannot open the token: permission denied (os error 13)",
        ),
        ("in provider::keys::token::read", "in provider::keys::token::read"),
        ("cannot use password: ${NAME}", "cannot use password: ${NAME}"),
        ("write `password: env:NAME`", "write `password: env:NAME`"),
        ("Config { password: None, token: *** }", "Config { password: None, token: *** }"),
    ] {
        assert_eq!(shown(text), want);
    }
}

#[test]
fn names_in_json_hold_no_secret() {
    assert!(register("wombat-3356") && register("wombat-3357"));
    let mut value = json!({"wombat-3356": 1, "wombat-3357": 2, "by": {"https://u:p@h/": "x"}});
    json(&mut value);
    let text = value.to_string();
    assert!(!text.contains("wombat") && !text.contains("u:p"), "{text}");
    assert_eq!(value.as_object().unwrap().len(), 3, "{text}");
}

#[test]
fn json_is_walked() {
    let mut value = json!({
        "order": "ve1/7/1/1",
        "auth": {"password": "x", "pin": 1234, "has_token": true, "url": "https://u:p@h/"},
        "list": ["Bearer abc", 7, null],
    });
    json(&mut value);
    let want = json!({
        "order": "ve1/7/1/1",
        "auth": {"password": "***", "pin": "***", "has_token": true, "url": "https://***@h/"},
        "list": ["Bearer ***", 7, null],
    });
    assert_eq!(value, want);
}

#[test]
fn registered_values_are_process_wide() {
    assert!(!text("zanzibar-1889 stays").contains(MARK));
    assert!(register(" zanzibar-1889\n"));
    assert_eq!(shown("a zanzibar-1889 b"), "a *** b");
    assert_eq!(values("azanzibar-1889b"), "a***b");
    assert!(!register("abc") && !register("") && !register("  a  "));
}

#[test]
fn overlapping_secrets_leave_no_rest() {
    let mut registry = Registry::new();
    for secret in ["abcd", "bcdefgh", "abcdef", "ghij"] {
        registry.add(secret);
    }
    assert_eq!(registry.redact("x abcdefghij y"), "x *** y");
    assert_eq!(registry.redact("xabcdx"), "x***x");
}

#[test]
fn the_mark_and_its_neighbours_can_form_no_secret() {
    let mut registry = Registry::new();
    for secret in ["hunter2", "a***", "**b*", "****"] {
        registry.add(secret);
    }
    for text in ["ahunter2", "hunter2b*", "hunter2hunter2", "*hunter2", "aahunter2b*b*b*"] {
        let shown = registry.redact(text).into_owned();
        assert_eq!(registry.redact(&shown), shown, "{text} became {shown}");
        for secret in ["hunter2", "a***", "**b*", "****"] {
            assert!(!shown.contains(secret), "{text} became {shown}");
        }
    }
}

/// The processor time that this thread takes to redact a text so often, in nanoseconds: the least of three tries, and
/// half a tick of the clock, whose grain it has.
fn cost(text: &str, times: usize) -> u64 {
    let used = || {
        let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        statistics.split(' ').next().unwrap().parse::<u64>().unwrap()
    };
    let tries = (0..3).map(|_| {
        let before = used();
        for _ in 0..times {
            let _ = shown(text);
        }
        used() - before
    });
    tries.min().unwrap() + 2_000_000
}

#[test]
fn hostile_text_costs_no_more_than_its_length() {
    for part in [
        "eyJ",
        "://",
        "a://b:c",
        "-----BEGIN PRIVATE KEY",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN A",
        "password=\"",
        "password=\"${",
        "password: ",
        "token=",
        "token:",
        "pin: Some(",
        "pin: {[",
        "cookie: not ",
        "bearer\t",
        "basic ",
        "abandon ",
        "xprv",
        "\\\"",
        "1 |",
    ] {
        // One long text or sixteen short ones: the same, unless the cost grows faster than the length.
        let (short, long) = (part.repeat(4096 / part.len()), part.repeat(65_536 / part.len()));
        let (short, long) = (cost(&short, 32), cost(&long, 2));
        assert!(long / short < 5, "{part:?}: {short} ns become {long} ns");
    }
}

/// A secret as people and programs make them, spaces, quotes, line feeds and stars included.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{4,40}",
        "[a*\\\\\"% =/\n]{4,8}",
        any::<String>().prop_filter("long enough", |text| text.trim().len() >= 4),
    ]
    .prop_map(|text| text.trim().to_owned())
    .prop_filter("long enough", |text| text.len() >= 4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands around a registered secret, and in whatever form it is, it does not come through.
    #[test]
    fn no_registered_secret_comes_through(
        secrets in prop::collection::vec(secret(), 1..4),
        before in any::<String>(),
        after in any::<String>(),
        glue in "[a*\\\\\"%\n]{0,3}",
    ) {
        let mut registry = Registry::new();
        for secret in &secrets {
            prop_assert!(registry.add(secret));
        }
        for secret in &secrets {
            let forms = [
                secret.clone(),
                STANDARD.encode(format!("{before}{secret}{after}")),
                URL_SAFE_NO_PAD.encode(secret),
                crate::domain::hex::encode(secret.as_bytes()),
                format!("{secret:?}"),
                serde_json::to_string(secret).unwrap(),
                escape::line(secret).into_owned(),
            ];
            for form in &forms {
                let text = format!("{before}{glue}{form}{glue}{form}{after}");
                let shown = registry.redact(&text);
                for other in &secrets {
                    prop_assert!(!shown.contains(other.as_str()), "{other:?} is in {shown:?}");
                }
                prop_assert!(!shown.contains(form.as_str()), "{form:?} is in {shown:?}");
                prop_assert_eq!(registry.redact(&shown), shown.as_ref());
            }
        }
    }

    /// The nets never fail, whatever the text is.
    #[test]
    fn any_text_is_taken(
        text in any::<String>(),
        shaped in "[a-z =:\"'\\\\/@?&\n-]{0,60}(token|password|://|-----BEGIN |eyJ|bearer |basic )[ -~\n]{0,60}",
    ) {
        let _ = shown(&text);
        let _ = shown(&shaped);
    }
}

const SCANS: &str = "PROVIDER_TEST_SCANS_ITS_MEMORY";

/// Bytes that are not those of the secret, so that the search does not find itself.
fn masked(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| byte ^ 0xa5).collect()
}

/// Which of these, masked, stand somewhere in the memory of this process that can be written to.
fn in_memory(masked: &[Vec<u8>]) -> Vec<bool> {
    use std::os::unix::fs::FileExt as _;
    let memory = std::fs::File::open("/proc/self/mem").unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut found = vec![false; masked.len()];
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (start, end) = (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
        let Ok(read) = memory.read_at(&mut bytes, start) else { continue };
        for (one, found) in masked.iter().zip(&mut found) {
            let is_one =
                |window: &[u8]| window[0] ^ 0xa5 == one[0] && window.iter().zip(one).all(|(a, b)| a ^ 0xa5 == *b);
            *found |= bytes[..read].windows(one.len()).any(is_one);
        }
    }
    found
}

/// In a process of its own, which does nothing else: memory that is not used any more is looked at too.
#[test]
fn what_is_registered_is_not_kept() {
    if std::env::var_os(SCANS).is_none() {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["observe::redact::tests::what_is_registered_is_not_kept", "--exact", "--test-threads=1"]);
        let output = child.env(SCANS, "1").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    // Two of a kind: one is registered and wiped, the other stays, and shows that the search finds what is there.
    let mut random = [0_u8; 48];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom").unwrap(), &mut random).unwrap();
    let spelled = |bytes: &[u8]| {
        let mut text = zeroize::Zeroizing::new(String::with_capacity(64));
        // `@`, blank and `/` give every form another look than the plain one.
        bytes.iter().enumerate().for_each(|(place, byte)| {
            text.push(char::from(b'a' + byte % 26));
            text.push_str(if place % 7 == 3 { "@ /" } else { "" });
        });
        text
    };
    let (secret, kept) = (spelled(&random[..24]), spelled(&random[24..]));
    let looked_for: Vec<Vec<u8>> =
        forms::of(&secret).iter().chain([&kept]).map(|form| masked(form.as_bytes())).collect();
    assert!(register(&secret));
    drop(secret);
    let found = in_memory(&looked_for);
    assert!(found[found.len() - 1], "the search finds what is there");
    let kept_forms: Vec<usize> = (0..found.len() - 1).filter(|place| found[*place]).collect();
    assert!(kept_forms.is_empty(), "the registry keeps {kept_forms:?} of {}", found.len());
    assert_eq!(values(&format!("x{}y", String::from_utf8(masked(&looked_for[0])).unwrap())), "x***y");
    assert!(!kept.is_empty());
}
