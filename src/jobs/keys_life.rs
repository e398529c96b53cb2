//! A key's life in the hands of a person: suspend, resume, deactivate, archive, give up, approve, destroy.

use std::borrow::Cow;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::FailPoint;
use super::audit::Trail;
use super::key_usage::{self, Subject};
use super::keys_delete;
use super::keys_inventory::Problem;
use crate::domain::fault::{Classified, Fault};
use crate::domain::key::{Approval, Event, IllegalTransition, Policy, State};
use crate::keys::Backends;
use crate::keys::file::Key;
use crate::store::keys::{self as rows, KeyRow, Unchanged};
use crate::store::{self, Change, Snapshot, Store};

/// Why a key stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The life cycle forbids it.
    #[error("the key `{key}` stays as it is")]
    Illegal {
        /// The key.
        key: String,
        /// Why.
        #[source]
        source: IllegalTransition,
    },
    /// The state file does not know it.
    #[error("there is no key `{key}` whose life the state file knows")]
    Unknown {
        /// The name.
        key: String,
    },
    /// Nobody has asked for what is to be approved.
    #[error("nothing of the key `{key}` waits for an approval")]
    NothingToApprove {
        /// The key.
        key: String,
    },
    /// It must be approved first.
    #[error("the destruction of the key `{key}` waits for an approval")]
    Unapproved {
        /// The key.
        key: String,
    },
    /// The policy keeps it longer.
    #[error("the key policy keeps the archived key `{key}` until {until}")]
    TooEarly {
        /// The key.
        key: String,
        /// Until when.
        until: Timestamp,
    },
    /// Tenants may seal for it.
    #[error("the chain holds the key `{key}`, so that others may seal for it")]
    OnChain {
        /// The key.
        key: String,
    },
    /// A file has its name, and nobody knows whether that is the key.
    #[error("the file of the key `{key}` is not that key, or cannot be read: {}", path.display())]
    OtherFile {
        /// The key.
        key: String,
        /// The file.
        path: PathBuf,
        /// It can be read, and is another key.
        is_key: bool,
    },
    /// It cannot be deleted.
    #[error(transparent)]
    Delete(#[from] keys_delete::Error),
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Illegal { .. } | Self::NothingToApprove { .. } | Self::OtherFile { .. } => Fault::Invalid,
            Self::Unknown { .. } => Fault::NotFound,
            Self::Unapproved { .. } | Self::TooEarly { .. } | Self::OnChain { .. } => Fault::Denied,
            Self::Delete(error) => error.fault(),
            Self::Store(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Illegal { source, .. } => way_out(source.state).into(),
            Self::Unknown { .. } | Self::NothingToApprove { .. } => {
                "`provider keys status` shows every key and what it waits for".into()
            }
            Self::Unapproved { key } => {
                format!("let `provider keys approve {key}` be run, then run this again; the request is written down")
                    .into()
            }
            Self::TooEarly { .. } => {
                "--early does not wait; `provider keys set-policy --destroy-after-days` changes the rule".into()
            }
            Self::OnChain { key } => format!(
                "`provider keys revoke {key}` comes first, after `keys rotate encryption` has put another in its place"
            )
            .into(),
            Self::OtherFile { is_key: true, .. } => {
                "move that file away, to a name of its own, and run this again".into()
            }
            Self::OtherFile { is_key: false, .. } => {
                "move it away if it may be mended, or delete it with --force: then what it holds is lost".into()
            }
            Self::Delete(error) => return error.hint(),
            Self::Store(error) => return error.hint(),
        })
    }
}

