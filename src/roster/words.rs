//! What a single value may be, whatever format it was written in. Limits: the facts page, section 2.

use crate::desired::Ask;
use crate::model::{Glob, RESERVED_NAMES, Text, Tier, hidden_in};
use std::collections::HashSet;

/// Longest user name that AWS takes, in characters.
pub(super) const LONGEST_USER_NAME: usize = 128;
/// Longest of any other string, in characters.
pub(super) const LONGEST_TEXT: usize = 1024;

/// Each text once: people and groups are named many times.
#[derive(Default)]
pub(super) struct Names(HashSet<Text>);

impl Names {
    /// The shared copy of a text.
    pub(super) fn shared(&mut self, text: &str) -> Text {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let text: Text = text.into();
        self.0.insert(text.clone());
        text
    }
}

/// What is wrong with a value, and what to do where that helps.
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Fault {
    fn new(message: String) -> Self {
        Self {
            message,
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A user's name.
pub(super) fn user_name(name: &str) -> Result<(), Fault> {
    if name.chars().any(char::is_whitespace) {
        let fault = Fault::new(format!("user name `{name}` contains white space"));
        return Err(fault.hint("no user name at AWS does"));
    }
    name_of(name, "user name", LONGEST_USER_NAME)
}

/// A group's name.
pub(super) fn group_name(name: &str) -> Result<(), Fault> {
    name_of(name, "group name", LONGEST_TEXT)
}

fn name_of(name: &str, what: &str, longest: usize) -> Result<(), Fault> {
    if RESERVED_NAMES.contains(&name) {
        let fault = Fault::new(format!("`{name}` is a name that AWS reserves"));
        return Err(fault.hint("no user or group can have it: leave the entry out"));
    }
    sized(name, what, longest)
}

/// Any other text.
pub(super) fn text(text: &str, key: &str) -> Result<(), Fault> {
    let what = format!("`{key}`");
    sized(text, &what, LONGEST_TEXT)?;
    // Names are not judged so: one that came by another road may be live. A plan is blocked that would make one.
    match hidden_in(text) {
        Some(odd) => {
            let fault = format!(
                "{what} contains the invisible character U+{:04X}",
                odd as u32
            );
            let hint = "AWS takes none; it came along when the text was pasted: type it anew";
            Err(Fault::new(fault).hint(hint))
        }
        None => Ok(()),
    }
}

fn sized(text: &str, what: &str, longest: usize) -> Result<(), Fault> {
    if text.is_empty() {
        let fault = Fault::new(format!("{what} is empty"));
        return Err(fault.hint("AWS knows no empty text: leave it out"));
    }
    // Bytes are at least as many as characters, and quicker to count.
    if text.len() > longest {
        let length = text.chars().count();
        if length > longest {
            let fault = Fault::new(format!("{what} has {length} characters"));
            return Err(fault.hint(format!("AWS takes at most {longest}")));
        }
    }
    let odd = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if let Some(odd) = text.chars().find(odd) {
        let fault = format!("{what} contains the control character U+{:04X}", odd as u32);
        return Err(Fault::new(fault));
    }
    Ok(())
}

/// An e-mail address: enough to catch slips, not enough to refuse what AWS has taken.
pub(super) fn email(address: &str) -> Result<(), Fault> {
    text(address, "email")?;
    let well_formed = address.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    if !well_formed || address.chars().any(char::is_whitespace) {
        let fault = Fault::new(format!("`{address}` is not an e-mail address"));
        return Err(fault.hint("as in `jo@example.com`"));
    }
    Ok(())
}

/// A tier or `none`.
pub(super) fn tier(word: &str) -> Result<Ask<Tier>, Fault> {
    if let Some(tier) = Tier::spelled(word) {
        return Ok(Ask::Is(tier));
    }
    if word == "none" {
        return Ok(Ask::Nothing);
    }
    let known: Vec<&str> = ["none"]
        .into_iter()
        .chain(Tier::ALL.map(Tier::key))
        .collect();
    let list = format!("tiers are {}", listed(known.iter().copied()));
    let hint = match near(word, &known) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list,
    };
    Err(Fault::new(format!("unknown tier `{word}`")).hint(hint))
}

/// A glob over user names.
pub(super) fn user_glob(glob: &Glob) -> Result<(), Fault> {
    if glob
        .as_str()
        .chars()
        .any(|c| c.is_whitespace() || c.is_control())
    {
        let fault = format!("`{glob}` fits no user name: user names have no white space");
        return Err(Fault::new(fault));
    }
    fits_some(glob, "user", LONGEST_USER_NAME)
}

/// A glob over group names.
pub(super) fn group_glob(glob: &Glob) -> Result<(), Fault> {
    fits_some(glob, "group", LONGEST_TEXT)
}

fn fits_some(glob: &Glob, kind: &str, longest: usize) -> Result<(), Fault> {
    let glob = glob.as_str();
    if glob.is_empty() {
        let fault = Fault::new(format!("an empty glob fits no {kind} name"));
        return Err(fault.hint("`*` fits every name"));
    }
    if glob.chars().filter(|c| *c != '*').count() > longest {
        let fault = format!("this glob fits no {kind} name: it needs over {longest} characters");
        return Err(Fault::new(fault));
    }
    let odd = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if glob.contains(odd) {
        let fault = format!("`{glob}` fits no {kind} name: names have no control characters");
        return Err(Fault::new(fault));
    }
    Ok(())
}

/// `target.account`.
pub(super) fn account(id: &str) -> Result<(), Fault> {
    if id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    let fault = Fault::new(format!("`{id}` is not an account id"));
    Err(fault.hint("an account id has twelve digits, in quotes: `\"111122223333\"`"))
}

/// `target.region` and `target.kiro_region`: the shape of a region's name, not a list that would age.
pub(super) fn region(name: &str) -> Result<(), Fault> {
    let parts: Vec<&str> = name.split('-').collect();
    let word = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let fits = match parts.split_last() {
        Some((number, words)) => {
            words.len() >= 2
                && words.iter().all(word)
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        None => false,
    };
    if fits {
        return Ok(());
    }
    let fault = Fault::new(format!("`{name}` is not a region"));
    Err(fault.hint("as in `us-east-1` or `eu-central-1`"))
}

/// `target.instance`.
pub(super) fn instance(arn: &str) -> Result<(), Fault> {
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (arn_word, partition, sso, region, account, rest) =
        (next(), next(), next(), next(), next(), next());
    let id = rest.strip_prefix("instance/").unwrap_or_default();
    let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    if arn_word == "arn"
        && partition.starts_with("aws")
        && (sso, region, account) == ("sso", "", "")
        && (id.starts_with("ssoins-") || id.starts_with("ins-"))
        && id.bytes().all(legal)
    {
        return Ok(());
    }
    let fault = Fault::new(format!(
        "`{arn}` is not the ARN of an Identity Center instance"
    ));
    Err(fault.hint("as in `arn:aws:sso:::instance/ssoins-1234567890abcdef`"))
}

/// The known word that was probably meant.
pub(super) fn near<'w>(word: &str, known: &[&'w str]) -> Option<&'w str> {
    let folded = word.to_lowercase().replace(['-', ' '], "_");
    let distance = |known: &str| strsim::damerau_levenshtein(&folded, &known.replace('-', "_"));
    let nearest = known.iter().map(|known| (distance(known), *known)).min()?;
    // A third of the word may differ; of a word of two letters, one.
    let most = folded.chars().count().max(3) / 3;
    (nearest.0 <= most).then_some(nearest.1)
}

