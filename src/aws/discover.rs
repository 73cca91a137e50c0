//! Where Kiro is: its region and its applications, named in full where there are several, and never guessed.

use super::error::{Error, ErrorKind};
use super::failure::{Call, Failure};
use super::instance::Instance;
use super::json::{JsonClient, Twice};
use super::kiro::{self, Profile};
use super::paging::to_the_last_page;
use aws_sdk_ssoadmin::types::{Application, ListApplicationsFilter};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// Where Kiro is.
pub(super) struct Kiro {
    pub(super) region: String,
    pub(super) applications: Vec<String>,
}

impl Kiro {
    /// Subscriptions are listed per instance and region, whatever application they came through; so the claims of every
    /// Kiro application count that is of this region, as far as its name tells (`KiroProfile-us-east-1`).
    pub(super) fn of(region: String, applications: Vec<(String, String)>) -> Self {
        let elsewhere = |name: &str| {
            let mut others = REGIONS_IN_NAMES.iter().filter(|other| **other != region);
            others.any(|other| name.ends_with(other))
        };
        let mut here: Vec<_> = applications
            .iter()
            .filter(|(_, name)| !elsewhere(name))
            .collect();
        if here.is_empty() {
            here = applications.iter().collect();
        }
        let applications = here.into_iter().map(|(arn, _)| arn.clone()).collect();
        Self {
            region,
            applications,
        }
    }
}

const REGIONS_IN_NAMES: [&str; 4] = [
    "us-east-1",
    "eu-central-1",
    "us-gov-east-1",
    "us-gov-west-1",
];

/// Kiro's region: as given, else that of the only profile of this instance in any region that can hold one.
pub(super) async fn kiro_region(
    given: Option<&str>,
    identity_region: &str,
    instance: &Instance,
    account: &str,
    client: impl Fn(&str) -> JsonClient,
) -> Result<String, Error> {
    match given {
        Some(region) => Ok(region.to_owned()),
        None => Profiles::sought(identity_region, Some(instance), account, client)
            .await?
            .region(),
    }
}

/// The Kiro profiles that there are, as far as each region told.
pub(super) struct Profiles {
    doing: String,
    /// By ARN, with the region of each.
    found: Map<String, (Profile, String)>,
    refused: Vec<(&'static str, Error)>,
}

impl Profiles {
    /// Asks every region that can hold one; profiles of other instances do not count.
    ///
    /// # Errors
    /// Where no region is known to hold any.
    pub(super) async fn sought(
        identity_region: &str,
        instance: Option<&Instance>,
        account: &str,
        client: impl Fn(&str) -> JsonClient,
    ) -> Result<Self, Error> {
        let regions = kiro::regions(identity_region);
        if regions.is_empty() {
            let doing = "looking for Kiro's region";
            let said = format!("Kiro is not known to be offered beside {identity_region}");
            let error = Error::new(ErrorKind::Kiro, doing, said);
            return Err(seats_can_be_left_out(
                error.hint("if it is now, give `--kiro-region`"),
            ));
        }
        let doing = format!(
            "looking for the Kiro profile of account {account} in {}",
            regions.join(" and ")
        );
        let clients: Vec<_> = regions
            .iter()
            .map(|region| (*region, client(region)))
            .collect();
        let asked = clients
            .iter()
            .map(async |(region, client)| (*region, profiles(client, &doing).await));
        let mut found = Map::new();
        let mut refused = Vec::new();
        for (region, answer) in futures_util::future::join_all(asked).await {
            match answer {
                Ok(profiles) => found.extend(profiles.into_iter().map(|profile| {
                    let of = profile.region().unwrap_or(region).to_owned();
                    (profile.arn.clone(), (profile, of))
                })),
                Err(error) => refused.push((region, error)),
            }
        }
        // An instance that a profile does not name could be this one.
        found.retain(|_, (profile, _)| match (instance, &profile.instance) {
            (Some(ours), Some(arn)) => **arn == *ours.arn,
            _ => true,
        });
        Ok(Self {
            doing,
            found,
            refused,
        })
    }

    /// The region of the only one.
    ///
    /// # Errors
    /// None, several, or a region that does not tell.
    pub(super) fn region(&self) -> Result<String, Error> {
        decide(&self.doing, &self.found, &self.refused)
    }

    /// Each in full.
    pub(super) fn named(&self) -> Vec<String> {
        let found = self.found.values();
        found
            .map(|(profile, region)| named(profile, region))
            .collect()
    }

    /// A region that did not tell, and why.
    pub(super) fn refusal(&self) -> Option<(&'static str, &Error)> {
        let (region, error) = self.refused.first()?;
        Some((region, error))
    }

