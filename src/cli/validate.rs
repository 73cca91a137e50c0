//! `validate`: parse, check, show every problem at once. No credentials, no call.

use super::args::{self, Sources};
use super::exit::Exit;
use super::screen::Screen;
use crate::desired::{Desired, Said};
use crate::model::visible;
use crate::problem::Problems;
use crate::render::problems;
use crate::roster::{self, Loaded};

pub(super) fn run(args: &args::Validate, screen: &Screen) -> anyhow::Result<Exit> {
    let Ok(loaded) = load(&args.sources, screen) else {
        return Ok(Exit::Error);
    };
    let Desired {
        root,
        users,
        groups,
        members,
        policy: _,
        acknowledge: _,
        prices: _,
        invite: _,
        tables: _,
    } = &loaded.desired;
    let root = match root {
        Some(_) => "",
        None => "; no root file, so nothing would be removed",
    };
    screen.product(&format!(
        "Valid: {}, {}, {} in {}{root}.\n",
        counted(users.len(), "user"),
        counted(groups.len(), "group"),
        counted(members.len(), "membership"),
        counted(loaded.files.len(), "file"),
    ))?;
    Ok(Exit::Done)
}

fn counted(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// Loads a roster, or shows what is wrong with it.
pub(super) fn load(sources: &Sources, screen: &Screen) -> Result<Loaded, ()> {
    let told = |problems: &Problems| {
        screen.must_say(problems::text(problems, screen.err.colour).trim_end());
    };
    let mut loaded = roster::load(&sources.files()).map_err(|problems| told(&problems))?;
    if let Some(file) = &sources.policy {
        let rules = roster::load_policy(file).map_err(|problems| told(&problems))?;
        loaded.desired = loaded.desired.under(rules);
    }
    for Said { value, at } in &loaded.remarks {
        screen.say(&visible(&format!("{}: {value}", at.line())));
    }
    Ok(loaded)
}

/// The roster that is named beside a plan, if one is.
pub(super) fn load_beside(sources: &Sources, screen: &Screen) -> Result<Option<Loaded>, ()> {
    match sources.files.is_empty() {
        true => Ok(None),
        false => load(sources, screen).map(Some),
    }
}
