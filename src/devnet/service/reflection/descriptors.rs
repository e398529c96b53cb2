//! The tables of messages and methods as protobuf's own descriptors.

use crate::chain::schema::{self, Enum, Field, Kind, Message, WellKnown};
use crate::chain::wire::{Package, calls};
use crate::devnet::node::has_method;
use crate::domain::network::Network;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet, MessageOptions, MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
};
use std::collections::{BTreeMap, BTreeSet};

/// The descriptors of all messages and services that a network has, and of protobuf's own messages.
pub(super) fn of(network: &Network) -> FileDescriptorSet {
    let mut messages = BTreeMap::<String, Vec<&Message>>::new();
    for message in schema::messages().values().filter(|message| message.is_on(network)) {
        messages.entry(full(message.package, network)).or_default().push(message);
    }
    let mut enums = BTreeMap::<String, Vec<&Enum>>::new();
    for found in schema::enums().values().filter(|found| found.package.is_on(network, &found.name)) {
        enums.entry(full(found.package, network)).or_default().push(found);
    }
    let packages: BTreeSet<_> = messages.keys().chain(enums.keys()).cloned().collect();
    let files = packages.into_iter().map(|package| {
        let own = File {
            network,
            messages: messages.get(&package).map(Vec::as_slice).unwrap_or_default(),
            enums: enums.get(&package).map(Vec::as_slice).unwrap_or_default(),
            package: &package,
        };
        own.descriptor()
    });
    FileDescriptorSet { file: well_known().into_iter().chain(files).collect() }
}

/// `virtengine.market.v1`.
fn full(package: Package, network: &Network) -> String {
    match package {
        Package::OfNetwork(package) => format!("{}.{package}", network.package_prefix),
        Package::Common(package) => package.to_owned(),
    }
}

/// One file for each package.
fn file_of(package: &str) -> String {
    format!("{}.proto", package.replace('.', "/"))
}

struct File<'t> {
    network: &'t Network,
    package: &'t str,
    messages: &'t [&'t Message],
    enums: &'t [&'t Enum],
}

