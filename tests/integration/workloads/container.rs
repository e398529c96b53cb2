//! Containers of a real Podman as workloads.

use super::conformance::{Material, find, running, suite, target, until};
use super::podman::{IMAGE, adapter, command, options, podman, site};
use super::specs::{service, spec};
use provider::adapters::Adapter;
use provider::adapters::local::container::{Container, Options};
use provider::domain::workload::UnitState;

pub const FOREVER: &[&str] = &["/bin/sh", "-c", "echo ready; while :; do sleep 1; done"];

const MATERIAL: Material = Material {
    image: IMAGE,
    forever: FOREVER,
    ends_with_3: &["/bin/sh", "-c", "exit 3"],
    impossible: Some(&["/no/such/program"]),
    real: true,
};

#[tokio::test]
async fn containers_conform() {
    let Some(podman) = podman() else { return };
    suite(&adapter(podman, &site("conf")), "c", &MATERIAL).await;
}

/// What the conformance suite must not leave behind: nothing of its site is there.
#[tokio::test]
async fn nothing_is_left_behind_and_nothing_of_others_is_touched() {
    let Some(podman) = podman() else { return };
    let site = site("left");
    let local = adapter(podman, &site);
    // Somebody else's container, with a name that ours would want.
    let theirs = format!("{site}-o-web-web-0");
    let made = command(&["create", "--name", &theirs, IMAGE, "-c", "true"]);
    assert!(made.status.success(), "{made:?}");
    let web = spec("web", 1, vec![service("web", IMAGE, FOREVER)]);
    let refused = local.ensure(&web).await.unwrap_err();
    assert!(refused.to_string().contains("is in the way, and it is not ours"), "{refused}");
    local.remove(target(&web)).await.unwrap();
    assert!(command(&["container", "exists", &theirs]).status.success());
    command(&["rm", "-f", &theirs]);
    let networks = command(&["network", "ls", "--quiet", "--filter", &format!("label=provider.site={site}")]);
    assert_eq!(String::from_utf8(networks.stdout).unwrap(), "");
    assert_eq!(find(&local, &web.id).await, None);
}

/// Two sites on one engine do not see each other.
#[tokio::test]
async fn sites_do_not_see_each_other() {
    let Some(podman) = podman() else { return };
    let (one, other) = (adapter(podman, &site("one")), adapter(podman, &site("two")));
    let web = spec("web", 1, vec![service("web", IMAGE, FOREVER)]);
    one.ensure(&web).await.unwrap();
    running(&one, &web).await;
    assert_eq!(find(&other, &web.id).await, None);
    other.stop(target(&web), std::time::Duration::ZERO).await.unwrap();
    other.remove(target(&web)).await.unwrap();
    running(&one, &web).await;
    one.remove(target(&web)).await.unwrap();
}

/// From inside a container: what it may not do.
#[tokio::test]
async fn a_container_is_held() {
    let Some(podman) = podman() else { return };
    let local = adapter(podman, &site("held"));
    let script = "touch /x 2>/dev/null && echo root-writable; touch /tmp/x && echo tmp-writable; \
                  grep -E '^(CapEff|NoNewPrivs)' /proc/self/status; \
                  cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; \
                  cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null";
    let held = spec("held", 1, vec![service("job", IMAGE, &["/bin/sh", "-c", script])]);
    local.ensure(&held).await.unwrap();
    until(&local, &held, "ended", UnitState::has_ended).await;
    let said: Vec<String> = super::conformance::lines(&local, &held, &provider::adapters::LogRequest::default())
        .await
        .into_iter()
        .map(|line| line.text)
        .collect();
    assert_eq!(said, ["tmp-writable", "CapEff:\t0000000000000000", "NoNewPrivs:\t1", "67108864", "256"]);
    local.remove(target(&held)).await.unwrap();
}

