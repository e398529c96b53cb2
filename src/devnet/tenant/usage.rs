//! Escrows for usage, and agreeing with it.

use super::order::{lease_name, order_name};
use super::{Done, Error, Tenant};
use crate::chain::wire::Named;
use crate::chain::wire::cosmos::abci::TxMsgData;
use crate::chain::wire::market::OrderId;
use crate::chain::wire::settlement::{
    MsgAcknowledgeUsage, MsgActivateEscrow, MsgCreateEscrow, MsgCreateEscrowResponse, QueryUsageRecordsByOrderRequest,
};
use crate::devnet::app::result::Included;
use crate::devnet::hex;
use crate::devnet::rules::settlement;
use prost::Message;

/// What a tenant signs records with: the chain looks at no signature.
const SIGNATURE: &[u8] = b"devnet tenant";

impl Tenant<'_> {
    fn check_settlement(&self) -> Result<(), Error> {
        let network = self.node.identity().network;
        if network.has_settlement() {
            return Ok(());
        }
        Err(Error::Lacking { what: "settlement of usage", network: network.word })
    }

    pub(super) fn escrow(
        &self,
        (dseq, gseq): (u64, u32),
        amount: &str,
        expires_in: u64,
        pending: bool,
    ) -> Result<Done, Error> {
        self.check_settlement()?;
        let amount = vec![(&Self::coin("the amount", amount)?).into()];
        let network = self.node.identity().network;
        let none = || Error::Nothing(format!("there is no active lease of group {}/{dseq}/{gseq}", self.address()));
        let lease = self.leases(dseq, Some(gseq))?.into_iter().next().ok_or_else(none)?;
        let id = &lease.id;
        let order = OrderId { owner: id.owner.clone(), dseq: id.dseq, gseq: id.gseq, oseq: id.oseq };
        let sender = self.address().to_owned();
        let create = MsgCreateEscrow { sender: sender.clone(), order_id: order_name(&order), amount, expires_in };
        let created = self.include(vec![create.pack(network)])?;
        let escrow_id =
            escrow_of(&created).ok_or_else(|| Error::Query("the chain's answer names no escrow".to_owned()))?;
        let first = hex::upper(&created.hash);
        if pending {
            return Ok(Done {
                address: sender,
                transactions: vec![first],
                ids: vec![escrow_id],
                height: created.height,
            });
        }
        let activate = MsgActivateEscrow {
            sender,
            escrow_id: escrow_id.clone(),
            lease_id: lease_name(&lease.id),
            recipient: lease.id.provider,
        };
        let mut done = self.send(vec![activate.pack(network)], vec![escrow_id])?;
        done.transactions.insert(0, first);
        Ok(done)
    }

    pub(super) fn acknowledge(&self, dseq: u64, usage: &[String]) -> Result<Done, Error> {
        self.check_settlement()?;
        let network = self.node.identity().network;
        let usage = if usage.is_empty() { self.open_usage(dseq)? } else { usage.to_vec() };
        if usage.is_empty() {
            return Err(Error::Nothing(format!("there is no usage of {}/{dseq} to agree with", self.address())));
        }
        let acknowledge = |usage_id: &String| {
            let (sender, signature) = (self.address().to_owned(), SIGNATURE.to_vec());
            MsgAcknowledgeUsage { sender, usage_id: usage_id.clone(), signature }.pack(network)
        };
        self.send(usage.iter().map(acknowledge).collect(), usage.clone())
    }

    /// The usage of a deployment's leases that was neither settled nor agreed with.
    fn open_usage(&self, dseq: u64) -> Result<Vec<String>, Error> {
        let mut open = Vec::new();
        for lease in self.leases(dseq, None)? {
            let id = lease.id;
            let order = OrderId { owner: id.owner, dseq: id.dseq, gseq: id.gseq, oseq: id.oseq };
            let request = QueryUsageRecordsByOrderRequest { order_id: order_name(&order) };
            let found = self.ask::<QueryUsageRecordsByOrderRequest, _>(|context| {
                settlement::usage_records_by_order(context, &request)
            })?;
            let records = found.usage_records;
            let is_open = records.into_iter().filter(|record| !record.settled && !record.customer_acknowledged);
            open.extend(is_open.map(|record| record.usage_id));
        }
        Ok(open)
    }
}

/// The id of the escrow that a transaction made.
fn escrow_of(included: &Included) -> Option<String> {
    let data = TxMsgData::decode(included.result.data.as_slice()).ok()?;
    let answer = data.msg_responses.first()?;
    MsgCreateEscrowResponse::decode(answer.value.as_slice()).ok().map(|answer| answer.escrow_id)
}
