//! The ids of logins and sessions: texts in Kotlin and Swift.

use std::str::FromStr;

use switchback::InvalidId;

use crate::error::SwitchbackError;

/// Names a login attempt, and the session that may come of it: 32 hexadecimal digits, no
/// secret, the same in every log.
pub type AttemptId = switchback::AttemptId;

uniffi::custom_type!(AttemptId, String, {
    remote,
    lower: |id| id.as_str().to_owned(),
    try_lift: |id| read(&id),
});

/// Names a session, to keep and to open it with later: 32 hexadecimal digits, no secret. It is
/// the id of the attempt that it came from.
pub type SessionId = switchback::SessionId;

uniffi::custom_type!(SessionId, String, {
    remote,
    lower: |id| id.as_str().to_owned(),
    try_lift: |id| read(&id),
});

/// Reads an id that an app gives as a text. uniffi throws the error from the call that the text
/// was given to, where that call throws [`SwitchbackError`].
fn read<T: FromStr<Err = InvalidId>>(text: &str) -> uniffi::Result<T> {
    text.parse().map_err(|error: InvalidId| {
        let what = error.to_string();
        SwitchbackError::Configuration { what }.into()
    })
}
