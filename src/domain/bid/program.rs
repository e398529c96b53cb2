//! The contract with an external price program: Akash's, and a form of it for many orders at once.
//!
//! # One order
//! JSON on stdin, one decimal on stdout, exit code 0; anything else is no bid. The price is for a block, in the
//! denomination that was asked for.
//!
//! ```json
//! {"resources": [{"memory": 536870912, "cpu": 500,
//!    "gpu": {"units": 1, "attributes": {"vendor": {"nvidia": {"model": "a100", "ram": "80Gi", "interface": "sxm"}}}},
//!    "storage": [{"class": "ephemeral", "size": 1073741824}],
//!    "count": 1, "endpoint_quantity": 1, "ip_lease_quantity": 0}],
//!  "price": {"denom": "uve", "amount": "1000.000000000000000000"}, "price_precision": 18}
//! ```
//! A unit that would take several models of a vendor names the last of them, as Akash does, and all of them in `models`.
//! `price_precision` is what the chain stores (Akash's own daemon says 6, which is a rounder price).
//!
//! # Many orders
//! One such object a line on stdin, with `order` and `owner` besides; an answer a line on stdout, in any order:
//! `{"order": "…", "price": "12.5"}`, or `{"order": "…", "decline": "why"}`. An order without an answer, or with two,
//! gets no bid; a line that is no answer costs nobody else anything, and is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::demand::{Asked, VolumeKind};
use super::reason::Reason;
use crate::domain::amount::Dec18;
use crate::domain::manifest::{EndpointKind, ResourceUnit};

/// Decimal places of a price.
const PRECISION: usize = Dec18::PLACES;

/// What the program is asked about one order.
pub fn request(asked: &Asked<'_>) -> Value {
    json!({
        "resources": asked.spec.units.iter().map(unit).collect::<Vec<_>>(),
        "price": { "denom": asked.denomination.as_str(), "amount": asked.maximum.fixed().to_string() },
        "price_precision": PRECISION,
    })
}

/// A line of the request about many orders.
pub fn request_line(order: &str, asked: &Asked<'_>) -> String {
    let mut line = request(asked);
    if let Value::Object(fields) = &mut line {
        fields.insert("order".to_owned(), order.into());
        fields.insert("owner".to_owned(), asked.owner.into());
    }
    line.to_string()
}

fn unit(unit: &ResourceUnit) -> Value {
    let resources = &unit.resources;
    let storage: Vec<Value> = resources
        .storage
        .iter()
        .map(|volume| {
            let class = match VolumeKind::of(volume) {
                VolumeKind::Ram => "ram",
                VolumeKind::Ephemeral => "ephemeral",
                VolumeKind::Persistent(class) => class,
            };
            json!({ "class": class, "size": volume.size.0 })
        })
        .collect();
    let leased = |kind: EndpointKind| kind == EndpointKind::LeasedIp;
    let endpoints = resources.endpoints.iter().filter(|endpoint| !leased(endpoint.kind)).count();
    let mut ips: Vec<u32> = resources.endpoints.iter().filter(|e| leased(e.kind)).map(|e| e.sequence_number).collect();
    ips.sort_unstable();
    ips.dedup();
    json!({
        "memory": resources.memory.size.0,
        "cpu": resources.cpu.units.0,
        "gpu": { "units": resources.gpu.units, "attributes": gpu_attributes(unit) },
        "storage": storage,
        "count": unit.count,
        "endpoint_quantity": endpoints,
        "ip_lease_quantity": ips.len(),
    })
}

/// `{"vendor": {"nvidia": {"model": …}}}`; empty where no model is named.
fn gpu_attributes(unit: &ResourceUnit) -> Value {
    let mut vendors: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut keys: Vec<&str> = unit.resources.gpu.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
    keys.sort_unstable();
    for key in keys {
        let mut words = key.split('/');
        let mut model = Map::new();
        let mut vendor = None;
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            match name {
                "vendor" => vendor = Some(value),
                "model" | "ram" | "interface" => {
                    model.insert(name.to_owned(), value.into());
                }
                _ => {}
            }
        }
        if let Some(vendor) = vendor {
            vendors.entry(vendor).or_default().push(Value::Object(model));
        }
    }
    let of_vendor = |models: Vec<Value>| {
        let mut last = models.last().cloned().unwrap_or_default();
        if let (Value::Object(fields), true) = (&mut last, models.len() > 1) {
            fields.insert("models".to_owned(), Value::Array(models));
        }
        last
    };
    if vendors.is_empty() {
        return json!({});
    }
    let vendors: Map<String, Value> =
        vendors.into_iter().map(|(vendor, models)| (vendor.to_owned(), of_vendor(models))).collect();
    json!({ "vendor": vendors })
}

/// Reads what the program wrote about one order: one decimal above zero, and white space around it.
pub fn answer(stdout: &str) -> Result<Dec18, Reason> {
    let text = stdout.trim();
    if text.is_empty() {
        return Err(no_price("it wrote nothing to stdout"));
    }
    price(text)
}

