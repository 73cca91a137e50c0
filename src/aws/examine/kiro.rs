//! Kiro: whose credentials ask it, its application and its profile, its lists, and the endpoints that take seat writes.

use super::permissions::Need;
use super::{Check, Examination, Finding, State};
use crate::aws::discover::{self, Kiro, Profiles};
use crate::aws::error::ErrorKind;
use crate::aws::failure::{Call, Failure, FailureKind};
use crate::aws::ground::{Ground, KiroSide};
use crate::aws::instance::Instance;
use crate::aws::json::Twice;
use crate::aws::kiro;
use crate::aws::session::KiroClients;
use crate::aws::settings::KiroEndpoint;
use serde_json::{Value, json};

pub(super) async fn kiro(
    seen: &mut Examination,
    ground: &Ground<'_>,
    account: &str,
    instance: Option<&Instance>,
) {
    let side = match ground.kiro_side(account).await {
        Ok(side) => side,
        Err(error) => return seen.add(Finding::wrong(Check::KiroCredentials, &error)),
    };
    seen.payer = Some(side.account.clone());
    if ground.settings.kiro_profile.is_some() {
        let said = format!("they are of account {}", side.account);
        seen.add(Finding::fine(Check::KiroCredentials, said));
    }
    let applications = seen.applications(ground, &side, instance).await;
    let region = seen.profile(ground, &side, instance).await;
    match &region {
        None => {
            let said = "they are in Kiro's region, which is not known";
            seen.add(Finding::new(Check::SeatEndpoint, State::NotAsked, said));
        }
        Some(region) => {
            seen.endpoints(&side, ground.settings.kiro_endpoint, region)
                .await
        }
    }
    if let (Some(instance), Some(region), Some(applications)) = (instance, region, applications) {
        seen.target.kiro_region = Some(region.as_str().into());
        let clients = side.clients(Kiro::of(region, applications));
        seen.lists(&clients, instance).await;
        seen.described(&side, &clients).await;
    }
}

impl Examination {
    async fn applications(
        &mut self,
        ground: &Ground<'_>,
        side: &KiroSide<'_>,
        instance: Option<&Instance>,
    ) -> Option<Vec<(String, String)>> {
        let Some(instance) = instance else {
            let said = "it is on the instance, which was not found";
            self.add(Finding::new(Check::Application, State::NotAsked, said));
            return None;
        };
        let (account, region) = (&side.account, &ground.region);
        let permission = "sso:ListApplications";
        match discover::applications(&side.admin, instance, account, region).await {
            Ok(found) => {
                self.add(Finding::fine(Check::Permission, "granted").of(permission));
                let named: Vec<String> = found
                    .iter()
                    .map(|(arn, name)| format!("{arn} ({name})"))
                    .collect();
                self.add(Finding::fine(Check::Application, named.join("; ")));
                Some(found)
            }
            Err(error) if error.kind == ErrorKind::Kiro => {
                self.add(Finding::fine(Check::Permission, "granted").of(permission));
                self.add(Finding::wrong(Check::Application, &error));
                None
            }
            Err(error) => {
                self.add(Finding::wrong(Check::Permission, &error).of(permission));
                None
            }
        }
    }

