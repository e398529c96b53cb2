//! The configuration: every document that must load, every mistake with the words it must be told in.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use provider::config::{Build, Environment, Loaded, Request, Severity, load};

/// What the fixtures may refer to.
fn environment() -> Environment {
    Environment::of([
        ("HOME", "/home/provider"),
        ("WALDUR_TOKEN", "sesame-waldur"),
        ("VCENTER_USER", "operator"),
        ("VCENTER_PASSWORD", "sesame-vcenter"),
        ("PROMETHEUS_PASSWORD", "sesame-prometheus"),
        ("PROMETHEUS_TOKEN", "sesame-token"),
        ("WEBHOOK_TOKEN", "sesame-webhook"),
    ])
}

fn load_with(file: &Path, environment: &Environment, build: Build) -> Loaded {
    let working_folder = PathBuf::from("/");
    load(&Request { file: Some(file), flags: Vec::new(), environment, working_folder, build })
}

fn load_file(file: &Path) -> Loaded {
    load_with(file, &environment(), Build::COMPLETE)
}

fn rendered(loaded: &Loaded) -> String {
    loaded.diagnostics.iter().map(|found| found.render(&loaded.sources, false)).collect::<Vec<_>>().join("\n")
}

fn yaml_files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    assert!(files.len() > 5, "{folder} holds {} files", files.len());
    files
}

fn value(loaded: &Loaded, key: &str) -> serde_json::Value {
    let found = loaded.effective.iter().find(|value| value.path == key);
    found.unwrap_or_else(|| panic!("no key {key}")).value.clone()
}

fn written(text: &str) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.yaml");
    fs::write(&file, text).unwrap();
    load_file(&file)
}

#[test]
fn every_document_loads() {
    let mut files = yaml_files("fixtures/config/valid");
    files.push("fixtures/config/valid/cheat-sheet/config.yaml".into());
    for file in files {
        let loaded = load_file(&file);
        assert_eq!(loaded.count(Severity::Error), 0, "{}\n{}", file.display(), rendered(&loaded));
        assert!(loaded.settings.is_some());
    }
}

#[test]
fn every_mistake_is_told_as_expected() {
    let nothing = Build { adapters: &[], strategies: &[], key_stores: &[], metrics_sources: &[], discovery: false };
    for file in yaml_files("fixtures/config/invalid") {
        let build = if file.ends_with("not-in-this-build.yaml") { nothing } else { Build::COMPLETE };
        let loaded = load_with(&file, &environment(), build);
        assert!(loaded.count(Severity::Error) > 0, "{} loads", file.display());
        assert!(loaded.settings.is_none());
        let text = rendered(&loaded);
        let data =
            loaded.diagnostics.iter().map(|found| serde_json::to_string(&found.to_data(&loaded.sources)).unwrap());
        let text = text + &data.collect::<Vec<_>>().concat();
        for secret in ["sesame", "hunter2", "hunter3"] {
            assert!(!text.contains(secret), "{} shows a secret:\n{text}", file.display());
        }
        assert!(!text.contains('\u{1b}'), "{} reaches the terminal", file.display());
        let text = rendered(&loaded);
        let expected = file.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &text).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(text, expected, "{}", file.display());
    }
}

#[test]
fn both_trees_say_the_same() {
    let canonical = written(
        "bidding:\n  max_bids_per_minute: 7\n  retry_delay: 9s\nkeys:\n  grace_period: 24h\n  keyring_path: /k\n\
         orchestration:\n  kubernetes: { kubeconfig: /kube, namespace_prefix: virt- }\n\
         capacity: { total_memory: 512Gi }\n",
    );
    let other = written(
        "bid_engine:\n  max_bids_per_minute: 7\n  bid_retry_delay: 9s\nkey_manager:\n  grace_period_hours: 24\n  key_dir: /k\n\
         adapters:\n  kubernetes: { kubeconfig: /kube, namespace: virt- }\ncapacity: { total_memory_gb: 512 }\n",
    );
    assert_eq!(rendered(&canonical), "");
    assert_eq!(rendered(&other), "");
    assert_eq!(canonical.settings.unwrap(), other.settings.unwrap());
}

#[test]
fn the_marketplace_manual_means_open_bids() {
    let marketplace = load_file(Path::new("fixtures/config/valid/marketplace-manual.yaml"));
    assert_eq!(value(&marketplace, "bidding.max_open_bids"), 50);
    assert_eq!(value(&marketplace, "bidding.max_concurrent_bids"), 5);
    let training = written("bid_engine: { max_bids_per_hour: 9, max_concurrent_bids: 8 }\n");
    assert_eq!(value(&training, "bidding.max_concurrent_bids"), 8);
}

