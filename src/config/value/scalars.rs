//! Values that are written as one word.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::{Scalar, Value, beyond, patterned};
use crate::config::reading::Reading;
use crate::domain::amount::{Dec18, Denom, Rounding};
use crate::domain::bid::AttributePattern;
use crate::domain::duration;
use crate::domain::resources::{Bytes, MilliCpu, QuantityError};
use crate::domain::yaml::Node;

/// Shows a value in words.
fn words(value: impl std::fmt::Display) -> Json {
    Json::String(value.to_string())
}

impl Scalar for bool {
    const WANTED: &'static str = "true or false";
    const PLAIN: bool = true;

    fn schema() -> Json {
        json!({ "type": "boolean" })
    }

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            "yes" | "on" | "Yes" | "On" | "True" => Err(format!("`{text}` is written true")),
            "no" | "off" | "No" | "Off" | "False" => Err(format!("`{text}` is written false")),
            other => Err(format!("found `{other}`")),
        }
    }

    fn show(&self) -> Json {
        Json::Bool(*self)
    }
}

impl Scalar for u64 {
    const WANTED: &'static str = "a whole number";
    const PLAIN: bool = true;

    fn schema() -> Json {
        json!({ "type": "integer", "minimum": 0 })
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("found `{text}`"));
        }
        text.parse().map_err(|_| format!("`{text}` is too large"))
    }

    fn show(&self) -> Json {
        json!(self)
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        beyond(self, low, high)
    }
}

/// An exact decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(pub Dec18);

impl Scalar for Decimal {
    const WANTED: &'static str = "a number such as 1.5";

    fn schema() -> Json {
        json!({ "type": ["number", "string"], "minimum": 0, "pattern": "^[0-9]+(\\.[0-9]+)?$" })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let number: Dec18 = text.parse().map_err(|error: crate::domain::amount::Error| error.to_string())?;
        if number.is_negative() { Err("it cannot be negative".to_owned()) } else { Ok(Self(number)) }
    }

    fn show(&self) -> Json {
        words(self.0)
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        beyond(self, low, high)
    }
}

/// The human-readable part of an account address: `ve` in `ve1…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressPrefix(pub String);

impl Scalar for AddressPrefix {
    const WANTED: &'static str = "the prefix of addresses such as ve";

    fn schema() -> Json {
        patterned("^[a-z][a-z0-9]{0,19}$")
    }

    fn parse(text: &str) -> Result<Self, String> {
        // Stricter than bech32, which takes any character: no chain has another, and a typing error shows.
        let rest = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if rest && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.len() <= 20 {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("found `{text}`; a small letter, then small letters and digits"))
        }
    }

    fn show(&self) -> Json {
        words(&self.0)
    }
}

/// A denomination on chain, in its smallest unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denomination(pub Denom);

impl Scalar for Denomination {
    const WANTED: &'static str = "a denomination such as uve";

    fn schema() -> Json {
        patterned("^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$")
    }

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|error: crate::domain::amount::Error| error.to_string())
    }

    fn show(&self) -> Json {
        words(&self.0)
    }
}

/// A share of a whole: `0.8` or `80%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(pub Dec18);

impl Scalar for Ratio {
    const WANTED: &'static str = "a share such as 0.8 or 80%";

    fn schema() -> Json {
        json!({ "type": ["number", "string"], "minimum": 0, "pattern": "^[0-9]+(\\.[0-9]+)?%?$" })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (number, hundredths) = match text.strip_suffix('%') {
            Some(number) => (number, true),
            None => (text, false),
        };
        let mut share: Dec18 = number.parse().map_err(|error: crate::domain::amount::Error| error.to_string())?;
        if hundredths {
            let divided = share.checked_div(Dec18::from(100_u64), Rounding::Down).map_err(|error| error.to_string())?;
            let back = divided.checked_mul(Dec18::from(100_u64), Rounding::Down).map_err(|error| error.to_string())?;
            if back != share {
                return Err("more than 16 decimal places of a percentage".to_owned());
            }
            share = divided;
        }
        if share.is_negative() {
            return Err("a share cannot be negative".to_owned());
        }
        Ok(Self(share))
    }

    fn show(&self) -> Json {
        words(self.0)
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        beyond(self, low, high)
    }
}

impl Scalar for Duration {
    const WANTED: &'static str = "a duration such as 30s, 5m or 24h";

    fn schema() -> Json {
        json!({ "anyOf": [
            { "type": "string", "pattern": "^(?!$)(0|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$" },
            { "const": 0 },
        ] })
    }

