//! Who is meant by a name that a person types: a user name, a group's name, an e-mail address, an old name.

use super::Known;
use crate::model::{Attribute, Principal, UserName, folded};
use std::collections::BTreeSet as Set;

/// Who is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// These: a user and a group may have the same name.
    These(Vec<Principal>),
    /// Nobody; the names that look like it.
    Nobody(Vec<String>),
}

/// So many names are offered to somebody who mistyped one.
const OFFERED: usize = 3;

/// Exactly so, else in another case, else by e-mail address or by a name that is there no more. `user:` and `group:` in
/// front say which is meant.
pub fn find(typed: &str, known: Known<'_>) -> Found {
    let (kind, name) = match typed.split_once(':') {
        Some(("user", name)) => (Some(true), name),
        Some(("group", name)) => (Some(false), name),
        _ => (None, typed),
    };
    let all: Vec<Principal> = principals(known)
        .into_iter()
        .filter(|who| kind.is_none_or(|users| users == matches!(who, Principal::User(_))))
        .collect();
    let fitting = |fits: &dyn Fn(&Principal) -> bool| -> Vec<Principal> {
        all.iter().filter(|who| fits(who)).cloned().collect()
    };
    let wanted = folded(name);
    let by: [&dyn Fn(&Principal) -> bool; 3] = [
        &|who| who.name() == name,
        &|who| folded(who.name()) == wanted,
        &|who| also_called(who, &wanted, known),
    ];
    for fits in by {
        let found = fitting(fits);
        if !found.is_empty() {
            return Found::These(found);
        }
    }
    let mut near: Vec<(f64, String)> = all
        .iter()
        .map(|who| {
            let alike = strsim::jaro_winkler(&wanted, &folded(who.name()));
            (alike, who.name().to_owned())
        })
        .filter(|(alike, _)| *alike > 0.85)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let near = near.into_iter().map(|(_, name)| name);
    Found::Nobody(near.take(OFFERED).collect())
}

fn principals(known: Known<'_>) -> Set<Principal> {
    let mut all = Set::new();
    if let Some(live) = known.live {
        all.extend(live.directory.users.keys().cloned().map(Principal::User));
        all.extend(live.directory.groups.keys().cloned().map(Principal::Group));
    }
    if let Some(desired) = known.desired {
        let listed = desired.members.keys();
        let users = desired.users.keys();
        let users = users.chain(listed.clone().map(|member| &member.user));
        all.extend(users.cloned().map(Principal::User));
        let groups = desired.groups.keys();
        let groups = groups.chain(listed.map(|member| &member.group));
        all.extend(groups.cloned().map(Principal::Group));
    }
    all
}

/// Whether somebody is also known by `wanted`: an address, a name that AWS has, or one of `previously`.
fn also_called(who: &Principal, wanted: &str, known: Known<'_>) -> bool {
    let is = |name: &str| folded(name) == *wanted;
    let present = known.live.and_then(|live| live.present_name(who));
    if present.is_some_and(|present| is(present.name())) {
        return true;
    }
    match who {
        Principal::User(user) => {
            let claim = known.desired.and_then(|desired| desired.users.get(user));
            let old = claim.is_some_and(|c| c.previously.iter().any(|old| is(old.value.as_str())));
            old || has_address(user, &is, known)
        }
        Principal::Group(group) => {
            let claim = known.desired.and_then(|desired| desired.groups.get(group));
            claim.is_some_and(|c| c.previously.iter().any(|old| is(old.value.as_str())))
        }
    }
}

fn has_address(user: &UserName, is: &dyn Fn(&str) -> bool, known: Known<'_>) -> bool {
    let live = known.live.and_then(|live| live.directory.users.get(user));
    let asked = known.desired.and_then(|desired| desired.users.get(user));
    let asked = asked.and_then(|claim| claim.attributes.get(&Attribute::Email));
    let asked = asked.and_then(|said| said.value.wanted()?.as_text());
    live.and_then(|user| user.email()).is_some_and(is) || asked.is_some_and(is)
}
