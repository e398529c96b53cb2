//! Globs as Go's `filepath.Match` has them: `*` and `?` do not cross `/`, `[a-z]` and `[^a-z]` are sets, `\` takes the
//! next character as it is. A malformed pattern matches nothing.

/// Whether the whole text matches the pattern.
pub fn matches(pattern: &str, text: &str) -> bool {
    // Nearly every pattern of an order is a plain text, and an order book has a hundred thousand of them.
    if !pattern.contains(['*', '?', '[', '\\']) {
        return pattern == text;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    parse(&pattern).is_some_and(|pieces| matches_from(&pieces, &text))
}

/// One piece of a pattern.
enum Piece {
    /// `*`
    Any,
    /// `?`
    One,
    /// A character.
    Char(char),
    /// `[…]`: whether it is turned round, and its ranges.
    Set(bool, Vec<(char, char)>),
}

fn parse(pattern: &[char]) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = pattern.iter().copied();
    while let Some(next) = rest.next() {
        pieces.push(match next {
            '*' => Piece::Any,
            '?' => Piece::One,
            '\\' => Piece::Char(rest.next()?),
            '[' => parse_set(&mut rest)?,
            plain => Piece::Char(plain),
        });
    }
    Some(pieces)
}

fn parse_set(rest: &mut (impl Iterator<Item = char> + Clone)) -> Option<Piece> {
    let turned = rest.clone().next() == Some('^');
    if turned {
        rest.next();
    }
    let mut ranges = Vec::new();
    loop {
        let low = match rest.next()? {
            ']' if !ranges.is_empty() => return Some(Piece::Set(turned, ranges)),
            ']' | '-' => return None,
            '\\' => rest.next()?,
            plain => plain,
        };
        let mut high = low;
        if rest.clone().next() == Some('-') {
            rest.next();
            high = match rest.next()? {
                ']' | '-' => return None,
                '\\' => rest.next()?,
                plain => plain,
            };
        }
        ranges.push((low, high));
    }
}

/// The usual two pointers: a star that may still take more is the only place to come back to.
fn matches_from(pieces: &[Piece], text: &[char]) -> bool {
    let (mut piece, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        let matched = match (pieces.get(piece), text.get(at)) {
            (None, None) => return true,
            (Some(Piece::Any), _) => {
                star = Some((piece, at));
                piece += 1;
                continue;
            }
            (Some(Piece::One), Some(found)) => *found != '/',
            (Some(Piece::Char(wanted)), Some(found)) => wanted == found,
            (Some(Piece::Set(turned, ranges)), Some(found)) => {
                ranges.iter().any(|(low, high)| (low..=high).contains(&found)) != *turned
            }
            (Some(_), None) | (None, Some(_)) => false,
        };
        if matched {
            (piece, at) = (piece + 1, at + 1);
            continue;
        }
        match star {
            // Nor does a star cross a slash.
            Some((after, taken)) if text.get(taken).is_some_and(|next| *next != '/') => {
                star = Some((after, taken + 1));
                (piece, at) = (after + 1, taken + 1);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn as_in_go() {
        // From the tests of Go's path/filepath.
        for (pattern, text, wanted) in [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "a", true),
            ("a*", "abc", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true),
            ("ab[e-g]", "abc", false),
            ("ab[^c]", "abc", false),
            ("ab[^e-g]", "abc", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "ab", false),
            ("a?b", "a☺b", true),
            ("a[^a]b", "a☺b", true),
            ("a???b", "a☺b", false),
            ("[a-ζ]*", "α", true),
            ("*[a-ζ]", "A", false),
            ("a?b", "a/b", false),
            ("a*b", "a/b", false),
            ("[\\]a]", "]", true),
            ("[\\-]", "-", true),
            ("[x\\-]", "z", false),
            ("[]a]", "]", false),
            ("[-]", "-", false),
            ("[a-b-c]", "a", false),
            ("[", "a", false),
            ("[^bc", "a", false),
            ("*x", "xxx", true),
            ("vendor/nvidia/model/*", "vendor/nvidia/model/a100", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
