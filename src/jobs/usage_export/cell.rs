//! The columns of an export, and how each stands in the state file.

use rusqlite::types::ValueRef;

use crate::store::usage::export::{COLUMNS, SIGNATURE_COLUMNS};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A text of anybody's.
    Text,
    /// An exact decimal, as text.
    Figure,
    /// A whole number.
    Number,
    /// Microseconds since 1970; a time.
    Time,
    /// Bytes; hexadecimal digits.
    Bytes,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its name in the export.
    pub(super) name: &'static str,
    pub(super) form: Form,
}

/// The columns, in the order of [`COLUMNS`].
pub(super) fn columns(signatures: bool) -> impl Iterator<Item = Column> {
    let wanted = if signatures { COLUMNS.len() } else { COLUMNS.len().saturating_sub(SIGNATURE_COLUMNS) };
    COLUMNS.iter().take(wanted).map(|name| column(name))
}

fn column(name: &'static str) -> Column {
    let (name, form) = match name {
        "lease" => ("lease_id", Form::Text),
        "workload" => ("workload_id", Form::Text),
        "start_at" => ("period_start", Form::Time),
        "end_at" => ("period_end", Form::Time),
        "revision" => (name, Form::Number),
        "cpu_milli_seconds"
        | "memory_byte_seconds"
        | "storage_byte_seconds"
        | "network_bytes_in"
        | "network_bytes_out"
        | "gpu_seconds" => (name, Form::Figure),
        "hash" => ("sha256", Form::Bytes),
        "signature" | "public_key" => (name, Form::Bytes),
        _ => (name, Form::Text),
    };
    Column { name, form }
}

/// Appends a value as an export shows it, but for the quotes. Gives back whether there was one.
pub(super) fn show(value: ValueRef<'_>, form: Form, into: &mut Vec<u8>) -> bool {
    match (value, form) {
        (ValueRef::Null, _) => return false,
        (ValueRef::Integer(micros), Form::Time) => time(micros.div_euclid(1_000_000), into),
        (ValueRef::Integer(number), _) => into.extend_from_slice(number.to_string().as_bytes()),
        (ValueRef::Text(text), _) => into.extend_from_slice(text),
        (ValueRef::Blob(bytes), _) => into.extend_from_slice(crate::domain::hex::encode(bytes).as_bytes()),
        // The schema has no such columns.
        (ValueRef::Real(number), _) => into.extend_from_slice(number.to_string().as_bytes()),
    }
    true
}

/// A second since 1970 as `2026-01-30T00:00:00Z`: days to a date by Howard Hinnant's `civil_from_days`, since a general
/// calendar is most of an export's time.
pub(super) fn time(second: i64, into: &mut Vec<u8>) {
    let (days, of_day) = (second.div_euclid(86_400), second.rem_euclid(86_400));
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    if !(0..=9999).contains(&year) {
        into.extend_from_slice(crate::domain::usage::Moment(second).to_string().as_bytes());
        return;
    }
    digits(year, 4, into);
    for (before, number) in
        [(b'-', month), (b'-', day), (b'T', of_day / 3600), (b':', of_day / 60 % 60), (b':', of_day % 60)]
    {
        into.push(before);
        digits(number, 2, into);
    }
    into.push(b'Z');
}

/// A small number with leading zeros.
fn digits(number: i64, width: u32, into: &mut Vec<u8>) {
    for place in (0..width).rev() {
        let digit = number / 10_i64.pow(place) % 10;
        into.push(b'0' + u8::try_from(digit).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::usage::Moment;
    use proptest::prelude::*;

    fn shown(second: i64) -> String {
        let mut text = Vec::new();
        time(second, &mut text);
        String::from_utf8(text).unwrap()
    }

    proptest! {
        #[test]
        fn times_are_those_of_the_calendar(second in -100_000_000_000i64..250_000_000_000) {
            prop_assert_eq!(shown(second), Moment(second).to_string());
        }
    }

    #[test]
    fn leap_days_too() {
        for text in ["2024-02-29T23:59:59Z", "2000-02-29T00:00:00Z", "2100-03-01T00:00:00Z", "1969-12-31T23:59:59Z"] {
            assert_eq!(shown(text.parse::<Moment>().unwrap().0), text);
        }
    }
}
