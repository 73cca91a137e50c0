//! The ledger: a file of JSON lines with each intent before its call and each outcome after it.
//!
//! It is evidence, not truth: what is live is read from AWS, and a run without a ledger reaches the same directory. What
//! it alone can tell is whom this program has created and not mailed yet, and what a removed object was.
//!
//! A line is written whole and at once before the call is made, so `kill -9` loses nothing that the system has taken; a
//! last line that was torn all the same is no evidence of anything and is cut off when the file is opened next. The disk
//! is told to keep up about once a second, by a thread of its own so that no call waits for it: when power fails, the
//! last second may be missing, and with it whom to mail is found as if the ledger had been lost for those few.

use super::event::{Event, What};
use super::memory::Memory;
use crate::model::Text;
use jiff::Timestamp;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long evidence may be in the system's hands only.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// An open ledger. The file is made with the first line.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    run: Text,
    memory: Memory,
    writer: Option<Writer>,
}

#[derive(Debug)]
struct Writer {
    file: File,
    synced: Instant,
    sync: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ledger {
    /// Reads what is there, and heals its end. No file is as good as an empty one.
    ///
    /// # Errors
    /// When it is there and cannot be read, or not written.
    pub fn open(path: &Path) -> io::Result<Self> {
        let memory = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(mut file) => heal(&mut file)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Memory::default(),
            Err(error) => return Err(error),
        };
        let now = Timestamp::now();
        let run = format!("{}-{}", now.strftime("%Y%m%dT%H%M%SZ"), std::process::id());
        Ok(Self {
            path: path.to_owned(),
            run: run.into(),
            memory,
            writer: None,
        })
    }

    /// What it tells, without a word written to it; nothing where there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(path: &Path) -> io::Result<Memory> {
        match File::open(path) {
            Ok(file) => Ok(whole_lines(file)?.memory),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Memory::default()),
            Err(error) => Err(error),
        }
    }

    /// What it told when it was opened.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The run that writes to it.
    pub fn run(&self) -> &Text {
        &self.run
    }

    /// Writes down what happens, and returns it with its time and run.
    ///
    /// # Errors
    /// When it cannot be written; then what it announces must not be done.
    pub fn write(&mut self, what: What) -> io::Result<Event> {
        let event = Event {
            at: Timestamp::now(),
            run: Text::clone(&self.run),
            what,
        };
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(Writer::open(&self.path)?),
        };
        writer.add(event.line().as_bytes())?;
        Ok(event)
    }
}

impl Writer {
    fn open(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        // Names and addresses of people are inside.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let (sync, due) = mpsc::channel();
        let synced = file.try_clone()?;
        let thread = std::thread::spawn(move || {
            while let Ok(()) = due.recv() {
                // The lines are with the system; that the disk is full or gone is told by the next write.
                let _ = synced.sync_data();
            }
        });
        Ok(Self {
            file,
            synced: Instant::now(),
            sync: Some(sync),
            thread: Some(thread),
        })
    }

    /// One write a line, so that a killed process leaves whole lines.
    fn add(&mut self, line: &[u8]) -> io::Result<()> {
        self.file.write_all(line)?;
        if self.synced.elapsed() >= SYNC_EVERY {
            self.synced = Instant::now();
            if let Some(sync) = &self.sync {
                // The thread ends with the writer, never before.
                let _ = sync.send(());
            }
        }
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some(sync) = self.sync.take() {
            let _ = sync.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads every line, and mends the end: a last one without its end is kept if it is whole, and cut off if it is not.
fn heal(file: &mut File) -> io::Result<Memory> {
    let Lines {
        memory,
        whole,
        torn,
    } = whole_lines(&mut *file)?;
    match torn {
        None => {}
        Some(Torn::End) => {
            file.seek(SeekFrom::End(0))?;
            file.write_all(b"\n")?;
        }
        Some(Torn::Middle) => file.set_len(whole)?,
    }
    Ok(memory)
}

/// What a file of lines holds.
struct Lines {
    memory: Memory,
    /// The bytes of lines with their end.
    whole: u64,
    torn: Option<Torn>,
}

/// What became of the last line.
enum Torn {
    /// It lacks its end alone, and is heard.
    End,
    /// It lacks more.
    Middle,
}

fn whole_lines(file: impl Read) -> io::Result<Lines> {
    let mut lines = Lines {
        memory: Memory::default(),
        whole: 0,
        torn: None,
    };
    let mut line = Vec::new();
    let mut reader = BufReader::new(file);
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(lines);
        }
        if !line.ends_with(b"\n") {
            break;
        }
        lines.memory.take_in(&line);
        lines.whole += length as u64;
    }
    let is_whole =
        serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&line).is_ok();
    lines.torn = Some(match is_whole {
        true => {
            lines.memory.take_in(&line);
            Torn::End
        }
        false => Torn::Middle,
    });
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::event::Address;
    use crate::model::UserName;

    fn intent(name: &str) -> What {
        What::Intent {
            address: Address(vec!["user".into(), name.into()]),
            action: "create".into(),
            id: None,
            before: None,
            after: Some(serde_json::json!({ "user_name": name, "email": "ü@example.com" })),
            mail: true,
        }
    }

    /// Killed after any number of bytes: what was whole is remembered, and the next run writes on.
    #[test]
    fn it_survives_a_kill_at_every_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/plan.json.ledger.jsonl");
        let mut ledger = Ledger::open(&path).unwrap();
        ledger.write(intent("ada")).unwrap();
        ledger.write(intent("ben")).unwrap();
        drop(ledger);
        let bytes = fs::read(&path).unwrap();
        let first = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        for end in 0..=bytes.len() {
            fs::write(&path, &bytes[..end]).unwrap();
            let mut ledger = Ledger::open(&path).unwrap();
            // Without its line end, a line that is whole counts.
            let whole = usize::from(end >= first) + usize::from(end >= bytes.len() - 1);
            assert_eq!(ledger.memory().creations().count(), whole, "{end} bytes");
            ledger.write(intent("cyd")).unwrap();
            drop(ledger);
            let ledger = Ledger::open(&path).unwrap();
            assert_eq!(
                ledger.memory().creations().count(),
                whole + 1,
                "{end} bytes"
            );
            assert!(ledger.memory().creation(&UserName::new("cyd")).is_some());
        }
    }

    #[test]
    fn a_ledger_that_is_only_read_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.jsonl");
        assert!(Ledger::open(&path).unwrap().memory().is_empty());
        assert!(!path.exists());
    }
}
