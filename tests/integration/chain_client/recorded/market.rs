//! Orders, bids, leases.

use super::{Reader, id, is_from_the_front, number, rows, text};
use crate::replay::Line;
use provider::chain::client::{BidFilter, LeaseFilter, OrderFilter};
use provider::domain::height::Height;
use provider::domain::id::{BidId, LeaseId, OrderId};
use provider::domain::lease::{ClosedReason, LeaseState};
use provider::domain::order::{BidState, OrderState};
use serde_json::Value;

impl Reader {
    pub(super) async fn market(&self, method: &str, line: &Line) -> bool {
        let (client, request, response) = (&self.client, &line["request"], &line["response"]);
        let note = text(line, "/note");
        match method {
            "Order" => {
                let order = OrderId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.order(&order).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(order) = found else { return true };
                assert_eq!(order.state.word(), text(response, "/order/state"), "{note}");
                assert_eq!(order.spec.units.len(), response["order"]["spec"]["resources"].as_array().unwrap().len());
                assert_eq!(order.created_at, Height(number(response, "/order/created_at")));
            }
            "Bid" => {
                let bid = BidId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.bid(&bid).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(bid) = found else { return true };
                assert_eq!(bid.state.word(), text(response, "/bid/state"), "{note}");
                assert_eq!(bid.escrow.state.word(), text(response, "/escrow_account/state/state"), "{note}");
            }
            "Lease" => {
                let lease = LeaseId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.lease(&lease).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(lease) = found else { return true };
                assert_eq!(lease.state.word(), text(response, "/lease/state"), "{note}");
                assert_eq!(lease.reason.map(ClosedReason::word).unwrap_or_default(), text(response, "/lease/reason"));
                let overdrawn = text(response, "/escrow_payment/state/state") == "overdrawn";
                assert_eq!(lease.ran_out_of_funds(), overdrawn, "{note}");
                assert_eq!(lease.closed_on, Some(Height(number(response, "/lease/closed_on"))).filter(|at| at.0 > 0));
            }
            "Orders" | "Bids" | "Leases" => return self.listing(method, line).await,
            "Params" => {
                let params = client.market_params().await.unwrap().value;
                assert_eq!(u64::from(params.bids_per_order), number(response, "/params/order_max_bids"));
                assert_eq!(params.minimum_bid_deposits[0].amount.to_string(), "500000");
            }
            _ => return false,
        }
        true
    }

    /// A listing from its first page on; the pages that follow were recorded after it.
    async fn listing(&self, method: &str, line: &Line) -> bool {
        let (request, filters) = (&line["request"], &line["request"]["filters"]);
        let known = ["owner", "dseq", "state", "provider"];
        let Some(limit) = is_from_the_front(request) else { return false };
        if line["code"] != 0 || !filters.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())) {
            return false;
        }
        let address = |field: &str| filters.get(field).and_then(Value::as_str).map(|text| self.address(text));
        let (owner, provider, dseq) = (address("owner"), address("provider"), filters.get("dseq"));
        let dseq = dseq.map(|dseq| dseq.as_str().unwrap().parse().unwrap());
        let state = filters.get("state").and_then(Value::as_str);
        let mut found = Vec::new();
        let complete = match method {
            "Orders" => {
                let state = state.map(|word| OrderState::from_word(word).unwrap());
                let pages = self.client.orders(&OrderFilter { owner, dseq, state });
                pages.rows_a_page(limit).for_each(|row| found.push((row.id.to_string(), row.state.word()))).await
            }
            "Bids" => {
                // Of one order is asked by its whole id; a deployment's bids were recorded without.
                if owner.is_some() {
                    return false;
                }
                let state = state.map(|word| BidState::from_word(word).unwrap());
                let pages = self.client.bids(&BidFilter { order: None, provider, state });
                pages.rows_a_page(limit).for_each(|row| found.push((row.id.to_string(), row.state.word()))).await
            }
            _ => {
                let state = state.map(|word| LeaseState::from_word(word).unwrap());
                let pages = self.client.leases(&LeaseFilter { owner, dseq, provider, state });
                pages.rows_a_page(limit).for_each(|row| found.push((row.id.to_string(), row.state.word()))).await
            }
        }
        .unwrap();
        assert_eq!(complete.rows(), found.len() as u64);
        let (field, inner) = match method {
            "Orders" => ("orders", ""),
            "Bids" => ("bids", "/bid"),
            _ => ("leases", "/lease"),
        };
        let row = |row: &Value| {
            let state = text(row, &format!("{inner}/state")).to_owned();
            (id(row.pointer(&format!("{inner}/id")).unwrap()), state)
        };
        let first: Vec<_> = rows(line, field).into_iter().map(row).collect();
        let begun: Vec<_> =
            found.iter().take(first.len()).map(|(id, state)| (id.clone(), (*state).to_owned())).collect();
        assert_eq!(begun, first, "{}", text(line, "/note"));
        assert_eq!(found.len() > first.len(), line["response"]["pagination"].get("next_key").is_some());
        true
    }
}
