//! Faults on purpose: latency, rates, errors before and after the deed, answers that never come. The same seed makes the
//! same faults for the same calls in the same order.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What shall go wrong. Everything may be left out, and then nothing does.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// Where chance starts.
    pub seed: u64,
    /// Each answer takes this long, in milliseconds.
    pub latency_ms: u64,
    /// And up to this much longer.
    pub jitter_ms: u64,
    /// Calls a second, for each API (`identitystore:CreateUser`, or a whole service such as `sso`); above it, calls are
    /// throttled.
    pub rates: BTreeMap<String, f64>,
    /// Calls a second for each API that `rates` does not name.
    pub rate: Option<f64>,
    /// How many calls above its rate an API takes in one go.
    pub burst: f64,
    /// `RetryAfterSeconds` of a throttled answer.
    pub retry_after: Option<u64>,
    /// How often, of 1, a call fails with HTTP 500 before it does anything.
    pub error_before: f64,
    /// How often, of 1, a write is done and answered with HTTP 500.
    pub error_after: f64,
    /// How often, of 1, a write is done and never answered.
    pub drop_after: f64,
    /// Only these operations go wrong by chance; left out: all.
    pub only: Vec<String>,
    /// Certain calls, by number.
    pub nth: Vec<Nth>,
}

/// A certain call that goes wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nth {
    /// The operation.
    pub operation: String,
    /// Which of its calls, from 1.
    pub call: u64,
    /// Whether it is done all the same.
    #[serde(default)]
    pub after: bool,
    /// The error's name; left out: the connection is closed without an answer.
    #[serde(default)]
    pub error: Option<String>,
    /// What the error says.
    #[serde(default)]
    pub message: String,
    /// Its HTTP status; left out: 400.
    #[serde(default)]
    pub status: Option<u16>,
}

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// As it should.
    Fine,
    /// Refused for now.
    Throttled(Option<u64>),
    /// An error, before or after the deed.
    Error {
        after: bool,
        status: u16,
        code: String,
        message: String,
    },
    /// No answer, before or after the deed.
    Dropped { after: bool },
}

/// The faults and how far chance, counts and rates have come.
#[derive(Debug)]
pub(super) struct Mischief {
    faults: Faults,
    chance: u64,
    counts: BTreeMap<String, u64>,
    buckets: BTreeMap<String, (f64, Instant)>,
}

impl Mischief {
    pub(super) fn new(faults: Faults) -> Self {
        Self {
            chance: faults.seed ^ 0x9e37_79b9_7f4a_7c15,
            faults,
            counts: BTreeMap::new(),
            buckets: BTreeMap::new(),
        }
    }

    pub(super) fn latency(&mut self) -> Duration {
        let jitter = (self.toss() * self.faults.jitter_ms as f64) as u64;
        Duration::from_millis(self.faults.latency_ms + jitter)
    }

    pub(super) fn verdict(&mut self, service: &str, operation: &str, writes: bool) -> Verdict {
        if self.over_rate(service, operation) {
            return Verdict::Throttled(self.faults.retry_after);
        }
        let count = self.counts.entry(operation.into()).or_default();
        *count += 1;
        let call = *count;
        let nth = self
            .faults
            .nth
            .iter()
            .find(|nth| nth.operation == operation && nth.call == call);
        if let Some(nth) = nth {
            return match &nth.error {
                Some(code) => Verdict::Error {
                    after: nth.after,
                    status: nth.status.unwrap_or(400),
                    code: code.clone(),
                    message: nth.message.clone(),
                },
                None => Verdict::Dropped { after: nth.after },
            };
        }
        let spared =
            !self.faults.only.is_empty() && !self.faults.only.iter().any(|only| only == operation);
        if spared {
            return Verdict::Fine;
        }
        let internal = |after| Verdict::Error {
            after,
            status: 500,
            code: "InternalServerException".into(),
            message: "An internal error occurred.".into(),
        };
        let (before, after, dropped) = (self.toss(), self.toss(), self.toss());
        if before < self.faults.error_before {
            internal(false)
        } else if writes && after < self.faults.error_after {
            internal(true)
        } else if writes && dropped < self.faults.drop_after {
            Verdict::Dropped { after: true }
        } else {
            Verdict::Fine
        }
    }

    fn over_rate(&mut self, service: &str, operation: &str) -> bool {
        let api = format!("{service}:{operation}");
        let rates = &self.faults.rates;
        let (key, rate) = match (rates.get(&api), rates.get(service), self.faults.rate) {
            (Some(rate), ..) => (api, *rate),
            (None, Some(rate), _) => (service.to_owned(), *rate),
            (None, None, Some(rate)) => (api, rate),
            (None, None, None) => return false,
        };
        let most = rate.max(1.0) + self.faults.burst;
        let now = Instant::now();
        let (level, at) = self.buckets.entry(key).or_insert((most, now));
        *level = (*level + now.duration_since(*at).as_secs_f64() * rate).min(most);
        *at = now;
        if *level < 1.0 {
            return true;
        }
        *level -= 1.0;
        false
    }

    /// A number in 0..1, by xorshift: chance that anybody can repeat.
    fn toss(&mut self) -> f64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        (self.chance >> 11) as f64 / (1_u64 << 53) as f64
    }
}
