//! From flags and pins to an open session, on AWS or on the embedded sandbox.

use super::args::{Global, KiroEndpoint};
use super::exit::{Exit, Stop};
use super::sandbox::Embedded;
use super::screen::Screen;
use crate::aws::{self, ErrorKind, Examination, Session, Settings};
use crate::desired::{Desired, Said};
use crate::live::Target;
use crate::model::{Text, visible};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Calls a second to the embedded sandbox: more than it can answer.
const SANDBOX_RPS: f64 = 10_000.0;

/// What a run stands on before anything is called: a clock, and perhaps the sandbox. Two sessions can stand on one.
#[derive(Clone)]
pub(super) struct Ground {
    /// Now; the sandbox has a clock of its own.
    pub(super) now: Timestamp,
    embedded: Option<Embedded>,
}

/// An open session and what surrounds it.
pub(super) struct Connection {
    /// The session.
    pub(super) session: Session,
    /// Now, by the clock of the ground it stands on.
    pub(super) now: Timestamp,
    /// Today in UTC.
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

    /// The sandbox's file, where nothing of this is real.
    pub(super) fn sandbox(&self) -> Option<String> {
        self.embedded.as_ref().map(Embedded::name)
    }
}

/// Which organization is meant: each pin that is given must match.
#[derive(Default)]
pub(super) struct Wanted {
    /// What pins it: `roster` or `plan`.
    by: &'static str,
    /// How a mismatch ends the run.
    exit: Option<Exit>,
    account: Option<Pin>,
    region: Option<Pin>,
    kiro_region: Option<Pin>,
    instance: Option<Pin>,
    store: Option<Pin>,
}

/// A value, and where it is pinned, as far as that can be said.
struct Pin {
    value: Text,
    at: Option<String>,
}

impl Wanted {
    /// What a roster's root pins.
    pub(super) fn of_roster(desired: &Desired) -> Self {
        let pin = |said: &Option<Said<Text>>| {
            said.as_ref().map(|said| Pin {
                value: said.value.clone(),
                at: Some(said.at.line().to_string()),
            })
        };
        let target = desired.root.as_ref().map(|root| &root.target);
        let Some(target) = target else {
            return Self::default();
        };
        Self {
            by: "roster",
            exit: Some(Exit::Error),
            account: pin(&target.account),
            region: pin(&target.region),
            kiro_region: pin(&target.kiro_region),
            instance: pin(&target.instance),
            store: None,
        }
    }

    /// What a saved plan is for.
    pub(super) fn of_plan(target: &Target) -> Self {
        let pin = |(_, part): (_, Option<&Text>)| {
            part.map(|value| Pin {
                value: value.clone(),
                at: None,
            })
        };
        let [account, region, kiro_region, instance, store] = target.parts().map(pin);
        Self {
            by: "plan",
            exit: Some(Exit::Stale),
            account,
            region,
            kiro_region,
            instance,
            store,
        }
    }

    /// A flag against a pin is an error: one of the two is a mistake, and nobody can tell which.
    fn agree(&self, flag: &str, given: Option<&str>, pin: &Option<Pin>) -> Result<(), Stop> {
        match (given, pin) {
            (Some(given), Some(pin)) if given != &*pin.value => {
                let said = match &pin.at {
                    Some(at) => format!("`{}` at {at}", visible(&pin.value)),
                    None => format!("`{}`, which this {} is for", visible(&pin.value), self.by),
                };
                Err(self
                    .stop(format!("`{flag} {}` contradicts {said}", visible(given)))
                    .hint(format!(
                        "this {} is for one organization; leave the option out, or use that organization's {}",
                        self.by, self.by
                    )))
            }
            _ => Ok(()),
        }
    }

    fn stop(&self, message: String) -> Stop {
        Stop::new(
            self.exit.unwrap_or(Exit::Error),
            visible(&message).into_owned(),
        )
    }

    /// What was opened is what is wanted.
    fn met(&self, target: &Target) -> Result<(), Stop> {
        for (what, pin, is) in [
            ("account", &self.account, Some(&*target.account)),
            ("region", &self.region, Some(&*target.region)),
            // Where Kiro is left alone, its region cannot be wrong.
            (
                "Kiro region",
                &self.kiro_region,
                target.kiro_region.as_deref(),
            ),
            ("instance", &self.instance, Some(&*target.instance)),
            ("identity store", &self.store, Some(&*target.store)),
        ] {
            if let (Some(pin), Some(is)) = (pin, is)
                && *pin.value != *is
            {
                return Err(self.elsewhere(what, pin, is));
            }
        }
        Ok(())
    }

