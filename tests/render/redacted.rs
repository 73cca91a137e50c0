//! Without people: no name, e-mail or attribute of anybody is left in any format.

use super::org::{empty, group, judged, text, user, view};
use kiroster::desired::{Invite, Policy, Requirement};
use kiroster::live::{Access, Live};
use kiroster::model::{GroupName, Place, Principal, Tier, UserName};
use kiroster::plan::{Partial, Plan, Selector, Wish};
use kiroster::render::{Detail, Heading, Ink, View, markdown, summary};
use std::collections::BTreeMap as Map;

/// A bit of everything; every person's name, e-mail and attribute has `zq` in it.
fn everything() -> (String, Live) {
    let mut live = empty();
    let users = [
        ("zq-leaver", Some(Tier::Pro)),
        ("zq-offboarded", Some(Tier::ProPlus)),
        ("zq-lowered", Some(Tier::Power)),
        ("zq-oldname", None),
        ("zq-protected", Some(Tier::Pro)),
        ("zq-unmanaged", Some(Tier::Pro)),
        ("zq-holder", None),
        ("zq-member", None),
        ("zq-namesake", None),
        ("zq-disabled", Some(Tier::Pro)),
        ("Zq-Case", None),
    ];
    for (name, tier) in users {
        user(
            &mut live,
            name,
            ("Zqgiven", name),
            &format!("{name}@zq.example"),
            tier,
        );
    }
    live.disabled.insert(UserName::new("zq-disabled"));
    group(
        &mut live,
        "eng",
        &["zq-offboarded", "zq-member", "zq-lowered"],
    );
    group(&mut live, "admins", &[]);
    let seat = Principal::Group(GroupName::new("eng"));
    live.directory.seats.insert(seat, Tier::ProMax);
    let roster = r#"
version: 1
policy:
  protect: { users: ["zq-protected", "zq-break-*"] }
  provider: { users: ["*@zq.corp"] }
groups:
  eng: { members: [zq-joiner], tier: pro, description: What it is for }
users:
  zq-joiner: { given_name: Zqnew, family_name: Zqnewer, email: zq-joiner@zq.example, title: Zqtitle, tier: pro }
  zq-leaver: { state: absent, email: zq-leaver@zq.example }
  zq-offboarded: { state: offboarded }
  zq-lowered: { tier: pro, title: Zqtitle, address: { city: Zqcity }, roles: [zqrole] }
  zq-newname: { previously: zq-oldname, email: zq-newname@zq.example }
  zq-protected: { tier: none }
  zq-waiting: { tier: pro }
  zq-waitin: { tier: pro }
  zq-taker: { given_name: Zq, family_name: Zq, email: zq-holder@zq.example }
  zq-namesake: { state: absent, email: zq-somebody-else@zq.example }
  zq-disabled: { groups: [admins] }
  zq-case: { groups: [admins] }
"#;
    (roster.to_owned(), live)
}

fn the_plan(partial: Partial) -> Plan {
    let (roster, live) = everything();
    let wish = Wish {
        partial,
        invite: Some(Invite::New),
        ..Wish::default()
    };
    let not_told = Access::NotTold("User: arn:aws:sts::1:assumed-role/zq-caller may not".into());
    let access = Map::from([
        (Principal::Group(GroupName::new("admins")), not_told.clone()),
        (Principal::User(UserName::new("zq-leaver")), not_told),
    ]);
    let require = |policy: &mut Policy| {
        let at = Place {
            file: "kiroster.yaml".into(),
            line: 3,
            column: 3,
        };
        let needs = Requirement {
            min: 3,
            include: vec![UserName::new("zq-offboarded")],
            at,
        };
        policy.require.insert(GroupName::new("eng"), needs);
    };
    judged(&roster, live, &wish, &access, require)
}

fn every_format(plan: &Plan) -> String {
    let full = Detail {
        full: true,
        every_note: true,
    };
    let ink = Ink {
        colour: true,
        width: Some(80),
    };
    let whole = View::of(plan, &Heading::default(), full);
    [
        text(plan, None),
        ink.view(&whole),
        markdown(&view(plan)),
        markdown(&whole),
        summary(plan),
        // Whatever the JSON writes comes from here.
        format!("{plan:?}"),
    ]
    .join("\n")
}

fn partials() -> Vec<Partial> {
    let only = |text: &str| Selector::parse(text).expect("a selector");
    vec![
        Partial::default(),
        Partial {
            only: vec![only("user:zq-l*"), only("seat:zq-lowered")],
            additive: false,
        },
        Partial {
            only: vec![],
            additive: true,
        },
    ]
}

#[test]
fn no_name_of_anybody_is_left_in_any_format() {
    for partial in partials() {
        let plan = the_plan(partial);
        assert!(every_format(&plan).to_lowercase().contains("zq"));
        let shown = every_format(&plan.redacted());
        // Hexadecimal digits have no z.
        let left: Vec<&str> = shown
            .lines()
            .filter(|line| line.to_lowercase().contains("zq"))
            .collect();
        assert!(left.is_empty(), "{}", left.join("\n"));
    }
}

#[test]
fn what_is_not_a_person_stays_and_nothing_is_lost() {
    let plan = the_plan(Partial::default());
    let redacted = plan.redacted();
    let shown = text(&redacted, None);
    assert!(
        shown.contains("group eng") && shown.contains("people.yaml:"),
        "{shown}"
    );
    assert_eq!(plan.counts(), redacted.counts());
    assert_eq!(plan.cost, redacted.cost);
    assert_eq!(plan.why.len(), redacted.why.len());
    assert_eq!(plan.shifts.len(), redacted.shifts.len());
    assert_eq!(plan.blocks.len(), redacted.blocks.len());
    assert_eq!(plan.notes.len(), redacted.notes.len());
    assert_eq!(
        text(&plan, None).lines().count(),
        shown.lines().count(),
        "{shown}"
    );
}

#[test]
fn a_pseudonym_is_the_same_in_every_plan() {
    let one = the_plan(Partial::default()).redacted();
    let other = the_plan(partials().remove(1)).redacted();
    let people: Vec<&UserName> = other.shifts.keys().collect();
    assert!(!people.is_empty());
    assert!(people.iter().all(|user| one.shifts.contains_key(*user)));
}
