//! The one table of user attributes. To add one, add its line to the table below: the compiler then leads to the two
//! places in `aws` that read it from and hand it to the SDK; the roster, its schema, the comparison and the export follow
//! the table by themselves.

use super::Text;
use serde::{Deserialize, Serialize};

/// What shape an attribute's value has, in the roster and at AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string of 1 to 1,024 characters.
    Text,
    /// The one e-mail address: a string in the roster, a list of at most one at AWS.
    Email,
    /// The one phone number: a string in the roster, a list of at most one at AWS.
    Phone,
    /// The one postal address: a mapping in the roster, a list of at most one at AWS.
    Address,
    /// A list of strings.
    List {
        /// The most elements AWS takes, where it says so.
        most: Option<usize>,
    },
}

/// An attribute's value. A list is never empty and no text is: AWS knows no empty string, only absence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// For [`Kind::Text`], [`Kind::Email`] and [`Kind::Phone`].
    Text(Text),
    /// For [`Kind::Address`].
    Address(Box<Address>),
    /// For [`Kind::List`].
    List(Vec<Text>),
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Address(_) | Self::List(_) => None,
        }
    }
}

/// A postal address; at least one part is there. It is one value: naming it replaces it whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// AWS's `StreetAddress`.
    pub street: Option<Text>,
    /// AWS's `Locality`.
    pub city: Option<Text>,
    /// AWS's `Region`.
    pub region: Option<Text>,
    /// AWS's `PostalCode`.
    pub postal_code: Option<Text>,
    /// AWS's `Country`.
    pub country: Option<Text>,
    /// AWS's `Formatted`: the whole as one text.
    pub formatted: Option<Text>,
}

impl Address {
    /// Roster key and value of each part, in writing order.
    pub fn parts(&self) -> [(&'static str, &Option<Text>); 6] {
        let Self {
            street,
            city,
            region,
            postal_code,
            country,
            formatted,
        } = self;
        [
            ("street", street),
            ("city", city),
            ("region", region),
            ("postal_code", postal_code),
            ("country", country),
            ("formatted", formatted),
        ]
    }

    /// The part with this roster key, to be set.
    pub fn part_mut(&mut self, key: &str) -> Option<&mut Option<Text>> {
        Some(match key {
            "street" => &mut self.street,
            "city" => &mut self.city,
            "region" => &mut self.region,
            "postal_code" => &mut self.postal_code,
            "country" => &mut self.country,
            "formatted" => &mut self.formatted,
            _ => return None,
        })
    }
}

macro_rules! attributes {
    ($($(#[doc = $doc:literal])+ $name:ident { $key:literal, $path:literal, $kind:expr, $core:literal })+) => {
        /// A user attribute that a roster can name, in the order in which rosters are written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Attribute { $($(#[doc = $doc])+ $name,)+ }

        impl Attribute {
            /// Every attribute, in writing order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The roster's key.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key),+ }
            }

            /// `UpdateUser`'s `AttributePath`.
            pub fn path(self) -> &'static str {
                match self { $(Self::$name => $path),+ }
            }

            /// The shape of its value.
            pub fn kind(self) -> Kind {
                match self { $(Self::$name => $kind),+ }
            }

            /// Whether `export` writes it unless asked for all.
            pub fn is_core(self) -> bool {
                match self { $(Self::$name => $core),+ }
            }

            /// What it means, for people: the schema shows it in editors.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+)),+ }.trim()
            }
        }
    };
}

