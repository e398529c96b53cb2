//! The filters: questions about an order that need neither a price nor free capacity. One file each.
//!
//! A filter gives the reason why the order gets no bid, or nothing. None depends on another or on the order in which
//! they run; the list below only decides which reason is told of an order that several refuse, so what the operator
//! can least change comes first.

mod attributes;
mod auditors;
mod capabilities;
mod denomination;
mod excluded;
mod region;
mod registered;
mod required;
mod size;
mod tenant;

use std::fmt;

use super::demand::Asked;
use super::notes::Notes;
use super::reason::Reason;
use super::standing::Standing;
use super::terms::Terms;
use crate::domain::manifest::Attribute;

/// What filters look at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The order.
    pub asked: &'a Asked<'a>,
    /// The operator's terms.
    pub terms: &'a Terms,
    /// What we are on chain.
    pub standing: &'a Standing,
}

/// A filter.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Its name in explanations.
    pub name: &'static str,
    /// Refuses an order, or lets it pass.
    pub check: fn(&Case<'_>, &mut Notes) -> Result<(), Reason>,
}

/// Every filter.
pub const ALL: &[Filter] = &[
    Filter { name: "registered", check: registered::check },
    Filter { name: "tenant", check: tenant::check },
    Filter { name: "denomination", check: denomination::check },
    Filter { name: "region", check: region::check },
    Filter { name: "size", check: size::check },
    Filter { name: "excluded_attributes", check: excluded::check },
    Filter { name: "required_attributes", check: required::check },
    Filter { name: "attributes", check: attributes::check },
    Filter { name: "signed_by", check: auditors::check },
    Filter { name: "capabilities", check: capabilities::check },
];

/// The first reason against an order.
pub fn first_refusal(case: &Case<'_>) -> Result<(), Reason> {
    ALL.iter().try_for_each(|filter| (filter.check)(case, &mut Notes::off()))
}

/// `key=value`, as reasons name an attribute. Formatted only where it is told.
struct Named<'a>(&'a Attribute);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.0.key, self.0.value)
    }
}

#[cfg(test)]
mod tests;