/// The answers about many orders, and what of stdout is none, in words: so many lines at most.
pub fn answers(stdout: &str) -> (BTreeMap<String, Result<Dec18, Reason>>, Vec<String>) {
    const MOST: usize = 5;
    let (mut answers, mut foreign) = (BTreeMap::new(), Vec::new());
    for (number, line) in (1..).zip(stdout.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let Answer { order, price: said, decline } = match serde_json::from_str(line) {
            Ok(answer) => answer,
            Err(error) => {
                if foreign.len() < MOST {
                    foreign.push(format!("line {number} of its stdout is no answer: {error}"));
                }
                continue;
            }
        };
        let result = match (said, decline) {
            (Some(Written::Text(text)), None) => price(&text),
            (Some(Written::Number(number)), None) => price(&number.to_string()),
            (None, Some(why)) => Err(no_price(&format!("it declined: {why}"))),
            (None, None) | (Some(_), Some(_)) => Err(no_price("its answer is neither a price nor a decline")),
        };
        answers
            .entry(order)
            .and_modify(|answer| {
                *answer = Err(no_price(&format!("line {number} of its stdout answers it a second time")));
            })
            .or_insert(result);
    }
    (answers, foreign)
}

#[derive(Deserialize, Serialize)]
struct Answer {
    order: String,
    #[serde(default)]
    price: Option<Written>,
    #[serde(default)]
    decline: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Number(serde_json::Number),
}

fn price(text: &str) -> Result<Dec18, Reason> {
    let price: Dec18 = text.parse().map_err(|error| no_price(&format!("its stdout is no price: {error}")))?;
    if price.is_positive() { Ok(price) } else { Err(no_price(&format!("it wrote {price}"))) }
}

/// No price, for a reason that is cut to a line.
pub fn no_price(why: &str) -> Reason {
    const LONGEST: usize = 300;
    let line: String = why.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(LONGEST).collect();
    Reason::Program { why: line.into() }
}

#[cfg(test)]
mod tests {
    use super::super::tests::fixtures::{gpu_unit, order, unit};
    use super::*;

    #[test]
    fn the_request_is_akashs() {
        let spec = order(vec![unit(1, 500, 512 << 20, 2), gpu_unit(2, 1, &["vendor/nvidia/model/a100/ram/80Gi"])]);
        let asked = Asked::read("ve1tenant", &spec).unwrap();
        let expected = json!({
            "resources": [
                { "memory": 536_870_912, "cpu": 500, "gpu": { "units": 0, "attributes": {} },
                  "storage": [{ "class": "ephemeral", "size": 1_073_741_824 }],
                  "count": 2, "endpoint_quantity": 0, "ip_lease_quantity": 0 },
                { "memory": 1_073_741_824, "cpu": 1000,
                  "gpu": { "units": 1, "attributes": { "vendor": { "nvidia": { "model": "a100", "ram": "80Gi" } } } },
                  "storage": [{ "class": "ephemeral", "size": 1_073_741_824 }],
                  "count": 1, "endpoint_quantity": 0, "ip_lease_quantity": 0 },
            ],
            "price": { "denom": "uve", "amount": "3000.000000000000000000" },
            "price_precision": 18,
        });
        assert_eq!(request(&asked), expected);
        let line = request_line("ve1tenant/1/1/1", &asked);
        assert!(!line.contains('\n'));
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&line["order"], &line["owner"]), (&json!("ve1tenant/1/1/1"), &json!("ve1tenant")));
    }

    #[test]
    fn no_model_is_lost() {
        let spec = order(vec![gpu_unit(1, 1, &["vendor/nvidia/model/t4", "vendor/nvidia/model/a100"])]);
        let gpu = &request(&Asked::read("ve1tenant", &spec).unwrap())["resources"][0]["gpu"]["attributes"]["vendor"];
        assert_eq!(gpu["nvidia"]["model"], "t4");
        assert_eq!(gpu["nvidia"]["models"], json!([{ "model": "a100" }, { "model": "t4" }]));
    }

    #[test]
    fn an_answer_is_one_decimal_above_zero() {
        assert_eq!(answer(" 12.5\n"), Ok("12.5".parse().unwrap()));
        for text in ["", "  \n", "0", "-1", "1e3", "12.5 uve", "debug\n12.5", "NaN", "1.0000000000000000001"] {
            assert!(matches!(answer(text), Err(Reason::Program { .. })), "{text:?}");
        }
    }

    #[test]
    fn answers_come_in_any_order_and_once_each() {
        let said = "{\"order\": \"b\", \"price\": \"2\"}\n\n{\"order\": \"a\", \"price\": 1.5}\n\
                    {\"order\": \"c\", \"decline\": \"too small\"}\n{\"order\": \"d\"}\n";
        let (answers_of, foreign) = answers(said);
        assert_eq!(foreign, [""; 0]);
        assert_eq!(answers_of["a"], Ok("1.5".parse().unwrap()));
        assert_eq!(answers_of["b"], Ok("2".parse().unwrap()));
        assert!(answers_of["c"].as_ref().unwrap_err().to_string().ends_with("it declined: too small"));
        assert!(answers_of["d"].is_err());
    }

    #[test]
    fn what_is_no_answer_costs_nobody_else_anything() {
        let said = "looking at 3 orders\n{\"order\": \"a\", \"price\": \"1\", \"note\": \"x\"}\n\
                    {\"order\": \"b\", \"price\": \"1\"}\n{\"order\": \"b\", \"price\": \"2\"}\n{\"price\": 3}";
        let (answers, foreign) = answers(said);
        assert_eq!(answers["a"], Ok("1".parse().unwrap()));
        assert!(answers["b"].as_ref().unwrap_err().to_string().contains("a second time"));
        assert_eq!((answers.len(), foreign.len()), (2, 2), "{foreign:?}");
        assert!(foreign[0].starts_with("line 1 of its stdout"), "{foreign:?}");
    }
}
