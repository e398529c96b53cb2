//! What a command gives back: data and a status, never printed by the command itself.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::Serialize;

use super::Status;
use super::output::Form;
use super::output::listing::{Listing, Row, Rows};
use super::output::record::{Entry, Record};

/// The outcome of a command that ran.
pub struct Report {
    /// The data for stdout.
    pub body: Body,
    /// The form in which the data is printed.
    pub form: Form,
    /// How the process ends.
    pub status: Status,
    /// Remarks for stderr, one line each.
    pub notes: Vec<String>,
    /// Remarks that say why the status is what it is: told also where all others are not wanted.
    pub reasons: Vec<String>,
    /// Longer text for stderr, which comes first: warnings with their source lines.
    pub talk: String,
}

/// Data for stdout.
pub enum Body {
    /// Nothing to print.
    Nothing,
    /// A text that is printed as it is: a script, a manual page, a schema.
    Verbatim(String),
    /// Rows of one kind.
    Listing(Box<dyn Listing>),
    /// One thing with named parts.
    Record(Box<dyn Record>),
    /// What comes bit by bit, and is printed as it comes.
    Live(Live),
    /// Two bodies, one after the other.
    Both(Box<Body>, Box<Body>),
}

/// Data that comes bit by bit: it is given stdout, once.
pub struct Live(RefCell<Option<Producer>>);

type Producer = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()>>;

impl Live {
    /// Lets it come.
    pub fn print(&self, sink: &mut dyn Write) -> io::Result<()> {
        let producer = self.0.borrow_mut().take();
        producer.map_or(Ok(()), |producer| producer(sink))
    }
}

impl Report {
    /// What comes bit by bit.
    pub fn live(producer: impl FnOnce(&mut dyn Write) -> io::Result<()> + 'static) -> Self {
        Self::new(Body::Live(Live(RefCell::new(Some(Box::new(producer))))), Form::Table)
    }

    fn new(body: Body, form: Form) -> Self {
        Self { body, form, status: Status::Done, notes: Vec::new(), reasons: Vec::new(), talk: String::new() }
    }

    /// Nothing to print.
    pub fn nothing() -> Self {
        Self::new(Body::Nothing, Form::Table)
    }

    /// A text that is printed as it is.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self::new(Body::Verbatim(text.into()), Form::Table)
    }

    /// Rows of one kind.
    pub fn listing<R: Row + 'static>(rows: Vec<R>, form: Form) -> Self {
        Self::new(Body::Listing(Box::new(Rows(rows))), form)
    }

    /// One thing with named parts.
    pub fn record<E: Entry + Serialize + 'static>(entry: E, form: Form) -> Self {
        Self::new(Body::Record(Box::new(entry)), form)
    }

    /// Puts another body behind this one.
    #[must_use]
    pub fn followed_by(mut self, other: Self) -> Self {
        self.body = Body::Both(Box::new(self.body), Box::new(other.body));
        self
    }

    /// Sets how the process ends.
    #[must_use]
    pub fn status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// Adds a remark for stderr.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a remark that says why the status is what it is.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reasons.push(reason.into());
        self
    }

    /// Sets the longer text for stderr.
    #[must_use]
    pub fn talk(mut self, talk: impl Into<String>) -> Self {
        self.talk = talk.into();
        self
    }
}
