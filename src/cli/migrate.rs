//! `migrate`: everybody from one account to another. An export, a plan and an apply, put together: the export of the one is
//! kept, so that a run after an interruption plans the same; the other account gets what it asks for, and loses nothing.

use super::apply::{Called, Way};
use super::args::{self, Global, InviteWhom, Sides};
use super::connect::{self, Connection, Ground, Wanted};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::show::{self, Look};
use super::{export, files, interrupt, plan, validate};
use crate::apply::SHOWS_WITHIN;
use crate::cost::Cost;
use crate::desired::{Limit, Prices};
use crate::goal::Block;
use crate::live::{Live, Reach, Target, Whole};
use crate::migration::Comparison;
use crate::model::{Principal, UserName, visible};
use crate::render::migration;
use crate::roster::{self, Extent, Loaded};
use anyhow::Context;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

const CALLED: Called = Called {
    command: "migrate",
    review: "review the plan with `--dry-run`, then run it with `--yes`",
};

/// All there is of people, for an account that is not this one.
const EXTENT: Extent = Extent {
    target: false,
    all_attributes: true,
    abroad: true,
};

pub(super) async fn run(
    args: &args::Migrate,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let ground = connect::ground(global)?;
    let from = open(&ground, Side::From, args, global, screen).await?;
    // Whatever stops people from arriving is found before anything is read, and long before anything is written.
    let to = open(&ground, Side::To, args, global, screen).await?;
    drop(ground);
    apart(from.session.target(), to.session.target())?;
    let exit = between(args, &from, &to, screen).await;
    from.close();
    to.close();
    exit
}

async fn between(
    args: &args::Migrate,
    from: &Connection,
    to: &Connection,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let reach = Reach {
        seats: from.seats,
        ..Reach::everything()
    };
    let there = plan::read(&reach, from, screen).await?;
    let kept = keep(args, &there, to.session.target(), screen)?;
    let apply = as_apply(args, &kept);
    let Ok(loaded) = validate::load(&apply.sources, screen) else {
        return Ok(Exit::Error);
    };
    let loaded = additive(loaded);
    let way = match args.dry_run {
        true => None,
        false => Some(Way::open(&apply, CALLED, None, to, screen)?),
    };
    let wish = apply.wishes.wish();
    let read;
    let memory = match &way {
        Some(way) => way.memory(),
        None => {
            read = plan::remembered(to, screen);
            &read
        }
    };
    let mut draft = plan::draft(&loaded, &wish, to, memory, screen).await?;
    draft.plan.blocks.extend(namesakes(args, &there, &draft));
    tell(&there, &draft, from, to, screen)?;
    let Some(way) = way else {
        return Ok(match draft.plan.blocks.is_empty() {
            true => Exit::Done,
            false => Exit::Blocked,
        });
    };
    let mails = apply.wishes.invite == Some(InviteWhom::New);
    let exit = way.agreed(draft, mails, to).await?;
    if matches!(exit, Exit::Done | Exit::Incomplete) {
        // Everything is written; whoever does not want to wait for the comparison need not.
        tokio::select! {
            compared = compare(args, &there, &loaded, to, exit, screen) => compared?,
            () = interrupt::asked() => return Ok(Exit::Interrupted),
        }
    }
    Ok(exit)
}

/// One of the two accounts.
#[derive(Clone, Copy)]
enum Side {
    From,
    To,
}

impl Side {
    /// What its options start with.
    fn word(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::To => "to",
        }
    }

    /// The options of every command, with this side's in the place of those that could be either's.
    fn global(self, args: &args::Migrate, global: &Global) -> Global {
        let Sides {
            from_region,
            to_region,
            from_kiro_region,
            to_kiro_region,
            from_kiro_profile,
            to_kiro_profile,
            from_instance,
            to_instance,
        } = &args.sides;
        let of = |from: &Option<String>, to: &Option<String>| match self {
            Self::From => from.clone(),
            Self::To => to.clone(),
        };
        Global {
            profile: Some(match self {
                Self::From => args.from_profile.clone(),
                Self::To => args.to_profile.clone(),
            }),
            region: of(from_region, to_region),
            kiro_region: of(from_kiro_region, to_kiro_region),
            kiro_profile: of(from_kiro_profile, to_kiro_profile),
            instance: of(from_instance, to_instance),
            identity_store_id: None,
            ..global.clone()
        }
    }
}

