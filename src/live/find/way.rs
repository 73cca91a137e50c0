//! How users or groups were read, and why so: for people who ask with `-v`, and for tests.

use crate::live::Whole;
use crate::model::Text;

/// How users or groups were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Pages of the list.
    pub pages: usize,
    /// Look-ups.
    pub looks: usize,
    /// Look-ups that were expected when it began.
    pub expected: usize,
    /// Why it was this way.
    pub because: Because,
}

/// Why users or groups were read the way they were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Because {
    /// The list ended before it was longer than the look-ups.
    #[default]
    Short,
    /// A rule needs all of them.
    Whole(Whole),
    /// The list was longer than the look-ups: they were looked up.
    Long,
    /// This was not found by a look-up that tells upper from lower case.
    Case(Text),
    /// Look-ups were refused.
    Refused,
}

impl Way {
    /// Whether it was read to the last page.
    pub fn is_list(&self) -> bool {
        self.because != Because::Long
    }
}
