//! A plan against today: the checks that `verify` and `apply` make of what is live, in their order, before anything is
//! written.

use super::connect::Connection;
use super::exit::{Exit, Stop};
use super::plan;
use super::screen::Screen;
use super::show;
use crate::goal::Block;
use crate::model::visible;
use crate::plan::{Approved, Misfit, Plan, Remaining, State};
use crate::planfile::Saved;
use crate::policy::Agreed;
use crate::render;
use std::time::Duration;
use tokio::time::sleep;

/// Kiro's two lists may show a write some seconds apart; so long they are read again until they agree.
const LISTS_DIFFER: [Duration; 3] = [
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// Reads live again and sorts every change: checks 4 and 5.
pub(super) async fn again(
    plan: Plan,
    connection: &Connection,
    screen: &Screen,
) -> anyhow::Result<Remaining> {
    let mut pauses = LISTS_DIFFER.into_iter();
    let mut plan = plan;
    let misfit = loop {
        let live = plan::read(&plan.reach(), connection, screen).await?;
        let misfit = match plan.against(live, connection.today) {
            Ok(remaining) => return Ok(told(remaining, screen)),
            Err(misfit) => misfit,
        };
        match (misfit, pauses.next()) {
            (Misfit::Unclear(same, _), Some(pause)) => {
                screen.say("Kiro's lists of seats do not agree yet; reading them again");
                sleep(pause).await;
                plan = *same;
            }
            (misfit, _) => break misfit,
        }
    };
    Err(misfits(&misfit, screen).into())
}

fn told(remaining: Remaining, screen: &Screen) -> Remaining {
    let beside = remaining.beside().iter().flat_map(render::beside);
    for line in beside.chain(render::unreviewed(remaining.unreviewed())) {
        screen.say(&format!("note: {line}"));
    }
    remaining
}

fn misfits(misfit: &Misfit, screen: &Screen) -> Stop {
    let (said, hint) = match misfit {
        Misfit::Stale(drift) => {
            screen.must_say(render::stale(drift, screen.err.width).trim_end());
            (
                "live has changed since this plan was made",
                "make a new plan, and have it reviewed",
            )
        }
        Misfit::Unclear(_, drift) => {
            screen.must_say(render::unclear(drift).trim_end());
            (
                "what this plan changes cannot be told",
                "run the same command again in some minutes; should it still be so, make a new plan",
            )
        }
        Misfit::Emptied => (
            "the identity store reads empty, and this plan knows people in it",
            "check which store this is; if it is meant, make a new plan",
        ),
    };
    Stop::new(Exit::Stale, format!("{said}; nothing was written")).hint(hint)
}

/// Says in which kinds something has changed that the plan does not touch.
pub(super) fn tell_elsewhere(saved: &Saved, remaining: &Remaining, screen: &Screen) {
    let (Some(then), Some(now)) = (&saved.document.elsewhere, remaining.elsewhere()) else {
        return;
    };
    let kinds: Vec<&str> = then.differs(now).collect();
    if !kinds.is_empty() {
        screen.say(&format!(
            "note: {} that this plan does not touch have changed since it was made",
            visible(&kinds.join(", "))
        ));
    }
}

/// Judges the whole change set: check 6. The blocks are shown.
pub(super) async fn approve(
    remaining: Remaining,
    agreed: &Agreed,
    connection: &Connection,
    screen: &Screen,
) -> anyhow::Result<Result<Approved, Exit>> {
    let access = plan::access_today(&remaining, connection).await?;
    let approved = remaining.approve(&access, agreed).map_err(|blocks| {
        tell_blocks(&blocks, screen);
        Exit::Blocked
    });
    for note in approved.iter().flat_map(|approved| &approved.notes) {
        screen.say(&format!("note: {}", show::note_told(note).message));
    }
    Ok(approved)
}

fn tell_blocks(blocks: &[Block], screen: &Screen) {
    for block in blocks {
        let told = show::block_told(block);
        screen.error(&told.message, told.hint.as_deref());
    }
    screen.must_say("blocked; nothing was written");
}

/// How many changes are to be done, and how many are.
pub(super) fn counts(states: &[State]) -> (usize, usize) {
    let done = states.iter().filter(|state| **state == State::Done).count();
    (states.len() - done, done)
}
