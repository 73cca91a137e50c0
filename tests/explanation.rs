//! `explain` on the situations whose money is worked out by hand: before and after are what the plan says.

mod situations;

use jiff::civil::date;
use kiroster::cost::Cost;
use kiroster::desired::{Desired, Prices};
use kiroster::explanation::{Explanation, Known};
use kiroster::model::{Principal, Usd, UserName};
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
