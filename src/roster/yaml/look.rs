//! Looking at nodes: the shapes and words that every part of a roster is made of, with a problem for what does not fit.
//! Whatever cannot be used comes back as `None` or is left out, told once.

use super::tree::{Is, Mark, Node};
use crate::desired::Ask;
use crate::model::{Place, Text, Tier};
use crate::problem::{Problem, Spot};
use crate::roster::document::Fact;
use crate::roster::words::{self, Fault, Names};
use std::collections::BTreeMap;

/// A key of a mapping, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Key<'n> {
    pub(super) name: &'n str,
    pub(super) at: Mark,
    /// Whether it is known to be wrong: what is under it is looked at all the same.
    told: bool,
}

/// The file being looked at, and what is wrong with it so far.
pub(super) struct Look<'f> {
    file: &'f Text,
    text: &'f str,
    names: &'f mut Names,
    problems: &'f mut Vec<Problem>,
}

impl<'f> Look<'f> {
    pub(super) fn new(
        file: &'f Text,
        text: &'f str,
        names: &'f mut Names,
        problems: &'f mut Vec<Problem>,
    ) -> Self {
        Self {
            file,
            text,
            names,
            problems,
        }
    }

    pub(super) fn spot(&self, at: Mark) -> Spot {
        let place = Place {
            file: self.file.clone(),
            line: at.line,
            column: at.column,
        };
        let length = at.length;
        Spot { place, length }
    }

    pub(super) fn fact<T>(&self, value: T, at: Mark) -> Fact<T> {
        let at = self.spot(at);
        Fact { value, at }
    }

    /// The one copy of a name.
    pub(super) fn shared(&mut self, text: &str) -> Text {
        self.names.shared(text)
    }

    pub(super) fn wrong(&mut self, at: Mark, message: impl Into<String>) {
        self.tell(at, message.into(), None);
    }

    pub(super) fn wrong_hint(
        &mut self,
        at: Mark,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.tell(at, message.into(), Some(hint.into()));
    }

    fn tell(&mut self, at: Mark, message: String, hint: Option<String>) {
        let mut problem = Problem::new(self.spot(at), message);
        problem.hint = hint;
        self.problems.push(problem);
    }

    /// A problem that is put together elsewhere.
    pub(super) fn tell_of(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// How many problems have been told so far.
    pub(super) fn told(&self) -> usize {
        self.problems.len()
    }

    /// What is there once more.
    pub(super) fn twice(&mut self, at: Mark, first: Mark, what: &str) {
        let problem = Problem::new(self.spot(at), format!("{what} twice"))
            .also(self.spot(first), "first here")
            .hint("put both into one entry");
        self.problems.push(problem);
    }

    /// What an entry needs and does not have.
    pub(super) fn lacks(&mut self, at: Mark, what: &str, keys: &[&str]) {
        let keys = words::listed(keys.iter().copied());
        self.wrong_hint(at, format!("{what} lacks {keys}"), format!("add {keys}"));
    }

    /// A bare number where one of a mapping's keys has it.
    pub(super) fn bare_number(&mut self, node: &Node<'_>, what: &str, key: &str) -> Option<()> {
        matches!(node.is, Is::Number).then_some(())?;
        let spelled = self.spelled(node);
        let message = format!("`{what}` is a mapping, not `{spelled}`");
        self.wrong_hint(node.at, message, format!("write `{{ {key}: {spelled} }}`"));
        Some(())
    }

    /// `None` for what a rule refuses, told.
    pub(super) fn passed(&mut self, at: Mark, judged: Result<(), Fault>) -> Option<()> {
        judged
            .map_err(|fault| self.tell(at, fault.message, fault.hint))
            .ok()
    }

    /// A key that does not belong here.
    pub(super) fn unknown(&mut self, key: Key<'_>, known: &[&str]) {
        if key.told {
            return;
        }
        let hint = match key.name {
            "<<" => "merge keys are not part of YAML 1.2: write the entries out".to_owned(),
            name => words::meant(name, known),
        };
        self.wrong_hint(key.at, format!("unknown key `{}`", key.name), hint);
    }

    /// The entries of a mapping, each key once; `what` is what the mapping is.
    pub(super) fn entries<'n>(
        &mut self,
        node: &'n Node<'_>,
        what: &str,
    ) -> Vec<(Key<'n>, &'n Node<'n>)>
    where
        'f: 'n,
    {
        let Is::Map(pairs) = &node.is else {
            self.not_a(node, what, "a mapping");
            return Vec::new();
        };
        let mut first: BTreeMap<&str, Mark> = BTreeMap::new();
        let mut entries = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let at = key.at;
            let (name, told) = match (self.string(key, "a key"), &key.is) {
                (Some(name), _) => (name, false),
                (None, Is::Flag | Is::Number) => (self.spelled(key), true),
                (None, _) => continue,
            };
            if let Some(first) = first.get(name) {
                let first = *first;
                self.twice(at, first, &format!("`{name}` is here"));
            } else {
                first.insert(name, at);
                entries.push((Key { name, at, told }, value));
            }
        }
        entries
    }

