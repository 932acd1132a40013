//! The names of what happens, in logs and timelines. They are stable: a support desk may
//! search for them, and `docs/diagnostics.md` explains each.
//!
//! Each event is a [`tracing`] event of target `switchback` with the fields `event`, `id`
//! (the attempt's, which is also the session's; not in what is about the whole store, a key
//! without an id, or the clock) and where it helps `note`. None of them ever holds a token,
//! code, verifier, state or claim.

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*

        /// Every event there is.
        pub const ALL: &[&str] = &[$($text),*];
    };
}

events! {
    /// An attempt is stored and its URL handed out.
    LOGIN_BEGUN = "login.begun";
    /// The URL of a pending attempt was handed out again.
    LOGIN_REOPENED = "login.reopened";
    /// A callback for this attempt came.
    CALLBACK_RECEIVED = "callback.received";
    /// The callback names an issuer, and none is configured: `Provider::with_issuer` says it.
    ISSUER_NOT_CONFIGURED = "issuer.not-configured";
    /// The code is about to be sent.
    CODE_SENT = "code.sent";
    /// The code could not be sent; the link may be tried again.
    CODE_NOT_SENT = "code.not-sent";
    /// The code was sent and no usable answer came.
    CODE_UNANSWERED = "code.unanswered";
    /// The service refused the code.
    CODE_REFUSED = "code.refused";
    /// The session is stored.
    LOGIN_COMPLETED = "login.completed";
    /// The person declined.
    LOGIN_DECLINED = "login.declined";
    /// The service refused.
    LOGIN_REFUSED = "login.refused";
    /// The callback came after the deadline.
    LOGIN_EXPIRED = "login.expired";
    /// The session of this login is gone already.
    LOGIN_REPLAYED = "login.replayed";
    /// The app dropped the attempt.
    LOGIN_ABANDONED = "login.abandoned";
    /// The refresh token is about to be sent.
    REFRESH_SENT = "refresh.sent";
    /// A new pair of tokens is stored.
    REFRESH_DONE = "refresh.done";
    /// The refresh token could not be sent; the session lives.
    REFRESH_NOT_SENT = "refresh.not-sent";
    /// The refresh token was sent and no usable answer came.
    REFRESH_UNANSWERED = "refresh.unanswered";
    /// The service did not refresh.
    REFRESH_REFUSED = "refresh.refused";
    /// User info was read.
    USER_INFO_READ = "identity.user-info";
    /// A presentation was read.
    PRESENTATION_READ = "identity.presentation";
    /// Who the person is could not be read at the end of a login. It is read when it is needed.
    IDENTITY_NOT_READ = "identity.not-read";
    /// The session is over.
    SESSION_OVER = "session.over";
    /// The session was forgotten here.
    SESSION_LOGGED_OUT = "session.logged-out";
    /// A token was revoked at the service, since it is not needed any more.
    TOKEN_REVOKED = "token.revoked";
    /// A token that is not needed any more could not be revoked at the service.
    TOKEN_NOT_REVOKED = "token.not-revoked";
    /// Another person logged in than was asked for.
    LOGIN_OTHER_PERSON = "login.other-person";
    /// The callback is about to be forwarded to the backend.
    CALLBACK_FORWARDED = "callback.forwarded";
    /// The callback could not be forwarded; the link may be tried again.
    CALLBACK_NOT_SENT = "callback.not-sent";
    /// The callback was forwarded and no usable answer came.
    CALLBACK_UNANSWERED = "callback.unanswered";
    /// The backend does not know this login any more.
    LOGIN_FORGOTTEN = "login.forgotten";
    /// The backend was told of the log-out.
    BACKEND_TOLD = "backend.told";
    /// The backend could not be told of the log-out.
    BACKEND_NOT_TOLD = "backend.not-told";
    /// Another process exchanges the code of this login or forwards its callback, and is
    /// waited for.
    CODE_WAITING = "code.waiting";
    /// Another process refreshes this session, and is waited for.
    REFRESH_WAITING = "refresh.waiting";
    /// An entry in the store could not be read, or an old one not be tidied away. A damaged
    /// one is now aside.
    STORE_UNREADABLE = "store.unreadable";
    /// What happened to a login could not be written down. What its caller was told holds all
    /// the same.
    STORE_UNWRITABLE = "store.unwritable";
    /// This is the first run after an installation, and an earlier one has left something.
    STORE_FIRST_RUN = "store.first-run";
    /// The clock here is off, by what the service says.
    CLOCK_OFF = "clock.off";
}
