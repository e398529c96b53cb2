//! Price lists, rates, the price program and inventories.

use super::super::diagnostic::{Diagnostic, Severity};
use super::super::lookup::Origin;
use super::super::schema::{Adapter, Strategy};
use super::super::source::Place;
use super::super::terms;
use super::super::value::{Choice, Price};
use super::Check;
use crate::domain::amount::{DecCoin, Denom};
use crate::domain::bid::GpuModel;

impl Check<'_, '_> {
    /// What denominations of others are worth.
    pub(super) fn rates(&mut self) {
        let network = self.lookup.network;
        for (name, rate) in self.settings.pricing.rates.clone() {
            self.denomination_key("pricing.rates", &name);
            let worth = rate.coin.denom.to_string();
            if worth == name {
                let message = format!("the rate of `{name}` is in `{name}` itself");
                self.complain("pricing.rates", message, "write what one unit of it costs in another denomination");
            }
            if rate.coin.amount.is_zero() {
                let message = format!("the rate of `{name}` is zero");
                self.complain("pricing.rates", message, "leave it out: orders in it get no bid then");
            }
            if network.unit(&worth).is_none() {
                let message = format!("the rate of `{name}` is in `{worth}`, which has no worth itself");
                self.complain("pricing.rates", message, &format!("write it in {}", network.fee_denomination));
            }
        }
    }

    /// At most one of the three forms of price lists, each in one denomination that orders can have.
    pub(super) fn price_lists(&mut self) {
        let forms: Vec<(&str, String, Place)> = ["bidding.base_prices.", "pricing.hourly", "pricing.block"]
            .into_iter()
            .filter_map(|form| self.first_price(form))
            .collect();
        if let [(_, first, first_place), (_, second, second_place), ..] = forms.as_slice() {
            let diagnostic = Diagnostic::error(second_place.clone(), "two forms of price lists are mixed")
                .label(format!("`{second}` is of another form"))
                .other(first_place.clone(), format!("`{first}` is of one form"))
                .help("use bidding.base_prices, or pricing.*_per_*, or pricing per block; see `man 5 provider-config`");
            self.lookup.diagnostics.push(diagnostic);
        }
        self.denominations();
        let sells = self.settings.bidding.enabled && !self.settings.orchestration.enabled().is_empty();
        let by_program = self.settings.bidding.strategy == Strategy::Custom;
        if sells && forms.is_empty() && !by_program {
            let mut diagnostic = Diagnostic::error_anywhere("a back end is to be sold, but there is no price list");
            diagnostic.severity = Severity::Warning;
            diagnostic.place = self.place("orchestration.adapter");
            let help = "write bidding.base_prices, or bidding.enabled: false; until then no order gets a bid";
            self.lookup.diagnostics.push(diagnostic.help(help));
        }
    }

    fn first_price(&self, form: &'static str) -> Option<(&'static str, String, Place)> {
        let mut keys = self.lookup.effective.iter().filter(|value| match form {
            "pricing.hourly" => HOURLY.contains(&value.path.as_str()),
            "pricing.block" => BLOCK.contains(&value.path.as_str()),
            prefix => value.path.starts_with(prefix),
        });
        keys.find_map(|value| match &value.origin {
            // An empty table has no price.
            Origin::Written(place) if value.value != serde_json::json!({}) => {
                Some((form, value.path.clone(), place.clone()))
            }
            Origin::Written(_) | Origin::Default => None,
        })
    }

