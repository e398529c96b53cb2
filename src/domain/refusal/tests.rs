use super::*;
use proptest::prelude::*;

fn result(codespace: &str, code: u32, log: &str) -> Refusal {
    Refusal::of_result(codespace, code, log.as_bytes()).unwrap()
}

#[test]
fn what_the_recorded_nodes_said_has_a_reason() {
    let cases = [
        (
            "sdk",
            32,
            "account sequence mismatch, expected 18, got 21: incorrect account sequence",
            Reason::WrongSequence { expected: 18, got: 21 },
        ),
        ("sdk", 19, "", Reason::AlreadySeen),
        ("sdk", 11, "out of gas in location: ReadFlat; gasWanted: 20000, gasUsed: 20037: out of gas", Reason::OutOfGas),
        ("sdk", 13, "insufficient fees; got:  required: 5000uakt: insufficient fee", Reason::InsufficientFee),
        ("undefined", 1, "insufficient fee: min gas prices 0.025uve, got ", Reason::InsufficientFee),
        ("sdk", 30, "block height: 65, timeout height: 3: tx timeout height", Reason::TimedOut),
        ("sdk", 42, "block time: x, timeout timestamp: y: tx timeout", Reason::TimedOut),
        ("sdk", 4, "signature verification failed; please verify account number (2)", Reason::SignatureOrChain),
        ("sdk", 4, "VEID score 10 below required 70: unauthorized", Reason::VerificationMissing),
        ("sdk", 8, "pubKey does not match signer address", Reason::Sdk(Sdk::WrongSigner)),
        ("mfa", 1214, "MFA required", Reason::MfaRequired),
        (
            "undefined",
            1,
            "no cosmos.msg.v1.signer option found for message virtengine.provider.v1beta4.MsgCreateProvider; use …",
            Reason::CannotTakeMessage,
        ),
        ("undefined", 111_222, "recovered: invalid coin denominations\nstack:\n", Reason::Panicked),
        ("ratelimit", 1, "account ve1… has 10 transactions", Reason::RateLimited(RateLimit::Account)),
        ("settlement", 1515, "usage already settled", Reason::Settlement(Settlement::AlreadySettled)),
        ("nobody", 7, "what", Reason::Other),
        ("market", 9999, "what", Reason::Other),
        ("sdk", 32, "no numbers", Reason::Other),
    ];
    for (codespace, code, log, reason) in cases {
        assert_eq!(result(codespace, code, log).reason, reason, "{codespace} {code} {log}");
    }
    assert_eq!(Refusal::of_result("sdk", 0, b"fine"), None);
}

#[test]
fn the_message_that_spoiled_a_transaction_is_named() {
    let log = "failed to execute message; message index: 1: invalid bid: bid exists from provider";
    let refusal = result("market", 21, log);
    assert_eq!((refusal.message_index, refusal.reason.clone()), (Some(1), Reason::Market(Market::BidExists)));
    assert_eq!(
        refusal.to_string(),
        "the chain refuses message 1: the provider has bid on this order before, and one bid an order is all there \
         is, for ever (market 21); it says `failed to execute message; message index: 1: invalid bid: bid exists from \
         provider`"
    );
    let deposit = "failed to execute message; message index: 0: deposit invalid: minimum:500000uact received:{100uact}";
    assert_eq!(result("undefined", 1, deposit).reason, Reason::DepositTooSmall);
    assert_eq!(result("sdk", 5, "message index: x: y").message_index, None);
}

