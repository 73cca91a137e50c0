//! What policy makes of a change, as data: each limit at its bound and one past it, by whatever route people are affected;
//! budget and requirements, which block only what makes things worse; agreements and their last day.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use jiff::civil::{Date, date};
use kiroster::cost::Cost;
use kiroster::desired::{Acknowledgement, Limit, Policy, Prices, Requirement, Said};
use kiroster::directory::{Directory, Group, User};
use kiroster::goal::Block;
use kiroster::live::{Access, Live};
use kiroster::model::{
    Attribute, GroupName, Membership, Place, Principal, Tier, Usd, UserName, Value,
};
use kiroster::policy::{Agreed, Base, Change, agreed, judge};
use std::collections::BTreeMap as Map;

const TODAY: Date = date(2026, 12, 10);

fn at() -> Place {
    Place {
        file: "k.yaml".into(),
        line: 1,
        column: 1,
    }
}

fn user(n: usize) -> UserName {
    UserName::new(format!("u{n:04}"))
}

fn group(name: &str) -> GroupName {
    GroupName::new(name)
}

/// So many people, all in `eng`, which has no tier.
fn people(count: usize) -> Directory {
    let mut directory = Directory::default();
    directory
        .groups
        .insert(group("eng"), Group::named(group("eng")).into());
    for n in 0..count {
        let mut person = User::named(user(n));
        person
            .attributes
            .insert(Attribute::Email, Value::text(format!("u{n}@x")));
        directory.users.insert(user(n), person.into());
        directory
            .members
            .insert(Membership::new(group("eng"), user(n)));
    }
    directory
}

struct Judged {
    before: Directory,
    after: Directory,
    access: Map<Principal, Access>,
    policy: Policy,
    agreed: Agreed,
    named: u64,
}

impl Judged {
    fn of(before: Directory, change: impl Fn(&mut Directory)) -> Self {
        let mut after = before.clone();
        change(&mut after);
        Self {
            before,
            after,
            access: Map::new(),
            policy: Policy::default(),
            agreed: Agreed::new(),
            named: 0,
        }
    }

    /// Percentages are of so many of everything.
    fn naming(mut self, named: u64) -> Self {
        self.named = named;
        self
    }

    fn blocks(&self) -> Vec<Block> {
        let live = Live {
            directory: self.before.clone(),
            ..Live::default()
        };
        let cost = Cost::between(&live, &self.before, &self.after, &Prices::default(), TODAY);
        let base = Base {
            users: self.named,
            groups: self.named,
            memberships: self.named,
            seats: self.named,
            usd: Usd::whole(self.named as i64),
        };
        let change = Change {
            before: &self.before,
            after: &self.after,
            access: &self.access,
            base,
            cost: &cost,
        };
        judge(change, &self.policy, &self.agreed).0
    }

    /// Rule and count of each limit that trips.
    fn trips(&self) -> Vec<(&'static str, u64)> {
        let limits = self.blocks().into_iter().filter_map(|block| match block {
            Block::Limit(excess) => Some((excess.limit.key(), excess.count)),
            _ => None,
        });
        limits.collect()
    }
}

fn delete_users(directory: &mut Directory, count: usize) {
    for n in 0..count {
        directory.users.remove(&user(n));
        directory
            .members
            .remove(&Membership::new(group("eng"), user(n)));
        directory.seats.remove(&user(n).into());
    }
}

