//! A saved plan: read, found usable, and opened where it is for.

use super::args::Global;
use super::connect::{self, Connection, Wanted};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use crate::planfile::{self, Refusal, Saved};
use crate::roster::Loaded;
use anyhow::Context;
use std::path::Path;

/// Reads a plan file.
///
/// # Errors
/// Exit 1 where the file cannot be read, 4 where what is read must not be applied.
pub(super) fn read(file: &Path) -> anyhow::Result<Saved> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read `{}`", file.display()))?;
    Ok(planfile::read(&text).map_err(|refusal| refused(file, &refusal))?)
}

/// Reads a plan file, and opens a session where the plan is for: checks 1 to 3.
pub(super) async fn open(
    file: &Path,
    roster: Option<&Loaded>,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<(Saved, Connection)> {
    let saved = read(file)?;
    let ground = connect::ground(global)?;
    saved
        .usable(ground.now)
        .map_err(|refusal| refused(file, &refusal))?;
    let wanted = Wanted::of_plan(&saved.document.target);
    let connection = ground.open(global, &wanted, screen).await?;
    if let Some(loaded) = roster
        && *loaded.digest != *saved.document.roster.digest
    {
        connection.close();
        return Err(Stop::new(
            Exit::Stale,
            format!(
                "this plan was made from another roster: {} there, {} here",
                saved.document.roster.digest, loaded.digest
            ),
        )
        .hint("make a new plan of this roster, and have it reviewed")
        .into());
    }
    Ok((saved, connection))
}

fn refused(file: &Path, refusal: &Refusal) -> Stop {
    Stop::new(Exit::Stale, format!("`{}`: {refusal}", file.display())).hint(refusal.hint())
}
