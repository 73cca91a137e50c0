//! A plan can be read at any size.

use super::org::{self, empty, leavers, plan, roster, text, view};
use kiroster::model::Tier;
use kiroster::plan::{Plan, Wish};
use kiroster::render::{Detail, Heading, Ink, View, markdown, summary};
use std::collections::BTreeMap as Map;
use std::sync::{Arc, Mutex};
use unicode_width::UnicodeWidthStr;

const MOST: usize = 60_000;

/// Ten thousand people are read slowly in a debug build: each plan is made once.
fn of(joiners: usize, gone: usize) -> Arc<Plan> {
    static MADE: Mutex<Map<(usize, usize), Arc<Plan>>> = Mutex::new(Map::new());
    let mut made = MADE.lock().expect("a lock");
    let make = || {
        let mut live = empty();
        leavers(&mut live, gone);
        Arc::new(plan(&roster(joiners, gone), live))
    };
    Arc::clone(made.entry((joiners, gone)).or_insert_with(make))
}

#[test]
fn ten_thousand_additions_and_forty_removals_are_two_screens() {
    let shown = text(&of(10_000, 40), Some(100));
    assert!(shown.lines().count() <= 100, "{shown}");
    assert!(shown.lines().all(|line| line.width() <= 100), "{shown}");
    for n in 0..40 {
        let name = format!("  - old{n:05} ");
        assert!(shown.lines().any(|line| line.starts_with(&name)), "{shown}");
    }
    assert!(
        shown.contains(
            "+ 9,250 users -> groups [eng], tier pro (+$185,000/mo) (new00003 … new09999)"
        ),
        "{shown}"
    );
}

#[test]
fn ten_thousand_additions_of_any_shape_are_a_screen() {
    let mut live = empty();
    let mut roster = "version: 1\ngroups:\n".to_owned();
    for n in 0..60 {
        roster.push_str(&format!("  g{n}: {{}}\n"));
    }
    roster.push_str("users:\n");
    for n in 0..10_000 {
        let (a, b, c) = (n % 60, (n / 60) % 60, (n * 7) % 60);
        let mut groups = vec![a, b, c];
        groups.sort_unstable();
        groups.dedup();
        let groups: Vec<String> = groups.iter().map(|g| format!("g{g}")).collect();
        let tier = ["pro", "pro+", "power"][n % 3];
        let who = match n % 2 {
            0 => format!("given_name: A, family_name: B, email: u{n}@example.com, "),
            _ => String::new(),
        };
        if n % 2 == 1 {
            org::user(
                &mut live,
                &format!("u{n}"),
                ("A", "B"),
                &format!("u{n}@example.com"),
                None,
            );
        }
        roster.push_str(&format!(
            "  u{n}: {{ {who}groups: [{}], tier: {tier} }}\n",
            groups.join(", ")
        ));
    }
    let shown = text(&plan(&roster, live), Some(100));
    assert!(shown.lines().count() <= 70, "{shown}");
    assert!(
        shown.contains("users -> groups that differ, tier pro+ ("),
        "{shown}"
    );
    assert!(
        shown.contains("live users -> groups that differ, tier power"),
        "{shown}"
    );
}

#[test]
fn full_folds_nothing() {
    let plan = of(500, 3);
    let detail = Detail {
        full: true,
        every_note: false,
    };
    let ink = Ink {
        colour: false,
        width: None,
    };
    let shown = ink.view(&View::of(&plan, &Heading::default(), detail));
    for n in 0..500 {
        assert!(shown.contains(&format!("  + new{n:05} ")), "{n}");
    }
}

#[test]
fn markdown_of_three_hundred_removals_shows_them_all() {
    let shown = markdown(&view(&of(10_000, 300)));
    assert!(shown.chars().count() < MOST, "{}", shown.chars().count());
    for n in 0..300 {
        assert!(shown.contains(&format!("`old{n:05}`")), "{n}");
    }
    assert!(shown.contains("9,250 users → groups \\["), "{shown}");
}

#[test]
fn markdown_with_limits_tripped_shows_every_block_and_all_removals() {
    let mut live = empty();
    leavers(&mut live, 300);
    let roster = roster(10_000, 300);
    let plan = org::judged(&roster, live, &Wish::default(), &Map::new(), |_| ());
    assert!(plan.blocks.len() >= 3, "{:?}", plan.blocks);
    let shown = markdown(&view(&plan));
    assert!(shown.chars().count() < MOST);
    for block in &plan.blocks {
        assert!(
            shown.contains(&format!("- `!` `{}`", block.rule())),
            "{shown}"
        );
    }
    for n in 0..300 {
        assert!(shown.contains(&format!("`old{n:05}`")), "{n}");
    }
}

