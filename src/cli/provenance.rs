//! Where a roster comes from: its files, and the git commit that they are at.

use crate::planfile::{Roster, RosterFile};
use crate::roster::Loaded;
use std::path::Path;
use std::process::{Command, Stdio};

/// The files, their digests and the commit.
pub(super) fn of(loaded: &Loaded) -> Roster {
    let paths: Vec<&str> = loaded.files.iter().map(|file| &*file.name).collect();
    Roster {
        digest: loaded.digest.to_string(),
        files: loaded
            .files
            .iter()
            .map(|file| RosterFile {
                path: file.name.to_string(),
                digest: file.digest.to_string(),
            })
            .collect(),
        commit: commit(&paths),
    }
}

/// The commit of the checkout in which the files lie; `-dirty` behind it where one of them differs from it. No git, no
/// checkout or standard input is no commit.
fn commit(paths: &[&str]) -> Option<String> {
    let folders: Option<Vec<_>> = paths.iter().map(|path| folder(Path::new(path))).collect();
    let folder = folders?.into_iter().next()?;
    let commit = git(&folder, &["rev-parse", "--short=12", "HEAD"], &[])?;
    let paths: Option<Vec<String>> = paths
        .iter()
        .map(|path| {
            Some(
                std::fs::canonicalize(path)
                    .ok()?
                    .to_string_lossy()
                    .into_owned(),
            )
        })
        .collect();
    let changed = git(&folder, &["status", "--porcelain", "--"], &paths?)?;
    Some(match changed.is_empty() {
        true => commit,
        false => format!("{commit}-dirty"),
    })
}

fn folder(path: &Path) -> Option<std::path::PathBuf> {
    Some(std::fs::canonicalize(path).ok()?.parent()?.to_owned())
}

fn git(folder: &Path, words: &[&str], paths: &[String]) -> Option<String> {
    let git = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(words)
        .args(paths)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    git.status
        .success()
        .then(|| String::from_utf8_lossy(&git.stdout).trim().to_owned())
}
