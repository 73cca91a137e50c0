//! Cells that a spreadsheet would run as a formula. On the way out one `'` goes before them, and on the way in one comes
//! off: the one exception to a loss-free exchange with the scripts.

use std::borrow::Cow;

/// What starts a formula, after any number of `'`: `^'*[=+@\t\r-]`.
fn runs(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    bare.starts_with(['=', '+', '@', '\t', '\r', '-'])
}

/// The text as a spreadsheet may see it.
pub fn guarded(text: &str) -> Cow<'_, str> {
    match runs(text) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// The value of a cell: without the white space around it, and as it was before a guard.
pub fn meant(cell: &str) -> &str {
    unguarded(cell.trim_start()).trim_end()
}

fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(meant) if runs(text) => meant,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{guarded, meant};

    #[test]
    fn a_formula_is_guarded_once_and_comes_back_as_it_was() {
        for (value, cell) in [
            ("=1+1", "'=1+1"),
            ("+43 1", "'+43 1"),
            ("-", "'-"),
            ("@team", "'@team"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("''-", "'''-"),
            ("'tis", "'tis"),
            ("'", "'"),
            ("", ""),
            ("jo", "jo"),
        ] {
            assert_eq!(guarded(value), cell);
            assert_eq!(meant(cell), value);
        }
        // What the scripts wrote without a guard stays.
        assert_eq!(meant(" =1 "), "=1");
        assert_eq!(meant("'\t"), "");
    }
}
