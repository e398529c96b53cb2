//! Deciding: everything that is the same for all orders of a run, and one order at a time.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::capacity::{BackEnd, GpuChoice, Ledger, Overall};
use super::demand::Asked;
use super::filter::{self, Case};
use super::funding::{self, Behind, Funding};
use super::gpu::{GpuModel, GpuWish};
use super::price::{BlockTime, Factors, GpuNeed, Quote, Strategy};
use super::reason::{Lasts, Reason};
use super::standing::Standing;
use super::terms::Terms;
use crate::domain::amount::Dec18;
use crate::domain::height::Height;

/// The moment of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct World {
    /// The wall clock.
    pub now: Timestamp,
    /// The chain's height.
    pub height: Height,
    /// How long a block takes.
    pub block: BlockTime,
}

/// What decisions of a run are made from.
#[derive(Debug)]
pub struct Desk<'a> {
    terms: &'a Terms,
    standing: &'a Standing,
    world: World,
    /// By back end.
    factors: Vec<Factors>,
    digests: Digests,
}

/// Where an order would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The back end.
    pub back_end: usize,
    /// The GPU models for its units.
    pub gpus: Vec<GpuChoice>,
}

/// What decisions depend on, each in 64 bits: a decline is as good as new while its digest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digests {
    /// The terms, what we are on chain, and what back ends have.
    pub terms: u64,
    /// And what of it is taken.
    pub capacity: u64,
    /// The terms, and what the same thing costs now.
    pub price: u64,
    /// Everything.
    pub all: u64,
}

impl<'a> Desk<'a> {
    /// The desk of a run, the ledger being as leases and open bids left it.
    pub fn new(
        terms: &'a Terms,
        standing: &'a Standing,
        world: World,
        back_ends: &[BackEnd],
        overall: Overall,
        ledger: &Ledger,
    ) -> Self {
        let factors: Vec<Factors> = (0..ledger.len())
            .map(|back_end| match &terms.pricing.strategy {
                Strategy::Dynamic(multipliers) => multipliers.at(world.now, &ledger.used(back_end)),
                Strategy::Fixed | Strategy::Custom => Factors::default(),
            })
            .collect();
        let base = digest(&(terms, standing, back_ends, overall));
        let capacity = digest(&(base, ledger));
        // With several back ends, which of them an order goes to depends on what is taken, and with it the price.
        let moods = (base, &factors, world.block, (ledger.len() > 1).then_some(capacity));
        let price = digest(&moods);
        let digests = Digests { terms: base, capacity, price, all: digest(&(capacity, price)) };
        Self { terms, standing, world, factors, digests }
    }

    /// What decisions of this run depend on.
    pub const fn digests(&self) -> Digests {
        self.digests
    }

    /// The digest under which a decline of an order holds. `None` where it holds by time, or not at all.
    pub fn basis(&self, asked: &Asked<'_>, reason: &Reason) -> Option<u64> {
        match reason.lasts() {
            Lasts::Terms => Some(self.digests.terms),
            Lasts::Capacity => Some(self.digests.capacity),
            // Which GPU model is left decides what it costs.
            Lasts::Price if asked.demand.gpus > 0 => Some(self.digests.all),
            Lasts::Price => Some(self.digests.price),
            Lasts::ForEver | Lasts::AWhile | Lasts::OneRun => None,
        }
    }

    /// The factors on prices of a back end.
    pub fn factors(&self, back_end: usize) -> Factors {
        self.factors.get(back_end).copied().unwrap_or_default()
    }

    /// The filters, and the back end that an order goes to: the first, in the order of preference, that gives what it
    /// asks for and has it free.
    pub fn fit(&self, ledger: &Ledger, asked: &Asked<'_>) -> Result<Fit, Reason> {
        filter::first_refusal(&self.case(asked))?;
        let mut refusal: Option<Reason> = None;
        for back_end in 0..ledger.len() {
            match self.fits(ledger, back_end, asked) {
                Ok(gpus) => return Ok(Fit { back_end, gpus }),
                // The one that may pass first counts: what another back end never takes, this one may take tomorrow.
                Err(reason) => {
                    let patience = |reason: &Reason| reason.lasts().patience();
                    if refusal.as_ref().is_none_or(|first| patience(&reason) < patience(first)) {
                        refusal = Some(reason);
                    }
                }
            }
        }
        Err(refusal.unwrap_or(Reason::NoBackEnd {}))
    }