    fn denominations(&mut self) {
        let pricing = &self.settings.pricing;
        let (base, hourly, block) = (&pricing.base_prices, &pricing.hourly, &pricing.block);
        let lists: [(&str, Vec<&Price>); 3] = [
            (
                "bidding.base_prices.cpu_core",
                [
                    &base.cpu_core,
                    &base.memory_gb,
                    &base.gpu_unit,
                    &base.storage_gb,
                    &base.bandwidth_gb,
                    &base.endpoint,
                    &base.leased_ip,
                ]
                .into_iter()
                .flatten()
                .chain(base.gpu_models.values())
                .chain(base.storage_classes.values())
                .collect(),
            ),
            (
                "pricing.cpu_price_per_core",
                [
                    &hourly.cpu_price_per_core,
                    &hourly.memory_price_per_gb,
                    &hourly.storage_price_per_gb,
                    &hourly.gpu_price_per_hour,
                    &hourly.endpoint_price_per_hour,
                    &hourly.ip_price_per_hour,
                    &hourly.min_bid_price,
                ]
                .into_iter()
                .flatten()
                .chain(hourly.gpu_model_prices_per_hour.values())
                .chain(hourly.storage_class_prices_per_gb.values())
                .collect(),
            ),
            (
                "pricing.cpu_millicores",
                [
                    &block.cpu_millicores,
                    &block.memory_mb,
                    &block.storage_mb,
                    &block.gpu,
                    &block.endpoint,
                    &block.leased_ip,
                ]
                .into_iter()
                .flatten()
                .chain(block.gpu_models.values())
                .chain(block.storage_classes_mb.values())
                .collect(),
            ),
        ];
        for (path, prices) in lists {
            let coins: Vec<&DecCoin> = prices.into_iter().map(|price| &price.coin).collect();
            let Some(first) = coins.first() else { continue };
            if let Some(other) = coins.iter().find(|coin| coin.denom != first.denom) {
                let message = format!("a price list mixes the denominations {} and {}", first.denom, other.denom);
                self.complain(path, message, "write every price of a list in one denomination");
            }
            self.known_denomination(path, first.denom.as_ref());
        }
    }

    /// A name under which a rate or a list stands: a denomination on chain, not a unit above it.
    fn denomination_key(&mut self, path: &str, name: &str) {
        let unit = self.lookup.network.unit(name);
        let base = unit.is_none_or(|unit| unit.base == name);
        if !base || name.parse::<Denom>().is_err() {
            let message = format!("`{name}` in {path} is no denomination on chain");
            let help = unit.map_or("write it as orders do".to_owned(), |unit| format!("write {}", unit.base));
            self.complain(path, message, &help);
        }
    }

    /// Lists of further denominations, and what of them can be read only in the words of bidding.
    pub(super) fn further_lists(&mut self) {
        let main = terms::terms(self.settings).pricing.lists.first().map(|list| list.denomination.to_string());
        for name in self.settings.pricing.lists.clone().into_keys() {
            self.denomination_key("pricing.lists", &name);
            if self.settings.pricing.rates.contains_key(&name) {
                let message = format!("`{name}` has a list and a rate");
                self.complain("pricing.lists", message, "keep one of them: the list counts");
            }
            let further = self.settings.pricing.lists.len();
            let written = terms::terms(self.settings).pricing.lists.len();
            if main.as_deref() == Some(name.as_str()) && written > further {
                let message = format!("`{name}` has two price lists");
                self.complain("pricing.lists", message, "keep the one under `pricing` or `bidding.base_prices`");
            }
        }
    }

    /// GPU models in prices and inventories.
    pub(super) fn models(&mut self) {
        let (pricing, capacity) = (&self.settings.pricing, &self.settings.capacity);
        let mut names: Vec<(&str, String)> = Vec::new();
        let tables = [
            ("bidding.base_prices.gpu_models", &pricing.base_prices.gpu_models),
            ("pricing.gpu_model_prices_per_hour", &pricing.hourly.gpu_model_prices_per_hour),
            ("pricing.gpu_models", &pricing.block.gpu_models),
        ];
        for (path, table) in tables {
            names.extend(table.keys().map(|name| (path, name.clone())));
        }
        let further = pricing.lists.values().filter_map(|list| list.gpu_models.as_ref());
        names.extend(further.flat_map(|table| table.keys().map(|name| ("pricing.lists", name.clone()))));
        names.extend(capacity.gpu_models.keys().map(|name| ("capacity.gpu_models", name.clone())));
        let of_nodes = capacity.nodes.iter().filter_map(|group| group.gpu_models.as_ref());
        names.extend(of_nodes.flat_map(|table| table.keys().map(|name| ("capacity.nodes", name.clone()))));
        for back_end in capacity.back_ends.values() {
            let of_nodes = back_end.nodes.iter().flatten().filter_map(|group| group.gpu_models.as_ref());
            let all = back_end.gpu_models.iter().chain(of_nodes).flat_map(|table| table.keys());
            names.extend(all.map(|name| ("capacity.back_ends", name.clone())));
        }
        for (path, name) in names {
            if let Err(error) = name.parse::<GpuModel>() {
                self.complain(path, format!("`{name}` is no GPU model"), &error.to_string());
            }
        }
    }

