//! Request targets as CometBFT takes them.
//!
//! `GET /tx_search?query="tx.height=5"` is what CometBFT's own documents tell people to write, quotes and all; Go reads
//! it, hyper refuses it. So what a target may not hold is escaped before hyper sees it: here, between the connection
//! and the server. Nothing else of a request changes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection whose request targets are escaped on the way in.
pub(super) struct Escaped<S> {
    stream: S,
    reader: Reader,
    /// Read and ready to be given.
    ready: Vec<u8>,
    /// How much of it was given.
    given: usize,
}

/// Where in a conversation of HTTP/1.1 the reader is.
#[derive(Debug)]
enum Reader {
    /// In a request's first line: how it begins.
    Line(Vec<u8>),
    /// In its headers: what there is of the line, and how long the body will be.
    Headers { line: Vec<u8>, body: u64, raw: bool },
    /// In its body: how much is to come.
    Body(u64),
    /// In something else until the end: HTTP/2, a websocket, a body in chunks.
    Raw,
}

/// How much of a first line tells HTTP/2 from a method.
const METHOD: usize = 4;

/// The longest header that is looked at.
const LONGEST: usize = 64 << 10;

impl Reader {
    fn new() -> Self {
        Self::Line(Vec::new())
    }

    /// Takes bytes, and writes what the server is to read.
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            match self {
                Self::Raw => {
                    out.extend_from_slice(rest);
                    return;
                }
                Self::Body(left) => {
                    let here = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    let (body, after) = rest.split_at(here);
                    out.extend_from_slice(body);
                    *left -= here as u64;
                    rest = after;
                    if *left == 0 {
                        *self = Self::new();
                    }
                }
                Self::Line(line) => {
                    escape(*byte, out);
                    rest = after;
                    if line.len() < METHOD {
                        line.push(*byte);
                    }
                    if line == b"PRI " {
                        *self = Self::Raw;
                    } else if *byte == b'\n' {
                        let blank = line.iter().all(u8::is_ascii_whitespace);
                        *self =
                            if blank { Self::new() } else { Self::Headers { line: Vec::new(), body: 0, raw: false } };
                    }
                }
                Self::Headers { line, body, raw } => {
                    out.push(*byte);
                    rest = after;
                    if *byte != b'\n' {
                        line.push(*byte);
                        if line.len() > LONGEST {
                            *self = Self::Raw;
                        }
                        continue;
                    }
                    let text = String::from_utf8_lossy(line).trim().to_ascii_lowercase();
                    line.clear();
                    match text.split_once(':').map(|(name, value)| (name.trim(), value.trim())) {
                        Some(("content-length", length)) => *body = length.parse().unwrap_or(0),
                        Some(("transfer-encoding" | "upgrade", _)) => *raw = true,
                        _ => {}
                    }
                    if text.is_empty() {
                        *self = match (*raw, *body) {
                            (true, _) => Self::Raw,
                            (false, 0) => Self::new(),
                            (false, length) => Self::Body(length),
                        };
                    }
                }
            }
        }
    }
}

/// Writes a byte of a request's first line.
fn escape(byte: u8, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or(b'0');
    match byte {
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0x80.. => {
            out.extend([b'%', digit(byte >> 4), digit(byte & 15)]);
        }
        plain => out.push(plain),
    }
}

impl<S> Escaped<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, reader: Reader::new(), ready: Vec::new(), given: 0 }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Escaped<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            let left = this.ready.get(this.given..).unwrap_or_default();
            if !left.is_empty() {
                let now = left.get(..left.len().min(to.remaining())).unwrap_or_default();
                to.put_slice(now);
                this.given += now.len();
                return Poll::Ready(Ok(()));
            }
            this.ready.clear();
            this.given = 0;
            if matches!(this.reader, Reader::Raw) {
                return Pin::new(&mut this.stream).poll_read(context, to);
            }
            let mut space = [0; 8 << 10];
            let mut read = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut read))?;
            if read.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.reader.take(read.filled(), &mut this.ready);
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Escaped<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(pieces: &[&[u8]]) -> String {
        let (mut reader, mut out) = (Reader::new(), Vec::new());
        for piece in pieces {
            reader.take(piece, &mut out);
        }
        String::from_utf8(out).unwrap()
    }

    const POST: &str = "POST / HTTP/1.1\r\nContent-Length: 12\r\n\r\nGET \"body\" \n";
    const GET: &str = "GET /x?a=\"b\" HTTP/1.1\r\nHost: \"h\"\r\n\r\n";
    const ESCAPED: &str = "GET /x?a=%22b%22 HTTP/1.1\r\nHost: \"h\"\r\n\r\n";

    #[test]
    fn first_lines_are_escaped_and_nothing_else() {
        assert_eq!(whole(&[GET.as_bytes()]), ESCAPED);
        let several = [POST, GET, "\r\n", GET].concat();
        assert_eq!(whole(&[several.as_bytes()]), [POST, ESCAPED, "\r\n", ESCAPED].concat());
        let upgraded = "GET /websocket HTTP/1.1\r\nUpgrade: websocket\r\n\r\nGET \"\r\n\"";
        assert_eq!(whole(&[upgraded.as_bytes()]), upgraded);
        let two = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\"\n\"";
        assert_eq!(whole(&[two.as_bytes()]), two);
        assert_eq!(whole(&["GET /é{".as_bytes()]), "GET /%C3%A9%7B", "nothing is held back");
        let long = format!("GET / HTTP/1.1\r\n{}\n\n\"", "x".repeat(LONGEST + 2));
        assert_eq!(whole(&[long.as_bytes()]), long);
    }

    proptest! {
        #[test]
        fn pieces_are_read_as_the_whole(cuts in proptest::collection::vec(0usize..100, 0..6)) {
            let text = [POST, GET].concat();
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(text.len())).chain([0, text.len()]).collect();
            cuts.sort_unstable();
            let pieces: Vec<_> = cuts.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
            prop_assert_eq!(whole(&pieces), [POST, ESCAPED].concat());
        }
    }
}