impl File<'_> {
    fn descriptor(&self) -> FileDescriptorProto {
        let services = self.services();
        let mut uses = BTreeSet::new();
        for field in self.messages.iter().flat_map(|message| &message.fields) {
            uses.insert(match &field.kind {
                Kind::Message(key) => schema::message(key).map(|message| file_of(&full(message.package, self.network))),
                Kind::Enum(key) => schema::enums().get(key).map(|found| file_of(&full(found.package, self.network))),
                Kind::WellKnown(kind) => Some(format!("google/protobuf/{}.proto", word(*kind).to_lowercase())),
                _ => None,
            });
        }
        // A method's answer can be of another package.
        for method in services.iter().flat_map(|service| &service.method) {
            let package = method.output_type().trim_start_matches('.').rsplit_once('.').map(|(package, _)| package);
            uses.insert(package.map(file_of));
        }
        let name = file_of(self.package);
        FileDescriptorProto {
            dependency: uses.into_iter().flatten().filter(|used| *used != name).collect(),
            name: Some(name),
            package: Some(self.package.to_owned()),
            message_type: self.messages_within(None),
            enum_type: self.enums_within(None),
            service: services,
            syntax: Some("proto3".to_owned()),
            ..FileDescriptorProto::default()
        }
    }

    /// The messages within another, or within none.
    fn messages_within(&self, outer: Option<&str>) -> Vec<DescriptorProto> {
        let within = self.messages.iter().filter(|message| outer_of(&message.name) == outer);
        within.map(|message| self.message(message)).collect()
    }

    fn enums_within(&self, outer: Option<&str>) -> Vec<EnumDescriptorProto> {
        let within = self.enums.iter().filter(|found| outer_of(&found.name) == outer);
        let value = |(number, word): &(i32, String)| EnumValueDescriptorProto {
            name: Some(word.clone()),
            number: Some(*number),
            options: None,
        };
        within
            .map(|found| EnumDescriptorProto {
                name: Some(last(&found.name).to_owned()),
                value: found.values.iter().map(value).collect(),
                ..EnumDescriptorProto::default()
            })
            .collect()
    }

    fn message(&self, message: &Message) -> DescriptorProto {
        let mut one_ofs: Vec<&str> = Vec::new();
        for name in message.fields.iter().filter_map(|field| field.one_of.as_deref()) {
            if !one_ofs.contains(&name) {
                one_ofs.push(name);
            }
        }
        let maps = message.fields.iter().filter(|field| field.kind == Kind::Map).map(entry);
        let shown = message.fields.iter().map(|field| {
            let one_of = one_ofs.iter().position(|name| Some(*name) == field.one_of.as_deref());
            self.field(message, field, one_of)
        });
        DescriptorProto {
            name: Some(last(&message.name).to_owned()),
            field: shown.collect(),
            nested_type: self.messages_within(Some(&message.name)).into_iter().chain(maps).collect(),
            enum_type: self.enums_within(Some(&message.name)),
            oneof_decl: one_ofs
                .iter()
                .map(|name| OneofDescriptorProto { name: Some((*name).to_owned()), options: None })
                .collect(),
            ..DescriptorProto::default()
        }
    }

    fn field(&self, message: &Message, field: &Field, one_of: Option<usize>) -> FieldDescriptorProto {
        let named = |package: Package, name: &str| format!(".{}", package.full_name(self.network, name));
        let (kind, type_name) = match &field.kind {
            Kind::Bool => (Type::Bool, None),
            Kind::Int32 => (Type::Int32, None),
            Kind::Int64 => (Type::Int64, None),
            Kind::Uint32 => (Type::Uint32, None),
            Kind::Uint64 => (Type::Uint64, None),
            Kind::String => (Type::String, None),
            Kind::Bytes => (Type::Bytes, None),
            Kind::Enum(key) => (Type::Enum, schema::enums().get(key).map(|found| named(found.package, &found.name))),
            Kind::Message(key) => (Type::Message, schema::message(key).map(|found| named(found.package, &found.name))),
            Kind::WellKnown(kind) => (Type::Message, Some(format!(".google.protobuf.{}", word(*kind)))),
            Kind::Map => {
                let entry = format!("{}.{}", message.name, entry_name(field));
                (Type::Message, Some(named(message.package, &entry)))
            }
        };
        let label = if field.repeated || field.kind == Kind::Map { Label::Repeated } else { Label::Optional };
        FieldDescriptorProto {
            name: Some(field.name.clone()),
            number: i32::try_from(field.number).ok(),
            label: Some(label.into()),
            r#type: Some(kind.into()),
            type_name,
            oneof_index: one_of.and_then(|index| i32::try_from(index).ok()),
            ..FieldDescriptorProto::default()
        }
    }

    /// The services of the package that the node answers.
    fn services(&self) -> Vec<ServiceDescriptorProto> {
        let mut services = BTreeMap::<&str, Vec<MethodDescriptorProto>>::new();
        let own = calls().filter(|call| full(call.request.package, self.network) == self.package);
        for call in own.filter(|call| has_method(self.network, &call.path(self.network))) {
            services.entry(call.service).or_default().push(MethodDescriptorProto {
                name: Some(call.method.to_owned()),
                input_type: Some(format!(".{}", call.request.full_name(self.network))),
                output_type: Some(format!(".{}", call.response.full_name(self.network))),
                ..MethodDescriptorProto::default()
            });
        }
        let service =
            |(name, method): (&str, _)| ServiceDescriptorProto { name: Some(name.to_owned()), method, options: None };
        services.into_iter().map(service).collect()
    }
}

fn outer_of(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(outer, _)| outer)
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn word(kind: WellKnown) -> &'static str {
    match kind {
        WellKnown::Any => "Any",
        WellKnown::Duration => "Duration",
        WellKnown::Timestamp => "Timestamp",
    }
}

