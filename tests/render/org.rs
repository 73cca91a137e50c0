//! Organizations and rosters, of any size, for plans to be shown.

use jiff::civil::{Date, date};
use kiroster::desired::{Bound, Limit, Policy};
use kiroster::directory::{Group, User};
use kiroster::live::{Access, Id, Known, Live, SeatRow, Source, Status, Target};
use kiroster::model::{Attribute, GroupName, Membership, Principal, Tier, UserName, Value};
use kiroster::plan::{Plan, Wish};
use kiroster::render::{Detail, Heading, Ink, View};
use kiroster::roster;
use std::collections::BTreeMap as Map;
use std::fmt::Write;
use std::sync::Arc;

pub(crate) const TODAY: Date = date(2026, 12, 10);

pub(crate) fn empty() -> Live {
    Live::empty(Target {
        account: "111122223333".into(),
        region: "us-east-1".into(),
        kiro_region: Some("us-east-1".into()),
        instance: "arn:aws:sso:::instance/ssoins-7223000000000001".into(),
        store: "d-9067000001".into(),
    })
}

pub(crate) fn known(id: &str) -> Known {
    Known {
        id: Id::new(id),
        revision: None,
        marks: None,
    }
}

/// A live user with given name, family name, display name and e-mail, and perhaps a seat.
pub(crate) fn user(
    live: &mut Live,
    name: &str,
    names: (&str, &str),
    email: &str,
    tier: Option<Tier>,
) {
    let (given, family) = names;
    let mut user = User::named(UserName::new(name));
    for (attribute, value) in [
        (Attribute::GivenName, given.to_owned()),
        (Attribute::FamilyName, family.to_owned()),
        (Attribute::DisplayName, format!("{given} {family}")),
        (Attribute::Email, email.to_owned()),
    ] {
        user.attributes.insert(attribute, Value::text(value));
    }
    let name = UserName::new(name);
    let holder = Principal::User(name.clone());
    live.known
        .insert(holder.clone(), known(&format!("id of {name}")));
    live.directory.users.insert(name.clone(), Arc::new(user));
    if let Some(tier) = tier {
        live.directory.seats.insert(holder, tier);
        let row = SeatRow {
            told: true,
            source: Source::Own,
            tier: Some(tier),
            in_force: Some(tier),
            status: Status::Active,
            since: None,
            called: None,
        };
        live.kiro.get_or_insert_default().rows.insert(name, row);
    }
}

pub(crate) fn group(live: &mut Live, name: &str, members: &[&str]) {
    let name = GroupName::new(name);
    let holder = Principal::Group(name.clone());
    live.known.insert(holder, known(&format!("id of {name}")));
    live.directory
        .groups
        .insert(name.clone(), Arc::new(Group::named(name.clone())));
    for member in members {
        let member = Membership::new(name.clone(), UserName::new(*member));
        live.directory.members.insert(member);
    }
}

/// `n` people with a pro seat: `old00000`, …
pub(crate) fn leavers(live: &mut Live, n: usize) {
    for n in 0..n {
        let name = format!("old{n:05}");
        let email = format!("{name}@example.com");
        user(
            live,
            &name,
            ("Olive", &format!("Dunn{n}")),
            &email,
            Some(Tier::Pro),
        );
    }
}

/// A roster of so many joiners in a few shapes, and so many leavers.
pub(crate) fn roster(joiners: usize, leavers: usize) -> String {
    let mut roster = "version: 1\ngroups:\n  eng: {}\n  ops: {}\nusers:\n".to_owned();
    for n in 0..joiners {
        let shape = match n % 40 {
            0 => "groups: [eng, ops], tier: power",
            1 | 2 => "groups: [ops], tier: pro+",
            _ => "groups: [eng], tier: pro",
        };
        let _ = writeln!(
            roster,
            "  new{n:05}: {{ given_name: Nina, family_name: West{n}, email: new{n:05}@example.com, {shape} }}"
        );
    }
    for n in 0..leavers {
        let _ = writeln!(
            roster,
            "  old{n:05}: {{ state: absent, email: old{n:05}@example.com }}"
        );
    }
    roster
}

/// A plan that no limit stops.
pub(crate) fn plan(roster: &str, live: Live) -> Plan {
    let most = |policy: &mut Policy| {
        let bound = Bound {
            floor: u32::MAX,
            percent: 100,
        };
        policy.limits = Limit::ALL.map(|limit| (limit, bound)).into();
    };
    judged(roster, live, &Wish::default(), &Map::new(), most)
}

pub(crate) fn judged(
    roster: &str,
    live: Live,
    wish: &Wish,
    access: &Map<Principal, Access>,
    policy: impl Fn(&mut Policy),
) -> Plan {
    let file = "roster/people.yaml";
    let mut loaded = roster::parse([(file, roster)]).expect("a roster");
    policy(&mut loaded.desired.policy);
    let (plan, live) = Plan::draft(&loaded.desired, live, wish, TODAY);
    plan.judged(&live, access)
}

pub(crate) fn view(plan: &Plan) -> View {
    let heading = Heading {
        digest: Some("3fa9c1d2".into()),
        file: Some("plan.json".into()),
        ..Heading::default()
    };
    View::of(plan, &heading, Detail::default())
}

pub(crate) fn text(plan: &Plan, width: Option<usize>) -> String {
    let ink = Ink {
        colour: false,
        width,
    };
    ink.view(&view(plan))
}
