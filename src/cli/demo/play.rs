//! The play: order → bid → lease → manifest → workload → sample → usage record → settlement → export.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::sold::Sold;
use super::stage::{CHAIN_ID, Stage, failed, parse};
use crate::cli::{Context, Failure, Status};

/// The key files of a demonstration protect nothing.
const PASSPHRASE: &str = "the demonstration has no secrets";

/// What the tenant orders, and whether that is worth a bid.
const ORDERS: &[(&str, &str, bool)] = &[
    ("clock", include_str!("../../../fixtures/manifests/valid/demo-clock.yaml"), true),
    ("counter", include_str!("../../../fixtures/manifests/valid/demo-counter.yaml"), true),
    ("pair", include_str!("../../../fixtures/manifests/valid/demo-pair.yaml"), true),
    ("stingy", include_str!("../../../fixtures/manifests/valid/demo-stingy.yaml"), false),
];

/// The number of the tenant's first deployment.
const FIRST: u64 = 1000;

/// What the site's router counted of one lease: processes share the machine's network, and no back end counts it apart.
const TRAFFIC: u64 = 3 << 30;

/// Nothing that is waited for takes longer.
const PATIENCE: Duration = Duration::from_secs(40);

/// A lease of the play.
struct Leased {
    name: &'static str,
    dseq: u64,
    lease: String,
    price: String,
}

/// Plays it all.
pub(super) fn play(stage: &mut Stage, context: &Context) -> Result<Vec<Sold>, Failure> {
    let image = open(stage, context)?;
    let leases = sell(stage, &image)?;
    deploy(stage, &leases)?;
    meter(stage, &leases)?;
    end(stage, &leases)?;
    bill(stage, &leases)?;
    look_back(stage)?;
    let sold: Result<Vec<Sold>, Failure> = leases.iter().map(|leased| sold(stage, leased)).collect();
    sold
}

