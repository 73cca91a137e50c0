//! What is live, written and read back, is the same: over thousands of random organizations with hostile names.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use kiroster::desired::{Ask, Desired};
use kiroster::directory::Directory;
use kiroster::live::{
    ClaimSeen, Claimant, GroupSeen, Id, Live, Reading, RowSeen, SeatsSeen, Target, UserSeen,
};
use kiroster::model::{
    Address, Attribute, GroupName, Kind, Principal, Subject, Tier, UserName, Value,
    aws_owned_group, folded,
};
use kiroster::plan::{Plan, Selector, Side, on};
use kiroster::render::problems;
use kiroster::roster::{self, Extent, Import, Part};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;

/// Words that YAML readers take for something else, and characters that end, start or hide things.
const TRAPS: [&str; 34] = [
    "yes",
    "No",
    "on",
    "y",
    "null",
    "~",
    "true",
    "00123",
    "1_000",
    "0x1F",
    "1e3",
    ".inf",
    "12:30",
    "2027-01-31",
    "-",
    "- a",
    "? b",
    "a: b",
    "a #b",
    "#c",
    "*alias",
    "&anchor",
    "!tag",
    "%x",
    "@at",
    "`tick`",
    "{}",
    "[x]",
    "it's",
    "\"quoted\"",
    "back\\slash",
    "<<",
    "=",
    "---",
];
const LETTERS: &str = "abcXYZ019 .-_@+:,;'\"\\/#*&!|>%?{}[]~`=<>()äß漢字🦀é\u{301}\u{a0}\u{202e}\u{feff}\u{2028}\t\n\r";

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 12, 1);

#[test]
fn load_of_write_claims_exactly_what_is_live() {
    let (cases, exact, attributes) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(2_200)
    });
    let strategy = (organization(), any::<bool>(), any::<bool>(), any::<bool>());
    let law = |(live, target, all_attributes, abroad): (Live, bool, bool, bool)| {
        let extent = Extent {
            target,
            all_attributes,
            abroad,
        };
        let written = roster::write(&live, extent).unwrap();
        let again = roster::write(&live, extent).unwrap();
        prop_assert_eq!(&written, &again);
        // Another account brings nobody to life, and has AWS's groups of its own.
        let goes = |user: &UserName| !(abroad && live.disabled.contains(user));
        let users = live.directory.users.keys();
        let users: BTreeSet<_> = users.filter(|user| goes(user)).collect();
        let groups = live.directory.groups.keys();
        let groups = groups.filter(|group| !(abroad && aws_owned_group(group.as_str())));
        let groups: BTreeSet<_> = groups.collect();
        if users.is_empty() && groups.is_empty() {
            return Ok(());
        }
        let loaded = roster::parse([("export.yaml", written.text.as_str())]);
        let desired = match loaded {
            Ok(loaded) => loaded.desired,
            Err(wrong) => {
                let shown = problems::text(&wrong, false);
                return Err(TestCaseError::fail(format!("{shown}\n{}", written.text)));
            }
        };
        let root = desired.root.as_ref().unwrap();
        let pinned = root.target.account.as_ref().map(|said| &said.value);
        prop_assert_eq!(pinned, target.then_some(&live.target.account));

        prop_assert_eq!(desired.users.keys().collect::<BTreeSet<_>>(), users);
        let mut left_out = BTreeMap::new();
        for (name, claim) in &desired.users {
            let principal = Principal::User(name.clone());
            let seat = claim.seat.as_ref().map(|said| said.value.clone());
            let live_seat = live.directory.seats.get(&principal);
            prop_assert_eq!(seat, live_seat.copied().map(Ask::Is));
            let mut wanted = live.directory.users[name].attributes.clone();
            if live.provided.contains(&principal) {
                wanted.clear();
            }
            wanted.retain(|attribute, value| {
                let kept = (all_attributes || attribute.is_core()) && sayable(value);
                if !kept {
                    *left_out.entry(*attribute).or_insert(0) += 1;
                }
                kept
            });
            let claimed: BTreeMap<_, _> = claim.attributes.iter().collect();
            let claimed = claimed
                .into_iter()
                .map(|(attribute, said)| match &said.value {
                    Ask::Is(value) => (*attribute, value.clone()),
                    Ask::Nothing => panic!("an export clears nothing"),
                });
            attributes.set(attributes.get() + wanted.len());
            prop_assert_eq!(claimed.collect::<BTreeMap<_, _>>(), wanted);
            prop_assert!(claim.leaving.is_none() && claim.until.is_none());
        }
        prop_assert_eq!(&written.left_out, &left_out);

        let of_a_provider = |group: &&GroupName| {
            let provided = live.provided.contains(&Principal::Group((*group).clone()));
            abroad && provided && !aws_owned_group(group.as_str())
        };
        let provided = live.directory.groups.keys().filter(of_a_provider);
        prop_assert_eq!(
            desired.policy.provider.groups.len(),
            provided.clone().count()
        );
        for group in provided {
            let mut globs = desired.policy.provider.groups.iter();
            prop_assert!(globs.any(|glob| glob.fits(group.as_str())));
        }
        prop_assert_eq!(desired.groups.keys().collect::<BTreeSet<_>>(), groups);
        let members = live.directory.members.iter();
        let members = members.filter(|member| goes(&member.user));
        let members = members.filter(|member| desired.groups.contains_key(&member.group));
        let mut members: BTreeSet<_> = members.cloned().collect();
        for (name, claim) in &desired.groups {
            let principal = Principal::Group(name.clone());
            let ours = !live.provided.contains(&principal) && !aws_owned_group(name.as_str());
            prop_assert_eq!(claim.exact.is_some(), ours);
            exact.set(exact.get() + usize::from(ours));
            if !ours {
                members.retain(|member| member.group != *name);
            }
            let seat = claim.seat.as_ref().map(|said| said.value.clone());
            let live_seat = live.directory.seats.get(&principal);
            prop_assert_eq!(seat, live_seat.copied().map(Ask::Is));
            let description = claim.description.as_ref().map(|said| said.value.clone());
            let live_text = live.directory.groups[name].description.clone();
            prop_assert_eq!(
                description,
                live_text
                    .filter(|text| ours && sayable(&Value::Text(text.clone())))
                    .map(Ask::Is)
            );
        }
        prop_assert_eq!(
            desired.members.into_keys().collect::<BTreeSet<_>>(),
            members
        );
        cases.set(cases.get() + 1);
        Ok(())
    };
    runner.run(&strategy, law).unwrap();
    // Past the test runner, which keeps to itself what passing tests print.
    let _ = writeln!(
        std::io::stderr(),
        "{} organizations written and read back: {} exact groups, {} attributes",
        cases.get(),
        exact.get(),
        attributes.get()
    );
    assert!(cases.get() >= 2_000 && exact.get() > 1_000 && attributes.get() > 1_000);
}

