//! Asking before the first write. With removals the person types their number: a habit of typing `yes` must not be
//! enough to take people's access.

use super::exit::{Exit, Stop};
use super::screen::Screen;
use crate::plan::Plan;

/// Returns if the plan may be applied; `review` is how it is looked at first.
pub(super) async fn obtain(
    plan: &Plan,
    yes: bool,
    review: &str,
    screen: &Screen,
) -> anyhow::Result<()> {
    if yes {
        return Ok(());
    }
    if !screen.can_ask {
        return Err(Stop::new(
            Exit::Usage,
            "there is nobody to ask, so nothing was written",
        )
        .hint(review)
        .into());
    }
    let removals = plan.counts().remove;
    let (question, wanted) = match removals {
        0 => (
            "\nApply this plan? Only `yes` will do: ".to_owned(),
            "yes".to_owned(),
        ),
        n => (
            format!("\nThis plan removes {n}. Type that number to apply it: "),
            n.to_string(),
        ),
    };
    match screen.ask(&question).await?.trim() == wanted {
        true => Ok(()),
        false => Err(Stop::new(Exit::Error, "declined; nothing was written").into()),
    }
}
