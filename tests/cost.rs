//! The money of a plan, worked out by hand for the situations that there are.

mod situations;

use jiff::civil::date;
use kiroster::cost::Cost;
use kiroster::desired::Prices;
use kiroster::model::{Tier, Usd};
use situations::{Situation, sides, situations};

#[test]
fn each_situation_costs_what_it_costs() {
    for situation in situations() {
        let cost = cost(&[situation.clone_for_test()]);
        let (before, after, now) = situation.usd;
        let got = (cost.before.usd, cost.after.usd, cost.now.usd);
        let wanted = (Usd::whole(before), Usd::whole(after), Usd::whole(now));
        assert_eq!(got, wanted, "{}", situation.name);
        assert_eq!(
            cost.after.pending.usd,
            Usd::whole(situation.pending),
            "{}",
            situation.name
        );
        assert_eq!(
            cost.delta(),
            Usd::whole(after - before),
            "{}",
            situation.name
        );
    }
}

#[test]
fn together_they_cost_the_sum_and_each_person_is_one_seat() {
    let cost = cost(&situations());
    // 20+40+40+200+20+200+40+40+0+0+0+20+40+20
    assert_eq!(cost.before.usd, Usd::whole(680));
    // 20+40+40+200+200+20+0+40+0+20+0+0+40+40
    assert_eq!(cost.after.usd, Usd::whole(660));
    // 20+40+40+200+200+200+40+40+200+20+0+20+40+40
    assert_eq!(cost.now.usd, Usd::whole(1_100));
    assert_eq!(
        (cost.before.seats, cost.after.seats, cost.now.seats),
        (11, 10, 13)
    );
    // pro: own, downgrade, provider_owned; pro+: one_group, two_groups, pending, unclear, moved; power: the rest.
    let by_tier = [(Tier::Pro, 3), (Tier::ProPlus, 5), (Tier::Power, 2)];
    assert_eq!(cost.after.by_tier, by_tier.into());
    assert_eq!(cost.steady_from, Some(date(2027, 1, 1)));
}

#[test]
fn prices_can_be_told() {
    let mut prices = Prices::default();
    prices.set(Tier::Pro, Usd::cents(1_850));
    let own = &situations()[..1];
    let (live, goal) = sides(own);
    let cost = Cost::of(&live, &goal, &prices, date(2026, 12, 15));
    assert_eq!(cost.after.usd.to_string(), "$18.50");
}

fn cost(situations: &[Situation]) -> Cost {
    let (live, goal) = sides(situations);
    Cost::of(&live, &goal, &Prices::default(), date(2026, 12, 15))
}
