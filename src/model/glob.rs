//! The globs of `scope`, `protect` and `provider`: `*` is any run of characters, `?` is one, nothing else is special,
//! and the whole name must match, case and all. (A path-glob library would give `/`, `[` and `{` a meaning that user
//! names must not have.)

use super::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A pattern over whole names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Glob(Text);

impl Glob {
    /// Takes any text: there are no wrong patterns, only ones that fit no legal name.
    pub fn new(pattern: impl Into<Text>) -> Self {
        Self(pattern.into())
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the whole `name` fits. Linear in practice: only the last `*` is ever retried.
    pub fn fits(&self, name: &str) -> bool {
        let pattern: Vec<char> = self.0.chars().collect();
        let name: Vec<char> = name.chars().collect();
        let (mut at, mut here) = (0, 0);
        let mut retry = None;
        while here < name.len() {
            match pattern.get(at) {
                Some('*') => {
                    retry = Some((at, here));
                    at += 1;
                }
                Some(wanted) if *wanted == '?' || *wanted == name[here] => {
                    at += 1;
                    here += 1;
                }
                _ => match retry {
                    Some((star, from)) => {
                        retry = Some((star, from + 1));
                        at = star + 1;
                        here = from + 1;
                    }
                    None => return false,
                },
            }
        }
        pattern[at..].iter().all(|rest| *rest == '*')
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_fits_the_whole_name_or_not_at_all() {
        for (pattern, name, fits) in [
            ("*", "", true),
            ("*@example.com", "jo@example.com", true),
            ("*@example.com", "jo@example.com.evil", false),
            ("kiro-?", "kiro-a", true),
            ("kiro-?", "kiro-", false),
            ("Kiro-*", "kiro-a", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b", false),
            ("[ab]", "a", false),
            ("", "", true),
        ] {
            assert_eq!(Glob::new(pattern).fits(name), fits, "{pattern} {name}");
        }
    }
}
