//! The SDK's own clients: pages, errors as their models have them, many calls at once.

use super::caller::*;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_identitystore::Client;
use aws_sdk_identitystore::config::retry::RetryConfig;
use aws_sdk_identitystore::types::{ConflictExceptionReason, Email, Name};
use kiroster::sandbox::Faults;
use serde_json::{Value, json};
use std::time::Instant;

fn client(double: &Double) -> Client {
    let config = aws_sdk_identitystore::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .endpoint_url(&double.url)
        .credentials_provider(Credentials::new("SANDBOX", "x", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

async fn create(client: &Client, name: &str) -> Result<String, aws_sdk_identitystore::Error> {
    let answer = client
        .create_user()
        .identity_store_id(STORE)
        .user_name(name)
        .display_name(name)
        .name(Name::builder().given_name("A").family_name("B").build())
        .emails(
            Email::builder()
                .value(format!("{name}@example.com"))
                .build(),
        )
        .send()
        .await?;
    Ok(answer.user_id)
}

#[tokio::test]
async fn pages_are_followed_to_the_last() {
    let users: Vec<Value> = (0..205).map(|n| user(&format!("user{n:03}"))).collect();
    let double = Double::account(&json!({ "users": users }));
    let client = client(&double);
    let pages = client
        .list_users()
        .identity_store_id(STORE)
        .into_paginator();
    let pages = pages.send().try_collect().await.unwrap();
    let sizes: Vec<usize> = pages.iter().map(|page| page.users.len()).collect();
    assert_eq!(sizes, [100, 100, 5]);
}

#[tokio::test]
async fn errors_are_those_of_the_model() {
    let double = Double::account(&json!({ "users": [user("ada")] }));
    let client = client(&double);
    let aws_sdk_identitystore::Error::ConflictException(conflict) =
        create(&client, "Ada").await.unwrap_err()
    else {
        panic!("no conflict")
    };
    assert_eq!(
        conflict.reason,
        Some(ConflictExceptionReason::UniquenessConstraintViolation)
    );
    let missing = client
        .describe_user()
        .identity_store_id(STORE)
        .user_id("id-eve")
        .send()
        .await;
    let missing = missing.unwrap_err().into_service_error();
    assert!(missing.is_resource_not_found_exception(), "{missing:?}");
}

#[tokio::test]
async fn throttling_is_http_400_and_says_how_long() {
    let rates = [("identitystore:ListUsers".to_owned(), 1.0)].into();
    let faults = Faults {
        rates,
        retry_after: Some(3),
        ..Faults::default()
    };
    let double = Double::with(&json!({}), faults);
    let client = client(&double);
    let list = || client.list_users().identity_store_id(STORE).send();
    list().await.unwrap();
    let error = list().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
    let aws_sdk_identitystore::Error::ThrottlingException(throttled) = error.into() else {
        panic!("not throttled")
    };
    assert_eq!(throttled.retry_after_seconds, 3);
    client
        .list_groups()
        .identity_store_id(STORE)
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_thousand_writes_at_once_into_ten_thousand_users_are_quick_and_all_saved() {
    let users: Vec<Value> = (0..10_000).map(|n| user(&format!("user{n}"))).collect();
    let double = Double::account(&json!({ "users": users }));
    let client = client(&double);
    let began = Instant::now();
    let writes = (0..1000).map(|n| {
        let client = client.clone();
        tokio::spawn(async move { create(&client, &format!("new{n}")).await.unwrap() })
    });
    let writes: Vec<_> = writes.collect();
    for write in writes {
        write.await.unwrap();
    }
    let took = began.elapsed();
    let saved = double.saved();
    let saved = saved["accounts"]["111122223333"]["users"]
        .as_array()
        .unwrap();
    assert_eq!(saved.len(), 11_000);
    assert!(took.as_secs() < 60, "{took:?}");
    println!("1,000 writes: {took:?}");
}