#[test]
fn each_limit_lets_its_bound_pass_and_not_one_more() {
    type Make = fn(&mut Directory, usize);
    let cases: &[(&str, u64, usize, Make)] = &[
        ("remove_users", 0, 3, delete_users),
        // 2 % of 500 is more than the floor.
        ("remove_users", 500, 10, delete_users),
        // 2 % of 549 is 10.98, rounded down.
        ("remove_users", 549, 10, delete_users),
        ("remove_memberships", 0, 10, |directory, count| {
            for n in 0..count {
                directory
                    .members
                    .remove(&Membership::new(group("eng"), user(n)));
            }
        }),
        ("cancel_seats", 0, 5, |directory, count| {
            for n in 0..count {
                directory.seats.remove(&user(n).into());
            }
        }),
        // Lowered is lost in part.
        ("cancel_seats", 200, 10, |directory, count| {
            for n in 0..count {
                directory.seats.insert(user(n).into(), Tier::Pro);
            }
        }),
        ("change_identity", 0, 3, |directory, count| {
            for n in 0..count {
                let mut person = User::clone(&directory.users[&user(n)]);
                person
                    .attributes
                    .insert(Attribute::Email, Value::text(format!("new{n}@x")));
                directory.users.insert(user(n), person.into());
            }
        }),
        ("change_identity", 400, 4, |directory, count| {
            for n in 0..count {
                let mut person = User::clone(&directory.users[&user(n)]);
                person.name = UserName::new(format!("new{n}"));
                directory.users.insert(user(n), person.into());
            }
        }),
        ("add_users", 0, 100, |directory, count| {
            for n in 5_000..5_000 + count {
                directory.users.insert(user(n), User::named(user(n)).into());
            }
        }),
        // A hundred dollars each, from power's price to the floor.
        ("increase_usd", 0, 100, |directory, count| {
            for n in 1_000..1_000 + count {
                directory.seats.insert(user(n).into(), Tier::Pro);
            }
        }),
    ];
    for (rule, named, bound, make) in cases {
        for (count, trips) in [(*bound, false), (bound + 1, true)] {
            let mut before = people(1_500);
            for n in 0..300 {
                before.seats.insert(user(n).into(), Tier::Power);
            }
            let judged = Judged::of(before, |after| make(after, count)).naming(*named);
            let tripped = judged.trips().iter().any(|(tripped, _)| tripped == rule);
            assert_eq!(
                tripped,
                trips,
                "{rule} {count} of {named}: {:?}",
                judged.trips()
            );
        }
    }
}

#[test]
fn the_count_of_dollars_is_rounded_up_and_its_percentage_down() {
    let judged = |more: usize, named: u64| {
        Judged::of(people(200), |after| {
            for n in 0..more {
                after.seats.insert(user(n).into(), Tier::Pro);
            }
        })
        .naming(named)
        .trips()
    };
    assert_eq!(judged(100, 0), []);
    assert_eq!(judged(101, 0), [("increase_usd", 2_020)]);
    // 20 % of $10,100 a month.
    assert_eq!(judged(101, 10_100), []);
    assert_eq!(judged(102, 10_199), [("increase_usd", 2_040)]);
}

#[test]
fn deleting_a_group_of_three_thousand_people_with_a_tier_counts_three_thousand_people() {
    let mut before = people(3_000);
    before.seats.insert(group("eng").into(), Tier::Pro);
    let judged = Judged::of(before, |after| {
        after.groups.remove(&group("eng"));
        after.seats.remove(&group("eng").into());
        for n in 0..3_000 {
            after
                .members
                .remove(&Membership::new(group("eng"), user(n)));
        }
    })
    .naming(3_000);
    assert_eq!(
        judged.trips(),
        [("remove_memberships", 3_000), ("cancel_seats", 3_000)]
    );
}

#[test]
fn a_lowered_group_counts_its_people_but_for_those_whom_another_grant_holds() {
    let mut before = people(20);
    before.seats.insert(group("eng").into(), Tier::Power);
    for n in 0..8 {
        before.seats.insert(user(n).into(), Tier::Power);
    }
    let judged = Judged::of(before, |after| {
        after.seats.insert(group("eng").into(), Tier::Pro);
    });
    assert_eq!(judged.trips(), [("cancel_seats", 12)]);
}

#[test]
fn who_is_deleted_is_counted_once() {
    let mut before = people(100);
    for n in 0..100 {
        before.seats.insert(user(n).into(), Tier::Pro);
    }
    let judged = Judged::of(before, |after| delete_users(after, 40));
    assert_eq!(judged.trips(), [("remove_users", 40)]);
}

#[test]
fn a_group_shrinks_by_over_half_of_ten_or_more() {
    let shrunk = |had: usize, loses: usize| {
        let judged = Judged::of(people(had), |after| {
            for n in 0..loses {
                after
                    .members
                    .remove(&Membership::new(group("eng"), user(n)));
            }
        });
        let trips = judged.naming(1_000).trips();
        trips.iter().any(|(rule, _)| *rule == "shrink_group")
    };
    assert!(!shrunk(9, 9), "small groups are not looked at");
    assert!(!shrunk(10, 5));
    assert!(shrunk(10, 6));
    assert!(shrunk(101, 51), "50.4 % is over half");
}