    fn elsewhere(&self, what: &str, pin: &Pin, is: &str) -> Stop {
        let at = pin
            .at
            .as_ref()
            .map(|at| format!(" ({at})"))
            .unwrap_or_default();
        self.stop(format!(
            "this {} is for {what} `{}`{at}, and the session is in `{is}`",
            self.by, pin.value
        ))
        .hint(format!(
            "choose other credentials with `--profile`, or another {}",
            self.by
        ))
    }
}

/// Opens the sandbox, if one is asked for, and reads the clock.
pub(super) fn ground(global: &Global) -> anyhow::Result<Ground> {
    let embedded = match &global.sandbox {
        Some(file) => Some(Embedded::open(file)?),
        None => None,
    };
    let now = match &embedded {
        Some(embedded) => embedded.now(),
        None => Timestamp::now(),
    };
    Ok(Ground { now, embedded })
}

impl Ground {
    /// Looks at everything that a session needs, without opening one; beside it the sandbox's file, and the day (UTC).
    pub(super) async fn examine(self, global: &Global) -> (Examination, Option<String>, Date) {
        let Self { now, embedded } = self;
        let seen = aws::examine(&settings(global, embedded.as_ref())).await;
        let sandbox = embedded.as_ref().map(Embedded::name);
        if let Some(embedded) = embedded {
            embedded.close();
        }
        (seen, sandbox, TimeZone::UTC.to_datetime(now).date())
    }

    /// Opens a session, and makes sure that it is where it is wanted.
    pub(super) async fn open(
        self,
        global: &Global,
        wanted: &Wanted,
        screen: &Screen,
    ) -> anyhow::Result<Connection> {
        let Self { now, embedded } = self;
        wanted.agree("--region", global.region.as_deref(), &wanted.region)?;
        let kiro_region = global.kiro_region.as_deref();
        wanted.agree("--kiro-region", kiro_region, &wanted.kiro_region)?;
        wanted.agree("--instance", global.instance.as_deref(), &wanted.instance)?;
        // A plan that left Kiro alone is applied the same way; one that did not cannot be applied without it.
        let for_plan = wanted.store.is_some();
        if for_plan && global.no_seats && wanted.kiro_region.is_some() {
            return Err(wanted
                .stop(
                    "this plan was made with Kiro's seats, and `--no-seats` leaves them alone"
                        .into(),
                )
                .hint("leave `--no-seats` out, or make a plan with it")
                .into());
        }
        let no_seats = global.no_seats || (for_plan && wanted.kiro_region.is_none());
        let settings = Settings {
            account: wanted.account.as_ref().map(|pin| pin.value.to_string()),
            region: chosen(&global.region, &wanted.region),
            kiro_region: chosen(&global.kiro_region, &wanted.kiro_region),
            instance: chosen(&global.instance, &wanted.instance),
            no_seats,
            ..settings(global, embedded.as_ref())
        };
        let session = match Session::open(&settings).await {
            Ok(session) => session,
            Err(error) => {
                return Err(match (error.kind, &wanted.account) {
                    (ErrorKind::Account, Some(pin)) => {
                        wanted.elsewhere("account", pin, &error.said).into()
                    }
                    // The instance that a plan is for is not there: it is for another organization.
                    (ErrorKind::Instance, _) if for_plan => Stop {
                        exit: Exit::Stale,
                        message: format!("this plan is for another instance: {error}"),
                        hint: error.hint,
                    }
                    .into(),
                    _ => explain(error),
                });
            }
        };
        wanted.met(session.target())?;
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
            now,
            today: TimeZone::UTC.to_datetime(now).date(),
            seats: !no_seats,
            embedded,
        })
    }
}

/// What the flags and the environment ask for.
fn settings(global: &Global, embedded: Option<&Embedded>) -> Settings {
    Settings {
        profile: global.profile.clone(),
        account: None,
        region: global.region.clone(),
        kiro_region: global.kiro_region.clone(),
        kiro_profile: global.kiro_profile.clone(),
        instance: global.instance.clone(),
        identity_store_id: global.identity_store_id.clone(),
        kiro_endpoint: match global.kiro_endpoint {
            KiroEndpoint::Codewhisperer => aws::KiroEndpoint::CodeWhisperer,
            KiroEndpoint::Management => aws::KiroEndpoint::Management,
        },
        // Nobody else uses the sandbox, and it has no quota to share.
        max_rps: global.max_rps.or(embedded.map(|_| SANDBOX_RPS)),
        no_seats: global.no_seats,
        endpoints: Settings::endpoints_from_env(),
        sandbox: embedded.map(|embedded| {
            embedded.access(global.profile.as_deref(), global.kiro_profile.as_deref())
        }),
    }
}

fn chosen(given: &Option<String>, pin: &Option<Pin>) -> Option<String> {
    let pin = pin.as_ref().map(|pin| pin.value.to_string());
    given.clone().or(pin)
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
