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
