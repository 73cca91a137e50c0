//! The schema that editors use takes what the loader takes, refuses what it refuses, and ships as it is generated.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use kiroster::roster;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&roster::schema()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn value(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).unwrap()
}

#[test]
fn the_shipped_schema_is_current() {
    let path = home().join("schema/roster.schema.json");
    let generated = roster::schema();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    let shipped = fs::read_to_string(&path).unwrap_or_default();
    let remedy = "run `kiroster schema roster > schema/roster.schema.json`";
    assert!(
        shipped == generated,
        "{} is stale: {remedy}",
        path.display()
    );
}

#[test]
fn every_example_loads_and_fits_the_schema() {
    let folder = home().join("examples");
    let mut rosters: Vec<Vec<PathBuf>> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let yaml = path
            .extension()
            .is_some_and(|extension| extension == "yaml");
        if yaml || path.join("kiroster.yaml").exists() {
            rosters.push(vec![path]);
        }
    }
    assert!(rosters.len() >= 3, "{rosters:?}");
    let validator = validator();
    for paths in rosters {
        let loaded = roster::load(&paths).unwrap_or_else(|problems| {
            panic!("{}", kiroster::render::problems::text(&problems, false))
        });
        assert!(loaded.desired.may_remove());
        for file in &loaded.files {
            let text = fs::read_to_string(&*file.name).unwrap();
            let errors: Vec<_> = validator
                .iter_errors(&value(&text))
                .map(|e| e.to_string())
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}", file.name);
            // The modeline leads from the example to the schema.
            let (_, schema) = text.split_once("$schema=").unwrap();
            let schema = Path::new(&*file.name).with_file_name(schema.lines().next().unwrap());
            assert!(schema.exists(), "{}", schema.display());
        }
    }
}

#[test]
fn what_the_loader_takes_fits_the_schema() {
    let validator = validator();
    for good in [
        "version: 1\nusers: {jo: {tier: Kiro Pro+}, b: {tier: PRO_MAX}, c: {tier: none}, d: {tier: kiro power}}",
        "users: {jo: {previously: joe, until: 2027-01-31, tier: proplus}}",
        "version: 1\nusers: {jo: {previously: [joe, j], clear: [title, phone]}}",
        "version: 1\ngroups: {Team (EU): {members: [], membership: exact, clear: [description]}}",
        "version: 1\ntarget: {region: us-gov-west-1}\npolicy: {manage: [], scope: {users: []}}\nusers: {jo: {}}",
        "version: 1\nonboarding: {invite: new}\ntiers: {power: {usd: 39.5}, pro+: {usd: 200}}\nusers: {jo: {}}",
        "version: 1\nonboarding: {invite: 'off'}\nacknowledge: []\npolicy: {limits: {}, require: {}}\nusers: {jo: {}}",
        "version: 1\npolicy: {prune: {seats: unlisted}, budget: {monthly_usd: 60000}, plan_ttl: 90m}\nusers: {jo: {}}",
        "version: 1\npolicy: {limits: {remove_users: {floor: 9}, increase_usd: {percent: 1000}, invites: {}}}\nusers: {jo: {}}",
        "version: 1\npolicy: {require: {eng: {min: 0}, ops: {include: [jo]}}}\nusers: {jo: {}}",
        "version: 1\nacknowledge: [{rule: shrink_group, count: 1, reason: r, expires: 2026-12-05}]\nusers: {jo: {}}",
        "users: {jo: {address: {street: 1 Main St}, photos: [a, b, c], roles: [r], manager: Ada}}",
    ] {
        roster::parse([("a.yaml", good)]).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&value(good))
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{good}: {errors:?}");
    }
}

