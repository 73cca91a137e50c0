//! Users and groups as AWS wants them: whole for a create, changed attributes only for an update.

use super::attributes::{ENTERPRISE, new_mark};
use crate::directory::{Group, User};
use crate::live::{Mark, Marks};
use crate::model::{Address, Attribute, Text, Value};
use aws_sdk_identitystore::operation::create_user::builders::CreateUserInputBuilder;
use aws_sdk_identitystore::types as sdk;
use aws_smithy_types::Document;
use std::collections::HashMap;

/// A new user's attributes; every list element is new, of type `work`, and the first one primary. The `match` names
/// every attribute, so that a new one is an error here until it is written.
pub(super) fn create(user: &User) -> CreateUserInputBuilder {
    use Attribute as A;
    let mut input = CreateUserInputBuilder::default().user_name(user.name.as_str());
    let mut name = sdk::Name::builder();
    let mut named = false;
    let mut enterprise = HashMap::new();
    for (attribute, value) in &user.attributes {
        let text = || value.as_text().map(str::to_owned);
        match attribute {
            A::GivenName => name = name.set_given_name(text()),
            A::FamilyName => name = name.set_family_name(text()),
            A::MiddleName => name = name.set_middle_name(text()),
            A::HonorificPrefix => name = name.set_honorific_prefix(text()),
            A::HonorificSuffix => name = name.set_honorific_suffix(text()),
            A::FormattedName => name = name.set_formatted(text()),
            A::DisplayName => input = input.set_display_name(text()),
            A::NickName => input = input.set_nick_name(text()),
            A::Title => input = input.set_title(text()),
            A::UserType => input = input.set_user_type(text()),
            A::ProfileUrl => input = input.set_profile_url(text()),
            A::Website => input = input.set_website(text()),
            A::Birthdate => input = input.set_birthdate(text()),
            A::PreferredLanguage => input = input.set_preferred_language(text()),
            A::Locale => input = input.set_locale(text()),
            A::Timezone => input = input.set_timezone(text()),
            A::Email => input = input.emails(email(text())),
            A::Phone => input = input.phone_numbers(phone(text())),
            A::Address => input = input.set_addresses(new_address(value)),
            A::Photos => input = input.set_photos(Some(photos(value))),
            A::Roles => input = input.set_roles(Some(roles(value))),
            A::Department
            | A::CostCenter
            | A::Division
            | A::Organization
            | A::EmployeeNumber
            | A::Manager => {
                if let (Some(member), Some(text)) = (attribute.enterprise_member(), text()) {
                    enterprise.insert(member.to_owned(), Document::String(text));
                }
            }
        }
        named |= attribute.path().starts_with("name.");
    }
    if named {
        input = input.name(name.build());
    }
    if !enterprise.is_empty() {
        input = input.extensions(ENTERPRISE, Document::Object(enterprise));
    }
    input
}

fn email(value: Option<String>) -> sdk::Email {
    let mark = new_mark("", true);
    let email = sdk::Email::builder().set_value(value).primary(mark.primary);
    email.set_type(kind(&mark)).build()
}

fn phone(value: Option<String>) -> sdk::PhoneNumber {
    let mark = new_mark("", true);
    let phone = sdk::PhoneNumber::builder()
        .set_value(value)
        .primary(mark.primary);
    phone.set_type(kind(&mark)).build()
}

fn new_address(value: &Value) -> Option<Vec<sdk::Address>> {
    let Value::Address(address) = value else {
        return None;
    };
    let Address {
        street,
        city,
        region,
        postal_code,
        country,
        formatted,
    } = address.as_ref();
    let mark = new_mark("", true);
    let address = sdk::Address::builder()
        .set_street_address(owned(street))
        .set_locality(owned(city))
        .set_region(owned(region))
        .set_postal_code(owned(postal_code))
        .set_country(owned(country))
        .set_formatted(owned(formatted))
        .set_type(kind(&mark))
        .primary(mark.primary);
    Some(vec![address.build()])
}

