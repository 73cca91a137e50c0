//! Seats for programs: everything that is known of each, whatever is shown to people.

use super::Frame;
use crate::holdings::{Holding, Holdings, Kind, Share};
use crate::live::Orphan;
use serde_json::{Map, Value, json};

/// A newer minor version only adds.
const FORMAT_VERSION: &str = "1.0";

/// With a line end after it.
pub fn json(holdings: &Holdings, frame: &Frame<'_>) -> String {
    let Holdings {
        people,
        orphans,
        bill,
        now,
        prices: _,
    } = holdings;
    let people = people.iter().map(|holding| person(holding, holdings));
    let counts = Kind::ALL.iter().map(|kind| {
        let of = holdings
            .people
            .iter()
            .filter(|holding| holding.kinds.contains(kind));
        let people = match kind {
            Kind::Orphaned => orphans.len(),
            _ => of.count(),
        };
        let told = json!({ "count": people, "usd": holdings.told(*kind).usd });
        (kind.key().to_owned(), told)
    });
    let by = frame.by.map(|by| {
        let shares = holdings.by(by);
        json!({ "what": by.key(), "rows": shares.iter().map(share).collect::<Vec<_>>() })
    });
    let document = json!({
        "format_version": FORMAT_VERSION,
        "target": frame.target,
        "today": frame.today.to_string(),
        "people": people.collect::<Vec<_>>(),
        "orphans": orphans.iter().map(orphan).collect::<Vec<_>>(),
        "totals": {
            "month": bill,
            "this_month": now,
            "all": frame.all.map(|all| &all.bill),
            "look_at": counts.collect::<Map<String, Value>>(),
        },
        "by": by,
    });
    format!("{document:#}\n")
}

fn person(holding: &Holding, holdings: &Holdings) -> Value {
    let Holding {
        user,
        own,
        through,
        groups: _,
        tier,
        charged,
        is_new,
        row,
        kinds,
        display_name,
        email,
        department,
        cost_center,
    } = holding;
    let row = row.as_ref();
    let through = through
        .iter()
        .map(|(group, tier)| json!({ "group": group.as_str(), "tier": tier }));
    let state = row
        .map(|row| row.status.word())
        .filter(|word| !word.is_empty());
    json!({
        "user": user.as_str(),
        "display_name": display_name,
        "email": email,
        "tier": tier,
        "usd": holdings.prices.of(*tier),
        "state": state,
        "since": row.and_then(|row| row.since.as_deref()),
        "source": row.map(|row| row.source.key()),
        "own": own,
        "groups": through.collect::<Vec<_>>(),
        "in_force": holding.in_force(),
        "charged_this_month": charged,
        "billed": tier.is_some() && !is_new,
        "type": row.and_then(|row| row.called.as_deref()),
        "look_at": kinds.iter().map(|kind| kind.key()).collect::<Vec<_>>(),
        "department": department,
        "cost_center": cost_center,
    })
}

fn orphan(orphan: &Orphan) -> Value {
    let Orphan {
        id,
        tier,
        called,
        status,
    } = orphan;
    json!({
        "id": id.as_ref().map(|id| id.as_str()),
        "tier": tier,
        "type": called,
        "state": status.as_ref().map(|status| status.word()),
    })
}

fn share(share: &Share) -> Value {
    let Share { of, bill } = share;
    json!({ "of": of, "bill": bill })
}