    async fn profile(
        &mut self,
        ground: &Ground<'_>,
        side: &KiroSide<'_>,
        instance: Option<&Instance>,
    ) -> Option<String> {
        let given = ground.settings.kiro_region.clone();
        let sought = Profiles::sought(&ground.region, instance, &side.account, |region| {
            side.profiles(region)
        });
        let sought = match sought.await {
            Ok(sought) => sought,
            Err(error) => {
                self.add(Finding::wrong(Check::Profile, &error));
                return given;
            }
        };
        let permission = "codewhisperer:ListProfiles";
        self.add(match sought.refusal() {
            None => Finding::fine(Check::Permission, "granted").of(permission),
            Some((region, error)) => {
                let said = format!("{region} does not tell: {}", error.said);
                // Who gives the region needs no list.
                let state = match given {
                    Some(_) => State::Note,
                    None => State::Wrong,
                };
                let hint =
                    format!("the caller needs the permission `{permission}`, or `--kiro-region`");
                Finding::new(Check::Permission, state, said)
                    .of(permission)
                    .hint(hint)
            }
        });
        let finding = match (&given, sought.region()) {
            (Some(given), found) => {
                let named = sought.named().join("; ");
                match (sought.lie_in(given), found) {
                    (true, _) => {
                        Finding::fine(Check::Profile, format!("{named}; {given} is given"))
                    }
                    // Who may not list profiles has given the region for that reason.
                    (false, Err(error)) if named.is_empty() => {
                        let said = format!("{given} is given, and believed; {error}");
                        Finding::new(Check::Profile, State::Note, said)
                    }
                    (false, _) => {
                        let said = format!("{given} is given, and there is no profile: {named}");
                        Finding::new(Check::Profile, State::Wrong, said)
                            .hint("check `--kiro-region` and the roster's `target.kiro_region`")
                    }
                }
            }
            (None, Ok(region)) => {
                let apart = match region == ground.region {
                    true => String::new(),
                    false => format!(
                        "; Kiro is in {region}, Identity Center in {}",
                        ground.region
                    ),
                };
                let said = format!("{}{apart}", sought.named().join("; "));
                self.add(Finding::fine(Check::Profile, said));
                return Some(region);
            }
            (None, Err(error)) => Finding::wrong(Check::Profile, &error),
        };
        self.add(finding);
        given
    }

    /// Which endpoint takes seat writes cannot be known from outside. Each is asked to change nobody's seat to nothing: with
    /// neither a principal nor a tier in the body nothing can be written, and who may not write seats at all hears so.
    async fn endpoints(&mut self, side: &KiroSide<'_>, used: KiroEndpoint, region: &str) {
        let unused = match used {
            KiroEndpoint::CodeWhisperer => KiroEndpoint::Management,
            KiroEndpoint::Management => KiroEndpoint::CodeWhisperer,
        };
        let ask = async |endpoint| {
            let client = side.seats(endpoint, region);
            let nobody = json!({});
            let asked = client.call("UpdateAssignment", &nobody, Twice::Harmless);
            Answered::of(asked.await)
        };
        let (ours, other) = tokio::join!(ask(used), ask(unused));
        let option = format!("--kiro-endpoint {}", name(unused));
        let finding = match ours {
            Answered::Well => Finding::fine(
                Check::SeatEndpoint,
                "answers, and does not refuse this account outright",
            ),
            Answered::Caller(failure) => {
                Finding::new(Check::SeatEndpoint, State::Note, failure.to_string()).hint(
                    "answers, and these credentials may not write seats: enough for `plan`; `apply` needs \
                     `q:CreateAssignment`, `q:UpdateAssignment` and `q:DeleteAssignment`, and what they cascade into",
                )
            }
            Answered::Refusal(failure) => {
                let finding = Finding::new(Check::SeatEndpoint, State::Wrong, failure.to_string());
                let hint = failure.hint().unwrap_or_default();
                let hint = match other {
                    Answered::Well => format!(
                        "the other endpoint does not refuse: try `{option}`. Otherwise, {hint}"
                    ),
                    Answered::Caller(_) | Answered::Refusal(_) | Answered::Nothing(_) => hint,
                };
                Finding {
                    refused: Some(failure),
                    ..finding.hint(hint)
                }
            }
            Answered::Nothing(failure) => {
                let finding = Finding::new(Check::SeatEndpoint, State::Wrong, failure.to_string());
                finding.hint(match other {
                    Answered::Nothing(Failure {
                        kind: FailureKind::Expired,
                        ..
                    }) => "Kiro's services are signed for in Kiro's region: check `--kiro-region`"
                        .to_owned(),
                    Answered::Nothing(_) => {
                        "check the network, proxies and `KIROSTER_ENDPOINT_URL_SEATS`".to_owned()
                    }
                    Answered::Well | Answered::Caller(_) | Answered::Refusal(_) => {
                        format!("the other endpoint answers: try `{option}`")
                    }
                })
            }
        };
        self.add(finding.of(format!("{} (used)", name(used))));
        let said = match &other {
            Answered::Well => "answers too".to_owned(),
            Answered::Caller(failure) | Answered::Refusal(failure) => format!("refuses: {failure}"),
            Answered::Nothing(failure) => format!("does not answer: {failure}"),
        };
        self.add(Finding::new(Check::SeatEndpoint, State::Note, said).of(name(unused)));
    }

