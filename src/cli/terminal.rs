//! The terminal of the person who started the program, whatever stdin and stdout are: for what must not go into a pipe
//! or a log.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};

use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};
use zeroize::Zeroizing;

/// The controlling terminal.
pub struct Terminal(File);

/// The longest answer, in bytes.
const LONGEST: usize = 4096;

/// The terminal as it was before a hidden answer; put back when this is dropped.
struct Hidden<'a> {
    terminal: &'a File,
    before: Termios,
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        // The terminal may be gone, and then nobody is left to mind.
        let _ = termios::tcsetattr(self.terminal, OptionalActions::Drain, &self.before);
    }
}

impl Terminal {
    /// The terminal, if the process has one; a timer's run has none.
    pub fn open() -> Option<Self> {
        OpenOptions::new().read(true).write(true).open("/dev/tty").ok().map(Self)
    }

    /// Shows a text.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(text.as_bytes())
    }

    /// Asks for a line that everybody may see.
    pub fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(question)?;
        let mut line = Vec::new();
        loop {
            match self.byte()? {
                b'\n' => break,
                byte if line.len() < LONGEST => line.push(byte),
                _ => return Err(too_long()),
            }
        }
        String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    /// Asks for a line that is not shown. Ctrl-C and, at the start, Ctrl-D give up.
    pub fn ask_hidden(&mut self, question: &str) -> io::Result<Zeroizing<String>> {
        self.say(question)?;
        let line = self.hidden_line();
        // The line end was not shown either.
        self.say("\n")?;
        line
    }

    fn hidden_line(&mut self) -> io::Result<Zeroizing<String>> {
        let terminal = self.0.try_clone()?;
        let _hidden = hide(&terminal)?;
        // Room for all of it from the start, so that growing leaves no copy behind.
        let mut line = Zeroizing::new(String::with_capacity(LONGEST + 4));
        let mut character = Zeroizing::new(Vec::with_capacity(4));
        loop {
            match self.byte()? {
                b'\n' | b'\r' => return Ok(line),
                // Ctrl-C, Ctrl-\; Ctrl-D at the start.
                0x03 | 0x1c => return Err(io::Error::new(io::ErrorKind::Interrupted, "interrupted")),
                0x04 if line.is_empty() => return Err(ended()),
                // Backspace, Ctrl-U.
                0x08 | 0x7f => drop(line.pop()),
                0x15 => line.clear(),
                b'\t' => line.push(' '),
                byte if byte < 0x20 => {}
                byte => {
                    character.push(byte);
                    match std::str::from_utf8(&character) {
                        Ok(text) => line.push_str(text),
                        // The rest of the character is to come.
                        Err(error) if error.error_len().is_none() => continue,
                        Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
                    }
                    character.clear();
                    if line.len() > LONGEST {
                        return Err(too_long());
                    }
                }
            }
        }
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        match self.0.read(&mut byte)? {
            0 => Err(ended()),
            _ => Ok(byte[0]),
        }
    }
}

/// Byte by byte, unseen, and without signals, so that giving up puts the terminal back.
fn hide(terminal: &File) -> io::Result<Hidden<'_>> {
    let before = termios::tcgetattr(terminal)?;
    let mut hidden = before.clone();
    hidden
        .local_modes
        .remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
    hidden.special_codes[SpecialCodeIndex::VMIN] = 1;
    hidden.special_codes[SpecialCodeIndex::VTIME] = 0;
    termios::tcsetattr(terminal, OptionalActions::Drain, &hidden)?;
    Ok(Hidden { terminal, before })
}

fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the terminal gave no more")
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("more than {LONGEST} bytes"))
}