/// Everybody could be created: what that takes is set.
fn complete(mut live: Live) -> Live {
    for (n, user) in live.directory.users.values_mut().enumerate() {
        let user = Arc::make_mut(user);
        for (attribute, text) in [
            (Attribute::GivenName, "Given".to_owned()),
            (Attribute::FamilyName, format!("N{n}")),
            (Attribute::Email, format!("{n}@example.com")),
        ] {
            user.attributes.insert(attribute, Value::text(text));
        }
    }
    live
}

/// A selector of a name that is there, of those that start like it, or of all.
fn selector(live: &Live, (kind, n, how): (usize, usize, u8)) -> Selector {
    let kind = ["user", "group", "membership", "seat"][kind];
    let directory = &live.directory;
    let users = directory.users.keys().map(UserName::as_str);
    let names: Vec<&str> = users
        .chain(directory.groups.keys().map(GroupName::as_str))
        .collect();
    let name = names[n % names.len()];
    let glob = match how {
        0..5 => name.to_owned(),
        5..8 => name.chars().take(1).chain(['*']).collect(),
        _ => "*".to_owned(),
    };
    Selector::parse(&format!("{kind}:{glob}")).unwrap()
}

#[test]
fn a_part_says_what_is_chosen_whole_plans_to_nothing_and_can_be_planned_elsewhere() {
    let (cases, chosen, lists) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(2_500)
    });
    let selectors = prop::collection::vec((0..4_usize, any::<usize>(), 0..10_u8), 1..4);
    let law = |(live, selectors, abroad): (Live, Vec<(usize, usize, u8)>, bool)| {
        let live = complete(live);
        if live.directory == Directory::default() {
            return Ok(());
        }
        let only: Vec<Selector> = selectors.into_iter().map(|s| selector(&live, s)).collect();
        let fits = |subject: &Subject| only.iter().any(|selector| selector.fits(subject));
        let part = Part::of(&live, fits);
        let extent = Extent {
            target: !abroad,
            all_attributes: true,
            abroad,
        };
        let written = roster::write_part(&part, extent).unwrap();
        prop_assert_eq!(&written, &roster::write_part(&part, extent).unwrap());
        prop_assert_eq!(
            part.is_empty(),
            !roster::subjects(&live).any(|subject| fits(&subject))
        );
        if written.is_empty {
            return Ok(());
        }
        let desired = match roster::parse([("part.yaml", written.text.as_str())]) {
            Ok(loaded) => loaded.desired,
            Err(wrong) => {
                let shown = problems::text(&wrong, false);
                return Err(TestCaseError::fail(format!("{shown}\n{}", written.text)));
            }
        };
        let told = format!("{only:?}\n{}", written.text);
        for subject in roster::subjects(&live).filter(fits) {
            says(&desired, &subject, &live, abroad, &told)?;
            chosen.set(chosen.get() + 1);
        }
        for (name, claim) in &desired.groups {
            let whole = fits(&Subject::Group(name.clone()));
            prop_assert!(whole || claim.exact.is_none(), "{}: {}", name, told);
            lists.set(lists.get() + usize::from(claim.exact.is_some()));
        }
        let here = Plan::of(&desired, live.clone(), TODAY);
        prop_assert_eq!(&here.operations, &[], "{}", told);
        prop_assert!(
            here.blocks.is_empty() && here.aside.is_empty(),
            "{:?} {:?} {}",
            here.blocks,
            here.aside,
            told
        );
        if abroad {
            makes(&desired, &part, &told)?;
        }
        cases.set(cases.get() + 1);
        Ok(())
    };
    runner
        .run(&(organization(), selectors, any::<bool>()), law)
        .unwrap();
    println!(
        "{} parts of {} chosen things, {} lists of members",
        cases.get(),
        chosen.get(),
        lists.get()
    );
    assert!(cases.get() > 1_000 && chosen.get() > 1_500 && lists.get() > 250);
}

