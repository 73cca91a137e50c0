//! What an examination found: a line a finding, what to do below it, and the text for a support case where one is needed.

use super::around::{identity_center, organization};
use super::phrase::{foreign, say};
use super::rows::{Run, rows};
use super::support;
use super::text::Ink;
use crate::aws::{Examination, Finding, State};
use console::Style;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::fmt::Write;

/// A newer minor version only adds.
const FORMAT_VERSION: &str = "1.0";

/// For a person, with a line end after the last line.
pub fn text(seen: &Examination, sandbox: Option<&str>, today: Date, ink: Ink) -> String {
    let mut out = String::new();
    let head = match (seen.target.store.is_empty(), &seen.target.kiro_region) {
        (false, Some(_)) => Some(organization(&seen.target, sandbox)),
        (false, None) => Some(identity_center(&seen.target, sandbox)),
        (true, _) => sandbox.map(|sandbox| say!["Sandbox ", foreign(sandbox)]),
    };
    if let Some(head) = head {
        let head = ink.with(Style::new().bold(), &head.plain(false));
        let _ = writeln!(out, "{head}\n");
    }
    for finding in &seen.findings {
        out.push_str(&one(finding, ink));
    }
    let refused = seen.findings.iter().find_map(|f| f.refused.as_ref());
    if let Some(failure) = refused {
        let title = "A text for a support case, once the other causes are ruled out";
        let _ = writeln!(out, "\n{}", ink.with(Style::new().bold(), title));
        out.push_str(&support::case(
            failure,
            &seen.target,
            seen.payer.as_deref(),
            today,
        ));
    }
    let many = |state| {
        let findings = seen.findings.iter();
        findings.filter(|finding| finding.state == state).count()
    };
    let (wrong, notes, skipped) = (many(State::Wrong), many(State::Note), many(State::NotAsked));
    let _ = match wrong {
        0 => write!(out, "\nNothing is wrong"),
        1 => write!(out, "\n1 thing is wrong"),
        many => write!(out, "\n{many} things are wrong"),
    };
    if notes > 0 {
        let _ = write!(out, "; {notes} to know");
    }
    if skipped > 0 {
        let _ = write!(out, "; {skipped} not asked");
    }
    out.push_str(".\n");
    out
}

fn one(finding: &Finding, ink: Ink) -> String {
    let (word, style) = match finding.state {
        State::Fine => ("ok   ", Style::new().green()),
        State::Note => ("note ", Style::new().yellow()),
        State::Wrong => ("wrong", Style::new().red().bold()),
        State::NotAsked => ("-    ", Style::new().dim()),
    };
    let title = finding.check.title();
    let what = match &finding.of {
        Some(of) => format!("{title} {of}"),
        None => title.to_owned(),
    };
    let line = [
        Run::new(word, style),
        Run::new(&format!("  {what}: {}", finding.said), Style::new()),
    ];
    let mut out = wrapped(&line, 7, ink);
    if let Some(hint) = &finding.hint {
        let hint = [
            Run::new("       ", Style::new()),
            Run::new("hint:", Style::new().cyan()),
            Run::new(&format!(" {hint}"), Style::new()),
        ];
        out.push_str(&wrapped(&hint, 13, ink));
    }
    out
}

fn wrapped(runs: &[Run], indent: usize, ink: Ink) -> String {
    let mut out = String::new();
    for row in rows(runs, ink.width, indent) {
        for run in row {
            out.push_str(&ink.with(run.style, &run.text));
        }
        out.push('\n');
    }
    out
}

/// For programs, with a line end after it.
pub fn json(seen: &Examination, today: Date) -> String {
    let Examination {
        findings,
        target,
        payer,
    } = seen;
    let found = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let findings = findings.iter().map(|finding| {
        let Finding {
            check,
            of,
            state,
            said,
            hint,
            refused,
        } = finding;
        let case = refused
            .as_ref()
            .map(|failure| support::case(failure, target, payer.as_deref(), today));
        json!({
            "check": check.key(),
            "of": of,
            "state": state.key(),
            "said": said,
            "hint": hint,
            "support_case": case,
        })
    });
    let document = json!({
        "format_version": FORMAT_VERSION,
        "ok": seen.is_sound(),
        "target": {
            "account": found(&target.account),
            "region": found(&target.region),
            "kiro_region": target.kiro_region,
            "kiro_account": payer,
            "instance": found(&target.instance),
            "store": found(&target.store),
        },
        "findings": findings.collect::<Vec<Value>>(),
    });
    format!("{document:#}\n")
}