async fn open(
    ground: &Ground,
    side: Side,
    args: &args::Migrate,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Connection> {
    let global = side.global(args, global);
    let wanted = Wanted::default();
    let opened = ground.clone().open(&global, &wanted, screen).await;
    opened.map_err(|error| of_side(error, side, &global))
}

/// An error says which account it is about, and its hint names that account's options.
fn of_side(error: anyhow::Error, side: Side, global: &Global) -> anyhow::Error {
    let side = side.word();
    let profile = global.profile.as_deref().unwrap_or_default();
    match error.downcast::<Stop>() {
        Ok(stop) => Stop {
            exit: stop.exit,
            message: format!("`--{side}-profile {}`: {}", visible(profile), stop.message),
            hint: stop.hint.map(|hint| {
                let options = [
                    "profile",
                    "region",
                    "kiro-region",
                    "kiro-profile",
                    "instance",
                ];
                options.into_iter().fold(hint, |hint, option| {
                    hint.replace(&format!("`--{option}"), &format!("`--{side}-{option}"))
                })
            }),
        }
        .into(),
        Err(error) => error,
    }
}

/// One store cannot be both sides, by whatever road it is reached.
fn apart(from: &Target, to: &Target) -> Result<(), Stop> {
    if from.store != to.store {
        return Ok(());
    }
    let store = visible(&from.store);
    let message =
        format!("both profiles lead to the same identity store, {store}; nothing was written");
    Err(Stop::new(Exit::Error, message).hint(
        "give profiles of two accounts; within one, `kiroster plan` and `apply` change what is there",
    ))
}

/// The file with the export: what an earlier run has kept, or what is there now.
fn keep(
    args: &args::Migrate,
    there: &Live,
    to: &Target,
    screen: &Screen,
) -> anyhow::Result<PathBuf> {
    let written = roster::write(there, EXTENT)?;
    export::tell_left_out(&written, EXTENT, screen);
    let (a, b) = (plain(&args.from_profile), plain(&args.to_profile));
    let file = Path::new(".kiroster").join(format!("migrate-{a}-{b}.yaml"));
    let shown = file.display();
    // Without seats it is another file: a later run with seats must not take it for theirs.
    let seats = match there.kiro {
        Some(_) => "",
        None => ", without seats",
    };
    let mark = format!(
        "# Everybody of account {} ({}), for account {} ({}){seats}\n",
        there.target.account, there.target.store, to.account, to.store
    );
    let text = format!("{mark}{}", written.text);
    if !args.fresh && file.exists() {
        let kept = fs::read_to_string(&file).with_context(|| format!("cannot read `{shown}`"))?;
        if !kept.starts_with(&mark) {
            let message = format!(
                "`{shown}` was kept for other accounts, or the other way about seats; nothing was written"
            );
            return Err(Stop::new(Exit::Error, message)
                .hint("read the account anew with `--fresh`")
                .into());
        }
        screen.say(&format!("planning what an earlier run kept in `{shown}`"));
        if kept != text {
            screen.say(&format!(
                "note: account {} has something else by now, or the file was edited; `--fresh` reads it anew",
                there.target.account
            ));
        }
        return Ok(file);
    }
    if written.is_empty {
        let account = &there.target.account;
        let message = format!("account {account} has nobody to bring along; nothing was written");
        return Err(Stop::new(Exit::Error, message).into());
    }
    store(&file, &text)?;
    screen.say(&format!(
        "kept in `{shown}`, for when this is run again; `--fresh` reads anew"
    ));
    Ok(file)
}

fn store(file: &Path, text: &str) -> anyhow::Result<()> {
    let cannot = || format!("cannot write `{}`", file.display());
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(cannot)?;
    }
    files::write_whole(file, text).with_context(cannot)
}

/// A profile's name as part of a file's.
fn plain(profile: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name = profile.chars();
    name.map(|c| if plain(c) { c } else { '_' }).collect()
}

