//! E-mail addresses, of which no two users may share one: settled anew whenever a change is taken back, since an address
//! is only free if the change that frees it may be made.

use super::{Block, Claims};
use crate::directory::beside;
use crate::model::{Subject, UserName, folded};
use std::collections::BTreeMap as Map;
use std::sync::Arc;

impl Claims<'_> {
    /// No two users may share an address: a claim that would make them is refused, and live kept.
    pub(super) fn settle_emails(&mut self) {
        loop {
            let mut holders = self.addresses_that_change_hands();
            if holders.is_empty() {
                return;
            }
            for (name, user) in &self.goal.directory.users {
                if let Some(email) = user.email()
                    && let Some(names) = holders.get_mut(&folded(email))
                {
                    names.push(name.clone());
                }
            }
            holders.retain(|_, names| names.len() > 1);
            let mut refused = Vec::new();
            for (email, names) in &holders {
                let keeps = |name: &&UserName| {
                    let before = self.live.directory.users.get(*name);
                    before.and_then(|user| user.email()).map(folded).as_ref() == Some(email)
                };
                let holder = names.iter().find(keeps).unwrap_or(&names[0]);
                let takers = names.iter().filter(|name| *name != holder && !keeps(name));
                refused.extend(takers.map(|taker| (taker.clone(), email.clone(), holder.clone())));
            }
            if refused.is_empty() {
                return;
            }
            let takers = refused.iter();
            let takers = takers.map(|(taker, ..)| Subject::User(taker.clone()));
            self.refuse(takers.collect());
            for (user, email, holder) in refused {
                let creates = !self.live.directory.users.contains_key(&user);
                self.goal.blocks.push(Block::EmailHeld {
                    user,
                    email,
                    holder,
                    creates,
                });
            }
        }
    }

    /// Each address that somebody shall have and does not have yet, for its holders: live itself has no two of any.
    fn addresses_that_change_hands(&self) -> Map<String, Vec<UserName>> {
        let live = &self.live.directory.users;
        let mut addresses = Map::new();
        for (_, user, before) in beside(&self.goal.directory.users, live) {
            if before.is_some_and(|before| Arc::ptr_eq(before, user)) {
                continue;
            }
            if let Some(email) = user.email()
                && before.and_then(|before| before.email()) != Some(email)
            {
                addresses.insert(folded(email), vec![]);
            }
        }
        addresses
    }
}
