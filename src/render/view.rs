//! A plan as lines of typed parts, so that text and Markdown say the same.

use super::bill::Bill;
use super::phrase::Phrase;
use crate::model::Text;

/// What surrounds a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// The sandbox's name: nothing of this is real.
    pub sandbox: Option<String>,
    /// The roster's commit.
    pub commit: Option<String>,
    /// The plan's digest.
    pub digest: Option<String>,
    /// Until when a saved plan can be applied.
    pub expires: Option<String>,
    /// The saved plan's file: where whatever a format leaves out can be seen.
    pub file: Option<String>,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Nothing is folded or only counted.
    pub full: bool,
    /// All notes, not only the first of each kind.
    pub every_note: bool,
}

/// A plan for reading.
#[derive(Clone, Debug)]
pub struct View {
    /// Which organization this is about; an account and an instance, for machines.
    pub target: (Text, Text),
    /// The first lines.
    pub header: Vec<Phrase>,
    /// What surrounds the plan.
    pub heading: Heading,
    /// In reading order; none is empty.
    pub sections: Vec<Section>,
    /// What it costs; `None` where nobody has a seat.
    pub bill: Option<Bill>,
    /// The last lines.
    pub totals: Vec<Phrase>,
}

/// Lines under one title.
#[derive(Clone, Debug)]
pub struct Section {
    /// What they have in common.
    pub topic: Topic,
    /// The lines.
    pub entries: Vec<Entry>,
}

/// What the lines of a section have in common, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// What stops the plan.
    Blocked,
    /// Everything that takes, lowers, gives another identity or gives AWS access: never folded.
    Takes,
    /// What becomes otherwise.
    Changes,
    /// What comes.
    Adds,
    /// Entries that are not live and create nothing.
    Waiting,
    /// What Kiro has taken and does not show.
    Settling,
    /// What Kiro will not do today.
    Deferred,
    /// What a partial plan leaves for another time.
    LeftOut,
    /// Who is mailed.
    Mails,
    /// What is live and in no file.
    Unmanaged,
    /// What the reader should know.
    Notes,
}

impl Topic {
    /// As a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Blocked => "Blocked",
            Self::Takes => "Takes away, lowers, renames or gives AWS access",
            Self::Changes => "Changes",
            Self::Adds => "Adds",
            Self::Waiting => "Waiting (not live yet; nothing is done)",
            Self::Settling => "Settling (asked for before; Kiro does not show it yet)",
            Self::Deferred => "Deferred (Kiro will not do it today)",
            Self::LeftOut => "Left out of this partial plan",
            Self::Mails => "Mails",
            Self::Unmanaged => "Unmanaged (live, and in no file)",
            Self::Notes => "Notes",
        }
    }
}

/// One line, or a cohort of lines that one line can stand for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The lines.
    pub lines: Vec<Line>,
    /// What stands for them.
    pub folded: Option<Line>,
}

/// One line: a symbol, a name, what happens and why, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The symbol.
    pub mark: Mark,
    /// The first column; `None` where the line is a sentence.
    pub name: Option<Text>,
    /// What it is, or what becomes of it as a whole.
    pub lead: Phrase,
    /// Who or what that is; the first thing to go where a line is too long.
    pub intro: Option<Phrase>,
    /// What happens.
    pub segments: Vec<Segment>,
    /// What to do about it.
    pub hint: Option<Phrase>,
}

/// Things that happen for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// What happens.
    pub pieces: Vec<Phrase>,
    /// Why, and where it is said; may be empty.
    pub why: Phrase,
}

/// A line's symbol; meaning never rests on colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `+`
    Add,
    /// `~`
    Change,
    /// `-`
    Remove,
    /// `!`
    Blocked,
    /// `…`
    Later,
    /// Nothing happens; the reader should know.
    Note,
}

impl Mark {
    /// The symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Change => "~",
            Self::Remove => "-",
            Self::Blocked => "!",
            Self::Later => "…",
            Self::Note => "·",
        }
    }
}

impl From<Line> for Entry {
    fn from(line: Line) -> Self {
        Self {
            lines: vec![line],
            folded: None,
        }
    }
}

impl Line {
    /// A line that is one sentence.
    pub(super) fn sentence(mark: Mark, sentence: Phrase) -> Self {
        Self {
            mark,
            name: None,
            lead: Phrase::default(),
            intro: None,
            segments: vec![Segment {
                pieces: vec![sentence],
                why: Phrase::default(),
            }],
            hint: None,
        }
    }
}
