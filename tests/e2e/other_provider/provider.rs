//! Example ID: everything that is known of a service, in one file.

use switchback::provider::{ErrorFacts, Facts, PurposeFacts, Retention, ScopeFacts};
use switchback::{Provider, Purpose};

/// As the service's developer guide describes it.
pub(crate) static FACTS: Facts = Facts {
    id: "example-id",
    name: "Example ID",
    base_url: "https://login.example",
    purposes: &[
        PurposeFacts {
            name: "sign-in",
            authorization: "/authorize",
            ..PurposeFacts::new(Purpose::Login, Retention::Session)
        },
        PurposeFacts {
            name: "proof",
            authorization: "/authorize",
            button: Some("Prove it with Example ID"),
            ..PurposeFacts::new(Purpose::IdentityVerification, Retention::OneOff)
        },
    ],
    token: "/token",
    // No user info and no presentation: the ID token says who logged in.
    scope: ScopeFacts {
        known: &["openid", "mail"],
        default: &["openid"],
        accepts_unknown: |_| false,
        ..ScopeFacts::PLAIN
    },
    errors: ErrorFacts {
        callback: &[("user_cancelled", "access_denied")],
        token: &[("invalid_request", "invalid_grant")],
    },
    ..Facts::PLAIN
};

/// Example ID in production.
pub(crate) fn example_id() -> Provider {
    Provider::new(&FACTS)
}
