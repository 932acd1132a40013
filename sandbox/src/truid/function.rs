//! What a service may ask Truid for ("Functions" in the guide). Signing has its place
//! here, and comes later.

/// A Truid function. Each has an authorization endpoint and a PAR endpoint of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    /// Onboarding: the person becomes a user of the service.
    ConfirmSignup,
    /// Login: the person starts a session with the service.
    LoginSession,
    /// Identity verification: the person proves, once, who they are.
    Idv,
}

impl Function {
    /// All functions.
    pub(crate) const ALL: [Function; 3] = [
        Function::ConfirmSignup,
        Function::LoginSession,
        Function::Idv,
    ];

    /// The last part of the endpoints' paths, which is also the function's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Function::ConfirmSignup => "confirm-signup",
            Function::LoginSession => "login-session",
            Function::Idv => "idv",
        }
    }

    /// The function with this name.
    pub(crate) fn from_name(name: &str) -> Option<Function> {
        Function::ALL
            .into_iter()
            .find(|function| function.name() == name)
    }

    /// Whether the guide has the service keep the access token, with its expiry. Of an
    /// onboarding it must not be stored, and of an identity verification nothing need be:
    /// there a service may refresh before each use of the data.
    pub(crate) fn keeps_access_tokens(self) -> bool {
        match self {
            Function::LoginSession => true,
            Function::ConfirmSignup | Function::Idv => false,
        }
    }

    /// What the service asks the person to do, to be read after the service's name.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Function::ConfirmSignup => {
                "wants you to become a user, and to keep your data up to date"
            }
            Function::LoginSession => "wants you to log in",
            Function::Idv => "wants to verify your identity, once",
        }
    }

    /// The function as a title.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Function::ConfirmSignup => "Onboarding",
            Function::LoginSession => "Login",
            Function::Idv => "Identity verification",
        }
    }
}