#[test]
fn markdown_of_five_thousand_removals_says_what_is_not_there() {
    let shown = markdown(&view(&of(10_000, 5_000)));
    let size = shown.chars().count();
    assert!((50_000..MOST).contains(&size), "{size}");
    assert!(
        shown.contains("lowers, renames or gives AWS access: 5,000"),
        "{shown}"
    );
    let named = (0..5_000)
        .filter(|n| shown.contains(&format!("`old{n:05}`")))
        .count();
    assert!(named > 3_500, "{named}");
    let rest = format!("{} of these lines", thousands(5_000 - named));
    assert!(
        shown.contains(&rest),
        "{rest}: {}",
        &shown[shown.len() - 400..]
    );
    assert!(shown.contains("The plan's digest is `3fa9c1d2`"), "{shown}");
    assert!(
        shown.contains("`kiroster show plan.json --full`"),
        "{shown}"
    );
}

fn thousands(n: usize) -> String {
    match n {
        0..1_000 => n.to_string(),
        _ => format!("{},{:03}", n / 1_000, n % 1_000),
    }
}

#[test]
fn markdown_drops_in_order() {
    let whole = markdown(&view(&of(30, 1)));
    assert!(whole.contains("`new00029` user `Nina West29`"), "{whole}");
    let named = markdown(&view(&of(1_000, 1)));
    assert!(
        !named.contains("`Nina West29`") && named.contains("`new00029`"),
        "{named}"
    );
    let folded = markdown(&view(&of(9_000, 1)));
    assert!(
        !folded.contains("`new00029`") && folded.contains("`new00003` … `new08999`"),
        "{folded}"
    );
}

#[test]
fn markdown_counts_changes_before_it_shortens_a_removal() {
    let mut live = empty();
    leavers(&mut live, 30);
    let mut roster = roster(0, 30);
    for n in 0..2_000 {
        let name = format!("u{n:04}");
        org::user(
            &mut live,
            &name,
            ("A", "B"),
            &format!("{name}@example.com"),
            None,
        );
        roster.push_str(&format!("  {name}: {{ title: Engineer number {n} }}\n"));
    }
    let plan = plan(&roster, live);
    let shown = markdown(&view(&plan));
    assert!(shown.chars().count() < MOST);
    assert!(
        shown.contains("not shown here: 2,000 changes. The plan's digest is"),
        "{shown}"
    );
    assert!(
        shown.contains("`old00029` deletes user `Olive Dunn29`"),
        "{shown}"
    );
    // A terminal shows each of them.
    assert_eq!(text(&plan, None).matches("title none -> ").count(), 2_000);
}

#[test]
fn a_block_for_each_of_ten_thousand_people_still_fits_a_comment() {
    let mut live = empty();
    leavers(&mut live, 10_000);
    let roster = roster(0, 10_000).replace(
        "version: 1\n",
        "version: 1\npolicy:\n  protect: { users: [\"old*\"] }\n",
    );
    let plan = plan(&roster, live);
    assert!(plan.blocks.len() >= 10_000, "{}", plan.blocks.len());
    let shown = markdown(&view(&plan));
    assert!(shown.chars().count() < MOST);
    assert!(shown.contains("#### Blocked: 20,000"), "{shown}");
    assert!(
        shown.contains("blocks. The plan's digest"),
        "{}",
        &shown[shown.len() - 300..]
    );
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let again = || {
        let mut live = empty();
        leavers(&mut live, 12);
        plan(&roster(400, 12), live)
    };
    let (one, two) = (again(), again());
    assert_eq!(text(&one, Some(90)), text(&two, Some(90)));
    assert_eq!(markdown(&view(&one)), markdown(&view(&two)));
    assert_eq!(summary(&one), summary(&two));
}

#[test]
fn a_narrow_terminal_loses_no_removal() {
    let mut live = empty();
    leavers(&mut live, 5);
    org::user(
        &mut live,
        "王小明王小明王小明",
        ("王", "小明"),
        "x@example.com",
        Some(Tier::Power),
    );
    let roster = roster(0, 5) + "  王小明王小明王小明: { state: absent, email: x@example.com }\n";
    let plan = plan(&roster, live);
    let wide = text(&plan, None);
    for width in [20, 40, 60, 80, 120] {
        let shown = text(&plan, Some(width));
        let words = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let (all, here) = (words(&wide), words(&shown));
        let lost: Vec<_> = all.iter().filter(|word| !here.contains(word)).collect();
        // Only who somebody is may go.
        let intro = |word: &str| {
            word.contains("Olive")
                || word.contains("Dunn")
                || word.contains('@')
                || word == "王"
                || word == "小明"
        };
        assert!(lost.iter().all(|word| intro(word)), "{width}: {lost:?}");
    }
}

#[test]
fn a_summary_is_one_line() {
    let plan = of(10_000, 40);
    assert_eq!(
        summary(&plan),
        "account 111122223333: 30,252 to add, 0 to change, 80 to remove; 40 people lose a seat or get a lower one; $800 -> $255,000 a month (+$254,200, estimate)\n"
    );
}
