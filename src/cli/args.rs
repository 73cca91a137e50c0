//! What can be typed. Each command's doc comment is its help; each global option but `--sandbox` is also `KIROSTER_…`.

use crate::apply::SHOWS_WITHIN;
use crate::desired::{Invite, Limit};
use crate::model::{Glob, Tier};
use crate::plan::{Partial, Selector, Wish};
use crate::policy::Agreed;
use clap::builder::{BoolishValueParser, NonEmptyStringValueParser, Resettable};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

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

fn is_empty(variable: &std::ffi::OsStr) -> bool {
    std::env::var_os(variable).is_some_and(|value| value.is_empty())
}

const EXIT_CODES: &str = "Exit codes: 0 done, or nothing to do · 1 error, nothing was written · 2 changes pending \
(--detailed-exitcode) · 3 blocked by policy · 4 the plan is stale, nothing was written · 5 apply incomplete: run the same \
again · 64 usage · 130 interrupted: calls in flight were finished";

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// AWS profile; the SDK's own chain decides otherwise
    #[arg(long, global = true, env = "KIROSTER_PROFILE", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) profile: Option<String>,
    /// Identity Center's region
    #[arg(long, global = true, env = "KIROSTER_REGION", value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) region: Option<String>,
    /// Kiro's region, where it cannot be discovered
    #[arg(
        long,
        global = true,
        env = "KIROSTER_KIRO_REGION",
        value_name = "REGION",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) kiro_region: Option<String>,
    /// AWS profile for seat calls, where Kiro lives in a member account
    #[arg(
        long,
        global = true,
        env = "KIROSTER_KIRO_PROFILE",
        value_name = "NAME",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) kiro_profile: Option<String>,
    /// Identity Center instance, where there are several
    #[arg(long, global = true, env = "KIROSTER_INSTANCE", value_name = "ARN", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) instance: Option<String>,
    /// Identity store that the instance must have
    #[arg(
        long,
        global = true,
        env = "KIROSTER_IDENTITY_STORE_ID",
        value_name = "ID",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) identity_store_id: Option<String>,
    /// Which of Kiro's two endpoints takes seat writes
    #[arg(long, global = true, env = "KIROSTER_KIRO_ENDPOINT", value_enum, default_value_t = KiroEndpoint::Codewhisperer)]
    pub(crate) kiro_endpoint: KiroEndpoint,
    /// Never call any API more often than this each second
    #[arg(long, global = true, env = "KIROSTER_MAX_RPS", value_name = "N", value_parser = positive)]
    pub(crate) max_rps: Option<f64>,
    /// Use the embedded AWS double, with its state in FILE
    #[arg(long, global = true, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = ".kiroster/sandbox.json")]
    pub(crate) sandbox: Option<PathBuf>,
    /// Leave Kiro alone altogether
    #[arg(long, global = true, env = "KIROSTER_NO_SEATS", value_parser = BoolishValueParser::new())]
    pub(crate) no_seats: bool,
    /// Whether to colour
    #[arg(long, global = true, env = "KIROSTER_COLOR", value_enum, default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
    /// Never ask anything
    #[arg(long, global = true, env = "KIROSTER_NO_INPUT", value_parser = BoolishValueParser::new())]
    pub(crate) no_input: bool,
    /// Say more; twice: the SDK's own log too (the variable is a number)
    #[arg(short, long, global = true, env = "KIROSTER_VERBOSE", action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say only what went wrong
    #[arg(
        short,
        long,
        global = true,
        env = "KIROSTER_QUIET",
        value_parser = BoolishValueParser::new()
    )]
    pub(crate) quiet: bool,
    /// How log lines are written
    #[arg(long, global = true, env = "KIROSTER_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err("give a number above 0".into()),
    }
}

