//! Commands to the Cosmos app and its answers, as ISO 7816 has them: CLA INS P1 P2 LENGTH DATA.
//!
//! After the app's APDUSPEC, and the same bytes as @zondax/ledger-cosmos-js and @ledgerhq/hw-app-cosmos send
//! (fixtures/keys/ledger.json).

use k256::ecdsa::Signature as Ecdsa;

use super::Error;
use crate::keys::{HdPath, Signature};

/// The class of the Cosmos app's commands.
const COSMOS: u8 = 0x55;

/// The class of commands that every app answers.
const ANY_APP: u8 = 0xb0;

const APP_INFO: u8 = 0x01;
const VERSION: u8 = 0x00;
const SIGN: u8 = 0x02;
const ADDRESS: u8 = 0x04;

/// The most data of one command.
const CHUNK: usize = 250;

/// The oldest version of the app whose commands are these (CosmJS asks for the same).
pub(super) const OLDEST_APP: (u32, u32, u32) = (1, 5, 3);

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    class: u8,
    instruction: u8,
    p1: u8,
    p2: u8,
    data: Vec<u8>,
}

/// P1 of a part of what is to be signed.
const FIRST: u8 = 0;
const MIDDLE: u8 = 1;
const LAST: u8 = 2;

impl Command {
    const fn bare(class: u8, instruction: u8) -> Self {
        Self { class, instruction, p1: 0, p2: 0, data: Vec::new() }
    }

    /// Asks which app is open.
    pub const fn app_info() -> Self {
        Self::bare(ANY_APP, APP_INFO)
    }

    /// Asks for the version of the Cosmos app.
    pub const fn version() -> Self {
        Self::bare(COSMOS, VERSION)
    }

    /// Asks for the public key and the address at a path, shown to a person or not.
    pub fn address(path: &HdPath, prefix: &str, shown: bool) -> Result<Self, Error> {
        let length = u8::try_from(prefix.len()).ok().filter(|length| (1..=83).contains(length));
        let mut data = vec![length.ok_or(Error::Prefix)?];
        data.extend_from_slice(prefix.as_bytes());
        data.extend_from_slice(&serialized(path)?);
        Ok(Self { class: COSMOS, instruction: ADDRESS, p1: u8::from(shown), p2: 0, data })
    }

    /// What signs a text: the path first, then the text in parts.
    pub fn sign(path: &HdPath, text: &[u8]) -> Result<Vec<Self>, Error> {
        let part = |p1, data| Self { class: COSMOS, instruction: SIGN, p1, p2: 0, data };
        let mut commands = vec![part(FIRST, serialized(path)?.to_vec())];
        let mut rest = text.chunks(CHUNK).peekable();
        while let Some(chunk) = rest.next() {
            commands.push(part(if rest.peek().is_some() { MIDDLE } else { LAST }, chunk.to_vec()));
        }
        Ok(commands)
    }

    /// Whether a person answers it: the last part of what is to be signed.
    pub(super) const fn is_last(&self) -> bool {
        self.instruction == SIGN && self.p1 == LAST
    }

    /// As it goes to the device.
    pub fn bytes(&self) -> Vec<u8> {
        let length = u8::try_from(self.data.len()).unwrap_or(u8::MAX);
        let mut bytes = vec![self.class, self.instruction, self.p1, self.p2, length];
        bytes.extend_from_slice(&self.data);
        bytes
    }
}

/// A path of five steps, four bytes each, the lowest first.
fn serialized(path: &HdPath) -> Result<[u8; 20], Error> {
    let steps: Vec<u8> = path.steps().flat_map(u32::to_le_bytes).collect();
    steps.try_into().map_err(|_| Error::Path { path: path.to_string() })
}

/// The data of an answer whose status is success.
pub(super) fn data(mut answer: Vec<u8>) -> Result<Vec<u8>, Error> {
    let at = answer.len().checked_sub(2).ok_or(Error::Answer { what: "no status" })?;
    let status = match answer.split_off(at).as_slice() {
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => return Err(Error::Answer { what: "no status" }),
    };
    if status == 0x9000 { Ok(answer) } else { Err(Error::of_status(status, &answer)) }
}

/// The version of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    /// It signs with a key that everybody knows.
    pub(super) test_mode: bool,
    pub(super) major: u32,
    pub(super) minor: u32,
    pub(super) patch: u32,
}

/// Reads a version, whose numbers have one, two or four bytes by the length of the answer.
pub(super) fn version(answer: &[u8]) -> Option<Version> {
    let width = match answer.len() {
        5 | 9 => 1,
        8 | 12 => 2,
        14 | 18 => 4,
        _ => return None,
    };
    let (mode, numbers) = answer.split_first()?;
    let mut numbers =
        numbers.chunks(width).map(|bytes| bytes.iter().fold(0, |number: u32, byte| number << 8 | u32::from(*byte)));
    Some(Version { test_mode: *mode != 0, major: numbers.next()?, minor: numbers.next()?, patch: numbers.next()? })
}

/// The name of the app that is open: format 1, a length, the name.
pub(super) fn app_name(answer: &[u8]) -> Option<String> {
    match answer {
        [1, length, rest @ ..] => {
            let name = rest.get(..usize::from(*length))?;
            Some(name.iter().map(|byte| char::from(*byte)).filter(char::is_ascii_graphic).collect())
        }
        _ => None,
    }
}

/// A signature that the app gives in DER.
pub(super) fn signature(answer: &[u8]) -> Option<Signature> {
    Ecdsa::from_der(answer).ok().map(|signature| signature.to_bytes().into())
}
