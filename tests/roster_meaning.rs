//! What a good roster asks for.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use kiroster::desired::{Ask, Bound, Desired, Invite, Leaving, Limit, Policy, Prices, Prune};
use kiroster::model::{Attribute, Family, GroupName, Tier, Usd, UserName, Value};
use kiroster::roster;
use std::fs;

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
        if !attribute.can_be_cleared() {
            continue;
        }
        let cleared = desired(&format!("version: 1\nusers: {{ a: {{ clear: [{key}] }} }}"));
        let claim = &cleared.users[&UserName::new("a")].attributes;
        assert_eq!(claim[attribute].value, Ask::Nothing, "{key}");
    }
}

#[test]
fn the_root_says_the_rules() {
    let desired = desired(
        "version: 1
onboarding: { invite: new }
groups: { eng: {} }
policy:
  prune: { seats: disabled }
  limits: { remove_users: { floor: 9 }, add_users: { percent: 50 } }
  budget: { monthly_usd: 60000.5 }
  require: { eng: { min: 2, include: [jo, bo] } }
  plan_ttl: 90m
tiers: { power: { usd: 180 } }
acknowledge:
  - { rule: add_users, count: 42, reason: a class, expires: 2026-12-05 }
",
    );
    assert_eq!(desired.invite, Invite::New);
    let policy = &desired.policy;
    let prune = policy.prune.as_ref().unwrap();
    assert_eq!(
        (prune.value, prune.at.to_string()),
        (Prune::Disabled, "r.yaml:5:19".into())
    );
    let bounds = |limit: Limit| {
        let Bound { floor, percent } = policy.limits[&limit];
        (floor, percent)
    };
    assert_eq!(bounds(Limit::RemoveUsers), (9, 2));
    assert_eq!(bounds(Limit::AddUsers), (100, 50));
    assert_eq!(bounds(Limit::CancelSeats), (5, 5));
    assert_eq!(policy.limits.len(), Limit::ALL.len());
    let budget = policy.budget.as_ref().unwrap();
    assert_eq!(
        (budget.value, budget.at.to_string()),
        (Usd::cents(6_000_050), "r.yaml:7:26".into())
    );
    let eng = &policy.require[&GroupName::new("eng")];
    assert_eq!((eng.min, eng.include.len()), (2, 2));
    assert_eq!(eng.at.to_string(), "r.yaml:8:14");
    assert_eq!(policy.plan_ttl.as_mins(), 90);
    let mut prices = Prices::default();
    prices.set(Tier::Power, Usd::whole(180));
    assert_eq!(desired.prices, prices);
    let [ack] = desired.acknowledge.as_slice() else {
        unreachable!("one acknowledgement")
    };
    assert_eq!((ack.limit, ack.count), (Limit::AddUsers, 42));
    assert_eq!(
        (ack.expires.to_string(), ack.at.to_string()),
        ("2026-12-05".into(), "r.yaml:12:5".into())
    );
}

#[test]
fn a_trusted_policy_takes_the_place_of_the_rosters_own_and_makes_no_root() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let own = desired(
        "version: 1\npolicy: { scope: { users: [] }, budget: { monthly_usd: 1 } }\nusers: { jo: {} }
tiers: { pro: { usd: 5 } }
acknowledge: [{ rule: invites, count: 999, reason: mine, expires: 2026-12-05 }]",
    );
    let rules = "policy: { budget: { monthly_usd: 900 } }\ntiers: { pro: { usd: 7 } }\n";
    let root = format!("version: 1\ntarget: {{ account: wrong }}\nusers: {{ b d: 7 }}\n{rules}");
    for text in [rules, &root] {
        let rules = roster::load_policy(&path("policy.yaml", text)).unwrap();
        let under = own.clone().under(rules);
        assert_eq!(under.policy.scope, Policy::default().scope);
        assert_eq!(under.policy.budget.unwrap().value, Usd::whole(900));
        assert!(under.acknowledge.is_empty());
        assert_eq!(under.prices.of(Some(Tier::Pro)), Usd::whole(7));
        assert_eq!(under.root, own.root);
        assert_eq!(under.users, own.users);
    }
    let standard = roster::load_policy(&path("root.yaml", "version: 1\nusers: {}\n")).unwrap();
    let under = own.clone().under(standard);
    assert_eq!(under.policy, Policy::default());
    // Its own would change what the budget means.
    assert_eq!(under.prices, Prices::default());

    let rootless = roster::parse([("a.yaml", "users: { jo: {} }")]).unwrap();
    let rules = roster::load_policy(&path("policy.yaml", rules)).unwrap();
    assert!(!rootless.desired.under(rules).may_remove());

    for (wrong, count) in [
        ("users: { jo: {} }\n", 1),
        ("acknowledge: []\n", 1),
        ("# nothing\n", 1),
        ("polciy: { prune: { seats: none } }\n", 1),
        ("policy: { limits: { x: 1 }, y: 2 }\nacknowledge: [7]\n", 3),
    ] {
        let problems = roster::load_policy(&path("wrong.yaml", wrong)).unwrap_err();
        assert_eq!(problems.len(), count, "{wrong}: {problems:?}");
    }
    assert_eq!(
        roster::load_policy(&folder.path().join("gone"))
            .unwrap_err()
            .len(),
        1
    );
    assert_eq!(roster::load_policy(folder.path()).unwrap_err().len(), 1);
}

