//! `import`: the scripts' files, or the list of Kiro's console, as a roster that a person would have written.

use super::args::{self, Global, ImportTierFor};
use super::exit::{Exit, Stop};
use super::export;
use super::screen::Screen;
use crate::model::visible;
use crate::render::problems;
use crate::roster::{HasTiers, Import, TierFor};

pub(super) async fn run(
    args: &args::Import,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let mut import = match Import::read(&args.files) {
        Ok(import) => import,
        Err(problems) => {
            screen.must_say(problems::text(&problems, screen.err.colour).trim_end());
            return Ok(Exit::Error);
        }
    };
    if import.lacks_something() && !args.offline {
        match export::everything(global, screen).await {
            Ok(live) => import.complete(&live),
            // The files are enough for a roster; what live would add can be added later.
            Err(error) => screen.say(&visible(&format!("not completed from live: {error:#}"))),
        }
    }
    if let Some(tier) = args.tier {
        let whom = args.tier_for.map(|whom| match whom {
            ImportTierFor::All => TierFor::All,
            ImportTierFor::Blank => TierFor::Blank,
        });
        import.tier(tier, whom).map_err(has_tiers)?;
    }
    for group in &args.group {
        import
            .group(group)
            .map_err(|why| Stop::new(Exit::Usage, why))?;
    }
    let (text, told) = import.written()?;
    for line in told {
        screen.say(&visible(&line));
    }
    let Some(text) = text else {
        return Err(Stop::new(Exit::Error, "nobody is left to be in the roster").into());
    };
    export::deliver(&text, args.out.as_deref(), screen)?;
    Ok(Exit::Done)
}

fn has_tiers(HasTiers { people }: HasTiers) -> Stop {
    let message = format!("`--tier` is for everybody, and the files say the tiers of {people}");
    Stop::new(Exit::Usage, message).hint(
        "`--tier-for all` puts it in the place of theirs, `--tier-for blank` fills what is empty",
    )
}
