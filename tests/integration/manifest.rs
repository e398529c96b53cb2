//! `provider manifest`: what it takes, what it refuses, and how little memory that costs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::CommandCargoExt;
use proptest::prelude::*;

/// The data that the program may have, in KiB: heap, stacks, everything but its own text.
const BOUND: u32 = 64 << 10;

/// Runs a command of `provider manifest` within the bound.
fn manifest(arguments: &[&str], file: &Path) -> Output {
    let program = Command::cargo_bin("provider").unwrap().get_program().to_owned();
    let mut command = Command::new("sh");
    // The allocator would keep an arena of 64 MiB of addresses for each thread.
    command.env("MALLOC_ARENA_MAX", "1");
    command.args(["-c", &format!("ulimit -d {BOUND}; exec \"$@\""), "sh"]).arg(program).arg("manifest");
    command.args(arguments).arg(file).env("HOME", "/nowhere").current_dir("/").output().unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manifests").join(name)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn good_files_are_taken_and_hashed_alike_as_file_and_as_manifest() {
    let folder = tempfile::tempdir().unwrap();
    for (name, form) in [("training-manual.yaml", "v2beta1"), ("v1.yaml", "v1"), ("v1-priced.yaml", "v1")] {
        let file = fixture("valid").join(name);
        let valid = manifest(&["validate", "--output", "json"], &file);
        assert!(valid.status.success(), "{}", text(&valid.stderr));
        let said: serde_json::Value = serde_json::from_slice(&valid.stdout).unwrap();
        assert_eq!((&said["valid"], &said["form"]), (&true.into(), &form.into()));
        let hash = text(&manifest(&["hash"], &file).stdout);
        assert_eq!(hash.trim(), said["version"].as_str().unwrap());
        let json = folder.path().join("manifest.json");
        std::fs::write(&json, manifest(&["convert"], &file).stdout).unwrap();
        assert_eq!(text(&manifest(&["hash"], &json).stdout), hash, "{name}");
        let groups = manifest(&["convert", "--to", "groups"], &file);
        assert_eq!(groups.status.success(), name != "v1.yaml");
    }
}

#[test]
fn hostile_files_are_errors_within_64_mib() {
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(fixture("hostile")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 30);
    let bomb = (0..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| {
        format!("{text}a{0}: &a{0} [*a{n}, *a{n}, *a{n}, *a{n}]\n", n + 1)
    });
    let made = [
        ("bomb.yaml", bomb.into_bytes()),
        ("deep-flow.yaml", [b"version: v1\na: ".to_vec(), b"[".repeat(500_000)].concat()),
        ("deep-block.yaml", deep_block()),
        ("deep.json", b"[".repeat(1_000_000)),
        (
            "many-problems.yaml",
            [
                b"version: v1\nservices:\n".to_vec(),
                (0..20_000).flat_map(|n| format!("  s{n}: {{}}\n").into_bytes()).collect(),
            ]
            .concat(),
        ),
        (
            "one-line.yaml",
            [
                b"version: v1\nservices: {".to_vec(),
                (0..20_000).flat_map(|n| format!("s{n}: {{}}, ").into_bytes()).collect(),
                b"}\n".to_vec(),
            ]
            .concat(),
        ),
        (
            "keys.yaml",
            [b"version: v1\n".to_vec(), (0..60_000).flat_map(|n| format!("k{n}: 1\n").into_bytes()).collect()].concat(),
        ),
        (
            "long-scalar.yaml",
            [b"version: v1\nservices: { web: { image: \"".to_vec(), b"x".repeat(1_000_000), b"\" } }\n".to_vec()]
                .concat(),
        ),
        ("zeros.yaml", vec![0; 1 << 20]),
        ("colons.yaml", b": ".repeat(400_000)),
        ("quotes.yaml", b"\"".repeat(1_000_000)),
        ("tabs.yaml", b"\t".repeat(1_000_000)),
        ("newlines.yaml", b"\n".repeat(1_048_000)),
        ("returns.yaml", b"\r\n".repeat(524_000)),
        ("comments.yaml", b"#\n".repeat(524_000)),
        ("complex-keys.yaml", b"? a\n: b\n".repeat(131_000)),
        ("documents.yaml", b"a\n...\n".repeat(174_000)),
        ("literal.yaml", [b"|\n".to_vec(), b"\n".repeat(1_000_000)].concat()),
        ("control.yaml", [b"version: \"".to_vec(), b"\\x01".repeat(250_000), b"\"\n".to_vec()].concat()),
        (
            "many-values.json",
            [b"[{\"name\":\"a\",\"services\":[{\"env\":[".to_vec(), b"\"\",".repeat(349_000), b"\"\"]}]}]".to_vec()]
                .concat(),
        ),
        (
            "control.json",
            [b"[{\"name\":\"".to_vec(), b"\\u0001".repeat(174_000), b"\",\"services\":[]}]".to_vec()].concat(),
        ),
    ];
    for (name, bytes) in made {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        files.push(path);
    }
    // 100 MB that take no room on the disk.
    let huge = folder.path().join("huge.yaml");
    std::fs::File::create(&huge).unwrap().set_len(100_000_000).unwrap();
    files.push(huge);
    files.push(PathBuf::from("/dev/zero"));
    files.push(folder.path().to_owned());
    for file in files {
        let begun = std::time::Instant::now();
        let refused = manifest(&["validate"], &file);
        let said = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(65), "{}: {said:.400}", file.display());
        assert!(said.contains("error"), "{}: {said:.400}", file.display());
        assert!(!said.contains("defect of the program"), "{}: {said:.400}", file.display());
        assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{}", file.display());
        assert!(said.len() < 200_000, "{}: {} bytes of words", file.display(), said.len());
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{}: {:?}", file.display(), begun.elapsed());
    }
}

