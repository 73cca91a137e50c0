//! SSO Admin: instances, applications, account assignments; and Kiro's profiles, which hang on them.

use super::answer::{Answer, Refusal, required};
use super::identity::with_next;
use super::org::Org;
use super::paging;
use serde_json::{Value, json};

/// Runs an operation of `SWBExternalService`, asked in `region`.
pub(super) fn run(org: &Org, operation: &str, input: &Value, region: &str) -> Answer {
    match operation {
        "ListInstances" => {
            // Another region has no instance: that is an answer, not an error.
            let here = region == org.settings.region;
            let instances = org.settings.instances.iter().filter(|_| here);
            paging::page(
                input,
                100,
                instances,
                |i| i.instance_arn.clone(),
                |instances, next| {
                    let list: Vec<Value> = instances.iter().map(|i| instance(org, i)).collect();
                    with_next(json!({ "Instances": list }), next)
                },
            )
        }
        "DescribeInstance" => {
            let arn = required(input, "InstanceArn")?;
            let found = org
                .settings
                .instances
                .iter()
                .find(|i| i.instance_arn == arn);
            found
                .map(|found| instance(org, found))
                .ok_or_else(|| Refusal::missing("Instance", arn))
        }
        "ListApplications" => {
            let arn = required(input, "InstanceArn")?;
            let of = |filter: &str| input["Filter"][filter].as_str().map(str::to_owned);
            let account = of("ApplicationAccount").is_none_or(|wanted| wanted == org.account);
            let provider = of("ApplicationProvider").is_none_or(|wanted| wanted == PROVIDER);
            let all = applications(org, arn);
            let shown = all.into_iter().filter(|_| account && provider);
            let key = |app: &Value| {
                app["ApplicationArn"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            };
            paging::page(input, 100, shown, key, |list, next| {
                with_next(json!({ "Applications": list }), next)
            })
        }
        "DescribeApplication" => {
            let arn = required(input, "ApplicationArn")?;
            let instance = org
                .settings
                .instances
                .first()
                .map_or("", |i| &i.instance_arn);
            let all = applications(org, instance);
            let found = all
                .into_iter()
                .find(|app| app["ApplicationArn"] == json!(arn));
            found.ok_or_else(|| Refusal::missing("Application", arn))
        }
        "ListAccountAssignmentsForPrincipal" => assignments(org, input),
        _ => Err(Refusal::new(
            "UnknownOperationException",
            format!("unknown operation {operation}"),
        )),
    }
}

const PROVIDER: &str = "arn:aws:sso::aws:applicationProvider/codewhisperer";

fn instance(org: &Org, instance: &super::state::Instance) -> Value {
    let owner = instance.owner_account_id.as_deref().unwrap_or(&org.account);
    let mut shown = json!({
        "InstanceArn": instance.instance_arn,
        "IdentityStoreId": instance.identity_store_id,
        "OwnerAccountId": owner,
        "Status": "ACTIVE",
        "CreatedDate": 1_735_689_600.0,
    });
    if let (Some(name), Some(shown)) = (&instance.name, shown.as_object_mut()) {
        shown.insert("Name".into(), json!(name));
    }
    shown
}

/// Kiro is an application of the instance whose store holds the people.
fn applications(org: &Org, instance: &str) -> Vec<Value> {
    let first = org
        .settings
        .instances
        .first()
        .map(|i| i.instance_arn.as_str());
    if !org.settings.kiro.enabled || first != Some(instance) {
        return vec![];
    }
    vec![json!({
        "ApplicationArn": application_arn(org),
        "ApplicationProviderArn": PROVIDER,
        "ApplicationAccount": org.account,
        "InstanceArn": instance,
        "Name": format!("KiroProfile-{}", org.settings.kiro.region),
        "Status": "ENABLED",
    })]
}

pub(super) fn application_arn(org: &Org) -> String {
    let id = org
        .settings
        .instances
        .first()
        .map_or("", |i| &i.instance_arn);
    let id = id.rsplit('/').next().unwrap_or_default();
    format!(
        "arn:aws:sso::{}:application/{id}/apl-0000000000000001",
        org.account
    )
}

fn assignments(org: &Org, input: &Value) -> Answer {
    if org.settings.assignments_refused {
        return Err(Refusal::denied(
            "User is not authorized to perform: sso:ListAccountAssignmentsForPrincipal",
        ));
    }
    let id = required(input, "PrincipalId")?;
    let user = org
        .users
        .get(id)
        .and_then(|user| user.object["UserName"].as_str());
    let group = org
        .groups
        .get(id)
        .and_then(|group| group.object["DisplayName"].as_str());
    let accounts = user
        .or(group)
        .and_then(|name| org.settings.assignments.get(name));
    let rows = accounts.into_iter().flatten();
    paging::page(
        input,
        100,
        rows,
        |account| (*account).clone(),
        |accounts, next| {
            let list: Vec<Value> = accounts
            .iter()
            .map(|account| {
                json!({
                    "AccountId": account,
                    "PermissionSetArn": "arn:aws:sso:::permissionSet/ssoins-7223000000000001/ps-0000000000000001",
                    "PrincipalId": id,
                    "PrincipalType": input["PrincipalType"],
                })
            })
            .collect();
            with_next(json!({ "AccountAssignments": list }), next)
        },
    )
}

/// Runs an operation of `AWSCodeWhispererService`: a region shows the profiles that are in it.
pub(super) fn profiles(org: &Org, operation: &str, region: &str) -> Answer {
    if operation != "ListProfiles" {
        return Err(Refusal::new(
            "UnknownOperationException",
            format!("unknown operation {operation}"),
        ));
    }
    let kiro = &org.settings.kiro;
    let here = kiro.region == region || kiro.more_regions.iter().any(|more| more == region);
    if !kiro.enabled || !here {
        return Ok(json!({ "profiles": [] }));
    }
    let instance = org
        .settings
        .instances
        .first()
        .map_or("", |i| &i.instance_arn);
    Ok(json!({ "profiles": [{
        "arn": format!("arn:aws:codewhisperer:{region}:{}:profile/KIRO0000000001", org.account),
        "profileName": format!("KiroProfile-{region}"),
        "status": "ACTIVE",
        "identityDetails": { "ssoIdentityDetails": { "instanceArn": instance, "ssoRegion": org.settings.region } },
    }] }))
}
