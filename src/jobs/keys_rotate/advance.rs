//! Each rotation as far as it goes.

use super::chain::{Held, Refused};
use super::{Error, Item, ItemOutcome, Session};
use crate::domain::key::rotation::{Facts, NewKey, Seen, Step, Waiting, next};
use crate::domain::key::{Event, State};
use crate::jobs::FailPoint;
use crate::jobs::keys_add::{self, Origin};
use crate::jobs::{keys_life, keys_open};
use crate::keys::{BackendKind, file};
use crate::store::keys::{self as rows, KeyId, KeyRow, Rotation, RotationId};

/// More steps than any rotation has.
const MOST_STEPS: usize = 12;

/// More rotations than a run has: two roles, and what is abandoned.
const MOST_ROTATIONS: usize = 32;

/// The name of the next version of a key: `provider-encryption-v2`, then `-v3`.
pub fn successor(name: &str, taken: impl Fn(&str) -> bool) -> Option<String> {
    let (base, number) = match name.rsplit_once("-v") {
        Some((base, digits)) => digits.parse::<u32>().map_or((name, 1), |number| (base, number)),
        None => (name, 1),
    };
    let names = (number.saturating_add(1)..=number.saturating_add(1000)).map(|number| format!("{base}-v{number}"));
    names.into_iter().find(|name| !taken(name))
}

/// What comes of a rotation in this run.
enum End {
    /// It has ended.
    Ended,
    /// It waits.
    Waits(Waiting),
    /// The chain refuses a message.
    Refused(Refused),
    /// Its new key never takes over; another rotation has begun, where the old key asks for it.
    Abandoned {
        /// The state of the new key; none where its file is gone.
        new: Option<State>,
    },
    /// It was asked to stop.
    Stopped,
}

