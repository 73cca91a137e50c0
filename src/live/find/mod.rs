//! Users or groups: listed page by page, or looked up one by one, whichever takes fewer calls.
//!
//! How large a store is cannot be asked. So the list is begun, and given up as soon as it looks longer than the look-ups
//! that are left (see [`Find::goes_on`]); whoever has been seen by then need not be looked up. Three things send a reading
//! back to the list, which then goes on where it was left:
//!
//! - a rule that is about everybody ([`Whole`]): the list is never given up;
//! - a name or address that is not found in a store whose look-ups tell upper from lower case: the same name in another
//!   case would be adopted, and only the list can tell. Which kind of store it is, is asked of the store itself, with
//!   somebody known and the other case;
//! - a store that refuses look-ups.

mod looks;
mod way;

pub use way::{Because, Way};

use super::Id;
use super::page::Page;
use super::reach::{EmailSought, Whole};
use super::reading::{GroupSeen, UserSeen};
use crate::model::{Text, folded};
use std::collections::{BTreeMap as Map, BTreeSet as Set, HashMap, HashSet};

/// Of the calls that asking one by one would take, one in so many is spent on the list before it is given up: 40 look-ups
/// become 48 calls in a store of 500 pages, and 8 in a store of 8.
pub(super) const SPENT: usize = 5;

/// One call that looks for one object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// The id behind a user name or a group's display name.
    Named(Text),
    /// The id behind an e-mail address.
    Mail(Text),
    /// The object behind an id.
    Id(Id),
}

/// What a find asks next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The page behind this token, or the first one.
    Page(Option<Text>),
    /// A look.
    Look(Look),
}

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) whole: Option<Whole>,
    /// In any case.
    pub(super) names: Set<Text>,
    /// In this case only.
    pub(super) spelled: Set<Text>,
    /// By id; else in this case only.
    pub(super) ids: Map<Id, Option<Text>>,
    pub(super) emails: Set<EmailSought>,
}

/// What can be found.
pub(super) trait Found {
    fn id(&self) -> &Id;
    fn name(&self) -> &str;
    fn email(&self) -> Option<&str>;
}

impl Found for UserSeen {
    fn id(&self) -> &Id {
        &self.id
    }

    fn name(&self) -> &str {
        self.name.as_str()
    }

    fn email(&self) -> Option<&str> {
        self.attributes
            .get(&crate::model::Attribute::Email)?
            .as_text()
    }
}

impl Found for GroupSeen {
    fn id(&self) -> &Id {
        &self.id
    }

    fn name(&self) -> &str {
        self.name.as_str()
    }

    fn email(&self) -> Option<&str> {
        None
    }
}

/// A search for users or for groups.
#[derive(Debug)]
pub(super) struct Find<T> {
    wanted: Wanted,
    seen: Vec<T>,
    by_id: HashMap<Id, usize>,
    way: Way,
    /// Names, folded, and ids that have not been seen yet: what is left to look up.
    missing_names: HashSet<String>,
    missing_ids: HashSet<Id>,
    shown: usize,
    page: Page,
    mode: Mode,
    answers: Map<Look, Option<Id>>,
    /// Looks that are not answered yet.
    open: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    List,
    Look,
    /// The list after all.
    BackToList,
}

impl<T: Found> Find<T> {
    pub(super) fn of(wanted: Wanted) -> Self {
        let way = Way {
            because: wanted.whole.map_or(Because::Short, Because::Whole),
            ..Way::default()
        };
        let names = wanted.names.iter().chain(&wanted.spelled);
        let mut find = Self {
            missing_names: names.map(|name| folded(name)).collect(),
            missing_ids: wanted.ids.keys().cloned().collect(),
            wanted,
            seen: vec![],
            by_id: HashMap::new(),
            way,
            shown: 0,
            page: Page::Next(None),
            mode: Mode::List,
            answers: Map::new(),
            open: 0,
        };
        find.way.expected = find.left();
        find
    }

    /// Wants this object too.
    pub(super) fn want(&mut self, id: &Id) {
        if self.is_to_be_listed() || self.by_id.contains_key(id) || self.wanted.ids.contains_key(id)
        {
            return;
        }
        self.wanted.ids.insert(id.clone(), None);
        self.missing_ids.insert(id.clone());
        if self.mode == Mode::List {
            self.way.expected += 1;
        }
    }

