//! The register of providers, what auditors vouch for, and certificates.

use crate::chain::client::Client;
use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::CallError;
use crate::chain::client::page::Pages;
use crate::chain::from_wire::provider as read;
use crate::chain::wire::{audit, cert, provider as wire};
use crate::domain::address::Address;
use crate::domain::certificate::{Certificate, CertificateState};
use crate::domain::height::Height;
use crate::domain::provider::{AuditedAttributes, Provider};

impl Client {
    /// The provider that an account is registered as.
    pub async fn provider(&self, owner: &Address) -> Result<Reading<Option<Provider>>, CallError> {
        self.provider_of_height(owner, None).await
    }

    /// The same, in the state after a block.
    pub async fn provider_at(&self, owner: &Address, at: Height) -> Result<Reading<Option<Provider>>, CallError> {
        self.provider_of_height(owner, Some(at)).await
    }

    async fn provider_of_height(
        &self,
        owner: &Address,
        at: Option<Height>,
    ) -> Result<Reading<Option<Provider>>, CallError> {
        let request = wire::QueryProviderRequest { owner: owner.to_string() };
        let read = |answer: wire::QueryProviderResponse| {
            let provider = read::provider(answer.provider, self.prefix()).map_err(|error| super::garbage(&error))?;
            super::same(&provider.owner, owner)?;
            Ok(provider)
        };
        self.find(Question::of(format!("provider {owner}")).at(at), &request, read).await
    }

    /// All registered providers.
    pub fn providers(&self) -> Pages<wire::QueryProvidersRequest, Provider> {
        let prefix = self.prefix();
        let request = wire::QueryProvidersRequest { pagination: None };
        self.pages("the list of providers", request, move |row| read::provider(row, prefix))
    }

    /// What auditors vouch for of a provider; nothing where none does.
    pub async fn audited_attributes(&self, owner: &Address) -> Result<Reading<Vec<AuditedAttributes>>, CallError> {
        let request = audit::QueryProviderAttributesRequest { owner: owner.to_string(), pagination: None };
        let read = |answer: audit::QueryProvidersResponse| {
            let audited = answer.providers.into_iter().map(|found| {
                let audited = read::audited(found, self.prefix()).map_err(|error| super::garbage(&error))?;
                super::same(&audited.owner, owner)?;
                Ok(audited)
            });
            audited.collect::<Result<Vec<_>, _>>()
        };
        let found = self.find(Question::of(format!("audited attributes of {owner}")), &request, read).await?;
        Ok(found.map(Option::unwrap_or_default))
    }

    /// The certificates that an account has published.
    pub fn certificates(
        &self,
        owner: &Address,
        state: Option<CertificateState>,
    ) -> Pages<cert::QueryCertificatesRequest, Certificate> {
        let filter = cert::CertificateFilter {
            owner: owner.to_string(),
            serial: String::new(),
            state: state.map(CertificateState::word).unwrap_or_default().to_owned(),
        };
        let owner = owner.clone();
        let request = cert::QueryCertificatesRequest { filter, pagination: None };
        self.pages(format!("the list of certificates of {owner}"), request, move |row| {
            Ok(read::certificate(row, &owner))
        })
    }
}
