//! How the words after an option are read, and what is said of those that cannot be.

use crate::desired::Limit;
use crate::model::{Glob, Tier};

pub(super) fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err("give a number above 0".into()),
    }
}

pub(super) fn ack(text: &str) -> Result<(Limit, u64), String> {
    let (rule, count) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` is not RULE=N, such as `remove_users=42`"))?;
    let limit = Limit::spelled(rule).ok_or_else(|| {
        let known = Limit::ALL.map(Limit::key).join(", ");
        format!("`{rule}` is no limit; there are {known}")
    })?;
    let count = count
        .parse()
        .map_err(|_| format!("`{count}` is no count"))?;
    Ok((limit, count))
}

pub(super) fn time(text: &str) -> Result<jiff::SignedDuration, String> {
    match text.parse::<jiff::SignedDuration>() {
        Ok(time) if time.is_positive() => Ok(time),
        _ => Err("give a time such as 24h or 90m".into()),
    }
}

pub(super) fn tier(text: &str) -> Result<Tier, String> {
    let known = || Tier::ALL.map(Tier::key).join(", ");
    Tier::spelled(text).ok_or_else(|| format!("there are {}", known()))
}

pub(super) fn glob(text: &str) -> Result<Glob, String> {
    match text.is_empty() {
        true => Err("give a name, or a glob such as `a*`".into()),
        false => Ok(Glob::new(text)),
    }
}