#[test]
fn units_are_those_of_each_document() {
    let loaded = load_file(Path::new("fixtures/config/valid/units.yaml"));
    assert_eq!(value(&loaded, "bidding.filters.max_cpu"), "64");
    assert_eq!(value(&loaded, "bidding.filters.max_memory"), "256Gi");
    assert_eq!(value(&loaded, "bidding.filters.max_storage"), "10Ti");
    assert_eq!(value(&loaded, "bidding.auto_accept.max_utilization"), "0.9");
    assert_eq!(value(&loaded, "bidding.multipliers.peak_hours.enabled"), true);
    let marketplace = load_file(Path::new("fixtures/config/valid/marketplace-manual.yaml"));
    assert_eq!(value(&marketplace, "bidding.filters.min_profit_margin"), "0.1");
    assert_eq!(value(&marketplace, "pricing.storage_mb"), "0.00000001uve");
    let training = load_file(Path::new("fixtures/config/valid/training-manual-metering.yaml"));
    assert_eq!(value(&training, "metering.alerts.low_storage_threshold"), "0.1");
    let training = load_file(Path::new("fixtures/config/valid/training-manual.yaml"));
    assert_eq!(value(&training, "pricing.cpu_price_per_core"), "1000uve");
    assert_eq!(value(&training, "pricing.min_bid_price"), "100uve");
    assert_eq!(
        training.settings.as_ref().unwrap().pricing.hourly.cpu_price_per_core.as_ref().unwrap().coin.to_string(),
        "1000uve"
    );
    assert_eq!(training.count(Severity::Warning), 1, "{}", rendered(&training));
    let old = load_file(Path::new("fixtures/config/valid/old-denominations.yaml"));
    assert_eq!(value(&old, "chain.gas_prices"), "0.025uve");
    assert_eq!(value(&old, "pricing.cpu_price_per_core"), "1000uve");
    assert_eq!(old.count(Severity::Warning), 2);
}

#[test]
fn files_beside_the_configuration_are_read() {
    let loaded = load_file(Path::new("fixtures/config/valid/cheat-sheet/config.yaml"));
    assert_eq!(value(&loaded, "pricing.profit_margin"), "0.15");
    assert_eq!(value(&loaded, "orchestration.ansible.enabled"), true);
    assert_eq!(value(&loaded, "orchestration.kubernetes.storage_classes")[0]["name"], "fast-ssd");
}

#[test]
fn flags_win_over_variables_over_files_over_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.yaml");
    fs::write(&file, "state: { path: from-file.db }\nchain: { timeout: 11s }\n").unwrap();
    let with = |variables: Environment, flag: Option<&str>| {
        let flags = flag.map(|text| ("state.path", "--state-file", text.to_owned())).into_iter().collect();
        let working_folder = PathBuf::from("/work");
        let request =
            Request { file: Some(&file), flags, environment: &variables, working_folder, build: Build::COMPLETE };
        value(&load(&request), "state.path")
    };
    let variable = || Environment::of([("PROVIDER_STATE", "from-variable.db")]);
    assert_eq!(with(Environment::default(), None), folder.path().join("from-file.db").to_str().unwrap());
    assert_eq!(with(variable(), None), "/work/from-variable.db");
    assert_eq!(with(variable(), Some("from-flag.db")), "/work/from-flag.db");
    let both = Environment::of([("PROVIDER_STATE", "a"), ("PROVIDER_STATE_PATH", "b")]);
    assert!(rendered(&load_with(&file, &both, Build::COMPLETE)).contains("PROVIDER_STATE_PATH and PROVIDER_STATE"));
}

