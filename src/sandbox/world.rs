//! All accounts, the clock, and who answers which call.

use super::answer::{Answer, Refusal};
use super::org::Org;
use super::signature::{self, Signed};
use super::state::{Account, DEFAULT_ACCOUNT, Instance, State};
use super::{admin, identity, kiro, memberships, seats};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The open state.
#[derive(Debug)]
pub(super) struct World {
    now: Option<Timestamp>,
    month: Date,
    orgs: BTreeMap<String, Org>,
}

/// A service: the prefix of `X-Amz-Target`, and what requests for it must be signed for.
pub(super) const SERVICES: [(&str, &str); 7] = [
    ("AWSIdentityStore", "identitystore"),
    ("SWBExternalService", "sso"),
    ("AmazonQDeveloperService", "q"),
    ("KiroControlPlaneQDeveloperService", "q"),
    ("AWSZornControlPlaneService", "user-subscriptions"),
    ("SWBUPService", "userpool"),
    ("AWSCodeWhispererService", "codewhisperer"),
];

impl World {
    pub(super) fn open(state: State) -> Result<Self, String> {
        let mut orgs = BTreeMap::new();
        let several = state.accounts.len() > 1;
        for (id, mut account) in state.accounts {
            // No two accounts have one store.
            if several && account.instances == Account::default().instances {
                account.instances = instances_of(&id);
            }
            orgs.insert(id.clone(), Org::open(&id, account)?);
        }
        let now = state.now.unwrap_or_else(Timestamp::now);
        let mut world = Self {
            now: state.now,
            month: state.month.map_or(month(now), Date::first_of_month),
            orgs,
        };
        world.turn();
        Ok(world)
    }

    pub(super) fn closed(&self) -> State {
        let accounts = self.orgs.iter().map(|(id, org)| (id.clone(), org.closed()));
        State {
            now: self.now,
            month: self.now.is_none().then_some(self.month),
            accounts: accounts.collect(),
        }
    }

