//! What metering, usage and alerts cannot all be at once.

use super::Check;
use crate::config::schema::MetricsSource;
use crate::domain::duration;

impl Check<'_, '_> {
    pub(super) fn usage(&mut self) {
        self.windows();
        self.usage_prices();
        self.prometheus();
        let alerts = &self.settings.alerts;
        if alerts.capacity_warning > alerts.capacity_critical {
            let message = "`alerts.capacity_warning` is above `capacity_critical`".to_owned();
            self.complain("alerts.capacity_warning", message, "the warning comes first");
        }
    }

    /// Every window must be a record that the fraud check lets through.
    fn windows(&mut self) {
        let (interval, fraud) = (self.settings.metering.interval, &self.settings.fraud);
        let (shortest, longest) = (fraud.min_record_duration, fraud.max_record_duration);
        if shortest > interval {
            let message =
                format!("`fraud.min_record_duration` is longer than a window of {}", duration::display(interval));
            self.complain("fraud.min_record_duration", message, "every usage record would be held for review");
        }
        if longest < interval {
            let message =
                format!("`fraud.max_record_duration` is shorter than a window of {}", duration::display(interval));
            self.complain("fraud.max_record_duration", message, "every usage record would be held for review");
        }
    }

    /// Usage is charged in one denomination: the price list's, or its own.
    fn usage_prices(&mut self) {
        let (prices, list) = (&self.settings.usage.prices, &self.settings.pricing.base_prices);
        let all = [
            ("usage.prices.cpu_core_hour", &prices.cpu_core_hour),
            ("usage.prices.memory_gb_hour", &prices.memory_gb_hour),
            ("usage.prices.storage_gb_hour", &prices.storage_gb_hour),
            ("usage.prices.gpu_hour", &prices.gpu_hour),
            ("usage.prices.ingress_gb", &prices.ingress_gb),
            ("usage.prices.egress_gb", &prices.egress_gb),
        ];
        let priced = all
            .into_iter()
            .filter_map(|(path, price)| price.as_ref().map(|price| (path, price.coin.denom.to_string())));
        let priced: Vec<_> = priced.collect();
        let both = prices.ingress_gb.is_some() && prices.egress_gb.is_some();
        let listed = list.bandwidth_gb.as_ref().filter(|_| !both).map(|price| price.coin.denom.to_string());
        let first = listed.or_else(|| priced.first().map(|(_, denom)| denom.clone()));
        for (path, denom) in priced {
            self.known_denomination(path, &denom);
            if first.as_ref().is_some_and(|first| *first != denom) {
                let message =
                    format!("usage is charged in {} elsewhere, here in {denom}", first.clone().unwrap_or_default());
                self.complain(path, message, "write every price of usage in one denomination");
            }
        }
    }

    fn prometheus(&mut self) {
        let prometheus = &self.settings.usage.prometheus;
        let queries = [
            &prometheus.cpu_seconds,
            &prometheus.memory_byte_seconds,
            &prometheus.storage_byte_seconds,
            &prometheus.network_bytes_in,
            &prometheus.network_bytes_out,
            &prometheus.gpu_seconds,
        ];
        let wanted = self.settings.usage.metrics_sources.contains(&MetricsSource::Prometheus);
        let asked = queries.iter().any(|query| query.is_some());
        let (address, user, token) =
            (prometheus.address.is_some(), prometheus.username.is_some(), prometheus.bearer_token.is_some());
        let password = prometheus.password.is_some();
        if wanted && !(address && asked) {
            let what = if address { "no query for any metric" } else { "no address of a server" };
            let message = format!("usage is to come from Prometheus, but `usage.prometheus` has {what}");
            self.advise("usage.metrics_sources", message, "write both; until then the other sources are asked alone");
        }
        if token && user {
            let message = "`usage.prometheus` has both a user name and a token".to_owned();
            self.complain("usage.prometheus.bearer_token", message, "keep the one that the server asks for");
        }
        if user != password {
            let message = "`usage.prometheus` has a user name or a password without the other".to_owned();
            let path = if user { "usage.prometheus.username" } else { "usage.prometheus.password" };
            self.complain(path, message, "write both");
        }
    }
}
