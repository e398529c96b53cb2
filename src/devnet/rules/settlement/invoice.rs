//! Invoices: what module `escrow` is asked for, made when an order is settled.
//!
//! Their JSON says who owes whom how much for which usage. A real node's says more (addresses, taxes, due dates), which
//! nobody who uses this chain reads.

use super::register::Register;
use super::{next_number, now};
use crate::chain::wire::cosmos::page::PageRequest;
use crate::chain::wire::escrow::{
    QueryInvoiceLedgerRequest, QueryInvoiceLedgerResponse, QueryInvoiceRequest, QueryInvoiceResponse,
    QueryInvoicesByCustomerRequest, QueryInvoicesByCustomerResponse, QueryInvoicesByProviderRequest,
    QueryInvoicesByProviderResponse,
};
use crate::chain::wire::settlement::{SettlementRecord, UsageRecord};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::page;
use crate::devnet::refusal::{QueryError, Refusal};
use serde_json::json;

/// The JSON of each invoice by its provider, and by its customer.
const BY_PROVIDER: Register<String> = Register::new("settlement/invoice", "settlement/invoice-provider");
const BY_CUSTOMER: Collection<String> = Collection::new("settlement/invoice-by-customer");

/// Makes an invoice of a settlement; it is paid at once. Gives its id.
pub(super) fn issue(
    context: &mut Context<'_>,
    settlement: &SettlementRecord,
    records: &[UsageRecord],
) -> Result<String, Refusal> {
    let coins = |coins: &[crate::chain::wire::cosmos::coin::Coin]| -> Vec<_> {
        coins.iter().map(|coin| json!({"denom": coin.denom, "amount": coin.amount})).collect()
    };
    let id = format!("inv-{:08}", next_number(context, "invoice")?);
    let items: Vec<_> = records
        .iter()
        .map(|record| {
            json!({
                "usage_record_id": record.usage_id,
                "usage_type": record.usage_type,
                "quantity": record.usage_units.to_string(),
                "amount": coins(&record.total_cost),
            })
        })
        .collect();
    let invoice = json!({
        "invoice_id": id,
        "settlement_id": settlement.settlement_id,
        "escrow_id": settlement.escrow_id,
        "order_id": settlement.order_id,
        "lease_id": settlement.lease_id,
        "provider": settlement.provider,
        "customer": settlement.customer,
        "status": "paid",
        "line_items": items,
        "total": coins(&settlement.total_amount),
        "period_start": settlement.period_start,
        "period_end": settlement.period_end,
        "issued_at": now(context),
        "block_height": context.height,
    });
    let text = invoice.to_string();
    BY_PROVIDER.put(context.kv, &settlement.provider, &id, &text)?;
    BY_CUSTOMER.set(context.kv, &(settlement.customer.as_str(), id.as_str()), &text)?;
    Ok(id)
}

fn find(context: &Context<'_>, invoice_id: &str) -> Result<String, QueryError> {
    if invoice_id.is_empty() {
        return Err(QueryError::invalid("invoice_id cannot be empty"));
    }
    let missing = || QueryError::not_found(format!("invoice {invoice_id} not found"));
    BY_PROVIDER.get(&*context.kv, invoice_id)?.ok_or_else(missing)
}

/// `Invoice`.
pub fn invoice(context: &Context<'_>, request: &QueryInvoiceRequest) -> Result<QueryInvoiceResponse, QueryError> {
    Ok(QueryInvoiceResponse { invoice_json: find(context, &request.invoice_id)? })
}

/// `InvoiceLedger`: that it was issued, and paid.
pub fn invoice_ledger(
    context: &Context<'_>,
    request: &QueryInvoiceLedgerRequest,
) -> Result<QueryInvoiceLedgerResponse, QueryError> {
    find(context, &request.invoice_id)?;
    let entry = |kind: &str| json!({"invoice_id": request.invoice_id, "entry_type": kind}).to_string();
    Ok(QueryInvoiceLedgerResponse { entries_json: vec![entry("issued"), entry("paid")] })
}

/// `InvoicesByProvider`.
pub fn invoices_by_provider(
    context: &Context<'_>,
    request: &QueryInvoicesByProviderRequest,
) -> Result<QueryInvoicesByProviderResponse, QueryError> {
    let page = request.pagination.as_ref();
    let (invoices_json, pagination) = list(context, BY_PROVIDER.rows(), &request.provider, page)?;
    Ok(QueryInvoicesByProviderResponse { invoices_json, pagination: Some(pagination) })
}

/// `InvoicesByCustomer`.
pub fn invoices_by_customer(
    context: &Context<'_>,
    request: &QueryInvoicesByCustomerRequest,
) -> Result<QueryInvoicesByCustomerResponse, QueryError> {
    let page = request.pagination.as_ref();
    let (invoices_json, pagination) = list(context, &BY_CUSTOMER, &request.customer, page)?;
    Ok(QueryInvoicesByCustomerResponse { invoices_json, pagination: Some(pagination) })
}

fn list(
    context: &Context<'_>,
    rows: &Collection<String>,
    of: &str,
    page: Option<&PageRequest>,
) -> Result<(Vec<String>, crate::chain::wire::cosmos::page::PageResponse), QueryError> {
    page::paginate(&*context.kv, rows, &(of,), page, |_| true)
}
