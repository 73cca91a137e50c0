//! Faults on purpose: latency, rates, errors before and after the deed, answers that never come.
//!
//! Chance is thrown from the seed, the operation, whom it is about, and how often that came before. So the same seed makes
//! the same faults, whatever the order in which calls that run side by side arrive.

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
    /// How often, of 1, a call is neither done nor answered.
    pub drop_before: f64,
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

/// The faults, and how far counts and rates have come.
#[derive(Debug)]
pub(super) struct Mischief {
    faults: Faults,
    /// By operation.
    counts: BTreeMap<String, u64>,
    /// By operation and whom it is about.
    tries: BTreeMap<(String, String), u64>,
    buckets: BTreeMap<String, (f64, Instant)>,
}

impl Mischief {
    pub(super) fn new(faults: Faults) -> Self {
        Self {
            faults,
            tries: BTreeMap::new(),
            counts: BTreeMap::new(),
            buckets: BTreeMap::new(),
        }
    }

    /// What becomes of a call to `operation` about `key`, and how long it takes.
    pub(super) fn verdict(
        &mut self,
        service: &str,
        operation: &str,
        key: &str,
        writes: bool,
    ) -> (Verdict, Duration) {
        let tries = (operation.to_owned(), key.to_owned());
        let tries = self.tries.entry(tries).or_default();
        *tries += 1;
        let mut chance = Chance::of(self.faults.seed, operation, key, *tries);
        let jitter = (chance.toss() * self.faults.jitter_ms as f64) as u64;
        let latency = Duration::from_millis(self.faults.latency_ms.saturating_add(jitter));
        (self.fate(service, operation, writes, &mut chance), latency)
    }

    fn fate(
        &mut self,
        service: &str,
        operation: &str,
        writes: bool,
        chance: &mut Chance,
    ) -> Verdict {
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
        let (before, after, lost, dropped) =
            (chance.toss(), chance.toss(), chance.toss(), chance.toss());
        if before < self.faults.error_before {
            internal(false)
        } else if writes && after < self.faults.error_after {
            internal(true)
        } else if lost < self.faults.drop_before {
            Verdict::Dropped { after: false }
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
}

/// Chance that anybody can repeat: splitmix64 from a digest of what the call is.
struct Chance(u64);

impl Chance {
    fn of(seed: u64, operation: &str, key: &str, tries: u64) -> Self {
        let bytes = operation.bytes().chain([0]).chain(key.bytes());
        let bytes = seed
            .to_le_bytes()
            .into_iter()
            .chain(tries.to_le_bytes())
            .chain(bytes);
        Self(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    /// A number in 0..1.
    fn toss(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}
