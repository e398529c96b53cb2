//! Accounts and what they hold.

use prost::Message as _;
use prost_types::Any;

use crate::chain::client::Client;
use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::{CallError, Problem};
use crate::chain::wire::Named;
use crate::chain::wire::cosmos::auth::{BaseAccount, ModuleAccount, QueryAccountRequest, QueryAccountResponse};
use crate::chain::wire::cosmos::bank::{
    QueryAllBalancesRequest, QueryAllBalancesResponse, QueryBalanceRequest, QueryBalanceResponse,
};
use crate::chain::wire::cosmos::page::PageRequest;
use crate::chain::wire::cosmos::secp256k1::PubKey;
use crate::domain::address::Address;
use crate::domain::amount::{Coin, Denom};
use crate::domain::height::Height;
use crate::domain::network::Network;
use crate::domain::refusal::Log;

/// The most denominations of one account that are read; an account with more is shown with these.
const MOST_DENOMINATIONS: u64 = 1_000;

/// An account of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Its number, which signatures are for.
    pub number: u64,
    /// The sequence of its next transaction.
    pub sequence: u64,
}

impl Client {
    /// The account with an address; `None` for one that nobody ever sent anything to.
    pub async fn account(&self, address: &Address) -> Result<Reading<Option<Account>>, CallError> {
        self.account_of_height(address, None).await
    }

    /// The account as it was in the state after a block.
    pub async fn account_at(&self, address: &Address, at: Height) -> Result<Reading<Option<Account>>, CallError> {
        self.account_of_height(address, Some(at)).await
    }

    async fn account_of_height(
        &self,
        address: &Address,
        at: Option<Height>,
    ) -> Result<Reading<Option<Account>>, CallError> {
        let question = Question::of(format!("account {address}")).at(at);
        let request = QueryAccountRequest { address: address.to_string() };
        let read = |answer: QueryAccountResponse| {
            let account = answer.account.unwrap_or_default();
            let BaseAccount { address: of, account_number, sequence, .. } = base_account(&account, self.network())?;
            if of == address.as_str() {
                Ok(Account { number: account_number, sequence })
            } else {
                Err(Problem::Garbage(Log::of(format!("the account {of}").as_bytes())))
            }
        };
        self.find(question, &request, read).await
    }

    /// The secp256k1 key of an account: 33 bytes. `None` for one that has never signed, and for one with another kind of key.
    pub async fn account_key(&self, address: &Address) -> Result<Reading<Option<Vec<u8>>>, CallError> {
        let request = QueryAccountRequest { address: address.to_string() };
        let read = |answer: QueryAccountResponse| {
            let account = answer.account.unwrap_or_default();
            let BaseAccount { address: of, pub_key, .. } = base_account(&account, self.network())?;
            if of != address.as_str() {
                return Err(Problem::Garbage(Log::of(format!("the account {of}").as_bytes())));
            }
            let key = pub_key.filter(|key| key.type_url == "/cosmos.crypto.secp256k1.PubKey");
            Ok(key.and_then(|key| PubKey::decode(key.value.as_slice()).ok()).map(|key| key.key))
        };
        Ok(self
            .find(Question::of(format!("the key of the account {address}")), &request, read)
            .await?
            .map(Option::flatten))
    }

    /// All that an account holds, by denomination. An account that does not exist holds nothing.
    pub async fn balances(&self, address: &Address) -> Result<Reading<Vec<Coin>>, CallError> {
        let pagination = PageRequest { limit: MOST_DENOMINATIONS, ..PageRequest::default() };
        let request = QueryAllBalancesRequest {
            address: address.to_string(),
            pagination: Some(pagination),
            resolve_denom: false,
        };
        let read = |answer: QueryAllBalancesResponse| {
            let coins = answer.balances.iter().map(|coin| Coin::try_from(coin).map_err(|error| super::garbage(&error)));
            coins.collect()
        };
        self.ask(Question::of(format!("balances of {address}")), &request, read).await
    }

    /// What an account holds of one denomination.
    pub async fn balance(&self, address: &Address, denom: &Denom) -> Result<Reading<Coin>, CallError> {
        let request = QueryBalanceRequest { address: address.to_string(), denom: denom.to_string() };
        let read = |answer: QueryBalanceResponse| {
            let Some(coin) = answer.balance else { return Ok(Coin::new(0u64, denom.clone())) };
            let coin = Coin::try_from(&coin).map_err(|error| super::garbage(&error))?;
            if coin.denom == *denom {
                Ok(coin)
            } else {
                Err(Problem::Garbage(Log::of(format!("{coin} when asked for {denom}").as_bytes())))
            }
        };
        self.ask(Question::of(format!("balance of {address}")), &request, read).await
    }
}

/// The plain account in an envelope; one of a module has it inside. (Vesting accounts, which have it inside too, sign
/// no provider's transactions.)
fn base_account(account: &Any, network: &Network) -> Result<BaseAccount, Problem> {
    if account.type_url == ModuleAccount::type_url(network) {
        let module = ModuleAccount::unpack(account, network).map_err(|error| super::garbage(&error))?;
        return Ok(module.base_account.unwrap_or_default());
    }
    BaseAccount::unpack(account, network).map_err(|error| super::garbage(&error))
}