    /// Whether one lies in this region.
    pub(super) fn lie_in(&self, region: &str) -> bool {
        self.found.values().any(|(_, of)| of == region)
    }
}

async fn profiles(client: &JsonClient, doing: &str) -> Result<Vec<Profile>, Error> {
    let call = client.names("ListProfiles");
    to_the_last_page(doing, async |token| {
        let wanted = kiro::profiles_wanted(token);
        let body = client
            .call(call.operation, &wanted, Twice::Harmless)
            .await?;
        kiro::page(call, "profiles", &body, kiro::profile)
    })
    .await
}

fn decide(
    doing: &str,
    found: &Map<String, (Profile, String)>,
    refused: &[(&str, Error)],
) -> Result<String, Error> {
    let wrong = |said: String| Error::new(ErrorKind::Kiro, doing, said);
    let named: Vec<String> = found
        .values()
        .map(|(profile, region)| named(profile, region))
        .collect();
    let regions: Set<&String> = found.values().map(|(_, region)| region).collect();
    if let [(region, error), ..] = refused {
        let others = match named.as_slice() {
            [] => String::new(),
            named => format!("; found elsewhere: {}", named.join("; ")),
        };
        let said = format!("{region} did not tell: {}{others}", error.said);
        return Err(wrong(said).hint(
            "give Kiro's region with `--kiro-region` (it is in the profile's ARN, in the Kiro console's settings), or \
             leave Kiro alone with `--no-seats`",
        ));
    }
    match (named.len(), regions.first()) {
        (1, Some(region)) => Ok((*region).clone()),
        (0, _) | (_, None) => Err(wrong("there is no Kiro profile for this instance".into()).hint(
            "set Kiro up in its console first; where it lives in a member account, give `--kiro-profile`; if you know \
             its region, give `--kiro-region`; or leave Kiro alone with `--no-seats`",
        )),
        (count, _) => {
            let said = format!("there are {count} Kiro profiles: {}", named.join("; "));
            Err(wrong(said).hint("choose one by its region: `--kiro-region REGION`"))
        }
    }
}

fn named(profile: &Profile, region: &str) -> String {
    let name = profile.name.as_deref().unwrap_or("without a name");
    let status = profile.status.as_deref().unwrap_or("status unknown");
    format!("{} ({name}, {region}, {status})", profile.arn)
}

/// ARN and name of Kiro's applications on the instance: this account's, else those of the only account that has any.
pub(super) async fn applications(
    admin: &aws_sdk_ssoadmin::Client,
    instance: &Instance,
    account: &str,
    region: &str,
) -> Result<Vec<(String, String)>, Error> {
    let doing = format!(
        "looking for Kiro's application on {} in {region}, as account {account}; without it seats cannot be read",
        instance.arn
    );
    let call = Call {
        service: "sso",
        operation: "ListApplications",
    };
    // A member account may only ask for its own.
    let is_member = instance
        .owner
        .as_deref()
        .is_some_and(|owner| owner != account);
    let filter = is_member.then(|| {
        ListApplicationsFilter::builder()
            .application_account(account)
            .build()
    });
    let found = to_the_last_page(&doing, async |token| {
        let page = admin
            .list_applications()
            .instance_arn(&instance.arn)
            .max_results(100);
        let page = page.set_filter(filter.clone()).set_next_token(token);
        let page = page
            .send()
            .await
            .map_err(|error| Failure::of(call, error))?;
        Ok((page.applications.unwrap_or_default(), page.next_token))
    });
    let found = found.await.map_err(seats_can_be_left_out)?;
    let kiros = found
        .iter()
        .filter(|a| kiro::is_kiro_application(a.application_provider_arn(), a.name()));
    of_one_account(kiros, &doing, account)
}

fn of_one_account<'a>(
    found: impl Iterator<Item = &'a Application>,
    doing: &str,
    account: &str,
) -> Result<Vec<(String, String)>, Error> {
    let mut by_account: Map<&str, Vec<(String, String)>> = Map::new();
    for application in found {
        let Some(arn) = application.application_arn() else {
            continue;
        };
        let of = application.application_account().unwrap_or(account);
        let name = application.name().unwrap_or_default().to_owned();
        by_account
            .entry(of)
            .or_default()
            .push((arn.to_owned(), name));
    }
    if let Some(own) = by_account.remove(account) {
        return Ok(own);
    }
    let accounts: Vec<&str> = by_account.keys().copied().collect();
    match accounts.as_slice() {
        [_] => Ok(by_account.into_values().flatten().collect()),
        [] => {
            let said = "there is none: Kiro is not set up on this instance";
            let error = Error::new(ErrorKind::Kiro, doing, said).hint(
                "set Kiro up in its console, in the account that is to pay for it; where another account has it, give \
                 that account's profile with `--kiro-profile`",
            );
            Err(seats_can_be_left_out(error))
        }
        several => {
            let said = format!("several accounts have one: {}", several.join(", "));
            let error = Error::new(ErrorKind::Kiro, doing, said);
            Err(error.hint("give a profile of the right account with `--kiro-profile`"))
        }
    }
}

/// Whoever only wants users, groups and memberships can have them without Kiro.
pub(super) fn seats_can_be_left_out(error: Error) -> Error {
    let aside = "to leave seats alone altogether, give `--no-seats`";
    let hint = match &error.hint {
        Some(hint) => format!("{hint}; {aside}"),
        None => aside.to_owned(),
    };
    error.hint(hint)
}
