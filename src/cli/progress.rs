//! How far an apply is: a bar on a terminal, a line every ten seconds elsewhere, nothing with `-q`.

use super::screen::Screen;
use crate::apply::{Event, What};
use crate::aws::Session;
use crate::model::visible;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// Log files are read by people too; more lines than this say nothing new.
const EVERY: Duration = Duration::from_secs(10);

/// What an eye takes for smooth.
const REDRAW: Duration = Duration::from_millis(200);

/// What is known of the run so far.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    plain: bool,
    started: Instant,
    total: u64,
    ended: u64,
    failed: u64,
}

impl Progress {
    pub(super) fn new(screen: &Screen, terminal: bool) -> Self {
        let bar = (terminal && !screen.quiet && !screen.verbose).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:24} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self {
            plain: bar.is_none() && !screen.quiet && !screen.verbose,
            bar,
            started: Instant::now(),
            total: 0,
            ended: 0,
            failed: 0,
        }
    }

    /// How often it wants to be shown.
    pub(super) fn every(&self) -> Duration {
        if self.bar.is_some() { REDRAW } else { EVERY }
    }

    /// Hears what happens.
    pub(super) fn hear(&mut self, event: &Event) {
        match &event.what {
            What::Begin {
                operations, mails, ..
            } => {
                self.total = (*operations + *mails) as u64;
                self.started = Instant::now();
            }
            // It was counted when it was written.
            What::Outcome(told) if told.outcome == "settling" => {}
            What::Outcome(told) => {
                self.ended += 1;
                self.failed += u64::from(told.outcome == "failed");
            }
            What::Intent { .. } | What::Named { .. } | What::End { .. } => {}
        }
    }

    /// Shows how far it is.
    pub(super) fn show(&self, session: &Session, screen: &Screen) {
        if let Some(bar) = &self.bar {
            bar.set_length(self.total);
            bar.set_position(self.ended.min(self.total));
            bar.set_message(self.line(session));
        } else if self.plain {
            screen.say(&self.line(session));
        }
    }

    /// Takes the bar away; the account says the rest.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, session: &Session) -> String {
        let seconds = self.started.elapsed().as_secs_f64();
        let done = self.ended - self.failed;
        let mut line = format!("{done} of {} done, {} failed", self.total, self.failed);
        if self.ended >= self.total {
            line.push_str(", waiting for written seats to show");
            return line;
        }
        let rate = self.ended as f64 / seconds.max(0.001);
        if self.ended > 0 {
            let left = self.total.saturating_sub(self.ended) as f64 / rate;
            line.push_str(&format!(", {rate:.1}/s, {} left", rough(left)));
        }
        let slowed: Vec<String> = session
            .slowed()
            .iter()
            .map(|(api, rate)| format!("{} to {rate:.1}/s", called(api)))
            .collect();
        if !slowed.is_empty() {
            line.push_str(&format!("; slowed by throttling: {}", slowed.join(", ")));
        }
        line
    }
}

/// A time as people say it.
fn rough(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    match seconds {
        0..100 => format!("{seconds} s"),
        100..6_000 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{:.1} h", seconds as f64 / 3_600.0),
    }
}

/// An API's name on the wire, for people.
fn called(api: &str) -> String {
    match api {
        "AmazonQDeveloperService" | "KiroControlPlaneQDeveloperService" => "seat writes".to_owned(),
        "SWBExternalService" => "SSO Admin".to_owned(),
        "SWBUPService.UpdatePassword" => "mails".to_owned(),
        _ => visible(api.rsplit_once('.').map_or(api, |(_, operation)| operation)).into_owned(),
    }
}
