//! What goes wrong on purpose goes wrong the same way each time.

use super::caller::*;
use kiroster::sandbox::{Faults, Nth};
use serde_json::{Value, json};
use std::time::Instant;

fn faults(text: Value) -> Faults {
    serde_json::from_value(text).unwrap()
}

fn create(double: &Double, name: &str) -> u16 {
    let mut body = user(name);
    body["UserId"] = Value::Null;
    double.identity("CreateUser", body).status
}

fn there(double: &Double, name: &str) -> bool {
    let unique =
        json!({ "UniqueAttribute": { "AttributePath": "userName", "AttributeValue": name } });
    double
        .identity("GetUserId", json!({ "AlternateIdentifier": unique }))
        .status
        == 200
}

#[test]
fn the_same_seed_spoils_the_same_calls_whatever_their_order() {
    let spoilt = |seed: u64, order: &dyn Fn(usize) -> usize| {
        let chance = json!({
            "seed": seed, "error_before": 0.2, "error_after": 0.2, "drop_before": 0.1,
            "drop_after": 0.2, "only": ["CreateUser"],
        });
        let double = Double::with(&json!({}), faults(chance));
        let mut told = vec![(0, false); 40];
        for n in 0..40 {
            let name = format!("user{}", order(n));
            told[order(n)].0 = create(&double, &name);
        }
        for (n, told) in told.iter_mut().enumerate() {
            told.1 = there(&double, &format!("user{n}"));
        }
        told
    };
    let first = spoilt(7, &|n| n);
    assert_eq!(first, spoilt(7, &|n| 39 - n));
    assert_ne!(first, spoilt(8, &|n| n));
    for wanted in [
        (200, true),
        (500, true),
        (500, false),
        (0, true),
        (0, false),
    ] {
        assert!(first.contains(&wanted), "{wanted:?}");
    }
}

#[test]
fn a_certain_call_goes_wrong_before_or_after_the_deed() {
    let nth = |call: u64, after: bool, error: Option<&str>| Nth {
        operation: "CreateUser".into(),
        call,
        after,
        error: error.map(str::to_owned),
        message: "on purpose".into(),
        status: error.map(|_| 418),
    };
    let plan = Faults {
        nth: vec![
            nth(1, false, Some("SlowDownException")),
            nth(2, true, Some("SlowDownException")),
            nth(3, false, None),
            nth(4, true, None),
        ],
        ..Faults::default()
    };
    let double = Double::with(&json!({}), plan);
    for (name, status, done) in [
        ("a", 418, false),
        ("b", 418, true),
        ("c", 0, false),
        ("d", 0, true),
        ("e", 200, true),
    ] {
        assert_eq!(create(&double, name), status, "{name}");
        assert_eq!(there(&double, name), done, "{name}");
    }
    let calls = double.calls();
    let creates = calls
        .iter()
        .filter(|call| call["operation"] == "CreateUser");
    let creates: Vec<Value> = creates
        .map(|call| json!([call["key"], call["status"], call["error"], call["done"]]))
        .collect();
    assert_eq!(
        creates,
        [
            json!(["a", 418, "SlowDownException", null]),
            json!(["b", 418, "SlowDownException", true]),
            json!(["c", 0, "dropped", null]),
            json!(["d", 0, "dropped", true]),
            json!(["e", 200, null, null]),
        ]
    );
}

#[test]
fn answers_can_take_their_time_and_faults_can_be_changed_while_it_runs() {
    let double = Double::with(
        &json!({}),
        faults(json!({ "latency_ms": 300, "jitter_ms": 50 })),
    );
    let began = Instant::now();
    assert!(!there(&double, "ada"));
    assert!(began.elapsed().as_millis() >= 300);
    assert_eq!(
        double.own("/sandbox/faults", json!({ "error_before": 1.0 })),
        204
    );
    assert_eq!(create(&double, "ada"), 500);
    assert_eq!(double.own("/sandbox/faults", json!({ "lattency": 1 })), 400);
    assert_eq!(double.own("/sandbox/faults", json!({})), 204);
    assert_eq!(create(&double, "ada"), 200);
}

#[test]
fn kiro_throttles_with_429_and_a_header() {
    let plan = faults(json!({ "rates": { "q": 1.0 }, "retry_after": 2 }));
    let double = Double::with(&json!({}), plan);
    let body = json!({ "principalId": "x", "principalType": "USER" });
    let write = || double.call(SEATS, "DeleteAssignment", body.clone());
    assert_eq!(write().status, 400);
    let answer = write();
    assert_eq!(
        (answer.status, answer.refused().0),
        (429, "ThrottlingException")
    );
    assert!(answer.head.contains("retry-after: 2"), "{}", answer.head);
}
