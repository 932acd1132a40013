//! Why a session is over.

use crate::mirror::mirror;

mirror! {
    /// Why a session is over.
    Ended of switchback::Ended {
        /// Somebody logged out here.
        LoggedOut,
        /// The service ended it: the person logged out there, or was idle for too long.
        Revoked,
        /// The access token is over, and there is no refresh token.
        Expired,
        /// The service refused a refresh token whose first answer was lost: the app was
        /// killed, or the connection broke, between sending and storing.
        RotationInterrupted,
        /// The service answered a refresh with the tokens of another person, which were
        /// dropped.
        OtherPerson,
        /// The service's backend does not accept the session any more.
        EndedByBackend,
        /// What was stored of it is damaged. It was set aside in the store.
        Damaged,
        /// There is no such session in this store.
        NoSession,
    }
}

impl Ended {
    pub(crate) fn core(self) -> switchback::Ended {
        self.into()
    }
}