/// What did not happen.
fn missing(what: &str, found: &Value) -> Failure {
    Failure::new(Status::SomeFailed, format!("the demonstration did not come to this: {what}"))
        .beneath(format!("it says {found}"))
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A chain, keys, a registered provider. Gives back the image of the workloads: `none` where they run as processes.
fn open(stage: &mut Stage, context: &Context) -> Result<String, Failure> {
    let folder = stage.path("").display().to_string();
    let folder = folder.trim_end_matches('/').to_owned();
    stage.run(&["init", "--dir", &folder])?;
    stage.say("a development chain starts in this process");
    let (grpc, rpc) = stage.start_chain()?;
    let configured = |local: &str| configuration(&grpc.to_string(), &rpc.to_string(), local);
    stage.write("config.yaml", &configured("pull: never"))?;
    let clock = ORDERS.first().map(|(_, manifest, _)| *manifest).unwrap_or_default();
    let image = stage.find_engine(context, |image| with_image(clock, image));
    if image.is_none() {
        // Without an engine containers could show nothing.
        stage.write("config.yaml", &configured("runtime: process"))?;
    }
    stage.write("passphrase", PASSPHRASE)?;
    stage.run(&["validate-config"])?;
    stage.say("keys: one signs transactions, one signs usage records");
    let secret = stage.path("passphrase").display().to_string();
    let sealed = ["--passphrase-file", &secret];
    stage.run(&[&["keys", "add", "provider", "--no-mnemonic"], &sealed[..]].concat())?;
    stage.run(&[&["keys", "add", "provider-usage", "--type", "ed25519"], &sealed[..]].concat())?;
    let keys = stage.ask(&["keys", "list"])?;
    let address = rows(&keys).iter().find(|key| text(key, "name") == "provider").map(|key| text(key, "address"));
    let address =
        address.filter(|address| !address.is_empty()).ok_or_else(|| missing("a key with an address", &keys))?;
    let home = stage.path("devnet").display().to_string();
    stage.run(&["devnet", "fund", &address, "1000000000000uve", "--home", &home])?;
    stage.run(&["devnet", "identity", &address, "90", "premium", "--home", &home])?;
    stage.say("the provider registers on the chain");
    stage.run(&[&["register"], &sealed[..]].concat())?;
    Ok(image.unwrap_or_else(|| "none".to_owned()))
}

/// A manifest of ours with an image in the place of none.
fn with_image(manifest: &str, image: &str) -> String {
    manifest.replace("image: none", &format!("image: {image}"))
}

/// The configuration: everything is smaller and faster than in earnest, and says so.
fn configuration(grpc: &str, rpc: &str, local: &str) -> String {
    format!(
        "# The configuration of the demonstration. What is smaller or faster than in earnest is marked.\n\
         provider:\n  name: Demo\n  host_uri: https://demo.example.com:8443\n  region: demo\n\
         chain:\n  network: virtengine\n  chain_id: {CHAIN_ID}\n  node_url: http://{rpc}\n  grpc_url: http://{grpc}\n  \
         # Blocks come four times a second here.\n  max_lag: 1000\n\
         capacity: {{ observe: false, total_cpu: 4, total_memory: 8Gi, total_storage: 20Gi }}\n\
         orchestration:\n  adapter: local\n  local: {{ {local}, site: demo-{} }}\n\
         # Dear, so that something is earned within seconds.\n\
         bidding:\n  base_prices: {{ cpu_core: 360000uve, memory_gb: 36000uve, storage_gb: 3600uve, bandwidth_gb: 2uve }}\n\
         # Windows of seconds instead of an hour.\n\
         metering: {{ interval: 3s, max_sample_gap: 1m }}\n\
         # And much traffic in seconds is nothing unusual.\n\
         fraud: {{ min_record_duration: 1s, network_floor: 16Gi }}\n\
         # Settled at once.\n\
         settlement: {{ interval: 1s }}\n\
         logging: {{ level: error }}\n",
        std::process::id()
    )
}

/// The tenant orders, we bid, the tenant accepts.
fn sell(stage: &mut Stage, image: &str) -> Result<Vec<Leased>, Failure> {
    stage.say(&format!("a tenant posts {} orders", ORDERS.len()));
    let home = stage.path("devnet").display().to_string();
    let at_home = ["--home", &home];
    for (dseq, (name, manifest, _)) in (FIRST..).zip(ORDERS) {
        let file = format!("manifests/{name}.yaml");
        stage.write(&file, &with_image(manifest, image))?;
        let (file, dseq) = (stage.path(&file).display().to_string(), dseq.to_string());
        let order = ["devnet", "tenant", "deploy", "--sdl", &file, "--dseq", &dseq, "--deposit", "500000000uve"];
        stage.run(&[&order[..], &at_home].concat())?;
    }
    stage.say("`bid run` decides about each of them");
    let bids = bid(stage)?;
    let worth = ORDERS.iter().filter(|(_, _, worth)| *worth).count();
    let made = bids.get("bids").map(rows).unwrap_or_default();
    if made.len() != worth || bids.get("declined").and_then(Value::as_object).is_none_or(serde_json::Map::is_empty) {
        return Err(missing(&format!("{worth} bids, and an order that is declined"), &bids));
    }
    stage.say("the tenant accepts the bids: leases");
    let mut leases = Vec::new();
    for (dseq, (name, _, worth)) in (FIRST..).zip(ORDERS) {
        if !worth {
            continue;
        }
        let number = dseq.to_string();
        let accepted =
            stage.ask(&[&["devnet", "tenant", "accept", &number, "--wait", "20s"], &at_home[..]].concat())?;
        let lease = accepted.get("ids").map(rows).unwrap_or_default().first().and_then(Value::as_str);
        let lease = lease.ok_or_else(|| missing("a lease", &accepted))?.to_owned();
        let part = format!("/{dseq}/");
        let price = made.iter().find(|bid| text(bid, "order").contains(&part)).map(|bid| text(bid, "price"));
        stage.run(&[&["devnet", "tenant", "escrow", &number, "100000000uve"], &at_home[..]].concat())?;
        leases.push(Leased { name, dseq, lease, price: price.unwrap_or_default() });
    }
    bid(stage)?;
    Ok(leases)
}

fn bid(stage: &mut Stage) -> Result<Value, Failure> {
    let secret = stage.path("passphrase").display().to_string();
    stage.ask(&["bid", "run", "--passphrase-file", &secret])
}

/// Manifests become processes.
fn deploy(stage: &mut Stage, leases: &[Leased]) -> Result<(), Failure> {
    stage.say("manifests come; `workloads reconcile` runs them on this machine");
    reconcile(stage)?;
    stage.occupy();
    for leased in leases {
        let file = stage.path(&format!("manifests/{}.yaml", leased.name)).display().to_string();
        stage.run(&["workloads", "deploy", "--manifest", &file, "--lease", &leased.lease])?;
    }
    until(stage, leases, "running")
}

/// One run. Some of its steps may have to wait for the next.
fn reconcile(stage: &mut Stage) -> Result<(), Failure> {
    let words = ["workloads", "reconcile"];
    let said = stage.attempt(&words)?;
    if [Status::Done, Status::SomeFailed, Status::TryLater].iter().any(|status| i32::from(status.code()) == said.code) {
        return Ok(());
    }
    Err(failed(&words, &said))
}

/// Reconciles until the workload of each lease is in a state.
fn until(stage: &mut Stage, leases: &[Leased], state: &str) -> Result<(), Failure> {
    let begun = Instant::now();
    loop {
        reconcile(stage)?;
        let listed = stage.ask(&["workloads", "list", "--all"])?;
        let there = leases.iter().all(|leased| {
            rows(&listed).iter().any(|row| text(row, "owner") == leased.lease && text(row, "state") == state)
        });
        if there {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            return Err(missing(&format!("workloads that are {state}"), &listed));
        }
        stage.wait(Duration::from_millis(100))?;
    }
}

/// Samples become records.
fn meter(stage: &mut Stage, leases: &[Leased]) -> Result<(), Failure> {
    stage.say("`usage collect` meters what they use, in windows of three seconds");
    let begun = Instant::now();
    loop {
        collect(stage)?;
        let mut first = None;
        let mut recorded = true;
        for leased in leases {
            let records = stage.ask(&["usage", "list", "--lease", &leased.lease])?;
            recorded &= !rows(&records).is_empty();
            first = first.or_else(|| rows(&records).last().cloned().map(|row| (leased, row)));
        }
        if let (true, Some((leased, row))) = (recorded, first) {
            return by_hand(stage, leased, &row);
        }
        if begun.elapsed() > PATIENCE {
            return Err(missing("a usage record of each lease", &Value::Null));
        }
        stage.wait(Duration::from_secs(1))?;
    }
}

fn collect(stage: &mut Stage) -> Result<Value, Failure> {
    let secret = stage.path("passphrase").display().to_string();
    stage.ask(&["usage", "collect", "--passphrase-file", &secret])
}

/// What no back end measured comes by hand.
fn by_hand(stage: &mut Stage, leased: &Leased, row: &Value) -> Result<(), Failure> {
    stage.say("what the site's router counted is added by hand: a correction, signed and marked");
    let (secret, traffic) = (stage.path("passphrase").display().to_string(), TRAFFIC.to_string());
    let (from, to) = (text(row, "period_start"), text(row, "period_end"));
    let window = ["--lease-id", &leased.lease, "--start", &from, "--end", &to, "--correct"];
    let said = ["--network-bytes-out", &traffic, "--passphrase-file", &secret];
    stage.run(&[&["usage", "record"], &window[..], &said].concat())?;
    Ok(())
}

/// The tenant has enough.
fn end(stage: &mut Stage, leases: &[Leased]) -> Result<(), Failure> {
    stage.say("the tenant closes its leases; the workloads end, and their last records are made");
    let home = stage.path("devnet").display().to_string();
    for leased in leases {
        stage.run(&["devnet", "tenant", "close-lease", &leased.dseq.to_string(), "--home", &home])?;
    }
    until(stage, leases, "terminated")?;
    stage.vacate();
    let collected = collect(stage)?;
    if collected.get("ended").and_then(Value::as_u64) != Some(leases.len() as u64) {
        return Err(missing("a final usage record of each lease", &collected));
    }
    Ok(())
}

/// Records become money.
fn bill(stage: &mut Stage, leases: &[Leased]) -> Result<(), Failure> {
    stage.say("`usage submit` brings the records onto the chain, settles them and withdraws what the leases earned");
    let secret = stage.path("passphrase").display().to_string();
    let begun = Instant::now();
    loop {
        let words = ["usage", "submit", "--passphrase-file", &secret, "--output", "json"];
        let said = stage.attempt(&words)?;
        let submitted = parse(&words, &said).map_err(|_| failed(&words, &said))?;
        let settled = stage.ask(&["settlement", "list"])?;
        if !rows(&settled).is_empty() && said.code == 0 {
            break;
        }
        if begun.elapsed() > PATIENCE {
            return Err(missing("a settlement of the usage", &submitted));
        }
        stage.wait(Duration::from_millis(1100))?;
    }
    let synced = stage.ask(&["settlement", "sync"])?;
    if synced.get("discrepancies").map(rows).is_none_or(|found| !found.is_empty()) {
        return Err(missing("books that agree with the chain's", &synced));
    }
    for leased in leases {
        let ledger = stage.ask(&["settlement", "show", &leased.lease])?;
        if rows(&ledger).iter().any(|account| account.get("balanced") != Some(&Value::Bool(true))) {
            return Err(missing("a ledger in which every unit is accounted for", &ledger));
        }
    }
    Ok(())
}

/// The records as a file, and what can be seen and verified afterwards.
fn look_back(stage: &mut Stage) -> Result<(), Failure> {
    stage.say("`usage export` writes them as CSV; signatures, state file and audit trail are verified");
    let csv = stage.path("usage.csv").display().to_string();
    stage.run(&["usage", "export", "--format", "csv", "--output", &csv])?;
    let records = stage.ask(&["usage", "list"])?;
    for record in rows(&records) {
        stage.run(&["usage", "verify", &text(record, "record_id")])?;
    }
    let secret = stage.path("passphrase").display().to_string();
    stage.run(&["lease", "monitor", "--passphrase-file", &secret])?;
    stage.run(&["status"])?;
    stage.run(&["state", "check"])?;
    stage.run(&["audit-log", "verify"])?;
    Ok(())
}

/// What became of a lease.
fn sold(stage: &mut Stage, leased: &Leased) -> Result<Sold, Failure> {
    let workloads = stage.ask(&["workloads", "list", "--all"])?;
    let workload = rows(&workloads).iter().find(|row| text(row, "owner") == leased.lease);
    let state = workload.map(|row| text(row, "state")).unwrap_or_default();
    let records = stage.ask(&["usage", "list", "--lease", &leased.lease])?;
    let sum = |name: &str| rows(&records).iter().filter_map(|row| text(row, name).parse::<i128>().ok()).sum();
    let (cpu_milli_seconds, network_bytes_out) = (sum("cpu_milli_seconds"), sum("network_bytes_out"));
    let earnings = stage.ask(&["earnings", "--by", "lease"])?;
    let earned: Vec<String> = rows(&earnings)
        .iter()
        .filter(|row| text(row, "of") == leased.lease)
        .map(|row| format!("{}{}", text(row, "total"), text(row, "denom")))
        .collect();
    if earned.is_empty() {
        return Err(missing(&format!("something that {} earned", leased.name), &earnings));
    }
    // The order's name without the tenant's address, which is the same for all.
    let order = leased.lease.split('/').skip(1).take(3).collect::<Vec<_>>().join("/");
    Ok(Sold {
        order: format!("{} ({order})", leased.name),
        price: leased.price.clone(),
        state,
        records: rows(&records).len(),
        cpu_milli_seconds,
        network_bytes_out,
        earned: earned.join(", "),
    })
}
