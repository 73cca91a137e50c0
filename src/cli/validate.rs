//! `validate`: parse, check, show every problem at once. No credentials, no call.

use super::args;
use super::exit::Exit;
use super::screen::Screen;
use crate::desired::{Desired, Said};
use crate::model::visible;
use crate::render::problems;
use crate::roster::{self, Loaded};
use std::path::PathBuf;

pub(super) fn run(args: &args::Validate, screen: &Screen) -> anyhow::Result<Exit> {
    let Ok(loaded) = load(&args.sources.files, screen) else {
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
    let files = match loaded.files.len() {
        1 => "one file".to_owned(),
        count => format!("{count} files"),
    };
    screen.product(&format!(
        "Valid: {} users, {} groups, {} memberships in {files}{root}.\n",
        users.len(),
        groups.len(),
        members.len(),
    ))?;
    Ok(Exit::Done)
}

/// Loads a roster, or shows what is wrong with it.
pub(super) fn load(files: &[PathBuf], screen: &Screen) -> Result<Loaded, ()> {
    let loaded = roster::load(files).map_err(|problems| {
        screen.must_say(problems::text(&problems, screen.err.colour).trim_end());
    })?;
    for Said { value, at } in &loaded.remarks {
        screen.say(&visible(&format!("{}: {value}", at.line())));
    }
    Ok(loaded)
}