#[test]
fn what_is_wrong_in_one_place_does_not_fit_the_schema() {
    let validator = validator();
    for wrong in [
        "version: 2\nusers: {jo: {}}",
        "version: 1\nuser: {jo: {}}",
        "version: 1\nusers: {jo: {tier: prox}}",
        "version: 1\nusers: {jo: {tier: pro plus max}}",
        "version: 1\nusers: {jo: {firstname: Jo}}",
        "version: 1\nusers: {jo: null}",
        "version: 1\nusers: {jo doe: {}}",
        "version: 1\nusers: {Administrator: {}}",
        "version: 1\nusers: {jo: {email: jo.example.com}}",
        "version: 1\nusers: {jo: {title: ''}}",
        "version: 1\nusers: {jo: {state: gone}}",
        "version: 1\nusers: {jo: {until: tomorrow}}",
        "version: 1\nusers: {jo: {clear: [tier]}}",
        "version: 1\nusers: {jo: {photos: [a, b, c, d]}}",
        "version: 1\nusers: {jo: {address: {}}}",
        "version: 1\nusers: {jo: {employee_number: 7}}",
        "version: 1\nusers: {jo: {previously: 7}}",
        "version: 1\ngroups: {eng: {membership: strict}}",
        "version: 1\ngroups: {eng: {members: jo}}",
        "version: 1\ngroups: {eng: {state: offboarded}}",
        "version: 1\ntarget: {account: 111122223333}\nusers: {jo: {}}",
        "version: 1\ntarget: {account: '1234'}\nusers: {jo: {}}",
        "version: 1\ntarget: {instance: ssoins-1}\nusers: {jo: {}}",
        "version: 1\npolicy: {manage: [seat]}\nusers: {jo: {}}",
        "version: 1\npolicy: {prune: {}}\nusers: {jo: {}}",
        "version: 1\npolicy: {prune: {seats: all}}\nusers: {jo: {}}",
        "version: 1\npolicy: {limits: {remove_user: {floor: 3}}}\nusers: {jo: {}}",
        "version: 1\npolicy: {limits: {remove_users: 3}}\nusers: {jo: {}}",
        "version: 1\npolicy: {limits: {remove_users: {floor: -1}}}\nusers: {jo: {}}",
        "version: 1\npolicy: {limits: {remove_users: {percent: 101}}}\nusers: {jo: {}}",
        "version: 1\npolicy: {limits: {invites: {percent: 5}}}\nusers: {jo: {}}",
        "version: 1\npolicy: {budget: {}}\nusers: {jo: {}}",
        "version: 1\npolicy: {budget: {monthly_usd: '9'}}\nusers: {jo: {}}",
        "version: 1\npolicy: {require: {eng: {}}}\nusers: {jo: {}}",
        "version: 1\npolicy: {plan_ttl: 72}\nusers: {jo: {}}",
        "version: 1\npolicy: {plan_ttl: 3w}\nusers: {jo: {}}",
        "version: 1\ntiers: {gold: {usd: 1}}\nusers: {jo: {}}",
        "version: 1\ntiers: {pro: {usd: -1}}\nusers: {jo: {}}",
        "version: 1\ntiers: {pro: {usd: 1.234}}\nusers: {jo: {}}",
        "version: 1\nonboarding: {invite: all}\nusers: {jo: {}}",
        "version: 1\nonboarding: {}\nusers: {jo: {}}",
        "version: 1\nacknowledge: [{rule: add_users, count: 1, reason: r}]\nusers: {jo: {}}",
        "version: 1\nacknowledge: [{rule: add_users, count: 0, reason: r, expires: 2026-12-05}]\nusers: {jo: {}}",
        "version: 1\nacknowledge: [{rule: adds, count: 1, reason: r, expires: 2026-12-05}]\nusers: {jo: {}}",
        "target: {region: us-east-1}\nusers: {jo: {}}",
        "onboarding: {invite: new}\nusers: {jo: {}}",
        "tiers: {pro: {usd: 1}}\nusers: {jo: {}}",
        "acknowledge: []\nusers: {jo: {}}",
    ] {
        assert!(
            !validator.is_valid(&value(wrong)),
            "the schema takes {wrong}"
        );
        assert!(
            roster::parse([("a.yaml", wrong)]).is_err(),
            "the loader takes {wrong}"
        );
    }
}

#[test]
fn the_schema_describes_every_key_it_has() {
    fn walk(schema: &Value, at: &str) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return;
        };
        for (key, property) in properties {
            let described = property.get("description").is_some() || property.get("$ref").is_some();
            assert!(
                described || at.ends_with("policy"),
                "{at}.{key} has no description"
            );
            walk(property, &format!("{at}.{key}"));
        }
    }
    let schema: Value = serde_json::from_str(&roster::schema()).unwrap();
    walk(&schema, "");
    walk(&schema["definitions"]["user"], "user");
    walk(&schema["definitions"]["group"], "group");
}
