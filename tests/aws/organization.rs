//! An organization that answers well, for tests to spoil in one place each.

use super::double::{Called, Double, Reply};
use kiroster::aws::{Sandbox, Session, Settings};
use serde_json::{Value, json};

pub(crate) const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-1";
pub(crate) const APPLICATION: &str = "arn:aws:sso::111122223333:application/ssoins-1/apl-1";
pub(crate) const PROFILE: &str = "arn:aws:codewhisperer:us-east-1:111122223333:profile/P1";

/// What an ordinary organization answers to the calls of opening and of empty lists.
pub(crate) fn ordinary(call: &Called) -> Reply {
    Reply::Ok(match call.operation.as_str() {
        "GetCallerIdentity" => return caller("111122223333"),
        "ListInstances" => json!({ "Instances": [instance(INSTANCE, "111122223333", "d-1")] }),
        "ListApplications" => {
            json!({ "Applications": [application(APPLICATION, "111122223333", "KiroProfile-us-east-1")] })
        }
        "ListProfiles" => json!({ "profiles": [profile(PROFILE)] }),
        "ListUsers" => json!({ "Users": [] }),
        "ListGroups" => json!({ "Groups": [] }),
        "ListGroupMemberships" | "ListGroupMembershipsForMember" => {
            json!({ "GroupMemberships": [] })
        }
        "ListUserSubscriptions" => json!({ "subscriptions": [] }),
        "ListApplicationClaims" => json!({ "claims": [] }),
        _ => json!({}),
    })
}

/// An ordinary organization but for what `spoilt` answers.
pub(crate) fn but(spoilt: impl Fn(&Called) -> Option<Reply> + Send + Sync + 'static) -> Double {
    Double::answering(move |call| spoilt(call).unwrap_or_else(|| ordinary(call)))
}

pub(crate) fn caller(account: &str) -> Reply {
    Reply::Text(format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::{account}:user/x</Arn><UserId>X</UserId><Account>{account}</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    ))
}

pub(crate) fn instance(arn: &str, owner: &str, store: &str) -> Value {
    json!({ "InstanceArn": arn, "OwnerAccountId": owner, "IdentityStoreId": store, "Name": "main", "Status": "ACTIVE" })
}

pub(crate) fn application(arn: &str, account: &str, name: &str) -> Value {
    json!({ "ApplicationArn": arn, "ApplicationAccount": account, "Name": name,
            "ApplicationProviderArn": "arn:aws:sso::aws:applicationProvider/codewhisperer", "Status": "FROZEN" })
}

pub(crate) fn profile(arn: &str) -> Value {
    json!({ "arn": arn, "profileName": "kiro", "status": "ACTIVE",
            "identityDetails": { "ssoIdentityDetails": { "instanceArn": INSTANCE, "ssoRegion": "eu-west-1" } } })
}

pub(crate) fn user(id: &str, name: &str) -> Value {
    json!({ "UserId": id, "UserName": name, "IdentityStoreId": "d-1", "UserStatus": "SLEEPING" })
}

pub(crate) fn group(id: &str, name: &str) -> Value {
    json!({ "GroupId": id, "DisplayName": name, "IdentityStoreId": "d-1" })
}

pub(crate) fn membership(id: &str, group: &str, user: &str) -> Value {
    json!({ "MembershipId": id, "GroupId": group, "MemberId": { "UserId": user }, "IdentityStoreId": "d-1" })
}

/// Settings that reach a double, at a pace that tests can bear.
pub(crate) fn settings(double: &Double) -> Settings {
    Settings {
        sandbox: Some(Sandbox {
            url: double.url.clone(),
            access_key_id: "AKIDEXAMPLE".into(),
            kiro_access_key_id: None,
        }),
        region: Some("eu-west-1".into()),
        max_rps: Some(1000.0),
        ..Settings::default()
    }
}

pub(crate) async fn open(double: &Double) -> Session {
    Session::open(&settings(double)).await.unwrap()
}
