//! What only the root file says: `version`, `target` and `policy`.

use super::{Is, Key, Look, Node};
use crate::desired::{Pins, Policy, Prices, Reserve, Said};
use crate::model::{Family, Glob, Text};
use crate::roster::document::RootPart;
use crate::roster::words::{self, Fault};
use std::collections::BTreeSet;

/// The keys of `target`.
pub(in crate::roster) const PINS: [&str; 4] = ["account", "region", "kiro_region", "instance"];
/// The keys of `policy`.
pub(in crate::roster) const POLICY: [&str; 4] = ["manage", "scope", "protect", "provider"];

/// The root's part, if this file is the root; without `version` it is not, and may not say these things.
pub(super) fn part(look: &mut Look<'_>, keys: &[(Key<'_>, &Node<'_>)]) -> Option<RootPart> {
    let version = keys.iter().find(|(key, _)| key.name == "version");
    let mut target = Pins::default();
    let mut policy = Policy::default();
    for (key, node) in keys {
        if key.name != "version" && version.is_none() {
            let message = format!("`{}` belongs into the root file", key.name);
            let hint = "the root is the one file with `version: 1`";
            look.wrong_hint(key.at, message, hint);
        }
        match key.name {
            "target" => target = pins(look, node),
            "policy" => policy = policy_of(look, node),
            _ => {}
        }
    }
    let (key, node) = version?;
    if !matches!(node.is, Is::Number) || look.spelled(node) != "1" {
        let message = format!(
            "this roster's version is not 1 but `{}`",
            look.spelled(node)
        );
        look.wrong_hint(
            node.at,
            message,
            "write `version: 1`, the only one there is",
        );
    }
    let at = look.spot(key.at);
    Some(RootPart {
        at,
        target,
        policy,
        acknowledge: Vec::new(),
        prices: Prices::default(),
    })
}

fn pins(look: &mut Look<'_>, node: &Node<'_>) -> Pins {
    let mut pins = Pins::default();
    for (key, node) in look.entries(node, "`target`") {
        match key.name {
            "account" => pins.account = pin(look, node, "account id", words::account),
            "region" => pins.region = pin(look, node, "region", words::region),
            "kiro_region" => pins.kiro_region = pin(look, node, "region", words::region),
            "instance" => pins.instance = pin(look, node, "instance", words::instance),
            _ => look.unknown(key, &PINS),
        }
    }
    pins
}

fn pin(
    look: &mut Look<'_>,
    node: &Node<'_>,
    what: &str,
    rule: fn(&str) -> Result<(), Fault>,
) -> Option<Said<Text>> {
    let text = look.string(node, what)?;
    look.passed(node.at, rule(text))?;
    let at = look.spot(node.at).place;
    let value = text.into();
    Some(Said { value, at })
}

fn policy_of(look: &mut Look<'_>, node: &Node<'_>) -> Policy {
    let mut policy = Policy::default();
    for (key, node) in look.entries(node, "`policy`") {
        match key.name {
            "manage" => policy.manage = manage(look, node),
            "scope" => policy.scope = globs(look, node, "`scope`"),
            "protect" => policy.protect = all(globs(look, node, "`protect`")),
            "provider" => policy.provider = all(globs(look, node, "`provider`")),
            _ => look.unknown(key, &POLICY),
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
