//! The only process: arguments in, two streams and an exit code out. One file a command.

mod apply;
mod args;
mod connect;
mod consent;
mod doctor;
mod evidence;
mod exit;
mod explain;
mod export;
mod files;
mod help;
mod import;
mod interrupt;
mod invite;
mod lock;
mod migrate;
mod plan;
mod progress;
mod provenance;
mod sandbox;
mod saved;
mod screen;
mod seats;
mod show;
mod today;
mod validate;
mod verify;

use args::{Cli, Command, Global, LogFormat};
use exit::{Exit, Stop};
use screen::Screen;
use std::process::ExitCode;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            let wrong = error.use_stderr();
            // Nobody is left to tell if this fails.
            let _ = error.print();
            return if wrong { Exit::Usage } else { Exit::Done }.into();
        }
    };
    let screen = Screen::of(&cli.global);
    log(&cli.global);
    match run(cli, &screen) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let stop = error.downcast_ref::<Stop>();
            screen.error(&chain(&error), stop.and_then(|stop| stop.hint.as_deref()));
            stop.map_or(Exit::Error, |stop| stop.exit).into()
        }
    }
}

fn run(cli: Cli, screen: &Screen) -> anyhow::Result<Exit> {
    let Cli { global, command } = cli;
    match command {
        Command::Validate(args) => validate::run(&args, screen),
        Command::Schema(args) => help::schema(&args, screen),
        Command::Completions(args) => help::completions(&args, screen),
        Command::Man(args) => help::man(&args, screen),
        Command::Plan(args) => on_runtime(plan::run(&args, &global, screen)),
        Command::Apply(args) => on_runtime(apply::run(&args, &global, screen)),
        Command::Show(args) => show::run(&args, screen),
        Command::Verify(args) => on_runtime(verify::run(&args, &global, screen)),
        Command::Invite(args) => on_runtime(invite::run(&args, &global, screen)),
        Command::Export(args) => on_runtime(export::run(&args, &global, screen)),
        Command::Import(args) => on_runtime(import::run(&args, &global, screen)),
        Command::Seats(args) => on_runtime(seats::run(&args, &global, screen)),
        Command::Explain(args) => on_runtime(explain::run(&args, &global, screen)),
        Command::Doctor(args) => on_runtime(doctor::run(&args, &global, screen)),
        Command::Migrate(args) => on_runtime(migrate::run(&args, &global, screen)),
        // What is asked to end here ends well.
        Command::Sandbox(args::Sandbox::Serve(args)) => {
            runtime()?.block_on(sandbox::serve(&args, screen))
        }
    }
}

fn on_runtime(work: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    runtime()?.block_on(interrupt::unless_interrupted(work))
}

/// One thread is enough: everything here waits for the network, and it starts faster.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

fn log(global: &Global) {
    // The SDK logs credentials' sources and request ids, never bodies, at these levels.
    let (ours, the_sdks) = match global.verbose {
        0 => return,
        1 => (LevelFilter::INFO, LevelFilter::OFF),
        2 => (LevelFilter::DEBUG, LevelFilter::INFO),
        _ => (LevelFilter::TRACE, LevelFilter::DEBUG),
    };
    let filter = Targets::new()
        .with_target("kiroster", ours)
        .with_target("aws_config", the_sdks)
        .with_target("aws_smithy_runtime", the_sdks);
    let log = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // A second subscriber can only come from a caller of the library, who then has the first word.
    let _ = match global.log_format {
        LogFormat::Text => log.with(lines.compact().with_ansi(false)).try_init(),
        LogFormat::Json => log.with(lines.json()).try_init(),
    };
}

/// An error and what caused it, on one line.
fn chain(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    let text = causes.join(": ");
    text.lines()
        .map(|line| crate::model::visible(line).into_owned())
        .collect::<Vec<_>>()
        .join("\n")
}
