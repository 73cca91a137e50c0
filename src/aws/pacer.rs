//! How often one API may be called: evenly, near the documented limit, slower as soon as it throttles, and then back,
//! a little every second (additive increase, multiplicative decrease).
//!
//! Calls queue in order and take their turn only when it has come, so that a cut slows those who wait already. There is
//! no allowance for bursts: a server that counts in whole seconds would see two of them in one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// What a throttled rate is multiplied by. One cut from 20 leaves 14, three leave 7: below any limit that others share
/// with us, yet not a standstill.
const CUT: f64 = 0.7;

/// Answers to calls that left together arrive together; they count as one.
const ONE_CUT_WITHIN: Duration = Duration::from_millis(500);

/// How long after a cut the rate stays where it is.
const QUIET: Duration = Duration::from_secs(2);

/// By how much, in calls a second, the rate rises each second.
const CREEP: f64 = 1.0;

/// The same until the first throttling: nobody has said no yet, and a start below the ceiling was only a guess. Seat writes
/// are at the ceiling after four seconds, which costs a bulk run one second.
const RISE: f64 = 3.0;

/// Even a service that always throttles is asked this often a second.
const SLOWEST: f64 = 0.5;

/// After a throttling nothing at all is sent for so long, unless the server wishes for more.
const BREATH: Duration = Duration::from_millis(250);

/// One API's pace.
#[derive(Debug)]
pub(super) struct Pacer {
    queue: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rate: f64,
    ceiling: f64,
    next: Instant,
    last_cut: Option<Instant>,
    last_rise: Instant,
}

impl Pacer {
    /// Starts at `start` calls a second and never exceeds `ceiling`.
    pub(super) fn new(start: f64, ceiling: f64) -> Self {
        let now = Instant::now();
        Self {
            queue: tokio::sync::Mutex::default(),
            state: Mutex::new(State {
                rate: start.min(ceiling),
                ceiling,
                next: now,
                last_cut: None,
                last_rise: now,
            }),
        }
    }

    /// Returns when the caller may call.
    pub(super) async fn turn(&self) {
        let _queue = self.queue.lock().await;
        loop {
            let due = self.state().next;
            if due <= Instant::now() {
                break;
            }
            sleep_until(due).await;
        }
        self.state().take(Instant::now());
    }

    /// Told that the API throttled, and for how long it wants to be left alone.
    pub(super) fn throttled(&self, pause: Option<Duration>) {
        self.state().cut(Instant::now(), pause);
    }

    /// Calls a second at present.
    pub(super) fn rate(&self) -> f64 {
        self.state().rate
    }

    /// Whether it was cut, and has not crept back yet.
    pub(super) fn is_slowed(&self) -> bool {
        let state = self.state();
        state.last_cut.is_some() && state.rate < state.ceiling
    }

    /// A poisoned lock only means that somebody else panicked; the numbers are whole after every line.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, now: Instant) {
        let quiet = self.last_cut.is_none_or(|cut| now - cut >= QUIET);
        if quiet && now - self.last_rise >= Duration::from_secs(1) {
            let more = if self.last_cut.is_some() { CREEP } else { RISE };
            self.rate = (self.rate + more).min(self.ceiling);
            self.last_rise = now;
        }
        let interval = Duration::from_secs_f64(1.0 / self.rate);
        // A timer that fires late must not slow the pace, so the next turn counts from when this one was due; but turns
        // that nobody took are lost.
        let due = match now - self.next < interval {
            true => self.next,
            false => now,
        };
        self.next = due + interval;
    }

    fn cut(&mut self, now: Instant, pause: Option<Duration>) {
        self.next = self.next.max(now + pause.unwrap_or(BREATH).max(BREATH));
        if self.last_cut.is_none_or(|cut| now - cut >= ONE_CUT_WITHIN) {
            self.rate = (self.rate * CUT).max(SLOWEST.min(self.ceiling));
            self.last_cut = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn calls_within(pacer: &Pacer, seconds: u64) -> usize {
        let end = Instant::now() + Duration::from_secs(seconds);
        let mut calls = 0;
        while tokio::time::timeout_at(end, pacer.turn()).await.is_ok() {
            calls += 1;
        }
        calls
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_call_goes_at_once_and_no_second_holds_more_than_the_ceiling() {
        let pacer = Pacer::new(19.5, 19.5);
        let started = Instant::now();
        pacer.turn().await;
        assert_eq!(started.elapsed(), Duration::ZERO);
        for _ in 0..20 {
            let calls = calls_within(&pacer, 1).await;
            assert!((18..=20).contains(&calls), "{calls}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn turns_that_nobody_took_are_lost() {
        let pacer = Pacer::new(10.0, 10.0);
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(calls_within(&pacer, 1).await <= 11);
    }

    #[tokio::test(start_paused = true)]
    async fn one_throttling_slows_those_who_wait_already_and_a_flock_of_answers_counts_once() {
        let pacer = Pacer::new(20.0, 20.0);
        pacer.turn().await;
        for _ in 0..8 {
            pacer.throttled(None);
        }
        assert!((pacer.rate() - 14.0).abs() < 0.01);
        let calls = calls_within(&pacer, 1).await;
        assert!((9..=12).contains(&calls), "{calls}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_pace_creeps_back_to_the_ceiling_and_stays_there() {
        let pacer = Pacer::new(20.0, 20.0);
        pacer.throttled(None);
        calls_within(&pacer, 5).await;
        assert!((15.0..20.0).contains(&pacer.rate()), "{}", pacer.rate());
        calls_within(&pacer, 20).await;
        assert!((pacer.rate() - 20.0).abs() < 0.01);
    }

    #[tokio::test(start_paused = true)]
    async fn a_gentle_start_is_over_in_four_seconds() {
        let pacer = Pacer::new(10.0, 19.5);
        assert!(calls_within(&pacer, 1).await <= 11);
        calls_within(&pacer, 4).await;
        assert!((pacer.rate() - 19.5).abs() < 0.01, "{}", pacer.rate());
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_asks_for_a_pause_gets_it() {
        let pacer = Pacer::new(20.0, 20.0);
        pacer.throttled(Some(Duration::from_secs(7)));
        let started = Instant::now();
        pacer.turn().await;
        assert!(started.elapsed() >= Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn however_much_is_throttled_calls_go_on() {
        let pacer = Pacer::new(20.0, 20.0);
        for _ in 0..100 {
            pacer.turn().await;
            pacer.throttled(None);
        }
        assert!(pacer.rate() >= SLOWEST);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_holds_nobody_up() {
        let pacer = Pacer::new(1.0, 1.0);
        pacer.turn().await;
        let impatient = tokio::time::timeout(Duration::from_millis(10), pacer.turn()).await;
        assert!(impatient.is_err());
        let started = Instant::now();
        pacer.turn().await;
        assert!(started.elapsed() <= Duration::from_secs(1));
    }
}
