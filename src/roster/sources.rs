//! Which files make up a roster, and their text.

use super::text;
use crate::model::Text;
use crate::problem::{Problem, Spot};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Ten times what 100,000 people with all their attributes take.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Name and text of every file that can be read, once each, and a problem for every other.
pub(super) fn gather(paths: &[PathBuf]) -> (Vec<(Text, Text)>, Vec<Problem>) {
    let mut problems = Vec::new();
    // By what it is on disk: a file that is named twice, or lies in a directory that is named too, speaks once.
    let mut found: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for path in paths {
        if let Err(error) = collect(path, &mut found) {
            problems.push(unreadable(path, &error));
        }
    }
    let mut files = Vec::new();
    for path in found.into_values() {
        match bytes(&path) {
            Ok(bytes) => {
                let name = name(&path);
                if let Some(text) = text::decoded(&name, bytes, &mut problems) {
                    files.push((name, text));
                }
            }
            Err(error) => problems.push(unreadable(&path, &error)),
        }
    }
    if files.is_empty() && problems.is_empty() {
        let path = paths.first().map_or(Path::new("."), PathBuf::as_path);
        let problem = Problem::new(Spot::file(name(path)), "no roster file here")
            .hint("a directory means every `*.yaml` and `*.yml` below it");
        problems.push(problem);
    }
    (files, problems)
}

fn collect(path: &Path, found: &mut BTreeMap<PathBuf, PathBuf>) -> io::Result<()> {
    if !fs::metadata(path)?.is_dir() {
        let place = found.entry(fs::canonicalize(path)?);
        let shown = place.or_insert_with(|| path.to_owned());
        // The shortest name, so that the order of the paths does not show.
        if (path.as_os_str().len(), path) < (shown.as_os_str().len(), shown.as_path()) {
            *shown = path.to_owned();
        }
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let path = entry.path();
        // Directories behind links are left out: a link to a directory above would never end.
        if entry.file_type()?.is_dir() || (is_yaml(&path) && !path.is_dir()) {
            collect(&path, found)?;
        }
    }
    Ok(())
}

fn is_yaml(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml"))
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > LARGEST {
        let limit = format!("larger than {} MB", LARGEST / 1024 / 1024);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, limit));
    }
    fs::read(path)
}

fn name(path: &Path) -> Text {
    path.to_string_lossy().into()
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem::new(Spot::file(name(path)), format!("cannot read it: {error}"))
}
