//! `seats` on the situations whose money is worked out by hand: what it says people have and cost is what a plan says.

mod situations;

use jiff::civil::date;
use kiroster::cost::Cost;
use kiroster::desired::Prices;
use kiroster::holdings::{By, Holdings, Kind, Wanted};
use kiroster::model::{Glob, Tier, Usd};
use situations::{sides, situations};

#[test]
fn each_situation_costs_what_the_plan_says() {
    for situation in situations() {
        let (live, goal) = sides(&[situation.clone_for_test()]);
        let holdings = Holdings::of(&live, None, &Prices::default());
        let cost = Cost::of(&live, &goal, &Prices::default(), date(2026, 12, 15));
        assert_eq!(holdings.bill, cost.before, "{}", situation.name);
        assert_eq!(
            holdings.bill.usd,
            Usd::whole(situation.usd.0),
            "{}",
            situation.name
        );
        if goal == live.directory {
            let pending = Usd::whole(situation.pending);
            assert_eq!(holdings.bill.pending.usd, pending, "{}", situation.name);
        }
        let people: Usd = holdings
            .people
            .iter()
            .map(|holding| holdings.prices.of(holding.tier))
            .sum();
        assert_eq!(people, holdings.bill.usd, "{}", situation.name);
    }
}

#[test]
fn together_they_are_the_plan_s_bill_and_so_is_every_sum_of_parts() {
    let (live, _) = sides(&situations());
    let holdings = Holdings::of(&live, None, &Prices::default());
    let unchanged = Cost::of(
        &live,
        &live.directory,
        &Prices::default(),
        date(2026, 12, 15),
    );
    assert_eq!(holdings.bill, unchanged.before);
    assert_eq!(holdings.now, unchanged.now);
    for by in [By::Tier, By::CostCenter, By::Department] {
        let parts: Usd = holdings.by(by).iter().map(|share| share.bill.usd).sum();
        assert_eq!(parts, holdings.bill.usd, "{by:?}");
    }
    let parts = Tier::ALL.map(|tier| {
        let wanted = Wanted {
            tiers: vec![tier],
            ..Wanted::default()
        };
        holdings.only(&wanted).bill.usd
    });
    assert_eq!(parts.into_iter().sum::<Usd>(), holdings.bill.usd);
}

#[test]
fn what_is_to_be_looked_at_is_found_and_nothing_else() {
    let (mut live, _) = sides(&situations());
    live.disabled.insert(kiroster::model::UserName::new("own"));
    let holdings = Holdings::of(&live, None, &Prices::default());
    let found = |kind: Kind| -> Vec<&str> {
        let people = holdings.people.iter();
        let people = people.filter(|holding| holding.kinds.contains(&kind));
        people.map(|holding| holding.user.as_str()).collect()
    };
    assert_eq!(found(Kind::Idle), ["pending"]);
    assert_eq!(found(Kind::Disabled), ["own"]);
    assert_eq!(found(Kind::Cancelled), ["cancelled"]);
    assert_eq!(found(Kind::Foreign), ["another_product"]);
    assert_eq!(found(Kind::Unknown), ["unclear"]);
    assert_eq!(found(Kind::Unlisted), [""; 0]);
    let cancelled = holdings
        .people
        .iter()
        .find(|h| h.user.as_str() == "cancelled");
    let charged = cancelled.and_then(|holding| holding.charged);
    assert_eq!(charged, Some(Tier::Power));
}

#[test]
fn filters_narrow_together() {
    let (live, _) = sides(&situations());
    let holdings = Holdings::of(&live, None, &Prices::default());
    let wanted = Wanted {
        names: vec![Glob::new("*group*")],
        tiers: vec![Tier::ProPlus],
        ..Wanted::default()
    };
    let some = holdings.only(&wanted);
    let names: Vec<&str> = some.people.iter().map(|h| h.user.as_str()).collect();
    assert_eq!(names, ["one_group", "two_groups"]);
    assert_eq!(some.bill.usd, Usd::whole(80));
}

/// 100,000 people with 500,000 memberships, and a table of them, in a debug build on a slow machine.
#[test]
fn a_hundred_thousand_people_are_listed_in_seconds() {
    use kiroster::directory::{Group, User};
    use kiroster::live::{Kiro, Live, SeatRow, Source, Status, Target};
    use kiroster::model::{GroupName, Membership, Principal, UserName};
    use kiroster::render::{Ink, seats};
    use std::time::{Duration, Instant};

    let mut live = Live::empty(Target::default());
    let groups: Vec<GroupName> = (0..1_000)
        .map(|n| GroupName::new(format!("g{n}")))
        .collect();
    for group in &groups {
        let named = Group::named(group.clone()).into();
        live.directory.groups.insert(group.clone(), named);
    }
    let pro = Principal::Group(groups[0].clone());
    live.directory.seats.insert(pro, Tier::Pro);
    let mut kiro = Kiro::default();
    let mut members = Vec::new();
    for n in 0..100_000_usize {
        let user = UserName::new(format!("user{n:06}"));
        live.directory
            .users
            .insert(user.clone(), User::named(user.clone()).into());
        for k in 0..5 {
            let group = groups[(n * 7 + k * 131) % groups.len()].clone();
            members.push(Membership::new(group, user.clone()));
        }
        let own = Principal::User(user.clone());
        live.directory.seats.insert(own, Tier::ProPlus);
        let row = SeatRow {
            told: true,
            source: Source::Own,
            tier: Some(Tier::ProPlus),
            in_force: None,
            status: Status::Active,
            since: None,
            called: None,
        };
        kiro.rows.insert(user, row);
    }
    live.directory.members = members.into_iter().collect();
    live.kiro = Some(kiro);
    let started = Instant::now();
    let holdings = Holdings::of(&live, None, &Prices::default());
    let frame = seats::Frame {
        target: &live.target,
        sandbox: None,
        today: date(2026, 12, 15),
        all: None,
        by: None,
    };
    let ink = Ink {
        colour: false,
        width: None,
    };
    let text = seats::text(&holdings, &frame, ink);
    let took = started.elapsed();
    assert_eq!(holdings.bill.seats, 100_000);
    assert!(text.lines().count() > 100_000);
    println!("100,000 people: {took:?}");
    assert!(took < Duration::from_secs(20), "{took:?}");
}