#[test]
fn the_vm_guides_variables_are_understood() {
    let empty = Path::new("fixtures/config/valid/empty.yaml");
    let variables = Environment::of([
        ("GOLEM_PROVIDER_ID", "provider123"),
        ("GOLEM_PROVIDER_NAME", "golem-provider"),
        ("GOLEM_PROVIDER_COUNTRY", "SE"),
        ("GOLEM_PROVIDER_DISCOVERY_URL", "http://localhost:7465"),
        ("GOLEM_PROVIDER_ADVERTISEMENT_INTERVAL", "240"),
        ("GOLEM_PROVIDER_MAX_VMS", "10"),
        ("GOLEM_PROVIDER_DEFAULT_VM_IMAGE", "ubuntu:24.04"),
        ("GOLEM_PROVIDER_VM_DATA_DIR", "/srv/vms"),
        ("GOLEM_PROVIDER_MIN_MEMORY_GB", "2"),
        ("GOLEM_PROVIDER_MIN_STORAGE_GB", "20"),
        ("GOLEM_PROVIDER_MIN_CPU_CORES", "2"),
        ("GOLEM_PROVIDER_CPU_THRESHOLD", "91"),
        ("GOLEM_PROVIDER_MEMORY_THRESHOLD", "86"),
        ("GOLEM_PROVIDER_STORAGE_THRESHOLD", "92"),
    ]);
    let loaded = load_with(empty, &variables, Build::COMPLETE);
    assert_eq!(rendered(&loaded), "");
    for (key, expected) in [
        ("provider.id", "provider123"),
        ("provider.country", "SE"),
        ("discovery.url", "http://localhost:7465"),
        ("discovery.interval", "4m"),
        ("discovery.min_memory", "2Gi"),
        ("orchestration.multipass.data_dir", "/srv/vms"),
        ("capacity.thresholds.cpu", "0.91"),
        ("capacity.thresholds.storage", "0.92"),
    ] {
        assert_eq!(value(&loaded, key), expected, "{key}");
    }
    let misspelt = Environment::of([("GOLEM_PROVIDER_MAX_VM", "10"), ("PROVIDER_CHAIN_TIMOUT", "3s")]);
    let loaded = load_with(empty, &misspelt, Build::COMPLETE);
    assert_eq!(loaded.count(Severity::Warning), 2, "{}", rendered(&loaded));
}

#[test]
fn secrets_are_never_shown() {
    let loaded = load_file(Path::new("fixtures/config/valid/secrets.yaml"));
    let everything = format!("{:?} {:?} {:?}", loaded.settings, loaded.effective, loaded.sources);
    assert!(!everything.contains("sesame"), "{everything}");
    let plain = written("orchestration:\n  waldur:\n    token: hunter2\n");
    let everything = format!("{:?} {:?} {}", plain.effective, plain.sources, rendered(&plain));
    assert!(!everything.contains("hunter2"), "{everything}");
    assert_eq!(plain.count(Severity::Warning), 1);
}

#[test]
fn what_cannot_be_read_is_an_error_and_never_an_absence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.yaml");
    fs::write(&file, "provider: { name: x }\n").unwrap();
    let pricing = folder.path().join("pricing.yaml");
    std::os::unix::fs::symlink("nowhere.yaml", &pricing).unwrap();
    assert!(rendered(&load_file(&file)).contains("pricing.yaml"));
    fs::remove_file(&pricing).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&pricing).status().unwrap();
    assert!(made.success());
    assert!(rendered(&load_file(&file)).contains("no regular file"), "a pipe must not hang us");
    fs::remove_file(&pricing).unwrap();
    fs::write(folder.path().join("adapters"), "").unwrap();
    assert!(rendered(&load_file(&file)).contains("adapters"));
}

#[test]
fn thousands_of_mistakes_are_told_shortly() {
    let text = (0..20_000).map(|number| format!("key{number}: 1")).collect::<Vec<_>>().join("\n");
    let loaded = written(&text);
    assert_eq!(loaded.diagnostics.len(), 101);
    assert!(rendered(&loaded).contains("19900 more problems"));
}

#[test]
fn a_variable_can_hold_a_mapping() {
    let empty = Path::new("fixtures/config/valid/empty.yaml");
    let variables = Environment::of([("PROVIDER_PRICING_RATES", "uusd=2uve, ueur=3uve")]);
    let loaded = load_with(empty, &variables, Build::COMPLETE);
    assert_eq!(value(&loaded, "pricing.rates")["ueur"], "3uve", "{}", rendered(&loaded));
    let variables = Environment::of([("PROVIDER_CHAIN_NODE_URL", "http://me:hunter2@x:1")]);
    let text = rendered(&load_with(empty, &variables, Build::COMPLETE));
    assert!(text.contains("PROVIDER_CHAIN_NODE_URL") && !text.contains("hunter2"), "{text}");
}