#[test]
fn whoever_joins_a_group_with_account_access_counts_and_where_aws_is_silent_everybody_does() {
    let holds = Access::Holds(["222233334444".into()].into());
    let silent = Access::NotTold("no permission".into());
    for (access, count) in [(holds, 2), (silent, 2), (Access::None, 0)] {
        let mut before = people(5);
        before
            .groups
            .insert(group("admins"), Group::named(group("admins")).into());
        let mut judged = Judged::of(before, |after| {
            for n in 0..2 {
                after
                    .members
                    .insert(Membership::new(group("admins"), user(n)));
            }
        });
        judged.access.insert(group("admins").into(), access);
        let expected: Vec<_> = [("grants_access", count)]
            .into_iter()
            .filter(|_| count > 0)
            .collect();
        assert_eq!(judged.trips(), expected);
        judged.agreed.insert(Limit::GrantsAccess, count);
        assert_eq!(judged.trips(), []);
    }
}

#[test]
fn a_budget_blocks_only_what_makes_things_worse() {
    for (had, will, blocked) in [
        (3, 4, true),
        (3, 3, false),
        (4, 3, false),
        (1, 2, false),
        (0, 3, true),
    ] {
        let mut before = people(10);
        for n in 0..had {
            before.seats.insert(user(n).into(), Tier::Pro);
        }
        let mut judged = Judged::of(before, |after| {
            after.seats.clear();
            for n in 0..will {
                after.seats.insert(user(n).into(), Tier::Pro);
            }
        });
        judged.policy.budget = Some(Said {
            value: Usd::whole(50),
            at: at(),
        });
        let found = judged
            .blocks()
            .iter()
            .any(|block| matches!(block, Block::Budget { .. }));
        assert_eq!(found, blocked, "{had} -> {will} seats at $20 with $50");
    }
}

#[test]
fn a_requirement_blocks_only_what_makes_things_worse() {
    let judged = |had: usize, leave: &[usize]| {
        let mut judged = Judged::of(people(had), |after| {
            for n in leave {
                after
                    .members
                    .remove(&Membership::new(group("eng"), user(*n)));
            }
        });
        let needs = Requirement {
            min: 3,
            include: vec![user(1)],
            at: at(),
        };
        judged.policy.require.insert(group("eng"), needs);
        let blocks = judged.blocks().into_iter().map(|block| block.rule());
        blocks.collect::<Vec<_>>()
    };
    assert_eq!(judged(4, &[0]), [] as [&str; 0]);
    assert_eq!(judged(3, &[0]), ["require"], "two are too few");
    assert_eq!(judged(2, &[]), [] as [&str; 0], "too few before");
    assert_eq!(judged(5, &[1]), ["require"], "the one who must be in it");
    assert_eq!(judged(3, &[0, 1]), ["require", "require"]);
}

#[test]
fn an_agreement_counts_to_its_last_day_and_fourteen_days_ahead_at_most() {
    let ack = |expires: Date, count: u64| Acknowledgement {
        limit: Limit::RemoveUsers,
        count,
        reason: "reviewed".into(),
        expires,
        at: at(),
    };
    for (expires, counts) in [
        (date(2026, 12, 9), false),
        (date(2026, 12, 10), true),
        (date(2026, 12, 24), true),
        (date(2026, 12, 25), false),
    ] {
        let (agreed, notes) = agreed(&Agreed::new(), &[ack(expires, 42)], TODAY);
        assert_eq!(
            agreed.get(&Limit::RemoveUsers).copied(),
            counts.then_some(42),
            "{expires}"
        );
        assert_eq!(notes.len(), usize::from(!counts));
    }
    let given = Agreed::from([(Limit::RemoveUsers, 50)]);
    let (agreed, _) = agreed(&given, &[ack(TODAY, 42)], TODAY);
    assert_eq!(agreed[&Limit::RemoveUsers], 50, "the larger of the two");
}
