//! Apply against `sandbox serve`, each in a process of its own: kills, faults, refusals, mails, waves, two at once.
//!
//! The long ones run small in CI and at full size by hand: `KIROSTER_FULL=1 cargo test --release --test apply`. The chaos
//! test runs for `KIROSTER_CHAOS_SECONDS` (20 unless said otherwise), from `KIROSTER_CHAOS_SEED` (the time unless said
//! otherwise; it is printed), and `KIROSTER_CHAOS_SEED=N KIROSTER_CHAOS_SECONDS=0` repeats one case.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot start its programs has failed"
)]

#[path = "../laws/chance.rs"]
#[expect(dead_code, reason = "shared with the laws")]
mod chance;
mod chaos;
mod faults;
mod interrupts;
mod invite;
mod kills;
mod ledger;
mod lock;
mod mails;
mod migrate;
#[path = "../support/program.rs"]
mod program;
mod refusals;
mod site;
mod waves;