fn photos(value: &Value) -> Vec<sdk::Photo> {
    let photos = elements(value)
        .iter()
        .enumerate()
        .filter_map(|(index, value)| {
            let mark = new_mark(value, index == 0);
            let photo = sdk::Photo::builder()
                .value(value.as_ref())
                .primary(mark.primary);
            photo.set_type(kind(&mark)).build().ok()
        });
    photos.collect()
}

fn roles(value: &Value) -> Vec<sdk::Role> {
    let roles = elements(value).iter().enumerate().map(|(index, value)| {
        let mark = new_mark(value, index == 0);
        let role = sdk::Role::builder()
            .value(value.as_ref())
            .primary(mark.primary);
        role.set_type(kind(&mark)).build()
    });
    roles.collect()
}

fn elements(value: &Value) -> &[Text] {
    match value {
        Value::List(elements) => elements,
        Value::Text(_) | Value::Address(_) => &[],
    }
}

fn owned(text: &Option<Text>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

fn kind(mark: &Mark) -> Option<String> {
    owned(&mark.kind)
}

/// One operation for each attribute that differs, the user name among them. An attribute that is gone has no value, and
/// so goes at AWS. Lists are replaced whole, which is why `marks` must say what else stands in their elements.
pub(super) fn update_user(
    before: &User,
    after: &User,
    marks: Option<&Marks>,
) -> Vec<sdk::AttributeOperation> {
    let mut operations = Vec::new();
    if before.name != after.name {
        operations.extend(operation("userName", Some(after.name.as_str().into())));
    }
    for attribute in Attribute::ALL {
        let (old, new) = (
            before.attributes.get(attribute),
            after.attributes.get(attribute),
        );
        if old == new {
            continue;
        }
        let known = marks
            .and_then(|marks| marks.get(attribute))
            .map(Vec::as_slice);
        let value = new.map(|new| document(*attribute, old, new, known));
        operations.extend(operation(attribute.path(), value));
    }
    operations
}

/// The same for a group.
pub(super) fn update_group(before: &Group, after: &Group) -> Vec<sdk::AttributeOperation> {
    let mut operations = Vec::new();
    if before.name != after.name {
        operations.extend(operation("displayName", Some(after.name.as_str().into())));
    }
    if before.description != after.description {
        let description = after.description.as_deref().map(Document::from);
        operations.extend(operation("description", description));
    }
    operations
}

/// `None` only without a path, and each has one.
fn operation(path: &str, value: Option<Document>) -> Option<sdk::AttributeOperation> {
    let operation = sdk::AttributeOperation::builder().attribute_path(path);
    operation.set_attribute_value(value).build().ok()
}

fn document(
    attribute: Attribute,
    old: Option<&Value>,
    new: &Value,
    known: Option<&[Mark]>,
) -> Document {
    match new {
        Value::Text(text) if matches!(attribute, Attribute::Email | Attribute::Phone) => {
            let value = ("value", Document::from(text.as_ref()));
            Document::Array(vec![element([value], &only_mark(known))])
        }
        Value::Text(text) => text.as_ref().into(),
        Value::Address(address) => {
            let keys = [
                "streetAddress",
                "locality",
                "region",
                "postalCode",
                "country",
                "formatted",
            ];
            let parts = keys.into_iter().zip(address.parts());
            let parts =
                parts.filter_map(|(key, (_, part))| Some((key, Document::from(part.as_deref()?))));
            Document::Array(vec![element(parts, &only_mark(known))])
        }
        Value::List(values) => {
            let marks = marks_of(values, old, known);
            let marked = values.iter().zip(&marks);
            Document::Array(
                marked
                    .map(|(value, mark)| element([("value", Document::from(value.as_ref()))], mark))
                    .collect(),
            )
        }
    }
}

/// Of a list that holds one at most: its element's mark stays, whatever becomes of the value.
fn only_mark(known: Option<&[Mark]>) -> Mark {
    let known = known.and_then(<[Mark]>::first).cloned();
    known.unwrap_or_else(|| new_mark("", true))
}

/// Values that stay keep their marks; a new one is primary only as the first of a list in which no other is.
fn marks_of(values: &[Text], old: Option<&Value>, known: Option<&[Mark]>) -> Vec<Mark> {
    let unremarkable = || {
        let old = old.map_or(&[][..], elements).iter().enumerate();
        old.map(|(index, value)| new_mark(value, index == 0))
            .collect()
    };
    let kept: Vec<Mark> = known.map_or_else(unremarkable, <[Mark]>::to_vec);
    let mark = |value: &Text| kept.iter().find(|mark| mark.value == *value);
    let has_primary = values.iter().filter_map(mark).any(|mark| mark.primary);
    let marks = values.iter().enumerate().map(|(index, value)| {
        let new = || new_mark(value, index == 0 && !has_primary);
        mark(value).cloned().unwrap_or_else(new)
    });
    marks.collect()
}

/// A list's element: inside a value the keys are in camel case.
fn element(parts: impl IntoIterator<Item = (&'static str, Document)>, mark: &Mark) -> Document {
    let parts = parts.into_iter().map(|(key, part)| (key.to_owned(), part));
    let mut parts: HashMap<String, Document> = parts.collect();
    let Mark {
        value: _,
        kind,
        primary,
        display,
    } = mark;
    if let Some(kind) = kind {
        parts.insert("type".into(), kind.as_ref().into());
    }
    if let Some(display) = display {
        parts.insert("display".into(), display.as_ref().into());
    }
    parts.insert("primary".into(), (*primary).into());
    Document::Object(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GroupName, UserName};

    fn jo(attributes: &[(Attribute, Value)]) -> User {
        User {
            name: UserName::new("jo"),
            attributes: attributes.iter().cloned().collect(),
        }
    }

    fn list(values: &[&str]) -> Value {
        Value::List(values.iter().map(|value| Text::from(*value)).collect())
    }

    /// `path value` of each operation, objects with their keys in order.
    fn shown(operations: &[sdk::AttributeOperation]) -> Vec<String> {
        let line = |o: &sdk::AttributeOperation| match o.attribute_value() {
            Some(value) => format!("{} {}", o.attribute_path(), plain(value)),
            None => format!("{} -", o.attribute_path()),
        };
        operations.iter().map(line).collect()
    }

    fn plain(value: &Document) -> String {
        match value {
            Document::Object(parts) => {
                let mut parts: Vec<_> = parts
                    .iter()
                    .map(|(k, v)| format!("{k}:{}", plain(v)))
                    .collect();
                parts.sort();
                format!("{{{}}}", parts.join(" "))
            }
            Document::Array(all) => {
                format!("[{}]", all.iter().map(plain).collect::<Vec<_>>().join(" "))
            }
            Document::String(text) => text.clone(),
            Document::Bool(bool) => bool.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn only_what_differs_is_sent_and_what_is_gone_is_sent_without_a_value() {
        let before = jo(&[
            (Attribute::GivenName, Value::text("Jo")),
            (Attribute::Title, Value::text("Clerk")),
            (Attribute::Phone, Value::text("1")),
        ]);
        let mut after = jo(&[
            (Attribute::GivenName, Value::text("Jo")),
            (Attribute::Department, Value::text("R&D")),
        ]);
        after.name = UserName::new("joe");
        assert_eq!(
            shown(&update_user(&before, &after, None)),
            [
                "userName joe",
                "title -",
                "phoneNumbers -",
                "aws:identitystore:enterprise.department R&D",
            ]
        );
    }

    #[test]
    fn a_changed_address_keeps_its_element_s_type_and_a_new_one_is_work_and_primary() {
        let before = jo(&[(Attribute::Email, Value::text("a@x.org"))]);
        let after = jo(&[(Attribute::Email, Value::text("b@x.org"))]);
        let home = Mark {
            kind: Some("home".into()),
            ..new_mark("", false)
        };
        let marks = Marks::from([(Attribute::Email, vec![home])]);
        assert_eq!(
            shown(&update_user(&before, &after, Some(&marks))),
            ["emails [{primary:false type:home value:b@x.org}]"]
        );
        assert_eq!(
            shown(&update_user(&jo(&[]), &after, None)),
            ["emails [{primary:true type:work value:b@x.org}]"]
        );
    }

    #[test]
    fn an_address_goes_whole_and_in_camel_case() {
        let address = Address {
            street: Some("1 Way".into()),
            postal_code: Some("1010".into()),
            ..Address::default()
        };
        let after = jo(&[(Attribute::Address, Value::Address(Box::new(address)))]);
        assert_eq!(
            shown(&update_user(&jo(&[]), &after, None)),
            ["addresses [{postalCode:1010 primary:true streetAddress:1 Way type:work}]"]
        );
    }

    #[test]
    fn roles_that_stay_keep_their_marks_and_no_second_one_becomes_primary() {
        let before = jo(&[(Attribute::Roles, list(&["a", "b"]))]);
        let after = jo(&[(Attribute::Roles, list(&["c", "a"]))]);
        assert_eq!(
            shown(&update_user(&before, &after, None)),
            ["roles [{primary:false type:work value:c} {primary:true type:work value:a}]"]
        );
        let replaced = jo(&[(Attribute::Roles, list(&["c", "d"]))]);
        assert_eq!(
            shown(&update_user(&before, &replaced, None)),
            ["roles [{primary:true type:work value:c} {primary:false type:work value:d}]"]
        );
    }

    #[test]
    fn a_photo_keeps_how_it_is_displayed() {
        let marks = Marks::from([(
            Attribute::Photos,
            vec![Mark {
                display: Some("thumbnail".into()),
                ..new_mark("p1", true)
            }],
        )]);
        let before = jo(&[(Attribute::Photos, list(&["p1"]))]);
        let after = jo(&[(Attribute::Photos, list(&["p1", "p2"]))]);
        assert_eq!(
            shown(&update_user(&before, &after, Some(&marks))),
            [
                "photos [{display:thumbnail primary:true type:work value:p1} {primary:false type:work value:p2}]"
            ]
        );
    }

    #[test]
    fn every_attribute_reaches_a_create() {
        let mut user = jo(&[]);
        for attribute in Attribute::ALL {
            let value = match attribute.kind() {
                crate::model::Kind::List { .. } => list(&["x"]),
                crate::model::Kind::Address => Value::Address(Box::new(Address {
                    city: Some("x".into()),
                    ..Address::default()
                })),
                _ => Value::text("x"),
            };
            user.attributes.insert(*attribute, value);
        }
        let input = create(&user).build().unwrap();
        let shown = sdk::User::builder()
            .identity_store_id("d")
            .user_id("u")
            .user_arn("a")
            .revision("r")
            .set_user_name(input.user_name)
            .set_name(input.name)
            .set_display_name(input.display_name)
            .set_nick_name(input.nick_name)
            .set_profile_url(input.profile_url)
            .set_emails(input.emails)
            .set_addresses(input.addresses)
            .set_phone_numbers(input.phone_numbers)
            .set_user_type(input.user_type)
            .set_title(input.title)
            .set_preferred_language(input.preferred_language)
            .set_locale(input.locale)
            .set_timezone(input.timezone)
            .set_photos(input.photos)
            .set_website(input.website)
            .set_birthdate(input.birthdate)
            .set_roles(input.roles)
            .set_extensions(input.extensions)
            .build()
            .unwrap();
        let seen = super::super::attributes::user(&shown).unwrap();
        assert_eq!(seen.attributes, user.attributes);
        assert_eq!(
            seen.marks, None,
            "new elements have the marks of new elements"
        );
    }

    #[test]
    fn a_group_is_renamed_in_place() {
        let mut before = Group::named(GroupName::new("old"));
        before.description = Some("x".into());
        let after = Group::named(GroupName::new("new"));
        assert_eq!(
            shown(&update_group(&before, &after)),
            ["displayName new", "description -"]
        );
    }
}
