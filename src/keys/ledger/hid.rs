//! APDUs over USB HID: packets of 64 bytes on a channel.
//!
//! ```text
//! CHANNEL 2 · 0x05 · SEQUENCE 2 · data          all numbers big-endian, the last packet filled up with zeros
//! ```
//! The data begins with the length of the APDU in two bytes. The same bytes as `@ledgerhq/devices` makes
//! (fixtures/keys/ledger.json).

use std::time::{Duration, Instant};

use hidapi::{HidApi, HidDevice};

use super::{Error, Transport};

/// Ledger's vendor id.
const LEDGER: u16 = 0x2c97;

/// The usage page of the interface that takes APDUs; Linux without it counts interfaces instead.
const USAGE_PAGE: u16 = 0xffa0;

const CHANNEL: u16 = 0x0101;
const TAG: u8 = 0x05;
const PACKET: usize = 64;
const HEAD: usize = 5;

/// A device on the USB.
pub struct Usb(HidDevice);

impl Usb {
    /// The one Ledger that is plugged in.
    pub fn open() -> Result<Self, Error> {
        let failed = |source| Error::Usb { doing: "list the USB devices", source };
        let api = HidApi::new().map_err(failed)?;
        let is_ours = |device: &&hidapi::DeviceInfo| {
            device.vendor_id() == LEDGER && (device.usage_page() == USAGE_PAGE || device.interface_number() == 0)
        };
        let mut found: Vec<_> = api.device_list().filter(is_ours).collect();
        found.dedup_by_key(|device| device.path());
        match found.as_slice() {
            [device] => {
                device.open_device(&api).map(Self).map_err(|source| Error::Usb { doing: "open the Ledger", source })
            }
            [] => Err(Error::NoDevice),
            several => Err(Error::Several { count: several.len() }),
        }
    }
}

impl Transport for Usb {
    fn exchange(&mut self, command: &[u8], patience: Duration) -> Result<Vec<u8>, Error> {
        for packet in packets(command) {
            // Report number 0, which the device does not have, comes first.
            let report = [&[0], packet.as_slice()].concat();
            self.0.write(&report).map_err(|source| Error::Usb { doing: "write to the Ledger", source })?;
        }
        let begun = Instant::now();
        let mut answer = Answer::default();
        loop {
            let left = patience.saturating_sub(begun.elapsed());
            let milliseconds = i32::try_from(left.as_millis()).unwrap_or(i32::MAX);
            let mut packet = [0; PACKET];
            let read = self.0.read_timeout(&mut packet, milliseconds);
            match read.map_err(|source| Error::Usb { doing: "read from the Ledger", source })? {
                0 => return Err(Error::Slow { patience }),
                length => {
                    if let Some(whole) = answer.take(packet.get(..length).unwrap_or_default())? {
                        return Ok(whole);
                    }
                }
            }
        }
    }
}

/// The packets of a command.
pub fn packets(command: &[u8]) -> Vec<[u8; PACKET]> {
    let length = u16::try_from(command.len()).unwrap_or(u16::MAX).to_be_bytes();
    let data = [length.as_slice(), command].concat();
    let numbered = data.chunks(PACKET - HEAD).zip(0_u16..);
    numbered
        .map(|(chunk, sequence)| {
            let [channel_high, channel_low] = CHANNEL.to_be_bytes();
            let [high, low] = sequence.to_be_bytes();
            let head = [channel_high, channel_low, TAG, high, low];
            let mut packet = [0; PACKET];
            for (to, from) in packet.iter_mut().zip(head.iter().chain(chunk)) {
                *to = *from;
            }
            packet
        })
        .collect()
}

/// An answer that comes packet by packet.
#[derive(Debug, Default)]
pub struct Answer {
    expected: Option<usize>,
    sequence: u16,
    data: Vec<u8>,
}

impl Answer {
    /// Takes the next packet; gives the answer back when it is whole.
    pub fn take(&mut self, packet: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let wrong = Error::Answer { what: "a packet of something else" };
        let [channel_high, channel_low, TAG, high, low, rest @ ..] = packet else { return Err(wrong) };
        if [*channel_high, *channel_low] != CHANNEL.to_be_bytes() || [*high, *low] != self.sequence.to_be_bytes() {
            return Err(wrong);
        }
        self.sequence = self.sequence.wrapping_add(1);
        let (expected, rest) = match (self.expected, rest) {
            (Some(expected), rest) => (expected, rest),
            (None, [high, low, rest @ ..]) => (usize::from(u16::from_be_bytes([*high, *low])), rest),
            (None, _) => return Err(wrong),
        };
        self.expected = Some(expected);
        self.data.extend_from_slice(rest);
        if self.data.len() < expected {
            return Ok(None);
        }
        self.data.truncate(expected);
        Ok(Some(std::mem::take(&mut self.data)))
    }
}