    /// The sandbox's clock.
    pub(super) fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }

    /// Moves the clock; a new month takes effect in every account.
    pub(super) fn move_clock(&mut self, to: Timestamp) {
        self.now = Some(to);
        self.turn();
    }

    fn turn(&mut self) {
        let month = month(self.now());
        if month > self.month {
            for org in self.orgs.values_mut() {
                org.turn_month();
            }
        }
        self.month = month;
    }

    /// The caller's account: `SANDBOX-NAME` is the account of the profile NAME, any other key the default account.
    pub(super) fn account_of(&self, access_key: &str) -> String {
        match access_key.strip_prefix(super::PROFILE_KEY) {
            Some(profile) => account_named(profile),
            None => match self.orgs.keys().next() {
                Some(only) if !self.orgs.contains_key(DEFAULT_ACCOUNT) => only.clone(),
                _ => DEFAULT_ACCOUNT.into(),
            },
        }
    }

    /// The account whose Identity Center a caller sees: that of the organization whose Kiro is in the caller's account.
    fn home_of(&self, caller: &str) -> String {
        let mut orgs = self.orgs.iter();
        let home = orgs.find(|(_, org)| org.settings.kiro.account.as_deref() == Some(caller));
        home.map_or(caller, |(account, _)| account).to_owned()
    }

    pub(super) fn org(&mut self, account: &str) -> Result<&mut Org, Refusal> {
        if !self.orgs.contains_key(account) {
            let org = Org::open(account, fresh(account));
            let org =
                org.map_err(|wrong| Refusal::new("InternalServerException", wrong).status(500))?;
            self.orgs.insert(account.into(), org);
        }
        let org = self.orgs.get_mut(account);
        org.ok_or_else(|| Refusal::new("InternalServerException", "no such account").status(500))
    }

    /// Answers one call.
    pub(super) fn answer(
        &mut self,
        signed: &Signed,
        prefix: &str,
        operation: &str,
        input: &Value,
    ) -> Answer {
        self.turn();
        let now = self.now();
        let caller = self.account_of(&signed.access_key);
        let home = self.home_of(&caller);
        let org = self.org(&home)?;
        let (home, kiro_home) = (
            org.settings.region.clone(),
            org.settings.kiro.region.clone(),
        );
        match prefix {
            "AWSIdentityStore" | "SWBUPService" if caller != org.account => {
                Err(Refusal::denied("A member account may not do this."))
            }
            "AWSIdentityStore" => {
                signature::check_region(signed, &home)?;
                identity::run(org, operation, input, now)
            }
            "SWBExternalService" => admin::run(org, operation, input, &signed.region, &caller),
            "AmazonQDeveloperService" | "KiroControlPlaneQDeveloperService" => {
                signature::check_region(signed, &kiro_home)?;
                kiro::may_write(org, &caller, prefix)?;
                kiro::write(org, operation, input, now)
            }
            "AWSZornControlPlaneService" => {
                signature::check_region(signed, &home)?;
                seats::list(org, operation, input, now)
            }
            "SWBUPService" => {
                signature::check_region(signed, &home)?;
                kiro::password(org, operation, input)
            }
            "AWSCodeWhispererService" => admin::profiles(org, operation, &signed.region, &caller),
            _ => Err(Refusal::new(
                "UnknownOperationException",
                format!("unknown service {prefix}"),
            )),
        }
    }

    /// Whom or what a call is about, for the log.
    pub(super) fn key(&self, account: &str, input: &Value) -> String {
        let org = self.orgs.get(&self.home_of(account));
        let name = |id: &str| -> String {
            let user = org.and_then(|org| Some(org.users.get(id)?.name()));
            let group = org.and_then(|org| Some(org.groups.get(id)?.name()));
            user.or(group).unwrap_or(id).to_owned()
        };
        let text = |member: &str| input[member].as_str();
        let ids = ["UserId", "principalId", "PrincipalId"]
            .iter()
            .find_map(|member| text(member))
            .map(name);
        let group = text("GroupId").map(name);
        let member = input["MemberId"]["UserId"].as_str().map(name);
        let named = text("UserName")
            .or_else(|| text("DisplayName"))
            .map(str::to_owned);
        let tier = text("subscriptionType").map(|tier| {
            tier.trim_start_matches("Q_DEVELOPER_STANDALONE_")
                .to_owned()
        });
        let membership = text("MembershipId").map(|id| {
            org.and_then(|org| memberships::ends_of(org, id))
                .unwrap_or(id.into())
        });
        let parts = [ids, named, group, member, membership, tier];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// The first of the month, in UTC: that is when Kiro bills.
fn month(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date().first_of_month()
}

/// Whether an operation changes anything.
pub(super) fn writes(operation: &str) -> bool {
    let reads = ["List", "Get", "Describe", "Is"];
    !reads.iter().any(|read| operation.starts_with(read))
}

/// A profile that is twelve digits is that account; any other name has an account that follows from it.
pub(super) fn account_named(profile: &str) -> String {
    if profile.len() == 12 && profile.bytes().all(|byte| byte.is_ascii_digit()) {
        return profile.into();
    }
    // FNV-1a: short, stable everywhere, and nobody attacks a sandbox.
    let hash = profile
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{:012}", hash % 1_000_000_000_000)
}

/// An account that nobody has described: an empty organization with an instance of its own.
fn fresh(account: &str) -> Account {
    Account {
        instances: instances_of(account),
        ..Account::default()
    }
}

/// The one instance of an account of which nothing else is said.
fn instances_of(account: &str) -> Vec<Instance> {
    if account == DEFAULT_ACCOUNT {
        return vec![Instance::default()];
    }
    let digits: String = account.chars().skip(2).collect();
    vec![Instance {
        instance_arn: format!("arn:aws:sso:::instance/ssoins-7223{account}"),
        identity_store_id: format!("d-{digits}"),
        ..Instance::default()
    }]
}

/// STS, which speaks XML.
pub(super) fn caller_identity(account: &str) -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::{account}:user/sandbox</Arn><UserId>AIDASANDBOX</UserId><Account>{account}</Account>\
         </GetCallerIdentityResult><ResponseMetadata><RequestId>sandbox</RequestId></ResponseMetadata>\
         </GetCallerIdentityResponse>"
    )
}

const BY_ALL: [&str; 5] = [
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SerializationException",
    "UnknownOperationException",
];

/// What is sent for an error: AWS's shape, the name with its namespace.
pub(super) fn error_body(refusal: &Refusal, prefix: &str) -> Value {
    let mut body = refusal.body.clone();
    let namespace = match prefix {
        // What every service says before it has looked at the operation.
        _ if BY_ALL.contains(&refusal.code.as_ref()) => "com.amazon.coral.service",
        "AmazonQDeveloperService" | "KiroControlPlaneQDeveloperService" => {
            "com.amazon.kiro.controlplane"
        }
        "AWSCodeWhispererService" => "com.amazon.aws.codewhisperer",
        "AWSZornControlPlaneService" => "com.amazon.zorn.controlplane",
        "SWBExternalService" => "com.amazonaws.sso",
        _ => "com.amazonaws.identitystore",
    };
    body.insert(
        "__type".into(),
        json!(format!("{namespace}#{}", refusal.code)),
    );
    Value::Object(body)
}
