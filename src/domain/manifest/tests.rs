use super::sdl;
use super::*;
use crate::domain::workload::Probe;
use serde_json::Value;
use sha2::Digest as _;

const VECTORS: &str = include_str!("../../../fixtures/vectors/sdl-vectors.json");

fn cases() -> Vec<[String; 5]> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let text = |case: &Value, key: &str| case[key].as_str().unwrap().to_owned();
    let keys = ["name", "sdl", "manifest_sorted_json", "version_sha256_hex", "group_specs_sorted_json"];
    vectors["cases"].as_array().unwrap().iter().map(|case| keys.map(|key| text(case, key))).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[test]
fn the_public_sdk_makes_the_same_of_each_file() {
    let cases = cases();
    assert_eq!(cases.len(), 3);
    for [name, text, manifest, version, groups] in cases {
        let stack = sdl::read(&text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert_eq!(stack.manifest.to_json(), manifest, "{name}");
        assert_eq!(hex(&stack.manifest.version()), version, "{name}");
        assert_eq!(groups_json(&stack.groups), groups, "{name}");
    }
}

#[test]
fn a_list_of_groups_reads_back() {
    for [name, _, _, _, groups] in cases() {
        let read = read_groups(&groups).unwrap();
        assert_eq!(groups_json(&read), groups, "{name}");
    }
}

#[test]
fn what_is_no_list_of_groups_is_refused_with_the_place() {
    let [_, _, _, _, groups] = cases().swap_remove(0);
    let broken = |from: &str, to: &str| read_groups(&groups.replace(from, to)).unwrap_err().to_string();
    assert_eq!(broken("\"amount\":\"1000\"", "\"amount\":\"1e3\""), "group \"east\": the price of unit 1 is no price");
    assert_eq!(
        broken("\"val\":\"500\"", "\"val\":\"-1\""),
        "group \"east\": \"-1\" is no quantity of cpu; write digits"
    );
    assert_eq!(broken("{\"sequence_number\":0}", "{\"kind\":9}"), "group \"east\": there is no endpoint of kind 9");
    assert!(matches!(read_groups("{}"), Err(GroupListError::Form { .. })));
    assert!(matches!(read_groups(&groups.replace("\"count\"", "\"cuont\"")), Err(GroupListError::Form { .. })));
    assert!(matches!(read_groups(&" ".repeat(2 << 20)), Err(GroupListError::Size { .. })));
}

/// A file that is right, to be made wrong.
const RIGHT: &str = r#"version: "2.1"
services:
  web:
    image: nginx
    env: [A=1]
    expose:
      - port: 80
        accept: [a.example]
        to: [{ global: true, ip: my-ip }]
      - port: 53
        proto: udp
        to: [{ service: db }, { global: true, ip: my-ip }]
    params:
      storage:
        data: { mount: /data }
    credentials: { host: r.example, email: " e ", username: " u", password: "p " }
  db:
    image: postgres
profiles:
  compute:
    small:
      resources:
        cpu: { units: 0.5 }
        memory: { size: 512Mi }
        storage:
          - size: 1Gi
          - { name: data, size: 1Gi, attributes: { persistent: yes, class: beta2 } }
        gpu: { units: 1, attributes: { vendor: { nvidia: [{ model: a100, ram: 80Gi, interface: sxm }] } } }
    tiny:
      resources: { cpu: { units: 100m }, memory: { size: 1Mi }, storage: { name: x, size: 5Mi } }
  placement:
    east:
      attributes: { b: 2, a1: x }
      signedBy: { allOf: [me] }
      pricing:
        small: { denom: uve, amount: 0.5 }
        tiny: { denom: uve, amount: 10000000 }
deployment:
  web: { east: { profile: small, count: 2 } }
  db: { east: { profile: tiny, count: 1 } }
endpoints:
  my-ip: { kind: ip }
"#;

fn problems(from: &str, to: &str) -> Vec<(String, String)> {
    assert!(RIGHT.contains(from), "{from:?} is not in the file");
    let text = RIGHT.replacen(from, to, 1);
    let found = sdl::read(&text).expect_err(&format!("{to:?} was taken"));
    found.into_iter().map(|problem| (text[problem.span].to_owned(), problem.text)).collect()
}

#[test]
fn leased_ips_volumes_and_credentials() {
    let stack = sdl::read(&RIGHT.replace("attributes: { b: 2, a1: x }", "attributes: { b1: 2, a1: x }")).unwrap();
    let group = &stack.groups[0];
    let keys: Vec<_> = group.requirements.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
    assert_eq!(keys, ["a1", "b1"]);
    let [db, web] = &stack.manifest.groups[0].services[..] else { panic!() };
    assert_eq!((db.name.as_str(), db.resources.id, db.resources.storage[0].name.as_str()), ("db", 1, "default"));
    // Three targets are not simply global, one of them without a name: the name that stands twice gets 3.
    let exposed: Vec<_> = web
        .expose
        .iter()
        .map(|expose| (expose.service.as_str(), expose.port, expose.endpoint_sequence_number))
        .collect();
    assert_eq!(exposed, [("", 53, 3), ("", 80, 3), ("db", 53, 0)]);
    let kinds: Vec<_> =
        group.units[1].resources.endpoints.iter().map(|endpoint| (endpoint.kind, endpoint.sequence_number)).collect();
    let (port, http, ip) = (EndpointKind::RandomPort, EndpointKind::SharedHttp, EndpointKind::LeasedIp);
    assert_eq!(kinds, [(port, 0), (ip, 3), (http, 0), (ip, 3)]);
    let volumes: Vec<_> = web.resources.storage.iter().map(|volume| volume.name.as_str()).collect();
    assert_eq!(volumes, ["default", "data"]);
    assert_eq!(web.resources.gpu.attributes[0].key, "vendor/nvidia/model/a100/ram/80Gi/interface/sxm");
    let credentials = web.credentials.as_ref().unwrap();
    assert_eq!((credentials.email.as_str(), credentials.password.as_str()), ("e", "p"));
    assert!(!format!("{stack:?}").contains("password: \"p"), "a password in a debug text");
}

#[test]
fn each_slip_is_found_where_it_is() {
    let right = RIGHT.replace("{ b: 2,", "{ b1: 2,");
    assert!(sdl::read(&right).is_ok());
    let cases = [
        ("\"2.1\"", "\"1.9\"", "\"1.9\"", "is not known"),
        ("version: \"2.1\"\n", "", "", "version is missing"),
        ("services:", "servics:", "servics", "did you mean `services`"),
        ("    image: nginx\n", "    imag: nginx\n", "web", "has no image"),
        ("[A=1]", "[1A=1]", "1A=1", "environment variable"),
        ("port: 80", "port: 0", "0", "from 1 to 65535"),
        ("port: 80", "port: x", "x", "whole number"),
        ("a.example", "A.example", "A.example", "no host name"),
        ("proto: udp", "proto: icmp", "icmp", "no protocol"),
        ("{ global: true, ip: my-ip }", "{ global: maybe }", "maybe", "true or false"),
        (
            "{ global: true, ip: my-ip }]\n    params",
            "{ global: true, ip: other }]\n    params",
            "other",
            "no endpoint",
        ),
        ("{ mount: /data }", "{ mount: data }", "data", "absolute path"),
        ("data: { mount", "date: { mount", "date", "which its profile has not"),
        ("username: \" u\"", "username: \" \"", "credentials", "no username"),
        ("units: 0.5", "units: 9m", "9m", "from 10m to 384"),
        ("units: 0.5", "units: half", "half", "no quantity"),
        ("size: 512Mi", "size: 3Ti", "3Ti", "from 1Mi to 2Ti"),
        ("- size: 1Gi", "- size: 1Mi", "1Mi", "of a volume"),
        ("class: beta2", "class: gold", "attributes", "no class of storage"),
        ("persistent: yes", "persistent: false", "attributes", "not persistent"),
        ("vendor: { nvidia:", "vendor: { amd:", "amd", "no vendor"),
        ("interface: sxm", "interface: agp", "agp", "no interface"),
        ("amount: 0.5", "amount: 0", "0", "no price"),
        ("amount: 0.5", "amount: 10000001", "10000001", "no price"),
        ("profile: small", "profile: large", "large", "no compute profile"),
        ("web: { east:", "web: { west:", "west", "no placement"),
        ("  web: { east", "  Web: { east", "Web", "no name of a service"),
        ("count: 2", "count: 4000000000", "east", "more processor time"),
        ("kind: ip", "kind: port", "my-ip", "no known kind"),
        ("my-ip: { kind", "m: { kind", "m", "no name of an endpoint"),
        ("endpoints:", "endpoints:\n  idle: { kind: ip }", "idle", "used nowhere"),
    ];
    for (from, to, place, text) in cases {
        let found = problems(from, to);
        assert!(
            found.iter().any(|(span, problem)| span == place && problem.contains(text)),
            "{from:?} -> {to:?}: {found:?}"
        );
    }
}

#[test]
fn every_problem_is_told_at_once_in_order() {
    let text = RIGHT.replace("port: 80", "port: 0").replace("kind: ip", "kind: x").replace("units: 0.5", "units: x");
    let found = sdl::read(&text).unwrap_err();
    assert!(found.len() >= 4, "{found:?}");
    assert!(found.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start));
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "[ -~\n]{0,200}", cut in 0..RIGHT.len(), put in "[-:{}\\[\\],\"a-z0-9\n ]{0,8}") {
        let _ = sdl::read(&text);
        let mut mangled = RIGHT.to_owned();
        mangled.insert_str(cut, &put);
        let _ = sdl::read(&mangled);
    }
}

