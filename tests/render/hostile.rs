//! Names that try to be something else. Markdown is judged by what a real renderer makes of it.

use super::org::{empty, group, judged, text, user, view};
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, markdown_to_html, parse_document};
use kiroster::desired::Invite;
use kiroster::directory::User;
use kiroster::live::{Access, Live};
use kiroster::model::{GroupName, Membership, Principal, Tier, UserName, hidden_in, visible};
use kiroster::plan::{Change, Operation, Plan, Wish};
use kiroster::render::{Ink, markdown, summary};
use std::collections::BTreeMap as Map;
use std::sync::Arc;

/// What a person could call themselves, or a group: none may be more than its own text.
const NAMES: &[&str] = &[
    "a|b|c",
    "`tick`",
    "``two``ticks`",
    "`",
    "<script>alert(1)</script>",
    "</details>",
    "--><b>out</b>",
    "@acme/team",
    "@everyone",
    "#12",
    "acme/roster#12",
    "https://evil.example/x",
    "www.evil.example",
    "evil@example.com",
    "[click](https://evil.example)",
    "![img](https://evil.example/i.png)",
    "**bold**",
    "~~gone~~",
    "$x^2$",
    ":smile:",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{202e}drowssap",
    "zero\u{200b}width",
    "bob\u{3164}",
    "tag\u{e0041}",
    "王小明",
    "\\",
    "\\`x\\`",
    "- item",
    "# heading",
    "|---|",
    "&lt;b&gt;",
    "5f4dcc3b5aa765d61d8327deb882cf99e2b3c4d5",
];

fn names() -> Vec<String> {
    let long = ["1", "2"].map(|n| format!("{}{n}{}", "long".repeat(130), "tail".repeat(120)));
    let names = NAMES.iter().map(|name| (*name).to_owned());
    names.chain(long).collect()
}

/// Everybody leaves, joins, is lowered, waits, or is in the way; under every hostile name.
fn hostile() -> Plan {
    let mut live = empty();
    let mut roster = "version: 1\ngroups:\n".to_owned();
    let quoted = |name: &str| serde_json::to_string(name).expect("json");
    let mut users = String::new();
    // A roster may not have invisible characters in a name; what is live may.
    let tame =
        |name: &&String| -> bool { hidden_in(name).is_none() && !name.contains(char::is_control) };
    for (n, name) in names().iter().filter(tame).enumerate() {
        // AWS's bounds: 128 characters for a user, 1,024 for a description.
        let plain = match name.len() {
            0..100 => name.replace(' ', "_"),
            _ => format!("{}{n}", "long".repeat(30)),
        };
        let group_name = format!("{name} g");
        group(&mut live, &group_name, &[&plain]);
        let described = quoted(&format!("{plain} {plain}"));
        roster.push_str(&format!(
            "  {}: {{ members: [], description: {described} }}\n",
            quoted(&group_name)
        ));
        roster.push_str(&format!(
            "  {}: {{ description: {described} }}\n",
            quoted(&format!("{name} new"))
        ));
        let email = format!("p{n}@example.com");
        user(
            &mut live,
            &plain,
            (&plain, &plain),
            &email,
            Some(Tier::Power),
        );
        users.push_str(&match n % 4 {
            0 => format!(
                "  {}: {{ state: absent, email: {email} }}\n",
                quoted(&plain)
            ),
            1 => format!(
                "  {}: {{ tier: pro, title: {described} }}\n",
                quoted(&plain)
            ),
            2 => format!("  {}: {{ state: offboarded }}\n", quoted(&plain)),
            _ => format!("  {}: {{ title: {described} }}\n", quoted(&plain)),
        });
        let joins = quoted(&format!("{plain}-new"));
        users.push_str(&format!(
            "  {joins}: {{ given_name: {0}, family_name: {0}, email: n{email}, tier: pro }}\n",
            quoted(&plain)
        ));
        let waits = quoted(&format!("{plain}-waits"));
        users.push_str(&format!("  {waits}: {{ tier: pro }}\n"));
    }
    roster.push_str("users:\n");
    roster.push_str(&users);
    let mut plan = plan_of(&roster, live);
    for name in names().iter().filter(|name| !tame(name)) {
        let (user, group) = (UserName::new(name.as_str()), GroupName::new(name.as_str()));
        let gone = User::named(user.clone());
        plan.operations.push(Operation::User(
            user.clone(),
            Change {
                before: Some(Arc::new(gone)),
                after: None,
            },
        ));
        let member = Membership::new(group.clone(), user.clone());
        let change = Change {
            before: Some(()),
            after: None,
        };
        plan.operations.push(Operation::Member(member, change));
        plan.invites.push(user.clone());
        let unmanaged = plan.unmanaged.get_or_insert_default();
        unmanaged.users.push(user);
        unmanaged.groups.push(group);
    }
    plan
}

