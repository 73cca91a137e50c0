//! Looks at everything that a session needs, step by step, and goes on after what is wrong where that makes sense. The
//! steps are those of [`Session::open`](super::Session::open); nothing is written.

mod finding;
mod kiro;
mod permissions;

pub use finding::{Check, Finding, State};

use super::error::{Error, ErrorKind};
use super::ground::Ground;
use super::instance::{self, Instance, described};
use super::settings::Settings;
use crate::live::Target;
use futures_util::future::join_all;

/// What was found, and where, as far as that is known.
#[derive(Clone, Debug, Default)]
pub struct Examination {
    /// In the order in which it was looked at.
    pub findings: Vec<Finding>,
    /// Which organization it is; parts that were not found are empty.
    pub target: Target,
    /// The account that Kiro is called as, which pays for seats.
    pub payer: Option<String>,
}

/// Where credentials are asked for, whatever their region: STS answers everywhere.
const ANYWHERE: &str = "us-east-1";

/// Regions that every account can use, where Identity Center may be while it is looked for elsewhere.
const REGIONS: [&str; 17] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "sa-east-1",
];
const GOV_REGIONS: [&str; 2] = ["us-gov-east-1", "us-gov-west-1"];
const CN_REGIONS: [&str; 2] = ["cn-north-1", "cn-northwest-1"];

/// Examines an organization as `settings` ask for it. Total: what goes wrong is a finding.
pub async fn examine(settings: &Settings) -> Examination {
    let mut seen = Examination::default();
    let Some((ground, has_region)) = seen.ground(settings).await else {
        return seen;
    };
    let Some(account) = seen.credentials(&ground).await else {
        return seen;
    };
    let instance = match has_region {
        true => seen.instance(&ground).await,
        false => {
            let found = elsewhere(&ground, "").await;
            let said = "it is looked for in the region that is missing";
            let finding = Finding::new(Check::Instance, State::NotAsked, said);
            seen.add(match found.is_empty() {
                true => finding,
                false => finding.hint(there_is(&found)),
            });
            None
        }
    };
    if let Some(instance) = &instance {
        let session = ground.session(&account, instance.clone(), None);
        permissions::identity(&mut seen, &session).await;
    }
    match settings.no_seats {
        true => {
            let said = "Kiro is left alone (`--no-seats`)";
            seen.add(Finding::new(Check::Application, State::NotAsked, said));
        }
        false => kiro::kiro(&mut seen, &ground, &account, instance.as_ref()).await,
    }
    let said = "not tried, because only a write could tell: `identitystore:Create*`, `Update*` and `Delete*` of users, \
                groups and memberships, and `sso-directory:UpdatePassword` for mails";
    seen.add(Finding::new(Check::Writes, State::NotAsked, said));
    seen
}

impl Examination {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.all(|finding| finding.state != State::Wrong)
    }

    fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The clients, and whether they are in the region that was meant.
    async fn ground<'s>(&mut self, settings: &'s Settings) -> Option<(Ground<'s>, bool)> {
        match Ground::lay(settings).await {
            Ok(ground) => {
                self.target.region = ground.region.as_str().into();
                let said = format!("Identity Center is looked for in {}", ground.region);
                self.add(Finding::fine(Check::Region, said));
                Some((ground, true))
            }
            Err(error) => {
                let of_region = error.kind == ErrorKind::Region;
                self.add(Finding::wrong(Check::Region, &error));
                // Whose the credentials are can be asked all the same.
                let anywhere = Ground::lay_in(settings, Some(ANYWHERE)).await;
                anywhere
                    .ok()
                    .filter(|_| of_region)
                    .map(|ground| (ground, false))
            }
        }
    }

    async fn credentials(&mut self, ground: &Ground<'_>) -> Option<String> {
        match ground.caller().await {
            Ok(account) => {
                let meant = ground.settings.account.as_ref();
                let said = format!("they are of account {account}");
                self.target.account = account.as_str().into();
                self.add(match meant.filter(|meant| **meant != account) {
                    None => Finding::fine(Check::Credentials, said),
                    Some(meant) => {
                        let said = format!("{said}, and {meant} is meant");
                        Finding::new(Check::Credentials, State::Wrong, said)
                            .hint("choose other credentials with `--profile`")
                    }
                });
                Some(account)
            }
            Err(error) => {
                self.add(Finding::wrong(Check::Credentials, &error));
                let said = "nothing more can be asked without credentials that are good";
                self.add(Finding::new(Check::Instance, State::NotAsked, said));
                None
            }
        }
    }

    async fn instance(&mut self, ground: &Ground<'_>) -> Option<Instance> {
        let permission = "sso:ListInstances";
        let found = match instance::list(&ground.admin, &ground.region).await {
            Ok(found) => found,
            Err(error) => {
                self.add(Finding::wrong(Check::Permission, &error).of(permission));
                let said = "without the list of instances nothing can be found";
                self.add(Finding::new(Check::Instance, State::NotAsked, said));
                return None;
            }
        };
        self.add(Finding::fine(Check::Permission, "granted").of(permission));
        match instance::choose(&found, &ground.region, ground.settings) {
            Ok(chosen) => {
                self.target.instance = chosen.arn.as_str().into();
                self.target.store = chosen.store.as_str().into();
                let is_it = found
                    .iter()
                    .find(|instance| instance.instance_arn() == Some(&chosen.arn));
                let said = is_it.map(described).unwrap_or_else(|| chosen.arn.clone());
                self.add(Finding::fine(Check::Instance, said));
                Some(chosen)
            }
            Err(error) => {
                let finding = Finding::wrong(Check::Instance, &error);
                let others = match found.is_empty() {
                    true => elsewhere(ground, &ground.region).await,
                    false => vec![],
                };
                self.add(match others.is_empty() {
                    true => finding,
                    false => finding.hint(there_is(&others)),
                });
                None
            }
        }
    }
}

fn there_is(found: &[(&str, String)]) -> String {
    let options = found
        .iter()
        .map(|(region, instance)| format!("`--region {region}`: {instance}"));
    let options: Vec<String> = options.collect();
    format!("there is one elsewhere: {}", options.join("; "))
}

/// Instances in other regions of the same partition; who does not tell has none.
async fn elsewhere(ground: &Ground<'_>, asked: &str) -> Vec<(&'static str, String)> {
    let regions: &[&str] = match ground.region.as_str() {
        gov if gov.starts_with("us-gov-") => &GOV_REGIONS,
        china if china.starts_with("cn-") => &CN_REGIONS,
        _ => &REGIONS,
    };
    let others = regions.iter().filter(|region| **region != asked);
    let asked = others.map(async |region| {
        let found: Result<_, Error> = instance::list(&ground.admin_in(region), region).await;
        (*region, found.unwrap_or_default())
    });
    let found = join_all(asked).await.into_iter();
    let found = found.flat_map(|(region, instances)| {
        let instances = instances.into_iter();
        instances.map(move |instance| (region, described(&instance)))
    });
    found.collect()
}