    /// Traffic is in a bid where it has a price and an amount; one without the other is told.
    pub(super) fn traffic(&mut self) {
        let bidding = &self.settings.bidding;
        if bidding.strategy == Strategy::Custom {
            return;
        }
        let lists = terms::terms(self.settings).pricing.lists;
        let (priced, free): (Vec<_>, Vec<_>) = lists.iter().partition(|list| !list.traffic_gib.is_zero());
        if bidding.expected_traffic.0 == 0 && !priced.is_empty() {
            let base = "bidding.base_prices.bandwidth_gb";
            let path = if self.place(base).is_some() { base } else { "pricing.lists" };
            let message = "traffic has a price, and no bid contains any: `bidding.expected_traffic` is 0".to_owned();
            let help = "write what an instance sends and receives within an hour; without it traffic costs only what \
                        usage records charge for it";
            self.advise(path, message, help);
        } else if bidding.expected_traffic.0 > 0 && !free.is_empty() {
            let names: Vec<String> = free.iter().map(|list| list.denomination.to_string()).collect();
            let message = format!(
                "`bidding.expected_traffic` is in no bid in {}: the price list has no price for traffic",
                names.join(", ")
            );
            let help = "write bidding.base_prices.bandwidth_gb, or `bandwidth_gb` in pricing.lists; the other forms of \
                        price lists have no price for it";
            self.advise("bidding.expected_traffic", message, help);
        }
    }

    /// Bids that nobody takes are closed: where fewer may be closed than made, some stay open and keep their deposits.
    pub(super) fn closings(&mut self) {
        let bidding = &self.settings.bidding;
        let (bids, closings) = (bidding.max_bids_per_hour, bidding.max_closings_per_hour);
        if closings < bids {
            let message = format!("{bids} bids may be made in an hour, and only {closings} of them closed");
            let at = |path: &&str| self.place(path).is_some();
            let paths = ["bidding.max_closings_per_hour", "bidding.max_bids_per_hour"];
            let path = paths.into_iter().find(|path| at(path)).unwrap_or("bidding");
            self.advise(
                path,
                message,
                "raise bidding.max_closings_per_hour: bids that nobody takes keep their deposits",
            );
        }
    }

    /// The `custom` strategy needs its program, and a program is of use to no other.
    pub(super) fn program(&mut self) {
        let bidding = &self.settings.bidding;
        let custom = bidding.strategy == Strategy::Custom;
        if custom && bidding.custom.program.is_none() {
            let message = "`bidding.strategy` is custom, but there is no `bidding.custom.program`".to_owned();
            self.complain("bidding.strategy", message, "name the program, or choose fixed or dynamic");
        }
        if !custom && bidding.custom.program.is_some() {
            let message = "`bidding.custom.program` is not used: `bidding.strategy` is not custom";
            let mut diagnostic = Diagnostic::error_anywhere(message);
            diagnostic.severity = Severity::Warning;
            diagnostic.place = self.place("bidding.custom.program");
            self.lookup.diagnostics.push(diagnostic.help("write bidding.strategy: custom, or remove the program"));
        }
    }

