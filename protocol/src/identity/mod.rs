//! Who logged in: user info and ID token (OpenID Connect Core), and a presentation of claims.
//!
//! What is known is typed, what is not known passes through: a claim or a field that a
//! service adds tomorrow is in `more`, or comes as [`ClaimValue::Other`]. `Debug` shows
//! which claims there are and never what they say.

mod presentation;
mod user_info;

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

pub use presentation::{Claim, ClaimValue, Presentation, Summary, presentation_request};
pub use user_info::{UserInfo, user_info_request};

use crate::Secret;

/// Fields that are not known here, by name.
pub type More = Map<String, Value>;

/// The subject that an ID token names (OpenID Connect Core §2), **without its signature
/// being verified**: good for finding out that an answer is about somebody else, and for
/// nothing more. The token came from the token endpoint itself, over TLS.
pub fn id_token_subject(id_token: &Secret) -> Option<Secret> {
    #[derive(serde::Deserialize)]
    struct Claims {
        sub: String,
    }
    let payload = id_token.expose().split('.').nth(1)?;
    let claims = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    let claims = core::str::from_utf8(&claims).ok()?;
    let Claims { sub } = serde_json::from_str(claims).ok()?;
    (!sub.is_empty()).then(|| Secret::from(sub))
}

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
