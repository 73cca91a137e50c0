//! Text from AWS or a roster, safe to show: no control character reaches a terminal or a log.

use std::borrow::Cow;

/// The text with control characters, line separators and direction marks written out, such as `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match hides(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Control, zero-width and bidirectional formatting characters: what can hide or reorder what stands around it.
pub fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_could_deceive_is_written_out() {
        assert_eq!(visible("Jörg 王 👩"), "Jörg 王 👩");
        assert_eq!(visible("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\\u{a}");
        assert_eq!(visible("x\u{202e}y"), "x\\u{202e}y");
    }
}
