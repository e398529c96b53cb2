//! APDUs to Speculos, Ledger's emulator: a length of four bytes before each, big-endian; the length of an answer does not
//! count its status.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::{Error, Transport};

/// A connection to the emulator.
pub struct Emulator(TcpStream);

/// The longest answer, in bytes.
const LONGEST: usize = 64 * 1024;

/// How long the connection may take.
const TO_CONNECT: Duration = Duration::from_secs(5);

impl Emulator {
    /// Connects to the emulator.
    pub fn open(address: SocketAddr) -> Result<Self, Error> {
        let stream = TcpStream::connect_timeout(&address, TO_CONNECT);
        stream.map(Self).map_err(|source| Error::Emulator { doing: "reach", source })
    }
}

impl Transport for Emulator {
    fn exchange(&mut self, command: &[u8], patience: Duration) -> Result<Vec<u8>, Error> {
        let failed = |doing| {
            move |source: std::io::Error| match source.kind() {
                std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => Error::Slow { patience },
                _ => Error::Emulator { doing, source },
            }
        };
        self.0.set_read_timeout(Some(patience)).map_err(failed("wait for"))?;
        let length = u32::try_from(command.len()).unwrap_or(u32::MAX).to_be_bytes();
        self.0.write_all(&[length.as_slice(), command].concat()).map_err(failed("write to"))?;
        let mut length = [0; 4];
        self.0.read_exact(&mut length).map_err(failed("read from"))?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > LONGEST {
            return Err(Error::Answer { what: "more than an app can answer" });
        }
        let mut answer = vec![0; length.saturating_add(2)];
        self.0.read_exact(&mut answer).map_err(failed("read from"))?;
        Ok(answer)
    }
}
