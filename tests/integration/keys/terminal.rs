//! A person at a terminal: prompts that show nothing, and the mnemonic that is shown once.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use super::{PASSPHRASE, Place, Ran, mnemonic};

/// A terminal with the program at it; stdout and stderr are pipes, as under `provider … > file 2> log`.
struct Seat {
    person: File,
    terminal: File,
    seen: Arc<Mutex<String>>,
    child: Child,
}

impl Seat {
    fn start(place: &Place, arguments: &[&str]) -> Self {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let name = ptsname(&person, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let terminal = File::from(rustix::fs::open(name.as_c_str(), flags, Mode::empty()).unwrap());
        let person = File::from(person);
        let mut command = place.within(&["setsid", "--ctty", "--wait"], arguments);
        command.stdin(terminal.try_clone().unwrap()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let seen = Arc::new(Mutex::new(String::new()));
        let (mut reader, screen) = (person.try_clone().unwrap(), Arc::clone(&seen));
        std::thread::spawn(move || {
            let mut bytes = [0; 512];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                screen.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        Self { person, terminal, seen, child }
    }

    fn screen(&self) -> String {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until the screen shows this, and the terminal shows no keys if it is a secret that is asked for.
    fn wait_for(&self, text: &str, hidden: bool) {
        let begun = Instant::now();
        loop {
            let echo = tcgetattr(&self.terminal).unwrap().local_modes.contains(LocalModes::ECHO);
            if self.screen().contains(text) && echo != hidden {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{text}: {}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn answer(&mut self, question: &str, hidden: bool, keys: &str) {
        self.wait_for(question, hidden);
        self.person.write_all(keys.as_bytes()).unwrap();
    }

    /// The end: what the program printed, and all that was on the screen. The terminal shows keys again.
    fn end(self) -> (Ran, String) {
        let output = self.child.wait_with_output().unwrap();
        let modes = tcgetattr(&self.terminal).unwrap().local_modes;
        assert!(modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG));
        let screen = self.seen.lock().unwrap().clone();
        (Ran::of(output), screen)
    }
}

#[test]
fn a_new_key_asks_twice_and_shows_its_mnemonic_once_on_the_terminal() {
    let place = Place::new();
    let mut seat = Seat::start(&place, &["keys", "add", "provider", "-o", "json"]);
    seat.answer("Passphrase for the new key `provider`: ", true, &format!("{PASSPHRASE}\r"));
    seat.answer("The same passphrase again: ", true, &format!("{PASSPHRASE}\r"));
    seat.wait_for("The mnemonic of the key `provider`", false);
    let (ran, screen) = seat.end();
    let made = Ran { ..ran }.json();
    assert!(made.get("mnemonic").is_none());
    assert!(!screen.contains("horse"), "{screen}");
    let words: Vec<&str> =
        screen.split("shown once").nth(1).unwrap().split("account.").nth(1).unwrap().split_whitespace().collect();
    assert_eq!(words.len(), 24, "{screen}");

    // It brings the key back: typed, with a slip of the finger, and with the passphrase of another file.
    place.end("provider");
    let arguments = ["keys", "add", "provider", "--recover", "--passphrase-file", "passphrase", "-o", "json"];
    let mut seat = Seat::start(&place, &arguments);
    seat.answer("Mnemonic of the key `provider`", true, &format!("oops\u{15}{}é\u{7f}\r", words.join(" ")));
    let (ran, screen) = seat.end();
    assert!(!screen.contains(words[0]) || "Mnemonic of the key `provider`, its words in one line".contains(words[0]));
    assert_eq!(ran.json()["address"], made["address"]);

    let mut seat = Seat::start(&place, &["keys", "test-sign", "provider", "-o", "json"]);
    seat.answer("Passphrase of the key `provider`: ", true, &format!("{PASSPHRASE}\r"));
    let (ran, screen) = seat.end();
    assert_eq!(ran.json()["verified"], true);
    assert!(!screen.contains("horse"), "{screen}");
}

#[test]
fn passphrases_that_differ_or_are_short_make_no_key() {
    let place = Place::new();
    let mut seat = Seat::start(&place, &["keys", "add", "usage", "--type", "ed25519"]);
    seat.answer("Passphrase for the new key", true, &format!("{PASSPHRASE}\r"));
    seat.answer("again", true, "another passphrase\r");
    seat.end().0.failed(65, &["the two passphrases differ"]);
    let mut seat = Seat::start(&place, &["keys", "add", "usage", "--type", "ed25519"]);
    seat.answer("Passphrase for the new key", true, "short\r");
    let (ran, screen) = seat.end();
    ran.failed(65, &["fewer than 8 characters"]);
    assert!(!screen.contains("again"), "{screen}");
    assert!(!place.key_file("usage").exists());
}

#[test]
fn giving_up_leaves_the_terminal_as_it_was() {
    let place = Place::new();
    // Ctrl-C is an interruption, as of any job; an end of the input is an answer that is none.
    for keys in ["\u{3}", "half\u{3}", "\u{4}", "\u{1c}"] {
        let code = if keys == "\u{4}" { 65 } else { 75 };
        let mut seat = Seat::start(&place, &["keys", "add", "provider"]);
        seat.answer("Passphrase for the new key", true, keys);
        let (ran, screen) = seat.end();
        ran.failed(code, &["the prompt ended without an answer", "nothing was changed"]);
        assert!(!screen.contains("mnemonic") && !screen.contains("half"), "{screen}");
    }
    assert!(!place.key_file("provider").exists());
}

#[test]
fn destroying_wants_the_name_typed() {
    let place = Place::new();
    place.secret_file("words", &mnemonic());
    place.keys(&["add", "provider", "--recover", "--mnemonic-file", "words"]);
    for step in ["suspend", "archive"] {
        place.run(&["keys", step, "provider"]).succeeded();
    }
    place.run(&["keys", "destroy", "provider", "--yes", "--early", "--force"]).failed(77, &["waits for an approval"]);
    place.run(&["keys", "approve", "provider"]).succeeded();
    for (answer, deleted) in [("y\r", false), ("\r", false), ("provider\r", true)] {
        let mut seat = Seat::start(&place, &["keys", "destroy", "provider", "--early", "--force"]);
        seat.answer("Type its name (provider) to go on: ", false, answer);
        let (ran, screen) = seat.end();
        assert!(screen.contains("ve1r5v5srda7xfth3hn2s26txvrcrntldju8ku0ch"), "{screen}");
        assert_eq!(ran.code == 0, deleted, "{}", ran.stderr);
        assert_eq!(!place.key_file("provider").exists(), deleted);
    }
}

/// A place on the chain can never be taken back: whoever sits there is asked for it.
#[test]
fn an_encryption_key_is_not_rotated_by_a_slip() {
    let place = Place::new();
    place.keys(&["add", "provider-encryption"]);
    let rotate = ["keys", "rotate", "encryption", "--passphrase-file", "passphrase"];
    let mut seat = Seat::start(&place, &rotate);
    seat.answer("for ever; 0 were seen to be used. Type yes to go on: ", false, "no\r");
    let (ran, _) = seat.end();
    ran.failed(64, &["the answer is not yes", "nothing was changed"]);
    assert!(!place.key_file("provider-encryption-v2").exists());
    // With --yes nobody is asked; there is no node here, which is another matter.
    let (ran, screen) = Seat::start(&place, &[&rotate[..], &["--yes"]].concat()).end();
    assert!(ran.code != 64 && !screen.contains("Type yes"), "{} {screen}", ran.stderr);
}
