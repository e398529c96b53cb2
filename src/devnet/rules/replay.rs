//! Replays what two real nodes were asked (fixtures/recorded): the messages of their transactions at the recorded
//! heights and times, and the queries between them, each answer held against the node's bytes.

use crate::chain::wire::cosmos::abci::{TxMsgData, TxResponse};
use crate::chain::wire::cosmos::tx::{Tx, TxBody, TxRaw};
use crate::chain::wire::cosmos::tx_service::{BroadcastTxRequest, BroadcastTxResponse, GetTxResponse};
use crate::chain::wire::tendermint::abci::Event;
use crate::chain::wire::{Call, TxMessage};
use crate::devnet::context::{Context, Profile};
use crate::devnet::kv::{Kv, MemoryKv, Overlay};
use crate::devnet::refusal::{QueryError, Refusal};
use crate::devnet::rules::{auth, bank};
use crate::domain::network::{Name, Network};
use jiff::Timestamp;
use prost::Message;
use prost_types::Any;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

type Check = Box<dyn Fn(&Network, &[u8]) -> Result<(), Refusal>>;
type Run = Box<dyn Fn(&mut Context<'_>, &[u8]) -> Result<Vec<u8>, Refusal>>;
type Query = Box<dyn Fn(&Context<'_>, &[u8]) -> Result<Vec<u8>, QueryError>>;
type Hook = fn(&mut Context<'_>);

/// The rules that are held against the recordings.
pub struct Rules {
    network: &'static Network,
    messages: BTreeMap<String, (Check, Run)>,
    queries: BTreeMap<String, Query>,
    begin_block: Option<Hook>,
    end_block: Option<Hook>,
}

impl Rules {
    /// None yet.
    pub fn of(network: Name) -> Self {
        let network = network.facts();
        Self { network, messages: BTreeMap::new(), queries: BTreeMap::new(), begin_block: None, end_block: None }
    }

    /// A message with its basic validation.
    pub fn message<M: TxMessage>(
        mut self,
        check: fn(&Network, &M) -> Result<(), Refusal>,
        run: fn(&mut Context<'_>, &M) -> Result<M::Response, Refusal>,
    ) -> Self {
        let check: Check = Box::new(move |network, bytes| check(network, &M::decode(bytes).unwrap()));
        self = self.unchecked(run);
        self.messages.get_mut(&M::type_url(self.network)).unwrap().0 = check;
        self
    }

    /// A message without a basic validation.
    pub fn unchecked<M: TxMessage>(mut self, run: fn(&mut Context<'_>, &M) -> Result<M::Response, Refusal>) -> Self {
        let run: Run = Box::new(move |context, bytes| Ok(run(context, &M::decode(bytes).unwrap())?.encode_to_vec()));
        self.messages.insert(M::type_url(self.network), (Box::new(|_, _| Ok(())), run));
        self
    }

    /// A query.
    pub fn query<C: Call>(mut self, answer: fn(&Context<'_>, &C) -> Result<C::Response, QueryError>) -> Self {
        let query: Query =
            Box::new(move |context, bytes| Ok(answer(context, &C::decode(bytes).unwrap())?.encode_to_vec()));
        self.queries.insert(C::path(self.network), query);
        self
    }

    /// What runs before and after the messages of each block.
    pub fn hooks(mut self, begin: Hook, end: Hook) -> Self {
        (self.begin_block, self.end_block) = (Some(begin), Some(end));
        self
    }

    /// Replays a file and gives the notes of the steps that were compared.
    pub fn replay(&self, file: &str) -> Vec<String> {
        let path = format!("{}/fixtures/recorded/{}/{file}", env!("CARGO_MANIFEST_DIR"), self.network.word);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut replayed = Replay { rules: self, kv: MemoryKv::new(), time: Timestamp::UNIX_EPOCH, compared: vec![] };
        replayed.fund(&rows);
        for row in &rows {
            replayed.step(row);
        }
        replayed.compared
    }
}

struct Replay<'r> {
    rules: &'r Rules,
    kv: MemoryKv,
    time: Timestamp,
    compared: Vec<String>,
}

impl Replay<'_> {
    fn context<'k>(&self, kv: &'k mut dyn Kv, height: i64) -> Context<'k> {
        Context::new(kv, self.rules.network, Profile::Localnet, height, self.time)
    }

    /// Every address of the recording is rich, as the genesis made it.
    fn fund(&mut self, rows: &[Value]) {
        let mut kv = std::mem::take(&mut self.kv);
        let context = &mut self.context(&mut kv, 0);
        auth::make_module_accounts(context).unwrap();
        let prefix = format!("{}1", self.rules.network.address_prefix);
        let all = rows.iter().map(ToString::to_string).collect::<String>();
        let words: BTreeSet<&str> = all.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let modules: Vec<_> = auth::MODULE_ACCOUNTS.iter().map(|(module, _)| auth::module_address(module)).collect();
        for word in words.into_iter().filter(|word| word.starts_with(&prefix)) {
            let Ok(address) = auth::bytes_of(self.rules.network, word) else { continue };
            if !modules.contains(&address) {
                bank::mint(context, &address, &["100000000000000uve".parse().unwrap()]).unwrap();
            }
        }
        self.kv = kv;
    }

    fn step(&mut self, row: &Value) {
        let (Some("grpc"), Some(method)) = (row["kind"].as_str(), row["method"].as_str()) else { return };
        let note = row["note"].as_str().unwrap().to_owned();
        let request = hex(&row["request_hex"]);
        if method.ends_with("/BroadcastTx") {
            let tx = TxRaw::decode(BroadcastTxRequest::decode(&*request).unwrap().tx_bytes.as_slice()).unwrap();
            let body = TxBody::decode(&*tx.body_bytes).unwrap();
            let answer = BroadcastTxResponse::decode(&*hex(&row["response_hex"])).unwrap().tx_response.unwrap();
            self.checked(&note, &body, &answer);
        } else if method.ends_with("/GetTx") && row["code"] == 0 {
            let answer = GetTxResponse::decode(&*hex(&row["response_hex"])).unwrap();
            self.included(&note, &answer.tx.unwrap(), &answer.tx_response.unwrap());
        } else if let Some(query) = self.rules.queries.get(method) {
            let height = row["headers"]["x-cosmos-block-height"].as_str().map_or(0, |text| text.parse().unwrap());
            let mut kv = std::mem::take(&mut self.kv);
            let answer = query(&self.context(&mut kv, height), &request);
            self.kv = kv;
            let (code, message) = (row["code"].as_i64().unwrap(), row["message"].as_str().unwrap_or_default());
            match answer {
                Ok(bytes) => assert_eq!((0, hex(&row["response_hex"])), (code, bytes), "{note}"),
                Err(error) => assert_eq!((error.status as i64, error.message.as_str()), (code, message), "{note}"),
            }
            self.compared.push(note);
        }
    }

    fn known(&self, messages: &[Any]) -> bool {
        !messages.is_empty() && messages.iter().all(|message| self.rules.messages.contains_key(&message.type_url))
    }

    /// What CheckTx says: basic validation is all that these rules decide there.
    fn checked(&mut self, note: &str, body: &TxBody, answer: &TxResponse) {
        if !self.known(&body.messages) {
            return;
        }
        let check = |message: &Any| (self.rules.messages[&message.type_url].0)(self.rules.network, &message.value);
        let found = body.messages.iter().try_for_each(check);
        let found = found.err().map_or((String::new(), 0, Vec::new()), |refusal| {
            (refusal.codespace.into_owned(), refusal.code, refusal.log)
        });
        assert_eq!(found, (answer.codespace.clone(), answer.code, answer.raw_log.clone()), "{note}");
        self.compared.push(note.to_owned());
    }

    fn included(&mut self, note: &str, tx: &Tx, answer: &TxResponse) {
        let messages = &tx.body.as_ref().unwrap().messages;
        if !self.known(messages) {
            return;
        }
        self.time = answer.timestamp.parse().unwrap();
        let mut kv = std::mem::take(&mut self.kv);
        if let Some(begin) = self.rules.begin_block {
            begin(&mut self.context(&mut kv, answer.height));
        }
        let mut overlay = Overlay::new(&kv);
        let (mut data, mut events, mut refused) = (TxMsgData::default(), vec![], None);
        for (index, message) in messages.iter().enumerate() {
            let mut context = self.context(&mut overlay, answer.height);
            match (self.rules.messages[&message.type_url].1)(&mut context, &message.value) {
                Ok(value) => {
                    // `MsgX` is answered by `MsgXResponse`.
                    data.msg_responses.push(Any { type_url: format!("{}Response", message.type_url), value });
                    events.extend(context.events.into_iter().map(|event| (index.to_string(), event)));
                }
                Err(refusal) => {
                    refused = Some(refusal.wrap(format!("failed to execute message; message index: {index}")));
                    break;
                }
            }
        }
        let changes = overlay.into_changes();
        if let Some(refusal) = refused {
            let found = (refusal.codespace.as_ref(), refusal.code, refusal.text().into_owned());
            let text = String::from_utf8_lossy(&answer.raw_log).into_owned();
            assert_eq!(found, (answer.codespace.as_str(), answer.code, text), "{note}");
        } else {
            let text = String::from_utf8_lossy(&answer.raw_log);
            assert_eq!(0, answer.code, "{note}: {text}");
            assert_eq!(upper_hex(&data.encode_to_vec()), answer.data, "{note}");
            assert_eq!(events, told(&answer.events), "{note}");
            changes.apply(&mut kv).unwrap();
        }
        if let Some(end) = self.rules.end_block {
            end(&mut self.context(&mut kv, answer.height));
        }
        self.kv = kv;
        self.compared.push(note.to_owned());
    }
}

/// The events of messages, by the index of the message, without the one that says which message it is.
fn told(events: &[Event]) -> Vec<(String, Event)> {
    let of_message = |event: &Event| {
        let mut event = event.clone();
        event.attributes.iter_mut().for_each(|attribute| attribute.index = false);
        let index = event.attributes.pop_if(|last| last.key == "msg_index")?;
        let action = event.attributes.first().is_some_and(|first| first.key == "action");
        (!action).then_some((index.value, event))
    };
    events.iter().filter_map(of_message).collect()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap_or_default();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn upper_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02X}"))
}