/// Words in backticks with commas between them.
pub(super) fn listed<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// What other tools and people call our keys.
const SYNONYMS: [(&str, &str); 12] = [
    ("desc", "description"),
    ("first_name", "given_name"),
    ("firstname", "given_name"),
    ("last_name", "family_name"),
    ("lastname", "family_name"),
    ("mail", "email"),
    ("name", "display_name"),
    ("plan", "tier"),
    ("seat", "tier"),
    ("subscription", "tier"),
    ("surname", "family_name"),
    ("zip", "postal_code"),
];

/// More than this many words in a hint are not read.
const MOST_LISTED: usize = 12;

/// "did you mean", or else what is known.
pub(super) fn meant(word: &str, known: &[&str]) -> String {
    let folded = word.to_lowercase().replace('-', "_");
    let synonym = SYNONYMS.iter().find(|(other, _)| *other == folded);
    let synonym = synonym
        .map(|(_, ours)| *ours)
        .filter(|ours| known.contains(ours));
    match synonym.or_else(|| near(word, known)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.len() <= MOST_LISTED => {
            format!("known are {}", listed(known.iter().copied()))
        }
        None => {
            let first = listed(known.iter().copied().take(MOST_LISTED));
            format!("known are {first}, and more: see `kiroster schema roster`")
        }
    }
}
