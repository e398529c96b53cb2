//! GPU models: what a back end has, and which an order would take.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::glob;
use crate::domain::manifest::Attribute;

/// A GPU model as an inventory or a price list names it: `nvidia/a100`, `nvidia/a100/80Gi/sxm`.
///
/// In a price list each part that is left out stands for any; in an inventory it is what is not known. The vendor may
/// be left out too: `a100`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GpuModel {
    /// `nvidia`.
    pub vendor: Option<Box<str>>,
    /// `a100`; none where a back end counts its GPUs without naming them.
    pub model: Option<Box<str>>,
    /// `80Gi`.
    pub ram: Option<Box<str>>,
    /// `pcie` or `sxm`.
    pub interface: Option<Box<str>>,
}

/// A text that names no GPU model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a GPU model is written a100, nvidia/a100 or nvidia/a100/80Gi/sxm")]
pub struct NotAModel;

impl GpuModel {
    /// GPUs that nobody has named.
    pub const UNNAMED: Self = Self { vendor: None, model: None, ram: None, interface: None };

    /// How many of its parts are given.
    fn parts(&self) -> usize {
        [&self.vendor, &self.model, &self.ram, &self.interface].into_iter().flatten().count()
    }

    /// Whether everything that this entry of a price list names is so of a model; how exactly, if it is.
    pub fn covers(&self, model: &Self) -> Option<usize> {
        let same = |wanted: &Option<Box<str>>, found: &Option<Box<str>>| wanted.is_none() || wanted == found;
        let all = same(&self.vendor, &model.vendor)
            && same(&self.model, &model.model)
            && same(&self.ram, &model.ram)
            && same(&self.interface, &model.interface);
        all.then(|| self.parts())
    }
}

impl FromStr for GpuModel {
    type Err = NotAModel;

    fn from_str(text: &str) -> Result<Self, NotAModel> {
        let part = |part: &str| {
            let clean = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
            (clean && (1..=64).contains(&part.len())).then(|| Some(part.into())).ok_or(NotAModel)
        };
        let parts: Vec<&str> = text.split('/').collect();
        if let ["vendor", vendor, "model", model, rest @ ..] = parts.as_slice() {
            let (ram, interface) = match rest {
                [] => (None, None),
                ["ram", ram] => (part(ram)?, None),
                ["interface", interface] => (None, part(interface)?),
                ["ram", ram, "interface", interface] => (part(ram)?, part(interface)?),
                _ => return Err(NotAModel),
            };
            return Ok(Self { vendor: part(vendor)?, model: part(model)?, ram, interface });
        }
        let is_ram = |part: &str| part.ends_with("Gi") && part.starts_with(|first: char| first.is_ascii_digit());
        let is_interface = |part: &str| part == "pcie" || part.starts_with("sxm");
        let (mut names, mut ram, mut interface) = (Vec::new(), None, None);
        for word in parts {
            if is_ram(word) && ram.is_none() && !names.is_empty() {
                ram = part(word)?;
            } else if is_interface(word) && interface.is_none() && !names.is_empty() {
                interface = part(word)?;
            } else if ram.is_none() && interface.is_none() {
                names.push(word);
            } else {
                return Err(NotAModel);
            }
        }
        match names.as_slice() {
            [model] => Ok(Self { vendor: None, model: part(model)?, ram, interface }),
            [vendor, model] => Ok(Self { vendor: part(vendor)?, model: part(model)?, ram, interface }),
            _ => Err(NotAModel),
        }
    }
}

impl fmt::Display for GpuModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::UNNAMED {
            return f.write_str("unnamed");
        }
        let parts = [&self.vendor, &self.model, &self.ram, &self.interface];
        for (place, part) in parts.into_iter().flatten().enumerate() {
            let slash = if place == 0 { "" } else { "/" };
            write!(f, "{slash}{part}")?;
        }
        Ok(())
    }
}

impl TryFrom<String> for GpuModel {
    type Error = NotAModel;

    fn try_from(text: String) -> Result<Self, NotAModel> {
        if text == "unnamed" { Ok(Self::UNNAMED) } else { text.parse() }
    }
}

impl From<GpuModel> for String {
    fn from(model: GpuModel) -> Self {
        model.to_string()
    }
}

/// Which models an order would take for a unit: any one of its attributes `vendor/V/model/M[/ram/R][/interface/I]` with
/// the value `true`. Each part may be a glob, and one that is left out stands for any.
#[derive(Debug, Clone, Copy)]
pub struct GpuWish<'a>(pub &'a [Attribute]);

