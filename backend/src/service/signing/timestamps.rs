//! Timestamps (RFC 3161): they keep a signature provable after the certificate of the person has
//! expired (ETSI TS 119 182-1 section 6, level B-T).
//!
//! The signature is stored before its timestamp is requested. If the authority does not answer, the
//! maintenance requests it again.

use std::sync::Arc;

use serde_json::Value;
use switchback_driver::timestamp::TimestampAuthority;
use switchback_jades::{Anchors, Indication, Level, Policy, Serialization};
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::provider::SigningFacts;

use super::row::{KeptSignature, StoredSigning};
use super::{Inner, policy};
use crate::error::Error;

/// The log event for a signature with a timestamp.
const TIMESTAMPED: &str = "signature.timestamped";
/// The log event for a timestamp that could not be obtained, or that the verification does not
/// accept. It is requested again.
const NOT_TIMESTAMPED: &str = "signature.not-timestamped";

/// A timestamp authority, and the roots that the service trusts for it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Timestamps {
    /// The URL of the authority.
    pub authority: String,
    /// The roots of its certificates.
    pub roots: Anchors,
}

impl Timestamps {
    /// Requests timestamps from the authority at this URL, and trusts these roots for them.
    pub fn new(authority: impl Into<String>, roots: Anchors) -> Self {
        Self {
            authority: authority.into(),
            roots,
        }
    }
}

impl Inner {
    /// The timestamps of signatures, if they are configured.
    pub(super) fn timestamps(&self) -> Option<&Timestamps> {
        self.config.signing.as_ref()?.timestamps.as_ref()
    }

    /// Whether the signature still needs a timestamp.
    pub(super) fn lacks_timestamp(&self, kept: &KeptSignature) -> bool {
        self.timestamps().is_some() && kept.passed && kept.json.is_none()
    }

    /// Requests a timestamp for a stored signature, verifies the signature with it, and stores both.
    /// A failure is logged, and the maintenance tries again.
    pub(super) async fn add_timestamp(
        self: &Arc<Self>,
        row: &str,
        id: &AttemptId,
        signing: &StoredSigning,
        facts: &SigningFacts,
    ) -> Result<(), Error> {
        let (Some(stamped), Some(timestamps)) = (&signing.kept, self.timestamps()) else {
            return Ok(());
        };
        let proven = self.timestamped(signing, stamped, timestamps, facts);
        let (json, report) = match proven.await {
            Ok(timestamped) => timestamped,
            Err(why) => {
                tracing::warn!(target: "switchback", event = NOT_TIMESTAMPED, %id, note = why);
                return Ok(());
            }
        };
        let stored = self.decide_signing(row, |signing, row| {
            // Another node was possibly faster.
            let kept = signing.kept.as_mut();
            let kept = kept.filter(|it| it.json.is_none() && it.compact == stamped.compact)?;
            kept.json = Some(json.clone());
            kept.report = report.clone();
            row.retry_at = None;
            Some(())
        });
        if stored.await?.changed {
            self.counters.signatures_timestamped.add();
            self.log_signing(TIMESTAMPED, id, None);
        }
        Ok(())
    }

    /// The JSON serialization with the timestamp, and the report of its verification; or why there
    /// is none.
    async fn timestamped(
        &self,
        signing: &StoredSigning,
        kept: &KeptSignature,
        timestamps: &Timestamps,
        facts: &SigningFacts,
    ) -> Result<(String, Value), String> {
        let trusted = self.config.signing.as_ref().ok_or("nothing is trusted")?;
        let read = Serialization::read(kept.compact.as_bytes());
        let mut signature = read.map_err(|error| error.to_string())?;
        let policy = Policy {
            timestamp_anchors: &timestamps.roots,
            ..policy::policy(trusted, &trusted.crls, self.now().wall)
        };
        // The signature then has everything that a verifier needs, also when the lists are not
        // published any more.
        let crls = self.revocation_lists(trusted, kept.compact.as_bytes(), &policy);
        let crls = crls.await;
        crls.iter().for_each(|list| signature.add_crl(list.der()));
        let authority = TimestampAuthority {
            url: timestamps.authority.clone(),
            http: Arc::clone(&self.platform.http),
            clock: Arc::clone(&self.platform.clock),
            entropy: Arc::clone(&self.platform.entropy),
        };
        let proven = authority.timestamp(&mut signature, &policy).await;
        proven.map_err(|error| error.to_string())?;
        let json = signature.to_json();
        let policy = Policy {
            crls: &crls,
            ..policy
        };
        let report = (self.verify)(json.as_bytes(), &signing.request, facts, &policy);
        let level = report.summary.as_ref().map(|summary| summary.level);
        match (report.indication, level) {
            (Indication::TotalPassed, Some(Level::BaselineT)) => {
                let report = serde_json::to_value(&report);
                Ok((json, report.map_err(|error| error.to_string())?))
            }
            _ => Err(format!(
                "the signature with the timestamp is not accepted: {}",
                super::fetch::describe(&report)
            )),
        }
    }
}
