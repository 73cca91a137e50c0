//! Text from AWS or a roster, safe to show: no control character reaches a terminal or a log.

use std::borrow::Cow;

/// The text with control characters, line separators and direction marks written out, such as `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match is_treacherous(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Control, zero-width and bidirectional formatting characters, none of which AWS takes in a name or a value.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The first character of a text that AWS would take in none and that cannot be seen; line breaks and tabs are taken.
pub fn hidden_in(text: &str) -> Option<char> {
    text.chars()
        .find(|c| hides(*c) && !matches!(c, '\t' | '\n' | '\r'))
}

/// What can hide, or reorder what stands around it: those, and whatever takes no room or looks like a space (Unicode's
/// default ignorable characters, among them joiners, fillers, variation selectors and tags).
fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_could_deceive_is_written_out() {
        assert_eq!(visible("Jörg 王 👩"), "Jörg 王 👩");
        assert_eq!(visible("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\\u{a}");
        assert_eq!(visible("x\u{202e}y"), "x\\u{202e}y");
        assert_eq!(visible("bob\u{3164}"), "bob\\u{3164}");
        assert_eq!(visible("a\u{e0041}"), "a\\u{e0041}");
    }
}
