//! What is wrong with roster files, as values: nothing stops at the first problem, and nothing prints here.

use crate::model::{Place, Text};
use std::collections::BTreeMap;
use std::fmt;

/// Some characters at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Where they start. Line 0 means the file itself: there was nothing to read, or it could not be read.
    pub place: Place,
    /// How many characters they are; 0 where only the start is known.
    pub length: u32,
}

impl Spot {
    /// The file itself.
    pub fn file(file: Text) -> Self {
        let place = Place {
            file,
            line: 0,
            column: 0,
        };
        Self { place, length: 0 }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Lower case, no full stop, literals in backticks.
    pub message: String,
    /// Where it is wrong.
    pub at: Spot,
    /// Other places that it takes to see why, each with what is there.
    pub also: Vec<(Spot, String)>,
    /// What to do.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem that nobody has a hint for yet.
    pub fn new(at: Spot, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at,
            also: Vec::new(),
            hint: None,
        }
    }

    /// With what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With another place.
    pub fn also(mut self, spot: Spot, label: impl Into<String>) -> Self {
        self.also.push((spot, label.into()));
        self
    }
}

/// Every problem of a run, sorted by place, with the texts that show them.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    sources: BTreeMap<Text, Text>,
}

impl Problems {
    /// Sorts them, and keeps of the sources (name and text) those that a problem points into.
    pub fn new(mut list: Vec<Problem>, sources: impl IntoIterator<Item = (Text, Text)>) -> Self {
        list.sort_by(|a, b| (&a.at, &a.message).cmp(&(&b.at, &b.message)));
        let mut sources: BTreeMap<Text, Text> = sources.into_iter().collect();
        let named: std::collections::BTreeSet<&Text> = list
            .iter()
            .flat_map(|p| p.also.iter().map(|(spot, _)| spot).chain([&p.at]))
            .map(|spot| &spot.place.file)
            .collect();
        sources.retain(|name, _| named.contains(name));
        Self { list, sources }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Each, in the order of files, lines and columns.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// Name and text of each file that a problem points into.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sources.iter().map(|(file, text)| (&**file, &**text))
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len() {
            1 => f.write_str("one problem in the roster"),
            many => write!(f, "{many} problems in the roster"),
        }
    }
}

impl std::error::Error for Problems {}
