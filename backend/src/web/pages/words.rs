//! What a person is told. Nothing that came with a request is in it.

use switchback_protocol::Purpose;

use crate::error::Error;

/// What happened, and what to do next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) what: &'static str,
    pub(super) next: &'static str,
}

impl Words {
    /// What happened, for a title: without a full stop.
    pub(super) fn heading(&self) -> &'static str {
        self.what.trim_end_matches('.')
    }
}

/// An address at which nothing is.
pub(super) const NO_PAGE: Words = Words {
    what: "There is no such page.",
    next: "Compare the address, or go to the start of this website.",
};

/// A refusal by its code, as it is in `?login=`.
pub(super) fn refusal(code: &str) -> Words {
    let (what, next) = match code {
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
    Words { what, next }
}

/// A session that is over, or a failure.
pub(super) fn failure(error: &Error) -> Words {
    let (what, next) = match error {
        Error::LoginRequired(_) | Error::TokenExpired => {
            ("You are not logged in any more.", "Log in again.")
        }
        Error::TooManyRequests { .. } => (
            "Too many logins were begun.",
            "They came from your network within a minute. Wait a minute, and try again.",
        ),
        Error::TryAgain { .. } | Error::Store(_) => (
            "This cannot be done just now.",
            "Something does not answer. Wait a moment, and try again.",
        ),
        _ => (
            "Something is broken here.",
            "You can do nothing about it. Please tell whoever runs this website.",
        ),
    };
    Words { what, next }
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
    let words = field.replace(['_', '-', '/'], " ");
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_a_name_that_can_be_read() {
        assert_eq!(label("phone_number"), "Phone number");
        assert_eq!(label("personal-number/swe-10"), "Personal number swe 10");
        assert_eq!(label("été"), "Été");
        assert_eq!(label(""), "");
    }
}
