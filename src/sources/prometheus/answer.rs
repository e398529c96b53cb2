//! What the server answers: `GET /api/v1/query`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use super::Error;
use crate::domain::hex;
use crate::domain::usage::Metric;

#[derive(Deserialize)]
struct Answer {
    status: String,
    data: Option<Data>,
    #[serde(default, rename = "errorType")]
    error_type: String,
    #[serde(default)]
    error: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: String,
    result: Vec<Element>,
}

#[derive(Deserialize)]
struct Element {
    metric: BTreeMap<String, String>,
    value: (IgnoredAny, String),
}

/// One series and its value now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: String,
}

/// So much of a server's own words is kept.
const LONGEST_WORDS: usize = 300;

pub(super) fn read(metric: Metric, status: u16, body: &[u8]) -> Result<Vec<Series>, Error> {
    let metric = metric.word();
    let answer: Answer = match serde_json::from_slice(body) {
        Ok(answer) => answer,
        Err(_) if status != 200 => return Err(Error::Status { metric, status }),
        Err(source) => return Err(Error::Form { metric, source }),
    };
    if answer.status != "success" {
        let words = format!("{}: {}", answer.error_type, answer.error);
        let words = words.get(..words.floor_char_boundary(LONGEST_WORDS)).unwrap_or_default().to_owned();
        return Err(Error::Refused { metric, words });
    }
    let data = answer.data.filter(|data| data.result_type == "vector").ok_or(Error::NoVector { metric })?;
    Ok(data.result.into_iter().map(|element| Series { labels: element.metric, value: element.value.1 }).collect())
}

impl Series {
    /// The workload that a label names, and what tells this series from the others of the workload.
    pub(super) fn names(&self, label: &str) -> (Option<&str>, String) {
        let others = self.labels.iter().filter(|(name, _)| *name != label && *name != "__name__");
        let others: Vec<String> = others.map(|(name, value)| format!("{name}={value}")).collect();
        let part = others.join(",");
        let hash = || hex::encode(Sha256::digest(part.as_bytes()).get(..16).unwrap_or_default());
        let part = if part.len() > 128 { hash() } else { part };
        (self.labels.get(label).map(String::as_str), part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> Result<Vec<Series>, String> {
        super::read(Metric::GpuSeconds, status, body.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_vector_is_read_and_everything_else_is_an_error() {
        let body = r#"{"status":"success","data":{"resultType":"vector","result":[
            {"metric":{"__name__":"m","workload":"l-1","container":"web","pod":"a"},"value":[1700000000.1,"12.5"]}]}}"#;
        let series = read(200, body).unwrap();
        assert_eq!(series[0].names("workload"), (Some("l-1"), "container=web,pod=a".to_owned()));
        assert_eq!((series[0].value.as_str(), series[0].names("other").0), ("12.5", None));
        let refused = r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#;
        assert!(read(400, refused).unwrap_err().contains("bad_data: parse error"));
        let scalar = r#"{"status":"success","data":{"resultType":"scalar","result":[]}}"#;
        assert!(read(200, scalar).unwrap_err().contains("no vector"));
        assert!(read(502, "<html>").unwrap_err().contains("HTTP 502"));
        assert!(read(200, "<html>").is_err());
    }

    #[test]
    fn long_names_are_hashed() {
        let labels = BTreeMap::from([("id".to_owned(), "x".repeat(500))]);
        let part = Series { labels, value: String::new() }.names("w").1;
        assert_eq!(part.len(), 32);
    }
}
