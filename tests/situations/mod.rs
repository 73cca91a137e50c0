//! The situations that there are, each worked out by hand: what a plan, `seats` and `explain` make of them must agree.

use kiroster::directory::{Directory, Group, User};
use kiroster::live::{Kiro, Live, SeatRow, Source, Status};
use kiroster::model::{GroupName, Membership, Principal, Tier, UserName};
use std::sync::Arc;

/// A person: own seat and groups before, own seat and groups after, and Kiro's row (source, tier, status).
pub(crate) struct Situation {
    pub(crate) name: &'static str,
    pub(crate) before: Option<Hold>,
    pub(crate) after: Option<Hold>,
    pub(crate) row: Option<(Source, Option<Tier>, Status)>,
    /// Dollars before, after, and billed from today.
    pub(crate) usd: (i64, i64, i64),
    /// Of `after`, not billed yet.
    pub(crate) pending: i64,
}

#[derive(Clone, Copy)]
pub(crate) struct Hold(pub(crate) Option<Tier>, pub(crate) &'static [&'static str]);

const PRO: Option<Tier> = Some(Tier::Pro);
const PLUS: Option<Tier> = Some(Tier::ProPlus);
const POWER: Option<Tier> = Some(Tier::Power);

/// Groups with a tier: `pros` has pro (20), `pluses` has pro+ (40).
pub(crate) fn situations() -> Vec<Situation> {
    let active = |source, tier| Some((source, tier, Status::Active));
    let held = |own, groups| Some(Hold(own, groups));
    let s = |name, before, after, row, usd, pending| Situation {
        name,
        before,
        after,
        row,
        usd,
        pending,
    };
    vec![
        // One own seat: 20 before and after.
        s(
            "own",
            held(PRO, &[]),
            held(PRO, &[]),
            active(Source::Own, PRO),
            (20, 20, 20),
            0,
        ),
        // The group's tier is the person's.
        s(
            "one_group",
            held(None, &["pluses"]),
            held(None, &["pluses"]),
            active(Source::Group, PLUS),
            (40, 40, 40),
            0,
        ),
        // Two groups: once, at the higher.
        s(
            "two_groups",
            held(None, &["pros", "pluses"]),
            held(None, &["pros", "pluses"]),
            active(Source::Group, PLUS),
            (40, 40, 40),
            0,
        ),
        // Own 200 and a group's 20: once, at 200. Leaving the group changes nothing.
        s(
            "own_and_group",
            held(POWER, &["pros"]),
            held(POWER, &[]),
            active(Source::Both, POWER),
            (200, 200, 200),
            0,
        ),
        // An upgrade is billed at once.
        s(
            "upgrade",
            held(PRO, &[]),
            held(POWER, &[]),
            active(Source::Own, PRO),
            (20, 200, 200),
            0,
        ),
        // A downgrade is billed from the 1st of next month: today still 200.
        s(
            "downgrade",
            held(POWER, &[]),
            held(PRO, &[]),
            active(Source::Own, POWER),
            (200, 20, 200),
            0,
        ),
        // A cancelled seat is charged to the end of the month.
        s(
            "cancel",
            held(PLUS, &[]),
            held(None, &[]),
            active(Source::Own, PLUS),
            (40, 0, 40),
            0,
        ),
        // Assigned and never used: in the sums, and told apart.
        s(
            "pending",
            held(PLUS, &[]),
            held(PLUS, &[]),
            Some((Source::Own, PLUS, Status::Pending)),
            (40, 40, 40),
            40,
        ),
        // Cancelled earlier this month: ends by itself, so no month to come has it; this month is charged.
        s(
            "cancelled",
            held(None, &[]),
            held(None, &[]),
            Some((Source::Own, POWER, Status::Cancelled)),
            (0, 0, 200),
            0,
        ),
        // Who owns the person does not matter to Kiro's bill. New, so not billed before the first sign-in.
        s(
            "provider_owned",
            held(None, &[]),
            held(PRO, &[]),
            None,
            (0, 20, 20),
            20,
        ),
        // Another product's seat is not Kiro's.
        s(
            "another_product",
            held(None, &[]),
            held(None, &[]),
            Some((Source::Foreign, None, Status::Active)),
            (0, 0, 0),
            0,
        ),
        // A deleted user's seat ends with them, and is charged to the end of the month.
        s(
            "deleted",
            held(PRO, &[]),
            None,
            active(Source::Own, PRO),
            (20, 0, 20),
            0,
        ),
        // Whose seat it is cannot be told: nobody changes it, and it is paid for.
        s(
            "unclear",
            held(None, &[]),
            held(None, &[]),
            active(Source::Unknown, PLUS),
            (40, 40, 40),
            0,
        ),
        // Out of one group, into another: never both.
        s(
            "moved",
            held(None, &["pros"]),
            held(None, &["pluses"]),
            active(Source::Group, PRO),
            (20, 40, 40),
            0,
        ),
    ]
}

impl Situation {
    pub(crate) fn clone_for_test(&self) -> Self {
        Self {
            row: self.row.clone(),
            ..*self
        }
    }
}

pub(crate) fn sides(situations: &[Situation]) -> (Live, Directory) {
    let mut live = Live {
        kiro: Some(Kiro::default()),
        ..Live::default()
    };
    let mut goal = Directory::default();
    for side in [&mut live.directory, &mut goal] {
        for (name, tier) in [("pros", Tier::Pro), ("pluses", Tier::ProPlus)] {
            let group = GroupName::new(name);
            side.groups
                .insert(group.clone(), Arc::new(Group::named(group.clone())));
            side.seats.insert(Principal::Group(group), tier);
        }
    }
    for situation in situations {
        let user = UserName::new(situation.name);
        for (side, hold) in [
            (&mut live.directory, situation.before),
            (&mut goal, situation.after),
        ] {
            let Some(Hold(own, groups)) = hold else {
                continue;
            };
            side.users
                .insert(user.clone(), Arc::new(User::named(user.clone())));
            if let Some(tier) = own {
                side.seats.insert(Principal::User(user.clone()), tier);
            }
            for group in groups {
                side.members
                    .insert(Membership::new(GroupName::new(*group), user.clone()));
            }
        }
        if let (Some((source, tier, status)), Some(kiro)) = (&situation.row, &mut live.kiro) {
            let row = SeatRow {
                told: true,
                source: *source,
                tier: *tier,
                in_force: None,
                status: status.clone(),
                since: None,
                called: None,
            };
            kiro.rows.insert(user, row);
        }
    }
    (live, goal)
}
