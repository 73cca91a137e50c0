//! What a roster can say of what is live: AWS holds older values that it would no longer take, and lists of members that
//! nobody may write.

use super::words;
use crate::live::Live;
use crate::model::{Attribute, GroupName, Kind, Principal, Value, aws_owned_group};

/// Whether a roster can list who is in the group. Nobody may write the others, so a list could only ever be wrong.
pub(super) fn has_list(live: &Live, group: &GroupName) -> bool {
    let provided = live.provided.contains(&Principal::Group(group.clone()));
    !provided && !aws_owned_group(group.as_str())
}

/// Whether a roster that says so would load: AWS holds older values that it would no longer take.
pub(super) fn loads(attribute: Attribute, value: &Value) -> bool {
    match value {
        Value::Text(text) if attribute.kind() == Kind::Email => words::email(text).is_ok(),
        Value::Text(text) => writable(text),
        Value::List(texts) => {
            let few = match attribute.kind() {
                Kind::List { most: Some(most) } => texts.len() <= most,
                _ => true,
            };
            few && !texts.is_empty() && texts.iter().all(|text| writable(text))
        }
        Value::Address(address) => {
            let mut parts = address
                .parts()
                .into_iter()
                .filter_map(|(_, part)| part.as_ref());
            parts.clone().next().is_some() && parts.all(|part| writable(part))
        }
    }
}

pub(super) fn writable(text: &str) -> bool {
    words::text(text, "").is_ok()
}