/// What it is as an apply of the file.
fn as_apply(args: &args::Migrate, file: &Path) -> args::Apply {
    let invite = match (args.invite, args.no_invite) {
        (Some(whom), _) => whom,
        (None, true) => InviteWhom::Off,
        (None, false) => InviteWhom::New,
    };
    args::Apply {
        plan: None,
        sources: args::Sources {
            files: vec![file.to_owned()],
            policy: None,
        },
        wishes: args::Wishes {
            acknowledged: args::Acknowledged {
                ack: args.ack.clone(),
            },
            part: args.part.clone(),
            additive: false,
            invite: Some(invite),
            strict: false,
        },
        expect: None,
        consent: args.consent,
        settle: SHOWS_WITHIN.as_secs(),
        running: args::Running {
            limit: None,
            max_failures: None,
            report: args.report.clone(),
            output: args::Stream::Text,
        },
    }
}

/// Another account's lists of members are no reason to take anybody out of a group of this one: as without a root,
/// nothing is removed.
fn additive(mut loaded: Loaded) -> Loaded {
    loaded.desired.root = None;
    loaded
}

/// Whoever has the same name here may be somebody else, who would get what is another's, and with an address lose their
/// account: nothing is written to them unless it is agreed to.
fn namesakes(args: &args::Migrate, there: &Live, draft: &plan::Draft) -> Option<Block> {
    let touched: HashSet<Principal> = draft
        .plan
        .operations
        .iter()
        .flat_map(|operation| operation.subject().principals().collect::<Vec<_>>())
        .collect();
    let users = crate::migration::namesakes(there, &draft.live).into_iter();
    let users = users.filter(|user| touched.contains(&Principal::User(user.clone())));
    let users: Vec<UserName> = users.collect();
    let agreed = args::agreed(&args.ack).get(&Limit::ChangeIdentity).copied();
    let passes = users.is_empty() || agreed >= Some(users.len() as u64);
    (!passes).then_some(Block::Namesakes { users })
}

/// Where people come from, what happens where they go to, and what both cost meanwhile.
fn tell(
    there: &Live,
    draft: &plan::Draft,
    from: &Connection,
    to: &Connection,
    screen: &Screen,
) -> anyhow::Result<()> {
    let sandbox = from.sandbox();
    screen.product(&migration::from(there, sandbox.as_deref(), screen.out))?;
    let look = Look {
        format: args::Format::Text,
        full: false,
        redact: false,
        file: None,
        sandbox: to.sandbox(),
    };
    show::product(&draft.plan, &draft.document, &look, screen)?;
    if from.seats {
        let prices = Prices::default();
        let cost = Cost::of(there, &there.directory, &prices, from.today);
        let (a, b) = (&*there.target.account, &*draft.plan.target.account);
        let bills = migration::bills((a, &cost.before), (b, &draft.plan.cost), screen.out);
        screen.product(&bills)?;
    }
    Ok(())
}

/// Reads where people went to once more, and shows both sides; after a run that is complete, also writes what would
/// retire the other.
async fn compare(
    args: &args::Migrate,
    there: &Live,
    loaded: &Loaded,
    to: &Connection,
    exit: Exit,
    screen: &Screen,
) -> anyhow::Result<()> {
    let reach = Reach {
        whole: Some(Whole::Everything),
        ..loaded.desired.reach(to.seats)
    };
    let here = plan::read(&reach, to, screen).await?;
    let compared = Comparison::of(there, &here);
    let (a, b) = (&*there.target.account, &*here.target.account);
    screen.product(&migration::comparison(&compared, a, b, screen.out))?;
    // Where Kiro was left alone, nobody knows whether seats have arrived.
    if exit != Exit::Done || !to.seats {
        return Ok(());
    }
    let Some(text) = roster::retire(there, &compared, &format!("account {b}"))? else {
        return Ok(());
    };
    let profile = &args.from_profile;
    let file = Path::new(".kiroster").join(format!("retire-{}.yaml", plain(profile)));
    store(&file, &text)?;
    screen.say(&format!(
        "`{}` would retire account {a}; it is yours to review and apply: `kiroster plan --profile {} -f {}`",
        file.display(),
        visible(profile),
        file.display()
    ));
    Ok(())
}
