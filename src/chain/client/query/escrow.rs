//! Escrow accounts and payments.
//!
//! The nodes of both networks ignore limits here: they list all rows at once, and without a state may leave out some
//! of them (when those of one state are exactly as many as the limit). So a state is always named, and there are no
//! pages. A filter is the beginning of a key as text, so that `…/2` finds `…/28` as well: what comes is looked through.

use std::borrow::Cow;

use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::{CallError, Problem};
use crate::chain::client::{Client, LARGEST_ANSWER};
use crate::chain::from_wire::escrow as read;
use crate::chain::wire::cosmos::page::PageResponse;
use crate::chain::wire::escrow as wire;
use crate::domain::address::Address;
use crate::domain::escrow::{Account, AccountId, EscrowState, Payment};
use crate::domain::id::DeploymentId;
use crate::domain::refusal::Log;

impl Client {
    /// The escrow account of a deployment or bid, whatever its state.
    pub async fn escrow_account(&self, id: &AccountId) -> Result<Reading<Option<Account>>, CallError> {
        // In the order of its life, so that one that changes its state meanwhile is still found.
        let open = self.account_in(EscrowState::Open, id).await?;
        if open.value.is_some() {
            return Ok(open);
        }
        let overdrawn = self.account_in(EscrowState::Overdrawn, id).await?;
        if overdrawn.value.is_some() {
            return Ok(overdrawn);
        }
        let closed = self.account_in(EscrowState::Closed, id).await?;
        // That it is in no state is worth as much as the weakest of the three words.
        Ok(if closed.value.is_some() { closed } else { closed.no_more_than(&overdrawn).no_more_than(&open) })
    }

    async fn account_in(&self, state: EscrowState, id: &AccountId) -> Result<Reading<Option<Account>>, CallError> {
        let found = self.accounts(state, id.to_string(), format!("escrow account {id}").into()).await?;
        Ok(found.map(|accounts| accounts.into_iter().find(|account| account.id == *id)))
    }

    /// The escrow accounts in a state; those of one tenant's deployments where a tenant is named.
    pub async fn escrow_accounts(
        &self,
        state: EscrowState,
        tenant: Option<&Address>,
    ) -> Result<Reading<Vec<Account>>, CallError> {
        let within = tenant.map(|tenant| format!("deployment/{tenant}")).unwrap_or_default();
        let found = self.accounts(state, within, "escrow accounts".into()).await?;
        Ok(found.map(|accounts| match tenant {
            None => accounts,
            Some(tenant) => accounts.into_iter().filter(|account| is_of(&account.id, tenant)).collect(),
        }))
    }

    async fn accounts(
        &self,
        state: EscrowState,
        xid: String,
        of: Cow<'static, str>,
    ) -> Result<Reading<Vec<Account>>, CallError> {
        let request = wire::QueryAccountsRequest { state: state.word().to_owned(), xid, pagination: None };
        let read = |answer: wire::QueryAccountsResponse| {
            whole(answer.pagination)?;
            let rows = answer.accounts.into_iter();
            rows.map(|row| read::account(row, self.prefix()).map_err(|error| super::garbage(&error))).collect()
        };
        self.ask(Question::of(of).at_most(LARGEST_ANSWER), &request, read).await
    }

    /// The payments in a state; those of one deployment where it is named.
    pub async fn payments(
        &self,
        state: EscrowState,
        deployment: Option<&DeploymentId>,
    ) -> Result<Reading<Vec<Payment>>, CallError> {
        let xid = deployment.map(|id| format!("deployment/{id}")).unwrap_or_default();
        let request = wire::QueryPaymentsRequest { state: state.word().to_owned(), xid, pagination: None };
        let read = |answer: wire::QueryPaymentsResponse| {
            whole(answer.pagination)?;
            let rows = answer.payments.into_iter();
            let payments = rows.map(|row| read::payment(row, self.prefix()).map_err(|error| super::garbage(&error)));
            payments.collect::<Result<Vec<_>, _>>()
        };
        let question = Question::of("escrow payments").at_most(LARGEST_ANSWER);
        let found = self.ask(question, &request, read).await?;
        Ok(found.map(|payments| match deployment {
            None => payments,
            Some(id) => payments.into_iter().filter(|payment| payment.lease.order().deployment() == id).collect(),
        }))
    }
}

fn is_of(id: &AccountId, tenant: &Address) -> bool {
    match id {
        AccountId::Deployment(id) => id.owner() == tenant,
        AccountId::Bid(_) => false,
    }
}

/// A node that has learned to page would leave out what is not on the first one.
fn whole(page: Option<PageResponse>) -> Result<(), Problem> {
    match page {
        Some(page) if !page.next_key.is_empty() => {
            Err(Problem::Garbage(Log::of(b"a part of a listing that has no parts")))
        }
        _ => Ok(()),
    }
}
