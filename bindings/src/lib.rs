//! Switchback for Kotlin and Swift, by uniffi.
//!
//! This crate converts and delegates: what a login or a session does is said in
//! [`switchback`], and decided in its protocol. What is here and nowhere else is what two
//! languages need: a tokio runtime of its own ([`runtime`]), HTTP by the platform
//! ([`HttpTransport`]), a log ([`LogSink`]), and types whose text shows no secret.
//!
//! Three sorts of types cross: those of the core as they are (`remote.rs`), those that look
//! different in Kotlin and Swift and are converted (`mirror.rs` where only the names are copied),
//! and objects, which stay on this side. `docs/dependencies.md` says why nothing is derived in the
//! core itself.
//!
//! `docs/api.md` shows how it is used, in both languages.

mod client;
mod config;
mod error;
mod fingerprint;
pub mod http;
mod identity;
mod ids;
mod lock;
mod log;
mod login;
mod mirror;
mod platform;
mod process_lock;
mod remote;
pub mod runtime;
mod secret;
mod session;
mod shows;
pub mod store;
mod truid;
mod undeclared;

pub use client::Client;
pub use config::{Backend, Config, Mode, Provider};
pub use error::SwitchbackError;
pub use fingerprint::fingerprint;
pub use http::{Header, HttpCompletion, HttpRequest, HttpResponse, HttpTransport, TransportError};
pub use identity::{Claim, ClaimValue, Presentation, UserInfo};
pub use ids::{AttemptId, SessionId};
pub use log::{LogError, LogLine, LogSink, set_log};
pub use login::{LoginAttempt, LoginOutcome, LoginRequest, PendingLogin};
pub use platform::{FirstRun, LockFile, Platform};
pub use process_lock::{BackgroundTasks, Expiry, ProcessLock};
pub use remote::{
    AfterReinstall, MalformedLink, OAuthError, Purpose, Revocation, SessionEnd, TimelineEntry,
};
pub use secret::Secret;
pub use session::{Authorization, Changed, LogOut, Session, SessionEvent, SessionEvents};
pub use store::{SecureStore, StoreError};
pub use truid::{
    TruidClaimType, TruidDataPoint, TruidPortraitImage, TruidStructuredName, truid_portrait_image,
    truid_structured_name,
};

uniffi::setup_scaffolding!("switchback");

#[cfg(test)]
mod tests {
    /// The macros of uniffi write `unsafe`, so that the compiler cannot be told to forbid it.
    #[test]
    fn nobody_here_writes_unsafe() {
        let forbidden = concat!("uns", "afe ");
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![here.join("src"), here.join("testing/src")];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("that can be listed").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).expect("and read");
                let mut code = text.lines().filter(|line| !line.trim().starts_with("//"));
                assert!(
                    !code.any(|line| line.contains(forbidden)),
                    "{}",
                    path.display()
                );
                files += 1;
            }
        }
        assert!(files > 10, "{files} files were looked at");
    }
}
