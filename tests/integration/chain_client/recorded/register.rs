//! Providers, deployments, escrow, certificates, audited attributes.

use super::{Reader, id, rows, text};
use crate::replay::Line;
use provider::domain::escrow::{AccountId, EscrowState};
use provider::domain::id::{DeploymentId, GroupId};

impl Reader {
    pub(super) async fn register(&self, method: &str, line: &Line) -> bool {
        let (client, request, response) = (&self.client, &line["request"], &line["response"]);
        let note = text(line, "/note");
        match method {
            "Provider" => {
                let found = client.provider(&self.address(text(request, "/owner"))).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(provider) = found else { return true };
                assert_eq!(provider.host_uri, text(response, "/provider/host_uri"));
                assert_eq!(provider.attributes.len(), response["provider"]["attributes"].as_array().unwrap().len());
            }
            "Providers" => {
                let mut found = 0;
                client.providers().for_each(|_| found += 1).await.unwrap();
                assert_eq!(found, rows(line, "providers").len());
            }
            "ProviderAttributes" => {
                let found = client.audited_attributes(&self.address(text(request, "/owner"))).await.unwrap().value;
                assert_eq!(found.len(), rows(line, "providers").len(), "{note}");
            }
            "Deployment" => {
                let deployment = DeploymentId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.deployment(&deployment).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(deployment) = found else { return true };
                assert_eq!(deployment.state.word(), text(response, "/deployment/state"), "{note}");
                let groups: Vec<_> = deployment.groups.iter().map(|group| group.state.word()).collect();
                let told: Vec<_> = rows(line, "groups").iter().map(|group| text(group, "/state")).collect();
                assert_eq!(groups, told, "{note}");
                assert_eq!(deployment.escrow.state.word(), text(response, "/escrow_account/state/state"), "{note}");
            }
            "Group" => {
                let group = GroupId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.group(&group).await.unwrap().value.unwrap();
                assert_eq!(found.state.word(), text(response, "/group/state"), "{note}");
            }
            "Accounts" | "Payments" => return self.escrow(method, line).await,
            "Certificates" => {
                let filter = &request["filter"];
                if filter.get("serial").is_some() {
                    return false;
                }
                let state = filter.get("state").map(|_| provider::domain::certificate::CertificateState::Valid);
                let mut found = Vec::new();
                let pages = client.certificates(&self.address(text(filter, "/owner")), state);
                pages.for_each(|row| found.push(row)).await.unwrap();
                let told: Vec<_> =
                    rows(line, "certificates").iter().map(|row| text(row, "/serial").to_owned()).collect();
                assert_eq!(found.iter().map(|row| row.serial.clone()).collect::<Vec<_>>(), told, "{note}");
                assert!(found.iter().all(|row| row.certificate.starts_with(b"-----BEGIN CERTIFICATE-----")));
            }
            "Params" if text(line, "/method").contains(".take.") => {
                assert_eq!(client.take_rates().await.unwrap().value.otherwise, 20);
            }
            "Params" => {
                let params = client.deployment_params().await.unwrap().value;
                assert_eq!(params.minimum_deposits.len(), response["params"]["min_deposits"].as_array().unwrap().len());
            }
            _ => return false,
        }
        true
    }

    async fn escrow(&self, method: &str, line: &Line) -> bool {
        let request = &line["request"];
        let Some(state) = EscrowState::from_word(text(request, "/state")) else { return false };
        let xid = text(request, "/xid").strip_prefix("deployment/").unwrap_or_default();
        let states: Vec<&str> = if method == "Payments" {
            let deployment = (!xid.is_empty()).then(|| DeploymentId::parse(xid, self.prefix).unwrap());
            let found = self.client.payments(state, deployment.as_ref()).await.unwrap().value;
            found.iter().map(|payment| payment.state.word()).collect()
        } else if let Ok(id) = DeploymentId::parse(xid, self.prefix) {
            let id = AccountId::Deployment(id);
            let found = self.client.escrow_account(&id).await.unwrap().value;
            found.iter().map(|account| account.state.word()).collect()
        } else {
            let tenant = (!xid.is_empty()).then(|| self.address(xid));
            let found = self.client.escrow_accounts(state, tenant.as_ref()).await.unwrap().value;
            found.iter().map(|account| account.state.word()).collect()
        };
        let field = if method == "Payments" { "payments" } else { "accounts" };
        let told: Vec<_> = rows(line, field).iter().map(|row| text(row, "/state/state").to_owned()).collect();
        assert_eq!(states, told, "{}", text(line, "/note"));
        true
    }
}
