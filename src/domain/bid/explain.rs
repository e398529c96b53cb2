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
    /// The same, and where nothing has room for it the first back end that would take it if it had.
    pub place: Option<Fit>,
    /// What it costs there by the list; `None` where prices come from a program, or there is none.
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
        let place = fit.clone().or_else(|| {
            (0..).zip(&back_ends).find_map(|(back_end, check): (usize, &BackEndCheck)| {
                check.refusal.as_ref().filter(|reason| lacks_room(reason))?;
                Some(Fit { back_end, gpus: ledger.any_gpus(back_end, asked)? })
            })
        });
        let quote =
            place.as_ref().and_then(|place| self.quote(asked, place).ok()).filter(|_| !self.prices_by_program());
        let refusal = match self.fit(ledger, asked) {
            Err(reason) => Some(reason),
            Ok(_) if self.prices_by_program() => None,
            Ok(fit) => self.price(asked, &fit).err(),
        };
        Explanation { checks, back_ends, fit, place, quote, refusal }
    }
}

/// Whether a back end has such things, and too few of them now.
const fn lacks_room(reason: &Reason) -> bool {
    matches!(reason, Reason::Short { .. } | Reason::Fragmented { .. } | Reason::TooFull { .. })
}