#[test]
fn a_simulation_tells_the_message_and_a_text_but_no_code() {
    let text = "failed to execute message; message index: 1: invalid bid: bid exists from provider \
                [virtengine/cosmos-sdk@v0.53.4-virtengine.1/baseapp/baseapp.go:1051] with gas used: '125460'";
    let refusal = Refusal::of_simulation(text);
    assert_eq!((refusal.message_index, refusal.code, refusal.reason), (Some(1), 0, Reason::Untold));
    assert_eq!(
        refusal.log.as_str(),
        "failed to execute message; message index: 1: invalid bid: bid exists from provider"
    );
    let sequence = "account sequence mismatch, expected 39, got 0: incorrect account sequence [x/auth/sigverify.go:364] \
                    with gas used: '31596'";
    assert_eq!(Refusal::of_simulation(sequence).reason, Reason::WrongSequence { expected: 39, got: 0 });
    let basic = Refusal::of_simulation("invalid bid: zero price with gas used: '1174'");
    assert_eq!((basic.message_index, basic.log.as_str()), (None, "invalid bid: zero price"));
    // An account that nobody ever sent anything to; the node writes its raw bytes.
    let nobody =
        "fee payer address: \u{fffd}\u{1}x does not exist: unknown address [x/auth/ante/fee.go:5] with gas used: '0'";
    assert_eq!(Refusal::of_simulation(nobody).reason, Reason::Sdk(Sdk::UnknownAddress));
    // Not the application's form.
    for words in ["rpc error: context canceled", "", "context deadline exceeded with gas used: 'many'"] {
        let unclear = Refusal::of_simulation(words);
        assert_eq!((unclear.reason.clone(), unclear.fault()), (Reason::Unclear, Fault::Unavailable), "{words}");
    }
    let odd = "with gas used: 'x'";
    assert_eq!(Refusal::of_simulation(odd).log.as_str(), odd);
}

#[test]
fn a_query_s_status_holds_its_code() {
    let refusal = Refusal::of_status("codespace market code 15: invalid order: order not found");
    assert_eq!((refusal.codespace.as_str(), refusal.code), ("market", 15));
    assert_eq!((refusal.reason.clone(), refusal.fault()), (Reason::Market(Market::OrderNotFound), Fault::NotFound));
    assert_eq!(refusal.log.as_str(), "invalid order: order not found");
    let plain = Refusal::of_status("invalid state value");
    assert_eq!((plain.code, plain.reason, plain.log.as_str()), (0, Reason::Untold, "invalid state value"));
    assert_eq!(Refusal::of_status("codespace market code 0: what").reason, Reason::Untold);
}

#[test]
fn text_that_is_no_text_is_shown_well() {
    // An unknown fee payer: the node puts its raw address into the log (recorded, file 05).
    let log =
        [b"fee payer address: ".as_slice(), &[0x01, 0xff, 0x9b, 0x1b], b" does not exist: unknown address"].concat();
    let refusal = Refusal::of_result("sdk", 9, &log).unwrap();
    assert_eq!(
        refusal.log.as_str(),
        "fee payer address:  ���  does not exist: unknown address".replace("���", "\u{fffd}\u{fffd}")
    );
    assert!(!refusal.to_string().contains('\u{1b}'), "no escape sequence reaches a terminal");
}

#[test]
fn a_stack_trace_is_cut_and_its_length_told() {
    let trace = format!("recovered: boom\nstack:\n{}", "goroutine é\n".repeat(9_000));
    let refusal = Refusal::of_result("undefined", 111_222, trace.as_bytes()).unwrap();
    assert!(refusal.log.as_str().len() < Log::LONGEST + 40, "{}", refusal.log.as_str().len());
    assert!(refusal.log.as_str().starts_with("recovered: boom stack: goroutine é"));
    assert!(refusal.log.as_str().ends_with(&format!("({} bytes in all)", trace.len())));
    assert!(!refusal.log.as_str().contains('\u{fffd}'), "cut between characters");
    assert!(refusal.to_string().len() < 500);
}

#[test]
fn codes_are_what_they_say() {
    for code in Market::ALL {
        assert_eq!(Market::from_code(code.code()), Some(*code));
    }
    assert_eq!(Market::from_code(0), None);
    assert_eq!(Settlement::EscrowNotActive.code(), 1519);
}

proptest! {
    #[test]
    fn no_answer_panics(codespace in ".{0,20}", code: u32, log in proptest::collection::vec(any::<u8>(), 0..5_000)) {
        let refusal = Refusal::of_result(&codespace, code, &log);
        prop_assert_eq!(refusal.is_some(), code != 0);
        if let Some(refusal) = refusal {
            prop_assert!(refusal.log.as_str().len() <= 3 * Log::LONGEST + 40);
            prop_assert!(!refusal.to_string().chars().any(char::is_control));
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,200}|failed to execute message; message index: .{0,40}|codespace .{0,10} code .{0,30}|.{0,30} with gas used: '.{0,10}|account sequence mismatch, expected .{0,30}") {
        let _ = Refusal::of_simulation(&text);
        let _ = Refusal::of_status(&text);
    }
}
