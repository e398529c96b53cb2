//! Text that others wrote, made harmless for a page.

use std::borrow::Cow;

use crate::observe::{escape, redact};

/// The text without secrets, without what is not for the eye, and without what a browser would take for markup; for
/// content and for attributes in double quotes.
pub(super) fn escape(text: &str) -> String {
    let clean: Cow<'_, str> = redact::text(text);
    let clean = escape::line(&clean);
    let mut safe = String::with_capacity(clean.len().saturating_add(16));
    for character in clean.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_text() {
        let hostile = "<script>alert('1')</script>\" onload=\"x\u{202e}&\u{1b}[31m";
        let safe = escape(hostile);
        assert!(!safe.contains(['<', '>', '"', '\'', '\u{202e}', '\u{1b}']), "{safe}");
        assert!(safe.starts_with("&lt;script&gt;alert(&#39;1&#39;)"), "{safe}");
        assert_eq!(escape("Bearer abc.def"), "Bearer ***");
    }
}
