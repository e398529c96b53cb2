//! Every check of one order, whatever the first of them says.

use super::capacity::Ledger;
use super::demand::Asked;
use super::desk::{Desk, Fit};
use super::filter;
use super::notes::{Notes, Operand};
use super::price::Quote;
use super::reason::Reason;

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// What it looked at.
    pub operands: Vec<Operand>,
    /// Why it refuses the order, if it does.
    pub refusal: Option<Reason>,
}

/// Whether a back end takes the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackEndCheck {
    /// The back end.
    pub name: Box<str>,
    /// Why it does not, if it does not.
    pub refusal: Option<Reason>,
}

/// Every check of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The filters, all of them.
    pub checks: Vec<Check>,
    /// The back ends, in the order of preference.
    pub back_ends: Vec<BackEndCheck>,
    /// Where it would go; told even where a filter refuses it.
    pub fit: Option<Fit>,
    /// What it costs by the list; `None` where prices come from a program, or there is none.
    pub quote: Option<Quote>,
    /// What refuses it first, the second look left out.
    pub refusal: Option<Reason>,
}

impl Desk<'_> {
    /// Explains an order. The refusal is what [`Desk::fit`] and [`Desk::price`] give.
    pub fn explain(&self, ledger: &Ledger, asked: &Asked<'_>) -> Explanation {
        let case = self.case(asked);
        let mut notes = Notes::on();
        let mut checks = Vec::new();
        for one in filter::ALL {
            let refusal = (one.check)(&case, &mut notes).err();
            checks.push(Check { name: one.name, operands: notes.take(), refusal });
        }
        let mut fit = None;
        let mut back_ends = Vec::new();
        for back_end in 0..ledger.len() {
            let refusal = match self.fits(ledger, back_end, asked) {
                Ok(gpus) => {
                    fit.get_or_insert(Fit { back_end, gpus });
                    None
                }
                Err(reason) => Some(reason),
            };
            back_ends.push(BackEndCheck { name: ledger.name(back_end).into(), refusal });
        }
        let quote = fit.as_ref().and_then(|fit| self.quote(asked, fit).ok()).filter(|_| !self.prices_by_program());
        let refusal = match self.fit(ledger, asked) {
            Err(reason) => Some(reason),
            Ok(_) if self.prices_by_program() => None,
            Ok(fit) => self.price(asked, &fit).err(),
        };
        Explanation { checks, back_ends, fit, quote, refusal }
    }
}
