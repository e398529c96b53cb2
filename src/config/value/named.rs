//! Values that are a name, or a mapping with a name and a switch; and a few odd words.

use serde_json::{Value as Json, json};

use super::{Endpoint, Scalar, Text, Value, WebAddress};
use crate::config::diagnostic::Diagnostic;
use crate::config::reading::Reading;
use crate::domain::yaml::{Node, Value as Yaml};

/// Defines a value that is written `name` or `{ name: …, switch: true }`.
macro_rules! named {
    ($(#[doc = $doc:literal])+ $name:ident, $switch:ident, $(#[doc = $sdoc:literal])+) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            /// Its name.
            pub name: Text,
            $(#[doc = $sdoc])+
            pub $switch: bool,
        }

        impl Value for $name {
            fn schema() -> Json {
                let properties = json!({ "name": <Text as Value>::schema(), stringify!($switch): { "type": "boolean" } });
                let mapping = json!({
                    "type": "object", "properties": properties, "required": ["name"], "additionalProperties": false
                });
                json!({ "oneOf": [<Text as Value>::schema(), mapping] })
            }

            fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
                let (name, $switch) = name_and_switch(node, stringify!($switch), reading)?;
                Some(Self { name, $switch })
            }

            fn show(&self) -> Json {
                json!({ "name": self.name.0, stringify!($switch): self.$switch })
            }

            fn outside(&self, _: &str, _: &str) -> bool {
                false
            }
        }
    };
}

named!(
    /// A storage class of a cluster.
    StorageClass,
    default,
    /// It is the one for manifests that name none.
);

named!(
    /// A network of an OpenStack site.
    OpenstackNetwork,
    external,
    /// It reaches the outside.
);

fn name_and_switch(node: &Node, switch: &str, reading: &mut Reading<'_>) -> Option<(Text, bool)> {
    let Yaml::Mapping(entries) = &node.value else {
        return Some((<Text as Value>::read(node, reading)?, false));
    };
    let mut name = None;
    let mut on = Some(false);
    for entry in entries {
        if entry.key == "name" {
            name = Some(<Text as Value>::read(&entry.value, reading)?);
        } else if entry.key == switch {
            on = <bool as Value>::read(&entry.value, reading);
        } else {
            let place = reading.place(entry.key_span.clone());
            let known = format!("the keys here are `name` and `{switch}`");
            reading.diagnostics.push(Diagnostic::error(place, format!("unknown key `{}`", entry.key)).help(known));
            on = None;
        }
    }
    if name.is_none() {
        reading.error(node, "`name` is missing");
    }
    Some((name?, on?))
}

/// A number of things; may stand in quotes, as quotas do in Kubernetes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub u64);

impl Scalar for Count {
    const WANTED: &'static str = "a whole number";

    fn schema() -> Json {
        json!({ "type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+$" })
    }

    fn parse(text: &str) -> Result<Self, String> {
        <u64 as Scalar>::parse(text).map(Self)
    }

    fn show(&self) -> Json {
        json!(self.0)
    }
}

/// A host, a host and port, or a web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostOrAddress(pub String);

impl Scalar for HostOrAddress {
    const WANTED: &'static str = "a host such as vcenter.local, or an address such as https://vcenter.local/";

    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1 })
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text.contains("://") {
            <WebAddress as Scalar>::parse(text)?;
        } else if text.contains(':') {
            <Endpoint as Scalar>::parse(text)?;
        } else {
            <Endpoint as Scalar>::parse(&format!("{text}:1")).map_err(|_| format!("`{text}` is not a host name"))?;
        }
        Ok(Self(text.to_owned()))
    }

    fn show(&self) -> Json {
        Json::String(self.0.clone())
    }
}
