//! `schema`, `completions`, `man`: what editors, shells and manuals are fed with.

use super::args::{self, Cli};
use super::exit::Exit;
use super::screen::Screen;
use crate::planfile;
use crate::roster;
use clap::CommandFactory;

pub(super) fn schema(args: &args::Schema, screen: &Screen) -> anyhow::Result<Exit> {
    match args.of {
        args::SchemaOf::Roster => screen.product(&roster::schema())?,
        args::SchemaOf::Plan => screen.product(&planfile::schema())?,
    }
    Ok(Exit::Done)
}

pub(super) fn completions(args: &args::Completions, screen: &Screen) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "kiroster", &mut script);
    screen.product(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

pub(super) fn man(args: &args::Man, screen: &Screen) -> anyhow::Result<Exit> {
    match &args.out {
        Some(directory) => {
            std::fs::create_dir_all(directory)?;
            clap_mangen::generate_to(Cli::command(), directory)?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            screen.product(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(Exit::Done)
}
