//! What the schema says of the root's rules: `onboarding`, `policy`, `tiers` and `acknowledge`.

use super::{LONGEST_TEXT, list_of, mapping};
use crate::desired::{Bound, Limit};
use crate::model::{Family, Tier, Usd};
use crate::roster::yaml::{self, MOST};
use serde_json::{Value, json};

/// A mapping that needs these keys.
fn needing(mut mapping: Value, keys: &[&str]) -> Value {
    mapping["required"] = json!(keys);
    mapping
}

pub(super) fn onboarding() -> Value {
    let invite = json!({
        "description": "`new`: users that a run creates are mailed a link to set a password. `off`: nobody is mailed.",
        "enum": ["new", "off"],
        "default": "off",
    });
    let keys = [("invite", invite)];
    needing(mapping("How people start.", keys), &["invite"])
}

pub(super) fn policy() -> Value {
    let describe = |key| match key {
        "manage" => json!({
            "description": "The families that may be written; all when left out. `[seats]` is seats-only.",
            "type": "array",
            "uniqueItems": true,
            "items": { "enum": Family::ALL.map(Family::key) },
        }),
        "scope" => {
            reserve("Bounds every write: both ends must fit. A kind that is left out is unbounded.")
        }
        "protect" => reserve("No write at all to these; no flag overrides that."),
        "provider" => {
            reserve("Owned by an identity provider, beside what AWS tells: only seats are managed.")
        }
        "prune" => prune(),
        "limits" => limits(),
        "budget" => budget(),
        "require" => require(),
        _ => json!({
            "description": "How long a saved plan may wait: five minutes to thirty days, as in `72h`, `90m` or `3d`.",
            "type": "string",
            "pattern": "^[0-9]+[mhd]$",
            "default": "72h",
        }),
    };
    mapping(
        "What may be written at all, and how much of it at once.",
        yaml::POLICY_KEYS.map(|key| (key, describe(key))),
    )
}

fn reserve(description: &str) -> Value {
    let globs = json!({ "$ref": "#/definitions/globs" });
    mapping(
        description,
        ["users", "groups"].map(|kind| (kind, globs.clone())),
    )
}

fn prune() -> Value {
    let seats = json!({
        "description": "`disabled`: direct seats of disabled users. `unlisted`: those, and direct seats of people in scope whom no roster names.",
        "enum": yaml::PRUNE.map(|(word, _)| word),
        "default": "none",
    });
    let what = "Whose seats are taken though no entry says so.";
    needing(mapping(what, [("seats", seats)]), &["seats"])
}

fn limits() -> Value {
    mapping(
        "How much one run may change: more blocks the plan until it is acknowledged by its count. Each counts people affected by any route.",
        Limit::ALL.map(|limit| (limit.key(), bound(limit))),
    )
}

fn bound(limit: Limit) -> Value {
    let Bound { floor, percent } = limit.standard();
    let number = |what: &str, standard: u32, most: u32| {
        json!({
            "description": what,
            "type": "integer",
            "minimum": 0,
            "maximum": most,
            "default": standard,
        })
    };
    let floor = match limit {
        Limit::ShrinkGroup => number("Smaller groups are not looked at.", floor, MOST),
        Limit::IncreaseUsd => number("So many dollars are always allowed.", floor, MOST),
        _ => number("So many are always allowed.", floor, MOST),
    };
    let share = match limit {
        Limit::ShrinkGroup => "The share of its members that any one group may lose.",
        _ => "Or this share of what is live and the roster names, rounded down; the larger counts.",
    };
    let most = yaml::most_percent(limit);
    let share = (most > 0).then(|| ("percent", number(share, percent, most)));
    mapping(counted(limit), [("floor", floor)].into_iter().chain(share))
}

fn counted(limit: Limit) -> &'static str {
    match limit {
        Limit::RemoveUsers => "Users that are deleted or offboarded.",
        Limit::RemoveGroups => "Groups that are deleted.",
        Limit::RemoveMemberships => "Memberships that end, those of deleted groups included.",
        Limit::CancelSeats => "People who lose a seat or get a lower one, by whatever route.",
        Limit::ChangeIdentity => "Users that get another user name or e-mail address.",
        Limit::GrantsAccess => "People who join a group that holds AWS account access.",
        Limit::AddUsers => "Users that are created.",
        Limit::IncreaseUsd => "US dollars a month more.",
        Limit::Invites => "Password mails.",
        Limit::ShrinkGroup => "Groups that lose a large part of their members.",
    }
}

fn budget() -> Value {
    let monthly = usd("The most that all seats may cost a month; blocks only what makes it more.");
    let keys = [("monthly_usd", monthly)];
    let what = "A ceiling for the estimate.";
    needing(mapping(what, keys), &["monthly_usd"])
}

fn usd(description: &str) -> Value {
    json!({
        "description": description,
        "type": "number",
        "minimum": 0,
        "maximum": MOST,
        "multipleOf": 0.01,
    })
}

fn require() -> Value {
    let min = json!({
        "description": "So many members at least.",
        "type": "integer",
        "minimum": 0,
        "maximum": MOST,
    });
    let include = list_of("These people stay members.", "user_name");
    let mut needs = mapping(
        "What the group must keep.",
        [("min", min), ("include", include)],
    );
    needs["minProperties"] = json!(1);
    json!({
        "description": "What groups must keep, by name; blocks only what makes it worse.",
        "type": "object",
        "propertyNames": { "$ref": "#/definitions/group_name" },
        "additionalProperties": needs,
    })
}

pub(super) fn tiers() -> Value {
    let price = |tier: Tier| {
        let list = Usd::whole(i64::from(tier.usd()));
        let what = format!("What a {tier} seat costs; {list} when left out.");
        let usd = usd("US dollars a month, as in 200 or 39.50.");
        needing(mapping(&what, [("usd", usd)]), &["usd"])
    };
    mapping(
        "Prices that differ from the list's; they only feed estimates.",
        Tier::ALL.map(|tier| (tier.key(), price(tier))),
    )
}

pub(super) fn acknowledge() -> Value {
    let describe = |key| match key {
        "rule" => json!({
            "description": "The limit.",
            "enum": Limit::ALL.map(Limit::key),
        }),
        "count" => json!({
            "description": "Up to this count.",
            "type": "integer",
            "minimum": 1,
            "maximum": MOST,
        }),
        "reason" => json!({
            "description": "Why, for those who review it.",
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_TEXT,
        }),
        _ => json!({
            "description": "The last day (UTC) on which it counts, at most 14 days ahead.",
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        }),
    };
    let keys = yaml::ACKNOWLEDGE_KEYS;
    let entry = mapping(
        "An agreement to more than a limit allows.",
        keys.map(|key| (key, describe(key))),
    );
    json!({
        "description": "Reviewed agreements to more than the limits allow, each rule once.",
        "type": "array",
        "items": needing(entry, &keys),
    })
}
