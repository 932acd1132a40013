//! What a person is told. Nothing that came with a request is in it.

use switchback_protocol::Purpose;

use crate::error::Error;

/// What happened, and what to do next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub(super) happened: &'static str,
    pub(super) next: &'static str,
}

/// A refusal by its code, as it is in `?login=`.
pub(super) fn refusal(code: &str) -> Message {
    let (happened, next) = match code {
        "access_denied" => (
            "You declined.",
            "Nothing was shared. You can begin again at any time.",
        ),
        "expired" => (
            "That took too long.",
            "Begin again, and decide within a few minutes.",
        ),
        "replayed" => (
            "This link was used before.",
            "Its login has ended in the meantime. Begin again.",
        ),
        "temporarily_unavailable" | "server_error" => (
            "The login service has a problem.",
            "Wait a minute, and begin again.",
        ),
        "invalid_scope"
        | "unauthorized_client"
        | "invalid_client"
        | "unsupported_response_type" => (
            "The login service does not accept this website.",
            "You can do nothing about it. Please tell whoever runs this website.",
        ),
        _ => (
            "The login did not work.",
            "Begin again. If that does not help, please tell whoever runs this website.",
        ),
    };
    Message { happened, next }
}

/// A session that is over, or a failure.
pub(super) fn failure(error: &Error) -> Message {
    let (happened, next) = match error {
        Error::LoginRequired(_) | Error::TokenExpired => {
            ("You are not logged in any more.", "Log in again.")
        }
        Error::TryAgain { .. } | Error::TooManyRequests { .. } | Error::Store(_) => (
            "This cannot be done just now.",
            "Something does not answer. Wait a moment, and try again.",
        ),
        _ => (
            "Something is broken here.",
            "You can do nothing about it. Please tell whoever runs this website.",
        ),
    };
    Message { happened, next }
}

/// For somebody who came for this and has it.
pub(super) fn done(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Onboarding => "You have signed up",
        Purpose::IdentityVerification => "You have shown who you are",
        _ => "You are logged in",
    }
}

/// What is offered.
pub(super) fn offer(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Onboarding => "Sign up",
        Purpose::IdentityVerification => "Show who you are",
        _ => "Log in",
    }
}

/// A field of OpenID Connect's user info (Core §5.1), and whatever else is a text, by a name
/// that a person can read.
pub(super) fn label(field: &str) -> String {
    let text = field.replace(['_', '-', '/'], " ");
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_labels_are_readable() {
        assert_eq!(label("phone_number"), "Phone number");
        assert_eq!(label("personal-number/swe-10"), "Personal number swe 10");
        assert_eq!(label("été"), "Été");
        assert_eq!(label(""), "");
    }
}
