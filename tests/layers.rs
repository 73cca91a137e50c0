//! Who may import whom. The house stands as long as the nouns in the middle know no door.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot read its own files has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module and all that it may use of ours.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("directory", &["model"]),
    ("problem", &["model"]),
    ("live", &["directory", "model"]),
    ("desired", &["live", "model"]),
    ("migration", &["directory", "live", "model"]),
    ("change", &["directory", "model"]),
    ("goal", &["change", "desired", "directory", "live", "model"]),
    ("cost", &["desired", "directory", "live", "model"]),
    ("holdings", &["cost", "desired", "live", "model"]),
    (
        "policy",
        &["cost", "desired", "directory", "goal", "live", "model"],
    ),
    (
        "plan",
        &[
            "change",
            "cost",
            "desired",
            "directory",
            "goal",
            "live",
            "model",
            "policy",
        ],
    ),
    (
        "explanation",
        &[
            "cost",
            "desired",
            "directory",
            "goal",
            "holdings",
            "live",
            "model",
            "plan",
        ],
    ),
    (
        "planfile",
        &[
            "cost",
            "desired",
            "directory",
            "goal",
            "live",
            "model",
            "plan",
        ],
    ),
    (
        "roster",
        &[
            "desired",
            "directory",
            "live",
            "migration",
            "model",
            "problem",
        ],
    ),
    ("aws", &["directory", "live", "model"]),
    (
        "apply",
        &["aws", "directory", "goal", "live", "model", "plan"],
    ),
    (
        "render",
        &[
            "apply",
            "aws",
            "cost",
            "desired",
            "directory",
            "explanation",
            "goal",
            "holdings",
            "live",
            "migration",
            "model",
            "plan",
            "problem",
        ],
    ),
    ("sandbox", &[]),
    (
        "cli",
        &[
            "apply",
            "aws",
            "cost",
            "desired",
            "directory",
            "explanation",
            "goal",
            "holdings",
            "live",
            "migration",
            "model",
            "plan",
            "planfile",
            "policy",
            "problem",
            "render",
            "roster",
            "sandbox",
        ],
    ),
];

#[test]
fn every_import_goes_in_an_allowed_direction() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let may_use: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut files = 0;
    for file in rust_files(&source) {
        let inside = file.strip_prefix(&source).expect("below src");
        let module = inside.iter().next().expect("a name").to_string_lossy();
        let module = module.trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        files += 1;
        let allowed = may_use
            .get(module.as_str())
            .unwrap_or_else(|| panic!("`{module}` is new: say in this test what it may use"));
        for (number, line) in fs::read_to_string(&file).expect("text").lines().enumerate() {
            for used in uses(line) {
                if used != module && !allowed.contains(&used.as_str()) {
                    wrong.push(format!(
                        "{}:{}: {module} uses {used}",
                        inside.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(files > 20, "the scan found only {files} files");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_scan_sees_a_wrong_import() {
    let line = "    use crate::aws::{self, Session}; // crate::cli is only mentioned";
    assert_eq!(uses(line), ["aws"]);
    assert_eq!(
        uses("let x = crate::goal::kiro_rule(crate::model::Tier::Pro);"),
        ["goal", "model"]
    );
    let (module, allowed) = MAY_USE[0];
    assert!(module == "model" && !allowed.contains(&"aws"));
}

/// The modules of ours that a line of code names.
fn uses(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or_default();
    let named = code.split("crate::").skip(1);
    let word = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    named.map(word).filter(|used| !used.is_empty()).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files
}
