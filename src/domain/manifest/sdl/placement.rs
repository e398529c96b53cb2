//! Placement profiles: where, and for how much.

use super::document::Named;
use super::reader::{Reader, plain};
use crate::domain::amount::{Dec18, DecCoin};
use crate::domain::manifest::names::is_attribute_key;
use crate::domain::manifest::{Attribute, Requirements, limits};
use crate::domain::yaml::Entry;

/// A placement as written.
#[derive(Debug, Default)]
pub(super) struct Placement {
    pub(super) requirements: Requirements,
    /// By compute profile: at most this for one instance, by the block. None where it is no price.
    pub(super) prices: Named<Option<DecCoin>>,
}

pub(super) fn read(reader: &mut Reader, entry: &Entry) -> Placement {
    let fields = reader.fields(&entry.value, "a placement");
    let mut requirements = Requirements::default();
    if let Some(entry) = fields.get("attributes") {
        for entry in reader.entries(&entry.value, "attributes") {
            if !is_attribute_key(&entry.key, false) {
                reader.problem(&entry.key_span, format_args!("{:?} is no key of an attribute", entry.key));
            }
            let value = reader.text(&entry.value, &entry.key);
            requirements.attributes.push(Attribute { key: entry.key.clone(), value });
        }
        requirements.attributes.sort();
    }
    if let Some(entry) = fields.get("signedBy") {
        let fields = reader.fields(&entry.value, "signedBy");
        requirements.all_of = plain(&reader.field_texts(&fields, "allOf").unwrap_or_default());
        requirements.any_of = plain(&reader.field_texts(&fields, "anyOf").unwrap_or_default());
    }
    let prices = fields.get("pricing").map(|entry| reader.named(&entry.value, "pricing", price)).unwrap_or_default();
    Placement { requirements, prices }
}

pub(super) fn price(reader: &mut Reader, entry: &Entry) -> Option<DecCoin> {
    let fields = reader.fields(&entry.value, "a price");
    let amount = reader.field_text(&fields, "amount");
    let denom = reader.field_text(&fields, "denom");
    let price = amount.value.parse::<Dec18>().ok().filter(|amount| amount.is_positive());
    let price = price.filter(|amount| *amount <= Dec18::from(limits::PRICE));
    if price.is_none() {
        let place = if amount.span.is_empty() { &entry.key_span } else { &amount.span };
        let text = format!("{:?} is no price; the chain takes above 0 to {}", amount.value, limits::PRICE);
        reader.problem(place, text);
    }
    let coin = denom.value.parse().ok();
    if coin.is_none() {
        let place = if denom.span.is_empty() { &entry.key_span } else { &denom.span };
        reader.problem(place, format_args!("{:?} is no denomination", denom.value));
    }
    Some(DecCoin { amount: price?, denom: coin? })
}
