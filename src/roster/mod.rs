//! Roster files become what is [`Desired`], or every [`Problem`] they have.
//!
//! Three steps: each file is read into a `document` of facts with places, the documents are `join`ed, and what only
//! shows in all of them together is checked. A new format is a new reader beside `yaml`; the rest stays. Nothing here
//! knows what is live, and nothing here calls anybody.

mod across;
mod csv;
mod digest;
mod document;
mod draft;
mod export;
mod import;
mod join;
mod part;
mod retire;
mod sayable;
mod schema;
mod sources;
mod store_json;
mod text;
mod words;
mod writer;
mod yaml;

pub use csv::{Sheets, write as write_csv};
pub use import::{HasTiers, Import, TierFor};
pub use part::{Part, subjects};
pub use retire::retire;
pub use schema::schema;
pub use store_json::{Backup, write_store};
pub use writer::{Extent, Written, write, write_part};

use crate::desired::{Desired, Rules, Said};
use crate::model::Text;
use crate::problem::{Problem, Problems, Spot};
use std::path::{Path, PathBuf};

pub use digest::File;
use document::Document;

/// What was loaded, and from where.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What the files ask for, together.
    pub desired: Desired,
    /// The files that said so, by name.
    pub files: Vec<File>,
    /// What the files say and nobody uses, such as columns that no roster has.
    pub remarks: Vec<Said<String>>,
    /// `sha256:…` over the contents of all files, whatever their names and order.
    pub digest: Text,
}

/// Reads files, and every `*.yaml` and `*.yml` below directories. The order of `paths` does not matter.
///
/// # Errors
/// Every problem at once, unreadable files included.
pub fn load(paths: &[PathBuf]) -> Result<Loaded, Problems> {
    let (files, problems) = sources::gather(paths);
    read(files, problems)
}

/// The same from texts by name, without touching the disk.
///
/// # Errors
/// Every problem at once.
pub fn parse<N: Into<Text>, T: Into<Text>>(
    files: impl IntoIterator<Item = (N, T)>,
) -> Result<Loaded, Problems> {
    let files = files
        .into_iter()
        .map(|(name, text)| (name.into(), text.into()));
    read(files.collect(), Vec::new())
}

/// Reads the `policy`, `acknowledge` and `tiers` of one file, a root or not, to put them in the place of a roster's own
/// with [`Desired::under`]. The rest of the file is not looked at.
///
/// # Errors
/// Every problem at once; a file that has no policy is one.
pub fn load_policy(path: &Path) -> Result<Rules, Problems> {
    let (files, mut problems) = sources::gather(&[path.to_owned()]);
    let mut rules = Rules::default();
    if let [(file, text)] = files.as_slice() {
        if let Some(part) = yaml::rules(file, text, &mut problems) {
            rules = Rules {
                policy: part.policy,
                acknowledge: part.acknowledge,
                prices: part.prices.unwrap_or_default(),
            };
        }
    } else if problems.is_empty() {
        let at = Spot::file(path.to_string_lossy().into());
        problems.push(Problem::new(at, "a policy is one file").hint("name the file itself"));
    }
    match problems.is_empty() {
        true => Ok(rules),
        false => Err(Problems::new(problems, files)),
    }
}

fn read(files: Vec<(Text, Text)>, problems: Vec<Problem>) -> Result<Loaded, Problems> {
    let mut read = documents(files, problems);
    let consoles = read.documents.iter();
    let consoles = consoles.filter_map(|document| document.console.clone());
    let problems = consoles.map(|at| {
        let problem = Problem::new(at, "this is the console's list, which names no user names");
        problem.hint("`kiroster import` makes a roster of it")
    });
    read.problems.extend(problems);
    let Together {
        desired,
        files,
        remarks,
    } = read.together(across::complete)?;
    let files = File::each(files);
    let digest = digest::of_all(&files);
    Ok(Loaded {
        desired,
        files,
        remarks,
        digest,
    })
}

/// Every file on its own.
struct Read {
    files: Vec<(Text, Text)>,
    documents: Vec<Document>,
    /// Whether every file could be read.
    whole: bool,
    problems: Vec<Problem>,
    remarks: Vec<Said<String>>,
}

/// What files without a problem ask for.
struct Together {
    desired: Desired,
    files: Vec<(Text, Text)>,
    remarks: Vec<Said<String>>,
}

impl Read {
    /// Joins the files, if nothing is wrong with them. `enough` looks for what is in none of them.
    fn together(
        mut self,
        enough: impl Fn(&[Document], &mut Vec<Problem>),
    ) -> Result<Together, Problems> {
        // What is missing may stand in the file that could not be read.
        if self.whole {
            enough(&self.documents, &mut self.problems);
        }
        across::names(&self.documents, &mut self.problems);
        let desired = Desired::of(self.documents, self.whole, &mut self.problems);
        if !self.problems.is_empty() {
            return Err(Problems::new(self.problems, self.files));
        }
        Ok(Together {
            desired,
            files: self.files,
            remarks: self.remarks,
        })
    }
}

fn documents(mut files: Vec<(Text, Text)>, mut problems: Vec<Problem>) -> Read {
    for (_, text) in &mut files {
        let bare = text::without_mark(text);
        if bare.len() < text.len() {
            *text = bare.into();
        }
    }
    files.sort();
    let mut names = words::Names::default();
    let mut documents = Vec::with_capacity(files.len());
    let mut whole = problems.is_empty();
    let mut remarks = Vec::new();
    for (file, text) in &files {
        let (names, problems) = (&mut names, &mut problems);
        let document = match Format::of(file) {
            Format::Yaml => yaml::document(file, text, names, problems),
            Format::Csv => csv::document(file, text, names, problems, &mut remarks),
            Format::Store => yaml::store(file, text, names, problems),
        };
        match document {
            Some(document) => documents.push(document),
            None => whole = false,
        }
    }
    Read {
        files,
        documents,
        whole,
        problems,
        remarks,
    }
}

/// How a file spells what it says; its name tells.
enum Format {
    Yaml,
    Csv,
    /// The scripts' backup of a store, in JSON.
    Store,
}

impl Format {
    fn of(file: &str) -> Self {
        let extension = Path::new(file).extension().and_then(|end| end.to_str());
        match extension.map(str::to_lowercase).as_deref() {
            Some("csv") => Self::Csv,
            Some("json") => Self::Store,
            _ => Self::Yaml,
        }
    }
}
