//! Users and groups as AWS shows them, in domain words. The `match` below names every attribute, so that a new one is an
//! error here until it is read.

use crate::live::{GroupSeen, Id, Mark, Marks, UserSeen};
use crate::model::{Address, Attribute, GroupName, Text, UserName, Value};
use aws_sdk_identitystore::operation::describe_group::DescribeGroupOutput;
use aws_sdk_identitystore::operation::describe_user::DescribeUserOutput;
use aws_sdk_identitystore::types as sdk;
use aws_smithy_types::Document;

/// The enterprise extension's name, in `Extensions` and in attribute paths.
pub(super) const ENTERPRISE: &str = "aws:identitystore:enterprise";

/// The `Type` of a list element that this program makes.
pub(super) const NEW_TYPE: &str = "work";

/// A user; `None` without a name, which AWS does not let happen.
pub(super) fn user(user: &sdk::User) -> Option<UserSeen> {
    let attributes = Attribute::ALL.iter();
    let marks = marks(user);
    Some(UserSeen {
        id: Id::new(user.user_id()),
        name: UserName::new(user.user_name()?),
        revision: some(Some(user.revision())),
        attributes: attributes
            .filter_map(|attribute| Some((*attribute, value(user, *attribute)?)))
            .collect(),
        marks: (!marks.is_empty()).then(|| Box::new(marks)),
        disabled: user.user_status() == Some(&sdk::UserStatus::Disabled),
        provided: !user.external_ids().is_empty(),
    })
}

/// A user as looked at alone: the SDK has a type of its own for that, with the same fields.
pub(super) fn described(user: DescribeUserOutput) -> Option<UserSeen> {
    let listed = sdk::User::builder()
        .identity_store_id(user.identity_store_id)
        .user_id(user.user_id)
        .user_arn(user.user_arn)
        .revision(user.revision)
        .set_user_name(user.user_name)
        .set_external_ids(user.external_ids)
        .set_name(user.name)
        .set_display_name(user.display_name)
        .set_nick_name(user.nick_name)
        .set_profile_url(user.profile_url)
        .set_emails(user.emails)
        .set_addresses(user.addresses)
        .set_phone_numbers(user.phone_numbers)
        .set_user_type(user.user_type)
        .set_title(user.title)
        .set_preferred_language(user.preferred_language)
        .set_locale(user.locale)
        .set_timezone(user.timezone)
        .set_user_status(user.user_status)
        .set_photos(user.photos)
        .set_website(user.website)
        .set_birthdate(user.birthdate)
        .set_roles(user.roles)
        .set_extensions(user.extensions);
    self::user(&listed.build().ok()?)
}

/// A group; `None` without a name, which AWS does not let happen.
pub(super) fn group(group: &sdk::Group) -> Option<GroupSeen> {
    Some(GroupSeen {
        id: Id::new(group.group_id()),
        name: GroupName::new(group.display_name()?),
        revision: some(Some(group.revision())),
        description: some(group.description()),
        provided: !group.external_ids().is_empty(),
    })
}

/// A group as looked at alone.
pub(super) fn described_group(group: DescribeGroupOutput) -> Option<GroupSeen> {
    let listed = sdk::Group::builder()
        .identity_store_id(group.identity_store_id)
        .group_id(group.group_id)
        .group_arn(group.group_arn)
        .revision(group.revision)
        .set_display_name(group.display_name)
        .set_external_ids(group.external_ids)
        .set_description(group.description);
    self::group(&listed.build().ok()?)
}

fn value(user: &sdk::User, attribute: Attribute) -> Option<Value> {
    use Attribute as A;
    let name = user.name();
    let text = match attribute {
        A::GivenName => name?.given_name(),
        A::FamilyName => name?.family_name(),
        A::DisplayName => user.display_name(),
        A::Email => one(user.emails(), |email| email.primary())?.value(),
        A::MiddleName => name?.middle_name(),
        A::HonorificPrefix => name?.honorific_prefix(),
        A::HonorificSuffix => name?.honorific_suffix(),
        A::FormattedName => name?.formatted(),
        A::NickName => user.nick_name(),
        A::Title => user.title(),
        A::UserType => user.user_type(),
        A::ProfileUrl => user.profile_url(),
        A::Website => user.website(),
        A::Birthdate => user.birthdate(),
        A::PreferredLanguage => user.preferred_language(),
        A::Locale => user.locale(),
        A::Timezone => user.timezone(),
        A::Phone => one(user.phone_numbers(), |phone| phone.primary())?.value(),
        A::Address => return address(one(user.addresses(), |address| address.primary())?),
        A::Photos => return list(user.photos().iter().map(|photo| Some(photo.value()))),
        A::Roles => return list(user.roles().iter().map(sdk::Role::value)),
        A::Department
        | A::CostCenter
        | A::Division
        | A::Organization
        | A::EmployeeNumber
        | A::Manager => enterprise(user, attribute),
    };
    some(text).map(Value::Text)
}

/// The extension's member as text. A manager may also come as an object with a `value`, as SCIM has it; what else may
/// come is not known, and left alone.
fn enterprise(user: &sdk::User, attribute: Attribute) -> Option<&str> {
    let extension = user.extensions()?.get(ENTERPRISE)?.as_object()?;
    match extension.get(attribute.enterprise_member()?)? {
        Document::String(text) => Some(text),
        Document::Object(parts) => parts.get("value")?.as_string(),
        _ => None,
    }
}

