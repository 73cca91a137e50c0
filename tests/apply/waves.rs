//! `--limit N`: so many people at a time.

use crate::site::{Site, apply, people};
use serde_json::json;

#[test]
fn a_wave_is_whole_people_and_the_same_command_goes_on_to_the_end() {
    let site = Site::empty(&json!({}));
    site.roster(&people(25));
    let command = apply(&["--max-rps", "400", "--limit", "10"]);
    let said = site.must(0, &command);
    assert!(
        said.contains("For another wave: 45 changes of 15 people"),
        "{said}"
    );
    let deeds = site.deeds();
    assert_eq!(deeds.len(), 1 + 10 * 3, "{deeds:?}");
    assert!(deeds.keys().all(|deed| !deed.contains("user0010")));
    assert_eq!(site.mails().len(), 10);
    let said = site.must(0, &command);
    assert!(said.contains("15 changes of 5 people"), "{said}");
    let said = site.must(0, &command);
    assert!(!said.contains("another wave"), "{said}");
    assert_eq!(site.mails().len(), 25);
    site.must(0, &["plan", "--detailed-exitcode", "--max-rps", "400"]);
}