    /// What stands under the one key that a mapping has, and needs.
    pub(super) fn only<'n>(
        &mut self,
        node: &'n Node<'_>,
        what: &str,
        wanted: &str,
    ) -> Option<&'n Node<'n>>
    where
        'f: 'n,
    {
        if self.bare_number(node, what, wanted).is_some() {
            return None;
        }
        let before = self.told();
        let mut found = None;
        for (key, value) in self.entries(node, &format!("`{what}`")) {
            match key.name == wanted {
                true => found = Some(value),
                false => self.unknown(key, &[wanted]),
            }
        }
        if found.is_none() && self.told() == before {
            self.lacks(node.at, &format!("`{what}`"), &[wanted]);
        }
        found
    }

    /// The elements of a list.
    pub(super) fn elements<'n>(
        &mut self,
        node: &'n Node<'_>,
        what: &str,
    ) -> Option<&'n [Node<'n>]> {
        match &node.is {
            Is::List(nodes) => Some(nodes),
            _ => {
                self.not_a(node, what, "a list");
                None
            }
        }
    }

    /// A string, whatever it says.
    pub(super) fn string<'n>(&mut self, node: &'n Node<'_>, what: &str) -> Option<&'n str> {
        match &node.is {
            Is::Text(text) => Some(text),
            _ => {
                self.not_a(node, what, "a string");
                None
            }
        }
    }

    /// A text that AWS would take.
    pub(super) fn text<'n>(&mut self, node: &'n Node<'_>, key: &str) -> Option<&'n str> {
        let text = self.string(node, &format!("`{key}`"))?;
        self.passed(node.at, words::text(text, key))?;
        Some(text)
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        node: &Node<'_>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let word = self.string(node, &format!("`{key}`"))?;
        if let Some((_, value)) = words.iter().find(|(known, _)| *known == word) {
            return Some(*value);
        }
        let known: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
        let message = format!("`{key}` cannot be `{word}`");
        let hint = match words::near(word, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it can be {}", words::listed(known)),
        };
        self.wrong_hint(node.at, message, hint);
        None
    }

    /// A tier or `none`.
    pub(super) fn tier(&mut self, node: &Node<'_>) -> Option<Fact<Ask<Tier>>> {
        let word = self.string(node, "`tier`")?;
        let ask = match words::tier(word) {
            Ok(ask) => ask,
            Err(fault) => {
                self.tell(node.at, fault.message, fault.hint);
                return None;
            }
        };
        Some(self.fact(ask, node.at))
    }

    /// A name or a list of names, as `previously` takes them.
    pub(super) fn one_or_many<'n>(&mut self, node: &'n Node<'n>, what: &str) -> &'n [Node<'n>] {
        match &node.is {
            Is::Text(_) => std::slice::from_ref(node),
            Is::List(nodes) => nodes,
            _ => {
                self.not_a(node, what, "a name or a list of names");
                &[]
            }
        }
    }

    /// How the file spells a node.
    pub(super) fn spelled(&self, node: &Node<'_>) -> &'f str {
        node.at.spelled(self.text)
    }

    pub(super) fn not_a(&mut self, node: &Node<'_>, what: &str, wanted: &str) {
        let spelled = node.at.spelled(self.text);
        let (message, hint) = match &node.is {
            Is::Null if what == "a key" => (
                format!("{what} is `null`"),
                Some("quote it if that is the name: `\"null\"`".to_owned()),
            ),
            Is::Null => (
                format!("{what} is `null`"),
                Some(match wanted {
                    "a mapping" => {
                        "leave it out, or write `{}` for an entry that says no more".to_owned()
                    }
                    _ => "leave it out: what is not mentioned is not touched".to_owned(),
                }),
            ),
            Is::Flag | Is::Number if wanted.contains("string") || wanted.contains("name") => {
                let read_as = match node.is {
                    Is::Flag => "a boolean to many readers",
                    _ => "a number",
                };
                (
                    format!("`{spelled}` is {read_as}, not a string"),
                    Some(format!("quote it: `\"{spelled}\"`")),
                )
            }
            Is::Flag | Is::Number | Is::Text(_) => (
                format!("{what} is {wanted}, not `{}`", short(spelled)),
                None,
            ),
            Is::List(_) => (format!("{what} is {wanted}, not a list"), None),
            Is::Map(_) => (format!("{what} is {wanted}, not a mapping"), None),
        };
        self.tell(node.at, message, hint);
    }
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