/// What was chosen is said as it is live.
fn says(
    desired: &Desired,
    subject: &Subject,
    live: &Live,
    abroad: bool,
    told: &str,
) -> Result<(), TestCaseError> {
    let left_out = |group: &GroupName| abroad && aws_owned_group(group.as_str());
    let has_list = |group: &GroupName| {
        let provided = live.provided.contains(&Principal::Group(group.clone()));
        !provided && !aws_owned_group(group.as_str())
    };
    let members = live.directory.members.iter();
    let members = members.filter(|member| has_list(&member.group));
    match subject {
        Subject::User(name) => {
            let claim = &desired.users[name];
            let user = &live.directory.users[name];
            let provided = live.provided.contains(&Principal::User(name.clone()));
            let said = user.attributes.iter();
            let mut said = said.filter(|(_, value)| !provided && sayable(value));
            prop_assert!(
                said.all(|(attribute, value)| claim.attributes[attribute].value
                    == Ask::Is(value.clone())),
                "{}: {}",
                name,
                told
            );
            let mut theirs = members.filter(|member| member.user == *name);
            prop_assert!(
                theirs.all(|m| desired.members.contains_key(m)),
                "{}: {}",
                name,
                told
            );
            seat_is_said(desired, &Principal::User(name.clone()), live, told)?;
        }
        Subject::Group(name) if !left_out(name) => {
            let claim = &desired.groups[name];
            prop_assert_eq!(claim.exact.is_some(), has_list(name), "{}: {}", name, told);
            let mut theirs = members.filter(|member| member.group == *name);
            prop_assert!(
                theirs.all(|m| desired.members.contains_key(m)),
                "{}: {}",
                name,
                told
            );
            let text = live.directory.groups[name].description.clone();
            let text = text.filter(|text| has_list(name) && sayable(&Value::Text(text.clone())));
            let said = claim.description.as_ref().map(|said| said.value.clone());
            prop_assert_eq!(said, text.map(Ask::Is), "{}: {}", name, told);
            seat_is_said(desired, &Principal::Group(name.clone()), live, told)?;
        }
        Subject::Member(member) => {
            prop_assert!(
                desired.members.contains_key(member),
                "{:?}: {}",
                member,
                told
            );
        }
        Subject::Seat(Principal::Group(group)) if left_out(group) => {}
        Subject::Seat(holder) => seat_is_said(desired, holder, live, told)?,
        Subject::Group(_) => {}
    }
    Ok(())
}

