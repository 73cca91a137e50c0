//! `explain` says what the plan says: on the situations whose money is worked out by hand, before and after; and of whom
//! an identity provider owns.

mod situations;

use jiff::civil::date;
use kiroster::cost::Cost;
use kiroster::desired::{Desired, Policy, Prices, Reserve, Said, UserClaim};
use kiroster::directory::User;
use kiroster::explanation::{Explanation, Known};
use kiroster::goal::{Keeper, Note};
use kiroster::live::{Live, Target};
use kiroster::model::{Glob, Place, Principal, Usd, UserName};
use kiroster::plan::{Plan, Wish, diff};
use situations::{sides, situations};

#[test]
fn each_situation_costs_what_the_plan_says() {
    let today = date(2026, 12, 15);
    for situation in situations() {
        let name = situation.name;
        let (live, goal) = sides(&[situation.clone_for_test()]);
        let (mut plan, live) = Plan::draft(&Desired::default(), live, &Wish::default(), today);
        plan.operations = diff(&live.directory, &goal);
        plan.cost = Cost::of(&live, &goal, &Prices::default(), today);
        let known = Known {
            desired: None,
            live: Some(&live),
            plan: Some(&plan),
        };
        let who = Principal::User(UserName::new(name));
        let seat = Explanation::of(&who, known).seat;
        let before = seat.as_ref().map(|seat| seat.before.1);
        let after = seat.and_then(|seat| seat.after).map(|(_, usd)| usd);
        assert_eq!(before, Some(plan.cost.before.usd), "{name}");
        assert_eq!(after, Some(plan.cost.after.usd), "{name}");
        let pending = plan.cost.after.pending.usd;
        assert_eq!(pending, Usd::whole(situation.pending), "{name}");
        let (was, will, _) = situation.usd;
        let wanted = (Some(Usd::whole(was)), Some(Usd::whole(will)));
        assert_eq!((before, after), wanted, "{name}");
    }
}

/// `policy.provider` fits the name that somebody has at AWS, and not the one that the roster would give: the plan keeps
/// the user for the provider's sake, and the explanation must not say otherwise.
#[test]
fn whoever_is_the_providers_by_the_present_name_is_the_providers() {
    let (old, new) = (UserName::new("jo@corp"), UserName::new("jo"));
    let mut live = Live::empty(Target::default());
    let user = User::named(old.clone());
    live.directory.users.insert(old.clone(), user.into());
    let at = Place {
        file: "k.yaml".into(),
        line: 1,
        column: 1,
    };
    let claim = UserClaim {
        at: vec![at.clone()],
        previously: vec![Said { value: old, at }],
        ..UserClaim::default()
    };
    let desired = Desired {
        users: [(new.clone(), claim)].into(),
        policy: Policy {
            provider: Reserve {
                users: vec![Glob::new("*@corp")],
                groups: vec![],
            },
            ..Policy::default()
        },
        ..Desired::default()
    };
    let (plan, live) = Plan::draft(&desired, live, &Wish::default(), date(2026, 12, 15));
    let kept =
        |note: &Note| matches!(note, Note::Kept { because, .. } if *because == Keeper::Provider);
    assert!(plan.operations.is_empty() && plan.notes.iter().any(kept));
    let known = Known {
        desired: Some(&desired),
        live: Some(&live),
        plan: Some(&plan),
    };
    assert!(Explanation::of(&Principal::User(new), known).provided);
}
