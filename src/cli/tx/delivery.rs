//! A message that a person wants on the chain now: sent and waited for, or rehearsed; what came of it, and what can be done.

use serde::Serialize;

use super::flushed::remarks;
use super::sending::Sending;
use crate::chain::wire::TxMessage;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Failure, Status, wait_for};
use crate::domain::outbox::intent::State;
use crate::domain::outbox::{Span, transaction};
use crate::domain::tx_hash::TxHash;
use crate::jobs::tx_flush::{self, Flushed, Short, Tried};
use crate::store::Mode;
use crate::store::outbox::{IntentId, intents, transactions};

impl Sending<'_> {
    /// Sends one message that a person wants now, and waits for it. A rehearsal sends nothing, and says what stands in the
    /// way.
    pub fn send<M: TxMessage>(
        &self,
        names: (&'static str, &str),
        passphrase: &PassphraseOption,
        message: &M,
    ) -> Result<Delivery, Failure> {
        self.send_based_on(names, passphrase, message, None)
    }

    /// The same for a message that replaces something as a whole: it is not sent where the chain says something else by
    /// then than what has this digest.
    pub fn send_based_on<M: TxMessage>(
        &self,
        (job, purpose): (&'static str, &str),
        passphrase: &PassphraseOption,
        message: &M,
        base: Option<&[u8; 32]>,
    ) -> Result<Delivery, Failure> {
        if self.context.global.dry_run {
            return self.rehearse_sending(purpose, message);
        }
        let mut wanted = None;
        let ran = self.run(job, (passphrase, true), |begun| {
            let place = (begun.network, begun.chain_id);
            let id = begun.store.write("want a message on the chain", |change| match base {
                Some(base) => tx_flush::enqueue_based_on(change, place, (purpose, base), message, begun.stamp),
                None => tx_flush::enqueue_anew(change, place, purpose, message, begun.stamp),
            })?;
            wanted = Some(id);
            Ok(())
        });
        let (flushed, store) = ran.map_err(|failure| match wanted.and_then(|id| self.what_next(id)) {
            Some(next) => failure.hint(next),
            None => failure,
        })?;
        let missing = || Failure::new(Status::Bug, "the message is not in the outbox");
        let id = wanted.ok_or_else(missing)?;
        let (intent, tx) = store.read("read what became of a message", |snapshot| {
            let tx =
                transactions::of_intent(snapshot, id)?.into_iter().find(|tx| tx.state == transaction::State::Included);
            Ok::<_, crate::store::Error>((intents::by_id(snapshot, id)?, tx))
        })?;
        let intent = intent.ok_or_else(missing)?;
        match (intent.state, tx) {
            (State::Done, Some(tx)) => {
                let fee = tx.fee.to_string();
                let (transaction, height) = (TxHash(tx.hash).to_string(), tx.height.unwrap_or(0));
                let sent = Sent { intent: id.0, transaction, height, fee };
                Ok(Delivery { sent: Some(sent), notes: remarks(flushed).collect() })
            }
            (State::Refused, _) => {
                let refusal = flushed.refusals.into_iter().find(|(refused, _)| *refused == id);
                Err(refusal.map_or_else(
                    || Failure::new(Status::Data, intent.detail.unwrap_or_else(|| "the chain refuses it".to_owned())),
                    |(_, refusal)| Failure::from_error(&refusal),
                ))
            }
            (state, _) => Err(not_yet(id, state, intent.detail.as_deref(), flushed)),
        }
    }

    /// What would come of a message: whether anything waits for the same purpose, and what the chain says of it now.
    fn rehearse_sending<M: TxMessage>(&self, purpose: &str, message: &M) -> Result<Delivery, Failure> {
        let mut delivery = self.waiting(purpose, message)?;
        // What is signed already has had its trial.
        if !delivery.notes.is_empty() {
            return Ok(delivery);
        }
        let any = message.pack(self.client.network());
        match self.with_request(|request| wait_for(tx_flush::try_message(request, &any)))??? {
            Tried::Passes { gas, fee } => delivery.notes.push(format!("it would have {gas} gas, and cost {fee}")),
            Tried::Refused(refusal) => return Err(Failure::from_error(&*refusal)),
            Tried::NoAccount { address, needs } => {
                let words = format!("the account {address} does not exist yet: send it at least {needs}");
                return Err(Failure::new(Status::TryLater, words));
            }
            Tried::Short(Short { has, needs }) => {
                return Err(Failure::new(Status::TryLater, format!("the account has {has}, and it needs {needs}"))
                    .hint("`provider balance` shows what the account has"));
            }
        }
        Ok(delivery)
    }

    /// What waits in the outbox for the same purpose: the same wish, or another one, which must come to its end first.
    pub fn waiting<M: TxMessage>(&self, purpose: &str, message: &M) -> Result<Delivery, Failure> {
        let file = &self.configuration.state_file;
        // Without a state file nothing waits; the run that sends makes one.
        if !file.exists() {
            return Ok(Delivery::default());
        }
        let place = (self.client.network(), self.client.settings().chain_id.as_str());
        let store = self.context.open_state(file, Mode::Read)?;
        let same = store
            .read("look for a wish that waits", |snapshot| tx_flush::unsettled(snapshot, place, purpose, message))?;
        let next = same.and_then(|(id, state)| tx_flush::what_next(id, state));
        Ok(Delivery { sent: None, notes: next.into_iter().collect() })
    }

    /// Refuses to prepare something for a purpose for which an earlier wish is not settled yet.
    pub fn check_settled(&self, purpose: &str) -> Result<(), Failure> {
        let file = &self.configuration.state_file;
        if !file.exists() {
            return Ok(());
        }
        let store = self.context.open_state(file, Mode::Read)?;
        let before = store.read("look for a wish that waits", |snapshot| intents::newest_of(snapshot, purpose))?;
        match before.filter(|before| !before.state.is_settled()) {
            Some(intents::Intent { id, state, .. }) => {
                Err(tx_flush::Error::Unsettled { purpose: purpose.to_owned(), id, state }.into())
            }
            None => Ok(()),
        }
    }

    /// What a person can do about a message of ours when the command ends early.
    fn what_next(&self, id: IntentId) -> Option<String> {
        let store = self.context.open_state(&self.configuration.state_file, Mode::Read).ok()?;
        let state = store.read("read a message", |snapshot| intents::state(snapshot, id)).ok()??;
        tx_flush::what_next(id, state)
    }
}

/// The message is not on the chain at the end of the run.
fn not_yet(id: IntentId, state: State, detail: Option<&str>, flushed: Flushed) -> Failure {
    let why = detail.map(|detail| format!(": {detail}")).unwrap_or_default();
    let words = format!("the message is not on the chain yet ({state}){why}");
    // What went wrong with a message is its detail already.
    let beneath = flushed.surprises.into_iter().chain(flushed.troubles);
    let beneath = beneath.filter(|words| detail.is_none_or(|detail| !words.contains(detail)));
    if let Some(reached) = &flushed.cap {
        // No flush sends it before the cap is another one, or its hour is over.
        let setting = reached.setting();
        let wait = if reached.span == Span::Hour { ", or wait" } else { "" };
        let failure = Failure::new(Status::TryLater, words);
        return beneath.fold(failure, Failure::beneath).hint(format!(
            "message {id} is {state}: raise {setting}{wait}; then `provider tx flush` sends it, `provider tx abandon {id}` \
             drops it"
        ));
    }
    let failure = beneath.fold(Failure::new(Status::TryLater, words), Failure::beneath);
    match tx_flush::what_next(id, state) {
        Some(next) => failure.hint(next),
        None => failure,
    }
}

/// What came of a message that a person wants now.
#[derive(Debug, Default)]
pub struct Delivery {
    /// Where it is; none in a rehearsal.
    pub sent: Option<Sent>,
    /// What a person should know besides.
    pub notes: Vec<String>,
}

/// A message that is on the chain.
#[derive(Debug, Serialize)]
pub struct Sent {
    intent: i64,
    transaction: String,
    height: u64,
    fee: String,
}

impl Sent {
    /// Name and value of each part.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        vec![("transaction", self.transaction.clone()), ("height", self.height.to_string()), ("fee", self.fee.clone())]
    }
}
