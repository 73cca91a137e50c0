//! One account's organization, by id, with the indexes that uniqueness needs. Users and groups are AWS's own JSON.

use super::answer::Refusal;
use super::shape;
use super::state::{Account, Group, Orphan, Seat, User};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The organization.
#[derive(Clone, Debug)]
pub(super) struct Org {
    pub(super) account: String,
    /// Settings and everything that has no index; `users` and `groups` are empty while it is open.
    pub(super) settings: Account,
    pub(super) users: BTreeMap<String, User>,
    /// Members are ids while it is open.
    pub(super) groups: BTreeMap<String, Group>,
    memberships: HashMap<String, (String, String)>,
    names: HashMap<String, String>,
    emails: HashMap<String, String>,
    group_names: HashMap<String, String>,
    /// Seats that were written but do not show yet, by whose they are.
    pub(super) unseen: HashMap<String, Unseen>,
}

/// What the lists still show of a seat that was written.
#[derive(Clone, Debug)]
pub(super) struct Unseen {
    pub(super) before: Option<Seat>,
    /// How many more readings of `ListUserSubscriptions` show it.
    pub(super) rows: u32,
    /// How many more readings of `ListApplicationClaims` show it.
    pub(super) claims: u32,
}

/// AWS does not document its case rules; the facts page says to treat names that differ only in case as one.
fn folded(name: &str) -> String {
    name.to_lowercase()
}

impl Org {
    /// The account that has Kiro, and pays for it.
    pub(super) fn kiro_account(&self) -> &str {
        self.settings
            .kiro
            .account
            .as_deref()
            .unwrap_or(&self.account)
    }

