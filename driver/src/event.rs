//! The event names in logs and timelines. They are stable, so support teams can search for them;
//! `docs/reference/diagnostics.md` explains each.
//!
//! Each event is a [`tracing`] event of target `switchback` with the fields `event`, `id` and,
//! where it helps, `note`. `id` is the id of the attempt, which is also the id of its session;
//! events about the whole store, a key without an id, or the clock have no `id`. No event holds a
//! token, code, verifier, state or claim.

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*

        /// All events.
        pub const ALL: &[&str] = &[$($text),*];
    };
}

events! {
    /// An attempt is stored, and the caller got its URL.
    LOGIN_BEGUN = "login.begun";
    /// The caller got the URL of a pending attempt again.
    LOGIN_REOPENED = "login.reopened";
    /// The library for phones predicted whether the link will open the app.
    LINKS_CHECKED = "links.checked";
    /// The library for phones left out one way to open the login.
    OPEN_LEFT_OUT = "open.left-out";
    /// Nothing could be opened in this way.
    OPEN_FAILED = "open.failed";
    /// The identity app, a tab or the browser is open.
    OPEN_DONE = "open.done";
    /// The person came back to the app without the link.
    OPEN_RETURNED = "open.returned";
    /// A callback for this attempt arrived.
    CALLBACK_RECEIVED = "callback.received";
    /// The callback names an issuer, but no issuer is configured. `Provider::with_issuer`
    /// configures it.
    ISSUER_NOT_CONFIGURED = "issuer.not-configured";
    /// The code is about to be sent.
    CODE_SENT = "code.sent";
    /// The code could not be sent. The caller may try the link again.
    CODE_NOT_SENT = "code.not-sent";
    /// The code was sent, and no usable answer arrived.
    CODE_UNANSWERED = "code.unanswered";
    /// The service refused the code.
    CODE_REFUSED = "code.refused";
    /// The session is stored.
    LOGIN_COMPLETED = "login.completed";
    /// The person declined.
    LOGIN_DECLINED = "login.declined";
    /// The service refused the login.
    LOGIN_REFUSED = "login.refused";
    /// The callback came after the deadline.
    LOGIN_EXPIRED = "login.expired";
    /// The link was used before, and the session of this login has ended.
    LOGIN_REPLAYED = "login.replayed";
    /// The app cancelled the attempt.
    LOGIN_ABANDONED = "login.abandoned";
    /// The refresh token is about to be sent.
    REFRESH_SENT = "refresh.sent";
    /// A new pair of tokens is stored.
    REFRESH_DONE = "refresh.done";
    /// The refresh token could not be sent. The session continues.
    REFRESH_NOT_SENT = "refresh.not-sent";
    /// The refresh token was sent, and no usable answer arrived.
    REFRESH_UNANSWERED = "refresh.unanswered";
    /// The service refused to refresh.
    REFRESH_REFUSED = "refresh.refused";
    /// User info was read.
    USER_INFO_READ = "identity.user-info";
    /// A presentation was read.
    PRESENTATION_READ = "identity.presentation";
    /// A signature was read, and not verified yet.
    SIGNATURE_READ = "signature.read";
    /// The identity of the person could not be read at the end of a login. It is read when it is
    /// needed.
    IDENTITY_NOT_READ = "identity.not-read";
    /// The session has ended. A call that finds the end later logs it again.
    SESSION_OVER = "session.over";
    /// The session was removed from this store by a log-out.
    SESSION_LOGGED_OUT = "session.logged-out";
    /// A resource refused the newest access token. The session continues.
    TOKEN_REFUSED = "token.refused";
    /// A token that is no longer needed was revoked at the service.
    TOKEN_REVOKED = "token.revoked";
    /// A token that is no longer needed could not be revoked at the service.
    TOKEN_NOT_REVOKED = "token.not-revoked";
    /// Another person logged in than the login was for.
    LOGIN_OTHER_PERSON = "login.other-person";
    /// The callback is about to be forwarded to the backend.
    CALLBACK_FORWARDED = "callback.forwarded";
    /// The callback could not be forwarded. The caller may try the link again.
    CALLBACK_NOT_SENT = "callback.not-sent";
    /// The callback was forwarded, and no usable answer arrived.
    CALLBACK_UNANSWERED = "callback.unanswered";
    /// The backend no longer knows this login.
    LOGIN_FORGOTTEN = "login.forgotten";
    /// The backend ended the session at log-out.
    BACKEND_TOLD = "backend.told";
    /// The backend could not be reached at log-out, or did not end the session.
    BACKEND_NOT_TOLD = "backend.not-told";
    /// Another process is exchanging the code or forwarding the callback of this login; this one
    /// waits for the result.
    CODE_WAITING = "code.waiting";
    /// Another process is refreshing this session; this one waits for the result.
    REFRESH_WAITING = "refresh.waiting";
    /// An entry in the store could not be read, or an old entry could not be removed. A damaged
    /// entry was set aside.
    STORE_UNREADABLE = "store.unreadable";
    /// A state of a login could not be stored. The result that the caller got is still valid.
    STORE_UNWRITABLE = "store.unwritable";
    /// This is the first run after an installation, and the store has entries of an earlier
    /// installation.
    STORE_FIRST_RUN = "store.first-run";
    /// The clock of this device differs from the service's clock.
    CLOCK_OFF = "clock.off";
}
