//! `verify`: the very checks that `apply` makes before writing, and nothing else; for merge queues and cron.

use super::args::{self, Global};
use super::exit::Exit;
use super::screen::Screen;
use super::{saved, today, validate};

pub(super) async fn run(
    args: &args::Verify,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    // Its policy is the plan's own: that is what was reviewed, and what `apply` judges by.
    let sources = args::Sources {
        files: args.files.clone(),
        policy: None,
    };
    let Ok(roster) = validate::load_beside(&sources, screen) else {
        return Ok(Exit::Error);
    };
    let (file, connection) = saved::open(&args.plan, roster.as_ref(), global, screen).await?;
    let remaining = today::again(file.plan.clone(), &connection, screen).await?;
    today::tell_elsewhere(&file, &remaining, screen);
    let (open, done) = today::counts(remaining.states());
    let agreed = args::agreed(&args.acknowledged.ack);
    let judged = match remaining.is_settled() {
        true => Ok(()),
        false => today::approve(remaining, &agreed, &connection, screen)
            .await?
            .map(drop),
    };
    connection.close();
    match judged {
        Err(exit) => Ok(exit),
        Ok(()) => {
            screen.product(&match (open, done) {
                (0, 0) => "This plan has no changes.\n".to_owned(),
                (0, _) => "Already applied.\n".to_owned(),
                (open, 0) => format!("This plan fits: {open} to do.\n"),
                (open, done) => format!("This plan fits: {open} to do, {done} done before.\n"),
            })?;
            Ok(Exit::Done)
        }
    }
}
