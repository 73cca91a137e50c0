//! `show`: a saved plan again, in any format, offline; and how every command shows a plan.

use super::args::{self, Format};
use super::exit::Exit;
use super::saved;
use super::screen::Screen;
use crate::goal::{Aside, Block, Note};
use crate::plan::Plan;
use crate::planfile::{self, Document, Told};
use crate::render::{self, Detail, Heading, View};

pub(super) fn run(args: &args::Show, screen: &Screen) -> anyhow::Result<Exit> {
    let saved = saved::read(&args.plan)?;
    let look = Look {
        format: args.output.unwrap_or(Format::Text),
        full: args.full,
        redact: args.redact,
        file: Some(args.plan.display().to_string()),
        sandbox: None,
    };
    product(&saved.plan, &saved.document, &look, screen)?;
    Ok(Exit::Done)
}

/// How a plan is to be shown.
pub(super) struct Look {
    pub(super) format: Format,
    /// List what is live and in no file.
    pub(super) full: bool,
    /// Pseudonyms for people.
    pub(super) redact: bool,
    /// The plan's file, where there is one.
    pub(super) file: Option<String>,
    /// The sandbox's file, where nothing of this is real.
    pub(super) sandbox: Option<String>,
}

/// Prints a plan.
pub(super) fn product(
    plan: &Plan,
    document: &Document,
    look: &Look,
    screen: &Screen,
) -> anyhow::Result<()> {
    let hidden = look.redact.then(|| plan.redacted());
    let plan = hidden.as_ref().unwrap_or(plan);
    let detail = Detail {
        full: look.full,
        every_note: screen.verbose,
    };
    let heading = heading(document, look);
    let text = match look.format {
        Format::Text => screen.out.view(&View::of(plan, &heading, detail)),
        Format::Markdown => render::markdown(&View::of(plan, &heading, detail)),
        Format::Summary => render::summary(plan),
        Format::Json if look.redact => planfile::write(&redacted(plan, document))?,
        Format::Json => planfile::write(document)?,
    };
    screen.product(&text)?;
    Ok(())
}

/// Says which plan is about to be applied, and where.
pub(super) fn announce(
    plan: &Plan,
    document: &Document,
    look: &Look,
    screen: &Screen,
) -> anyhow::Result<()> {
    let mut view = View::of(plan, &heading(document, look), Detail::default());
    view.sections.clear();
    view.bill = None;
    view.totals.drain(..view.totals.len().saturating_sub(1));
    screen.product(&screen.out.view(&view))?;
    Ok(())
}

/// Who reads a plan in a terminal and saves none needs neither digest nor day.
fn heading(document: &Document, look: &Look) -> Heading {
    let kept = look.format != Format::Text || look.file.is_some() || look.full;
    Heading {
        sandbox: look.sandbox.clone(),
        commit: document.roster.commit.clone(),
        digest: kept.then(|| document.digest.clone()),
        expires: kept.then(|| document.expires.to_string()),
        file: look.file.clone(),
    }
}

/// The file of a plan whose people have pseudonyms: to be looked at, never to be applied.
fn redacted(plan: &Plan, document: &Document) -> Document {
    let sheet = planfile::Sheet {
        made: document.timestamp,
        expires: document.expires,
        roster: document.roster.clone(),
        elsewhere: document.elsewhere.clone(),
        block: &block_told,
        note: &note_told,
        aside: &aside_told,
    };
    Document {
        complete: false,
        applyable: false,
        digest: document.digest.clone(),
        ..Document::of(plan, sheet)
    }
}

/// The sentence of a block.
pub(super) fn block_told(block: &Block) -> Told {
    let (message, hint) = render::sentences::block(block);
    Told { message, hint }
}

/// The sentence of a note.
pub(super) fn note_told(note: &Note) -> Told {
    let (message, hint) = render::sentences::note(note);
    Told { message, hint }
}

/// The sentence of what does not happen today.
pub(super) fn aside_told(aside: &Aside) -> Told {
    let (message, hint) = render::sentences::aside(aside);
    Told { message, hint }
}