/// The manifests of the public encoder's vectors read back from their JSON, and fit the groups beside them.
#[test]
fn manifests_read_back_from_their_json_and_fit_their_groups() {
    let mut seen = 0;
    for [name, text, manifest, version, _] in cases() {
        let read = sdl::read(&text).unwrap();
        let (back, hash) = Manifest::read_json(&manifest).unwrap();
        assert_eq!(back, read.manifest, "{name}");
        assert_eq!(hex(&hash), version, "{name}");
        assert_eq!(back.unfit(&read.groups), vec![], "{name}");
        assert_eq!(back.problems(), Vec::<String>::new(), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 3);
}

/// A manifest keeps its version whatever order or unknown fields its text has.
#[test]
fn the_version_is_that_of_the_text_as_it_came() {
    let text = r#"[ {"services": [{"image": "a", "name": "web", "count": 1, "resources": {"id": 1},
        "later": {"b": 1, "a": "<"}}], "name": "g"} ]"#;
    let (manifest, version) = Manifest::read_json(text).unwrap();
    assert_eq!(manifest.groups[0].services[0].image, "a");
    let canonical = r#"[{"name":"g","services":[{"count":1,"image":"a","later":{"a":"\u003c","b":1},"name":"web","resources":{"id":1}}]}]"#;
    assert_eq!(version, <[u8; 32]>::from(sha2::Sha256::digest(canonical)));
}