fn seat_is_said(
    desired: &Desired,
    holder: &Principal,
    live: &Live,
    told: &str,
) -> Result<(), TestCaseError> {
    let said = match holder {
        Principal::User(user) => desired.users[user].seat.as_ref(),
        Principal::Group(group) => desired.groups[group].seat.as_ref(),
    };
    let tier = live.directory.seats.get(holder).copied().map(Ask::Is);
    prop_assert_eq!(
        said.map(|said| said.value.clone()),
        tier,
        "{:?}: {}",
        holder,
        told
    );
    Ok(())
}

/// In an empty account it makes everybody who has an entry, with all that the part says they have; or it refuses, where
/// AWS would take a name in no account.
fn makes(desired: &Desired, part: &Part, told: &str) -> Result<(), TestCaseError> {
    let empty = Live::empty(part.live.target.clone());
    let there = Plan::of(desired, empty, TODAY);
    if there
        .blocks
        .iter()
        .any(|block| block.rule() == "invisible_character")
    {
        return Ok(());
    }
    prop_assert!(there.blocks.is_empty(), "{:?} {}", there.blocks, told);
    let after = on(Side::After, &Directory::default(), &there.operations);
    for name in desired.users.keys() {
        let who = Principal::User(name.clone());
        let made = after.users.contains_key(name) || part.live.provided.contains(&who);
        prop_assert!(made, "{}: {}", name, told);
        let seat = after.seats.get(&who).copied().map(Ask::Is);
        let said = desired.users[name].seat.as_ref();
        let said = said.map(|said| said.value.clone());
        let waits = !after.users.contains_key(name);
        prop_assert!(waits || seat == said, "{}: {}", name, told);
    }
    for member in desired.members.keys() {
        // Whoever has no entry waits.
        let waits = !after.users.contains_key(&member.user);
        let made = after.members.contains(member);
        prop_assert!(waits || made, "{:?}: {}", member, told);
    }
    Ok(())
}

/// Whether AWS would take the value today: of what it would not, a roster cannot say it.
fn sayable(value: &Value) -> bool {
    let fine = |text: &str| kiroster::model::hidden_in(text).is_none();
    match value {
        Value::Text(text) => fine(text),
        Value::List(texts) => texts.iter().all(|text| fine(text)),
        Value::Address(address) => {
            let parts = address.parts();
            parts
                .iter()
                .all(|(_, part)| part.as_deref().is_none_or(fine))
        }
    }
}

#[test]
fn the_scripts_files_hold_what_is_live_as_far_as_they_can() {
    let (cases, held, members) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(1_000)
    });
    let law = |live: Live| {
        if live.directory.users.is_empty() {
            return Ok(());
        }
        let sheets = roster::write_csv(&live).unwrap();
        let backup = roster::write_store(&live).unwrap();
        let tables = [
            ("x.csv", sheets.users.as_str()),
            ("x-groups.csv", sheets.groups.as_str()),
        ];
        let backups = [("x.json", backup.text.as_str())];
        for (files, is_table) in [(tables.as_slice(), true), (backups.as_slice(), false)] {
            let desired = match roster::parse(files.iter().copied()) {
                Ok(loaded) => loaded.desired,
                Err(wrong) => {
                    let shown = problems::text(&wrong, false);
                    return Err(TestCaseError::fail(format!("{shown}\n{files:?}")));
                }
            };
            let users: BTreeSet<_> = live.directory.users.keys().collect();
            prop_assert_eq!(desired.users.keys().collect::<BTreeSet<_>>(), users);
            for (name, user) in &live.directory.users {
                let claim = &desired.users[name];
                for attribute in Attribute::ALL.iter().filter(|a| a.is_core()) {
                    let value = user.attributes.get(attribute).filter(|v| sayable(v));
                    let value = value.and_then(Value::as_text).unwrap_or_default();
                    let claimed = claim.attributes.get(attribute);
                    let claimed = claimed.map(|said| said.value.clone());
                    let claimed = match &claimed {
                        Some(Ask::Is(value)) => value.as_text().unwrap(),
                        _ => "",
                    };
                    // A cell's value has no white space around it.
                    if !is_table || value.trim() == value {
                        prop_assert_eq!(claimed, value);
                        held.set(held.get() + usize::from(!value.is_empty()));
                    }
                }
                let seat = live.directory.seats.get(&Principal::User(name.clone()));
                let seat = seat.copied().filter(|_| is_table).map(Ask::Is);
                prop_assert_eq!(claim.seat.as_ref().map(|said| said.value.clone()), seat);
            }
            let groups = live.directory.groups.keys();
            for group in groups.filter(|g| is_table && g.as_str().trim() == g.as_str()) {
                let seat = desired
                    .groups
                    .get(group)
                    .and_then(|claim| claim.seat.clone());
                let seat = seat.map(|said| said.value);
                prop_assert_eq!(seat, live.directory.tier_of(group).map(Ask::Is));
            }
            let fits = |group: &str| !is_table || !group.contains(',') && group.trim() == group;
            let live_members = live.directory.members.iter();
            let live_members: BTreeSet<_> = live_members
                .filter(|m| fits(m.group.as_str()))
                .cloned()
                .collect();
            members.set(members.get() + live_members.len());
            prop_assert_eq!(
                desired.members.into_keys().collect::<BTreeSet<_>>(),
                live_members
            );
        }
        cases.set(cases.get() + 1);
        Ok(())
    };
    runner.run(&organization(), law).unwrap();
    println!(
        "{} organizations as tables and backups: {} values and {} memberships read back",
        cases.get(),
        held.get(),
        members.get()
    );
    assert!(cases.get() > 700 && held.get() > 1_000 && members.get() > 500);
}