    /// Whether everybody is seen without being wanted.
    pub(super) fn is_to_be_listed(&self) -> bool {
        self.wanted.whole.is_some() || self.is_whole()
    }

    /// Takes in a page.
    pub(super) fn paged(&mut self, page: Vec<T>, next: Option<Text>) {
        self.way.pages += 1;
        for one in page {
            self.see(one);
        }
        self.page = Page::after(next);
    }

    /// Takes in the id behind a name or an address.
    pub(super) fn looked(&mut self, look: Look, id: Option<Id>) {
        self.open -= 1;
        self.answers.insert(look, id);
    }

    /// Takes in the object behind an id.
    pub(super) fn described(&mut self, look: Look, one: Option<T>) {
        let id = one.as_ref().map(|one| one.id().clone());
        self.looked(look, id);
        if let Some(one) = one {
            self.see(one);
        }
    }

    /// A look-up was refused: only the list is left.
    pub(super) fn refused(&mut self) {
        self.open -= 1;
        if self.mode == Mode::Look {
            self.back_to_list(Because::Refused);
        }
    }

    /// What to ask now. `all_known`: nothing more will be wanted before these are found.
    pub(super) fn next(&mut self, all_known: bool) -> Vec<Next> {
        if self.mode == Mode::List && self.is_paused() && all_known {
            self.mode = Mode::Look;
            self.way.because = Because::Long;
        }
        if self.mode == Mode::Look {
            if self.open > 0 {
                return vec![];
            }
            match self.doubt() {
                Some(because) => self.back_to_list(because),
                None => {
                    let looks = self.looks();
                    self.open += looks.len();
                    self.way.looks += looks.len();
                    return looks.into_iter().map(Next::Look).collect();
                }
            }
        }
        if self.mode == Mode::List && self.is_paused() {
            return vec![];
        }
        self.page.ask().map(Next::Page).into_iter().collect()
    }

    /// Whether everything that is wanted so far has been found, or is not there.
    pub(super) fn settled(&self) -> bool {
        match self.mode {
            Mode::Look => self.open == 0 && self.looks().is_empty() && self.doubt().is_none(),
            Mode::List | Mode::BackToList => self.is_whole() && self.open == 0,
        }
    }

    pub(super) fn seen(&self) -> &[T] {
        &self.seen
    }

    pub(super) fn get(&self, id: &Id) -> Option<&T> {
        self.seen.get(*self.by_id.get(id)?)
    }

    pub(super) fn has(&self, id: &Id) -> bool {
        self.by_id.contains_key(id)
    }

    pub(super) fn is_whole(&self) -> bool {
        matches!(self.page, Page::Ended)
    }

    pub(super) fn done(self) -> (Vec<T>, Way) {
        (self.seen, self.way)
    }

    fn see(&mut self, one: T) {
        if self.wanted.whole.is_none() {
            let name = folded(one.name());
            let missed = [
                self.missing_names.remove(&name),
                self.missing_ids.remove(one.id()),
            ];
            self.shown += usize::from(missed.contains(&true));
        }
        match self.by_id.get(one.id()) {
            Some(index) => self.seen[*index] = one,
            None => {
                self.by_id.insert(one.id().clone(), self.seen.len());
                self.seen.push(one);
            }
        }
    }

    fn back_to_list(&mut self, because: Because) {
        self.mode = Mode::BackToList;
        self.way.because = because;
    }

    /// A name is looked up and what it means is described; a new one costs its name and its address instead.
    fn left(&self) -> usize {
        2 * self.missing_names.len() + self.missing_ids.len()
    }

    /// Whether the list is not asked on before it is decided how.
    fn is_paused(&self) -> bool {
        matches!(self.page, Page::Next(_)) && !self.goes_on()
    }

    /// Whether another page is worth asking for.
    ///
    /// Two bounds. A part of the look-ups is always spent on the list. Beyond that the people looked for are a sample: if so
    /// many pages have shown `s` of them, the `m` that are missing will take about `pages * m / (s + 1)` more.
    fn goes_on(&self) -> bool {
        let (pages, left) = (self.way.pages, self.left());
        if self.wanted.whole.is_some() || pages == 0 {
            return true;
        }
        let missing = self.missing_names.len() + self.missing_ids.len();
        let more = (pages * missing).div_ceil(self.shown + 1);
        left > 0 && (pages < self.way.expected / SPENT || more <= left)
    }
}