/// What can be done with a key in this state.
const fn way_out(state: State) -> &'static str {
    match state {
        State::Created | State::Pending => "it is not in use yet: `keys approve`, or `keys compromise` to give it up",
        State::Active => "an active key is suspended, rotated or given up: `keys suspend|rotate|compromise`",
        State::Rotating => "it serves its grace period: `keys deactivate` ends that, `keys compromise` gives it up",
        State::Suspended => "a suspended key is resumed, archived or given up: `keys resume|archive|compromise`",
        State::Deactivated => "a deactivated key is archived or given up: `keys archive|compromise`",
        State::Archived => "an archived key is destroyed or given up: `keys destroy|compromise`",
        State::Compromised => "a key that was given up can only be destroyed: `keys destroy`",
        State::Destroyed => "it is gone",
    }
}

/// Who does what to a key, and why.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// The name of the key.
    pub key: &'a str,
    /// Who, for requests.
    pub who: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
    /// When.
    pub now: Timestamp,
}

fn found(change: &Change<'_>, name: &str) -> Result<KeyRow, Error> {
    rows::by_name(change, name)?.ok_or_else(|| Error::Unknown { key: name.to_owned() })
}

/// Lets something happen to a key, and records it in the same transaction.
pub(super) fn apply(
    change: &Change<'_>,
    row: &KeyRow,
    (event, reason): (Event, Option<&str>),
    now: Timestamp,
    trail: Option<&Trail<'_>>,
) -> Result<State, Error> {
    let state = rows::apply(change, row, event, now, reason).map_err(|error| match error {
        Unchanged::Illegal(source) => Error::Illegal { key: row.name.clone(), source },
        Unchanged::Store(error) => Error::Store(error),
    })?;
    if let Some(trail) = trail {
        let mut about: Map<String, Value> = Map::new();
        about.extend(reason.map(|reason| ("reason".to_owned(), reason.into())));
        key_usage::append_change(trail, change, state, &Subject::from(row), &about)?;
    }
    Ok(state)
}

/// Whether something may happen to a key now: by its life cycle, and because others may still seal for it.
pub fn check(row: &KeyRow, event: Event) -> Result<State, Error> {
    let state = row.state.next(event).map_err(|source| Error::Illegal { key: row.name.clone(), source })?;
    if event == Event::Archive && row.is_on_chain() {
        return Err(Error::OnChain { key: row.name.clone() });
    }
    Ok(match event {
        Event::Resume if row.replaced_by.is_some() => State::Rotating,
        _ => state,
    })
}

/// Lets something happen to a key. What was asked for it before is settled with it. One that was suspended while another
/// took its place serves the rest of its grace period when it is resumed: two keys never serve one role.
pub fn run(store: &Store, deed: Deed<'_>, event: Event, trail: Option<&Trail<'_>>) -> Result<KeyRow, Error> {
    store.write("change the state of a key", |change| {
        let row = found(change, deed.key)?;
        check(&row, event)?;
        let mut state = apply(change, &row, (event, deed.reason), deed.now, trail)?;
        if event == Event::Resume && row.replaced_by.is_some() {
            let reason = deed.reason.or(Some("another has taken its place"));
            state = apply(change, &row, (Event::Rotate, reason), deed.now, trail)?;
        }
        rows::close(change, row.id, deed.now)?;
        Ok(KeyRow { state, since: deed.now, reason: deed.reason.map(ToOwned::to_owned), ..row })
    })
}

/// What of a key waits for an approval, and who asked for it.
pub fn waiting(snapshot: &Snapshot<'_>, name: &str) -> Result<(KeyRow, rows::Request), Error> {
    let row = rows::by_name(snapshot, name)?.ok_or_else(|| Error::Unknown { key: name.to_owned() })?;
    let request = rows::requests(snapshot)?.into_iter().find(|request| request.key == row.id);
    let request = request.filter(|request| request.approved.is_none());
    let request = request.ok_or_else(|| Error::NothingToApprove { key: row.name.clone() })?;
    Ok((row, request))
}

