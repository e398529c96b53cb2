//! What the commands share that change a key: the key folder, the state file, the policy and the audit trail together.

use serde::Serialize;

use super::keyring::{self, KeyringOption};
use super::{policy, role};
use crate::cli::keys::key_entry::or_dash;
use crate::cli::output::record::Entry;
use crate::cli::{Configuration, Context, Failure, Status};
use crate::domain::key::{Role, State};
use crate::jobs::audit::{Settings, Trail};
use crate::jobs::keys_inventory::{self, Inventory, Rules};
use crate::jobs::keys_life::Deed;
use crate::jobs::keys_policy::InForce;
use crate::keys::KeyType;
use crate::keys::file::{Access, Key, Keyring};
use crate::observe::audit::actor;
use crate::store::keys::{KeyRow, by_fingerprint, by_name};
use crate::store::{Mode, Store};

/// The key folder and the state file, in the hands of one command.
pub struct Life<'c> {
    context: &'c Context,
    /// The configuration.
    pub configuration: &'c Configuration,
    /// The key folder.
    pub keyring: Keyring,
    /// The state file.
    pub store: Store,
    /// The policy in force.
    pub policy: InForce,
    audit: Settings,
    /// Who runs the command.
    pub who: String,
}

impl<'c> Life<'c> {
    /// Opens both.
    pub fn open(context: &'c Context, configuration: &'c Configuration, access: Access) -> Result<Self, Failure> {
        let keyring = keyring::open(configuration, access)?;
        let mode = if access == Access::Look { Mode::Read } else { Mode::Write };
        let store = context.open_state(&configuration.state_file, mode)?;
        let policy = store.read("read the key policy", |snapshot| policy::in_force(Some(snapshot), configuration))?;
        let actor = actor(None, None);
        let who = actor.user.unwrap_or_else(|| format!("uid {}", actor.uid));
        Ok(Self { context, configuration, keyring, store, policy, audit: configuration.audit(), who })
    }

    /// Does something that the audit trail records, if a trail is kept, and seals the trail.
    pub fn recorded<T>(
        &self,
        doing: &str,
        work: impl FnOnce(Option<&Trail<'_>>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if !self.audit.enabled {
            return work(None);
        }
        let now = || self.context.now();
        let trail = Trail::new(&self.store, &self.audit, actor(Some(doing), None), &now);
        let done = work(Some(&trail));
        if let Err(error) = trail.finish() {
            // The next run makes up for it.
            tracing::error!(error = &error as &(dyn std::error::Error + 'static), "the audit trail is not sealed");
        }
        done
    }

    /// Compares the folder with the state file, and takes up what is new.
    pub fn sync(&self, trail: Option<&Trail<'_>>) -> Result<Inventory, Failure> {
        let keys = &self.configuration.settings.keys;
        let roles =
            |name: &crate::keys::Name, key_type: KeyType| role::meant(name, keys).filter(|role| role.fits(key_type));
        let rules = Rules { roles: &roles, policy: &self.policy.policy, who: &self.who, now: self.context.now() };
        Ok(keys_inventory::sync(&self.store, &self.keyring, &rules, trail)?)
    }

    /// The time.
    pub fn now(&self) -> jiff::Timestamp {
        self.context.now()
    }

    /// What is done to a key, by whom and when.
    pub fn deed<'d>(&'d self, key: &'d str, reason: Option<&'d str>) -> Deed<'d> {
        Deed { key, who: &self.who, reason, now: self.context.now() }
    }
}

/// Every key, joined with the state file if there is one; nothing is changed.
pub fn look(store: Option<&Store>, keyring: &Keyring) -> Result<Inventory, Failure> {
    match store {
        Some(store) => Ok(store.read("list the keys", |snapshot| keys_inventory::look(Some(snapshot), keyring))?),
        None => Ok(keys_inventory::look(None, keyring)?),
    }
}

/// The state file, for commands whose answer is of no use without it; none if there is none yet.
pub fn state_of(context: &Context, configuration: &Configuration) -> Result<Option<Store>, Failure> {
    if !configuration.state_file.exists() {
        return Ok(None);
    }
    context.open_state(&configuration.state_file, Mode::Read).map(Some)
}