    fn parse(text: &str) -> Result<Self, String> {
        duration::parse(text).map_err(|error| error.to_string())
    }

    fn show(&self) -> Json {
        words(duration::display(*self))
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        beyond(self, low, high)
    }
}

/// A quantity with a unit; what is wanted stands in the message already, so the form is not explained again.
fn quantity<Q: FromStr<Err = QuantityError>>(text: &str) -> Result<Q, String> {
    text.parse().map_err(|error| match error {
        QuantityError::NotCpu | QuantityError::NotBytes => format!("found `{text}`"),
        QuantityError::CpuTooFine | QuantityError::BytesTooFine | QuantityError::TooLarge => {
            format!("`{text}` is {error}")
        }
    })
}

impl Scalar for Bytes {
    const WANTED: &'static str = "a size such as 512Gi";

    fn schema() -> Json {
        json!({ "type": ["string", "integer"], "pattern": "^[0-9]+(\\.[0-9]+)?([KMGTPE]i|[kMGTPE])?$", "minimum": 0 })
    }

    fn parse(text: &str) -> Result<Self, String> {
        quantity(text)
    }

    fn show(&self) -> Json {
        words(self)
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        beyond(self, low, high)
    }
}

impl Scalar for MilliCpu {
    const WANTED: &'static str = "a number of cores such as 4, 0.5 or 500m";

    fn schema() -> Json {
        json!({ "type": ["string", "number"], "pattern": "^([0-9]+m|[0-9]+(\\.[0-9]{1,3})?)$", "minimum": 0 })
    }

    fn parse(text: &str) -> Result<Self, String> {
        quantity(text)
    }

    fn show(&self) -> Json {
        words(self)
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        beyond(self, low, high)
    }
}

impl Scalar for SocketAddr {
    const WANTED: &'static str = "an address and port such as 127.0.0.1:8443";

    fn schema() -> Json {
        let port = "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})";
        patterned(&format!("^[0-9a-fA-F.:\\[\\]%]+:{port}$"))
    }

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("found `{text}`; an IPv6 address stands in brackets"))
    }

    fn show(&self) -> Json {
        words(self)
    }
}

impl Scalar for IpAddr {
    const WANTED: &'static str = "an IP address such as 0.0.0.0 or ::1";

    fn schema() -> Json {
        patterned("^[0-9a-fA-F.:]+$")
    }

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("found `{text}`"))
    }

    fn show(&self) -> Json {
        words(self)
    }
}

/// A path: `~/` is the home folder, and a relative one starts at the folder of the file it stands in.
impl Value for PathBuf {
    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1 })
    }

    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let text = reading.text(node, "a path")?;
        if text.is_empty() {
            reading.error(node, "expected a path, found an empty text");
            return None;
        }
        reading.path(node, &text)
    }

    fn show(&self) -> Json {
        Json::String(self.display().to_string())
    }

    fn outside(&self, _: &str, _: &str) -> bool {
        false
    }
}

const CREDENTIALS: &str = "it holds a user name or a password; give credentials by their own keys";

