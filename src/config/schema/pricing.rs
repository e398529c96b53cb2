//! Price lists: three forms, of which one is used.

use crate::config::lookup::Effective;
use crate::config::section::section;
use crate::config::value::{Currency, DenominationPrices, Price, Ratio, Value};
use std::collections::BTreeMap;

section! {
    /// Price lists. There are three forms; a configuration uses one of them.
    Pricing at ["pricing"] {
        section base_prices: BasePrices;
        section hourly: HourlyPrices;
        section block: BlockPrices;
        /// What other denominations are worth: one unit of the name costs this much of a denomination with a list.
        rates: BTreeMap<String, Price> = "{}";
        /// Price lists for further denominations, by denomination. An order is priced by the list of its own
        /// denomination, else by a rate, else not at all.
        lists: BTreeMap<String, DenominationPrices> = "{}";
    }

    /// First form: the price of a unit for an hour, in the fee denomination.
    BasePrices at ["bidding.base_prices", "bid_engine.base_prices"] {
        /// A processor core for an hour.
        cpu_core: Option<Price>, like "10uve";
        /// A GiB of memory for an hour.
        memory_gb: Option<Price>, like "5uve";
        /// A GPU for an hour.
        gpu_unit: Option<Price>, like "500uve";
        /// A GiB of storage for an hour.
        storage_gb: Option<Price>, like "1uve";
        /// A GiB of traffic, of which `bidding.expected_traffic` says how much there is.
        bandwidth_gb: Option<Price>, like "0.5uve";
        /// A GPU for an hour, by model: `a100`, `nvidia/a100`, `nvidia/a100/80Gi/sxm`; what says most counts.
        gpu_models: BTreeMap<String, Price> = "{}";
        /// A GiB of persistent storage for an hour, by class.
        storage_classes: BTreeMap<String, Price> = "{}";
        /// A way in from outside for an hour.
        endpoint: Option<Price>, like "0.1uve";
        /// A leased IP for an hour.
        leased_ip: Option<Price>, like "3uve";
    }

    /// Second form: the price of a unit for an hour, with a markup and a minimum, in one currency.
    HourlyPrices at ["pricing"] {
        /// A processor core for an hour.
        cpu_price_per_core: Option<Price>, like "0.001";
        /// A GiB of memory for an hour.
        memory_price_per_gb: Option<Price>, like "0.0005";
        /// A GiB of storage for an hour.
        storage_price_per_gb: Option<Price>, like "0.0001";
        /// A GPU for an hour.
        gpu_price_per_hour: Option<Price>, like "0.05";
        /// A GPU for an hour, by model.
        gpu_model_prices_per_hour: BTreeMap<String, Price> = "{}";
        /// A GiB of persistent storage for an hour, by class.
        storage_class_prices_per_gb: BTreeMap<String, Price> = "{}";
        /// A way in from outside for an hour.
        endpoint_price_per_hour: Option<Price>, like "0.00001";
        /// A leased IP for an hour.
        ip_price_per_hour: Option<Price>, like "0.0003";
        /// The least price of a bid for an hour.
        min_bid_price: Option<Price>, like "0.0001";
        /// Added to the cost; a bare number counts percent.
        bid_markup_percent: Option<Ratio>, like "10%", in "0%" ..= "500%", bare "%";
        /// The denomination of prices that name none.
        currency: Option<Currency>, like "ve";
    }

    /// Third form: the price of a unit for a block.
    BlockPrices at ["pricing", "bid_engine.pricing"] {
        /// A thousandth of a core for a block.
        cpu_millicores: Option<Price>, like "0.000001uve";
        /// A MiB of memory for a block.
        memory_mb: Option<Price>, like "0.0000001uve";
        /// A MiB of storage for a block.
        storage_mb: Option<Price>, like "0.00000001uve";
        /// A GPU for a block.
        gpu: Option<Price>, like "0.001uve";
        /// A GPU for a block, by model.
        gpu_models: BTreeMap<String, Price> = "{}";
        /// A MiB of persistent storage for a block, by class.
        storage_classes_mb: BTreeMap<String, Price> = "{}";
        /// A way in from outside for a block.
        endpoint: Option<Price>, like "0.0001uve";
        /// A leased IP for a block.
        leased_ip: Option<Price>, like "0.004uve";
        /// Added to the cost.
        profit_margin: Option<Ratio>, like "0.15", in "0" ..= "5";
    }
}

impl HourlyPrices {
    /// Takes prices that name no denomination to be in the currency, here and in what is shown as effective.
    pub fn apply_currency(&mut self, effective: &mut [Effective]) {
        let Some(currency) = self.currency.clone() else { return };
        let prices = [
            ("pricing.cpu_price_per_core", &mut self.cpu_price_per_core),
            ("pricing.memory_price_per_gb", &mut self.memory_price_per_gb),
            ("pricing.storage_price_per_gb", &mut self.storage_price_per_gb),
            ("pricing.gpu_price_per_hour", &mut self.gpu_price_per_hour),
            ("pricing.endpoint_price_per_hour", &mut self.endpoint_price_per_hour),
            ("pricing.ip_price_per_hour", &mut self.ip_price_per_hour),
            ("pricing.min_bid_price", &mut self.min_bid_price),
        ];
        for (path, price) in prices {
            let Some(meant) = price.as_ref().and_then(|price| price.in_currency(&currency)) else { continue };
            for value in effective.iter_mut().filter(|value| value.path == path) {
                value.value = meant.show();
            }
            *price = Some(meant);
        }
        let tables = [
            ("pricing.gpu_model_prices_per_hour", &mut self.gpu_model_prices_per_hour),
            ("pricing.storage_class_prices_per_gb", &mut self.storage_class_prices_per_gb),
        ];
        for (path, table) in tables {
            for price in table.values_mut() {
                if let Some(meant) = price.in_currency(&currency) {
                    *price = meant;
                }
            }
            for value in effective.iter_mut().filter(|value| value.path == path) {
                value.value = table.show();
            }
        }
    }
}
