//! The saved plan: the one JSON format, for machines, for `show`, and for applying after the merge exactly what was
//! reviewed. Its names are Terraform's where the meaning is the same.
//!
//! - [`Document`]: the file's shape; `convert`: a plan in that shape, and back
//! - `change`: one entry of `resource_changes`; `words`: how names and keys stand in it
//! - `digest`: over what is intended, and over every byte
//! - [`read`], [`Saved`]: a file becomes a plan again, or a [`Refusal`]
//!
//! It must not know what is live: whether a plan still fits is for [`Plan::against`](crate::plan::Plan::against).

mod change;
mod convert;
mod digest;
mod document;
mod expiry;
mod refusal;
mod words;

pub use change::{ActionReason, ResourceChange, Type, Values, Verb, group_json, user_json};
pub use convert::{Sheet, Told};
pub use digest::intended;
pub use document::{Document, Roster, RosterFile};
pub use expiry::expires;
pub use refusal::Refusal;

use crate::plan::Plan;
use jiff::Timestamp;

/// The format's version: a newer minor is read, a newer major refused.
pub const FORMAT: (u32, u32) = (1, 0);

/// The text of a plan file, as it ships to disk and to `-o json`.
///
/// # Errors
/// Never for a plan that was made here; a serializer can fail in principle.
pub fn write(document: &Document) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    Ok(digest::sealed(&text))
}

/// A plan file, read and found to be what was written.
#[derive(Clone, Debug)]
pub struct Saved {
    /// What stands in it.
    pub document: Document,
    /// The plan.
    pub plan: Plan,
}

/// Reads a plan file: its version, then its seal, then what stands in it.
///
/// # Errors
/// Edited, torn, of a newer major version, or no plan file at all.
pub fn read(text: &str) -> Result<Saved, Refusal> {
    #[derive(serde::Deserialize)]
    struct Version {
        format_version: String,
    }
    let version = serde_json::from_str::<Version>(text).map_err(Refusal::no_plan)?;
    let (major, _) = version
        .format_version
        .split_once('.')
        .ok_or(Refusal::Nonsense(
            "its `format_version` is no version".into(),
        ))?;
    let major: u32 = major
        .parse()
        .map_err(|_| Refusal::Nonsense("its `format_version` is no version".into()))?;
    // Another major version may be sealed in another way.
    if major != FORMAT.0 {
        return Err(Refusal::Newer(version.format_version));
    }
    if !digest::is_sealed(text) {
        return Err(Refusal::Edited);
    }
    let document: Document = serde_json::from_str(text).map_err(Refusal::no_plan)?;
    let plan = document.plan().map_err(Refusal::Nonsense)?;
    // A file that was only made to be looked at has the digest of the plan that it shows.
    if document.complete && digest::intended(&plan) != document.digest {
        return Err(Refusal::Edited);
    }
    Ok(Saved { document, plan })
}

impl Saved {
    /// Whether it may be applied at `now`: whole, and not too old.
    ///
    /// # Errors
    /// Incomplete or expired.
    pub fn usable(&self, now: Timestamp) -> Result<(), Refusal> {
        if !self.document.complete || self.document.errored {
            return Err(Refusal::Incomplete);
        }
        match now >= self.document.expires {
            true => Err(Refusal::Expired(self.document.expires)),
            false => Ok(()),
        }
    }
}

/// The schema's text, as it ships in `schema/plan.schema.json`.
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(Document);
    schema.insert("title".into(), "Kiroster plan".into());
    format!("{:#}\n", schema.as_value())
}
