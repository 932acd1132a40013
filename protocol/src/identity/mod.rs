//! Who logged in: user info and ID token (OpenID Connect Core), and a presentation of claims.
//!
//! What is known is typed, what is not known passes through: a claim or a field that a
//! service adds tomorrow is in `more`, or comes as [`ClaimValue::Other`]. `Debug` shows
//! which claims there are and never what they say.

pub(crate) mod id_token;
mod presentation;
mod user_info;

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use serde_json::{Map, Value};

pub use id_token::id_token_subject;
pub use presentation::{Claim, ClaimValue, Presentation, Summary, presentation_request};
pub use user_info::{UserInfo, user_info_request};

/// Fields that are not known here, by name.
pub type More = Map<String, Value>;

/// Takes a field out if it has this type, and leaves it where it is otherwise.
pub(crate) fn take_text(fields: &mut More, name: &str) -> Option<String> {
    match fields.get_mut(name)? {
        Value::String(text) => {
            let text = core::mem::take(text);
            fields.remove(name);
            Some(text)
        }
        _ => None,
    }
}

fn take_object(fields: &mut More, name: &str) -> Option<More> {
    let object = fields.get_mut(name)?.as_object_mut()?.to_owned();
    fields.remove(name);
    Some(object)
}

/// Some services send `"true"`.
fn take_bool(fields: &mut More, name: &str) -> Option<bool> {
    let value = match fields.get(name)? {
        Value::Bool(value) => *value,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    fields.remove(name);
    Some(value)
}
