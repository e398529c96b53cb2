//! The story of a lease on the development chain, with a real workload: ordered, leased, run, paused at the end of its
//! funds, topped up and resumed, closed and terminated; and one that is overdrawn.

use std::time::{Duration, Instant};

use prost::Message as _;
use provider::chain::wire::deployment::GroupSpec;
use provider::chain::wire::market::{Order, OrderFilters, QueryOrdersRequest};
use provider::devnet::fault::{Fault, Rule};
use provider::devnet::tenant::{Action, Done, Tenant};
use provider::domain::manifest;
use serde_json::Value;

use super::house::kill_supervisors_below;
use crate::tx::world::World;

/// What the tenant orders: a price by the block of a fifth of the smallest deposit.
const SDL: &str = "version: v1\nname: here\nservices:\n  web:\n    image: none\n    command: [/bin/sh, -c, 'echo ready; while :; do sleep 1; done']\n    resources: { cpu: { units: 100m }, memory: { size: 64Mi }, storage: { size: 64Mi } }\n    expose: [{ port: 18099, to: [{ global: true }] }]\n    price: { amount: 50000, denom: uve }\n";

pub struct Story {
    pub world: World,
    site: String,
    pub lease: String,
    pub dseq: u64,
}

impl Drop for Story {
    fn drop(&mut self) {
        kill_supervisors_below(&self.world.path("workloads").join(&self.site), &self.site);
    }
}

impl Story {
    /// Ordered, bid, leased; the manifest is on the tenant's disk.
    async fn begin(tag: &str) -> Self {
        let site = format!("s{}-{tag}", std::process::id());
        let section = format!("orchestration: {{ adapter: local, local: {{ runtime: process, site: {site} }} }}\n");
        Self::on(site, &section).await
    }

    /// The same with these sections of the configuration.
    pub async fn on(site: String, sections: &str) -> Self {
        let world = World::new(0, "").await;
        world.configure(&format!("---\n{sections}"));
        let (_, deployment) = manifest::read(SDL).unwrap();
        let groups = deployment.groups.iter().map(|group| hex(&GroupSpec::from(group).encode_to_vec())).collect();
        std::fs::write(world.folder.path().join("web.yaml"), SDL).unwrap();
        let mut story = Self { world, site, lease: String::new(), dseq: 77 };
        let hash = hex(&deployment.manifest.version());
        let deposit = Some("500000uve".to_owned());
        story.tenant(Action::Deploy { groups, hash, deposit, dseq: Some(story.dseq) }).await;
        let order = story.order().await;
        let store = story.world.store();
        story.world.enqueue(&store, "bid", &story.world.bid(&order), Some("500000uve"));
        drop(store);
        story.world.flush_to_the_end().await;
        let accepted = story.tenant(Action::Accept { dseq: story.dseq, gseq: None, wait: 0 }).await;
        story.lease.clone_from(&accepted.ids[0]);
        assert_eq!(story.lease.matches('/').count(), 4, "{}", story.lease);
        story
    }

    async fn order(&self) -> Order {
        let filters = OrderFilters { state: "open".to_owned(), dseq: self.dseq, ..OrderFilters::default() };
        self.world.client.call(QueryOrdersRequest { filters, pagination: None }).await.unwrap().orders.remove(0)
    }

    pub async fn tenant(&self, action: Action) -> Done {
        let node = self.world.server.node.clone();
        tokio::task::spawn_blocking(move || Tenant::named(&node, "tenant").unwrap().perform(&action).unwrap())
            .await
            .unwrap()
    }

    /// So many blocks pass, in which nothing happens.
    pub async fn pass(&self, blocks: u32) {
        let node = self.world.server.node.clone();
        let second = jiff::SignedDuration::from_secs(1);
        tokio::task::spawn_blocking(move || node.advance(blocks, second).unwrap()).await.unwrap();
    }

