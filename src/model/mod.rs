//! The words of the domain: who, what they have, and where a thing was said. No I/O, no AWS, no YAML.

mod attribute;
mod cell;
mod glob;
mod hex;
mod month;
mod name;
mod place;
mod reserved;
mod tier;
mod usd;
mod visible;

pub use attribute::{Address, Attribute, Kind, Value};
pub use cell::{guarded, meant};
pub use glob::Glob;
pub use hex::hex;
pub use month::first_of_next_month;
pub use name::{Family, GroupName, Membership, Principal, Subject, Text, UserName, folded};
pub use place::Place;
pub use reserved::{RESERVED_NAMES, aws_owned_group};
pub use tier::Tier;
pub use usd::{Usd, grouped};
pub use visible::{hidden_in, visible};
