//! What of live a plan rests on: what must be read to sort, judge and apply it.

use super::{Action, Operation, Plan};
use crate::live::{Care, EmailSought, Reach, Whole};
use crate::model::{GroupName, Principal, Text, folded};
use std::collections::BTreeMap as Map;

impl Plan {
    /// How far a reading must reach to judge and apply this plan.
    ///
    /// Who is live is looked for by id, since a person may have another name by now; and by name where the id is gone,
    /// since somebody else may have the name. Who is created, renamed or given an address is looked for by what they are
    /// to have: somebody else may have it. The plan's policy is judged again, so its budget needs all seats as before.
    pub fn reach(&self) -> Reach {
        let seats = self.target.kiro_region.is_some();
        let mut reach = Reach {
            may_leave: self.terms.policy.may_leave_uncounted(),
            whole: (seats && self.terms.policy.budget.is_some()).then_some(Whole::Budget),
            seats,
            ..Reach::default()
        };
        for (who, known) in &self.basis {
            match who {
                Principal::User(name) => {
                    let named = Some(name.clone());
                    reach.sought.user_ids.insert(known.id.clone(), named);
                }
                Principal::Group(name) => {
                    let named = Some(name.clone());
                    reach.sought.group_ids.insert(known.id.clone(), named);
                    reach.group_ids.insert(known.id.clone(), Care::Pairs);
                }
            }
        }
        for operation in &self.operations {
            self.reach_of(operation, &mut reach);
        }
        let (put_out, leave) = self.put_out();
        for (group, many) in put_out {
            if many > reach.may_leave {
                self.care_for(group, Care::Counted, &mut reach);
            }
        }
        let required = match leave {
            true => Care::Counted,
            false => Care::Pairs,
        };
        for group in self.terms.policy.require.keys() {
            look_for(group, required, &mut reach);
        }
        reach
    }

    /// How many people it puts out of each group, and whether anybody leaves any group at all.
    fn put_out(&self) -> (Map<&GroupName, usize>, bool) {
        let mut put_out: Map<&GroupName, usize> = Map::new();
        let mut leave = false;
        for operation in &self.operations {
            let goes = operation.action() == Action::Delete;
            match operation {
                Operation::Member(member, _) if goes => {
                    *put_out.entry(&member.group).or_default() += 1;
                    leave = true;
                }
                Operation::User(..) | Operation::Group(..) => leave |= goes,
                Operation::Member(..) | Operation::Seat(..) => {}
            }
        }
        (put_out, leave)
    }

    fn reach_of(&self, operation: &Operation, reach: &mut Reach) {
        for end in operation.subject().principals() {
            // Not live when the plan was made: created by it, and perhaps by now.
            if !self.basis.contains_key(&end) {
                match end {
                    Principal::User(name) => drop(reach.sought.users.insert(name)),
                    Principal::Group(name) => look_for(&name, Care::Pairs, reach),
                }
            }
        }
        match operation {
            Operation::User(name, change) => {
                let who = Principal::User(name.clone());
                if change.action() == Action::Delete
                    && let Some(known) = self.basis.get(&who)
                {
                    // Who leaves takes memberships along that no operation names.
                    reach.leaver_ids.insert(known.id.clone());
                }
                let Some(after) = &change.after else { return };
                let before = change.before.as_ref();
                if before.is_none_or(|before| before.name != after.name) {
                    reach.sought.users.insert(after.name.clone());
                }
                if let Some(email) = after.email()
                    && before.is_none_or(|before| before.email() != Some(email))
                {
                    reach.sought.emails.insert(EmailSought {
                        email: Text::from(email),
                        of: vec![],
                    });
                }
            }
            Operation::Group(name, change) => {
                let care = match change.action() {
                    Action::Delete => Care::Named,
                    Action::Create | Action::Update => Care::Pairs,
                };
                self.care_for(name, care, reach);
                if let Some(after) = &change.after {
                    look_for(&after.name, care, reach);
                }
            }
            Operation::Member(member, _) => self.care_for(&member.group, Care::Pairs, reach),
            // A group's tier is each member's.
            Operation::Seat(Principal::Group(name), _) => self.care_for(name, Care::Named, reach),
            Operation::Seat(Principal::User(_), _) => {}
        }
    }

    fn care_for(&self, group: &GroupName, care: Care, reach: &mut Reach) {
        if let Some(known) = self.basis.get(&Principal::Group(group.clone())) {
            care.put(known.id.clone(), &mut reach.group_ids);
        }
        care.put(folded(group.as_str()), &mut reach.groups);
    }
}

fn look_for(group: &GroupName, care: Care, reach: &mut Reach) {
    reach.sought.groups.insert(group.clone());
    care.put(folded(group.as_str()), &mut reach.groups);
}
