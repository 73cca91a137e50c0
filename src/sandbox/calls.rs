//! The log of calls: one JSON object a line, in the order in which they were answered.

use jiff::Timestamp;
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// One call.
#[derive(Debug, Serialize)]
pub(super) struct Call<'a> {
    pub(super) at: Timestamp,
    pub(super) account: &'a str,
    pub(super) service: &'a str,
    pub(super) region: &'a str,
    pub(super) operation: &'a str,
    /// Whom or what it is about, as far as the request tells.
    pub(super) key: String,
    /// What the caller was answered; 0 where the answer was dropped.
    pub(super) status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<&'a str>,
    /// Whether it was done although the caller was not told so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) done: bool,
}

/// The open log.
#[derive(Debug)]
pub(super) struct Log(File);

impl Log {
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self(
            OpenOptions::new().create(true).append(true).open(path)?,
        ))
    }

    /// One write a line, so that readers never see half of one.
    pub(super) fn add(&mut self, call: &Call) {
        if let Ok(mut line) = serde_json::to_vec(call) {
            line.push(b'\n');
            // A log that cannot be written must not change what the double of AWS answers.
            let _ = self.0.write_all(&line);
        }
    }
}
