//! Pages with opaque tokens. A token names the last key that was shown, so that what is written between two pages can
//! neither hide nor repeat what stays.

use super::answer::{Answer, Refusal};
use serde_json::{Value, json};

/// One page of `rows`, which are in the order of their keys. `MaxResults` (or `maxResults`) is at most `most`.
pub(super) fn page<T>(
    input: &Value,
    most: u64,
    rows: impl Iterator<Item = T>,
    key: impl for<'a> Fn(&'a T) -> &'a str,
    shown: impl FnOnce(Vec<T>, Option<String>) -> Value,
) -> Answer {
    let wanted = ["MaxResults", "maxResults"]
        .iter()
        .find_map(|member| input.get(*member));
    let size = match wanted {
        None | Some(Value::Null) => most,
        Some(number) => number.as_u64().filter(|n| (1..=most).contains(n)).ok_or_else(|| {
            Refusal::invalid(format!(
                "1 validation error detected: Value at 'maxResults' failed to satisfy constraint: 1 to {most}"
            ))
        })?,
    };
    let token = ["NextToken", "nextToken"]
        .iter()
        .find_map(|member| input[*member].as_str());
    let after = token.map(read).transpose()?;
    let mut rows = rows
        .filter(|row| after.as_ref().is_none_or(|after| key(row) > after.as_str()))
        .peekable();
    let mut page = Vec::new();
    let mut last = String::new();
    while (page.len() as u64) < size
        && let Some(row) = rows.next()
    {
        last = key(&row).to_owned();
        page.push(row);
    }
    let next = rows.peek().is_some().then(|| write(&last));
    Ok(shown(page, next))
}

fn write(key: &str) -> String {
    let hex: String = key
        .bytes()
        .rev()
        .map(|byte| format!("{:02x}", byte ^ 0x5a))
        .collect();
    format!("AAMA{hex}")
}

fn read(token: &str) -> Result<String, Refusal> {
    let wrong = || Refusal::invalid("The next token is not valid.");
    let hex = token
        .strip_prefix("AAMA")
        .filter(|hex| hex.len() % 2 == 0 && hex.is_ascii())
        .ok_or_else(wrong)?;
    let bytes: Result<Vec<u8>, _> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).map(|byte| byte ^ 0x5a))
        .collect();
    let mut bytes = bytes.map_err(|_| wrong())?;
    bytes.reverse();
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// A page of Identity Store, with the token of the next.
pub(super) fn with_next(mut page: Value, next: Option<String>) -> Value {
    if let (Some(next), Some(page)) = (next, page.as_object_mut()) {
        page.insert("NextToken".into(), json!(next));
    }
    page
}
