use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use super::*;
use crate::domain::fraud::{self, Limits, Surroundings};
use crate::domain::id::LeaseId;
use crate::domain::usage::{Facts, Kind, Metrics, Moment, Pricing, Record, UsageType, Window};

fn store() -> Store {
    let store = Store::in_memory().unwrap();
    for (number, hour, workload) in [(1, 0, "web"), (2, 0, "=cmd,\"x\""), (1, 1, "web")] {
        let lease =
            format!("ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/{number}/1/1/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg");
        let facts = Facts {
            lease: LeaseId::parse(&lease, "ve").unwrap(),
            workload: workload.to_owned(),
            kind: Kind::Periodic,
            window: Window::new(Moment(hour * 3600), Moment((hour + 1) * 3600)).unwrap(),
            used: Metrics {
                network_bytes_out: Some(3 << 30),
                storage_byte_seconds: Some(i128::MAX / 4),
                ..Metrics::UNKNOWN
            },
            gaps: Vec::new(),
            sources: BTreeSet::from(["local".parse().unwrap(), "prometheus".parse().unwrap()]),
            allocated: None,
            pricing: Pricing {
                lease_price: None,
                usage_prices: BTreeMap::from([(UsageType::Egress, "2uve".parse().unwrap())]),
            },
            revision: 1,
            created_at: Moment(9),
        };
        let surroundings = Surroundings { now: Moment(99_999), usual_traffic: None };
        let checked = fraud::check(Record::draft(facts), &Limits::default(), &surroundings).unwrap();
        let signed = checked.sign([1; 32], |_| Ok::<_, Infallible>([2; 64])).unwrap();
        store.write("insert", |change| records::insert_signed(change, &signed)).unwrap();
    }
    store
}

fn exported(request: &Request) -> String {
    let mut sink = Vec::new();
    run(&store(), request, &mut sink).unwrap();
    String::from_utf8(sink).unwrap()
}

fn request(format: Format, per: Per) -> Request {
    Request { filter: Filter::default(), format, per, signatures: false }
}

#[test]
fn the_csv_is_a_contract() {
    let text = exported(&request(Format::Csv, Per::Window));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "record_id,lease_id,tenant,workload_id,type,revision,period_start,period_end,cpu_milli_seconds,\
         memory_byte_seconds,storage_byte_seconds,network_bytes_in,network_bytes_out,gpu_seconds,sources,state,cost"
    );
    assert_eq!(lines.len(), 4);
    assert!(lines[1].ends_with(",web,periodic,1,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,,,42535295865117307932921825928971026431,,3221225472,,\"local,prometheus\",pending,6uve"), "{}", lines[1]);
    assert!(lines[2].contains(",\"'=cmd,\"\"x\"\"\","), "{}", lines[2]);
    let with = exported(&Request { signatures: true, ..request(Format::Csv, Per::Window) });
    assert!(with.lines().next().unwrap().ends_with(",cost,sha256,signature,public_key"));
    assert!(with.lines().nth(1).unwrap().ends_with(&"01".repeat(32)));
}

#[test]
fn json_says_the_same_with_exact_texts_and_nulls() {
    let csv = exported(&request(Format::Csv, Per::Window));
    let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
    let names = reader.headers().unwrap().clone();
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    let lines = exported(&request(Format::JsonLines, Per::Window));
    let objects: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let array: Vec<serde_json::Value> = serde_json::from_str(&exported(&request(Format::Json, Per::Window))).unwrap();
    assert_eq!(array, objects);
    for (object, record) in objects.iter().zip(&records) {
        for (name, field) in names.iter().zip(record) {
            match &object[name] {
                serde_json::Value::Null => assert_eq!(field, ""),
                serde_json::Value::String(text) => {
                    assert_eq!(field.strip_prefix('\'').unwrap_or(field), text, "{name}");
                }
                other => assert_eq!(field, other.to_string()),
            }
        }
    }
    assert_eq!(objects[0]["cpu_milli_seconds"], serde_json::Value::Null, "unknown");
    assert_eq!(objects[0]["revision"], 1);
    assert_eq!(exported(&Request { filter: nothing(), ..request(Format::Json, Per::Window) }), "[]\n");
}

fn nothing() -> Filter {
    Filter { lease: Some("none".to_owned()), ..Filter::default() }
}

#[test]
fn leases_are_summed_to_the_last_unit() {
    let text = exported(&request(Format::Csv, Per::Lease));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].contains("/1/1/1/") && lines[1].ends_with(",web,1970-01-01T00:00:00Z,1970-01-01T02:00:00Z,2,,,85070591730234615865843651857942052862,,6442450944,,12uve"), "{}", lines[1]);
    let json: Vec<serde_json::Value> = serde_json::from_str(&exported(&request(Format::Json, Per::Lease))).unwrap();
    assert_eq!((json.len(), &json[1]["records"]), (2, &"1".into()));
}

#[test]
fn documents_verify() {
    let text = exported(&request(Format::JsonLines, Per::Document));
    let found = usage_verify::documents(&text, None);
    assert_eq!(found.len(), 3);
    // The signature of this test is none; everything before it holds.
    assert!(found.iter().all(|one| {
        one.problem.as_deref().is_some_and(|problem| problem.contains("public key") || problem.contains("signature"))
    }));
}

#[test]
fn a_reader_that_goes_away_ends_the_export() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for format in [Format::Csv, Format::Json, Format::JsonLines] {
        let error = run(&store(), &request(format, Per::Window), &mut Gone).unwrap_err();
        assert!(matches!(&error, Error::Write(source) if source.kind() == io::ErrorKind::BrokenPipe), "{error:?}");
    }
}