    async fn lists(&mut self, clients: &KiroClients, instance: &Instance) {
        let page = async |operation: &'static str, list: &'static str, wanted: Value| {
            let client = &clients.subscriptions;
            let call = Call {
                service: kiro::SUBSCRIPTIONS.iam,
                operation,
            };
            let body = client.call(operation, &wanted, Twice::Harmless).await?;
            kiro::page(call, list, &body, |_| ()).map(|_| ())
        };
        let wanted = kiro::rows_wanted(&instance.arn, &clients.region, None);
        let rows = page("ListUserSubscriptions", "subscriptions", wanted).await;
        self.list("user-subscriptions:ListUserSubscriptions", &rows);
        for application in &clients.applications {
            let wanted = kiro::claims_wanted(application, &clients.region, None);
            let claims = page("ListApplicationClaims", "claims", wanted).await;
            self.list("user-subscriptions:ListApplicationClaims", &claims);
        }
    }

    fn list(&mut self, permission: &'static str, asked: &Result<(), Failure>) {
        let Err(failure) = asked else {
            return self.permission(permission, asked, Need::Always);
        };
        let hint = failure.hint().unwrap_or_else(|| {
            "check `--kiro-region` and `--instance`; the service is not published, and may have changed".into()
        });
        let elsewhere = match failure.kind {
            FailureKind::Denied => {
                "; where Kiro lives in another account, give its profile with `--kiro-profile`"
            }
            _ => "",
        };
        let hint = format!("{hint}{elsewhere}; to leave seats alone altogether, give `--no-seats`");
        let finding = Finding::new(Check::Permission, State::Wrong, failure.to_string());
        self.add(finding.of(permission).hint(hint));
    }

    /// A seat write cascades into it.
    async fn described(&mut self, side: &KiroSide<'_>, clients: &KiroClients) {
        let Some(application) = clients.applications.first() else {
            return;
        };
        let call = Call {
            service: "sso",
            operation: "DescribeApplication",
        };
        let asked = side
            .admin
            .describe_application()
            .application_arn(application);
        let asked = asked.send().await.map_err(|error| Failure::of(call, error));
        let permission = "sso:DescribeApplication";
        match &asked {
            Err(failure) if failure.kind == FailureKind::Denied => {
                let finding = Finding::new(Check::Permission, State::Note, failure.to_string());
                let hint = "seat writes are known to cascade into it: should they be refused, grant it first";
                self.add(finding.of(permission).hint(hint));
            }
            _ => self.permission(permission, &asked, Need::Always),
        }
    }
}

fn name(endpoint: KiroEndpoint) -> &'static str {
    match endpoint {
        KiroEndpoint::CodeWhisperer => "codewhisperer",
        KiroEndpoint::Management => "management",
    }
}

/// How an endpoint answers a call that can do nothing.
enum Answered {
    /// It was heard.
    Well,
    /// IAM does not let these credentials: nothing is said of the account.
    Caller(Failure),
    /// This account may not.
    Refusal(Failure),
    /// Nobody answers there, or not as the service does.
    Nothing(Failure),
}

impl Answered {
    fn of(answer: Result<Vec<u8>, Failure>) -> Self {
        match answer {
            Ok(_) => Self::Well,
            Err(failure) => match failure.kind {
                FailureKind::Denied if failure.is_by_iam() => Self::Caller(failure),
                FailureKind::Denied => Self::Refusal(failure),
                FailureKind::Unanswered | FailureKind::Expired => Self::Nothing(failure),
                // An error without a name is not the service's.
                _ if failure.code.is_none() => Self::Nothing(failure),
                _ if failure.code.as_deref() == Some("UnknownOperationException") => {
                    Self::Nothing(failure)
                }
                _ => Self::Well,
            },
        }
    }
}