#[test]
fn an_import_of_the_scripts_files_is_a_roster_that_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (cases, said) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(400)
    });
    let law = |(live, is_table): (Live, bool)| {
        if live.directory.users.is_empty() {
            return Ok(());
        }
        let (name, text) = match is_table {
            true => ("x.csv", roster::write_csv(&live).unwrap().users),
            false => ("x.json", roster::write_store(&live).unwrap().text),
        };
        let path = folder.path().join(name);
        std::fs::write(&path, &text).unwrap();
        let table = roster::parse([(name, text)]).unwrap().desired;
        let import = Import::read(std::slice::from_ref(&path)).unwrap();
        let (written, _) = import.written().unwrap();
        let written = written.unwrap();
        let loaded = match roster::parse([("team.yaml", written.as_str())]) {
            Ok(loaded) => loaded.desired,
            Err(wrong) => {
                let shown = problems::text(&wrong, false);
                return Err(TestCaseError::fail(format!("{shown}\n{written}")));
            }
        };
        prop_assert!(loaded.may_remove());
        prop_assert_eq!(
            loaded.users.keys().collect::<Vec<_>>(),
            table.users.keys().collect::<Vec<_>>()
        );
        prop_assert_eq!(
            loaded.groups.keys().collect::<Vec<_>>(),
            table.groups.keys().collect::<Vec<_>>()
        );
        prop_assert_eq!(
            loaded.members.keys().collect::<Vec<_>>(),
            table.members.keys().collect::<Vec<_>>()
        );
        for (name, claim) in &loaded.users {
            let was = &table.users[name];
            let seat = |claim: &kiroster::desired::UserClaim| {
                claim.seat.as_ref().map(|said| said.value.clone())
            };
            prop_assert_eq!(seat(claim), seat(was));
            for (attribute, value) in &claim.attributes {
                prop_assert_eq!(&value.value, &was.attributes[attribute].value);
                said.set(said.get() + 1);
            }
            let kept = was
                .attributes
                .keys()
                .filter(|a| **a != Attribute::DisplayName);
            prop_assert!(kept.into_iter().all(|a| claim.attributes.contains_key(a)));
        }
        prop_assert!(loaded.groups.values().all(|claim| claim.exact.is_none()));
        cases.set(cases.get() + 1);
        Ok(())
    };
    runner.run(&(organization(), any::<bool>()), law).unwrap();
    println!("{} imports, {} attributes", cases.get(), said.get());
    assert!(cases.get() > 250 && said.get() > 150);
}

