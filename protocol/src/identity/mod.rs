//! Who logged in: user info and ID token (OpenID Connect Core §5.3 and §2), and a presentation of
//! claims.
//!
//! Known fields have types. Unknown ones pass through unchanged: a field that a service adds later
//! is in `more`, and a claim value of another type is [`ClaimValue::Other`]. `Debug` shows the keys
//! of claims and never their values.

pub(crate) mod id_token;
mod presentation;
mod user_info;

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use serde_json::{Map, Value};

pub use id_token::id_token_subject;
pub use presentation::{Claim, ClaimValue, Presentation, Summary, presentation_request};
pub use user_info::{UserInfo, user_info_request};

/// Unknown fields, by name.
pub type More = Map<String, Value>;

/// Removes and returns a field if it is a text.
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

/// Removes and returns a field if it is a boolean. Some services send the text `"true"`.
fn take_bool(fields: &mut More, name: &str) -> Option<bool> {
    let value = match fields.get(name)? {
        Value::Bool(value) => *value,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    fields.remove(name);
    Some(value)
}