/// The two endpoints that take seat writes; which one an account needs cannot be known from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KiroEndpoint {
    /// codewhisperer.REGION.amazonaws.com
    Codewhisperer,
    /// management.REGION.kiro.dev, the console's since about July 2026
    Management,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// As NO_COLOR, CLICOLOR_FORCE and the terminal say
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// Where the roster is.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// Roster file, directory of them, or `-` for standard input; repeatable, in any order [default: kiroster.yaml]
    #[arg(short, long = "file", value_name = "PATH")]
    pub(crate) files: Vec<PathBuf>,
    /// Policy and acknowledgements of a trusted checkout, instead of the roster's own
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

impl Sources {
    /// The files that are named, or the one that is meant.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        match self.files.as_slice() {
            [] => vec![PathBuf::from("kiroster.yaml")],
            files => files.to_vec(),
        }
    }
}

/// What a person wishes beside the roster.
#[derive(Debug, Args)]
pub(crate) struct Wishes {
    /// Agree to so many of what a limit counts, such as remove_users=42
    #[arg(long, value_name = "RULE=N", value_parser = ack)]
    pub(crate) ack: Vec<(Limit, u64)>,
    /// Only these operations and what they need: user:, group:, membership: or seat: and a glob
    #[arg(long, value_name = "KIND:GLOB", value_parser = Selector::parse)]
    pub(crate) only: Vec<Selector>,
    /// Leave out whatever removes, lowers or renames
    #[arg(long)]
    pub(crate) additive: bool,
    /// Mail a password link to users that are created, whatever the roster says
    #[arg(long, value_enum, value_name = "WHOM")]
    pub(crate) invite: Option<InviteWhom>,
    /// Make waiting entries an error
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Who is mailed a password link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InviteWhom {
    /// Users that this run creates
    New,
    /// Nobody
    Off,
}

impl Wishes {
    pub(crate) fn wish(&self) -> Wish {
        Wish {
            partial: Partial {
                only: self.only.clone(),
                additive: self.additive,
            },
            invite: self.invite.map(|whom| match whom {
                InviteWhom::New => Invite::New,
                InviteWhom::Off => Invite::Off,
            }),
            agreed: agreed(&self.ack),
        }
    }
}

/// The highest count for each rule.
pub(crate) fn agreed(acks: &[(Limit, u64)]) -> Agreed {
    let mut agreed = Agreed::new();
    for (limit, count) in acks {
        let known = agreed.entry(*limit).or_default();
        *known = (*known).max(*count);
    }
    agreed
}

fn ack(text: &str) -> Result<(Limit, u64), String> {
    let (rule, count) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` is not RULE=N, such as `remove_users=42`"))?;
    let limit = Limit::spelled(rule).ok_or_else(|| {
        let known = Limit::ALL.map(Limit::key).join(", ");
        format!("`{rule}` is no limit; there are {known}")
    })?;
    let count = count
        .parse()
        .map_err(|_| format!("`{count}` is no count"))?;
    Ok((limit, count))
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

/// Check a roster offline and show every problem at once
#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// Compare a roster with what is live and show what apply would do; never writes
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) sources: Sources,
    #[command(flatten)]
    pub(crate) wishes: Wishes,
    /// Save the plan, for review and for `apply`
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How to show it
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// List what is live and in no file, and fold nothing
    #[arg(long)]
    pub(crate) full: bool,
    /// Show people by pseudonyms; a file that is saved is whole all the same
    #[arg(long)]
    pub(crate) redact: bool,
    /// Exit 2 where there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

/// How a plan is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    Text,
    /// The plan file
    Json,
    /// For a pull request
    Markdown,
    /// One line
    Summary,
}

/// Show a saved plan again, in any format; offline
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    /// How to show it
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// List what was live and in no file, and fold nothing
    #[arg(long)]
    pub(crate) full: bool,
    /// Show people by pseudonyms
    #[arg(long)]
    pub(crate) redact: bool,
}

/// Check that a saved plan still fits and may be applied; never writes
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    #[command(flatten)]
    pub(crate) sources: Sources,
    /// Agree to so many of what a limit counts, such as remove_users=42
    #[arg(long, value_name = "RULE=N", value_parser = ack)]
    pub(crate) ack: Vec<(Limit, u64)>,
}

/// Apply a saved plan, or plan a roster and, after consent, make it so
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// A plan that `plan --out` saved: exactly that is done, or nothing
    #[arg(value_name = "PLAN", conflicts_with_all = ["only", "additive", "invite", "strict", "expect", "policy"])]
    pub(crate) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) sources: Sources,
    #[command(flatten)]
    pub(crate) wishes: Wishes,
    /// Go on only if the plan has this digest
    #[arg(long, value_name = "DIGEST")]
    pub(crate) expect: Option<String>,
    /// Do not ask; no guard is skipped
    #[arg(short = 'y', long)]
    pub(crate) yes: bool,
    /// Wait this long for written seats to show in Kiro's lists; what does not show by then is left for a later run
    #[arg(long, value_name = "SECONDS", default_value_t = SHOWS_WITHIN.as_secs(), value_parser = clap::value_parser!(u64).range(..=SHOWS_WITHIN.as_secs()))]
    pub(crate) settle: u64,
    #[command(flatten)]
    pub(crate) running: Running,
}

/// How an apply runs and speaks.
#[derive(Debug, Args)]
pub(crate) struct Running {
    /// Only the first N people with anything to do, by name, and what they need; the same command goes on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Stop after N failures: what is in flight is finished, nothing more starts
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_failures: Option<u32>,
    /// Write what became of everything to FILE, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// What goes to standard output: the plan and the account, or each event as it happens
    #[arg(short = 'o', long = "output", value_enum, value_name = "FORMAT", default_value_t = Stream::Text)]
    pub(crate) output: Stream,
}

/// What an apply writes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stream {
    /// For people
    Text,
    /// One JSON object a line, as in the ledger
    Jsonl,
}

/// Mail people a link to set a password, again or for the first time; the link dies after an hour
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("whom").required(true).multiple(true)))]
pub(crate) struct InviteArgs {
    /// This user; repeatable
    #[arg(long = "user", value_name = "NAME", group = "whom")]
    pub(crate) users: Vec<String>,
    /// Everybody in this roster who is live
    #[arg(short, long = "file", value_name = "PATH", group = "whom")]
    pub(crate) files: Vec<PathBuf>,
    /// Policy of a trusted checkout, instead of the roster's own
    #[arg(long, value_name = "FILE", requires = "files")]
    pub(crate) policy: Option<PathBuf>,
    /// Everybody whom this report of an apply lists as created
    #[arg(long, value_name = "FILE", group = "whom")]
    pub(crate) report: Option<PathBuf>,
    /// Only whom the ledger knows to have been created so recently, such as 24h
    #[arg(long, value_name = "TIME", group = "whom", value_parser = time)]
    pub(crate) created_within: Option<jiff::SignedDuration>,
    /// The ledger that knows; that of this folder, unless a saved plan was applied
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// Only the first N, those longest without a mail first; the same command goes on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Agree to so many mails, as in invites=500
    #[arg(long, value_name = "RULE=N", value_parser = ack)]
    pub(crate) ack: Vec<(Limit, u64)>,
    /// Do not ask; no guard is skipped
    #[arg(short = 'y', long)]
    pub(crate) yes: bool,
}

fn time(text: &str) -> Result<jiff::SignedDuration, String> {
    match text.parse::<jiff::SignedDuration>() {
        Ok(time) if time.is_positive() => Ok(time),
        _ => Err("give a time such as 24h or 90m".into()),
    }
}

/// Write what is live as a roster, or in a format of the scripts
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Write here instead of to standard output; CSV needs it, and writes X.csv and X-groups.csv
    #[arg(long, value_name = "FILE", required_if_eq("format", "csv"))]
    pub(crate) out: Option<PathBuf>,
    /// As a roster, or as the files that the scripts read
    #[arg(long, value_enum, default_value_t = ExportFormat::Yaml)]
    pub(crate) format: ExportFormat,
    /// Show what it would change in this roster file instead, as a unified diff
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "format"])]
    pub(crate) diff: Option<PathBuf>,
    /// Which user attributes to write
    #[arg(long, value_enum, default_value_t = Attributes::Core)]
    pub(crate) attributes: Attributes,
    /// For use in another account: without the `target` pins, disabled people, and AWS's own groups
    #[arg(long)]
    pub(crate) no_target: bool,
}

/// What an export writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// A roster
    Yaml,
    /// The scripts' two tables: people, and groups with a tier
    Csv,
    /// The scripts' backup of a store: users, groups, memberships
    Json,
}

/// Which attributes an export writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Attributes {
    /// Names and e-mail
    Core,
    /// Everything that is set
    All,
}

/// Make a roster of the scripts' files, or of the list of Kiro's console
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// CSV files, backups in JSON, or the console's list
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Write here instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// One tier for everybody
    #[arg(long, value_name = "TIER", value_parser = tier)]
    pub(crate) tier: Option<Tier>,
    /// Whom `--tier` is for, where the files say tiers too
    #[arg(long, value_enum, value_name = "WHOM", requires = "tier")]
    pub(crate) tier_for: Option<ImportTierFor>,
    /// A group for everybody; repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) group: Vec<String>,
    /// Do not look at what is live
    #[arg(long)]
    pub(crate) offline: bool,
}

/// Whom one tier is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportTierFor {
    /// Everybody: it replaces what the files say
    All,
    /// Those of whom the files say none
    Blank,
}

fn tier(text: &str) -> Result<Tier, String> {
    let known = || Tier::ALL.map(Tier::key).join(", ");
    Tier::spelled(text).ok_or_else(|| format!("there are {}", known()))
}

/// Show who has which seat, in which state, from where, and at what cost
#[derive(Debug, Args)]
pub(crate) struct Seats {
    /// Only people of these user names; globs
    #[arg(value_name = "NAME", value_parser = glob)]
    pub(crate) names: Vec<Glob>,
    /// Only seats with this to look at; repeatable
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    pub(crate) only: Vec<SeatKind>,
    /// Only people in this group, whatever it gives; a glob, repeatable
    #[arg(long, value_name = "GROUP", value_parser = glob)]
    pub(crate) group: Vec<Glob>,
    /// Only people who are billed for this tier; repeatable
    #[arg(long, value_name = "TIER", value_parser = tier, value_delimiter = ',')]
    pub(crate) tier: Vec<Tier>,
    /// Sum instead of listing people
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) by: Option<SeatsBy>,
    /// A roster, to tell whom it leaves out, and for its prices; repeatable
    #[arg(short, long = "file", value_name = "PATH")]
    pub(crate) files: Vec<PathBuf>,
    /// How to show it
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = SeatsFormat::Text)]
    pub(crate) output: SeatsFormat,
}

/// What there is to look at in a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeatKind {
    /// PENDING: assigned, and never used
    Idle,
    /// Of a disabled user
    Disabled,
    /// Of nobody in the store
    Orphaned,
    /// An own grant that a group's makes superfluous
    Shadowed,
    /// Of somebody whom the roster (`-f`) does not name
    Unlisted,
    /// Whose it is, or in what state, Kiro does not tell
    Unknown,
    /// Another product's
    Foreign,
    /// Ends with the month
    Cancelled,
    /// Another tier is in force than is assigned
    Changing,
}

/// By what seats are summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeatsBy {
    /// Who is in several counts in each
    Group,
    /// What is billed
    Tier,
    /// The attribute of that name
    #[value(name = "cost_center")]
    CostCenter,
    /// The attribute of that name
    Department,
}

/// How seats are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeatsFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
}

fn glob(text: &str) -> Result<Glob, String> {
    match text.is_empty() {
        true => Err("give a name, or a glob such as `a*`".into()),
        false => Ok(Glob::new(text)),
    }
}

/// Show why a person or group has what it has, and why a plan would do what it would do
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A user name, a group, or an e-mail address; `user:` or `group:` in front says which
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) sources: Sources,
    /// Do not look at what is live
    #[arg(long)]
    pub(crate) offline: bool,
}

/// Check credentials, Identity Center, Kiro and each permission, and say what to do about what is wrong; never writes
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// How to show it
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = DoctorFormat::Text)]
    pub(crate) output: DoctorFormat,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
}

/// Bring everybody from one account to another: export the one, plan against the other, and, after consent, make it so
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// AWS profile of the account that people come from; it is only read
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_profile: String,
    /// AWS profile of the account that people go to
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_profile: String,
    #[command(flatten)]
    pub(crate) sides: Sides,
    /// Show the plan and end; nothing is written to AWS
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Whether users that are created are mailed a password link [default: new]
    #[arg(long, value_enum, value_name = "WHOM", conflicts_with = "no_invite")]
    pub(crate) invite: Option<InviteWhom>,
    /// Mail nobody: the same as `--invite off`
    #[arg(long)]
    pub(crate) no_invite: bool,
    /// Only these operations and what they need: user:, group:, membership: or seat: and a glob
    #[arg(long, value_name = "KIND:GLOB", value_parser = Selector::parse)]
    pub(crate) only: Vec<Selector>,
    /// Agree to so many of what a limit counts, such as add_users=420
    #[arg(long, value_name = "RULE=N", value_parser = ack)]
    pub(crate) ack: Vec<(Limit, u64)>,
    /// Do not ask; no guard is skipped
    #[arg(short = 'y', long)]
    pub(crate) yes: bool,
    /// Export anew instead of using what an earlier run has kept
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Write what became of everything to FILE, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

impl Migrate {
    /// Global options that are one side's here: which side would be meant cannot be told.
    const OF_A_SIDE: [&str; 6] = [
        "profile",
        "region",
        "kiro_region",
        "kiro_profile",
        "instance",
        "identity_store_id",
    ];
}

/// Where each of the two accounts of a migration has what.
#[derive(Debug, Args)]
#[command(next_help_heading = "Each side's own")]
pub(crate) struct Sides {
    /// Identity Center's region there
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_region: Option<String>,
    /// Identity Center's region here
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_region: Option<String>,
    /// Kiro's region there, where it cannot be discovered
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_kiro_region: Option<String>,
    /// Kiro's region here, where it cannot be discovered
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_kiro_region: Option<String>,
    /// AWS profile for seat calls there, where Kiro lives in a member account
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_kiro_profile: Option<String>,
    /// AWS profile for seat calls here, where Kiro lives in a member account
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_kiro_profile: Option<String>,
    /// Identity Center instance there, where there are several
    #[arg(long, value_name = "ARN", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_instance: Option<String>,
    /// Identity Center instance here, where there are several
    #[arg(long, value_name = "ARN", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_instance: Option<String>,
}

/// Print a JSON Schema, for editors
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of what
    #[arg(value_enum, default_value_t = SchemaOf::Roster)]
    pub(crate) of: SchemaOf,
}

/// What there is a schema of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// The roster
    Roster,
    /// The saved plan
    Plan,
}

/// Print a completion script
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// For this shell
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page, or write one for every command
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write kiroster.1, kiroster-plan.1, … into this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// The embedded AWS double
#[derive(Debug, Subcommand)]
pub(crate) enum Sandbox {
    Serve(Serve),
}

/// Run the AWS double as a server; the first line on standard output is its address
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Its state
    #[arg(long, value_name = "FILE", default_value = ".kiroster/sandbox.json")]
    pub(crate) file: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: std::net::SocketAddr,
    /// Faults to make, for tests
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
}
