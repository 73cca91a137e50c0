//! `show`: a saved plan again, in any format, offline; and how every command shows a plan.

use super::args::{self, Format};
use super::exit::Exit;
use super::saved;
use super::screen::Screen;
use crate::goal::{Aside, Block, Note};
use crate::plan::Plan;
use crate::planfile::{self, Document, Told};
use crate::render::{self, View};

pub(super) fn run(args: &args::Show, screen: &Screen) -> anyhow::Result<Exit> {
    let saved = saved::read(&args.plan)?;
    let look = Look {
        format: args.output.unwrap_or(Format::Text),
        sandbox: None,
    };
    product(&saved.plan, &saved.document, &look, screen)?;
    Ok(Exit::Done)
}

/// How a plan is to be shown.
pub(super) struct Look {
    pub(super) format: Format,
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
    let text = match look.format {
        Format::Text => {
            let mut view = View::of(plan, screen.verbose);
            if let Some(file) = &look.sandbox {
                view.header = format!("Sandbox {file}: {}", view.header);
            }
            screen.out.view(&view)
        }
        Format::Json => planfile::write(document)?,
    };
    screen.product(&text)?;
    Ok(())
}

/// The sentence of a block.
pub(super) fn block_told(block: &Block) -> Told {
    let (message, hint) = render::told::block(block);
    Told { message, hint }
}

/// The sentence of a note.
pub(super) fn note_told(note: &Note) -> Told {
    let (message, hint) = render::told::note(note);
    Told { message, hint }
}

/// The sentence of what does not happen today.
pub(super) fn aside_told(aside: &Aside) -> Told {
    let (message, hint) = render::told::aside(aside);
    Told { message, hint }
}
