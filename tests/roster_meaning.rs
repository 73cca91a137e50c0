//! What a good roster asks for.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use kiroster::desired::{Ask, Desired, Leaving};
use kiroster::model::{Attribute, Family, GroupName, Tier, UserName, Value};
use kiroster::roster;

fn desired(text: &str) -> Desired {
    roster::parse([("r.yaml", text)]).unwrap().desired
}

fn members(desired: &Desired) -> Vec<String> {
    let members = desired.members.iter();
    let members = members.map(|(member, places)| {
        let places: Vec<String> = places.iter().map(ToString::to_string).collect();
        format!("{}/{} {}", member.group, member.user, places.join(" "))
    });
    members.collect()
}

#[test]
fn a_group_is_exact_only_if_its_own_entry_says_so() {
    let desired = desired(
        "version: 1
groups:
  tier-only: { tier: pro }
  listed: { members: [a] }
  empty: { members: [] }
  said: { membership: exact }
  additive: { membership: additive, members: [a] }
users:
  b: { groups: [tier-only, listed, additive, unheard-of] }
",
    );
    let exact = desired.groups.iter().filter_map(|(name, claim)| {
        let place = claim.exact.as_ref()?;
        Some(format!("{name} {place}"))
    });
    let exact: Vec<String> = exact.collect();
    assert_eq!(
        exact,
        [
            "empty r.yaml:5:12",
            "listed r.yaml:4:13",
            "said r.yaml:6:23"
        ]
    );
    assert_eq!(
        members(&desired),
        [
            "additive/a r.yaml:7:47",
            "additive/b r.yaml:9:36",
            "listed/a r.yaml:4:23",
            "listed/b r.yaml:9:28",
            "tier-only/b r.yaml:9:17",
            "unheard-of/b r.yaml:9:46",
        ]
    );
    assert!(!desired.groups.contains_key("unheard-of"));
}

#[test]
fn both_sides_of_a_membership_may_say_it_and_each_place_is_kept() {
    let text = "groups: { g: { members: [a, b] } }\nusers: { a: { groups: [g] } }\n";
    let desired = desired(text);
    assert_eq!(
        members(&desired),
        ["g/a r.yaml:1:26 r.yaml:2:24", "g/b r.yaml:1:29"]
    );
    assert_eq!(desired.root, None);
}

#[test]
fn several_files_speak_about_one_person_and_one_group() {
    let files = [
        (
            "b.yaml",
            "users: { a: { tier: pro-max, until: 2027-01-31 } }\ngroups: { g: { members: [a] } }",
        ),
        (
            "a.yaml",
            "version: 1\nusers: { a: { title: Chief, previously: old, clear: [phone] } }\ngroups: { g: { members: [b], description: All } }",
        ),
        (
            "c.yaml",
            "users: { a: { state: offboarded, previously: [older] } }",
        ),
    ];
    let loaded = roster::parse(files).unwrap();
    let desired = loaded.desired;
    let claim = &desired.users[&UserName::new("a")];
    let at: Vec<String> = claim.at.iter().map(ToString::to_string).collect();
    assert_eq!(at, ["a.yaml:2:10", "b.yaml:1:10", "c.yaml:1:10"]);
    assert_eq!(claim.seat.as_ref().unwrap().value, Ask::Is(Tier::ProMax));
    assert_eq!(
        claim.until.as_ref().unwrap().value.to_string(),
        "2027-01-31"
    );
    assert_eq!(claim.leaving.as_ref().unwrap().value, Leaving::Offboarded);
    let old: Vec<&str> = claim
        .previously
        .iter()
        .map(|old| old.value.as_str())
        .collect();
    assert_eq!(old, ["old", "older"]);
    let title = &claim.attributes[&Attribute::Title];
    assert_eq!(title.value, Ask::Is(Value::text("Chief")));
    assert_eq!(title.at.to_string(), "a.yaml:2:22");
    assert_eq!(claim.attributes[&Attribute::Phone].value, Ask::Nothing);
    let group = &desired.groups[&GroupName::new("g")];
    assert_eq!(group.exact.as_ref().unwrap().to_string(), "a.yaml:3:16");
    assert_eq!(desired.members.len(), 2);
    let mut turned = files;
    turned.reverse();
    assert_eq!(roster::parse(turned).unwrap().desired, desired);
}

#[test]
fn the_root_bounds_what_is_written() {
    let desired = desired(
        "version: 1
target: { account: \"111122223333\", region: us-east-1, kiro_region: eu-central-1, instance: \"arn:aws:sso:::instance/ssoins-1\" }
policy:
  manage: [seats, users]
  scope: { users: [\"*@example.com\"] }
  protect: { groups: [\"security-*\"] }
  provider: { users: [\"*@corp.example\"], groups: [] }
users: { a: { tier: none } }
",
    );
    let root = desired.root.unwrap();
    assert_eq!(root.at.to_string(), "r.yaml:1:1");
    let account = root.target.account.unwrap();
    assert_eq!(
        (&*account.value, account.at.to_string()),
        ("111122223333", "r.yaml:2:20".into())
    );
    assert_eq!(desired.policy.manage, [Family::Users, Family::Seats].into());
    assert_eq!(
        desired.policy.scope.users.as_ref().unwrap()[0].as_str(),
        "*@example.com"
    );
    assert_eq!(desired.policy.scope.groups, None);
    assert_eq!(desired.policy.protect.groups[0].as_str(), "security-*");
    assert!(desired.policy.protect.users.is_empty());
    assert_eq!(desired.policy.provider.users[0].as_str(), "*@corp.example");
    assert_eq!(
        desired.users[&UserName::new("a")]
            .seat
            .as_ref()
            .unwrap()
            .value,
        Ask::Nothing
    );
}

#[test]
fn every_attribute_of_the_table_can_be_said_and_cleared() {
    for attribute in Attribute::ALL {
        let key = attribute.key();
        let value = match key {
            "address" => {
                "{ street: 1 Main St, city: Wien, region: W, postal_code: \"1010\", country: AT, formatted: x }"
            }
            "photos" | "roles" => "[one, two]",
            "email" => "a@example.com",
            _ => "words",
        };
        let said = desired(&format!("users: {{ a: {{ {key}: {value} }} }}"));
        let claim = &said.users[&UserName::new("a")].attributes;
        assert!(matches!(claim[attribute].value, Ask::Is(_)), "{key}");
        let cleared = desired(&format!("version: 1\nusers: {{ a: {{ clear: [{key}] }} }}"));
        let claim = &cleared.users[&UserName::new("a")].attributes;
        assert_eq!(claim[attribute].value, Ask::Nothing, "{key}");
    }
}
