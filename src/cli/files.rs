//! Files that are written whole or not at all, and read by their owner alone: they hold names and e-mail addresses.

use std::io::{self, Write};
use std::path::Path;

/// Written aside, synced, renamed; mode 0600.
pub(super) fn write_whole(file: &Path, text: &str) -> io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut aside = tempfile::NamedTempFile::new_in(folder)?;
    aside.write_all(text.as_bytes())?;
    aside.as_file().sync_all()?;
    aside.persist(file)?;
    Ok(())
}
