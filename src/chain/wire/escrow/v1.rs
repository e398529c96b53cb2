//! `escrow.v1`: topping up, and asking for accounts, payments and invoices.

use super::{Account, AccountId, Payment};
use crate::chain::wire::base::Deposit;
use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::macros::{empty_messages, package, wire_enum};
use prost::Message;

/// Anyone tops an account up.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgAccountDeposit {
    #[prost(string, tag = 1)]
    pub signer: String,
    #[prost(message, required, tag = 2)]
    pub id: AccountId,
    #[prost(message, required, tag = 3)]
    pub deposit: Deposit,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAccountsRequest {
    #[prost(string, tag = 1)]
    pub state: String,
    #[prost(string, tag = 2)]
    pub xid: String,
    #[prost(message, optional, tag = 5)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAccountsResponse {
    #[prost(message, repeated, tag = 1)]
    pub accounts: Vec<Account>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryPaymentsRequest {
    #[prost(string, tag = 1)]
    pub state: String,
    #[prost(string, tag = 2)]
    pub xid: String,
    #[prost(message, optional, tag = 6)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryPaymentsResponse {
    #[prost(message, repeated, tag = 1)]
    pub payments: Vec<Payment>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryInvoiceRequest {
    #[prost(string, tag = 1)]
    pub invoice_id: String,
}

/// An invoice, as JSON text.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryInvoiceResponse {
    #[prost(string, tag = 1)]
    pub invoice_json: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryInvoicesByProviderRequest {
    #[prost(string, tag = 1)]
    pub provider: String,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryInvoicesByProviderResponse {
    #[prost(string, repeated, tag = 1)]
    pub invoices_json: Vec<String>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryInvoicesByCustomerRequest {
    #[prost(string, tag = 1)]
    pub customer: String,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryInvoicesByCustomerResponse {
    #[prost(string, repeated, tag = 1)]
    pub invoices_json: Vec<String>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryInvoiceLedgerRequest {
    #[prost(string, tag = 1)]
    pub invoice_id: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryInvoiceLedgerResponse {
    #[prost(string, repeated, tag = 1)]
    pub entries_json: Vec<String>,
}

/// A grant (authz) to deposit somebody else's money.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DepositAuthorization {
    #[prost(message, required, tag = 1)]
    pub spend_limit: Coin,
    /// [`DepositAuthorizationScope`]s.
    #[prost(enumeration = "DepositAuthorizationScope", repeated, tag = 2)]
    pub scopes: Vec<i32>,
    /// Akash only.
    #[prost(message, repeated, tag = 3)]
    pub spend_limits: Vec<Coin>,
}

wire_enum! {
    /// What granted money may be deposited for.
    pub enum DepositAuthorizationScope {
        Invalid = 0 => "invalid",
        Deployment = 1 => "deployment",
        Bid = 2 => "bid",
    }
}

empty_messages! {
    MsgAccountDepositResponse,
}

package! {
    OfNetwork("escrow.v1");
    messages {
        MsgAccountDeposit, MsgAccountDepositResponse, QueryAccountsRequest, QueryAccountsResponse,
        QueryPaymentsRequest, QueryPaymentsResponse, QueryInvoiceRequest, QueryInvoiceResponse,
        QueryInvoicesByProviderRequest, QueryInvoicesByProviderResponse, QueryInvoicesByCustomerRequest,
        QueryInvoicesByCustomerResponse, QueryInvoiceLedgerRequest, QueryInvoiceLedgerResponse, DepositAuthorization,
    }
    tx_messages {
        MsgAccountDeposit -> MsgAccountDepositResponse, signed by signer;
    }
    service Query {
        Accounts(QueryAccountsRequest) -> QueryAccountsResponse;
        Payments(QueryPaymentsRequest) -> QueryPaymentsResponse;
        Invoice(QueryInvoiceRequest) -> QueryInvoiceResponse;
        InvoicesByProvider(QueryInvoicesByProviderRequest) -> QueryInvoicesByProviderResponse;
        InvoicesByCustomer(QueryInvoicesByCustomerRequest) -> QueryInvoicesByCustomerResponse;
        InvoiceLedger(QueryInvoiceLedgerRequest) -> QueryInvoiceLedgerResponse;
    }
}
