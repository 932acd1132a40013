//! The ids of logins and sessions: texts in Kotlin and Swift.
//!
//! An app can pass any text. The call that uses an id parses it, and throws if the text is not an
//! id. uniffi's conversion does not parse it: [`LoginAttempt`](crate::LoginAttempt) is also
//! converted when it is printed, where nothing can be thrown.

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
    /// Names a login attempt, and later its session: 32 hexadecimal digits. It is not a secret,
    /// and is the same in every log.
    AttemptId
}

id! {
    /// Names a session: store it to open the session later. 32 hexadecimal digits, the same as
    /// the id of its login attempt. It is not a secret.
    SessionId
}