    /// Runs a command of the program; what it prints, and how it ended.
    pub async fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let ran = self.world.run(self.world.command(arguments)).await;
        (ran.code, ran.stdout, ran.stderr)
    }

    /// The steps of a run of reconcile.
    pub async fn steps(&self) -> Vec<String> {
        let (code, out, err) = self.run(&["workloads", "reconcile", "-o", "json"]).await;
        assert_eq!(code, Some(0), "{out}{err}");
        let rows: Value = serde_json::from_str(&out).unwrap();
        let done = rows.as_array().unwrap().iter().filter(|row| row["outcome"] == "done");
        done.map(|row| row["step"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn workload(&self) -> Value {
        let (_, out, err) = self.run(&["workloads", "list", "--all", "-o", "json"]).await;
        let rows: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        rows[0].clone()
    }

    pub async fn state(&self) -> String {
        self.workload().await["state"].as_str().unwrap_or_default().to_owned()
    }

    pub async fn until(&self, state: &str) {
        let begun = Instant::now();
        while self.state().await != state {
            assert!(begun.elapsed() < Duration::from_mins(1), "{}", self.workload().await);
            self.steps().await;
        }
    }

    /// The lease has a workload, its manifest comes, it runs.
    pub async fn up(&self) {
        assert_eq!(self.steps().await, ["open"]);
        let manifest = self.world.folder.path().join("web.yaml");
        let manifest = manifest.to_str().unwrap();
        let (code, out, err) = self.run(&["workloads", "deploy", "--manifest", manifest, "--lease", &self.lease]).await;
        assert_eq!(code, Some(0), "{out}{err}");
        self.until("running").await;
        assert_eq!(self.workload().await["owner"], self.lease.as_str());
    }

    pub async fn history(&self) -> Vec<String> {
        let workload = self.workload().await["workload"].as_str().unwrap().to_owned();
        let (_, out, _) = self.run(&["workloads", "events", &workload, "-o", "json"]).await;
        let rows: Value = serde_json::from_str(&out).unwrap();
        let states = rows.as_array().unwrap().iter().filter(|row| row["kind"] == "state");
        states.map(|row| row["what"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned()).collect()
    }

    /// Its final usage is in the state file.
    pub async fn has_final_usage(&self) {
        let workload = self.workload().await["workload"].as_str().unwrap().to_owned();
        let (_, out, err) = self.run(&["workloads", "metrics", &workload, "-o", "json"]).await;
        let rows: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        let rows = rows.as_array().unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|row| row["last"] == true), "{rows:?}");
    }
}

fn hex(bytes: &[u8]) -> String {
    provider::domain::hex::encode(bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn order_lease_running_paused_topped_up_resumed_closed_terminated() {
    let story = Story::begin("story").await;
    // Another manifest than the one on chain is not taken.
    let other = story.world.folder.path().join("other.yaml");
    std::fs::write(&other, SDL.replace("ready", "something else")).unwrap();
    story.steps().await;
    let arguments = ["workloads", "deploy", "--manifest", other.to_str().unwrap(), "--lease", &story.lease];
    let (code, _, err) = story.run(&arguments).await;
    assert_eq!(code, Some(65), "{err}");
    assert!(err.contains("and the deployment on chain wants"), "{err}");

    let manifest = story.world.folder.path().join("web.yaml");
    let arguments = ["workloads", "deploy", "--manifest", manifest.to_str().unwrap(), "--lease", &story.lease];
    assert_eq!(story.run(&arguments).await.0, Some(0));
    story.until("running").await;
    // Ten blocks are funded, and no transaction settles them: the chain still says that the lease is active.
    story.pass(12).await;
    assert_eq!(story.steps().await, ["pause"]);
    assert_eq!(story.steps().await, Vec::<String>::new());
    let reason = story.workload().await["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("its funds last until height"), "{reason}");
    // A node that fails changes nothing.
    let unavailable = Fault::Status { code: 14, message: "a fault that was asked for".to_owned() };
    story.world.server.node.faults().set(Rule::of(unavailable, None));
    let (code, _, err) = story.run(&["workloads", "reconcile"]).await;
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("chain could not be read"), "{err}");
    story.world.server.node.faults().clear();
    assert_eq!(story.state().await, "paused");
    // A deposit into an account that nothing has settled yet is in time, though its funds ended two blocks ago.
    assert!(story.try_top_up().await, "a top-up in time is taken");
    assert_eq!(story.steps().await, ["resume"]);
    story.tenant(Action::CloseLease { dseq: story.dseq, gseq: None }).await;
    story.until("terminated").await;
    assert_eq!(
        story.history().await,
        ["pending", "deploying", "running", "paused", "running", "stopping", "stopped", "terminated"]
    );
    story.has_final_usage().await;
    assert_eq!(story.steps().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdrawn_lease_ends_and_a_later_top_up_brings_nothing_back() {
    let story = Story::begin("over").await;
    story.up().await;
    story.pass(30).await;
    assert_eq!(story.steps().await, ["pause"]);
    // The provider withdraws: a transaction settles the account, and finds it overdrawn.
    let withdraw = provider::chain::wire::market::MsgWithdrawLease {
        id: (&provider::domain::id::LeaseId::parse(&story.lease, "ve").unwrap()).into(),
    };
    let store = story.world.store();
    story.world.enqueue(&store, "withdraw", &withdraw, None);
    drop(store);
    story.world.flush_to_the_end().await;
    assert_eq!(story.steps().await, ["end"]);
    assert_eq!(story.state().await, "terminated");
    let reason = story.workload().await["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("the tenant's money ran out"), "{reason}");
    story.has_final_usage().await;
    story.try_top_up().await;
    assert_eq!(story.steps().await, Vec::<String>::new());
    assert_eq!(story.state().await, "terminated");
}

impl Story {
    /// Whether the chain took a deposit.
    pub async fn try_top_up(&self) -> bool {
        let node = self.world.server.node.clone();
        let action = Action::TopUp { dseq: self.dseq, amount: "5000000uve".to_owned() };
        tokio::task::spawn_blocking(move || Tenant::named(&node, "tenant").unwrap().perform(&action).is_ok())
            .await
            .unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_does_not_come_closes_the_lease_on_chain() {
    let story = Story::begin("late").await;
    story.world.configure(&format!(
        "---\norchestration: {{ adapter: local, local: {{ runtime: process, site: {} }} }}\nworkloads: {{ manifest_timeout: 10s }}\n",
        story.site
    ));
    assert_eq!(story.steps().await, ["open"]);
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(story.steps().await, ["close_lease"]);
    assert_eq!(story.steps().await, Vec::<String>::new());
    story.world.flush_to_the_end().await;
    assert_eq!(story.steps().await, ["end"]);
    assert_eq!(story.state().await, "terminated");
    let reason = story.workload().await["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("closed"), "{reason}");
}

/// The account is settled, and found overdrawn, before any run of ours saw its funds end: there is no pause before the end.
#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_is_overdrawn_before_anybody_looked_ends() {
    let story = Story::begin("sudden").await;
    story.up().await;
    story.pass(30).await;
    let withdraw = provider::chain::wire::market::MsgWithdrawLease {
        id: (&provider::domain::id::LeaseId::parse(&story.lease, "ve").unwrap()).into(),
    };
    let store = story.world.store();
    story.world.enqueue(&store, "withdraw", &withdraw, None);
    drop(store);
    story.world.flush_to_the_end().await;
    assert_eq!(story.steps().await, ["end"]);
    assert_eq!(story.history().await, ["pending", "deploying", "running", "stopping", "stopped", "terminated"]);
    let reason = story.workload().await["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("the tenant's money ran out"), "{reason}");
    story.has_final_usage().await;
}

/// A person gives up the message that closes a lease: the lease stays open, that is told at every run, and who wants its
/// end has it closed anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_close_that_a_person_gave_up_is_told_and_can_be_wanted_anew() {
    let story = Story::begin("undone").await;
    story.up().await;
    let workload = story.workload().await["workload"].as_str().unwrap().to_owned();
    let wish = |wish: &'static str| {
        let (story, workload) = (&story, workload.clone());
        async move { story.run(&["workloads", wish, &workload]).await }
    };
    assert_eq!(wish("terminate").await.0, Some(0));
    assert_eq!(story.steps().await, ["evict"]);
    assert_eq!(story.steps().await, Vec::<String>::new(), "its close is on its way");
    assert_eq!(wish("resume").await.0, Some(65), "nothing starts while its lease is closed");
    let (_, out, err) = story.run(&["tx", "list", "-o", "json"]).await;
    let rows: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let close =
        rows.as_array().unwrap().iter().find(|row| row["state"] == "queued").unwrap_or_else(|| panic!("{rows}"));
    let id = close["intent"].to_string();
    let (code, out, err) = story.run(&["tx", "abandon", &id]).await;
    assert_eq!(code, Some(0), "{out}{err}");
    for _ in 0..2 {
        let (code, out, err) = story.run(&["workloads", "reconcile"]).await;
        assert!(code == Some(1) && out.contains(&format!("`provider tx retry {id}` sends it again")), "{out}{err}");
        assert!(out.contains("`provider workloads terminate` closes the lease anew"), "{out}");
    }
    assert_eq!(wish("terminate").await.0, Some(0));
    assert_eq!(story.steps().await, ["evict"]);
    story.world.flush_to_the_end().await;
    assert_eq!(story.steps().await, ["end"]);
    assert_eq!(story.state().await, "terminated");
    story.has_final_usage().await;
}
