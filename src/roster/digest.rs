//! What a roster said when a plan was made of it, as a number: the same for the same contents, whatever the files are
//! called, wherever they lie and in whatever order they are named.

use crate::model::{Text, hex};
use sha2::{Digest, Sha256};

/// A file that was loaded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// Its name, as the person named it.
    pub name: Text,
    /// `sha256:…` over its text, as `sha256sum` counts where it has no byte order mark.
    pub digest: Text,
}

impl File {
    /// Each file with its digest, in the order of the names.
    pub(super) fn each(files: Vec<(Text, Text)>) -> Vec<Self> {
        let files = files.into_iter().map(|(name, text)| Self {
            name,
            digest: shown(Sha256::digest(text.as_bytes())),
        });
        files.collect()
    }
}

/// One digest for all: over the sorted digests, so that no text can move from one file to the next unseen.
pub(super) fn of_all(files: &[File]) -> Text {
    let mut digests: Vec<&Text> = files.iter().map(|file| &file.digest).collect();
    digests.sort();
    let mut all = Sha256::new();
    for digest in digests {
        all.update(digest.as_bytes());
        all.update(b"\n");
    }
    shown(all.finalize())
}

fn shown(digest: impl IntoIterator<Item = u8>) -> Text {
    format!("sha256:{}", hex(digest)).into()
}
