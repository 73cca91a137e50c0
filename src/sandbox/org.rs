//! One account's organization, by id, with the indexes that uniqueness needs. Users and groups are AWS's own JSON.

use super::answer::Refusal;
use super::state::{Account, Group, Orphan, Seat, User};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The organization.
#[derive(Clone, Debug)]
pub(super) struct Org {
    pub(super) account: String,
    /// Settings and everything that has no index; `users` and `groups` are empty while it is open.
    pub(super) settings: Account,
    pub(super) users: BTreeMap<String, User>,
    /// Members are ids while it is open.
    pub(super) groups: BTreeMap<String, Group>,
    names: HashMap<String, String>,
    emails: HashMap<String, String>,
    group_names: HashMap<String, String>,
    /// How many more listings pass before a person's seat shows; forgotten when the sandbox closes.
    pub(super) hidden: HashMap<String, u32>,
}

/// AWS does not document its case rules; the facts page says to treat names that differ only in case as one.
fn folded(name: &str) -> String {
    name.to_lowercase()
}

impl Org {
    /// Opens an account of the state file.
    ///
    /// # Errors
    /// Two objects of one name, or a member that is nobody.
    pub(super) fn open(account: &str, mut settings: Account) -> Result<Self, String> {
        let users = std::mem::take(&mut settings.users);
        let groups = std::mem::take(&mut settings.groups);
        let mut org = Self {
            account: account.into(),
            settings,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            names: HashMap::new(),
            emails: HashMap::new(),
            group_names: HashMap::new(),
            hidden: HashMap::new(),
        };
        for mut user in users {
            let id = org.identify(&mut user.object, "UserId");
            let name = user.object["UserName"].as_str().unwrap_or_default();
            if name.is_empty() {
                return Err(format!("account {account}: a user without `UserName`"));
            }
            if org.names.contains_key(&folded(name)) {
                return Err(format!("account {account}: two users are called `{name}`"));
            }
            org.put_user(&id, user);
        }
        for mut group in groups {
            let id = org.identify(&mut group.object, "GroupId");
            let name = group.object["DisplayName"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            if name.is_empty() {
                return Err(format!("account {account}: a group without `DisplayName`"));
            }
            if org.group_names.contains_key(&folded(&name)) {
                return Err(format!("account {account}: two groups are called `{name}`"));
            }
            let mut members = BTreeSet::new();
            for member in &group.members {
                let id = match org.users.contains_key(member) {
                    true => member.clone(),
                    false => org.named(member).cloned().ok_or_else(|| {
                        format!("account {account}: group `{name}` has the member `{member}`, who is no user")
                    })?,
                };
                members.insert(id);
            }
            group.members = members;
            org.put_group(&id, group);
        }
        Ok(org)
    }

    /// Back to the state file's shape.
    pub(super) fn closed(&self) -> Account {
        let name = |id: &String| {
            let user = self.users.get(id);
            let name = user.and_then(|user| user.object["UserName"].as_str());
            name.unwrap_or(id).to_owned()
        };
        Account {
            users: self.users.values().cloned().collect(),
            groups: self
                .groups
                .values()
                .map(|group| Group {
                    members: group.members.iter().map(name).collect(),
                    ..group.clone()
                })
                .collect(),
            ..self.settings.clone()
        }
    }

    pub(super) fn store(&self) -> &str {
        let first = self.settings.instances.first();
        first.map_or("", |instance| &instance.identity_store_id)
    }

    /// The store of a request must be this organization's.
    pub(super) fn check_store(&self, input: &Value) -> Result<(), Refusal> {
        let store = super::answer::required(input, "IdentityStoreId")?;
        match store == self.store() {
            true => Ok(()),
            false => Err(Refusal::missing("IDENTITY_STORE", store)),
        }
    }

    fn identify(&mut self, object: &mut serde_json::Map<String, Value>, member: &str) -> String {
        let given = object
            .get(member)
            .and_then(Value::as_str)
            .map(str::to_owned);
        let id = given.unwrap_or_else(|| self.new_id());
        object.insert(member.into(), json!(id));
        object.entry("Revision").or_insert_with(|| json!("1"));
        id
    }

    /// Ids look like AWS's and follow from what was made before, so that stories are the same every time.
    pub(super) fn new_id(&mut self) -> String {
        loop {
            self.settings.last_id += 1;
            let n = self.settings.last_id;
            let id = format!(
                "{:010x}-{:08x}-0000-4000-8000-{n:012x}",
                0x90_6700_0000_u64, n
            );
            if !self.users.contains_key(&id) && !self.groups.contains_key(&id) {
                return id;
            }
        }
    }

    pub(super) fn named(&self, name: &str) -> Option<&String> {
        self.names.get(&folded(name))
    }

    pub(super) fn with_email(&self, email: &str) -> Option<&String> {
        self.emails.get(&folded(email))
    }

    pub(super) fn group_named(&self, name: &str) -> Option<&String> {
        self.group_names.get(&folded(name))
    }

    /// Files a user under its names; the caller has checked that they are free.
    pub(super) fn put_user(&mut self, id: &str, user: User) {
        self.unfile(id);
        if let Some(name) = user.object["UserName"].as_str() {
            self.names.insert(folded(name), id.into());
        }
        if let Some(email) = email_of(&user) {
            self.emails.insert(folded(email), id.into());
        }
        self.users.insert(id.into(), user);
    }

    fn unfile(&mut self, id: &str) {
        if let Some(old) = self.users.get(id) {
            if let Some(name) = old.object["UserName"].as_str() {
                self.names.remove(&folded(name));
            }
            if let Some(email) = email_of(old) {
                self.emails.remove(&folded(email));
            }
        }
    }

    pub(super) fn put_group(&mut self, id: &str, group: Group) {
        if let Some(old) = self.groups.get(id)
            && let Some(name) = old.object["DisplayName"].as_str()
        {
            self.group_names.remove(&folded(name));
        }
        if let Some(name) = group.object["DisplayName"].as_str() {
            self.group_names.insert(folded(name), id.into());
        }
        self.groups.insert(id.into(), group);
    }

    /// Deletes a user, and with them memberships and seat.
    pub(super) fn drop_user(&mut self, id: &str) {
        self.unfile(id);
        let Some(user) = self.users.remove(id) else {
            return;
        };
        for group in self.groups.values_mut() {
            group.members.remove(id);
        }
        if let Some(seat) = user.seat
            && self.settings.kiro.leaves_orphans
        {
            self.settings.orphans.push(Orphan {
                user: id.into(),
                seat,
            });
        }
    }

    pub(super) fn drop_group(&mut self, id: &str) {
        if let Some(group) = self.groups.remove(id)
            && let Some(name) = group.object["DisplayName"].as_str()
        {
            self.group_names.remove(&folded(name));
        }
    }

    /// Moves a revision on.
    pub(super) fn touch(object: &mut serde_json::Map<String, Value>) {
        let revision = object.get("Revision").and_then(Value::as_str);
        let revision = revision
            .and_then(|text| text.parse::<u64>().ok())
            .unwrap_or(0);
        object.insert("Revision".into(), json!((revision + 1).to_string()));
    }

    /// The clock has moved: a new month ends what was cancelled and puts in force what was lowered.
    pub(super) fn moved(&mut self, before: Timestamp, now: Timestamp) {
        let month = |at: Timestamp| {
            let day = jiff::tz::TimeZone::UTC.to_datetime(at).date();
            (day.year(), day.month())
        };
        if month(before) == month(now) {
            return;
        }
        for user in self.users.values_mut() {
            settle(&mut user.seat);
        }
        self.settings
            .orphans
            .retain(|orphan| orphan.seat.status != "CANCELLED");
    }
}

fn settle(seat: &mut Option<Seat>) {
    if seat.as_ref().is_some_and(|seat| seat.status == "CANCELLED") {
        *seat = None;
    }
    if let Some(seat) = seat {
        seat.activated = None;
    }
}

fn email_of(user: &User) -> Option<&str> {
    user.object.get("Emails")?.get(0)?["Value"].as_str()
}
