//! A new user as AWS wants it.

use super::attributes::{ENTERPRISE, new_mark};
use crate::directory::User;
use crate::live::Mark;
use crate::model::{Address, Attribute, Text, Value};
use aws_sdk_identitystore::operation::create_user::builders::CreateUserInputBuilder;
use aws_sdk_identitystore::types as sdk;
use aws_smithy_types::Document;
use std::collections::HashMap;

/// A new user's attributes; every list element is new, of type `work`, and the first one primary. The `match` names
/// every attribute, so that a new one is an error here until it is written.
pub(super) fn user(user: &User) -> CreateUserInputBuilder {
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

pub(super) fn elements(value: &Value) -> &[Text] {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, UserName};

    #[test]
    fn every_attribute_reaches_a_create() {
        let mut jo = User::named(UserName::new("jo"));
        for attribute in Attribute::ALL {
            let value = match attribute.kind() {
                Kind::List { .. } => Value::List(vec!["x".into()]),
                Kind::Address => Value::Address(Box::new(Address {
                    city: Some("x".into()),
                    ..Address::default()
                })),
                _ => Value::text("x"),
            };
            jo.attributes.insert(*attribute, value);
        }
        let input = user(&jo).build().unwrap();
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
        assert_eq!(seen.attributes, jo.attributes);
        assert_eq!(
            seen.marks, None,
            "new elements have the marks of new elements"
        );
    }
}
