//! The names of what happens, in logs and timelines. They are stable: a support desk may
//! search for them, and `docs/diagnostics.md` explains each.
//!
//! Each event is a [`tracing`] event of target `switchback` with the fields `event`, `id`
//! (the attempt's, which is also the session's; not in what is about the whole store, a key
//! without an id, or the clock) and where it helps `note`. None of them ever holds a token,
//! code, verifier, state or claim.

use std::fmt;

use switchback_protocol::attempt::AttemptId;

use crate::ports::AfterReinstall;

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
    /// The session is over.
    SESSION_OVER = "session.over";
    /// The session was forgotten here.
    SESSION_LOGGED_OUT = "session.logged-out";
    /// A token was revoked at the service, since nobody needs it any more.
    TOKEN_REVOKED = "token.revoked";
    /// A token that nobody needs any more could not be revoked at the service.
    TOKEN_NOT_REVOKED = "token.not-revoked";
    /// Somebody else logged in than was asked for.
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

/// Writes an event to the log.
pub(crate) fn log(event: &'static str, id: &AttemptId, note: Option<&dyn fmt::Display>) {
    match note {
        Some(note) => tracing::info!(target: "switchback", event, %id, %note),
        None => tracing::info!(target: "switchback", event, %id),
    }
}

/// An entry in the store could not be read, and its key does not say whose it is.
pub(crate) fn no_id(note: &dyn fmt::Display) {
    tracing::info!(target: "switchback", event = STORE_UNREADABLE, %note);
}

/// What an earlier installation has left was found, and kept or wiped.
pub(crate) fn left_by_earlier_installation(entries: usize, what: AfterReinstall) {
    let event = STORE_FIRST_RUN;
    tracing::info!(target: "switchback", event, entries, note = ?what);
}

/// The clock here differs from the service's by so many seconds.
pub(crate) fn clock_off(seconds: i64) {
    tracing::info!(target: "switchback", event = CLOCK_OFF, seconds);
}
