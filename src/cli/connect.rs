//! From flags and a roster's pins to an open session, on AWS or on the embedded sandbox.

use super::args::{Global, KiroEndpoint};
use super::exit::{Exit, Stop};
use super::sandbox::Embedded;
use super::screen::Screen;
use crate::aws::{self, Session, Settings};
use crate::desired::{Desired, Pins, Said};
use crate::model::{Text, visible};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::PathBuf;

/// Calls a second to the embedded sandbox: more than it can answer.
const SANDBOX_RPS: f64 = 10_000.0;

/// An open session and what surrounds it.
pub(super) struct Connection {
    /// The session.
    pub(super) session: Session,
    /// Today in UTC; the sandbox has a clock of its own.
    pub(super) today: Date,
    /// Whether Kiro is read and written.
    pub(super) seats: bool,
    embedded: Option<Embedded>,
}

impl Connection {
    /// Ends the sandbox, if it was one.
    pub(super) fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.close();
        }
    }

    /// The state file of the sandbox, if it is one.
    pub(super) fn sandbox_file(&self) -> Option<PathBuf> {
        self.embedded
            .as_ref()
            .map(|embedded| embedded.name().into())
    }

    /// A header that says so when nothing of this is real.
    pub(super) fn headed(&self, header: &str) -> String {
        match &self.embedded {
            Some(embedded) => format!("Sandbox {}: {header}", embedded.name()),
            None => header.to_owned(),
        }
    }
}

/// Opens a session, and makes sure that it is what the roster's `target` pins.
pub(super) async fn to(
    global: &Global,
    desired: Option<&Desired>,
    screen: &Screen,
) -> anyhow::Result<Connection> {
    let none = Pins::default();
    let root = desired.and_then(|desired| desired.root.as_ref());
    let pins = root.map_or(&none, |root| &root.target);
    agree("--region", global.region.as_deref(), &pins.region)?;
    agree(
        "--kiro-region",
        global.kiro_region.as_deref(),
        &pins.kiro_region,
    )?;
    agree("--instance", global.instance.as_deref(), &pins.instance)?;
    let embedded = match &global.sandbox {
        Some(file) => Some(Embedded::open(file, global.profile.as_deref())?),
        None => None,
    };
    let today = match &embedded {
        Some(embedded) => embedded.today(),
        None => TimeZone::UTC.to_datetime(Timestamp::now()).date(),
    };
    let settings = Settings {
        profile: global.profile.clone(),
        region: chosen(&global.region, &pins.region),
        kiro_region: chosen(&global.kiro_region, &pins.kiro_region),
        kiro_profile: global.kiro_profile.clone(),
        instance: chosen(&global.instance, &pins.instance),
        identity_store_id: global.identity_store_id.clone(),
        kiro_endpoint: match global.kiro_endpoint {
            KiroEndpoint::Codewhisperer => aws::KiroEndpoint::CodeWhisperer,
            KiroEndpoint::Management => aws::KiroEndpoint::Management,
        },
        // Nobody else uses the sandbox, and it has no quota to share.
        max_rps: global.max_rps.or(embedded.as_ref().map(|_| SANDBOX_RPS)),
        no_seats: global.no_seats,
        endpoints: Settings::endpoints_from_env(),
        sandbox: embedded.as_ref().map(Embedded::access),
    };
    let session = Session::open(&settings).await.map_err(explain)?;
    pinned(&session, pins)?;
    if screen.verbose {
        let target = session.target();
        let line = format!(
            "account {}, region {}, instance {}, store {}",
            target.account, target.region, target.instance, target.store
        );
        screen.say(&visible(&line));
    }
    Ok(Connection {
        session,
        today,
        seats: !global.no_seats,
        embedded,
    })
}

/// A flag against a pin is an error: one of the two is a mistake, and nobody can tell which.
fn agree(flag: &str, given: Option<&str>, pin: &Option<Said<Text>>) -> Result<(), Stop> {
    match (given, pin) {
        (Some(given), Some(pin)) if given != &*pin.value => Err(Stop::new(
            Exit::Error,
            format!(
                "`{flag} {}` contradicts `{}` at {}",
                visible(given),
                visible(&pin.value),
                pin.at.line()
            ),
        )
        .hint("this roster is for one organization; leave the option out, or use that organization's roster")),
        _ => Ok(()),
    }
}

fn chosen(given: &Option<String>, pin: &Option<Said<Text>>) -> Option<String> {
    let pin = pin.as_ref().map(|pin| pin.value.to_string());
    given.clone().or(pin)
}

/// What was opened is what the roster is for.
fn pinned(session: &Session, pins: &Pins) -> Result<(), Stop> {
    let Pins {
        account,
        region,
        kiro_region,
        instance,
    } = pins;
    let target = session.target();
    let kiro = target.kiro_region.as_deref();
    for (what, pin, is) in [
        ("account", account, Some(&*target.account)),
        ("region", region, Some(&*target.region)),
        ("Kiro region", kiro_region, kiro),
        ("instance", instance, Some(&*target.instance)),
    ] {
        // Where Kiro is left alone, its region cannot be wrong.
        if let (Some(pin), Some(is)) = (pin, is)
            && *pin.value != *is
        {
            return Err(Stop::new(
                Exit::Error,
                format!(
                    "this roster is for {what} `{}` ({}), and the session is in `{}`",
                    visible(&pin.value),
                    pin.at.line(),
                    visible(is)
                ),
            )
            .hint("choose other credentials with `--profile`, or another roster"));
        }
    }
    Ok(())
}

/// An error of the doors, with its hint where the person sees it.
pub(super) fn explain(error: aws::Error) -> anyhow::Error {
    Stop {
        exit: Exit::Error,
        message: error.to_string(),
        hint: error.hint,
    }
    .into()
}
