//! The two text formats of Prometheus: the classic one (0.0.4) and OpenMetrics 1.0.
//!
//! Values are exact: whole numbers, decimals and spans of time are written as they are, and no float comes by.

use std::fmt;
use std::time::Duration;

use crate::domain::amount::Dec18;

/// What a family's values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Only grows. Its name ends in `_total`.
    Counter,
    /// Goes up and down.
    Gauge,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Whole(i128),
    Decimal(Dec18),
    /// In seconds.
    Span(Duration),
}

/// A value and what it is of.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    labels: Vec<(&'static str, String)>,
    value: Value,
}

/// Metrics of one name.
#[derive(Debug, Clone)]
pub(super) struct Family {
    name: &'static str,
    kind: Kind,
    help: &'static str,
    samples: Vec<Sample>,
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Whole(number.into())
    }
}

impl From<u128> for Value {
    fn from(number: u128) -> Self {
        Self::Whole(i128::try_from(number).unwrap_or(i128::MAX))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(number.into())
    }
}

impl From<bool> for Value {
    fn from(holds: bool) -> Self {
        Self::Whole(holds.into())
    }
}

impl From<Duration> for Value {
    fn from(span: Duration) -> Self {
        Self::Span(span)
    }
}

impl From<Dec18> for Value {
    fn from(decimal: Dec18) -> Self {
        Self::Decimal(decimal)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => write!(f, "{number}"),
            Self::Decimal(decimal) => write!(f, "{decimal}"),
            Self::Span(span) => write!(f, "{}.{:09}", span.as_secs(), span.subsec_nanos()),
        }
    }
}

impl Family {
    pub(super) const fn new(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self { name, kind, help, samples: Vec::new() }
    }

    pub(super) const fn counter(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::Counter, help)
    }

    pub(super) const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::Gauge, help)
    }

    /// Adds a value without labels.
    #[must_use]
    pub(super) fn is(self, value: impl Into<Value>) -> Self {
        self.of(Vec::new(), value)
    }

    /// Adds a value.
    #[must_use]
    pub(super) fn of(mut self, labels: Vec<(&'static str, String)>, value: impl Into<Value>) -> Self {
        self.samples.push(Sample { labels, value: value.into() });
        self
    }

    /// Adds a value for each of many.
    #[must_use]
    pub(super) fn each<T, V: Into<Value>>(self, label: &'static str, items: impl IntoIterator<Item = (T, V)>) -> Self
    where
        T: ToString,
    {
        items.into_iter().fold(self, |family, (name, value)| family.of(vec![(label, name.to_string())], value))
    }
}

/// Which format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Classic,
    OpenMetrics,
}

impl Form {
    /// What a scraper wants most, of the two.
    pub(super) fn wanted(accept: Option<&str>) -> Self {
        let open = "application/openmetrics-text";
        let weight = |wanted: &str| {
            let parts = accept.unwrap_or_default().split(',').map(str::trim);
            let weights =
                parts.filter(|part| part.split(';').next().is_some_and(|kind| kind.trim() == wanted)).map(|part| {
                    let given = part.split(';').find_map(|field| field.trim().strip_prefix("q="));
                    // Thousandths, as the format has three places.
                    given.map_or(1000, |q| match q.split_once('.') {
                        None => q.parse().unwrap_or(0_u32).saturating_mul(1000),
                        Some((whole, part)) => {
                            let part: String = format!("{part}000").chars().take(3).collect();
                            whole
                                .parse()
                                .unwrap_or(0_u32)
                                .saturating_mul(1000)
                                .saturating_add(part.parse().unwrap_or(0))
                        }
                    })
                });
            weights.max().unwrap_or(0)
        };
        if weight(open) > weight("text/plain") { Self::OpenMetrics } else { Self::Classic }
    }

    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Classic => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Families as text.
pub(super) fn encode(families: &[Family], form: Form) -> String {
    let mut text = String::new();
    for family in families.iter().filter(|family| !family.samples.is_empty()) {
        let kind = match family.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        // OpenMetrics names a family of counters without the ending of its samples.
        let name = match (form, family.kind) {
            (Form::OpenMetrics, Kind::Counter) => family.name.strip_suffix("_total").unwrap_or(family.name),
            (Form::OpenMetrics, Kind::Gauge) | (Form::Classic, _) => family.name,
        };
        let help = family.help.trim_end_matches('.');
        text.push_str(&format!("# HELP {name} {help}.\n# TYPE {name} {kind}\n"));
        for sample in &family.samples {
            text.push_str(family.name);
            let labels: Vec<String> =
                sample.labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
            if !labels.is_empty() {
                text.push_str(&format!("{{{}}}", labels.join(",")));
            }
            text.push_str(&format!(" {}\n", sample.value));
        }
    }
    if form == Form::OpenMetrics {
        text.push_str("# EOF\n");
    }
    text
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_say_the_same() {
        let families = [
            Family::counter("a_total", "What came").of(vec![("of", "x\"\\\ny".into())], 3_u64),
            Family::gauge("b_seconds", "How long.").is(Duration::from_millis(1500)),
            Family::gauge("c", "None."),
            Family::gauge("d", "Money.").is("12.5".parse::<Dec18>().unwrap()),
        ];
        let classic = "# HELP a_total What came.\n# TYPE a_total counter\na_total{of=\"x\\\"\\\\\\ny\"} 3\n\
            # HELP b_seconds How long.\n# TYPE b_seconds gauge\nb_seconds 1.500000000\n\
            # HELP d Money.\n# TYPE d gauge\nd 12.5\n";
        assert_eq!(encode(&families, Form::Classic), classic);
        let open = classic.replacen("HELP a_total", "HELP a", 1).replacen("TYPE a_total", "TYPE a", 1) + "# EOF\n";
        assert_eq!(encode(&families, Form::OpenMetrics), open);
    }

    #[test]
    fn a_scraper_gets_what_it_wants_most() {
        for (accept, form) in [
            (None, Form::Classic),
            (Some("*/*"), Form::Classic),
            (Some("text/plain"), Form::Classic),
            (Some("application/openmetrics-text"), Form::OpenMetrics),
            (
                Some("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"),
                Form::OpenMetrics,
            ),
            (Some("text/plain;version=0.0.4;q=0.5, application/openmetrics-text;q=0.25"), Form::Classic),
        ] {
            assert_eq!(Form::wanted(accept), form, "{accept:?}");
        }
    }
}
