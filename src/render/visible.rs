//! Text from AWS or a roster, safe to show: nothing in it can move the cursor, recolour the terminal or turn a line round.

use std::borrow::Cow;

/// The text with every control character, and every character that reorders text, spelled as `\u{…}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_hidden(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

fn is_hidden(c: char) -> bool {
    // Line and paragraph separators, marks of direction, and what has no width at all.
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || c == '\u{feff}'
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_in_a_name_reaches_the_terminal_as_a_command() {
        for (text, shown) in [
            ("plain Ünïcödé", "plain Ünïcödé"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("two\nlines\tand\r", "two\\nlines\\tand\\r"),
            ("abc\u{202e}fed", "abc\\u{202e}fed"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
