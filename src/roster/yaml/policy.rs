//! `policy`: what may be written, and how much of it at once.

use super::amount::MOST;
use super::user;
use super::{Look, Node};
use crate::desired::{Bound, Limit, Policy, Prune, Requirement, Reserve, Said};
use crate::model::{Family, Glob, GroupName, Usd, UserName};
use crate::roster::words::{self, Fault};
use std::collections::{BTreeMap, BTreeSet};

/// The keys of `policy`, in writing order.
pub(in crate::roster) const KEYS: [&str; 9] = [
    "manage", "scope", "protect", "provider", "prune", "limits", "budget", "require", "plan_ttl",
];

/// The words of `prune.seats`.
pub(in crate::roster) const PRUNE: [(&str, Option<Prune>); 3] = [
    ("none", None),
    ("disabled", Some(Prune::Disabled)),
    ("unlisted", Some(Prune::Unlisted)),
];

/// The most that `percent` may be of what is removed, and of what is added.
pub(in crate::roster) fn most_percent(limit: Limit) -> u32 {
    match limit {
        // A roster can double an organization, and nobody can remove more than there is.
        Limit::AddUsers | Limit::GrantsAccess | Limit::IncreaseUsd => 1_000,
        // A count of mails is a part of nothing.
        Limit::Invites => 0,
        Limit::RemoveUsers
        | Limit::RemoveGroups
        | Limit::RemoveMemberships
        | Limit::ShrinkGroup
        | Limit::CancelSeats
        | Limit::ChangeIdentity => 100,
    }
}

/// What `policy` says; what it does not say is as it is without one.
pub(super) fn part(look: &mut Look<'_>, node: &Node<'_>) -> Policy {
    let mut policy = Policy::default();
    for (key, node) in look.entries(node, "`policy`") {
        match key.name {
            "manage" => policy.manage = manage(look, node),
            "scope" => policy.scope = globs(look, node, "`scope`"),
            "protect" => policy.protect = all(globs(look, node, "`protect`")),
            "provider" => policy.provider = all(globs(look, node, "`provider`")),
            "prune" => policy.prune = prune(look, node),
            "limits" => limits(look, node, &mut policy.limits),
            "budget" => policy.budget = budget(look, node),
            "require" => policy.require = require(look, node),
            "plan_ttl" => {
                if let Some(length) = look.span(node, "plan_ttl") {
                    policy.plan_ttl = length;
                }
            }
            _ => look.unknown(key, &KEYS),
        }
    }
    policy
}

fn manage(look: &mut Look<'_>, node: &Node<'_>) -> BTreeSet<Family> {
    let words = Family::ALL.map(|family| (family.key(), family));
    let mut families = BTreeSet::new();
    for node in look.elements(node, "`manage`").unwrap_or_default() {
        if let Some(family) = look.one_of(node, "manage", &words)
            && !families.insert(family)
        {
            look.wrong(node.at, format!("`{}` is here twice", family.key()));
        }
    }
    families
}

fn globs(look: &mut Look<'_>, node: &Node<'_>, what: &str) -> Reserve<Option<Vec<Glob>>> {
    let mut globs = Reserve::default();
    for (key, node) in look.entries(node, what) {
        match key.name {
            "users" => globs.users = list(look, node, words::user_glob),
            "groups" => globs.groups = list(look, node, words::group_glob),
            _ => look.unknown(key, &["users", "groups"]),
        }
    }
    globs
}

fn list(
    look: &mut Look<'_>,
    node: &Node<'_>,
    rule: fn(&Glob) -> Result<(), Fault>,
) -> Option<Vec<Glob>> {
    let nodes = look.elements(node, "a list of globs")?;
    let mut globs = Vec::new();
    for node in nodes {
        if let Some(text) = look.string(node, "a glob") {
            let glob = Glob::new(text);
            if look.passed(node.at, rule(&glob)).is_some() {
                globs.push(glob);
            }
        }
    }
    Some(globs)
}

fn all(globs: Reserve<Option<Vec<Glob>>>) -> Reserve<Vec<Glob>> {
    Reserve {
        users: globs.users.unwrap_or_default(),
        groups: globs.groups.unwrap_or_default(),
    }
}

fn prune(look: &mut Look<'_>, node: &Node<'_>) -> Option<Said<Prune>> {
    let node = look.only(node, "prune", "seats")?;
    let value = look.one_of(node, "seats", &PRUNE)??;
    let at = look.spot(node.at).place;
    Some(Said { value, at })
}

fn limits(look: &mut Look<'_>, node: &Node<'_>, limits: &mut BTreeMap<Limit, Bound>) {
    for (key, node) in look.entries(node, "`limits`") {
        match Limit::spelled(key.name) {
            Some(limit) => {
                limits.insert(limit, bound(look, limit, node));
            }
            None => look.unknown(key, &Limit::ALL.map(Limit::key)),
        }
    }
}

fn bound(look: &mut Look<'_>, limit: Limit, node: &Node<'_>) -> Bound {
    let mut bound = limit.standard();
    let key = limit.key();
    if look.bare_number(node, key, "floor").is_some() {
        return bound;
    }
    let most = most_percent(limit);
    for (half, node) in look.entries(node, &format!("`{key}`")) {
        match half.name {
            "floor" => {
                let floor = look.count(node, "floor", 0..=MOST);
                bound.floor = floor.unwrap_or(bound.floor);
            }
            "percent" if most == 0 => {
                let message = format!("`{key}` has no `percent`");
                look.wrong_hint(half.at, message, "a count of mails is a part of nothing");
            }
            "percent" => {
                let percent = look.count(node, "percent", 0..=most);
                bound.percent = percent.unwrap_or(bound.percent);
            }
            _ => look.unknown(half, &["floor", "percent"]),
        }
    }
    bound
}

fn budget(look: &mut Look<'_>, node: &Node<'_>) -> Option<Said<Usd>> {
    let node = look.only(node, "budget", "monthly_usd")?;
    let value = look.usd(node, "monthly_usd")?;
    let at = look.spot(node.at).place;
    Some(Said { value, at })
}

fn require(look: &mut Look<'_>, node: &Node<'_>) -> BTreeMap<GroupName, Requirement> {
    let mut required = BTreeMap::new();
    for (key, node) in look.entries(node, "`require`") {
        let good_name = look.passed(key.at, words::group_name(key.name));
        let (mut min, mut include, mut mentioned) = (0, Vec::new(), false);
        let before = look.told();
        for (need, node) in look.entries(node, &format!("`require` of `{}`", key.name)) {
            mentioned = true;
            match need.name {
                "min" => min = look.count(node, "min", 0..=MOST).unwrap_or(min),
                "include" => include = people(look, node),
                _ => look.unknown(need, &["min", "include"]),
            }
        }
        if !mentioned && look.told() == before {
            let message = format!("`require` asks nothing of `{}`", key.name);
            look.wrong_hint(key.at, message, "add `min`, `include` or both");
        }
        if good_name.is_some() {
            let at = look.spot(key.at).place;
            let name = GroupName::new(look.shared(key.name));
            required.insert(name, Requirement { min, include, at });
        }
    }
    required
}

fn people(look: &mut Look<'_>, node: &Node<'_>) -> Vec<UserName> {
    let mut people: Vec<UserName> = Vec::new();
    for node in look.elements(node, "`include`").unwrap_or_default() {
        let Some(name) = user::name(look, node) else {
            continue;
        };
        if people.contains(&name.value) {
            look.wrong(node.at, format!("`{}` is here twice", name.value));
            continue;
        }
        people.push(name.value);
    }
    people
}
