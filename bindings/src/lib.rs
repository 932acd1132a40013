//! Switchback for Kotlin and Swift, by uniffi.
//!
//! This crate converts and delegates: [`switchback`] documents what a login or a session does, and
//! the protocol crate decides it. Only the needs of Kotlin and Swift are here: a separate tokio
//! runtime ([`runtime`]), HTTP by the platform ([`HttpTransport`]), a log ([`LogSink`]), and types
//! whose text shows no secret.
//!
//! Kotlin and Swift see three kinds of types: types of the core (`remote.rs`), types that look
//! different there and are converted (`mirror.rs` if only the variants are copied), and objects,
//! which stay in Rust. `docs/explanation/dependencies.md` says why the core itself derives nothing.
//!
//! `docs/reference/api.md` shows how an app uses this crate, in both languages.

mod client;
mod config;
mod error;
mod fingerprint;
pub mod http;
mod identity;
mod ids;
mod link_check;
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
mod signature;
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
pub use link_check::{LinkCheck, LinkStep, LinkWarning, check_android_links, check_ios_links};
pub use log::{LogError, LogLine, LogSink, set_log};
pub use login::{LoginAttempt, LoginOutcome, LoginRequest, PendingLogin};
pub use platform::{FirstRun, LockFile, Platform};
pub use process_lock::{BackgroundTasks, Expiry, ProcessLock};
pub use remote::{
    AfterReinstall, CertificateAttribute, CertificateSummary, ClaimedTime, Indication, Level,
    Links, MalformedLink, OAuthError, Outcome, ProvenTime, Purpose, Revocation, SessionEnd,
    SignedDocument, TimeHeader, TimelineEntry,
};
pub use secret::Secret;
pub use session::{Authorization, Changed, LogOut, Session, SessionEvent, SessionEvents};
pub use signature::{
    DocumentDigest, DocumentHasher, ExpectedSignature, SignRequest, SignatureCheck,
    SignatureReport, SignatureSummary, SignatureVerifier, VerifiedSignature,
};
pub use store::{SecureStore, StoreError};
pub use switchback_protocol::link_check::android::{Browser, Facts, Handler, HostState, Question};
pub use switchback_protocol::link_check::ios::{
    Association as IosAssociation, Facts as IosFacts, Question as IosQuestion,
    Version as IosVersion,
};
pub use switchback_protocol::link_check::{Login, Opens, Return, Severity};
pub use truid::{
    TruidClaimType, TruidDataPoint, TruidPortraitImage, TruidStructuredName, truid_portrait_image,
    truid_structured_name,
};

uniffi::setup_scaffolding!("switchback");

#[cfg(test)]
mod tests {
    /// The macros of uniffi expand to `unsafe`, so the lint `unsafe_code` cannot forbid it.
    #[test]
    fn no_source_file_contains_unsafe() {
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
