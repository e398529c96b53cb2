//! A chain in this process, and a client of it that signs.

use std::path::Path;
use std::time::Duration;

use k256::ecdsa::signature::Signer;
use k256::ecdsa::{Signature, SigningKey};
use prost::Message;
use prost_types::Any;
use provider::chain::wire::cosmos::auth::{BaseAccount, QueryAccountRequest};
use provider::chain::wire::cosmos::coin::Coin;
use provider::chain::wire::cosmos::secp256k1::PubKey;
use provider::chain::wire::cosmos::signing::SignMode;
use provider::chain::wire::cosmos::tx::{
    AuthInfo, Fee, ModeInfo, ModeInfoSingle, ModeInfoSum, SignDoc, SignerInfo, TxBody, TxRaw,
};
use provider::chain::wire::cosmos::tx_service::{BroadcastMode, BroadcastTxRequest, GetTxRequest, GetTxResponse};
use provider::chain::wire::{Call, Named, TxMessage, cosmos::abci::TxResponse};
use provider::devnet::app::engine::Identity;
use provider::devnet::app::genesis::{Account, Genesis};
use provider::devnet::context::Profile;
use provider::devnet::server::{Options, Server};
use provider::domain::address::Address;
use provider::domain::network::{Name, Network};
use sha2::{Digest, Sha256};
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

/// An account of tests.
#[derive(Clone)]
pub struct Key {
    pub secret: SigningKey,
    pub address: String,
}

impl Key {
    pub fn of(name: &str, network: &Network) -> Self {
        let secret = SigningKey::from_slice(&Sha256::digest(format!("devnet tests: {name}"))).unwrap();
        let point: [u8; 33] = secret.verifying_key().to_sec1_bytes()[..].try_into().unwrap();
        let address = Address::of_secp256k1(&point, network.address_prefix).unwrap().to_string();
        Self { secret, address }
    }

    pub fn public(&self) -> PubKey {
        PubKey { key: self.secret.verifying_key().to_sec1_bytes().to_vec() }
    }

    pub fn sign(&self, document: &[u8]) -> Vec<u8> {
        let signature: Signature = self.secret.sign(document);
        signature.normalize_s().unwrap_or(signature).to_bytes().to_vec()
    }
}

/// A genesis in which each of these has a lot of everything.
pub fn genesis(network: &Network, names: &[&str]) -> Genesis {
    let mut genesis = Genesis::default();
    for name in names {
        let coins: Vec<_> = network.denominations.iter().map(|denom| format!("1000000000000{}", denom.base)).collect();
        let account = Account { name: (*name).into(), address: Key::of(name, network).address, coins: coins.join(",") };
        genesis.accounts.push(account);
    }
    genesis
}

/// What a chain of tests is started with.
pub fn options(home: &Path, name: Name, names: &[&str], block_time: Duration) -> Options {
    let network = name.facts();
    Options {
        home: home.to_owned(),
        identity: Identity {
            network,
            chain_id: format!("devnet-{}-1", network.word),
            profile: Profile::Localnet,
            refuses_provider_messages: false,
        },
        genesis: genesis(network, names),
        block_time,
        grpc: "127.0.0.1:0".parse().unwrap(),
        rpc: "127.0.0.1:0".parse().unwrap(),
    }
}

/// A chain that makes a block for each transaction.
pub async fn start(home: &Path, name: Name, names: &[&str]) -> Server {
    Server::start(options(home, name, names, Duration::ZERO)).await.unwrap()
}

/// A client of gRPC.
#[derive(Clone)]
pub struct Client {
    pub network: &'static Network,
    pub chain_id: String,
    channel: Channel,
}

impl Client {
    pub async fn of(server: &Server) -> Self {
        let identity = server.node.identity();
        Self::at(&server.grpc.to_string(), identity.network, &identity.chain_id).await
    }

    pub async fn at(address: &str, network: &'static Network, chain_id: &str) -> Self {
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        Self { network, chain_id: chain_id.to_owned(), channel }
    }

    /// Calls a method.
    pub async fn call<C: Call>(&self, request: C) -> Result<C::Response, tonic::Status> {
        Ok(self.call_at(request, None).await?.into_inner())
    }