/// The schema says what the program says, as far as a schema can.
#[test]
fn the_json_schema_agrees_with_the_program() {
    let schema = jsonschema::validator_for(&provider::config::json_schema()).unwrap();
    let json =
        |path: &Path| -> Option<serde_json::Value> { serde_yaml::from_str(&fs::read_to_string(path).ok()?).ok() };
    let mut valid = yaml_files("fixtures/config/valid");
    valid.extend(yaml_files("config/back-ends"));
    valid.extend(["config/minimal.yaml".into(), "config/complete.yaml".into()]);
    for file in valid {
        let Some(instance) = json(&file) else { panic!("{} is no YAML", file.display()) };
        let errors: Vec<String> = schema.iter_errors(&instance).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", file.display());
    }
    let refused = [
        "unknown-key",
        "unknown-section",
        "duration-without-unit",
        "duration-unit",
        "wrong-type-number",
        "wrong-type-quoted-number",
        "wrong-type-negative",
        "wrong-type-list",
        "wrong-type-mapping",
        "wrong-type-section",
        "out-of-range",
        "quantity",
        "coin",
        "coin-negative",
        "choice",
        "syntax",
        "not-a-mapping",
        "broadcast-mode",
        "country",
        "address",
    ];
    for name in refused {
        let file = PathBuf::from(format!("fixtures/config/invalid/{name}.yaml"));
        assert!(json(&file).is_none_or(|instance| !schema.is_valid(&instance)), "{name} is valid by the schema");
    }
}

/// Each key with its default, its example and other spelling: none is dead, none is misdeclared.
#[test]
fn every_key_reads_its_example_and_takes_effect() {
    let complete = provider::config::example(None);
    let lines: Vec<&str> = complete.lines().collect();
    let mut path: Vec<String> = Vec::new();
    let mut seen = 0;
    for line in lines {
        let depth = (line.len() - line.trim_start().len()) / 2;
        let entry = line.trim_start();
        if let Some(example) = entry.strip_prefix('#').filter(|rest| !rest.starts_with(' ')) {
            let (name, example) = example.split_once(": ").unwrap();
            let example = example.trim();
            let mut text = nested(&path[..depth], name, example);
            for (one, other) in [("cert_file", "key_file"), ("key_file", "cert_file")] {
                if name == one {
                    text.push_str(&format!("{}{other}: /x\n", "  ".repeat(depth)));
                }
            }
            if path[..depth] == ["usage", "prometheus"] {
                for (one, other) in [("username", "password: env:PROMETHEUS_PASSWORD"), ("password", "username: x")] {
                    if name == one {
                        text.push_str(&format!("{}{other}\n", "  ".repeat(depth)));
                    }
                }
            }
            if path[..depth] == ["orchestration", "kubernetes"] && name == "context" {
                text.push_str(&format!("{}kubeconfig: /x\n", "  ".repeat(depth)));
            }
            let loaded = written(&text);
            let key = format!("{}.{name}", path[..depth].join("."));
            assert_eq!(loaded.count(Severity::Error), 0, "{key}\n{}", rendered(&loaded));
            assert_ne!(value(&loaded, &key), serde_json::Value::Null, "{key}");
            seen += 1;
        } else if let Some(name) = entry.strip_suffix(':') {
            path.truncate(depth);
            path.push(name.to_owned());
        }
    }
    assert!(seen > 80, "only {seen} examples");
}

fn nested(path: &[String], name: &str, value: &str) -> String {
    let mut text = String::new();
    for (depth, section) in path.iter().enumerate() {
        text.push_str(&format!("{}{section}:\n", "  ".repeat(depth)));
    }
    text + &format!("{}{name}: {value}\n", "  ".repeat(path.len()))
}

#[test]
fn the_complete_example_is_the_defaults() {
    let complete = written(&provider::config::example(None));
    assert_eq!(complete.count(Severity::Error), 0, "{}", rendered(&complete));
    let empty = written("");
    assert_eq!(complete.settings.unwrap(), empty.settings.unwrap());
}

#[test]
fn the_files_in_config_load() {
    let mut files = yaml_files("config/back-ends");
    files.push("config/minimal.yaml".into());
    files.push("config/complete.yaml".into());
    for file in files {
        let loaded = load_with(&file, &environment(), Build::THIS);
        assert_eq!(loaded.count(Severity::Error), 0, "{}\n{}", file.display(), rendered(&loaded));
        assert_eq!(loaded.count(Severity::Warning), 0, "{}\n{}", file.display(), rendered(&loaded));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.yaml");
        fs::write(&file, &bytes).unwrap();
        let _ = rendered(&load_file(&file));
    }

    /// Bytes that look like a configuration get further than random ones.
    #[test]
    fn no_twisted_document_makes_it_panic(cut in 0_usize..1300, insert in "[ -~é\\n\\t]{0,12}", file in 0_usize..20) {
        let files = yaml_files("fixtures/config/valid");
        let mut text = fs::read_to_string(&files[file % files.len()]).unwrap();
        let mut at = cut.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, &insert);
        let _ = rendered(&written(&text));
    }
}