/// Defines a text with a rule of its own.
macro_rules! text {
    ($(#[doc = $doc:literal])+ $name:ident, $wanted:literal, $schema:expr, $check:expr) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub String);

        impl Scalar for $name {
            const WANTED: &'static str = $wanted;

            fn schema() -> Json {
                $schema
            }

            fn parse(text: &str) -> Result<Self, String> {
                let check: fn(&str) -> Result<(), String> = $check;
                check(text).map(|()| Self(text.to_owned()))
            }

            fn show(&self) -> Json {
                Json::String(self.0.clone())
            }
        }
    };
}

text!(
    /// A text of at least one character and at most 4096, without control characters.
    Text,
    "a text",
    json!({ "type": ["string", "number", "boolean"], "minLength": 1, "maxLength": 4096 }),
    |text| {
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        if text.len() > 4096 || text.chars().any(char::is_control) {
            return Err("it is longer than 4096 bytes or holds control characters".to_owned());
        }
        Ok(())
    }
);

text!(
    /// An attribute of orders: `key=value`, or a key alone for any value; both may be globs.
    AttributeText,
    "an attribute such as gpu-type=nvidia-a100",
    json!({ "type": "string", "minLength": 1, "maxLength": 4096 }),
    |text| {
        <Text as Scalar>::parse(text)?;
        text.parse::<AttributePattern>().map(|_| ()).map_err(|error| format!("found `{text}`; {error}"))
    }
);

text!(
    /// The address of an account: Bech32; whether it is one of the network is checked when all is read.
    AccountAddress,
    "an account address",
    json!({ "type": "string", "pattern": "^[a-z]+1[02-9ac-hj-np-z]{38,58}$" }),
    |text| match bech32::decode(text) {
        Ok((_, bytes)) if bytes.len() == 20 || bytes.len() == 32 => Ok(()),
        Ok((_, bytes)) => Err(format!("`{text}` holds {} bytes; an address has 20 or 32", bytes.len())),
        Err(error) => Err(format!("`{text}` is not Bech32 ({error})")),
    }
);

text!(
    /// An e-mail address; only its shape is checked.
    Email,
    "an e-mail address",
    json!({ "type": "string", "format": "email" }),
    |text| {
        let parts = text.split_once('@').filter(|(user, host)| !user.is_empty() && host.contains('.'));
        let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if parts.is_some() && clean { Ok(()) } else { Err(format!("found `{text}`")) }
    }
);

text!(
    /// An address on the web.
    WebAddress,
    "an address such as https://example.com",
    json!({ "type": "string", "format": "uri" }),
    |text| match url::Url::parse(text) {
        // Never quoted: it holds a password.
        _ if text.contains('@') => Err(CREDENTIALS.to_owned()),
        Ok(url) if !matches!(url.scheme(), "http" | "https") => Err(format!("the scheme of `{text}` is not http or https")),
        Ok(url) if !url.has_host() => Err(format!("`{text}` names no host")),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("`{text}`: {error}")),
    }
);

text!(
    /// A host and port of a service, plain (`localhost:9090`, `http://localhost:9090`) or with TLS (`https://…`).
    Endpoint,
    "a host and port such as localhost:9090 or https://node.example.com:443",
    json!({ "type": "string" }),
    |text| {
        if text.contains('@') {
            return Err(CREDENTIALS.to_owned());
        }
        let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = url::Url::parse(&full).map_err(|error| format!("`{text}`: {error}"))?;
        if !matches!(url.scheme(), "http" | "https" | "tcp") {
            return Err(format!("the scheme of `{text}` is not http, https or tcp"));
        }
        if url.host_str().is_none_or(str::is_empty) || !matches!(url.path(), "" | "/") || url.query().is_some() {
            return Err(format!("`{text}` is more or less than a host and port"));
        }
        if full == format!("http://{text}") && !text.contains(':') {
            return Err(format!("`{text}` has no port"));
        }
        Ok(())
    }
);

text!(
    /// A country by its two letters (ISO 3166-1).
    Country,
    "a country by its two letters, such as SE",
    json!({ "type": "string", "pattern": "^[A-Z]{2}$" }),
    |text| {
        let letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        if letters { Ok(()) } else { Err(format!("found `{text}`")) }
    }
);

text!(
    /// A time of day, as in `09:00`.
    ClockTime,
    "a time of day such as 09:00",
    json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$" }),
    |text| {
        let parts = text.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2);
        let number = |part: &str, below: u8| part.parse::<u8>().is_ok_and(|number| number < below);
        if parts.is_some_and(|(hour, minute)| number(hour, 24) && number(minute, 60)) {
            Ok(())
        } else {
            Err(format!("found `{text}`"))
        }
    }
);

text!(
    /// A time zone by its IANA name, or `local`, the zone of the machine.
    TimeZoneName,
    "a time zone such as Europe/Stockholm, UTC or local",
    json!({ "type": "string" }),
    |text| {
        if text == "local" || jiff::tz::TimeZone::get(text).is_ok() {
            Ok(())
        } else {
            Err(format!("this machine knows no time zone `{text}`"))
        }
    }
);

text!(
    /// A path of key derivation (BIP-32), as in `m/44'/118'/0'/0/0`.
    DerivationPath,
    "a derivation path such as m/44'/118'/0'/0/0",
    json!({ "type": "string", "pattern": "^m(/[0-9]+'?)+$" }),
    |text| {
        let mut steps = text.split('/');
        let number = |step: &str| step.strip_suffix('\'').unwrap_or(step).parse::<u32>().is_ok_and(|n| n < 1 << 31);
        let root = steps.next() == Some("m");
        let steps: Vec<&str> = steps.collect();
        if root && !steps.is_empty() && steps.len() <= 10 && steps.into_iter().all(number) {
            Ok(())
        } else {
            Err(format!("found `{text}`"))
        }
    }
);
