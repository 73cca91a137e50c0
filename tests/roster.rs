//! What a roster means and what is wrong with it, as data: each `tests/roster/*.md` holds cases, each case the files and
//! the problems they have, as people see them. `UPDATE=1 cargo test --test roster` rewrites what is expected.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use kiroster::render::problems;
use kiroster::roster;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

#[test]
fn every_case_shows_exactly_its_problems() {
    let mut wrong = String::new();
    let mut cases = 0;
    for path in stories() {
        let story = fs::read_to_string(&path).unwrap();
        let mut told = String::new();
        for section in sections(&story) {
            match case(section) {
                Some((files, _)) => {
                    cases += 1;
                    told.push_str(&retell(section, &shown(&files)));
                }
                None => told.push_str(section),
            }
        }
        if told == story {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, told).unwrap();
        } else {
            let diff = similar::TextDiff::from_lines(&story, &told);
            let diff = diff.unified_diff().context_radius(8).to_string();
            writeln!(wrong, "{}\n{diff}", path.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(cases > 30, "only {cases} cases were found");
}

#[test]
fn twelve_mistakes_in_three_files_are_twelve_problems() {
    let story = stories()
        .into_iter()
        .find(|path| path.ends_with("together.md"));
    let story = fs::read_to_string(story.unwrap()).unwrap();
    let title = "## Twelve different mistakes";
    let section = sections(&story)
        .into_iter()
        .find(|section| section.starts_with(title));
    let (files, _) = case(section.unwrap()).unwrap();
    assert_eq!(files.len(), 3);
    assert_eq!(roster::parse(files).unwrap_err().len(), 12);
}

fn stories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/roster");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|p| p.extension().is_some_and(|e| e == "md"))
        .collect();
    files.sort();
    files
}

/// A story from heading to heading.
fn sections(story: &str) -> Vec<&str> {
    let starts = story.match_indices("\n## ").map(|(at, _)| at + 1);
    let starts: Vec<usize> = [0].into_iter().chain(starts).chain([story.len()]).collect();
    starts
        .windows(2)
        .map(|pair| &story[pair[0]..pair[1]])
        .collect()
}

/// Name and text.
type File = (String, String);

/// The files of a case, and where its console block stands.
fn case(section: &str) -> Option<(Vec<File>, Range<usize>)> {
    let (mut files, mut console) = (Vec::new(), None);
    let mut at = 0;
    while let Some(start) = section[at..].find("```") {
        let start = at + start + 3;
        let head_end = start + section[start..].find('\n')? + 1;
        let end = head_end + section[head_end..].find("```")?;
        let (head, body) = (section[start..head_end].trim(), &section[head_end..end]);
        match head.split_once(' ') {
            Some(("yaml" | "csv" | "json", name)) => files.push((name.to_owned(), body.to_owned())),
            _ if head == "yaml" => files.push(("kiroster.yaml".to_owned(), body.to_owned())),
            _ if head == "csv" => files.push(("users.csv".to_owned(), body.to_owned())),
            _ if head == "json" => files.push(("backup.json".to_owned(), body.to_owned())),
            _ if head == "console" => console = Some(head_end..end),
            _ => {}
        }
        at = end + 3;
    }
    Some((files, console?))
}

fn retell(section: &str, shown: &str) -> String {
    let Some((_, console)) = case(section) else {
        return section.to_owned();
    };
    format!(
        "{}{shown}{}",
        &section[..console.start],
        &section[console.end..]
    )
}

fn shown(files: &[File]) -> String {
    match roster::parse(files.to_vec()) {
        Ok(_) => "no problems\n".to_owned(),
        Err(problems) => problems::text(&problems, false),
    }
}

#[test]
fn files_and_directories_in_any_order_and_named_twice_are_one_roster() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path("teams/deep")).unwrap();
    fs::write(
        path("kiroster.yaml"),
        "version: 1\nusers: { a: { tier: pro } }\n",
    )
    .unwrap();
    fs::write(path("teams/eng.yml"), "users: { b: { tier: pro } }\n").unwrap();
    fs::write(path("teams/deep/ops.yaml"), "users: { c: { tier: pro } }\n").unwrap();
    fs::write(path("teams/notes.txt"), "no: [yaml").unwrap();

    let whole = roster::load(&[folder.path().to_owned()]).unwrap();
    assert_eq!(whole.files.len(), 3);
    assert_eq!(whole.desired.users.len(), 3);
    for paths in [
        vec![path("teams"), path("kiroster.yaml")],
        vec![
            path("kiroster.yaml"),
            path("teams/deep"),
            path("teams"),
            path("teams/eng.yml"),
        ],
        vec![path("teams/eng.yml"), folder.path().to_owned()],
    ] {
        let loaded = roster::load(&paths).unwrap();
        assert_eq!(loaded.desired, whole.desired, "{paths:?}");
        assert_eq!(loaded.files, whole.files, "{paths:?}");
    }
}

