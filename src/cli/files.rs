//! Files that are written whole or not at all, and read by their owner alone: they hold names and e-mail addresses.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Written aside, synced, renamed; mode 0600. A link stays one, and what is no file, such as `/dev/stdout`, is written to.
pub(super) fn write_whole(file: &Path, text: &str) -> io::Result<()> {
    let file = &behind_links(file);
    if is_special(file) {
        return fs::write(file, text);
    }
    let mut aside = beside(file)?;
    aside.write_all(text.as_bytes())?;
    aside.as_file().sync_all()?;
    aside.persist(file)?;
    Ok(())
}

/// A file that is yet to take the place of another.
pub(super) fn beside(file: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = file.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    let made = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
    // The library names its own file, which nobody has asked for, around the system's answer.
    made.map_err(|error| {
        let inner = error.get_ref().and_then(|error| error.source());
        let system = inner.and_then(|error| error.downcast_ref::<io::Error>());
        match system.and_then(io::Error::raw_os_error) {
            Some(code) => io::Error::from_raw_os_error(code),
            None => error.kind().into(),
        }
    })
}

/// As many links as Linux follows.
const MOST_LINKS: usize = 40;

/// The file that a link leads to, be it there yet or not; anything else as it is.
pub(super) fn behind_links(file: &Path) -> PathBuf {
    let mut file = file.to_owned();
    if is_special(&file) {
        return file;
    }
    for _ in 0..MOST_LINKS {
        let Ok(leads_to) = fs::read_link(&file) else {
            break;
        };
        // A relative one starts where the link lies.
        file = file.parent().unwrap_or(Path::new("")).join(leads_to);
    }
    file
}

/// A device or a pipe: nothing may take its place.
pub(super) fn is_special(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|is| !is.is_file() && !is.is_dir())
}