fn plan_of(roster: &str, live: Live) -> Plan {
    let why = Access::NotTold("AccessDenied: <b>@you</b> | `may not`".into());
    let access = names().into_iter().map(|name| {
        (
            Principal::Group(GroupName::new(format!("{name} g"))),
            why.clone(),
        )
    });
    let access: Map<Principal, Access> = access.collect();
    let wish = Wish {
        invite: Some(Invite::New),
        ..Wish::default()
    };
    judged(roster, live, &wish, &access, |_| ())
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    options
}

/// All text of a document that is not in a code span, and what else there is.
fn walk<'a>(
    node: &'a AstNode<'a>,
    code: &mut Vec<String>,
    text: &mut Vec<String>,
    html: &mut Vec<String>,
) {
    match &node.data.borrow().value {
        NodeValue::Code(span) => code.push(span.literal.clone()),
        NodeValue::Text(words) => text.push(words.to_string()),
        NodeValue::HtmlBlock(block) => html.push(block.literal.clone()),
        NodeValue::HtmlInline(inline) => html.push(inline.to_string()),
        NodeValue::Link(_)
        | NodeValue::Image(_)
        | NodeValue::CodeBlock(_)
        | NodeValue::FootnoteReference(_)
        | NodeValue::FootnoteDefinition(_)
        | NodeValue::Math(_)
        | NodeValue::TaskItem(_)
        | NodeValue::BlockQuote
        | NodeValue::ThematicBreak => text.push(format!("MARKUP {:?}", node.data.borrow().value)),
        _ => {}
    }
    for child in node.children() {
        walk(child, code, text, html);
    }
}

#[test]
fn in_markdown_every_hostile_name_is_text_in_a_code_span() {
    let shown = markdown(&view(&hostile()));
    let arena = Arena::new();
    let root = parse_document(&arena, &shown, &options());
    let (mut code, mut text, mut html) = (Vec::new(), Vec::new(), Vec::new());
    walk(root, &mut code, &mut text, &mut html);
    for name in NAMES {
        let plain = name.replace(' ', "_");
        let plain = visible(&plain);
        assert!(
            code.iter().any(|span| span.trim() == plain),
            "{plain}: {shown}"
        );
    }
    // Outside of code spans there are only words of ours.
    for words in &text {
        for odd in [
            "MARKUP", "@", "evil", "alert", "team", "example", "#", "`", "|", "$", "\u{1b}",
            "\u{202e}",
        ] {
            assert!(!words.contains(odd), "{odd}: {words}");
        }
    }
    for block in &html {
        let ours = [
            "<!-- kiroster-plan ",
            "<details>",
            "<summary>",
            "</details>",
        ];
        assert!(ours.iter().any(|tag| block.starts_with(tag)), "{block}");
    }
    let page = markdown_to_html(&shown, &options());
    assert!(
        !page.contains("<script") && !page.contains("<a ") && !page.contains("<img"),
        "{page}"
    );
    // One table, which is the cost.
    assert_eq!(page.matches("<table>").count(), 1, "{page}");
}

#[test]
fn in_text_no_name_reaches_the_terminal_raw() {
    let plan = hostile();
    for width in [None, Some(100), Some(40)] {
        for colour in [false, true] {
            let shown = Ink { colour, width }.view(&view(&plan));
            let odd = |c: char| {
                matches!(c, '\u{200b}' | '\u{202e}' | '\u{3164}' | '\u{e0041}')
                    || (c.is_control() && c != '\n' && !(colour && c == '\u{1b}'))
            };
            assert!(!shown.contains(odd), "{shown}");
            assert!(!shown.contains("\u{1b}[31mred\u{1b}[0m"), "{shown}");
        }
    }
    assert!(text(&plan, None).contains("\\u{1b}[31mred\\u{1b}[0m"));
    assert_eq!(summary(&plan).lines().count(), 1);
}

#[test]
fn two_long_names_can_be_told_apart_wherever_they_are_removed() {
    let plan = hostile();
    let long: Vec<String> = names()
        .into_iter()
        .filter(|name| name.len() > 900)
        .collect();
    assert_eq!(long.len(), 2);
    for shown in [text(&plan, None), markdown(&view(&plan))] {
        let lines: Vec<&str> = shown
            .lines()
            .filter(|line| line.contains("longlonglong") && line.contains("description"))
            .collect();
        let mut names: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.split('#').nth(1))
            .collect();
        names.dedup();
        assert!(names.len() > 1, "{lines:?}");
        assert!(shown.lines().all(|line| line.chars().count() < 3_000));
    }
}
