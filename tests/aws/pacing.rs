//! Many calls at once against a service that throttles: slower, and never failing.

use super::double::Reply;
use super::organization::*;
use futures_util::StreamExt;
use kiroster::aws::{Session, Settings};
use kiroster::directory::Group;
use kiroster::live::Id;
use kiroster::model::{GroupName, Tier, UserName};
use serde_json::json;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Half of the documented twenty, as if somebody else used the other half; counted over any second.
const A_SECOND: usize = 10;

#[tokio::test]
async fn a_service_that_takes_half_of_what_is_documented_throttles_a_few_and_fails_none() {
    let taken = Mutex::new(Vec::<Instant>::new());
    let aws = but(move |call| {
        let mut taken = taken.lock().unwrap();
        taken.retain(|at| at.elapsed() < Duration::from_secs(1));
        (call.operation == "CreateGroup").then(|| match taken.len() < A_SECOND {
            true => {
                taken.push(Instant::now());
                Reply::Ok(json!({ "GroupId": format!("g-{}", call.nth), "IdentityStoreId": "d-1" }))
            }
            false => Reply::Error(400, "ThrottlingException", "Rate exceeded"),
        })
    });
    let documented_pace = Settings {
        max_rps: None,
        no_seats: true,
        ..settings(&aws)
    };
    let session = Session::open(&documented_pace).await.unwrap();
    let started = Instant::now();
    let groups = (0..60).map(|n| Group::named(GroupName::new(format!("g{n}"))));
    let calls = futures_util::stream::iter(groups).map(|group| {
        let session = &session;
        async move { session.create_group(&group).await }
    });
    let made: Vec<_> = calls.buffer_unordered(32).collect().await;
    let failed = made.iter().filter(|made| made.is_err()).count();
    let asked = aws.count("CreateGroup");
    println!("60 groups in {:?} with {asked} calls", started.elapsed());
    assert_eq!(failed, 0);
    assert!(
        asked < 60 + 60 / 2,
        "more than half as many refused as done: {asked}"
    );
}

#[tokio::test]
async fn kiro_s_wish_for_a_pause_is_kept_by_the_next_call_too() {
    let aws = but(|call| {
        let first = call.operation == "CreateAssignment" && call.nth == 0;
        first.then(|| {
            Reply::Raw(
                400,
                json!({ "__type": "x#ThrottlingException", "RetryAfterSeconds": 1 }),
            )
        })
    });
    let session = open(&aws).await;
    let started = Instant::now();
    let (holder, id) = (UserName::new("jo").into(), Id::new("u-1"));
    session.subscribe(&holder, &id, Tier::Pro).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}
