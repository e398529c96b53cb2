//! Usage and its settlement (VirtEngine). None of it is paged on chain.

use jiff::Timestamp;

use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::{CallError, Problem};
use crate::chain::client::{Client, LARGEST_ANSWER};
use crate::chain::from_wire::{Malformed, settlement as read};
use crate::chain::wire::settlement as wire;
use crate::domain::address::Address;
use crate::domain::id::OrderId;
use crate::domain::settlement::{Escrow, Settlement, UsageRecord, UsageSummary};

/// What a summary of usage is of.
#[derive(Debug, Clone, Default)]
pub struct UsageFilter {
    /// Of this order.
    pub order: Option<OrderId>,
    /// Of this provider.
    pub provider: Option<Address>,
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Until this time.
    pub to: Option<Timestamp>,
}

impl Client {
    /// The settlement escrows that were ever made for an order.
    pub async fn settlement_escrows(&self, order: &OrderId) -> Result<Reading<Vec<Escrow>>, CallError> {
        let request = wire::QueryEscrowsByOrderRequest { order_id: order.to_string() };
        let question = Question::of(format!("settlement escrows of {order}")).at_most(LARGEST_ANSWER);
        let read =
            |answer: wire::QueryEscrowsByOrderResponse| all(answer.escrows, |row| read::escrow(row, self.prefix()));
        Ok(self.find(question, &request, read).await?.map(Option::unwrap_or_default))
    }

    /// One settlement escrow, `escrow-7`.
    pub async fn settlement_escrow(&self, id: &str) -> Result<Reading<Option<Escrow>>, CallError> {
        let request = wire::QueryEscrowRequest { escrow_id: id.to_owned() };
        let read = |answer: wire::QueryEscrowResponse| {
            answer
                .escrow
                .map(|found| read::escrow(found, self.prefix()))
                .transpose()
                .map_err(|error| super::garbage(&error))
        };
        let found = self.find(Question::of(format!("settlement escrow {id}")), &request, read).await?;
        Ok(found.map(Option::flatten))
    }

    /// The usage that was recorded for an order, all of it.
    pub async fn usage_records(&self, order: &OrderId) -> Result<Reading<Vec<UsageRecord>>, CallError> {
        let request = wire::QueryUsageRecordsByOrderRequest { order_id: order.to_string() };
        let question = Question::of(format!("usage records of {order}")).at_most(LARGEST_ANSWER);
        let read = |answer: wire::QueryUsageRecordsByOrderResponse| {
            all(answer.usage_records, |row| read::usage_record(row, self.prefix()))
        };
        Ok(self.find(question, &request, read).await?.map(Option::unwrap_or_default))
    }

    /// One record of usage.
    pub async fn usage_record(&self, id: &str) -> Result<Reading<Option<UsageRecord>>, CallError> {
        let request = wire::QueryUsageRecordRequest { usage_id: id.to_owned() };
        let read = |answer: wire::QueryUsageRecordResponse| {
            let found = answer.usage_record.map(|found| read::usage_record(found, self.prefix()));
            found.transpose().map_err(|error| super::garbage(&error))
        };
        let found = self.find(Question::of(format!("usage record {id}")), &request, read).await?;
        Ok(found.map(Option::flatten))
    }

    /// The sums of recorded usage.
    pub async fn usage_summary(&self, filter: &UsageFilter) -> Result<Reading<UsageSummary>, CallError> {
        let request = wire::QueryUsageSummaryRequest {
            order_id: filter.order.as_ref().map(ToString::to_string).unwrap_or_default(),
            provider: filter.provider.as_ref().map(ToString::to_string).unwrap_or_default(),
            period_start: filter.from.map(Timestamp::as_second).unwrap_or_default(),
            period_end: filter.to.map(Timestamp::as_second).unwrap_or_default(),
        };
        let question = Question::of("summary of usage").at_most(LARGEST_ANSWER);
        let read = |answer: wire::QueryUsageSummaryResponse| {
            read::usage_summary(answer.summary).map_err(|error| super::garbage(&error))
        };
        self.ask(question, &request, read).await
    }

    /// The settlements of an order, all of them.
    pub async fn settlements(&self, order: &OrderId) -> Result<Reading<Vec<Settlement>>, CallError> {
        let request = wire::QuerySettlementsByOrderRequest { order_id: order.to_string() };
        let question = Question::of(format!("settlements of {order}")).at_most(LARGEST_ANSWER);
        let read = |answer: wire::QuerySettlementsByOrderResponse| {
            all(answer.settlements, |row| read::settlement(row, self.prefix()))
        };
        Ok(self.find(question, &request, read).await?.map(Option::unwrap_or_default))
    }
}

fn all<R, T>(rows: Vec<R>, read: impl Fn(R) -> Result<T, Malformed>) -> Result<Vec<T>, Problem> {
    rows.into_iter().map(|row| read(row).map_err(|error| super::garbage(&error))).collect()
}