fn organization() -> impl Strategy<Value = Live> {
    let person = (
        text(128),
        prop::collection::vec(value(), 0..5),
        any::<bool>(),
        tier(),
    );
    let group = (text(1024), prop::option::of(text(40)), any::<u8>(), tier());
    let people = prop::collection::vec(person, 0..6);
    let groups = prop::collection::vec(group, 0..4);
    let members = prop::collection::vec((0..6_usize, 0..4_usize), 0..10);
    (people, groups, members).prop_map(|(people, groups, members)| {
        let (mut names, mut reading) = (BTreeSet::new(), Reading::default());
        reading.target = Target {
            account: "111122223333".into(),
            region: "eu-west-1".into(),
            kiro_region: Some("us-east-1".into()),
            instance: "arn:aws:sso:::instance/ssoins-7223b02a0f1c3d4e".into(),
            store: "d-1234567890".into(),
        };
        let mut seats = SeatsSeen::default();
        for (i, (name, values, provided, tier)) in people.into_iter().enumerate() {
            let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
            if name.is_empty() || !names.insert(folded(&name)) {
                continue;
            }
            let id = Id::new(format!("u{i}"));
            let mut attributes: BTreeMap<_, _> = values.into_iter().collect();
            if let Some(email) = attributes.get_mut(&Attribute::Email) {
                *email = Value::text(format!("{i}+ü@example.com"));
            }
            reading.users.push(UserSeen {
                id: id.clone(),
                name: UserName::new(name),
                revision: None,
                attributes,
                marks: None,
                disabled: false,
                provided,
            });
            if let Some(tier) = tier {
                seats.claims.push(claim(Claimant::User(id.clone()), tier));
                let word = Some("KIRO_ENTERPRISE_POWER".into());
                seats.rows.push(RowSeen {
                    user: Some(id),
                    assigned: word.filter(|_| tier == Tier::Power),
                    ..RowSeen::default()
                });
            }
        }
        names.clear();
        for (i, (name, description, kind, tier)) in groups.into_iter().enumerate() {
            let name = match kind {
                0..20 => "AWSAccountFactory".to_owned(),
                _ => name,
            };
            if !names.insert(folded(&name)) {
                continue;
            }
            let id = Id::new(format!("g{i}"));
            if let Some(tier) = tier {
                seats.claims.push(claim(Claimant::Group(id.clone()), tier));
            }
            reading.groups.push(GroupSeen {
                id,
                name: GroupName::new(name),
                revision: None,
                description: description.map(Into::into),
                provided: kind > 200,
            });
        }
        let members = members.into_iter().enumerate().map(|(i, (user, group))| {
            let (group, user) = (format!("g{group}"), format!("u{user}"));
            (Id::new(group), Id::new(user), Id::new(format!("m{i}")))
        });
        reading.members = members.collect();
        reading.seats = Some(seats);
        Live::of(reading)
    })
}

fn claim(holder: Claimant, tier: Tier) -> ClaimSeen {
    let word = match tier {
        Tier::Pro => "KIRO_ENTERPRISE_PRO",
        Tier::ProPlus => "KIRO_ENTERPRISE_PRO_PLUS",
        Tier::ProMax => "KIRO_ENTERPRISE_PRO_MAX",
        Tier::Power => "KIRO_ENTERPRISE_POWER",
    };
    let assigned = Some(word.into());
    ClaimSeen { holder, assigned }
}

fn tier() -> impl Strategy<Value = Option<Tier>> {
    prop::option::of(prop::sample::select(Tier::ALL.to_vec()))
}

fn value() -> impl Strategy<Value = (Attribute, Value)> {
    let attribute = prop::sample::select(Attribute::ALL.to_vec());
    let texts = prop::collection::vec(text(60), 1..4);
    (attribute, texts).prop_map(|(attribute, texts)| {
        let value = match attribute.kind() {
            Kind::Text | Kind::Phone | Kind::Email => Value::text(texts[0].as_str()),
            Kind::List { .. } => Value::List(texts.into_iter().map(Into::into).collect()),
            Kind::Address => Value::Address(Box::new(Address {
                street: Some(texts[0].as_str().into()),
                country: texts.get(1).map(|text| text.as_str().into()),
                formatted: texts.get(2).map(|text| text.as_str().into()),
                ..Address::default()
            })),
        };
        (attribute, value)
    })
}

/// A text of at most so many characters: plain, a trap, a trap with more, noise, or as long as may be.
fn text(most: usize) -> impl Strategy<Value = String> {
    let letters: Vec<char> = LETTERS.chars().collect();
    let noise = prop::collection::vec(prop::sample::select(letters), 1..12);
    let noise = noise.prop_map(|letters| letters.into_iter().collect::<String>());
    let trap = prop::sample::select(TRAPS.to_vec()).prop_map(str::to_owned);
    let mixed = (trap.clone(), noise.clone()).prop_map(|(trap, noise)| format!("{trap}{noise}"));
    let long = prop::sample::select(vec!["x", "ä", "🦀", "\"", "\n", "a "]);
    let long = long.prop_map(move |unit| unit.repeat(most).chars().take(most).collect::<String>());
    let plain = "[a-z]{1,8}";
    prop_oneof![4 => plain.prop_map(String::from), 4 => trap, 3 => noise, 2 => mixed, 1 => long]
        .prop_map(move |text| text.chars().take(most).collect())
}