#[test]
fn the_digest_is_of_what_the_files_say_and_not_of_their_names() {
    let (a, b) = ("version: 1\nusers: { a: {} }\n", "users: { b: {} }\n");
    let digest = |files: &[(&str, &str)]| roster::parse(files.iter().copied()).unwrap().digest;
    let one = digest(&[("x.yaml", a), ("y.yaml", b)]);
    assert!(one.starts_with("sha256:") && one.len() == 7 + 64, "{one}");
    assert_eq!(one, digest(&[("z/1.yaml", b), ("z/2.yaml", a)]));
    assert_ne!(one, digest(&[("x.yaml", a)]));
    assert_ne!(
        one,
        digest(&[("x.yaml", a), ("y.yaml", "users: { b: {} }\n\n")])
    );
    let loaded = roster::parse([("x.yaml", a), ("y.yaml", b)]).unwrap();
    let files: Vec<_> = loaded
        .files
        .iter()
        .map(|f| (&*f.name, &*f.digest))
        .collect();
    // As `sha256sum` counts.
    assert_eq!(
        files,
        [
            (
                "x.yaml",
                "sha256:92d37dbba75c34b2b8b299ec2ce22ce05652c3b0da670df43ab3f8478f8479d7"
            ),
            (
                "y.yaml",
                "sha256:9e9b59fe5e6762eb0a87546d8fc5f6d8b7be2c032bd0ee9a8959e0e6c648658a"
            ),
        ]
    );
}

#[test]
fn a_table_claims_what_its_cells_say_and_nothing_else() {
    let text = "\u{feff}User Name,First Name,Last Name,Email,Groups,Plan,Status,Seat source,Team\r
jo,'=Jo,Doe,jo@example.com,\" eng ,, ops,\",Pro,ACTIVE,INDIVIDUAL,x\r
bo,,,,,,,,\r
,Cy,,cy@example.com,eng,kiro power,Cancelled,,\r
di,,,,,Pro,ACTIVE,GROUP,\r
ed,,,,,Pro,ACTIVE,INDIVIDUAL_AND_GROUP,\r
";
    let loaded = roster::parse([("u.csv", text)]).unwrap();
    let desired = &loaded.desired;
    assert!(!desired.may_remove());
    let user = |name: &str| &desired.users[&UserName::new(name)];
    let tiers = desired.users.iter().filter_map(|(name, claim)| {
        let said = claim.seat.as_ref()?;
        Some(format!("{name} {:?} {}", said.value, said.at))
    });
    assert_eq!(tiers.collect::<Vec<_>>(), ["jo Is(Pro) u.csv:2:43"]);
    let said = &user("jo").attributes[&Attribute::GivenName];
    assert_eq!(
        (said.value.clone(), said.at.to_string()),
        (Ask::Is(Value::text("=Jo")), "u.csv:2:4".to_owned())
    );
    assert!(user("bo").attributes.is_empty() && user("bo").stands_in);
    assert_eq!(user("cy@example.com").attributes.len(), 2);
    let groups: Vec<String> = desired.groups.keys().map(ToString::to_string).collect();
    assert_eq!(groups, ["eng", "ops"]);
    assert!(desired.groups.values().all(|claim| claim.exact.is_none()));
    assert_eq!(desired.members.len(), 3);
    let tables = desired
        .tables
        .iter()
        .map(|table| (table.value, table.at.line));
    assert_eq!(tables.collect::<Vec<_>>(), [(1, 1)]);
    let remarks = loaded
        .remarks
        .iter()
        .map(|r| format!("{}: {}", r.at, r.value));
    assert_eq!(
        remarks.collect::<Vec<_>>(),
        [
            "u.csv:1:69: what these columns say is not read: `Team`",
            "u.csv:4:1: no tier is claimed for a cancelled seat, or for one that a group gives (lines 4, 5, 6)",
            "u.csv:2:1: the `'` that kept a spreadsheet from running a cell is taken off (line 2)",
        ]
    );
}

#[test]
fn columns_that_say_nothing_in_such_a_list_are_told() {
    let remarks = |text: &str| {
        let loaded = roster::parse([("u.csv", text)]).unwrap();
        let remarks = loaded
            .remarks
            .iter()
            .map(|r| format!("{}: {}", r.at, r.value));
        remarks.collect::<Vec<_>>()
    };
    assert_eq!(
        remarks("UserName,Name,Groups,Group Name,Activation date,Notes\njo,Jo,eng,x,,\n"),
        ["u.csv:1:10: what these columns say is not read: `Name`, `Group Name`, `Notes`"]
    );
    assert_eq!(
        remarks("GroupName,KiroTier,Groups,Status\neng,Pro,x,ACTIVE\n"),
        ["u.csv:1:20: what these columns say is not read: `Groups`"]
    );
    assert!(remarks("Email,Kiro plan\njo@example.com,Pro\n").is_empty());
}

#[test]
fn a_backup_claims_users_groups_and_memberships() {
    let text = r#"{"identity_store_id":"d-1234567890",
 "memberships":[{"group_id":"g1","user_id":"u1"},{"group_name":"ops","username":"bo"}],
 "users":[{"user_id":"u1","username":"jo","given_name":"Jo \ud83d\ude00","family_name":"","display_name":null,"email":"jo@example.com"}],
 "groups":[{"group_id":"g1","display_name":"eng","description":"Engineers"},{"group_id":"g2","display_name":"art","description":""}]}"#;
    let desired = roster::parse([("b.json", text)]).unwrap().desired;
    assert!(!desired.may_remove());
    assert_eq!(
        members(&desired),
        ["eng/jo b.json:2:29", "ops/bo b.json:2:64"]
    );
    let groups: Vec<String> = desired.groups.keys().map(ToString::to_string).collect();
    assert_eq!(groups, ["art", "eng", "ops"]);
    let jo = &desired.users[&UserName::new("jo")];
    let given = &jo.attributes[&Attribute::GivenName];
    assert_eq!(given.value, Ask::Is(Value::text("Jo 😀")));
    assert_eq!(jo.attributes.len(), 2);
    assert!(jo.stands_in && desired.tables.is_empty());
}