    pub(super) fn case<'c>(&'c self, asked: &'c Asked<'c>) -> Case<'c> {
        Case { asked, terms: self.terms, standing: self.standing }
    }

    pub(super) fn fits(&self, ledger: &Ledger, back_end: usize, asked: &Asked<'_>) -> Result<Vec<GpuChoice>, Reason> {
        let list = self.terms.pricing.list_for(asked.denomination).map(|(list, _)| list);
        let rank = |model: &GpuModel, wish: GpuWish<'_>| list.map_or(Dec18::ZERO, |list| list.gpu_rank(model, wish));
        ledger.fits(back_end, asked, &rank)
    }

    /// The price by the list, if the order pays it.
    pub fn price(&self, asked: &Asked<'_>, fit: &Fit) -> Result<Quote, Reason> {
        let quote = self.quote(asked, fit)?;
        self.terms.pricing.affordable(asked, &quote)?;
        Ok(quote)
    }

    /// The price by the list, whether or not the order pays it.
    pub fn quote(&self, asked: &Asked<'_>, fit: &Fit) -> Result<Quote, Reason> {
        let factors = self.factors(fit.back_end);
        let block = self.world.block;
        with_needs(asked, fit, |needs| self.terms.pricing.quote(asked, needs, factors, block))
    }

    /// The price that a program gave, if the order pays it.
    pub fn price_by_program(&self, asked: &Asked<'_>, fit: &Fit, price: Dec18) -> Result<Quote, Reason> {
        let pricing = &self.terms.pricing;
        let block = self.world.block;
        let quote = with_needs(asked, fit, |needs| pricing.quote_of_program(asked, needs, price, block))?;
        pricing.affordable(asked, &quote)?;
        Ok(quote)
    }

    /// The second look: what is behind the order, and whether that is worth it.
    pub fn fund(&self, asked: &Asked<'_>, quote: &Quote, behind: Behind<'_>) -> Result<Funding, Reason> {
        let funding = funding::funding(asked, quote, behind, self.world.height, self.world.block)?;
        funding::worthwhile(asked, &funding, &self.terms.filters, &self.terms.pricing)?;
        Ok(funding)
    }

    /// Whether prices come from a program.
    pub const fn prices_by_program(&self) -> bool {
        self.terms.pricing.by_program()
    }

    /// What a price is worth in the denomination in which orders are compared.
    pub fn worth(&self, asked: &Asked<'_>, quote: &Quote) -> Dec18 {
        self.terms.pricing.worth(quote.price, asked.denomination)
    }
}

/// The GPUs of an order with the models that were chosen for them.
fn with_needs<T>(asked: &Asked<'_>, fit: &Fit, then: impl FnOnce(&[GpuNeed<'_>]) -> T) -> T {
    if fit.gpus.is_empty() {
        return then(&[]);
    }
    let need = |choice: &'_ GpuChoice| {
        let wish = asked.gpu_units().find(|(unit, _)| unit.resources.id == choice.unit).map(|(_, wish)| wish);
        (choice.number, wish.unwrap_or(GpuWish(&[])))
    };
    let needs: Vec<GpuNeed<'_>> = fit
        .gpus
        .iter()
        .map(|choice| {
            let (number, wish) = need(choice);
            GpuNeed { number, model: &choice.model, wish }
        })
        .collect();
    then(&needs)
}

/// The first 64 bits of the hash of what something says of itself. Every collection in it is sorted.
fn digest(thing: &impl std::fmt::Debug) -> u64 {
    let hash = Sha256::digest(format!("{thing:?}"));
    hash.iter().take(8).fold(0, |digest, byte| digest << 8 | u64::from(*byte))
}
