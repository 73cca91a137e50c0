//! Who gets or holds AWS access is shown on a line of their own, agreed to or not.

use super::org::{empty, group, judged, text, user};
use kiroster::desired::Limit;
use kiroster::live::Access;
use kiroster::model::{GroupName, Principal, UserName};
use kiroster::plan::Wish;
use std::collections::BTreeMap as Map;

#[test]
fn a_grant_of_aws_access_is_never_folded() {
    let mut live = empty();
    group(&mut live, "admins", &[]);
    group(&mut live, "eng", &[]);
    let mut roster = "version: 1\nusers:\n".to_owned();
    for n in 0..50 {
        let name = format!("u{n:02}");
        user(
            &mut live,
            &name,
            ("A", "B"),
            &format!("{name}@example.com"),
            None,
        );
        roster.push_str(&format!("  {name}: {{ groups: [admins, eng] }}\n"));
    }
    let admins = Principal::Group(GroupName::new("admins"));
    let eng = Principal::Group(GroupName::new("eng"));
    let access = Map::from([
        (admins, Access::Holds(["999988887777".into()].into())),
        (eng, Access::None),
    ]);
    let wish = Wish {
        agreed: Map::from([(Limit::GrantsAccess, 50)]),
        ..Wish::default()
    };
    let plan = judged(&roster, live, &wish, &access, |_| ());
    assert!(plan.blocks.is_empty(), "{:?}", plan.blocks);
    let shown = text(&plan, None);
    for n in 0..50 {
        let line = format!(
            "~ u{n:02}  +group admins (it holds access to AWS accounts 999988887777)  +group eng"
        );
        assert!(shown.contains(&line), "{shown}");
    }
}

#[test]
fn an_identity_change_of_somebody_with_access_says_so() {
    let mut live = empty();
    user(&mut live, "ada", ("Ada", "L"), "ada@example.com", None);
    let roster = "version: 1\nusers:\n  ada: { email: ada@example.org }\n";
    let ada = Principal::User(UserName::new("ada"));
    let access = Map::from([(ada, Access::Holds(["999988887777".into()].into()))]);
    let plan = judged(roster, live, &Wish::default(), &access, |_| ());
    let shown = text(&plan, None);
    assert!(
        shown.contains("~ ada  email \"ada@example.com\" -> \"ada@example.org\" (it holds access to AWS accounts 999988887777)"),
        "{shown}"
    );
}

#[test]
fn what_aws_does_not_tell_is_told_once_and_folds() {
    let mut live = empty();
    group(&mut live, "eng", &[]);
    let mut roster = "version: 1\nusers:\n".to_owned();
    let untold = || Access::NotTold("only the management account is told".into());
    let mut access = Map::from([(Principal::Group(GroupName::new("eng")), untold())]);
    for n in 0..50 {
        let (joins, leaves) = (format!("u{n:02}"), format!("z{n:02}"));
        for name in [&joins, &leaves] {
            let email = format!("{name}@example.com");
            user(&mut live, name, ("A", "B"), &email, None);
        }
        roster.push_str(&format!("  {joins}: {{ groups: [eng] }}\n"));
        roster.push_str(&format!(
            "  {leaves}: {{ state: absent, email: {leaves}@example.com }}\n"
        ));
        access.insert(Principal::User(UserName::new(leaves.as_str())), untold());
    }
    let plan = judged(&roster, live, &Wish::default(), &access, |_| ());
    let shown = text(&plan, None);
    for line in [
        "+ 50 live users -> groups [eng] (u00 … u49)",
        "- z07  deletes user A B <z07@example.com>  [absent, roster/people.yaml:18]",
        "AWS does not tell whether the groups that 50 people join hold AWS account access (only the management account is told): `eng`",
        "AWS does not tell whether 50 people who leave or get another name or e-mail hold AWS account access (only the management account is told): `z00` … `z49`",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[test]
fn it_is_said_for_whom_the_plan_overshoots() {
    let mut live = empty();
    user(&mut live, "ada", ("Ada", "L"), "ada@example.com", None);
    let roster = "version: 1\nusers:\n  ada: { title: Lead }\n";
    let mut plan = judged(roster, live, &Wish::default(), &Map::new(), |_| ());
    plan.overshoots.insert(UserName::new("ada"));
    let shown = text(&plan, None);
    assert!(
        shown.contains("1 person may for a moment have a higher tier than before and after, and Kiro bills upgrades at once: `ada`"),
        "{shown}"
    );
}