/// `MetadataEntry` of the field `metadata`.
fn entry_name(field: &Field) -> String {
    let words = field.name.split('_').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_uppercase() + rest
    });
    words.collect::<String>() + "Entry"
}

/// A map of texts to texts is a list of these.
fn entry(field: &Field) -> DescriptorProto {
    let text = |name: &str, number| plain(name, number, Type::String);
    DescriptorProto {
        name: Some(entry_name(field)),
        field: vec![text("key", 1), text("value", 2)],
        options: Some(MessageOptions { map_entry: Some(true), ..MessageOptions::default() }),
        ..DescriptorProto::default()
    }
}

fn plain(name: &str, number: i32, kind: Type) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        label: Some(Label::Optional.into()),
        r#type: Some(kind.into()),
        ..FieldDescriptorProto::default()
    }
}

/// Protobuf's own messages that are used.
fn well_known() -> Vec<FileDescriptorProto> {
    let time = [plain("seconds", 1, Type::Int64), plain("nanos", 2, Type::Int32)];
    let any = [plain("type_url", 1, Type::String), plain("value", 2, Type::Bytes)];
    let of = |kind: WellKnown| match kind {
        WellKnown::Any => &any,
        WellKnown::Duration | WellKnown::Timestamp => &time,
    };
    let file = |kind| FileDescriptorProto {
        name: Some(format!("google/protobuf/{}.proto", word(kind).to_lowercase())),
        package: Some("google.protobuf".to_owned()),
        message_type: vec![DescriptorProto {
            name: Some(word(kind).to_owned()),
            field: of(kind).to_vec(),
            ..DescriptorProto::default()
        }],
        syntax: Some("proto3".to_owned()),
        ..FileDescriptorProto::default()
    };
    [WellKnown::Any, WellKnown::Duration, WellKnown::Timestamp].map(file).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::Name;

    /// Every name that is used is declared, in a file that the file names; no file needs itself.
    #[test]
    fn every_type_is_in_a_file_that_is_named() {
        for network in Name::ALL.iter().map(|name| name.facts()) {
            let files = of(network).file;
            let mut declared = BTreeMap::new();
            for file in &files {
                let mut names = Vec::new();
                for message in &file.message_type {
                    names_in(&format!(".{}", file.package()), message, &mut names);
                }
                let enums = file.enum_type.iter().map(|found| format!(".{}.{}", file.package(), found.name()));
                for name in names.into_iter().chain(enums) {
                    assert!(declared.insert(name.clone(), file.name()).is_none(), "{name} twice");
                }
            }
            let mut fields = 0;
            for file in &files {
                let mut used = Vec::new();
                file.message_type.iter().for_each(|message| types_in(message, &mut used));
                for method in file.service.iter().flat_map(|service| &service.method) {
                    used.extend([method.input_type().to_owned(), method.output_type().to_owned()]);
                }
                for name in used {
                    let place = declared.get(&name).unwrap_or_else(|| panic!("{name} of {} is nowhere", file.name()));
                    let there = *place == file.name() || file.dependency.iter().any(|used| used == place);
                    assert!(there, "{} uses {name} of {place}", file.name());
                    fields += 1;
                }
            }
            assert!(fields > 300, "{fields}");
        }
    }

    fn names_in(outer: &str, message: &DescriptorProto, names: &mut Vec<String>) {
        let own = format!("{outer}.{}", message.name());
        names.extend(message.enum_type.iter().map(|found| format!("{own}.{}", found.name())));
        message.nested_type.iter().for_each(|inner| names_in(&own, inner, names));
        names.push(own);
    }

    fn types_in(message: &DescriptorProto, used: &mut Vec<String>) {
        used.extend(message.field.iter().filter_map(|field| field.type_name.clone()));
        message.nested_type.iter().for_each(|inner| types_in(inner, used));
    }
}
