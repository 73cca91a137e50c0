//! Which Identity Center instance: the only one, or the one asked for; never the first of several.

use super::error::{Error, ErrorKind};
use super::failure::{Call, Failure};
use super::paging::to_the_last_page;
use super::settings::Settings;
use aws_sdk_ssoadmin::types::InstanceMetadata;

/// The Identity Center instance that is managed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instance {
    pub(super) arn: String,
    pub(super) store: String,
    pub(super) owner: Option<String>,
}

/// The one instance there is, or the one that is asked for.
pub(super) async fn find(
    admin: &aws_sdk_ssoadmin::Client,
    region: &str,
    settings: &Settings,
) -> Result<Instance, Error> {
    choose(&list(admin, region).await?, region, settings)
}

fn doing(region: &str) -> String {
    format!("looking for the Identity Center instance in {region}")
}

/// Every instance that the region shows.
pub(super) async fn list(
    admin: &aws_sdk_ssoadmin::Client,
    region: &str,
) -> Result<Vec<InstanceMetadata>, Error> {
    let call = Call {
        service: "sso",
        operation: "ListInstances",
    };
    to_the_last_page(&doing(region), async |token| {
        let page = admin
            .list_instances()
            .max_results(100)
            .set_next_token(token);
        let page = page
            .send()
            .await
            .map_err(|error| Failure::of(call, error))?;
        Ok((page.instances.unwrap_or_default(), page.next_token))
    })
    .await
}

/// Never the first of several.
pub(super) fn choose(
    found: &[InstanceMetadata],
    region: &str,
    settings: &Settings,
) -> Result<Instance, Error> {
    let wrong = |said: String| Error::new(ErrorKind::Instance, doing(region), said);
    if found.is_empty() {
        return Err(wrong(format!("there is no instance in {region}")).hint(
            "Identity Center lives in one region: give it with `--region`. If it was never enabled, enable it in the \
             Identity Center console; in a member account, use the management account's or the delegated \
             administrator's credentials",
        ));
    }
    let asked_for = |instance: &InstanceMetadata| {
        let is =
            |asked: &Option<String>, has: Option<&str>| asked.is_none() || asked.as_deref() == has;
        is(&settings.instance, instance.instance_arn())
            && is(&settings.identity_store_id, instance.identity_store_id())
    };
    let fitting: Vec<_> = found
        .iter()
        .filter(|instance| asked_for(instance))
        .collect();
    match fitting.as_slice() {
        [one] if one.primary_region().is_some_and(|primary| primary != region) => {
            let primary = one.primary_region().unwrap_or_default();
            let said = format!("{} takes writes in {primary} only", described(one));
            Err(wrong(said).hint(format!("give its primary region: `--region {primary}`")))
        }
        [one] => match (one.instance_arn(), one.identity_store_id()) {
            (Some(arn), Some(store)) => Ok(Instance {
                arn: arn.to_owned(),
                store: store.to_owned(),
                owner: one.owner_account_id().map(str::to_owned),
            }),
            _ => Err(wrong(format!("{} has no identity store yet", described(one)))),
        },
        [] => Err(wrong(format!(
            "none of these is {}: {}",
            asked_words(settings),
            all_described(found.iter())
        ))
        .hint("check `--instance`, `--identity-store-id`, the roster's `target.instance`, and the profile")),
        several => Err(wrong(format!(
            "there are {}: {}",
            several.len(),
            all_described(several.iter().copied())
        ))
        .hint("choose one with `--instance ARN`")),
    }
}

fn asked_words(settings: &Settings) -> String {
    let asked = [&settings.instance, &settings.identity_store_id];
    let asked: Vec<&str> = asked.into_iter().flatten().map(String::as_str).collect();
    asked.join(" with ")
}

fn all_described<'a>(instances: impl Iterator<Item = &'a InstanceMetadata>) -> String {
    let described: Vec<String> = instances.map(described).collect();
    described.join("; ")
}

/// An instance in full.
pub(super) fn described(instance: &InstanceMetadata) -> String {
    let parts = [
        instance
            .name()
            .filter(|name| !name.is_empty())
            .map(|name| format!("`{name}`")),
        instance
            .owner_account_id()
            .map(|owner| format!("of account {owner}")),
        instance
            .identity_store_id()
            .map(|store| format!("store {store}")),
        instance.status().map(|status| status.as_str().to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!(
        "{} ({})",
        instance.instance_arn().unwrap_or("without an ARN"),
        parts.join(", ")
    )
}