    /// The same, of the state after a height.
    pub async fn call_at<C: Call>(
        &self,
        request: C,
        height: Option<i64>,
    ) -> Result<tonic::Response<C::Response>, tonic::Status> {
        let mut grpc = tonic::client::Grpc::new(self.channel.clone());
        grpc.ready().await.map_err(|error| tonic::Status::unavailable(error.to_string()))?;
        let path = C::path(self.network).parse().unwrap();
        let mut request = tonic::Request::new(request);
        if let Some(height) = height {
            request.metadata_mut().insert("x-cosmos-block-height", height.into());
        }
        grpc.unary(request, path, ProstCodec::<C, C::Response>::default()).await
    }

    pub async fn account(&self, address: &str) -> BaseAccount {
        let request = QueryAccountRequest { address: address.to_owned() };
        let answer = self.call(request).await.unwrap().account.unwrap();
        BaseAccount::unpack(&answer, self.network).unwrap()
    }

    /// A draft of a transaction with these messages.
    pub fn draft(&self, messages: Vec<Any>) -> Draft {
        let fee = Coin { denom: self.network.fee_denomination.to_owned(), amount: "50000".to_owned() };
        let body = TxBody { messages, ..TxBody::default() };
        Draft { body, fee: Fee { amount: vec![fee], gas_limit: 2_000_000, ..Fee::default() } }
    }

    /// Signs a draft as it is to be.
    pub fn sign(&self, draft: &Draft, key: &Key, number: u64, sequence: u64) -> Vec<u8> {
        let auth_info = draft.auth_info(self.network, key, SignMode::Direct, sequence);
        let (body_bytes, auth_info_bytes) = (draft.body.encode_to_vec(), auth_info.encode_to_vec());
        let document = SignDoc {
            body_bytes: body_bytes.clone(),
            auth_info_bytes: auth_info_bytes.clone(),
            chain_id: self.chain_id.clone(),
            account_number: number,
        };
        let signatures = vec![key.sign(&document.encode_to_vec())];
        TxRaw { body_bytes, auth_info_bytes, signatures }.encode_to_vec()
    }

    pub async fn broadcast(&self, tx_bytes: Vec<u8>) -> Result<TxResponse, tonic::Status> {
        let request = BroadcastTxRequest { tx_bytes, mode: BroadcastMode::Sync.into() };
        Ok(self.call(request).await?.tx_response.unwrap())
    }

    /// Signs with the account's number and sequence, and sends.
    pub async fn send(&self, key: &Key, draft: &Draft) -> TxResponse {
        let account = self.account(&key.address).await;
        let bytes = self.sign(draft, key, account.account_number, account.sequence);
        self.broadcast(bytes).await.unwrap()
    }

    /// Sends a message and waits until it is in a block.
    pub async fn run<M: TxMessage>(&self, key: &Key, message: &M) -> TxResponse {
        let sent = self.send(key, &self.draft(vec![message.pack(self.network)])).await;
        assert_eq!(sent.code, 0, "{}", String::from_utf8_lossy(&sent.raw_log));
        self.included(&sent.txhash).await.tx_response.unwrap()
    }

    pub async fn included(&self, hash: &str) -> GetTxResponse {
        for _ in 0..500 {
            if let Ok(found) = self.call(GetTxRequest { hash: hash.to_owned() }).await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{hash} is in no block");
    }
}

/// A transaction before it is signed.
#[derive(Clone)]
pub struct Draft {
    pub body: TxBody,
    pub fee: Fee,
}

impl Draft {
    pub fn auth_info(&self, network: &Network, key: &Key, mode: SignMode, sequence: u64) -> AuthInfo {
        let single = ModeInfoSingle { mode: mode.into() };
        AuthInfo {
            signer_infos: vec![SignerInfo {
                public_key: Some(key.public().pack(network)),
                mode_info: Some(ModeInfo { sum: Some(ModeInfoSum::Single(single)) }),
                sequence,
            }],
            fee: Some(self.fee.clone()),
            tip: None,
        }
    }
}
