//! What a table of tiers does that nobody may have meant: a row says what somebody once had, and lowers what they have
//! now.

use super::{Claims, Note};
use crate::model::{Principal, Text};
use std::collections::BTreeMap;

impl Claims<'_> {
    pub(super) fn table_notes(&mut self) {
        if self.desired.tables.is_empty() {
            return;
        }
        let mut lower: BTreeMap<&Text, usize> = BTreeMap::new();
        for (user, claim) in &self.desired.users {
            let Some(said) = &claim.seat else { continue };
            let holder = Principal::User(user.clone());
            let (was, will) = (
                self.live.directory.seats.get(&holder),
                self.goal.directory.seats.get(&holder),
            );
            if will < was {
                *lower.entry(&said.at.file).or_default() += 1;
            }
        }
        for table in self.desired.tables.iter().filter(|table| table.value > 0) {
            self.goal.notes.push(Note::TableOfTiers {
                tiers: table.value,
                lower: lower.get(&table.at.file).copied().unwrap_or_default(),
                at: table.at.clone(),
            });
        }
    }
}
