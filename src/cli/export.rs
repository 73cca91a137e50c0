//! `export`: live as a roster, deterministic and without ids.

use super::args::{self, Attributes, Global};
use super::connect::{self, Wanted};
use super::exit::Exit;
use super::files;
use super::screen::Screen;
use crate::aws;
use crate::live::{Live, Reach};
use crate::roster;
use anyhow::Context;

pub(super) async fn run(
    args: &args::Export,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let connection = connect::ground(global)?
        .open(global, &Wanted::default(), screen)
        .await?;
    let reach = Reach {
        seats: connection.seats,
        ..Reach::everything()
    };
    let reading = aws::read(&connection.session, &reach).await;
    let live = Live::of(reading.map_err(connect::explain)?);
    connection.close();
    let extent = roster::Extent {
        target: !args.no_target,
        all_attributes: args.attributes == Attributes::All,
    };
    let written = roster::write(&live, extent)?;
    match &args.out {
        Some(file) => files::write_whole(file, &written.text)
            .with_context(|| format!("cannot write `{}`", file.display()))?,
        None => screen.product(&written.text)?,
    }
    let all = extent.all_attributes;
    let (unasked, unsayable): (Vec<_>, Vec<_>) = written
        .left_out
        .iter()
        .partition(|(attribute, _)| !all && !attribute.is_core());
    for (left_out, why) in [
        (unasked, "left out, and written with `--attributes all`"),
        (unsayable, "left out, because no roster could say it"),
    ] {
        let left_out = left_out.iter();
        let left_out = left_out.map(|(attribute, users)| format!("{} ({users})", attribute.key()));
        let left_out: Vec<String> = left_out.collect();
        if !left_out.is_empty() {
            screen.say(&format!("{why}: {}", left_out.join(", ")));
        }
    }
    Ok(Exit::Done)
}
