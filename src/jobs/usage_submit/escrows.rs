//! The settlement escrow of each order: whether it pays for usage that we record.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Request, Submitted};
use crate::domain::address::Address;
use crate::domain::fault::in_one_line;
use crate::domain::id::OrderId;
use crate::domain::settlement::{Escrow, EscrowState};
use crate::jobs::Circumstances;
use crate::jobs::settlement_sync::Unread;
use crate::store::usage::RecordRow;

/// What an order's escrows are to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Paying {
    /// Active, and ours: until when.
    Active(Option<Timestamp>),
    /// Made by the tenant for this order, and nobody is named yet: we may name ourselves.
    ToActivate(String),
    /// None that pays us, and why.
    None(String),
}

/// Reads the escrows of the orders of records. An order that could not be read is not among them: nothing is concluded.
pub(super) async fn read(
    given: Circumstances<'_>,
    request: &Request<'_>,
    records: &[RecordRow],
    done: &mut Submitted,
) -> BTreeMap<OrderId, Paying> {
    let orders: BTreeSet<OrderId> = records.iter().map(|row| row.facts.lease.order().clone()).collect();
    let mut all = BTreeMap::new();
    for order in orders {
        if (given.should_stop)() {
            done.synced.interrupted = true;
            break;
        }
        match request.sending.client.settlement_escrows(&order).await {
            Ok(found) => {
                all.insert(order, judge(&found.value, request.provider));
            }
            Err(error) => {
                done.unread.push(Unread { what: format!("the escrows of {order}"), error: in_one_line(&error) });
            }
        }
    }
    all
}

fn judge(escrows: &[Escrow], provider: &Address) -> Paying {
    let active = escrows.iter().find(|escrow| escrow.state == EscrowState::Active);
    if let Some(active) = active {
        return match &active.recipient {
            Some(recipient) if recipient == provider => Paying::Active(active.expires_at),
            Some(other) => Paying::None(format!("{} pays {other}", active.id)),
            None => Paying::None(format!("{} names nobody", active.id)),
        };
    }
    if let Some(pending) = escrows.iter().find(|escrow| escrow.state == EscrowState::Pending) {
        return Paying::ToActivate(pending.id.clone());
    }
    Paying::None(match escrows.last() {
        None => "the tenant made none for this order".to_owned(),
        Some(last) => format!("{} is {}", last.id, last.state.word()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escrow(id: &str, state: EscrowState, recipient: Option<&str>) -> Escrow {
        let address = |text: &str| Address::parse(text, "ve").unwrap();
        Escrow {
            id: id.to_owned(),
            order_id: "order".to_owned(),
            lease_id: String::new(),
            depositor: address("ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw"),
            recipient: recipient.map(address),
            amount: Vec::new(),
            balance: Vec::new(),
            state,
            created_at: None,
            expires_at: Timestamp::from_second(9).ok(),
            activated_at: None,
            closed_at: None,
            closure_reason: String::new(),
            settled: Vec::new(),
            settlements: 0,
        }
    }

    #[test]
    fn only_an_active_escrow_of_ours_pays() {
        let (us, them) = ("ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg", "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw");
        let provider = Address::parse(us, "ve").unwrap();
        let judge = |escrows: &[Escrow]| judge(escrows, &provider);
        assert_eq!(judge(&[]), Paying::None("the tenant made none for this order".to_owned()));
        assert_eq!(judge(&[escrow("e1", EscrowState::Expired, Some(us))]), Paying::None("e1 is expired".to_owned()));
        assert_eq!(
            judge(&[escrow("e1", EscrowState::Active, Some(us))]),
            Paying::Active(Timestamp::from_second(9).ok())
        );
        assert_eq!(judge(&[escrow("e1", EscrowState::Active, Some(them))]), Paying::None(format!("e1 pays {them}")));
        assert_eq!(judge(&[escrow("e1", EscrowState::Pending, None)]), Paying::ToActivate("e1".to_owned()));
    }
}
