//! Which files make up a roster, and their text.

use super::text;
use crate::model::Text;
use crate::problem::{Problem, Spot};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Ten times what 100,000 people with all their attributes take.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What a path of one dash means, as everywhere: standard input.
const STANDARD_INPUT: &str = "-";

/// Name and text of every file that can be read, once each, and a problem for every other.
pub(super) fn gather(paths: &[PathBuf]) -> (Vec<(Text, Text)>, Vec<Problem>) {
    let mut found = Found::default();
    for path in paths {
        let before = found.seen;
        found.path(path);
        // A folder that is named and holds nothing is the wrong folder: exact groups would lose whoever it should name.
        if found.seen == before {
            let problem = Problem::new(Spot::file(name(path)), "no roster file here")
                .hint("a directory means every `*.yaml` and `*.yml` below it");
            found.problems.push(problem);
        }
    }
    let Found {
        files: paths,
        mut problems,
        ..
    } = found;
    let mut files = Vec::new();
    for path in paths.into_values() {
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
    (files, problems)
}

/// The files behind the paths so far.
#[derive(Default)]
struct Found {
    /// By what they are on disk: a file that is named twice, or lies in a directory that is named too, speaks once.
    files: BTreeMap<PathBuf, PathBuf>,
    problems: Vec<Problem>,
    /// Files and problems, repeated ones too.
    seen: usize,
}

impl Found {
    fn path(&mut self, path: &Path) {
        if path == Path::new(STANDARD_INPUT) {
            return self.file(path.to_owned(), path);
        }
        match fs::metadata(path) {
            Ok(is) if is.is_dir() => self.folder(path),
            // A pipe has no name that leads to it.
            Ok(_) => self.file(
                fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
                path,
            ),
            Err(error) => self.problem(path, &error),
        }
    }

    fn file(&mut self, is: PathBuf, path: &Path) {
        self.seen += 1;
        let shown = self.files.entry(is).or_insert_with(|| path.to_owned());
        // The shortest name, so that the order of the paths does not show.
        if (path.as_os_str().len(), path) < (shown.as_os_str().len(), shown.as_path()) {
            *shown = path.to_owned();
        }
    }

    fn folder(&mut self, path: &Path) {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => return self.problem(path, &error),
        };
        for entry in entries {
            let (path, kind) = match entry.and_then(|e| Ok((e.path(), e.file_type()?))) {
                Ok(entry) => entry,
                Err(error) => {
                    self.problem(path, &error);
                    continue;
                }
            };
            // Directories behind links are left out: a link to a directory above would never end.
            if kind.is_dir() || (is_yaml(&path) && !path.is_dir()) {
                self.path(&path);
            }
        }
    }

    fn problem(&mut self, path: &Path, error: &io::Error) {
        self.seen += 1;
        self.problems.push(unreadable(path, error));
    }
}

fn is_yaml(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml"))
}

/// All of it, if it is not larger than any roster.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than may be: a pipe does not tell its length before.
    if path == Path::new(STANDARD_INPUT) {
        io::stdin()
            .lock()
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)?;
    } else {
        let file = fs::File::open(path)?;
        let length = file.metadata()?.len().min(LARGEST);
        bytes.reserve(usize::try_from(length).unwrap_or_default() + 1);
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > LARGEST {
        let limit = format!("larger than {} MB", LARGEST / 1024 / 1024);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, limit));
    }
    Ok(bytes)
}

fn name(path: &Path) -> Text {
    if path == Path::new(STANDARD_INPUT) {
        return "<stdin>".into();
    }
    path.to_string_lossy().into()
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem::new(Spot::file(name(path)), format!("cannot read it: {error}"))
}
