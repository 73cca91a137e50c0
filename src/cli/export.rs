//! `export`: live as a roster, deterministic and without ids; or as the files of the scripts, which have ids.

use super::args::{self, Attributes, ExportFormat, Global};
use super::connect::{self, Wanted};
use super::exit::{Exit, Stop};
use super::files;
use super::screen::Screen;
use crate::aws;
use crate::live::{Live, Reach};
use crate::migration::Staying;
use crate::model::{Subject, visible};
use crate::plan::Selector;
use crate::render::migration;
use crate::roster::{self, Backup, Part, Sheets};
use anyhow::Context;
use std::fs;
use std::path::Path;

pub(super) async fn run(
    args: &args::Export,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let live = everything(global, screen).await?;
    let part = match args.only.is_empty() {
        true => Part::whole(live),
        false => part(&live, &args.only, screen)?,
    };
    match args.format {
        ExportFormat::Yaml => yaml(&part, args, screen)?,
        ExportFormat::Csv => csv(&part, args, screen)?,
        ExportFormat::Json => {
            let Backup { text, told } = roster::write_store(&part.live)?;
            deliver(&text, args.out.as_deref(), screen)?;
            tell(&told, screen);
            tell(&part.told(), screen);
        }
    }
    Ok(Exit::Done)
}

/// What is chosen of it, if anything is.
fn part(live: &Live, only: &[Selector], screen: &Screen) -> Result<Part, Stop> {
    let fits = |selector: &Selector| roster::subjects(live).any(|subject| selector.fits(&subject));
    for selector in only.iter().filter(|selector| !fits(selector)) {
        screen.say(&visible(&format!("`--only {selector}` fits nothing")));
    }
    let chosen = |subject: &Subject| only.iter().any(|selector| selector.fits(subject));
    let part = Part::of(live, chosen);
    match part.is_empty() {
        true => {
            Err(nothing_left()
                .hint("a glob is for the whole name, and tells upper from lower case"))
        }
        false => Ok(part),
    }
}

fn nothing_left() -> Stop {
    Stop::new(Exit::Error, "nothing is left to be exported")
}

/// All that is live, of whichever organization the options lead to.
pub(super) async fn everything(global: &Global, screen: &Screen) -> anyhow::Result<Live> {
    let connection = connect::ground(global)?
        .open(global, &Wanted::default(), screen)
        .await?;
    let reach = Reach {
        seats: connection.seats,
        ..Reach::everything()
    };
    let reading = aws::read(&connection.session, &reach).await;
    connection.close();
    Ok(Live::of(reading.map_err(connect::explain)?))
}

fn yaml(part: &Part, args: &args::Export, screen: &Screen) -> anyhow::Result<()> {
    let extent = roster::Extent {
        target: !args.no_target,
        all_attributes: args.attributes == Attributes::All,
        abroad: args.no_target,
    };
    let written = roster::write_part(part, extent)?;
    let nothing = written.is_empty && !args.only.is_empty();
    match &args.diff {
        _ if nothing => {}
        Some(file) => screen.product(&difference(file, &written.text)?)?,
        None => deliver(&written.text, args.out.as_deref(), screen)?,
    }
    tell_left_out(&written, extent, screen);
    if extent.abroad {
        let staying = Staying::of(&part.live);
        tell(&migration::staying(&staying), screen);
    }
    tell(&written.in_part, screen);
    match nothing {
        true => Err(nothing_left().into()),
        false => Ok(()),
    }
}

/// Attributes that the file does not have.
pub(super) fn tell_left_out(written: &roster::Written, extent: roster::Extent, screen: &Screen) {
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
}

/// Two files: the groups' lies beside the people's.
fn csv(part: &Part, args: &args::Export, screen: &Screen) -> anyhow::Result<()> {
    let Some(out) = &args.out else {
        return Err(Stop::new(Exit::Usage, "CSV is two files: name the first with `--out`").into());
    };
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    if out.extension().is_none_or(|end| end != "csv") {
        let message = format!(
            "`{}` does not end in `.csv`",
            visible(&out.to_string_lossy())
        );
        let hint = "two files are written: `X.csv`, and beside it `X-groups.csv`";
        return Err(Stop::new(Exit::Usage, message).hint(hint).into());
    }
    let Sheets {
        users,
        groups,
        told,
    } = roster::write_csv(&part.live)?;
    deliver(&users, Some(out), screen)?;
    let groups_out = out.with_file_name(format!("{stem}-groups.csv"));
    deliver(&groups, Some(&groups_out), screen)?;
    tell(&told, screen);
    tell(&part.told(), screen);
    Ok(())
}

/// What would have to change in a file for it to be what is live.
fn difference(file: &Path, live: &str) -> anyhow::Result<String> {
    let shown = visible(&file.to_string_lossy()).into_owned();
    let text = fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
    let diff = similar::TextDiff::from_lines(text.as_str(), live);
    let diff = diff.unified_diff().header(&shown, "live").to_string();
    let lines = diff.split_inclusive('\n').map(|line| {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        visible(line).into_owned() + end
    });
    Ok(lines.collect())
}

pub(super) fn deliver(text: &str, out: Option<&Path>, screen: &Screen) -> anyhow::Result<()> {
    match out {
        Some(file) => files::write_whole(file, text)
            .with_context(|| format!("cannot write `{}`", file.display()))?,
        None => screen.product(text)?,
    }
    Ok(())
}

fn tell(told: &[String], screen: &Screen) {
    for line in told {
        screen.say(&visible(line));
    }
}