/// The bulk call stands in where control groups cannot be read, and one container that died behind Podman's back, for
/// which Podman refuses the call for all, does not take the meters of the others away.
#[tokio::test]
async fn meters_without_control_groups_come_from_the_bulk_call() {
    let Some(podman) = podman() else { return };
    let site = site("bulk");
    let blind = Container::new(Options { cgroups: "/nowhere".into(), ..options(podman, &site) });
    let web = spec("web", 1, vec![service("web", IMAGE, &["/bin/sh", "-c", "while :; do :; done"])]);
    let dead = spec("dead", 1, vec![service("web", IMAGE, FOREVER)]);
    for spec in [&web, &dead] {
        blind.ensure(spec).await.unwrap();
        running(&blind, spec).await;
    }
    kill_unseen(&format!("{site}-o-dead-web-0"));
    let end = std::time::Instant::now() + std::time::Duration::from_mins(1);
    loop {
        let samples = blind.sample().await.unwrap();
        let alone = matches!(samples.as_slice(), [sample] if sample.workload == web.id);
        if alone && samples[0].meters.cpu > std::time::Duration::from_millis(50) {
            assert!(samples[0].meters.memory.0 > 0, "{samples:?}");
            break;
        }
        assert!(std::time::Instant::now() < end, "{samples:?}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    for spec in [web, dead] {
        blind.remove(target(&spec)).await.unwrap();
    }
}

/// Podman learns of an end from the monitor of a container: killed with it, the container runs for ever in its books. It is
/// seen here, and made anew.
#[tokio::test]
async fn what_died_behind_the_engines_back_is_seen_and_healed() {
    let Some(podman) = podman() else { return };
    let site = site("unseen");
    let local = adapter(podman, &site);
    let (web, other) =
        (spec("web", 1, vec![service("web", IMAGE, FOREVER)]), spec("other", 1, vec![service("web", IMAGE, FOREVER)]));
    for spec in [&web, &other] {
        local.ensure(spec).await.unwrap();
        running(&local, spec).await;
    }
    kill_unseen(&format!("{site}-o-web-web-0"));
    until(&local, &web, "known to be dead", |state| {
        matches!(state, UnitState::Failed { reason, exhausted: false } if reason.contains("the engine did not notice"))
    })
    .await;
    running(&local, &other).await;
    local.ensure(&web).await.unwrap();
    running(&local, &web).await;
    for spec in [web, other] {
        local.stop(target(&spec), std::time::Duration::ZERO).await.unwrap();
        local.remove(target(&spec)).await.unwrap();
        assert_eq!(find(&local, &spec.id).await, None);
    }
}

/// A variable that a manifest names without a value has none: not the one that it has where the engine runs.
#[tokio::test]
async fn nothing_of_the_engines_environment_reaches_a_container() {
    let Some(podman) = podman() else { return };
    let local = adapter(podman, &site("env"));
    let mut web = service(
        "job",
        IMAGE,
        &["/bin/sh", "-c", "echo \"[$PATH_OF_HOST][$LANG][$HOME][$SHLVL_HERE]\"; env | grep -c SERVERS"],
    );
    web.env =
        Some(["SERVERS_STATE", "SERVERS_ROOT", "PATH_OF_HOST", "LANG", "HOME", "A=1"].map(str::to_owned).to_vec());
    let job = spec("job", 1, vec![web]);
    local.ensure(&job).await.unwrap();
    until(&local, &job, "ended", UnitState::has_ended).await;
    let said: Vec<String> = super::conformance::lines(&local, &job, &provider::adapters::LogRequest::default())
        .await
        .into_iter()
        .map(|line| line.text)
        .collect();
    assert_eq!(said, ["[][][][]", "2"], "both are there, and empty");
    local.remove(target(&job)).await.unwrap();
}

/// Without numbers for the users of containers, what is to be done about it is said; what runs can still be ended.
#[tokio::test]
async fn users_of_their_own_need_ranges() {
    let Some(podman) = podman() else { return };
    if provider::adapters::local::container::there_are_ranges() {
        eprintln!("could not run: this machine has ranges for the users of containers");
        return;
    }
    let options = Options { user_namespace: Some("auto".to_owned()), ..options(podman, &site("users")) };
    let local = Container::new(options);
    let web = spec("web", 1, vec![service("web", IMAGE, FOREVER)]);
    for error in [local.ensure(&web).await.unwrap_err(), local.probe().await.unwrap_err()] {
        let said = provider::domain::fault::in_one_line(&error);
        assert!(said.contains("/etc/subuid") && said.contains("or leave the option out"), "{said}");
        assert!(matches!(error, provider::adapters::Error::Unavailable { .. }), "the workload is not to blame: {said}");
    }
    assert_eq!(local.observe().await.unwrap(), []);
    local.remove(target(&web)).await.unwrap();
}

/// Kills a container's process and the monitor that would tell Podman of it.
fn kill_unseen(name: &str) {
    let inspected = command(&["inspect", name, "--format", "{{.State.ConmonPid}} {{.State.Pid}}"]);
    assert!(inspected.status.success(), "{inspected:?}");
    let pids = String::from_utf8(inspected.stdout).unwrap();
    for pid in pids.split_whitespace() {
        let killed = std::process::Command::new("kill").args(["-9", pid]).status().unwrap();
        assert!(killed.success(), "{pids}");
    }
}

/// Images are pulled from a registry on loopback, with and without a login; a wrong login is told, and in no error is it
/// repeated.
#[tokio::test]
async fn images_are_pulled_with_and_without_a_login() {
    use provider::domain::manifest::Credentials;
    let Some(podman) = podman() else { return };
    let Some((open, closed)) = super::podman::registries() else { return };
    let site = site("pull");
    let local = adapter(podman, &site);
    let (free, private) = (format!("{open}/{site}:1"), format!("{closed}/{site}:1"));
    for (image, login) in [(&free, None), (&private, Some("tenant:s3cret-login"))] {
        let mut push = vec!["push", "--quiet"];
        push.extend(login.map(|login| ["--creds", login]).into_iter().flatten());
        push.extend([IMAGE, image.as_str()]);
        let pushed = command(&push);
        assert!(pushed.status.success(), "{pushed:?}");
    }
    let free = spec("free", 1, vec![service("web", &free, FOREVER)]);
    local.ensure(&free).await.unwrap();
    running(&local, &free).await;

    let login = |password: &str| Credentials {
        host: closed.to_owned(),
        email: String::new(),
        username: "tenant".to_owned(),
        password: password.to_owned(),
    };
    let mut private = spec("private", 1, vec![service("web", &private, FOREVER)]);
    for wrong in [None, Some(login("wr0ng-login"))] {
        private.group.services[0].credentials = wrong;
        let refused = local.ensure(&private).await.unwrap_err();
        let said = format!("{refused} {refused:?}");
        assert!(said.contains("cannot be pulled") && !said.contains("wr0ng-login"), "{said}");
        assert_eq!(find(&local, &private.id).await, None);
    }
    private.group.services[0].credentials = Some(login("s3cret-login"));
    local.ensure(&private).await.unwrap();
    running(&local, &private).await;
    for spec in [free, private] {
        local.remove(target(&spec)).await.unwrap();
        command(&["rmi", &spec.group.services[0].image]);
    }
}

/// Services of one workload find each other by name, and strangers do not; the world comes in by a published port.
#[tokio::test]
async fn services_reach_each_other_by_name_and_strangers_do_not() {
    use provider::adapters::{Check, LogRequest};
    use provider::domain::manifest::{Expose, HttpOptions, Protocol};
    use provider::domain::workload::{Owner, Probe};
    let Some(podman) = podman() else { return };
    let local = adapter(podman, &site("net"));
    let options = HttpOptions {
        max_body_size: 0,
        read_timeout: 0,
        send_timeout: 0,
        next_tries: 0,
        next_timeout: 0,
        next_cases: vec![],
    };
    let mut web = service(
        "web",
        IMAGE,
        &["/bin/sh", "-c", "mkdir /tmp/w; echo hi >/tmp/w/index.html; exec httpd -f -p 8080 -h /tmp/w"],
    );
    web.expose = vec![Expose {
        port: 8080,
        external_port: 80,
        protocol: Protocol::Tcp,
        service: String::new(),
        global: true,
        hosts: None,
        http_options: options,
        ip: String::new(),
        endpoint_sequence_number: 0,
    }];
    // The static busybox has no resolver for wget: its nslookup has one of its own.
    let ask = "while :; do ip=$(nslookup web 2>/dev/null | sed -n 's/^Address[ 0-9]*: *\\([0-9.]*\\)$/\\1/p' | tail -1); \
               printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 $ip 8080 | grep hi && break; sleep 0.2; done; sleep 100";
    let ask = ["/bin/sh", "-c", ask];
    let mut shop = spec("shop", 1, vec![service("ask", IMAGE, &ask), web]);
    let lease = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";
    shop.owner = Owner::parse(lease).unwrap();
    local.ensure(&shop).await.unwrap();
    let seen = running(&local, &shop).await;
    let mut said = vec![];
    for _ in 0..600 {
        let wanted = LogRequest { service: Some("ask".to_owned()), ..LogRequest::default() };
        said = super::conformance::lines(&local, &shop, &wanted).await.into_iter().map(|line| line.text).collect();
        if said.iter().any(|line| line == "hi") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(said.iter().any(|line| line == "hi"), "{said:?}");
    // A tenant's port is one that is free, and the world reaches it.
    let endpoint = seen.units.iter().find(|unit| unit.service == "web").unwrap().endpoints[0].clone();
    assert_ne!(endpoint.seen_as, 80);
    let mut stream = tokio::net::TcpStream::connect((endpoint.address, endpoint.seen_as)).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer).await.unwrap();
    assert!(answer.ends_with("hi\n"), "{answer}");

    // The manifest's own checks, each kind.
    let check = |probe: Probe| {
        let (local, shop) = (&local, &shop);
        async move {
            let timeout = std::time::Duration::from_secs(3);
            let check = Check { workload: target(shop), service: "web", replica: 0, probe: &probe, timeout };
            local.check(check).await.unwrap()
        }
    };
    assert!(check(Probe::Http { port: 8080, path: "/".to_owned() }).await.healthy);
    assert!(!check(Probe::Http { port: 8080, path: "/none".to_owned() }).await.healthy);
    assert!(check(Probe::Tcp { port: 8080 }).await.healthy);
    assert!(!check(Probe::Tcp { port: 9 }).await.healthy);
    assert!(check(Probe::Command { command: vec!["/bin/true".to_owned()] }).await.healthy);
    let failed =
        check(Probe::Command { command: vec!["/bin/sh".to_owned(), "-c".to_owned(), "exit 4".to_owned()] }).await;
    assert!(!failed.healthy && failed.detail.contains("ended with 4"), "{failed:?}");

    // A stranger on the same engine does not know the name, and does not reach the address.
    let ip = String::from_utf8(
        command(&[
            "inspect",
            "--format",
            "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            &format!("{}-{}-web-0", site("net"), shop.id),
        ])
        .stdout,
    )
    .unwrap();
    let script = format!(
        "wget -q -T 2 -O - http://web:8080/ || echo no-name; wget -q -T 2 -O - http://{}:8080/ || echo no-way",
        ip.trim()
    );
    let stranger = spec("stranger", 1, vec![service("job", IMAGE, &["/bin/sh", "-c", &script])]);
    local.ensure(&stranger).await.unwrap();
    until(&local, &stranger, "ended", UnitState::has_ended).await;
    let said: Vec<String> = super::conformance::lines(&local, &stranger, &LogRequest::default())
        .await
        .into_iter()
        .map(|line| line.text)
        .collect();
    assert!(said.iter().any(|line| line == "no-name") && said.iter().any(|line| line == "no-way"), "{said:?} {ip}");
    local.remove(target(&stranger)).await.unwrap();
    local.remove(target(&shop)).await.unwrap();
}

/// Volumes are mounted where the manifest wants them, are counted, outlive their unit and go with the workload.
#[tokio::test]
async fn volumes_outlive_their_unit_and_are_counted() {
    use provider::domain::manifest::{Mount, Parameters};
    let Some(podman) = podman() else { return };
    let site = site("vol");
    let local = adapter(podman, &site);
    let mut job = service(
        "job",
        IMAGE,
        &["/bin/sh", "-c", "[ -f /data/x ] && echo again; head -c 3000000 /dev/zero >/data/x; echo ready; sleep 100"],
    );
    job.parameters = Some(Parameters {
        storage: vec![Mount { name: "data".to_owned(), mount: "/data".to_owned(), read_only: false }],
    });
    let mut keeps = spec("keeps", 1, vec![job]);
    local.ensure(&keeps).await.unwrap();
    running(&local, &keeps).await;
    let mut used = 0;
    for _ in 0..100 {
        used = local.sample().await.unwrap()[0].meters.storage.unwrap().0;
        if used >= 3_000_000 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!((3_000_000..4_000_000).contains(&used), "{used}");
    // Another revision is another container, with the same volume.
    keeps.revision = provider::domain::workload::Revision([2; 32]);
    local.ensure(&keeps).await.unwrap();
    running(&local, &keeps).await;
    let mut said = vec![];
    for _ in 0..100 {
        said = super::conformance::lines(&local, &keeps, &provider::adapters::LogRequest::default()).await;
        if said.iter().any(|line| line.text == "again") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(said.iter().any(|line| line.text == "again"), "{said:?}");
    local.remove(target(&keeps)).await.unwrap();
    let left = command(&["volume", "ls", "--quiet", "--filter", &format!("label=provider.site={site}")]);
    assert_eq!(String::from_utf8(left.stdout).unwrap(), "");
}

/// Podman gives back the volumes that have any of the labels asked for: another workload's volume survives the end of
/// this one, whether it is in use or its container is gone.
#[tokio::test]
async fn a_removal_leaves_the_volumes_of_others() {
    use provider::domain::manifest::{Mount, Parameters};
    let Some(podman) = podman() else { return };
    let site = site("others");
    let local = adapter(podman, &site);
    let mut job = service("job", IMAGE, &["/bin/sh", "-c", "echo ready; sleep 100"]);
    let plain = spec("beside", 1, vec![job.clone()]);
    job.parameters = Some(Parameters {
        storage: vec![Mount { name: "data".to_owned(), mount: "/data".to_owned(), read_only: false }],
    });
    let keeps = spec("withvolume", 1, vec![job]);
    let volumes = || {
        let listed = command(&["volume", "ls", "--quiet", "--filter", &format!("label=provider.site={site}")]);
        String::from_utf8(listed.stdout).unwrap().lines().count()
    };
    for used in [true, false] {
        local.ensure(&keeps).await.unwrap();
        local.ensure(&plain).await.unwrap();
        running(&local, &plain).await;
        if !used {
            let label = format!("label=provider.workload={}", keeps.id);
            let listed = command(&["ps", "--quiet", "--all", "--filter", &label]);
            for id in String::from_utf8(listed.stdout).unwrap().lines() {
                command(&["rm", "--force", "--time", "0", id]);
            }
        }
        local.remove(target(&plain)).await.unwrap();
        assert_eq!(volumes(), 1, "in use: {used}");
    }
    local.remove(target(&keeps)).await.unwrap();
    assert_eq!(volumes(), 0);
}

/// A steady-state pass asks Podman as many questions about 50 containers as about one.
#[test]
fn a_steady_pass_over_50_containers_asks_as_much_as_over_one() {
    use super::house::House;
    use super::podman::Counter;
    let Some(podman) = podman() else { return };
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::before(podman, folder.path());
    let house = House::new(
        "fifty",
        &format!("runtime: container, pull: missing, publish_address: 127.0.0.1, socket: {}", counter.socket.display()),
        "workloads: { concurrency: 8, max_terminations_per_run: 100, max_terminations_per_hour: 100 }\n",
    );
    let text = super::house::FOREVER.replace("image: none", &format!("image: {IMAGE}"));
    let file = house.file("web.yaml", &text);
    let deploy =
        |number: usize| house.ok(&["workloads", "deploy", "--manifest", &file, "--name", &format!("w{number}")]);
    let settle = |count: usize| {
        for _ in 0..20 {
            house.run(&["workloads", "reconcile"]);
            let running = house.json(&["workloads", "list", "--state", "running"]);
            if running.as_array().unwrap().len() == count {
                return;
            }
        }
        panic!("{count} do not come up: {}", house.json(&["workloads", "list"]));
    };
    let steady = || {
        counter.take();
        assert_eq!(house.steps(), Vec::<String>::new());
        counter.take()
    };
    deploy(0);
    settle(1);
    let one = steady();
    (1..50).for_each(|number| drop(deploy(number)));
    settle(50);
    let fifty = steady();
    assert_eq!(fifty.len(), one.len(), "{one:?}\n{fifty:?}");
    assert!(one.len() <= 6, "{one:?}");
    for number in 0..50 {
        house.ok(&["workloads", "terminate", &format!("o-w{number}")]);
    }
    house.ok(&["workloads", "reconcile"]);
    let left = command(&["ps", "-aq", "--filter", &format!("label=provider.site={}", house.site)]);
    assert_eq!(String::from_utf8(left.stdout).unwrap(), "");
}

/// The demonstration runs containers where there is an engine, of nothing but this machine's own shell.
#[test]
fn the_demo_runs_containers_and_leaves_no_image() {
    let Some(podman) = podman() else { return };
    let run = |variables: &[(&str, &str)]| {
        let mut demo = std::process::Command::new(env!("CARGO_BIN_EXE_provider"));
        demo.args(["demo", "-o", "json"]).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", "/nonexistent");
        demo.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let child = demo.envs(variables.iter().copied()).spawn().unwrap();
        // Other runs on this machine have images of their own.
        let image = format!("localhost/provider-demo:{}", child.id());
        let said = child.wait_with_output().unwrap();
        let images = command(&["images", "--format", "{{.Repository}}:{{.Tag}}"]);
        assert!(!String::from_utf8(images.stdout).unwrap().lines().any(|line| line == image), "{image} is left");
        let (out, err) = (String::from_utf8(said.stdout).unwrap(), String::from_utf8(said.stderr).unwrap());
        assert!(said.status.success(), "{out}{err}");
        let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(shown["leases"].as_array().unwrap().len(), 3, "{out}{err}");
        let csv = std::path::PathBuf::from(shown["csv"].as_str().unwrap());
        std::fs::remove_dir_all(csv.parent().unwrap()).unwrap();
        err
    };
    let socket = podman.socket.to_str().unwrap();
    let said = run(&[("PROVIDER_ORCHESTRATION_LOCAL_SOCKET", socket)]);
    assert!(said.contains("the workloads were containers"), "{said}");
    let said = run(&[("PROVIDER_ORCHESTRATION_LOCAL_SOCKET", "/nowhere.sock")]);
    assert!(said.contains("the workloads were processes"), "{said}");
}