    /// Opens an account of the state file.
    ///
    /// # Errors
    /// An object that AWS could not hold, two of one name, email or id, or a mention of nobody; which one, in words.
    pub(super) fn open(account: &str, mut settings: Account) -> Result<Self, String> {
        let users = std::mem::take(&mut settings.users);
        let groups = std::mem::take(&mut settings.groups);
        let assignments = std::mem::take(&mut settings.assignments);
        let mut org = Self {
            account: account.into(),
            settings,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            memberships: HashMap::new(),
            names: HashMap::new(),
            emails: HashMap::new(),
            group_names: HashMap::new(),
            unseen: HashMap::new(),
        };
        if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("`{account}` is no account id of twelve digits"));
        }
        for user in users {
            org.open_user(user)
                .map_err(|why| format!("account {account}: {why}"))?;
        }
        for group in groups {
            org.open_group(group)
                .map_err(|why| format!("account {account}: {why}"))?;
        }
        for (name, accounts) in assignments {
            let id = org.named(&name).or_else(|| org.group_named(&name));
            let id = id.cloned().ok_or_else(|| {
                format!(
                    "account {account}: `assignments` has `{name}`, who is no user and no group"
                )
            })?;
            org.settings.assignments.insert(id, accounts);
        }
        Ok(org)
    }

    fn open_user(&mut self, mut user: User) -> Result<(), String> {
        let name = user.name().to_owned();
        if name.is_empty() {
            return Err("a user without `UserName`".into());
        }
        shape::held_user(&user.object).map_err(|why| format!("user `{name}`: {why}"))?;
        let id = self.identify(&mut user.object, "UserId");
        if self.named(&name).is_some() {
            return Err(format!("two users are called `{name}`"));
        }
        if let Some(email) = user
            .email()
            .filter(|email| self.with_email(email).is_some())
        {
            return Err(format!("two users have the email `{email}`"));
        }
        if self.users.contains_key(&id) {
            return Err(format!("two users have the `UserId` `{id}`"));
        }
        self.put_user(&id, user);
        Ok(())
    }

    fn open_group(&mut self, mut group: Group) -> Result<(), String> {
        let name = group.name().to_owned();
        if name.is_empty() {
            return Err("a group without `DisplayName`".into());
        }
        shape::held_group(&group.object).map_err(|why| format!("group `{name}`: {why}"))?;
        let id = self.identify(&mut group.object, "GroupId");
        if self.group_named(&name).is_some() {
            return Err(format!("two groups are called `{name}`"));
        }
        if self.groups.contains_key(&id) || self.users.contains_key(&id) {
            return Err(format!("two objects have the id `{id}`"));
        }
        let user = |org: &Self, member: &String| match org.users.contains_key(member) {
            true => Ok(member.clone()),
            false => org
                .named(member)
                .cloned()
                .ok_or_else(|| format!("group `{name}` has the member `{member}`, who is no user")),
        };
        let members = std::mem::take(&mut group.members);
        let joined = std::mem::take(&mut group.joined);
        for (member, since) in joined {
            group.joined.insert(user(self, &member)?, since);
        }
        self.put_group(&id, group);
        for member in members {
            let member = user(self, &member)?;
            self.add_member(&id, &member);
        }
        Ok(())
    }

    /// Back to the state file's shape.
    pub(super) fn closed(&self) -> Account {
        let name = |id: &String| match (self.users.get(id), self.groups.get(id)) {
            (Some(user), _) => user.name().to_owned(),
            (_, Some(group)) => group.name().to_owned(),
            _ => id.clone(),
        };
        let groups = self.groups.values().map(|group| Group {
            members: group.members.iter().map(name).collect(),
            joined: group
                .joined
                .iter()
                .map(|(id, at)| (name(id), *at))
                .collect(),
            seat: group.seat.clone(),
            object: group.object.clone(),
        });
        let assignments = self.settings.assignments.iter();
        Account {
            users: self.users.values().cloned().collect(),
            groups: groups.collect(),
            assignments: assignments
                .map(|(id, list)| (name(id), list.clone()))
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
        self.names.insert(folded(user.name()), id.into());
        if let Some(email) = user.email() {
            self.emails.insert(folded(email), id.into());
        }
        self.users.insert(id.into(), user);
    }

    fn unfile(&mut self, id: &str) {
        if let Some(old) = self.users.get(id) {
            self.names.remove(&folded(old.name()));
            if let Some(email) = old.email() {
                self.emails.remove(&folded(email));
            }
        }
    }

    pub(super) fn put_group(&mut self, id: &str, group: Group) {
        if let Some(old) = self.groups.get(id) {
            self.group_names.remove(&folded(old.name()));
        }
        self.group_names.insert(folded(group.name()), id.into());
        self.groups.insert(id.into(), group);
    }

    /// Deletes a user, and with them memberships, account assignments and seat.
    pub(super) fn drop_user(&mut self, id: &str) {
        self.unfile(id);
        let Some(user) = self.users.remove(id) else {
            return;
        };
        for (group, row) in &mut self.groups {
            if row.members.remove(id) {
                row.joined.remove(id);
                self.memberships.remove(&membership_id(group, id));
            }
        }
        self.settings.assignments.remove(id);
        self.unseen.remove(id);
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
        let Some(group) = self.groups.remove(id) else {
            return;
        };
        self.group_names.remove(&folded(group.name()));
        for member in &group.members {
            self.memberships.remove(&membership_id(id, member));
        }
        self.settings.assignments.remove(id);
        self.unseen.remove(id);
    }

    /// The ends of a membership: group and user.
    pub(super) fn membership(&self, id: &str) -> Option<&(String, String)> {
        self.memberships.get(id)
    }

    /// Whether that made a difference.
    pub(super) fn add_member(&mut self, group: &str, user: &str) -> bool {
        let Some(row) = self.groups.get_mut(group) else {
            return false;
        };
        let ends = (group.to_owned(), user.to_owned());
        self.memberships.insert(membership_id(group, user), ends);
        row.members.insert(user.into())
    }

    pub(super) fn drop_member(&mut self, group: &str, user: &str) {
        if let Some(row) = self.groups.get_mut(group) {
            row.members.remove(user);
            row.joined.remove(user);
        }
        self.memberships.remove(&membership_id(group, user));
    }

    /// Moves a revision on.
    pub(super) fn touch(object: &mut serde_json::Map<String, Value>) {
        let revision = object.get("Revision").and_then(Value::as_str);
        let revision = revision
            .and_then(|text| text.parse::<u64>().ok())
            .unwrap_or(0);
        object.insert("Revision".into(), json!((revision + 1).to_string()));
    }

    /// A new month: what was cancelled ends, and what was lowered is in force.
    pub(super) fn turn_month(&mut self) {
        let users = self.users.values_mut().map(|user| &mut user.seat);
        let groups = self.groups.values_mut().map(|group| &mut group.seat);
        for held in users.chain(groups) {
            held.take_if(|seat| seat.status == "CANCELLED");
            if let Some(seat) = held {
                seat.activated = None;
            }
        }
        let orphans = &mut self.settings.orphans;
        orphans.retain(|orphan| orphan.seat.status != "CANCELLED");
    }
}

/// A membership's id follows from its ends, so that the state file need not hold it. FNV-1a of 128 bits, in AWS's form.
pub(super) fn membership_id(group: &str, user: &str) -> String {
    let bytes = group.bytes().chain([0]).chain(user.bytes());
    let hash = bytes.fold(
        0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128,
        |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        },
    );
    let hex = format!("{hash:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let (a, b, c, d, e) = (
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    );
    format!("9067000000-{a}-{b}-{c}-{d}-{e}")
}
