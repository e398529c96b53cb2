//! What a request speaks of, and whether its credentials allow that.

use axum::http::HeaderMap;

use super::identity::bearer;
use super::{Gateway, Problem};
use crate::domain::address::Address;
use crate::domain::id::{BidId, LeaseId, OrderId};
use crate::domain::tenant_token::{Scope, Target, Token};
use crate::serve::Caller;

/// A tenant at work: who it is, and what its credentials allow. The route has let it in, so the token was checked.
pub(super) struct Tenant {
    /// Its account.
    pub(super) owner: Address,
    token: Option<Token>,
}

/// The numbers of a path.
pub(super) type Numbers = (String, String, String);

impl Gateway {
    /// The tenant who asks.
    pub(super) fn tenant(&self, caller: &Caller, headers: &HeaderMap) -> Result<Tenant, Problem> {
        let Caller::Tenant(address) = caller else { return Err(Problem::forbidden("this is for tenants")) };
        let owner = Address::parse(address, self.prefix()).map_err(|_| Problem::forbidden("this is for tenants"))?;
        let token = bearer(headers).and_then(|text| Token::read(text).ok());
        Ok(Tenant { owner, token })
    }

    /// A deployment of the tenant, if its credentials allow this with all of it.
    pub(super) fn deployment(&self, tenant: &Tenant, dseq: &str, scope: Scope) -> Result<u64, Problem> {
        let dseq = number(dseq, "the number of a deployment")?;
        self.check(tenant, scope, (dseq, None), None)?;
        Ok(dseq)
    }

    /// A lease between the tenant and us, if its credentials allow this with it.
    pub(super) fn lease(
        &self,
        tenant: &Tenant,
        (dseq, gseq, oseq): &Numbers,
        scope: Scope,
        service: Option<&str>,
    ) -> Result<LeaseId, Problem> {
        let dseq = number(dseq, "the number of a deployment")?;
        let part = |text: &str, what| u32::try_from(number(text, what)?).map_err(|_| not_a_number(what));
        let (gseq, oseq) = (part(gseq, "the number of a group")?, part(oseq, "the number of an order")?);
        self.check(tenant, scope, (dseq, Some((gseq, oseq))), service)?;
        let order = OrderId::of(tenant.owner.clone(), dseq, gseq, oseq);
        let order = order.map_err(|error| Problem::bad_request(error.to_string()))?;
        Ok(LeaseId::of(BidId::new(order, self.provider.clone())))
    }

    fn check(
        &self,
        tenant: &Tenant,
        scope: Scope,
        (dseq, order): (u64, Option<(u32, u32)>),
        service: Option<&str>,
    ) -> Result<(), Problem> {
        let target = Target { provider: self.provider.as_ref(), dseq, order, service };
        // A certificate stands for the account itself.
        if tenant.token.as_ref().is_none_or(|token| token.claims.allow(scope, &target)) {
            Ok(())
        } else {
            Err(Problem::unauthorized("the token does not allow that"))
        }
    }
}

fn not_a_number(what: &str) -> Problem {
    Problem::bad_request(format!("{what} is none"))
}

/// A number as the chain writes it: digits alone.
fn number(text: &str, what: &str) -> Result<u64, Problem> {
    let is_plain = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain).ok_or_else(|| not_a_number(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_digits() {
        assert_eq!(number("7", "it").unwrap(), 7);
        for text in ["", "-1", "+7", "7 ", "0x7", "18446744073709551616", "٧"] {
            assert_eq!(number(text, "it").unwrap_err().status(), 400, "{text:?}");
        }
    }
}