/// Files as an enemy would make them: parts of good ones, repeated, nested and cut, with anything between.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let good = ["training-manual.yaml", "v1.yaml", "v1-priced.yaml"]
        .map(|name| std::fs::read(fixture("valid").join(name)).unwrap());
    let piece = prop_oneof![
        (prop::sample::select(good.to_vec()), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(
            |(good, one, other)| {
                let (one, other) = (one.index(good.len()), other.index(good.len()));
                good[one.min(other)..one.max(other)].to_vec()
            }
        ),
        "[-:{}\\[\\],\"'&*!|>%@`#?\\\\a-c0-2\n\t \u{0}\u{1b}\u{202e}é]{0,40}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..40),
        Just(b"version: v1\nservices:\n".to_vec()),
        Just(b"&a [*a, *a, *a]\n".to_vec()),
        Just(b"<<: *a\n".to_vec()),
    ];
    let repeated = (piece, prop_oneof![Just(1_usize), Just(3), Just(1000), Just(20_000)]);
    prop::collection::vec(repeated, 1..8).prop_map(|pieces| {
        let mut all: Vec<u8> = pieces.into_iter().flat_map(|(piece, times)| piece.repeat(times)).collect();
        all.truncate(3 << 20);
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever comes is taken or refused, within the bound: the process itself runs under it.
    #[test]
    fn whatever_comes_is_taken_or_refused_within_64_mib(bytes in hostile()) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hostile.yaml");
        std::fs::write(&file, bytes).unwrap();
        let said = manifest(&["validate"], &file);
        let words = text(&said.stderr);
        prop_assert!(matches!(said.status.code(), Some(0 | 65)), "{:?}: {words:.400}", said.status);
        prop_assert!(!words.contains("defect of the program"), "{words:.400}");
    }
}

/// Each line one step further in.
fn deep_block() -> Vec<u8> {
    (0..900).flat_map(|depth| [" ".repeat(depth), "a:\n".to_owned()]).collect::<String>().into_bytes()
}

/// A manifest in JSON is told its faults as a file of a tenant is: all at once, with line and column.
#[test]
fn faults_of_json_have_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("manifest.json");
    let text = "[{\n  \"name\": \"g\",\n  \"services\": [{\n    \"name\": \"web\", \"image\": 7,\n    \"count\": \"1\",\n    \"resources\": {}\n  }]\n}]\n";
    std::fs::write(&file, text).unwrap();
    let refused = manifest(&["validate"], &file);
    let said = text_of(&refused);
    assert_eq!(refused.status.code(), Some(65), "{said}");
    for (line, what) in [(4, "image is a text in quotes"), (5, "count is a whole number"), (6, "`id` is missing")] {
        assert!(said.contains(&format!("manifest.json:{line}:")) && said.contains(what), "{line} {what}: {said}");
    }
    // Not even JSON: where it stops being so.
    std::fs::write(&file, "[{\n  \"name\": }]\n").unwrap();
    let said = text_of(&manifest(&["validate"], &file));
    assert!(said.contains("manifest.json:2:") && said.contains("a value is missing"), "{said}");
}

fn text_of(output: &Output) -> String {
    text(&output.stderr)
}

/// Two ports of a service cannot be seen as one.
#[test]
fn a_port_is_exposed_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("v1.yaml");
    let of = |exposed: &str| {
        format!(
            "version: v1\nname: a\nservices:\n  web:\n    image: nginx\n    expose: [{exposed}]\n    resources: {{ cpu: {{ units: 100m }}, memory: {{ size: 64Mi }}, storage: {{ size: 64Mi }} }}\n"
        )
    };
    let world = "to: [{ global: true }]";
    for (exposed, good) in [
        (format!("{{ port: 80, {world} }}, {{ port: 8080, as: 80, {world} }}"), false),
        (format!("{{ port: 80, {world} }}, {{ port: 80, {world} }}"), false),
        (format!("{{ port: 80, {world} }}, {{ port: 8080, as: 81, {world} }}"), true),
        (format!("{{ port: 53, {world} }}, {{ port: 53, proto: udp, {world} }}"), true),
    ] {
        std::fs::write(&file, of(&exposed)).unwrap();
        let validated = manifest(&["validate"], &file);
        let said = text(&validated.stderr);
        assert_eq!(validated.status.success(), good, "{exposed}: {said}");
        assert!(good || said.contains("stands for two ports"), "{said}");
    }
}
