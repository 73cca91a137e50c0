//! SSO Admin: instances, applications, account assignments; and Kiro's profiles, which hang on them.

use super::answer::{Answer, Refusal, required};
use super::org::Org;
use super::paging::{self, with_next};
use serde_json::{Value, json};

/// Runs an operation of `SWBExternalService`, asked in `region` by an account.
pub(super) fn run(org: &Org, operation: &str, input: &Value, region: &str, caller: &str) -> Answer {
    // Another region has nothing: that is an answer, not an error.
    let here = region == org.settings.region;
    match operation {
        "ListInstances" => {
            let instances = org.settings.instances.iter().filter(|_| here);
            let instances = numbered(instances);
            paging::page(
                input,
                100,
                instances,
                |(number, _)| number,
                |instances, next| {
                    let list = instances.iter().map(|(_, found)| instance(org, found));
                    let list: Vec<Value> = list.collect();
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
                .find(|i| here && i.instance_arn == arn);
            found
                .map(|found| instance(org, found))
                .ok_or_else(|| Refusal::missing("Instance", arn))
        }
        "ListApplications" => {
            let arn = required(input, "InstanceArn")?;
            let of = |filter: &str| input["Filter"][filter].as_str().map(str::to_owned);
            let wanted = of("ApplicationAccount");
            // A member account may only ask for its own.
            if caller != org.account && wanted.as_deref() != Some(caller) {
                return Err(Refusal::denied("A member account must filter by itself."));
            }
            let account = wanted.is_none_or(|wanted| wanted == org.kiro_account());
            let provider = of("ApplicationProvider").is_none_or(|wanted| wanted == PROVIDER);
            let all = applications(org, arn);
            let shown = all.into_iter().filter(|_| here && account && provider);
            paging::page(
                input,
                100,
                numbered(shown),
                |(number, _)| number,
                |list, next| {
                    let list: Vec<Value> = list.into_iter().map(|(_, app)| app).collect();
                    with_next(json!({ "Applications": list }), next)
                },
            )
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
                .find(|app| here && app["ApplicationArn"] == json!(arn));
            found.ok_or_else(|| Refusal::missing("Application", arn))
        }
        "ListAccountAssignmentsForPrincipal" => assignments(org, input, here),
        _ => Err(Refusal::unknown(operation)),
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
    let kiro = &org.settings.kiro;
    let standard = [format!("KiroProfile-{}", kiro.region)];
    let names = match kiro.applications.as_slice() {
        [] => &standard[..],
        names => names,
    };
    let applications = names.iter().zip(1..).map(|(name, number)| {
        json!({
            "ApplicationArn": application_arn(org, number),
            "ApplicationProviderArn": PROVIDER,
            "ApplicationAccount": org.kiro_account(),
            "InstanceArn": instance,
            "Name": name,
            "Status": "ENABLED",
        })
    });
    applications.collect()
}

/// Which of Kiro's applications this is, and how many there are.
pub(super) fn application_number(org: &Org, arn: &str) -> Option<(usize, usize)> {
    let many = org.settings.kiro.applications.len().max(1);
    let number = (1..=many).find(|number| application_arn(org, *number) == arn)?;
    Some((number, many))
}

fn application_arn(org: &Org, number: usize) -> String {
    let id = org
        .settings
        .instances
        .first()
        .map_or("", |i| &i.instance_arn);
    let id = id.rsplit('/').next().unwrap_or_default();
    format!(
        "arn:aws:sso::{}:application/{id}/apl-{number:016}",
        org.kiro_account()
    )
}

/// In an order that pages can go on from.
fn numbered<T>(rows: impl Iterator<Item = T>) -> impl Iterator<Item = (String, T)> {
    rows.enumerate().map(|(at, row)| (format!("{at:08}"), row))
}

fn assignments(org: &Org, input: &Value, here: bool) -> Answer {
    if org.settings.assignments_refused {
        return Err(Refusal::denied(
            "User is not authorized to perform: sso:ListAccountAssignmentsForPrincipal",
        ));
    }
    let id = required(input, "PrincipalId")?;
    let kind = required(input, "PrincipalType")?;
    let instance = required(input, "InstanceArn")?;
    let instance = instance.rsplit('/').next().unwrap_or_default();
    let permissions = format!("arn:aws:sso:::permissionSet/{instance}/ps-0000000000000001");
    let held = match kind {
        "USER" => org.users.contains_key(id),
        _ => org.groups.contains_key(id),
    };
    let accounts = org.settings.assignments.get(id).filter(|_| here && held);
    let rows = numbered(accounts.into_iter().flatten());
    paging::page(
        input,
        100,
        rows,
        |(number, _)| number,
        |accounts, next| {
            let list: Vec<Value> = accounts
                .iter()
                .map(|(_, account)| {
                    json!({
                        "AccountId": account,
                        "PermissionSetArn": permissions,
                        "PrincipalId": id,
                        "PrincipalType": kind,
                    })
                })
                .collect();
            with_next(json!({ "AccountAssignments": list }), next)
        },
    )
}

/// Runs an operation of `AWSCodeWhispererService`: a region shows the profiles that are in it.
pub(super) fn profiles(org: &Org, operation: &str, region: &str, caller: &str) -> Answer {
    if operation != "ListProfiles" {
        return Err(Refusal::unknown(operation));
    }
    let kiro = &org.settings.kiro;
    let here = kiro.region == region || kiro.more_regions.iter().any(|more| more == region);
    if !kiro.enabled || !here || caller != org.kiro_account() {
        return Ok(json!({ "profiles": [] }));
    }
    let instance = org
        .settings
        .instances
        .first()
        .map_or("", |i| &i.instance_arn);
    Ok(json!({ "profiles": [{
        "arn": format!("arn:aws:codewhisperer:{region}:{}:profile/KIRO0000000001", org.kiro_account()),
        "profileName": format!("KiroProfile-{region}"),
        "status": "ACTIVE",
        "identityDetails": { "ssoIdentityDetails": { "instanceArn": instance, "ssoRegion": org.settings.region } },
    }] }))
}
