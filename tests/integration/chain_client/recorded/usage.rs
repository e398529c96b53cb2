//! Usage, settlement, recipient keys.

use super::{Reader, number, rows, text};
use crate::replay::Line;
use provider::chain::client::UsageFilter;
use provider::domain::id::OrderId;

impl Reader {
    pub(super) async fn usage(&self, method: &str, line: &Line) -> bool {
        let (client, request, response) = (&self.client, &line["request"], &line["response"]);
        let order = || OrderId::parse(text(request, "/order_id"), self.prefix).unwrap();
        match method {
            "Escrow" => assert_eq!(client.settlement_escrow(text(request, "/escrow_id")).await.unwrap().value, None),
            "EscrowsByOrder" => {
                let found = client.settlement_escrows(&order()).await.unwrap().value;
                let states: Vec<_> = found.iter().map(|escrow| escrow.state.word()).collect();
                let told: Vec<_> = rows(line, "escrows").iter().map(|escrow| text(escrow, "/state")).collect();
                assert_eq!((states, found[0].id.as_str()), (told, "escrow-1"));
            }
            "UsageRecordsByOrder" => {
                let found = client.usage_records(&order()).await.unwrap().value;
                let told = rows(line, "usage_records");
                assert_eq!(found.len(), told.len());
                for (record, told) in found.iter().zip(told) {
                    assert_eq!(
                        (record.id.as_str(), record.units),
                        (text(told, "/usage_id"), number(told, "/usage_units"))
                    );
                    assert_eq!(record.total_cost[0].amount.to_string(), text(told, "/total_cost/0/amount"));
                }
            }
            "UsageRecord" => {
                let found = client.usage_record(text(request, "/usage_id")).await.unwrap().value.unwrap();
                assert_eq!(found.settlement_id.as_deref(), Some(text(response, "/usage_record/settlement_id")));
            }
            "UsageSummary" => {
                let filter = UsageFilter { order: Some(order()), ..UsageFilter::default() };
                let found = client.usage_summary(&filter).await.unwrap().value;
                assert_eq!(found.units, number(response, "/summary/total_usage_units"));
                assert_eq!(found.by_type.len(), response["summary"]["by_usage_type"].as_array().unwrap().len());
            }
            "SettlementsByOrder" => {
                let found = client.settlements(&order()).await.unwrap().value;
                let shares: Vec<_> = found.iter().map(|settled| settled.provider_share[0].amount.to_string()).collect();
                let told = rows(line, "settlements");
                let told: Vec<_> = told.iter().map(|settled| text(settled, "/provider_share/0/amount")).collect();
                assert_eq!(shares, told);
            }
            "RecipientKey" => {
                let found = client.recipient_keys(&self.address(text(request, "/address"))).await.unwrap().value;
                let told: Vec<_> =
                    rows(line, "keys").iter().map(|key| text(key, "/key_fingerprint").to_owned()).collect();
                assert_eq!(found.iter().map(|key| key.fingerprint.clone()).collect::<Vec<_>>(), told);
                for (key, told) in found.iter().zip(rows(line, "keys")) {
                    assert_eq!(key.revoked_at.is_some(), told.get("revoked_at").is_some());
                    assert_eq!(key.deprecated_at.is_some(), told.get("deprecated_at").is_some());
                }
            }
            "Params" if response["params"].get("platform_fee_rate").is_some() => {
                let params = client.settlement_params().await.unwrap().value;
                assert_eq!(params.platform_fee_rate.to_string(), "0.05");
                assert_eq!(params.period.as_secs(), 86_400);
            }
            "Params" => {
                let params = client.encryption_params().await.unwrap().value;
                assert_eq!(u64::from(params.keys_per_account), number(response, "/params/max_keys_per_account"));
            }
            _ => return false,
        }
        true
    }
}