impl Session<'_> {
    /// Takes each rotation as far as it goes, also those that begin meanwhile. One that fails does not stop the others.
    pub(super) async fn advance(&mut self) -> Result<(), Error> {
        let mut seen: Vec<RotationId> = Vec::new();
        while seen.len() < MOST_ROTATIONS && !self.report.interrupted {
            let open = self.store.read("read the rotations", rows::open_rotations)?;
            let Some(rotation) = open.into_iter().find(|open| !seen.contains(&open.id)) else { break };
            seen.push(rotation.id);
            let Some(old) = self.row(rotation.old)? else { continue };
            let end = self.advance_one(&rotation, &old).await;
            self.conclude(&rotation, &old, end)?;
        }
        Ok(())
    }

    /// Revokes what others may have and no rotation takes care of: a key that did not serve.
    pub(super) async fn revoke_strays(&mut self) -> Result<(), Error> {
        if !self.request.registers || self.report.interrupted {
            return Ok(());
        }
        let (known, open) = self.store.read("look for keys to revoke", |snapshot| {
            Ok::<_, crate::store::Error>((rows::list(snapshot)?, rows::open_rotations(snapshot)?))
        })?;
        let (policy, now) = (self.request.rules.policy, self.now());
        let strays: Vec<&KeyRow> = known.iter().filter(|row| super::is_stray(row, &open, policy, now)).collect();
        if strays.is_empty() {
            return Ok(());
        }
        let held = self.held().await?;
        for row in strays {
            // One of an account that we had before is that account's to revoke.
            let is_ours = held.as_ref().is_none_or(|held| {
                held.keys.iter().any(|key| key.fingerprint == row.fingerprint && key.revoked_at.is_none())
            });
            if !is_ours {
                continue;
            }
            let (step, outcome, detail) = match self.revoke_stray(row, held.as_ref()).await {
                Ok(End::Ended) => ("revoked", ItemOutcome::Done, None),
                Ok(End::Refused(Refused(why))) => ("refused by the chain", ItemOutcome::Failed, Some(why)),
                Ok(_) => self.waits(Waiting::Revocation, row),
                Err(Error::Store(error)) => return Err(error.into()),
                Err(error) => ("failed", ItemOutcome::Failed, Some(crate::domain::fault::in_one_line(&error))),
            };
            self.note(row, step, outcome, detail);
        }
        Ok(())
    }

    async fn revoke_stray(&self, row: &KeyRow, held: Option<&Held>) -> Result<End, Error> {
        match self.revoked(row, held)? {
            Seen::Yes => return Ok(End::Ended),
            Seen::Unknown => return Ok(End::Waits(Waiting::Revocation)),
            Seen::OnItsWay => self.flush().await?,
            Seen::No => {
                if let Some(refused) = self.revoke(row).await? {
                    return Ok(End::Refused(refused));
                }
            }
        }
        Ok(match self.revoked(row, self.held().await?.as_ref())? {
            Seen::Yes => End::Ended,
            Seen::No | Seen::OnItsWay | Seen::Unknown => End::Waits(Waiting::Revocation),
        })
    }

    /// What to say of a wait; without the chain, what waits for it has failed. So has what waits for a place that the chain
    /// never gives, where the old key cannot go on.
    fn waits(&self, waiting: Waiting, old: &KeyRow) -> (&'static str, ItemOutcome, Option<String>) {
        match (waiting, self.request.no_chain) {
            (Waiting::Place, _) if old.must_go() => {
                let why = "the chain takes no further key from this account, ever, and the last one must go: nobody can \
                           seal orders for this account any more. Move to another account, which has places of its own";
                (waiting.word(), ItemOutcome::Failed, Some(why.to_owned()))
            }
            (Waiting::Chain | Waiting::Registration | Waiting::Revocation, Some(why)) => {
                (waiting.word(), ItemOutcome::Failed, Some(why.to_owned()))
            }
            // Nothing was done of what was asked for, or is due, and no time makes up for it.
            (Waiting::Chain, None) => (waiting.word(), ItemOutcome::Failed, explain(waiting)),
            (Waiting::Place, None) if self.request.by_hand => (waiting.word(), ItemOutcome::Failed, explain(waiting)),
            _ => (waiting.word(), ItemOutcome::Waits, explain(waiting)),
        }
    }

    fn row(&self, id: KeyId) -> Result<Option<KeyRow>, Error> {
        Ok(self.store.read("look at a key", |snapshot| rows::by_id(snapshot, id))?)
    }

    /// Says what came of a rotation.
    fn conclude(&mut self, rotation: &Rotation, old: &KeyRow, end: Result<End, Error>) -> Result<(), Error> {
        let mut item = Item {
            key: old.name.clone(),
            role: Some(rotation.role),
            successor: Some(rotation.new_name.clone()),
            step: "rotated",
            until: None,
            outcome: ItemOutcome::Done,
            detail: None,
        };
        match end {
            Ok(End::Ended) => {}
            Ok(End::Waits(waiting)) => {
                (item.step, item.outcome, item.detail) = self.waits(waiting, old);
                if let Waiting::Grace(until) = waiting {
                    item.until = Some(until);
                }
            }
            Ok(End::Refused(Refused(why))) => {
                (item.step, item.outcome, item.detail) = ("refused by the chain", ItemOutcome::Failed, Some(why));
            }
            Ok(End::Abandoned { new }) => {
                let state = new.map_or("gone", State::word);
                item.step = "abandoned";
                item.detail = Some(format!("its new key `{}` is {state} and never takes over", rotation.new_name));
            }
            Ok(End::Stopped) => {
                self.report.interrupted = true;
                (item.step, item.outcome) = ("stopped on request", ItemOutcome::Waits);
            }
            // The state file decides over all of them.
            Err(Error::Store(error)) => return Err(error.into()),
            Err(error) => {
                let why = crate::domain::fault::in_one_line(&error);
                (item.step, item.outcome, item.detail) = ("failed", ItemOutcome::Failed, Some(why));
            }
        }
        if rotation.role.is_registered() && item.detail.is_none() {
            let used = |(used, all)| format!("{used} of the account's {all} places on the chain are used, for ever");
            item.detail = self.places.get().map(used);
        }
        tracing::info!(key = item.key, successor = item.successor, step = item.step, detail = item.detail, "rotation");
        self.report.items.push(item);
        Ok(())
    }

    async fn advance_one(&self, rotation: &Rotation, old: &KeyRow) -> Result<End, Error> {
        let mut flushed = false;
        for _ in 0..MOST_STEPS {
            if (self.given.should_stop)() {
                return Ok(End::Stopped);
            }
            // Everything anew: a step changes what is so.
            let on_chain = rotation.role.is_registered() && self.request.registers;
            let held = if on_chain { self.held().await? } else { None };
            let open = self.store.read("read the rotations", rows::open_rotations)?;
            let Some(rotation) = open.into_iter().find(|open| open.id == rotation.id) else { return Ok(End::Ended) };
            let (old, new) = (self.row(old.id)?.unwrap_or_else(|| old.clone()), self.new_of(&rotation)?);
            let new_key = self.new_key(&rotation, new.as_ref())?;
            let facts = self.facts(&rotation, (&old, new.as_ref(), new_key), on_chain, held.as_ref())?;
            let refused = match (next(&facts, self.now()), new, held) {
                // It stands in the outbox since a run that was killed: nobody else may be there who sends it.
                (Step::Wait(Waiting::Registration | Waiting::Revocation), ..) if !flushed => {
                    flushed = true;
                    self.flush().await?;
                    None
                }
                (Step::Wait(waiting), ..) => return Ok(End::Waits(waiting)),
                (Step::Make, ..) => self.make(&rotation, &old)?,
                (Step::Register, Some(new), Some(held)) => {
                    self.prove(&new)?;
                    self.register(&rotation, &old, &new, &held).await?
                }
                (Step::Switch, Some(new), _) => self.switch(&rotation, &old, &new)?,
                (Step::Revoke, ..) => self.revoke(&old).await?,
                (Step::Deactivate, ..) => {
                    self.deactivate(&rotation, &old)?;
                    return Ok(End::Ended);
                }
                (Step::Abandon, new, _) => {
                    self.abandon(&rotation, &old)?;
                    let is_gone = new_key == NewKey::Lost && new.as_ref().is_some_and(|new| is_usable(new.state));
                    return Ok(End::Abandoned { new: new.map(|new| new.state).filter(|_| !is_gone) });
                }
                (Step::Register | Step::Switch, ..) => return Ok(End::Waits(Waiting::Chain)),
            };
            if let Some(refused) = refused {
                return Ok(End::Refused(refused));
            }
        }
        Ok(End::Waits(Waiting::Chain))
    }

    /// The new key, if it is made and taken up.
    fn new_of(&self, rotation: &Rotation) -> Result<Option<KeyRow>, Error> {
        match rotation.new {
            Some(id) => self.row(id),
            None => Ok(self.store.read("look at a key", |snapshot| rows::by_name(snapshot, &rotation.new_name))?),
        }
    }

    /// How far the new key is: by its row, and by the file of its name.
    fn new_key(&self, rotation: &Rotation, new: Option<&KeyRow>) -> Result<NewKey, Error> {
        let Some(new) = new else { return Ok(NewKey::Missing) };
        let keyring = self.request.backends.keyring();
        let name: Result<crate::keys::Name, _> = new.name.parse();
        let found =
            name.map_err(|_| Error::NoName { name: rotation.new_name.clone() }).map(|name| keyring.find(&name))?;
        let is_there = match found {
            Ok(key) => key.public.fingerprint() == new.fingerprint,
            Err(file::Error::NotFound { .. }) => false,
            // What cannot be read is not gone.
            Err(source) => return Err(Error::NewKey { key: new.name.clone(), source }),
        };
        Ok(NewKey::of(new.state, is_there, self.request.rules.policy.approval_for_activation))
    }

    fn facts(
        &self,
        rotation: &Rotation,
        (old, new, new_key): (&KeyRow, Option<&KeyRow>, NewKey),
        on_chain: bool,
        held: Option<&Held>,
    ) -> Result<Facts, Error> {
        let is_urgent = old.state == State::Compromised;
        let registered = match new {
            Some(new) if on_chain => self.registered(new, held)?,
            _ => Seen::Unknown,
        };
        let revoked = if on_chain { self.revoked(old, held)? } else { Seen::Unknown };
        // One place is kept for the day on which a key must go at once.
        let kept_free = u32::from(!self.request.by_hand && !is_urgent);
        Ok(Facts {
            on_chain,
            is_urgent,
            new_key,
            registered,
            switched: rotation.switched_at.is_some(),
            grace_until: super::grace_until(self.request.rules.policy, rotation, Some(old)),
            revoked,
            free_places: held.map(|held| held.free.saturating_sub(kept_free)),
            is_full: held.is_some_and(|held| held.free == 0),
        })
    }

    /// Makes the new key where the old one is kept, of the same type; takes up one that is there already.
    fn make(&self, rotation: &Rotation, old: &KeyRow) -> Result<Option<Refused>, Error> {
        let backends = self.request.backends;
        let name: crate::keys::Name =
            rotation.new_name.parse().map_err(|_| Error::NoName { name: rotation.new_name.clone() })?;
        if backends.keyring().check_free(&name).is_ok() {
            let kinds = [
                BackendKind::File,
                BackendKind::Hardware,
                BackendKind::Ledger,
                BackendKind::NonCustodial,
                BackendKind::Memory,
            ];
            let kind = kinds.into_iter().find(|kind| kind.word() == old.kept).unwrap_or(BackendKind::File);
            self.check_passphrase(old, kind)?;
            let add = |origin| {
                let request = keys_add::Request { name: name.clone(), origin, store: self.store, now: self.now() };
                keys_add::run(request, backends.of(kind)?, backends.keyring(), self.trail)
            };
            match add(Origin::New(old.key_type)) {
                // A run that was killed had it made, under the name that was written down for it.
                Err(keys_add::Error::Keys(error)) if error.is_taken() => add(Origin::Existing(old.key_type))?,
                made => made?,
            };
            self.made.borrow_mut().push(rotation.new_name.clone());
        }
        self.compare()?;
        Ok(None)
    }

    /// A wrong passphrase must not seal the new key: where nobody types it twice, it is the one that opens the old key. One
    /// that others may have may have had a passphrase that others know.
    fn check_passphrase(&self, old: &KeyRow, kind: BackendKind) -> Result<(), Error> {
        if kind != BackendKind::File || old.state == State::Compromised {
            return Ok(());
        }
        let keyring = self.request.backends.keyring();
        let found = old.name.parse().ok().and_then(|name: crate::keys::Name| keyring.find(&name).ok());
        match found.filter(|key| key.public.fingerprint() == old.fingerprint) {
            Some(key) => Ok(self.request.backends.check_passphrase(&key)?),
            None => Ok(()),
        }
    }

    /// Finds out whether a key that this run did not make is ours, before others seal for it.
    fn prove(&self, new: &KeyRow) -> Result<(), Error> {
        if self.made.borrow().contains(&new.name) {
            return Ok(());
        }
        let keyring = self.request.backends.keyring();
        let name = new.name.parse().map_err(|_| Error::NoName { name: new.name.clone() })?;
        let key = keyring.find(&name).map_err(|source| Error::NewKey { key: new.name.clone(), source })?;
        Ok(keys_open::prove(&self.request.backends.signer(&key)?, self.trail)?)
    }

    /// The new key is in use from now on, and the old one serves its grace period; if the new one can still be in use.
    fn switch(&self, rotation: &Rotation, old: &KeyRow, new: &KeyRow) -> Result<Option<Refused>, Error> {
        let (now, reason) = (self.now(), Some(rotation.reason.as_str()));
        self.store.write("switch to a new key", |change| {
            // A person may have decided about both since they were read.
            let now_is = |id| rows::by_id(change, id);
            let (Some(old), Some(new)) = (now_is(old.id)?, now_is(new.id)?) else { return Ok(()) };
            match new.state {
                State::Pending => drop(keys_life::apply(change, &new, (Event::Activate, reason), now, self.trail)?),
                State::Active => {}
                _ => return Ok(()),
            }
            if old.state == State::Active {
                keys_life::apply(change, &old, (Event::Rotate, reason), now, self.trail)?;
            }
            rows::switch(change, rotation, new.id, now)?;
            rows::close(change, new.id, now)?;
            Ok::<_, keys_life::Error>(())
        })?;
        FailPoint::KeySwitched.reach();
        Ok(None)
    }

    /// The old key has served.
    fn deactivate(&self, rotation: &Rotation, old: &KeyRow) -> Result<(), Error> {
        let now = self.now();
        let over = Some("its grace period is over");
        self.store.write("end a rotation", |change| {
            match rows::by_id(change, old.id)?.map(|old| old.state) {
                Some(State::Rotating) => {
                    keys_life::apply(change, old, (Event::Deactivate, over), now, self.trail)?;
                }
                // Its place was taken while it was suspended.
                Some(State::Suspended) => drop(keys_life::apply(change, old, (Event::Archive, over), now, self.trail)?),
                _ => {}
            }
            rows::end_rotation(change, rotation.id, now)?;
            Ok::<_, keys_life::Error>(())
        })?;
        Ok(())
    }

    /// The new key never takes over: the rotation ends, and another begins where the old key still asks for one.
    fn abandon(&self, rotation: &Rotation, old: &KeyRow) -> Result<(), Error> {
        let request = self.request;
        let configured = request.names.iter().find(|(role, _)| *role == rotation.role);
        self.store.write("abandon a rotation", |change| {
            rows::end_rotation(change, rotation.id, self.now())?;
            let now_is = rows::by_id(change, old.id)?;
            match (now_is, configured) {
                (Some(old), Some((role, name))) if matches!(old.state, State::Active | State::Compromised) => {
                    self.write_beginning(change, (*role, &old), name, &rotation.reason)
                }
                _ => Ok(()),
            }
        })
    }
}

/// Whether a key that is there could take over.
const fn is_usable(state: State) -> bool {
    matches!(state, State::Created | State::Pending | State::Active | State::Suspended)
}

/// What a person can do about a wait.
fn explain(waiting: Waiting) -> Option<String> {
    match waiting {
        Waiting::Grace(_) => None,
        Waiting::Approval => Some("`provider keys approve` takes the new key into use".to_owned()),
        Waiting::Registration | Waiting::Revocation => {
            Some("its message is on its way: `provider tx list --open`".to_owned())
        }
        Waiting::Chain => Some("no node could be believed; the next run goes on".to_owned()),
        Waiting::Resumption => Some("`provider keys resume` takes the new key into use again".to_owned()),
        Waiting::LastPlace => Some(
            "the chain takes five keys of an account, old ones included, and the last place is kept for a key that must go \
             at once; `provider keys rotate encryption` takes it"
                .to_owned(),
        ),
        Waiting::Place => Some(
            "the chain takes no further key from this account, ever: revoked keys keep their places. Go on with the key \
             that is registered, or move to another account, which has places of its own"
                .to_owned(),
        ),
    }
}
