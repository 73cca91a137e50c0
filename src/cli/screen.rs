//! The two streams: standard output carries the product, standard error everything else.

use super::args::{Colour, Global};
use crate::render::Ink;
use console::{Style, Term};
use std::io::{self, IsTerminal, Write};
use tokio::sync::oneshot;

/// Where and how a run speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// Ink for the product.
    pub(crate) out: Ink,
    /// Ink for everything else.
    pub(crate) err: Ink,
    /// Say only what went wrong.
    pub(crate) quiet: bool,
    /// Say more.
    pub(crate) verbose: bool,
    /// Whether a question can be asked.
    pub(crate) can_ask: bool,
    /// Whether standard output is taken by a stream for programs.
    taken: bool,
}

impl Screen {
    pub(crate) fn of(global: &Global) -> Self {
        let ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
        let terminals = io::stdin().is_terminal() && io::stderr().is_terminal();
        Self {
            out: Ink {
                colour: wants_colour(global.color, io::stdout().is_terminal()),
                width: columns(&Term::stdout()),
            },
            err: Ink {
                colour: wants_colour(global.color, io::stderr().is_terminal()),
                width: columns(&Term::stderr()),
            },
            quiet: global.quiet,
            verbose: global.verbose > 0,
            can_ask: terminals && !ci && !global.no_input,
            taken: false,
        }
    }

    /// The same screen while standard output is taken by a stream for programs: what is for people goes beside it.
    pub(crate) fn beside_a_stream(self) -> Self {
        Self {
            out: self.err,
            taken: true,
            ..self
        }
    }

    /// Prints the product.
    pub(crate) fn product(&self, text: &str) -> io::Result<()> {
        match self.taken {
            true => {
                self.say(text.trim_end());
                Ok(())
            }
            false => self.stream(text),
        }
    }

    /// Prints to standard output, whoever reads it. A reader that has gone away is no error.
    pub(crate) fn stream(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// Says something beside the product, unless `-q`.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet {
            self.must_say(text);
        }
    }

    /// Says it, `-q` or not.
    pub(crate) fn must_say(&self, text: &str) {
        // Nobody is left to tell if this fails.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// An error and its hint.
    pub(crate) fn error(&self, message: &str, hint: Option<&str>) {
        let error = self.err.with(Style::new().red().bold(), "error:");
        self.must_say(&format!("{error} {message}"));
        if let Some(hint) = hint {
            let label = self.err.with(Style::new().cyan(), "hint:");
            self.must_say(&format!("{label} {hint}"));
        }
    }

    /// Asks on the terminal and returns the line that was typed. A thread of its own reads it, which nobody need wait
    /// for: an interrupt must not have to wait for a line.
    pub(crate) async fn ask(&self, question: &str) -> io::Result<String> {
        let question = question.to_owned();
        let (send, answer) = oneshot::channel();
        std::thread::spawn(move || {
            // The terminal's own line editing: it knows Ctrl-D, and whatever ends this leaves the terminal as it was.
            let mut line = String::new();
            let read = Term::stderr().write_str(&question);
            let line = read.and_then(|()| io::stdin().read_line(&mut line).map(|_| line));
            // Nobody waits any more after an interrupt.
            let _ = send.send(line);
        });
        let gone = |_| Err(io::ErrorKind::UnexpectedEof.into());
        answer.await.unwrap_or_else(gone)
    }
}

/// A terminal's columns; a pipe has none.
fn columns(term: &Term) -> Option<usize> {
    let (_, columns) = term.size_checked().filter(|_| term.is_term())?;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

/// `--color`, then NO_COLOR, then CLICOLOR_FORCE, then the terminal.
fn wants_colour(wish: Colour, terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match wish {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if set("NO_COLOR") => false,
        Colour::Auto
            if std::env::var_os("CLICOLOR_FORCE").is_some_and(|v| !v.is_empty() && v != "0") =>
        {
            true
        }
        Colour::Auto => terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}
