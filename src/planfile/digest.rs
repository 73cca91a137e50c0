//! Two digests. One is over what is intended, so that two machines that would do the same agree on it. The other is over
//! every byte of the file, so that no edit goes unseen. Neither is a signature: trust the place the file came from.

use super::change::values;
use crate::model::{Principal, hex};
use crate::plan::Plan;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// Over target, partial, mails, policy, acknowledgements, and of each change its address, actions, id, before and after.
/// Revisions, origins, times and paths are outside.
pub fn intended(plan: &Plan) -> String {
    let changes: Vec<Json> = plan
        .operations
        .iter()
        .map(|operation| {
            let subject = operation.subject();
            let ids: Vec<_> = subject
                .principals()
                .map(|end: Principal| {
                    plan.basis
                        .get(&end)
                        .map(|known| known.id.as_str().to_owned())
                })
                .collect();
            let values = values(operation);
            json!([subject, values.actions, ids, values.before, values.after])
        })
        .collect();
    let terms = &plan.terms;
    let intended = json!({
        "target": plan.target,
        "partial": plan.partial,
        "mails": plan.invites,
        "policy": without_places(json!(terms.policy)),
        "acks": terms.agreed,
        "changes": changes,
    });
    named(canonical(&intended))
}

const SEAL: &str = "\"content_digest\": \"sha256:";
const HEX: usize = 64;

/// The text with the digest of all its other bytes in the place that is kept for it.
pub(super) fn sealed(text: &str) -> String {
    let Some((before, after)) = around_seal(text) else {
        return text.to_owned();
    };
    let seal = seal(before, after);
    format!("{before}{seal}{after}")
}

/// Whether every byte is as it was written.
pub(super) fn is_sealed(text: &str) -> bool {
    around_seal(text).is_some_and(|(before, after)| {
        let there = &text[before.len()..text.len() - after.len()];
        there == seal(before, after)
    })
}

/// Sixty-four zeros, for a file that is not sealed yet.
pub(super) fn unsealed() -> String {
    format!("sha256:{}", "0".repeat(HEX))
}

/// What stands before and after the seal's hexadecimal digits; the seal is the last of its name.
fn around_seal(text: &str) -> Option<(&str, &str)> {
    let start = text.rfind(SEAL)? + SEAL.len();
    let end = start + HEX;
    let digits = text.get(start..end)?;
    digits
        .bytes()
        .all(|digit| digit.is_ascii_hexdigit())
        .then(|| (&text[..start], &text[end..]))
}

fn seal(before: &str, after: &str) -> String {
    let digest = Sha256::new()
        .chain_update(before)
        .chain_update([0])
        .chain_update(after)
        .finalize();
    hex(digest)
}

/// `sha256:` and the digest of some bytes.
pub(super) fn named(bytes: impl AsRef<[u8]>) -> String {
    format!("sha256:{}", hex(Sha256::digest(bytes)))
}

/// Policy as it is meant, wherever it is written.
fn without_places(json: Json) -> Json {
    match json {
        Json::Object(object) => {
            // A group may be called `at`; its requirement is no text.
            let is_place = |key: &str, value: &Json| key == "at" && value.is_string();
            let rest = object
                .into_iter()
                .filter(|(key, value)| !is_place(key, value));
            Json::Object(
                rest.map(|(key, value)| (key, without_places(value)))
                    .collect(),
            )
        }
        Json::Array(list) => Json::Array(list.into_iter().map(without_places).collect()),
        other => other,
    }
}

/// Keys sorted, no white space: the same value has one text.
fn canonical(json: &Json) -> String {
    match json {
        Json::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            keys.sort();
            let entries = keys
                .into_iter()
                .map(|key| format!("{}:{}", Json::from(key.as_str()), canonical(&object[key])));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        Json::Array(list) => {
            let items: Vec<String> = list.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_counts() {
        let text = format!(
            "{{\n  \"a\": 1,\n  \"content_digest\": \"{}\"\n}}\n",
            unsealed()
        );
        let sealed = sealed(&text);
        assert!(is_sealed(&sealed) && !is_sealed(&text));
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(edited) = String::from_utf8(bytes) {
                assert!(!is_sealed(&edited), "byte {at}");
            }
        }
        assert!(!is_sealed(&format!("{sealed} ")));
    }

    #[test]
    fn the_order_of_keys_is_no_difference() {
        let one = json!({ "b": [1, { "d": null, "c": "x" }], "a": 2 });
        let two = json!({ "a": 2, "b": [1, { "c": "x", "d": null }] });
        assert_eq!(canonical(&one), canonical(&two));
        assert_eq!(canonical(&one), r#"{"a":2,"b":[1,{"c":"x","d":null}]}"#);
    }
}