// roster key, AWS path, kind, core. Paths: the facts page, section 2; those of `website` and below are by the documented
// pattern only.
attributes! {
    /// Given name. Needed to create a user.
    GivenName { "given_name", "name.givenName", Kind::Text, true }
    /// Family name. Needed to create a user.
    FamilyName { "family_name", "name.familyName", Kind::Text, true }
    /// The name that people see. Becomes "Given Family" when a user is created without one.
    DisplayName { "display_name", "displayName", Kind::Text, true }
    /// The one e-mail address, unique in the store. Needed to create a user.
    Email { "email", "emails", Kind::Email, true }
    /// Middle name.
    MiddleName { "middle_name", "name.middleName", Kind::Text, false }
    /// A title before the name, such as Dr.
    HonorificPrefix { "honorific_prefix", "name.honorificPrefix", Kind::Text, false }
    /// A title after the name, such as PhD.
    HonorificSuffix { "honorific_suffix", "name.honorificSuffix", Kind::Text, false }
    /// The whole name, formatted for display.
    FormattedName { "formatted_name", "name.formatted", Kind::Text, false }
    /// Nickname.
    NickName { "nick_name", "nickName", Kind::Text, false }
    /// Job title.
    Title { "title", "title", Kind::Text, false }
    /// The kind of user, such as Employee or Contractor.
    UserType { "user_type", "userType", Kind::Text, false }
    /// Address of the user's profile page.
    ProfileUrl { "profile_url", "profileUrl", Kind::Text, false }
    /// Address of the user's website.
    Website { "website", "website", Kind::Text, false }
    /// Birth date, as YYYY-MM-DD.
    Birthdate { "birthdate", "birthdate", Kind::Text, false }
    /// Preferred language, such as en-US.
    PreferredLanguage { "preferred_language", "preferredLanguage", Kind::Text, false }
    /// Locale, such as en-US.
    Locale { "locale", "locale", Kind::Text, false }
    /// Time zone, such as Europe/Vienna.
    Timezone { "timezone", "timezone", Kind::Text, false }
    /// The one phone number.
    Phone { "phone", "phoneNumbers", Kind::Phone, false }
    /// The one postal address; naming it replaces it whole.
    Address { "address", "addresses", Kind::Address, false }
    /// Addresses of photos, at most three.
    Photos { "photos", "photos", Kind::List { most: Some(3) }, false }
    /// Roles.
    Roles { "roles", "roles", Kind::List { most: None }, false }
    /// Department (enterprise extension).
    Department { "department", "aws:identitystore:enterprise.department", Kind::Text, false }
    /// Cost centre (enterprise extension).
    CostCenter { "cost_center", "aws:identitystore:enterprise.costCenter", Kind::Text, false }
    /// Division (enterprise extension).
    Division { "division", "aws:identitystore:enterprise.division", Kind::Text, false }
    /// Organization (enterprise extension).
    Organization { "organization", "aws:identitystore:enterprise.organization", Kind::Text, false }
    /// Employee number (enterprise extension); quote it when it starts with a zero.
    EmployeeNumber { "employee_number", "aws:identitystore:enterprise.employeeNumber", Kind::Text, false }
    /// The manager's name or id, as text (enterprise extension).
    Manager { "manager", "aws:identitystore:enterprise.manager", Kind::Text, false }
}

impl Attribute {
    /// Without these three AWS creates no user (required in practice, whatever the model says).
    pub const NEEDED_TO_CREATE: [Self; 3] = [Self::GivenName, Self::FamilyName, Self::Email];

    /// Whether a user can be without it: AWS lets nobody lose a name (required in practice, whatever the model says).
    pub fn can_be_cleared(self) -> bool {
        !matches!(self, Self::GivenName | Self::FamilyName | Self::DisplayName)
    }

    /// Those that can.
    pub fn clearable() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|a| a.can_be_cleared())
    }

    /// The attribute with this roster key.
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|a| a.key() == key)
    }

    /// The enterprise extension's member, for those that belong to it.
    pub fn enterprise_member(self) -> Option<&'static str> {
        self.path().strip_prefix("aws:identitystore:enterprise.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn keys_and_paths_are_unique() {
        let keys: BTreeSet<_> = Attribute::ALL.iter().map(|a| a.key()).collect();
        let paths: BTreeSet<_> = Attribute::ALL.iter().map(|a| a.path()).collect();
        assert_eq!(keys.len(), Attribute::ALL.len());
        assert_eq!(paths.len(), Attribute::ALL.len());
        for attribute in Attribute::ALL {
            assert_eq!(Attribute::named(attribute.key()), Some(*attribute));
        }
    }
}