#[test]
fn what_cannot_be_read_is_told_beside_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(
        path("a.yaml"),
        "users: { b: { tier: prox }, c: { state: offboarded } }\n",
    )
    .unwrap();
    fs::write(path("b.yaml"), b"users: {}\n# caf\xe9\n").unwrap();
    let problems = roster::load(&[path("gone.yaml"), folder.path().to_owned()]).unwrap_err();
    let shown = problems::text(&problems, false);
    assert_eq!(problems.len(), 3, "{shown}");
    for words in [
        "unknown tier `prox`",
        "b.yaml:2:6\n",
        "this character is not UTF-8",
        "cannot read it: No such file",
    ] {
        assert!(shown.contains(words), "{shown}");
    }

    let empty = tempfile::tempdir().unwrap();
    let problems = roster::load(&[empty.path().to_owned()]).unwrap_err();
    assert!(problems::text(&problems, false).contains("no roster file here"));
}

#[cfg(unix)]
#[test]
fn one_bad_entry_of_a_directory_hides_nothing_else_in_it() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.yaml"), "users: { b: { tier: prox } }\n").unwrap();
    symlink("nowhere", path("broken.yaml")).unwrap();
    symlink(".", path("around")).unwrap();
    fs::create_dir(path("folder.yaml")).unwrap();
    fs::write(path("folder.yaml/c.yaml"), "users: { c: { tier: proy } }\n").unwrap();
    let problems = roster::load(&[folder.path().to_owned()]).unwrap_err();
    let shown = problems::text(&problems, false);
    assert_eq!(problems.len(), 3, "{shown}");
    for words in ["broken.yaml", "unknown tier `prox`", "unknown tier `proy`"] {
        assert!(shown.contains(words), "{shown}");
    }
}

#[test]
fn a_directory_that_is_named_and_holds_no_roster_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("teams")).unwrap();
    fs::write(
        path("kiroster.yaml"),
        "version: 1\ngroups: { eng: { membership: exact } }\n",
    )
    .unwrap();
    // Otherwise a slip in the path would read as "nobody is in `eng`".
    let problems = roster::load(&[path("kiroster.yaml"), path("teams")]).unwrap_err();
    let shown = problems::text(&problems, false);
    assert!(
        shown.contains("no roster file here") && shown.contains("teams"),
        "{shown}"
    );
}
#[test]
fn a_table_that_is_not_utf8_is_told_line_by_line_beside_its_other_problems() {
    let folder = tempfile::tempdir().unwrap();
    let problems = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let problems = roster::load(std::slice::from_ref(&path)).unwrap_err();
        problems::text(&problems, false).replace(&*folder.path().to_string_lossy(), "")
    };
    let latin = b"UserName,GivenName,Email,Tier\njo,Jos\xe9,jo@example.com,gold\nbo,M\xfcller \xe4,bo@example.com,\n";
    assert_eq!(
        problems("latin.csv", latin),
        "error: this character is not UTF-8
 --> /latin.csv:2:7
  |
2 | jo,José,jo@example.com,gold
  |       ^
  |
  = hint: save the file as UTF-8

error: unknown tier `gold`
 --> /latin.csv:2:24
  |
2 | jo,José,jo@example.com,gold
  |                        ^^^^
  |
  = hint: tiers are `none`, `pro`, `pro+`, `pro-max`, `power`

error: this character is not UTF-8
 --> /latin.csv:3:5
  |
3 | bo,Müller ä,bo@example.com,
  |     ^
  |
  = hint: save the file as UTF-8
"
    );
    let mut many = b"UserName,GivenName,Email\n".to_vec();
    for i in 0..1_000 {
        many.extend(format!("u{i},").bytes().chain(*b"\xe9,x@example.com\n"));
    }
    let shown = problems("many.csv", &many);
    assert!(shown.contains("not UTF-8, nor are those of 980 more lines"));
    for (bytes, words) in [
        (b"\xff\xfeU\0".as_slice(), "this is UTF-16, not UTF-8"),
        (
            b"PK\x03\x04\x14\0",
            "this is a spreadsheet or an archive, not text",
        ),
    ] {
        let shown = problems("other.csv", bytes);
        assert!(shown.contains(words), "{shown}");
        assert_eq!(shown.matches("error: ").count(), 1, "{shown}");
    }
}
