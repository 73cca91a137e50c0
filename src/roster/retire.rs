//! The roster that retires an account whose people have arrived elsewhere. It is for that account alone, by its pins, and
//! somebody has to plan and apply it: nothing here does.

use super::writer::{Entries, HEAD, options, pins};
use crate::live::Live;
use crate::migration::Comparison;
use crate::model::{GroupName, Principal, UserName, aws_owned_group, visible};
use std::fmt;

/// More names in a comment are not read by anybody.
const SHOWN: usize = 20;

/// What ends the seats of everybody who has arrived, and takes them out of `live`; nothing where nobody has. `elsewhere`
/// is what their new account is called.
///
/// # Errors
/// What the YAML library cannot write; nothing that can come from AWS is known to be such.
pub fn retire(
    live: &Live,
    compared: &Comparison,
    elsewhere: &str,
) -> Result<Option<String>, fmt::Error> {
    let gone = |user: &UserName| compared.arrived.contains(user) || live.disabled.contains(user);
    let users = live.directory.users.keys();
    let users: Vec<_> = users
        .filter_map(|user| Some((user.as_str(), entry(live, compared, user)?)))
        .collect();
    let groups = live.directory.group_tiers().into_keys();
    let (empties, kept): (Vec<GroupName>, Vec<GroupName>) = groups
        .filter(|group| !aws_owned_group(group.as_str()))
        // Whoever has not arrived keeps what the group gives.
        .partition(|group| {
            let mut members = live.directory.members_of(group);
            members.all(|member| gone(&member.user))
        });
    if users.is_empty() && empties.is_empty() {
        return Ok(None);
    }
    let groups = empties.iter();
    let groups = groups.map(|group| (group.as_str(), Entries(vec![("tier", "none")])));
    let roster = Roster {
        version: 1,
        target: pins(&live.target),
        groups: Entries(groups.collect()),
        users: Entries(users),
    };
    let mut text = HEAD.to_owned();
    let account = &live.target.account;
    let elsewhere = visible(elsewhere);
    text.push_str(&format!(
        "# What retires account {account}: seats end, and whoever has arrived in {elsewhere} is deleted here.\n\
         # Nothing applies this by itself. `state: offboarded` instead of `absent` keeps a user, without seat and groups.\n"
    ));
    let stay = live.directory.users.keys().filter(|user| !gone(user));
    let stay: Vec<&str> = stay.map(UserName::as_str).collect();
    let kept: Vec<&str> = kept.iter().map(GroupName::as_str).collect();
    for (what, names) in [
        ("people who have not arrived there", stay),
        ("groups of theirs, which keep their tier", kept),
    ] {
        if !names.is_empty() {
            let more = match names.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let names: Vec<_> = names.into_iter().take(SHOWN).map(visible).collect();
            let names = names.join(", ");
            text.push_str(&format!("# Not in here, {what}: {names}{more}\n"));
        }
    }
    serde_saphyr::to_fmt_writer_with_options(&mut text, &roster, options())
        .map_err(|_| fmt::Error)?;
    Ok(Some(text))
}

#[derive(serde::Serialize)]
struct Roster<'l> {
    version: u8,
    target: Entries<&'static str, &'l str>,
    #[serde(skip_serializing_if = "Entries::is_empty")]
    groups: Entries<&'l str, Entries<&'static str, &'static str>>,
    #[serde(skip_serializing_if = "Entries::is_empty")]
    users: Entries<&'l str, Entries<&'static str, &'l str>>,
}

fn entry<'l>(
    live: &'l Live,
    compared: &Comparison,
    user: &UserName,
) -> Option<Entries<&'static str, &'l str>> {
    let principal = Principal::User(user.clone());
    let seated = live.directory.seats.contains_key(&principal);
    let arrived = compared.arrived.contains(user);
    let email = live.directory.users.get(user)?.email();
    // An identity provider's people are not ours to delete, and a disabled person has nowhere to have arrived.
    if live.provided.contains(&principal) || !arrived {
        let ends = seated && (arrived || live.disabled.contains(user));
        return ends.then(|| Entries(vec![("tier", "none")]));
    }
    Some(Entries(match email {
        Some(email) => vec![("state", "absent"), ("email", email)],
        None => vec![("state", "offboarded")],
    }))
}
