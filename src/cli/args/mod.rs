//! What can be typed. Each command's doc comment is its help. A command's options stand in the file of its name, as its work
//! does one folder up; what several share is in `sources` and `wishes`, what all have in `global`.

mod apply;
mod doctor;
mod explain;
mod export;
mod global;
mod help;
mod import;
mod invite;
mod migrate;
mod plan;
mod sandbox;
mod seats;
mod show;
mod sources;
mod validate;
mod value;
mod verify;
mod wishes;

pub(crate) use apply::{Apply, Running, Stream};
pub(crate) use doctor::{Doctor, DoctorFormat};
pub(crate) use explain::Explain;
pub(crate) use export::{Attributes, Export, ExportFormat};
pub(crate) use global::{Colour, Global, KiroEndpoint, LogFormat};
pub(crate) use help::{Completions, Man, Schema, SchemaOf};
pub(crate) use import::{Import, ImportTierFor};
pub(crate) use invite::InviteArgs;
pub(crate) use migrate::{Migrate, Sides};
pub(crate) use plan::{Format, Plan};
pub(crate) use sandbox::{Sandbox, Serve};
pub(crate) use seats::{Seats, SeatsFormat};
pub(crate) use show::Show;
pub(crate) use sources::Sources;
pub(crate) use validate::Validate;
pub(crate) use verify::Verify;
pub(crate) use wishes::{Acknowledged, Consent, InviteWhom, Part, Wishes, agreed};

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::{OsStr, OsString};

/// Seats as code: a YAML roster of users, groups, memberships and Kiro tiers, planned and applied against AWS IAM
/// Identity Center and Kiro.
#[derive(Debug, Parser)]
#[command(
    name = "kiroster",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Validate(Validate),
    Plan(Plan),
    Apply(Apply),
    Show(Show),
    Verify(Verify),
    Invite(InviteArgs),
    Export(Export),
    Import(Import),
    Seats(Seats),
    Explain(Explain),
    Doctor(Doctor),
    Migrate(Migrate),
    Schema(Schema),
    Completions(Completions),
    Man(Man),
    #[command(subcommand)]
    Sandbox(Sandbox),
}

impl Cli {
    /// What was typed, over what the environment says. A variable that is empty counts as unset: pipelines set what they
    /// have nothing for.
    pub(crate) fn read(typed: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut command = Self::command().mut_args(|arg| {
            let empty = arg.get_env().is_some_and(is_empty);
            match empty {
                true => arg.env(Resettable::Reset),
                false => arg,
            }
        });
        let matches = command.try_get_matches_from_mut(typed)?;
        let mut cli =
            Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
        if matches!(cli.command, Command::Migrate(_)) {
            let typed = |arg: &&str| matches.value_source(arg) == Some(ValueSource::CommandLine);
            if let Some(arg) = Migrate::OF_A_SIDE.iter().find(|arg| typed(arg)) {
                let flag = arg.replace('_', "-");
                let said = format!(
                    "`--{flag}` could be either account's here: give `--from-{flag}` or `--to-{flag}`"
                );
                return Err(command.error(ErrorKind::ArgumentConflict, said));
            }
        }
        let Global { verbose, quiet, .. } = &mut cli.global;
        if *quiet && *verbose > 0 {
            let typed = |arg| matches.value_source(arg) == Some(ValueSource::CommandLine);
            match (typed("quiet"), typed("verbose")) {
                (true, true) => {
                    let said = "`--quiet` and `--verbose` contradict each other";
                    return Err(command.error(ErrorKind::ArgumentConflict, said));
                }
                (false, true) => *quiet = false,
                (_, false) => *verbose = 0,
            }
        }
        Ok(cli)
    }
}

fn is_empty(variable: &OsStr) -> bool {
    std::env::var_os(variable).is_some_and(|value| value.is_empty())
}

const EXIT_CODES: &str = "Exit codes: 0 done, or nothing to do · 1 error, nothing was written · 2 changes pending \
(--detailed-exitcode) · 3 blocked by policy · 4 the plan is stale, nothing was written · 5 apply incomplete: run the same \
again · 64 usage · 130 interrupted: calls in flight were finished";
