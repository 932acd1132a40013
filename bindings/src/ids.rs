//! The ids of logins and sessions: texts in Kotlin and Swift.
//!
//! An app can hand over any text. The call that uses an id reads it, and throws where it is none.
//! It is not read as it crosses: [`LoginAttempt`](crate::LoginAttempt) crosses as well for its text, and
//! nothing can be thrown there.

use switchback as core;

use crate::error::SwitchbackError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub(crate) String);

        uniffi::custom_newtype!($name, String);

        impl $name {
            /// The core's id of this text.
            pub(crate) fn read(&self) -> Result<core::$name, SwitchbackError> {
                Ok(self.0.parse()?)
            }
        }

        impl From<core::$name> for $name {
            fn from(id: core::$name) -> Self {
                Self(id.as_str().to_owned())
            }
        }
    };
}

id! {
    /// Names a login attempt, and the session that may come of it: 32 hexadecimal digits, no
    /// secret, the same in every log.
    AttemptId
}

id! {
    /// Names a session, to keep and to open it with later: 32 hexadecimal digits, no secret. It
    /// is the id of the attempt that it came from.
    SessionId
}