/// Approves what waits for it: a new key becomes active, a destruction may go on.
pub fn approve(store: &Store, deed: Deed<'_>, trail: Option<&Trail<'_>>) -> Result<(KeyRow, Approval, String), Error> {
    store.write("approve a key", |change| {
        let (row, request) = waiting(change, deed.key)?;
        rows::approve(change, request.id, deed.who, deed.now)?;
        let row = match request.what {
            Approval::Activation => {
                let state = apply(change, &row, (Event::Activate, deed.reason), deed.now, trail)?;
                rows::close(change, row.id, deed.now)?;
                KeyRow { state, since: deed.now, activated_at: row.activated_at.or(Some(deed.now)), ..row }
            }
            Approval::Destruction => row,
        };
        Ok((row, request.what, request.requested_by))
    })
}

/// How a key is destroyed.
#[derive(Clone, Copy)]
pub struct Destruction<'a> {
    /// Its file, if that is there and is the key.
    pub key: Option<&'a Key>,
    /// What is wrong with its file.
    pub problem: Option<&'a Problem>,
    /// Where keys are kept.
    pub backends: &'a Backends<'a>,
    /// The policy.
    pub policy: &'a Policy,
    /// A person does not wait until the policy's time is over.
    pub early: bool,
    /// A person does not mind that others may seal for it, or that its file cannot be read.
    pub force: bool,
}

impl Destruction<'_> {
    /// Whether it may be destroyed, approvals aside.
    pub fn check(&self, row: &KeyRow, now: Timestamp) -> Result<(), Error> {
        let legal = row.state.next(Event::Destroy);
        legal.map_err(|source| Error::Illegal { key: row.name.clone(), source })?;
        if row.is_on_chain() && !self.force {
            return Err(Error::OnChain { key: row.name.clone() });
        }
        let path = self.backends.keyring().path_of(&row.name);
        match self.problem {
            Some(Problem::Unreadable(_)) if !self.force => {
                return Err(Error::OtherFile { key: row.name.clone(), path, is_key: false });
            }
            Some(Problem::OtherKey) => return Err(Error::OtherFile { key: row.name.clone(), path, is_key: true }),
            Some(Problem::Unreadable(_) | Problem::Gone | Problem::SameAs(_) | Problem::Renamed(_)) | None => {}
        }
        let until = self.policy.assess(&row.dates(), now).ends_at.filter(|until| *until > now && !self.early);
        until.map_or(Ok(()), |until| Err(Error::TooEarly { key: row.name.clone(), until }))
    }
}

/// Destroys a key for good: archived long enough or given up, and approved where the policy asks for it.
///
/// That it has begun is written down first; a kill afterwards is made up for by the next run, or the next `keys rotate`.
pub fn destroy(
    store: &Store,
    deed: Deed<'_>,
    how: Destruction<'_>,
    trail: Option<&Trail<'_>>,
) -> Result<KeyRow, Error> {
    let row = store.write("begin to destroy a key", |change| {
        let row = found(change, deed.key)?;
        how.check(&row, deed.now)?;
        Ok::<_, Error>(row)
    })?;
    let approved = store.write("ask for an approval", |change| {
        let given = rows::requests(change)?
            .into_iter()
            .any(|open| open.key == row.id && open.what == Approval::Destruction && open.approved.is_some());
        if how.policy.approval_for_destruction && !given {
            rows::request(change, row.id, Approval::Destruction, deed.who, deed.now)?;
            return Ok::<_, Error>(false);
        }
        rows::set_destroying(change, row.id, deed.now)?;
        Ok(true)
    })?;
    if !approved {
        return Err(Error::Unapproved { key: row.name });
    }
    FailPoint::KeyDestroying.reach();
    match (how.key, how.problem) {
        (Some(key), _) => drop(keys_delete::run(key, how.backends, trail)?),
        (None, Some(Problem::Unreadable(_))) => {
            let keyring = how.backends.keyring();
            keyring.discard(&keyring.path_of(&row.name)).map_err(keys_delete::Error::from)?;
        }
        (None, _) => {}
    }
    FailPoint::KeyDeleted.reach();
    run(store, deed, Event::Destroy, trail)
}