/// The state file, for commands that show more with it and do without: none if there is none, or none that can be read.
pub fn state_to_look_at(configuration: &Configuration) -> Option<Store> {
    if !configuration.state_file.exists() {
        return None;
    }
    let opened = Store::open(&configuration.state_file, Mode::Read).inspect_err(|error| {
        let (path, error) = (configuration.state_file.display(), error as &(dyn std::error::Error + 'static));
        tracing::warn!(path = %path, error, "the states of keys cannot be read");
    });
    opened.ok()
}

/// The file of a name holds another key than the one that was made under it.
pub fn not_the_key(name: &str) -> Failure {
    let message = format!("the file of the key `{name}` holds another key than the one that was made");
    Failure::new(Status::Data, message).hint(format!(
        "`provider keys restore` has the right one in a backup; if this one is right, `provider keys compromise {name}` and \
         `keys destroy {name}` end the other, after its file was moved away"
    ))
}

/// Whether a key's state allows what is to be done with it. A key that the state file does not know is new, and may.
/// Gives back the state that it knows.
pub fn check_in_use(
    context: &Context,
    configuration: &Configuration,
    key: &Key,
    allows: impl Fn(State) -> bool,
) -> Result<Option<State>, Failure> {
    if !configuration.state_file.exists() {
        return Ok(None);
    }
    let mode = if context.global.dry_run { Mode::Read } else { Mode::WriteExisting };
    let store = context.open_state(&configuration.state_file, mode)?;
    let (row, named) = store.read("look at a key", |snapshot| {
        let row = by_fingerprint(snapshot, &key.public.fingerprint())?;
        Ok::<_, crate::store::Error>((row, by_name(snapshot, key.name.as_str())?))
    })?;
    if named.is_some_and(|named| row.as_ref().is_none_or(|row| row.id != named.id)) {
        return Err(not_the_key(key.name.as_str()));
    }
    let Some(row) = row else { return Ok(None) };
    if !allows(row.state) {
        let message = format!("the key `{}` is {}", key.name, row.state);
        let failure = Failure::new(Status::Denied, message);
        return Err(match row.state {
            State::Compromised if row.key_type == KeyType::Secp256k1 => failure.hint(format!(
                "only the incident signs with it: `provider keys compromise {} --close-lease LEASE` withdraws, and closes leases",
                key.name
            )),
            _ => failure.hint(format!(
                "`provider keys status` shows why; a suspended key signs again after `keys resume {}`",
                key.name
            )),
        });
    }
    let policy = store.read("read the key policy", |snapshot| policy::in_force(Some(snapshot), configuration))?;
    let now = context.now();
    match policy.policy.assess(&row.dates(), now).expires_at.filter(|end| *end <= now) {
        None => Ok(Some(row.state)),
        Some(end) => Err(Failure::new(Status::Denied, format!("the key `{}` expired on {end:.0}", key.name)).hint(
            "`provider keys rotate` puts a new one in its place; `keys set-policy --expiration-days` changes the rule",
        )),
    }
}

/// The options of a command that changes a key's state.
#[derive(Debug, clap::Args)]
pub struct Change {
    /// The key
    #[arg(value_name = "NAME")]
    pub name: crate::keys::Name,

    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,

    #[command(flatten)]
    pub keyring: KeyringOption,

    #[command(flatten)]
    pub output: crate::cli::output::OutputOption,
}

/// Where a key stands in its life.
#[derive(Debug, Clone, Serialize)]
pub struct LifeEntry {
    name: String,
    r#type: KeyType,
    role: Option<Role>,
    fingerprint: String,
    state: State,
    since: jiff::Timestamp,
    reason: Option<String>,
    changed: bool,
}

impl LifeEntry {
    /// A key after a change, or before one in a dry run.
    pub fn new(row: KeyRow, changed: bool) -> Self {
        let KeyRow { name, key_type, role, fingerprint, state, since, reason, .. } = row;
        Self { name, r#type: key_type, role, fingerprint, state, since, reason, changed }
    }
}

impl Entry for LifeEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("name", self.name.clone()),
            ("type", self.r#type.to_string()),
            ("role", or_dash(self.role)),
            ("fingerprint", self.fingerprint.clone()),
            ("state", self.state.to_string()),
            ("since", format!("{:.0}", self.since)),
            ("reason", or_dash(self.reason.as_ref())),
            ("changed", self.changed.to_string()),
        ]
    }
}
