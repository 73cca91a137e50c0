//! How far a list has been read.

use crate::model::Text;

/// Which page comes next.
#[derive(Debug)]
pub(super) enum Page {
    /// The one behind this token, or the first one.
    Next(Option<Text>),
    /// The one that is being asked for.
    Open,
    /// None: all have been read.
    Ended,
}

impl Page {
    /// What comes after a page with this token for the next one.
    pub(super) fn after(token: Option<Text>) -> Self {
        match token {
            Some(token) => Self::Next(Some(token)),
            None => Self::Ended,
        }
    }

    /// The token of the page to ask for, where none is being asked for; from now on one is.
    pub(super) fn ask(&mut self) -> Option<Option<Text>> {
        let Self::Next(token) = self else { return None };
        let token = token.take();
        *self = Self::Open;
        Some(token)
    }
}
