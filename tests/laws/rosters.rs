//! Random rosters: as the loader would hand them on, so every rule of the loader holds.

use super::chance::Chance;
use jiff::civil::{Date, date};
use kiroster::desired::{
    Ask, Desired, GroupClaim, Leaving, Pins, Policy, Reserve, Root, Said, UserClaim,
};
use kiroster::model::{Attribute, Family, Glob, GroupName, Membership, Place, UserName, Value};
use std::collections::BTreeSet;

pub(crate) const TODAY: Date = date(2026, 12, 15);

fn at(line: u32) -> Place {
    Place {
        file: "k.yaml".into(),
        line,
        column: 1,
    }
}

fn said<T>(value: T, line: u32) -> Said<T> {
    Said {
        value,
        at: at(line),
    }
}

pub(crate) fn user(n: usize) -> UserName {
    UserName::new(format!("u{n}"))
}

pub(crate) fn group(n: usize) -> GroupName {
    match n {
        3 => GroupName::new("AWSSecurityAuditors"),
        _ => GroupName::new(format!("g{n}")),
    }
}

pub(crate) fn random(chance: &mut Chance) -> Desired {
    let mut desired = Desired::default();
    let rooted = !chance.one_in(6);
    if rooted {
        desired.root = Some(Root {
            at: at(1),
            target: Pins::default(),
        });
        desired.policy = policy(chance);
    }
    let mut former: BTreeSet<usize> = BTreeSet::new();
    // Now and then addresses move between people.
    let shift = chance.one_in(4);
    for n in 0..9 {
        if chance.one_in(3) || former.contains(&n) {
            continue;
        }
        let line = 10 + n as u32;
        let mut claim = UserClaim {
            at: vec![at(line)],
            ..UserClaim::default()
        };
        let whole = chance.one_in(2);
        if whole || chance.one_in(2) {
            let of = if shift {
                (n + 1 + chance.below(2)) % 9
            } else {
                n
            };
            claim.attributes.insert(
                Attribute::Email,
                said(Ask::Is(Value::text(format!("m{of}@x"))), line),
            );
        }
        if whole {
            for attribute in [Attribute::GivenName, Attribute::FamilyName] {
                claim
                    .attributes
                    .insert(attribute, said(Ask::Is(Value::text("n")), line));
            }
        }
        match chance.below(4) {
            0 if rooted => {
                claim
                    .attributes
                    .insert(Attribute::Title, said(Ask::Nothing, line));
            }
            1 => {
                claim
                    .attributes
                    .insert(Attribute::Title, said(Ask::Is(Value::text("x")), line));
            }
            _ => {}
        }
        match chance.below(4) {
            0 if rooted => claim.seat = Some(said(Ask::Nothing, line)),
            1 | 2 => {
                claim.seat = Some(said(Ask::Is(chance.tier()), line));
                if chance.one_in(5) {
                    let day = [date(2026, 12, 14), date(2026, 12, 15)][chance.below(2)];
                    claim.until = Some(said(day, line));
                }
            }
            _ => {}
        }
        if rooted && chance.one_in(6) {
            let absent = chance.one_in(2) && claim.attributes.contains_key(&Attribute::Email);
            let leaving = if absent {
                Leaving::Absent
            } else {
                Leaving::Offboarded
            };
            claim.leaving = Some(said(leaving, line));
        }
        if chance.one_in(4) {
            let old = chance.below(6);
            if old != n && !desired.users.contains_key(&user(old)) && former.insert(old) {
                claim.previously.push(said(user(old), line));
            }
        }
        desired.users.insert(user(n), claim);
    }
    let mut former_groups: BTreeSet<usize> = BTreeSet::new();
    for n in 0..5 {
        if chance.one_in(3) || former_groups.contains(&n) {
            continue;
        }
        let line = 50 + n as u32;
        let mut claim = GroupClaim {
            at: vec![at(line)],
            ..GroupClaim::default()
        };
        match chance.below(4) {
            0 if rooted => claim.description = Some(said(Ask::Nothing, line)),
            1 => claim.description = Some(said(Ask::Is("y".into()), line)),
            _ => {}
        }
        match chance.below(4) {
            0 if rooted => claim.seat = Some(said(Ask::Nothing, line)),
            1 | 2 => claim.seat = Some(said(Ask::Is(chance.tier()), line)),
            _ => {}
        }
        claim.exact = chance.one_in(2).then(|| at(line));
        if rooted && chance.one_in(8) {
            claim.absent = Some(at(line));
        }
        if chance.one_in(4) {
            let old = chance.below(3);
            if old != n && !desired.groups.contains_key(&group(old)) && former_groups.insert(old) {
                claim.previously.push(said(group(old), line));
            }
        }
        desired.groups.insert(group(n), claim);
    }
    for g in 0..5 {
        for u in 0..9 {
            let known = !former.contains(&u) && !former_groups.contains(&g);
            if known && chance.one_in(4) {
                let member = Membership::new(group(g), user(u));
                desired.members.insert(member, vec![at(100)]);
            }
        }
    }
    desired
}

fn policy(chance: &mut Chance) -> Policy {
    let mut policy = Policy::default();
    if chance.one_in(5) {
        policy.manage = Family::ALL
            .into_iter()
            .filter(|_| !chance.one_in(3))
            .collect();
    }
    let mut globs = |one_in: usize, kind: &str| -> Option<Vec<Glob>> {
        chance.one_in(one_in).then(|| {
            let some = (0..6).filter(|_| chance.one_in(2));
            some.map(|n| Glob::new(format!("{kind}{n}"))).collect()
        })
    };
    policy.scope = Reserve {
        users: globs(6, "u"),
        groups: globs(6, "g"),
    };
    policy.protect = Reserve {
        users: globs(6, "u").unwrap_or_default(),
        groups: globs(6, "g").unwrap_or_default(),
    };
    policy.provider = Reserve {
        users: globs(8, "u").unwrap_or_default(),
        groups: globs(8, "g").unwrap_or_default(),
    };
    policy
}