impl GpuWish<'_> {
    /// Whether a model will do. A model or a part of it that is not known may be what is asked for: whether we may
    /// offer it at all is what the capabilities of our registration say.
    pub fn takes(self, model: &GpuModel) -> bool {
        self.0.is_empty() || self.0.iter().filter(|wish| wish.value == "true").any(|wish| is_one(&wish.key, model))
    }

    /// The wishes as the order has them.
    pub fn words(self) -> Box<[Box<str>]> {
        self.0.iter().map(|wish| wish.key.as_str().into()).collect()
    }
}

fn is_one(wish: &str, model: &GpuModel) -> bool {
    let mut words = wish.split('/');
    while let Some(word) = words.next() {
        let known = match word {
            "vendor" => &model.vendor,
            "model" => &model.model,
            "ram" => &model.ram,
            "interface" => &model.interface,
            _ => return false,
        };
        let Some(asked) = words.next() else { return false };
        if let Some(known) = known
            && !glob::matches(asked, known)
        {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(text: &str) -> GpuModel {
        text.parse().unwrap()
    }

    #[test]
    fn models_are_read_in_both_forms() {
        for (text, shown) in [
            ("a100", "a100"),
            ("nvidia/a100", "nvidia/a100"),
            ("nvidia/a100/80Gi", "nvidia/a100/80Gi"),
            ("nvidia/a100/80Gi/sxm", "nvidia/a100/80Gi/sxm"),
            ("a100/pcie", "a100/pcie"),
            ("vendor/nvidia/model/a100/ram/80Gi/interface/sxm4", "nvidia/a100/80Gi/sxm4"),
            ("vendor/nvidia/model/a100", "nvidia/a100"),
        ] {
            assert_eq!(model(text).to_string(), shown);
            assert_eq!(model(text), model(shown));
        }
        for text in ["", "/", "a/b/c", "nvidia//a100", "nvidia/a 100", "vendor/nvidia/model", "nvidia/a100/80Gi/80Gi"] {
            assert_eq!(text.parse::<GpuModel>(), Err(NotAModel), "{text:?}");
        }
    }

    #[test]
    fn an_order_takes_what_its_globs_match() {
        let wish = |keys: &[&str], text: &str| {
            let attributes: Vec<_> =
                keys.iter().map(|key| Attribute { key: (*key).to_owned(), value: "true".to_owned() }).collect();
            GpuWish(&attributes).takes(&model(text))
        };
        assert!(wish(&[], "nvidia/a100"));
        assert!(wish(&["vendor/nvidia/model/*"], "nvidia/a100/80Gi/sxm"));
        assert!(wish(&["vendor/nvidia/model/a100"], "nvidia/a100/80Gi/sxm"));
        assert!(wish(&["vendor/nvidia/model/a100/ram/80Gi"], "nvidia/a100/80Gi/sxm"));
        assert!(wish(&["vendor/nvidia/model/a100/interface/sxm"], "nvidia/a100/80Gi/sxm"));
        assert!(wish(&["vendor/nvidia/model/t4", "vendor/nvidia/model/a100"], "nvidia/a100"));
        assert!(wish(&["vendor/nvidia/model/a100/ram/80Gi"], "nvidia/a100"), "its memory is not known");
        assert!(!wish(&["vendor/nvidia/model/a100/ram/40Gi"], "nvidia/a100/80Gi"));
        assert!(!wish(&["vendor/nvidia/model/a100/interface/pcie"], "nvidia/a100/80Gi/sxm"));
        assert!(!wish(&["vendor/amd/model/*"], "nvidia/a100"));
        assert!(!wish(&["something/else"], "nvidia/a100") && !wish(&["vendor"], "nvidia/a100"));
        assert!(GpuWish(&[]).takes(&GpuModel::UNNAMED));
        let off = [Attribute { key: "vendor/nvidia/model/a100".to_owned(), value: "false".to_owned() }];
        assert!(!GpuWish(&off).takes(&model("nvidia/a100")));
    }

    #[test]
    fn a_price_covers_what_it_does_not_exclude() {
        let (sxm, pcie) = (model("nvidia/a100/80Gi/sxm"), model("nvidia/a100/80Gi/pcie"));
        assert_eq!(model("a100").covers(&sxm), Some(1));
        assert_eq!(model("nvidia/a100/sxm").covers(&sxm), Some(3));
        assert_eq!(model("nvidia/a100/sxm").covers(&pcie), None);
        assert_eq!(model("h100").covers(&sxm), None);
    }
}