    /// Inventories belong to back ends that are sold.
    pub(super) fn inventories(&mut self) {
        let enabled = self.settings.orchestration.enabled();
        for name in self.settings.capacity.back_ends.clone().into_keys() {
            if !Adapter::ALL.iter().any(|adapter| adapter.word() == name) {
                let known: Vec<&str> = Adapter::ALL.iter().map(|adapter| adapter.word()).collect();
                let help = format!("back ends are {}", known.join(", "));
                self.complain("capacity.back_ends", format!("there is no back end `{name}`"), &help);
            } else if !enabled.iter().any(|adapter| adapter.word() == name) {
                let message = format!("`{name}` has a capacity, but is not sold");
                self.complain("capacity.back_ends", message, "add it to orchestration.adapter, or remove it here");
            }
        }
        for adapter in self.settings.bidding.back_end_preference.clone() {
            if !enabled.contains(&adapter) {
                let message = format!("`{}` is preferred, but is not sold", adapter.word());
                self.complain("bidding.back_end_preference", message, "add it to orchestration.adapter");
            }
        }
    }

    /// A denomination that orders of the network can have, or that a rate gives a worth to.
    pub(super) fn known_denomination(&mut self, path: &str, denom: &str) {
        let network = self.lookup.network;
        let known: Vec<&str> = network.denominations.iter().map(|denomination| denomination.base).collect();
        if !known.contains(&denom) && !self.settings.pricing.rates.contains_key(denom) {
            let message = format!("no order of {} is in the denomination `{denom}`", network.word);
            let help = format!("use one of {}, or give its worth in pricing.rates.{denom}", known.join(", "));
            self.complain(path, message, &help);
        }
    }
}

const HOURLY: &[&str] = &[
    "pricing.cpu_price_per_core",
    "pricing.memory_price_per_gb",
    "pricing.storage_price_per_gb",
    "pricing.gpu_price_per_hour",
    "pricing.gpu_model_prices_per_hour",
    "pricing.storage_class_prices_per_gb",
    "pricing.endpoint_price_per_hour",
    "pricing.ip_price_per_hour",
    "pricing.min_bid_price",
    "pricing.bid_markup_percent",
    "pricing.currency",
];

const BLOCK: &[&str] = &[
    "pricing.cpu_millicores",
    "pricing.memory_mb",
    "pricing.storage_mb",
    "pricing.gpu",
    "pricing.gpu_models",
    "pricing.storage_classes_mb",
    "pricing.endpoint",
    "pricing.leased_ip",
    "pricing.profit_margin",
];

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::config::{Build, Environment, Request, load};

    /// What is said of a configuration with these lines of `bidding`, warnings included.
    fn said(bidding: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.yaml");
        fs::write(&file, format!("orchestration: {{ adapter: local }}\nbidding: {{ {bidding} }}\n")).unwrap();
        let environment = Environment::of([("HOME", "/nowhere")]);
        let working_folder = folder.path().to_owned();
        let request =
            Request { file: Some(&file), flags: vec![], environment: &environment, working_folder, build: Build::THIS };
        let loaded = load(&request);
        assert!(loaded.settings.is_some(), "{:?}", loaded.diagnostics);
        loaded.diagnostics.into_iter().map(|one| one.message).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn traffic_needs_a_price_and_an_amount() {
        let prices = "cpu_core: 10uve, memory_gb: 5uve";
        assert_eq!(said(&format!("base_prices: {{ {prices} }}")), "");
        let priced = said(&format!("base_prices: {{ {prices}, bandwidth_gb: 2uve }}"));
        assert_eq!(priced, "traffic has a price, and no bid contains any: `bidding.expected_traffic` is 0");
        let expected = said(&format!("base_prices: {{ {prices} }}, expected_traffic: 1Gi"));
        assert!(expected.starts_with("`bidding.expected_traffic` is in no bid in uve"), "{expected}");
        assert_eq!(said(&format!("base_prices: {{ {prices}, bandwidth_gb: 2uve }}, expected_traffic: 1Gi")), "");
    }

    #[test]
    fn as_many_bids_can_be_closed_as_made() {
        let prices = "base_prices: { cpu_core: 10uve }";
        assert_eq!(said(&format!("{prices}, max_bids_per_hour: 200")), "");
        let told = "bids may be made in an hour, and only";
        assert!(said(&format!("{prices}, max_bids_per_hour: 201")).contains(told));
        assert!(said(&format!("{prices}, max_closings_per_hour: 99")).contains(told));
    }
}
