//! A manual page in the man(7) language, written so that `mandoc -T lint` has nothing to say.

use crate::config::wrapped;

/// The date of the pages: that of the release they describe.
const DATE: &str = "2026-11-21";

/// A page that is being written.
pub struct Page(String);

impl Page {
    /// A page with its heading: `provider-config` of section 5.
    pub fn new(name: &str, section: u8) -> Self {
        let (title, version) = (name.to_uppercase(), env!("CARGO_PKG_VERSION"));
        Self(format!(".TH {title} {section} {DATE} \"provider {version}\" \"Provider Manual\"\n"))
    }

    /// A heading.
    pub fn section(&mut self, heading: &str) {
        self.0.push_str(&format!(".SH \"{}\"\n", escaped(heading).to_uppercase()));
    }

    /// Text, filled.
    pub fn text(&mut self, text: &str) {
        for line in wrapped(text, 72) {
            self.line(&escaped(&line));
        }
    }

    /// A paragraph after another one.
    pub fn paragraph(&mut self, text: &str) {
        self.0.push_str(".PP\n");
        self.text(text);
    }

    /// A term in bold, with an addition in italics, and what it means.
    pub fn term(&mut self, term: &str, addition: &str, meaning: &str) {
        self.0.push_str(".TP\n");
        let addition = if addition.is_empty() { String::new() } else { format!(" \\fI{}\\fR", escaped(addition)) };
        self.line(&format!("\\fB{}\\fR{addition}", escaped(term)));
        self.text(if meaning.is_empty() { "-" } else { meaning });
    }

    /// Text in bold that is not filled: a command line.
    pub fn command(&mut self, text: &str) {
        self.line(&format!("\\fB{}\\fR", escaped(text)));
    }

    /// The whole page.
    pub fn finish(self) -> String {
        self.0
    }

    fn line(&mut self, line: &str) {
        // A dot or a quote in front would be a request.
        if line.starts_with(['.', '\'']) {
            self.0.push_str("\\&");
        }
        self.0.push_str(line);
        self.0.push('\n');
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_request_is_text() {
        let mut page = Page::new("x", 1);
        page.text(".so /etc/passwd");
        page.text("'tis a back\\slash");
        let text = page.finish();
        assert!(text.contains("\n\\&.so /etc/passwd\n"));
        assert!(text.contains("\n\\&'tis a back\\eslash\n"));
    }
}
