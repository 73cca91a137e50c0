//! What only the root file says: `version`, and with it `target`, `onboarding`, `policy`, `tiers` and `acknowledge`.

use super::{Is, Key, Look, Node, acknowledge, policy};
use crate::desired::{Invite, Pins, Prices, Said};
use crate::model::{Text, Tier};
use crate::roster::document::RootPart;
use crate::roster::words::{self, Fault};

/// The keys that only the root has, in writing order.
pub(in crate::roster) const KEYS: [&str; 6] = [
    "version",
    "target",
    "onboarding",
    "policy",
    "tiers",
    "acknowledge",
];
/// The keys of `target`.
pub(in crate::roster) const PINS: [&str; 4] = ["account", "region", "kiro_region", "instance"];

/// The root's part, if this file is the root; without `version` it is not, and may not say these things.
pub(super) fn part(look: &mut Look<'_>, keys: &[(Key<'_>, &Node<'_>)]) -> Option<RootPart> {
    let version = keys.iter().find(|(key, _)| key.name == "version");
    if version.is_none() {
        for (key, _) in keys {
            let message = format!("`{}` belongs into the root file", key.name);
            let hint = "the root is the one file with `version: 1`";
            look.wrong_hint(key.at, message, hint);
        }
    }
    let at = version.or(keys.first())?.0.at;
    let part = said(look, keys, at);
    version.map(|_| part)
}

/// The same of a file that need not be the root: it stands in for the root's rules.
pub(super) fn said(
    look: &mut Look<'_>,
    keys: &[(Key<'_>, &Node<'_>)],
    at: super::Mark,
) -> RootPart {
    let mut part = RootPart {
        at: look.spot(at),
        target: Pins::default(),
        invite: Invite::default(),
        policy: Default::default(),
        prices: None,
        acknowledge: Vec::new(),
    };
    for (key, node) in keys {
        match key.name {
            "version" => version(look, node),
            "target" => part.target = pins(look, node),
            "onboarding" => part.invite = onboarding(look, node),
            "policy" => part.policy = policy::part(look, node),
            "tiers" => part.prices = Some(prices(look, node)),
            "acknowledge" => part.acknowledge = acknowledge::part(look, node),
            _ => {}
        }
    }
    part
}

fn version(look: &mut Look<'_>, node: &Node<'_>) {
    if !matches!(node.is, Is::Number) || look.spelled(node) != "1" {
        let message = format!(
            "this roster's version is not 1 but `{}`",
            look.spelled(node)
        );
        let hint = "write `version: 1`, the only one there is";
        look.wrong_hint(node.at, message, hint);
    }
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

fn onboarding(look: &mut Look<'_>, node: &Node<'_>) -> Invite {
    let Some(node) = look.only(node, "onboarding", "invite") else {
        return Invite::default();
    };
    // YAML 1.1 read `off` as a boolean; here it can mean only one thing.
    if matches!(node.is, Is::Flag) {
        let word = look.spelled(node);
        if word != "off" {
            let message = format!("`invite` cannot be `{word}`");
            look.wrong_hint(node.at, message, "it can be `new`, `off`");
        }
        return Invite::Off;
    }
    let words = [("new", Invite::New), ("off", Invite::Off)];
    look.one_of(node, "invite", &words).unwrap_or_default()
}

fn prices(look: &mut Look<'_>, node: &Node<'_>) -> Prices {
    let mut prices = Prices::default();
    for (key, node) in look.entries(node, "`tiers`") {
        let Some(tier) = Tier::ALL.into_iter().find(|tier| tier.key() == key.name) else {
            let known = Tier::ALL.map(Tier::key);
            match Tier::spelled(key.name) {
                Some(tier) => {
                    let message = format!("unknown key `{}`", key.name);
                    look.wrong_hint(key.at, message, format!("did you mean `{}`?", tier.key()));
                }
                None => look.unknown(key, &known),
            }
            continue;
        };
        if let Some(node) = look.only(node, key.name, "usd")
            && let Some(usd) = look.usd(node, "usd")
        {
            prices.set(tier, usd);
        }
    }
    prices
}