/// The element that counts of a list that holds one at most: should there ever be more, the primary one.
fn one<T>(elements: &[T], is_primary: impl Fn(&T) -> bool) -> Option<&T> {
    let mut primary = elements.iter().filter(|element| is_primary(element));
    primary.next().or(elements.first())
}

fn address(address: &sdk::Address) -> Option<Value> {
    let address = Address {
        street: some(address.street_address()),
        city: some(address.locality()),
        region: some(address.region()),
        postal_code: some(address.postal_code()),
        country: some(address.country()),
        formatted: some(address.formatted()),
    };
    (address != Address::default()).then(|| Value::Address(Box::new(address)))
}

fn list<'a>(elements: impl Iterator<Item = Option<&'a str>>) -> Option<Value> {
    let elements: Vec<Text> = elements.filter_map(some).collect();
    (!elements.is_empty()).then_some(Value::List(elements))
}

/// AWS has no empty strings; where the SDK shows one, nothing was there.
fn some(text: Option<&str>) -> Option<Text> {
    text.filter(|text| !text.is_empty()).map(Text::from)
}

fn marks(user: &sdk::User) -> Marks {
    let email = one(user.emails(), |e| e.primary()).map(|e| mark("", e.r#type(), e.primary()));
    let phone =
        one(user.phone_numbers(), |p| p.primary()).map(|p| mark("", p.r#type(), p.primary()));
    let address = one(user.addresses(), |a| a.primary()).map(|a| mark("", a.r#type(), a.primary()));
    let photos = user.photos().iter().map(|photo| Mark {
        display: some(photo.display()),
        ..mark(photo.value(), photo.r#type(), photo.primary())
    });
    let roles = user.roles().iter();
    let roles = roles.filter_map(|role| Some(mark(role.value()?, role.r#type(), role.primary())));
    let all = [
        (Attribute::Email, email.into_iter().collect::<Vec<_>>()),
        (Attribute::Phone, phone.into_iter().collect()),
        (Attribute::Address, address.into_iter().collect()),
        (Attribute::Photos, photos.collect()),
        (Attribute::Roles, roles.collect()),
    ];
    let remarkable = |marks: &[Mark]| {
        marks
            .iter()
            .enumerate()
            .any(|(index, m)| *m != new_mark(&m.value, index == 0))
    };
    all.into_iter()
        .filter(|(_, marks)| remarkable(marks))
        .collect()
}

fn mark(value: &str, kind: Option<&str>, primary: bool) -> Mark {
    Mark {
        value: value.into(),
        kind: some(kind),
        primary,
        display: None,
    }
}

/// What a new element of this value gets.
pub(super) fn new_mark(value: &str, primary: bool) -> Mark {
    mark(value, Some(NEW_TYPE), primary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn bare() -> sdk::builders::UserBuilder {
        let user = sdk::User::builder().identity_store_id("d-1").user_id("u-1");
        user.user_arn("arn").revision("").user_name("jo")
    }

    fn document(pairs: &[(&str, Document)]) -> Document {
        Document::Object(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.clone()))
                .collect(),
        )
    }

    fn with_manager(manager: Document) -> UserSeen {
        let extension = document(&[
            ("department", "R&D".into()),
            ("manager", manager),
            ("shoeSize", 44.into()),
        ]);
        let extensions = HashMap::from([(ENTERPRISE.to_owned(), extension)]);
        user(&bare().set_extensions(Some(extensions)).build().unwrap()).unwrap()
    }

    #[test]
    fn an_older_server_s_missing_revision_is_no_revision() {
        let seen = user(&bare().build().unwrap()).unwrap();
        assert_eq!((seen.revision, seen.marks), (None, None));
        assert!(seen.attributes.is_empty() && !seen.disabled && !seen.provided);
    }

    #[test]
    fn a_manager_is_read_as_text_or_as_an_object_with_a_value_and_strangers_are_left_alone() {
        for manager in [
            "ada".into(),
            document(&[("value", "ada".into()), ("$ref", "x".into())]),
        ] {
            let seen = with_manager(manager);
            assert_eq!(
                seen.attributes.get(&Attribute::Manager),
                Some(&Value::text("ada"))
            );
            assert_eq!(seen.attributes.len(), 2);
        }
        assert_eq!(
            with_manager(7.into()).attributes.get(&Attribute::Manager),
            None
        );
    }

    #[test]
    fn only_marks_that_a_new_element_would_not_get_are_kept() {
        let email = |kind: &str| {
            sdk::Email::builder()
                .value("jo@example.com")
                .r#type(kind)
                .primary(true)
                .build()
        };
        let seen = |kind| user(&bare().emails(email(kind)).build().unwrap()).unwrap();
        assert_eq!(seen("work").marks, None);
        let marks = seen("home").marks.unwrap();
        assert_eq!(marks[&Attribute::Email][0].kind.as_deref(), Some("home"));
    }

    #[test]
    fn of_several_addresses_the_primary_one_counts() {
        let email =
            |value: &str, primary| sdk::Email::builder().value(value).primary(primary).build();
        let two = bare()
            .emails(email("old@x.org", false))
            .emails(email("new@x.org", true));
        let seen = user(&two.build().unwrap()).unwrap();
        assert_eq!(seen.attributes[&Attribute::Email], Value::text("new@x.org"));
    }
}