#[test]
fn what_was_not_ordered_does_not_fit() {
    let read = sdl::read(&RIGHT.replace("{ b: 2,", "{ b1: 2,")).unwrap();
    let fit = |change: &dyn Fn(&mut Group)| {
        let mut manifest = read.manifest.clone();
        change(&mut manifest.groups[0]);
        manifest.unfit(&read.groups).iter().map(|unfit| unfit.what.clone()).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(fit(&|_| {}), "");
    assert!(fit(&|group| group.name = "west".to_owned()).contains("it was not ordered"));
    assert!(fit(&|group| group.services[0].count = 9).contains("9 instances of resources 1, 1 were ordered"));
    assert!(fit(&|group| group.services[0].resources.id = 7).contains("resources 7 that were not ordered"));
    assert!(fit(&|group| group.services[0].resources.memory.size.0 += 1).contains("another memory"));
    assert!(fit(&|group| group.services[1].expose.truncate(1)).contains("endpoints"));
    assert!(fit(&|group| drop(group.services.remove(1))).contains("0 instances of resources 2, 2 were ordered"));
}

#[test]
fn the_training_manuals_manifest_is_read_as_it_stands() {
    let text = std::fs::read_to_string("fixtures/manifests/valid/training-manual.yaml").unwrap();
    let (form, read) = read(&text).unwrap();
    assert_eq!(form, Form::V2beta1);
    let web = &read.manifest.groups[0].services[0];
    assert_eq!((web.image.as_str(), web.count, web.resources.cpu.units.0), ("nginx:latest", 3, 1000));
    assert_eq!(read.groups[0].units[0].price.to_string(), "1000uvirt");
    assert_eq!(read.manifest.unfit(&read.groups), vec![]);
    // The same as an SDL: what stands at the service is left alone there, as the reference parser does.
    let sdl = sdl::read(&text.replace("v2beta1\"", "2.0\"")).unwrap();
    assert_eq!((&sdl.groups, &sdl.manifest), (&read.groups, &read.manifest));
    assert!(sdl::read(&text).is_err(), "an SDL has another version");
}

#[test]
fn our_own_form_has_everything_at_the_services() {
    let read = |name: &str| {
        let text = std::fs::read_to_string(format!("fixtures/manifests/valid/{name}.yaml")).unwrap();
        read(&text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
    };
    let (form, shop) = read("v1");
    assert_eq!((form, shop.groups.len(), shop.manifest.groups[0].name.as_str()), (Form::V1, 0, "shop"));
    let [db, web] = &shop.manifest.groups[0].services[..] else { panic!() };
    assert_eq!((db.count, web.count, web.expose[0].seen_port()), (1, 2, 80));
    assert_eq!(db.parameters.as_ref().unwrap().storage[0].mount, "/data");
    assert_eq!(shop.probes["web"], Probe::Http { port: 8080, path: "/up".to_owned() });
    assert_eq!(shop.probes["db"], Probe::Command { command: vec!["/bin/db".to_owned(), "ping".to_owned()] });
    assert_eq!(shop.manifest.problems(), Vec::<String>::new());
    let (_, priced) = read("v1-priced");
    assert_eq!(priced.groups[0].units[0].price.to_string(), "2.5uve");
    assert_eq!((priced.groups[0].name.as_str(), &priced.probes["web"]), ("default", &Probe::Tcp { port: 80 }));
    assert_eq!(priced.manifest.unfit(&priced.groups), vec![]);
}

#[test]
fn each_hostile_file_is_refused_for_what_it_tries() {
    let mut seen = 0;
    for entry in std::fs::read_dir("fixtures/manifests/hostile").unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let Some(expected) = text.lines().next().and_then(|line| line.strip_prefix("# EXPECT: ")) else { continue };
        let problems = read(&text).expect_err(&format!("{} was taken", path.display()));
        assert!(problems.iter().any(|problem| problem.text.contains(expected)), "{}: {problems:?}", path.display());
        for problem in &problems {
            assert!(text.get(problem.span.clone()).is_some(), "{}: {problem:?} is nowhere", path.display());
        }
        seen += 1;
    }
    assert!(seen >= 28, "{seen}");
}

/// What comes in JSON has no lines, and is held to the same.
#[test]
fn a_manifest_in_json_is_held_to_the_same_as_a_file() {
    let text = std::fs::read_to_string("fixtures/manifests/valid/v1.yaml").unwrap();
    let good = read(&text).unwrap().1.manifest;
    let problem = |change: &dyn Fn(&mut Service)| {
        let mut manifest = good.clone();
        change(&mut manifest.groups[0].services[0]);
        let (read, _) = Manifest::read_json(&manifest.to_json()).unwrap();
        read.problems().join("; ")
    };
    assert_eq!(problem(&|_| {}), "");
    assert!(problem(&|service| service.name = "../x".to_owned()).contains("no DNS label"));
    assert!(problem(&|service| service.image = "-v".to_owned()).contains("no name of an image"));
    assert!(problem(&|service| service.count = 0).contains("no instances"));
    assert!(problem(&|service| service.count = 5000).contains("5002 instances"));
    assert!(problem(&|service| service.command = Some(vec!["a\0".to_owned()])).contains("cannot be given"));
    assert!(problem(&|service| service.env = Some(vec!["1=2".to_owned()])).contains("environment variable"));
    assert!(problem(&|service| service.env = Some(vec!["A=1".to_owned(); 2000])).contains("2000 variables"));
    assert!(
        problem(&|service| service.parameters.as_mut().unwrap().storage[0].mount = "/..".to_owned())
            .contains("mounted")
    );
    assert!(
        problem(&|service| service.parameters.as_mut().unwrap().storage[0].name = "x".to_owned())
            .contains("does not have")
    );
    for text in ["", "{}", "[1]", "[{\"name\":1}]", "null", &"[".repeat(100_000)] {
        assert!(Manifest::read_json(text).is_err(), "{text:.20}");
    }
}

proptest::proptest! {
    #[test]
    fn no_file_of_any_form_panics(
        form in proptest::sample::select(vec!["v1", "v1-priced", "training-manual"]),
        cut in 0_usize..1500,
        gone in 0_usize..40,
        put in "[-:{}\\[\\],\"'a-z0-9\n \u{202e}é$(;]{0,12}",
    ) {
        let text = std::fs::read_to_string(format!("fixtures/manifests/valid/{form}.yaml")).unwrap();
        let start = text.floor_char_boundary(cut.min(text.len()));
        let end = text.floor_char_boundary((start + gone).min(text.len()));
        let mut mangled = text.clone();
        mangled.replace_range(start..end, &put);
        if let Ok((_, read)) = read(&mangled) {
            // What is taken can be run, kept and read back.
            proptest::prop_assert_eq!(read.manifest.problems(), Vec::<String>::new());
            let json = read.manifest.to_json();
            proptest::prop_assert_eq!(Manifest::read_json(&json).unwrap().0, read.manifest);
        }
    }

    #[test]
    fn no_json_panics(text in "[\\[\\]{}\":,a-z0-9 ]{0,120}") {
        let _ = Manifest::read_json(&text);
    }
}

/// Also what only the manifest as a whole shows has its place in the file.
#[test]
fn what_the_whole_shows_is_told_with_its_line() {
    let service = |count: u32| {
        format!(
            "version: v1\nservices:\n  web:\n    image: web:1\n    count: {count}\n    env: [A=1, B=2,\n      A=3]\n    \
             expose: [{{ port: 80 }}, {{ port: 80 }}]\n    resources:\n      cpu: {{ units: 1 }}\n      memory: {{ size: 1Gi }}\n      \
             storage:\n      - {{ name: data, size: 1Gi }}\n      - {{ name: ../x, size: 1Gi }}\n"
        )
    };
    let text = service(1);
    let problems = read(&text).unwrap_err();
    let line = |problem: &crate::domain::yaml::Problem| text[..problem.span.start].matches('\n').count() + 1;
    let told: Vec<_> = problems.iter().map(|problem| (line(problem), problem.text.as_str())).collect();
    let of = |part: &str| told.iter().find(|(_, text)| text.contains(part)).map(|(line, _)| *line);
    assert_eq!(of("variable \"A\" is set twice"), Some(7), "{told:?}");
    assert_eq!(of("stands for two ports"), Some(8), "{told:?}");
    assert_eq!(of("\"../x\" is no name of a volume"), Some(9), "{told:?}");
    let many = service(1001).replace(", B=2,\n      A=3", "").replace(", { port: 80 }", "").replace("../x", "x");
    let problems = read(&many).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(many[problems[0].span.clone()].starts_with("services"), "{problems:?}");
}
