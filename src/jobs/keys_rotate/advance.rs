//! Each rotation as far as it goes.

use super::chain::{Held, Refused};
use super::{Error, Item, ItemOutcome, Session};
use crate::domain::key::rotation::{Facts, NewKey, Seen, Step, Waiting, next};
use crate::domain::key::{Event, State};
use crate::jobs::FailPoint;
use crate::jobs::keys_add::{self, Origin};
use crate::jobs::keys_life;
use crate::keys::BackendKind;
use crate::store::keys::{self as rows, KeyId, KeyRow, Rotation};

/// More steps than any rotation has.
const MOST_STEPS: usize = 12;

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
    /// It was asked to stop.
    Stopped,
}

impl Session<'_> {
    /// Takes each rotation as far as it goes. One that fails does not stop the others.
    pub(super) async fn advance(&mut self) -> Result<(), Error> {
        for rotation in self.store.read("read the rotations", rows::open_rotations)? {
            if self.report.interrupted {
                return Ok(());
            }
            let Some(old) = self.row(rotation.old)? else { continue };
            let end = self.advance_one(&rotation, &old).await;
            self.conclude(&rotation, &old, end)?;
        }
        Ok(())
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
                (item.step, item.outcome) = (waiting.word(), ItemOutcome::Waits);
                item.detail = explain(waiting);
                if let Waiting::Grace(until) = waiting {
                    item.until = Some(until);
                }
            }
            Ok(End::Refused(Refused(why))) => {
                (item.step, item.outcome, item.detail) = ("refused by the chain", ItemOutcome::Failed, Some(why));
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
            let facts = self.facts(&rotation, (&old, new.as_ref()), on_chain, held.as_ref())?;
            let refused = match (next(&facts, self.now()), new, held) {
                // It stands in the outbox since a run that was killed: nobody else may be there who sends it.
                (Step::Wait(Waiting::Registration | Waiting::Revocation), ..) if !flushed => {
                    flushed = true;
                    self.flush().await?;
                    None
                }
                (Step::Wait(waiting), ..) => return Ok(End::Waits(waiting)),
                (Step::Make, ..) => self.make(&rotation, &old)?,
                (Step::Register, Some(new), Some(held)) => self.register(&rotation, &old, &new, &held).await?,
                (Step::Switch, Some(new), _) => self.switch(&rotation, &old, &new)?,
                (Step::Revoke, ..) => self.revoke(&old).await?,
                (Step::Deactivate, ..) => {
                    self.deactivate(&rotation, &old)?;
                    return Ok(End::Ended);
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

    fn facts(
        &self,
        rotation: &Rotation,
        (old, new): (&KeyRow, Option<&KeyRow>),
        on_chain: bool,
        held: Option<&Held>,
    ) -> Result<Facts, Error> {
        let compromised = old.state == State::Compromised;
        let registered = match new {
            Some(new) if on_chain => self.registered(new, held)?,
            _ => Seen::Unknown,
        };
        let revoked = if on_chain { self.revoked(old, held)? } else { Seen::Unknown };
        // One place is kept for the day on which a key must go at once.
        let kept_free = u32::from(!self.request.by_hand && !compromised);
        let free_places = held.map(|held| held.free.saturating_sub(kept_free));
        Ok(Facts {
            on_chain,
            new_key: match new {
                None => NewKey::Missing,
                Some(new) if new.state == State::Pending && self.request.rules.policy.approval_for_activation => {
                    NewKey::Unapproved
                }
                Some(_) => NewKey::Ready,
            },
            registered,
            switched: rotation.switched_at.is_some(),
            grace_until: rotation.switched_at.filter(|_| !compromised).and_then(|at| {
                let span = jiff::SignedDuration::try_from(self.request.rules.policy.grace_period).ok()?;
                at.checked_add(span).ok()
            }),
            revoked,
            free_places,
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
            let add = |origin| {
                let request = keys_add::Request { name: name.clone(), origin, now: self.now() };
                keys_add::run(request, backends.of(kind)?, backends.keyring(), self.trail)
            };
            match add(Origin::New(old.key_type)) {
                // A run that was killed had it made, under the name that was written down for it.
                Err(keys_add::Error::Keys(error)) if error.is_taken() => add(Origin::Existing(old.key_type))?,
                made => made?,
            };
        }
        self.compare()?;
        Ok(None)
    }

    /// The new key is in use from now on, and the old one serves its grace period.
    fn switch(&self, rotation: &Rotation, old: &KeyRow, new: &KeyRow) -> Result<Option<Refused>, Error> {
        let (now, reason) = (self.now(), Some(rotation.reason.as_str()));
        self.store.write("switch to a new key", |change| {
            if new.state == State::Pending {
                keys_life::apply(change, new, (Event::Activate, reason), now, self.trail)?;
            }
            if old.state == State::Active {
                keys_life::apply(change, old, (Event::Rotate, reason), now, self.trail)?;
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
        self.store.write("end a rotation", |change| {
            if old.state == State::Rotating {
                keys_life::apply(change, old, (Event::Deactivate, Some("its grace period is over")), now, self.trail)?;
            }
            rows::end_rotation(change, rotation.id, now)?;
            Ok::<_, keys_life::Error>(())
        })?;
        Ok(())
    }
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
        Waiting::Place => Some(
            "the chain takes five keys of an account, old ones included, and the last place is kept for a key that must go \
             at once; `provider keys rotate encryption` takes it"
                .to_owned(),
        ),
    }
}
