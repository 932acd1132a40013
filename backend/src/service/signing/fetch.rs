//! Fetches a signature, verifies it, and stores it if it may be passed on.
//!
//! A signature that is not what was asked for, or that no configured root vouches for, is logged and
//! dropped: no caller gets it. A signature for which only revocation information is missing is stored,
//! and verified again by the next call.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use switchback_driver::SingleFlight;
use switchback_driver::task::lock;
use switchback_jades::{Indication, Report, SubIndication};
use switchback_protocol::Secret;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Grant, SessionEnd};
use switchback_protocol::http::bearer;
use switchback_protocol::provider::SigningFacts;
use switchback_protocol::signature::{Signature as Jws, signature_request};

use super::row::{BegunLogin, Decided, KeptSignature, StoredSigning};
use super::{Inner, Service, Signature, SigningStatus};
use crate::error::Error;
use crate::service::WAIT_LIMIT;
use crate::store::SignatureRow;

/// The log event for a signature that was verified and stored.
const VERIFIED: &str = "signature.verified";
/// The log event for a signature that was stored, and cannot be verified yet.
const UNVERIFIED: &str = "signature.unverified";
/// The log event for a signature that the service does not accept.
const REFUSED: &str = "signature.refused";
/// The log event for the signature of another person than the request named.
const OTHER_PERSON: &str = "signature.other-person";
/// The log event for a signature that is about to be deleted without its verification or its
/// timestamp: the service does not try again.
const UNFINISHED: &str = "signature.unfinished";
/// The log event for a signature that could not be fetched. The next call fetches it.
pub(super) const NOT_FETCHED: &str = "signature.not-fetched";

const ENDPOINT: &str = "the signature endpoint";

/// The limits on the time between two tries, in seconds. In between, it is a quarter of the time
/// since the person began.
const RETRY_AFTER: std::ops::RangeInclusive<i64> = 60..=6 * 3600;

/// How many unfinished signatures the maintenance reads at once.
const PAGE: u32 = 64;

/// How long a turn of the maintenance continues with further signatures.
const TURN: Duration = Duration::from_secs(20);

/// The fetches in progress, by the row of the signing.
pub(in crate::service) type Fetches = SingleFlight<String, Result<SigningStatus, Error>>;

/// The result of a verification.
enum Verdict {
    /// TOTAL-PASSED.
    Passed,
    /// Revocation information is missing.
    TryLater,
    /// Everything else.
    Refused,
}

impl Verdict {
    fn of(report: &Report) -> Self {
        // The report's own reason is the first one only. A missing list hides no other check.
        let mut reasons = report.checks.iter().filter_map(|it| it.sub_indication);
        let only_later = reasons.all(|why| why == SubIndication::TryLater);
        match report.indication {
            Indication::TotalPassed => Self::Passed,
            Indication::Indeterminate if only_later => Self::TryLater,
            _ => Self::Refused,
        }
    }
}

impl Service {
    /// Continues with signatures that a person has made and that are not verified here yet. Call it
    /// about once a minute; the server does. The next call of [`signing`](Self::signing) does the
    /// same for one signature.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn continue_signings(&self) -> Result<(), Error> {
        let inner = &self.inner;
        let began = tokio::time::Instant::now();
        loop {
            // A row that cannot be read stays due. The next page begins after it, so it does not
            // hold up the others.
            let after = lock(&inner.continued).clone();
            let store = &inner.platform.store;
            let now = inner.now().wall;
            let page = store.unfinished_signatures(now, after, PAGE).await?;
            let is_last = page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
            for row in page {
                if began.elapsed() > TURN {
                    return Ok(());
                }
                *lock(&inner.continued) = row.retry_at.map(|at| (at, row.id.clone()));
                match inner.continue_signing(&row).await {
                    Err(error @ Error::Store(_)) => return Err(error),
                    Err(error) => {
                        let id = &row.id;
                        tracing::info!(
                            target: "switchback", event = NOT_FETCHED, id, note = %error
                        );
                    }
                    Ok(()) => {}
                }
            }
            if is_last {
                *lock(&inner.continued) = None;
                return Ok(());
            }
        }
    }
}

fn retry_after(age: i64) -> i64 {
    (age / 4).clamp(*RETRY_AFTER.start(), *RETRY_AFTER.end())
}

impl Inner {
    /// Continues with a signature that is due, unless another node was faster.
    async fn continue_signing(self: &Arc<Self>, row: &SignatureRow) -> Result<(), Error> {
        let signing = self.read_signing(row)?;
        let now = self.now().wall;
        let began = signing.logins.last().map_or(now, |login| login.at);
        let next = now.saturating_add(retry_after(now.saturating_sub(began)));
        // First, so that a failure is not repeated at once.
        let claimed = self.decide_signing(&row.id, |_, stored| {
            let is_due = stored.retry_at.is_some_and(|at| at <= now);
            is_due.then(|| stored.retry_at = Some(next))
        });
        if !claimed.await?.changed {
            return Ok(());
        }
        let fetched = self.fetch_in_time(row.id.clone(), None).await;
        if next >= row.remove_at
            && let Some((row, _)) = self.signing_row(&row.id).await?
            && row.retry_at.is_some()
        {
            tracing::error!(target: "switchback", event = UNFINISHED, id = row.id);
        }
        fetched.map(drop)
    }

    /// Where a signing is. Fetches the signature if the person has signed.
    pub(super) async fn signature(self: &Arc<Self>, row: String) -> Result<SigningStatus, Error> {
        let stored = self.signing_row(&row).await?;
        let (_, signing) = stored.ok_or(Error::UnknownSigning)?;
        match self.finished(&signing) {
            Some(status) => Ok(status),
            None => self.fetch_in_time(row, None).await,
        }
    }

    /// Fetches the signature. Callers at the same time share one task, which continues if the time
    /// of a caller is up. `fresh` is a grant that still has its access token.
    pub(super) async fn fetch_in_time(
        self: &Arc<Self>,
        row: String,
        fresh: Option<(AttemptId, Arc<Grant>)>,
    ) -> Result<SigningStatus, Error> {
        let shared = async {
            loop {
                let work = || {
                    let (inner, row, fresh) = (Arc::clone(self), row.clone(), fresh.clone());
                    async move { inner.fetch(&row, fresh).await }
                };
                let Some(shared) = self.fetches.join(row.clone(), work).await else {
                    return Err(Error::Process("a signature was not fetched"));
                };
                // The shared task may have begun before the person signed.
                let is_older = !shared.started_here && fresh.is_some();
                if !is_older || shared.result != Ok(SigningStatus::Pending) {
                    return shared.result;
                }
            }
        };
        match tokio::time::timeout(WAIT_LIMIT, shared).await {
            Ok(result) => result,
            Err(_) => Err(Error::TryAgain {
                retry_after: Some(1),
            }),
        }
    }

    async fn fetch(
        self: &Arc<Self>,
        row: &str,
        fresh: Option<(AttemptId, Arc<Grant>)>,
    ) -> Result<SigningStatus, Error> {
        let stored = self.signing_row(row).await?;
        let (_, signing) = stored.ok_or(Error::UnknownSigning)?;
        if let Some(status) = self.finished(&signing) {
            let kept = signing.kept.as_ref();
            return match kept.filter(|kept| self.lacks_timestamp(kept)) {
                Some(_) => self.timestamp(row, &signing).await,
                None => Ok(status),
            };
        }
        let found = match fresh {
            Some(fresh) if signing.is_of(&fresh.0) => Some(fresh),
            _ => self.grant_of(&signing).await?,
        };
        let Some((id, grant)) = found else {
            return self.without_grant(row).await;
        };
        self.note_grant(row, &id, &grant).await?;
        let compact = match &signing.kept {
            Some(kept) => kept.compact.clone(),
            None if grant.is_over() => return Ok(SigningStatus::Lost),
            None => match self.request_signature(&id, &grant).await {
                Err(Error::LoginRequired(why)) => return self.lost(row, &id, why).await,
                result => result?,
            },
        };
        let began = signing.logins.iter().find(|login| login.is(&id));
        let began = began.map_or(grant.since, |login| login.at);
        let now = self.now().wall;
        let facts = self.signing_facts()?;
        let report = self.verify_signature(&compact, &signing.request, facts, began);
        let report = report.await;
        let json = serde_json::to_value(&report).unwrap_or_default();
        let verdict = Verdict::of(&report);
        let passed = match verdict {
            Verdict::Passed => true,
            Verdict::TryLater => false,
            Verdict::Refused => return self.refuse(row, &id, &report, json).await,
        };
        if let Some(expected) = &signing.subject
            && self.signer(&report, &id, &grant).await?.as_deref() != Some(expected)
        {
            return self.refuse_person(row, &id).await;
        }
        let kept = KeptSignature {
            compact,
            json: None,
            report: json,
            passed,
            verified_at: now,
            login: BegunLogin::new(&id, began),
        };
        let is_unfinished = !passed || self.timestamps().is_some();
        let next = now.saturating_add(retry_after(now.saturating_sub(began)));
        let next = is_unfinished.then_some(next);
        let stored = self.decide_signing(row, |signing, row| {
            // The signature of another login, or a better verification, was faster.
            (!signing.is_signed()).then(|| {
                signing.kept = Some(kept.clone());
                row.retry_at = next;
            })
        });
        let Decided { signing, changed } = stored.await?;
        if changed {
            let (name, counter) = match passed {
                true => (VERIFIED, &self.counters.signatures_verified),
                false => (UNVERIFIED, &self.counters.signatures_unverified),
            };
            counter.add();
            self.log_signing(name, &id, Some(&describe(&report)));
        }
        let kept = signing.kept.as_ref();
        match kept.is_some_and(|kept| self.lacks_timestamp(kept)) {
            true => self.timestamp(row, &signing).await,
            false => Ok(self.status(&signing)),
        }
    }

    /// Adds a timestamp to a stored signature, and reads the signature again.
    async fn timestamp(
        self: &Arc<Self>,
        row: &str,
        signing: &StoredSigning,
    ) -> Result<SigningStatus, Error> {
        let facts = self.signing_facts()?;
        let login = signing.kept.as_ref().and_then(|kept| kept.login.id());
        if let Some(id) = login {
            self.add_timestamp(row, &id, signing, facts).await?;
        }
        let stored = self.signing_row(row).await?;
        let (_, stored) = stored.ok_or(Error::UnknownSigning)?;
        Ok(self.status(&stored))
    }

    /// Requests the signature from the provider.
    async fn request_signature(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
    ) -> Result<String, Error> {
        let endpoint = self.provider().signature_endpoint();
        let endpoint = endpoint.map_err(|error| Error::Configuration(error.to_string()))?;
        self.reads.of(id).count(self.now().wall)?;
        let make = |token: &Secret| signature_request(endpoint.clone(), &[bearer(token)]);
        let response = self.resource(id, grant, make).await?;
        let read = Jws::read(&response).map_err(|rule| Error::Protocol {
            endpoint: ENDPOINT,
            rule,
        });
        Ok(read?.as_str().to_owned())
    }

    fn signing_facts(&self) -> Result<&'static SigningFacts, Error> {
        let provider = self.provider();
        provider.facts().signing.as_ref().ok_or_else(|| {
            Error::Configuration(format!(
                "{} has no signatures: remove this purpose",
                provider.name()
            ))
        })
    }

    /// Who signed: as the signature says, else as the provider says. Call it only if nothing of the
    /// signature is wrong; revocation information may be missing.
    async fn signer(
        self: &Arc<Self>,
        report: &Report,
        id: &AttemptId,
        grant: &Arc<Grant>,
    ) -> Result<Option<String>, Error> {
        let facts = self.provider().facts().signing.as_ref();
        let header = facts.and_then(|facts| facts.presentation);
        let summary = report.summary.as_ref();
        let said = summary
            .zip(header)
            .and_then(|(it, name)| it.header.get(name));
        let said = said.and_then(|it| it["sub"].as_str());
        if let Some(said) = said {
            return Ok(Some(said.to_owned()));
        }
        let known = self.signatory_subject(id, grant).await?;
        Ok(known.map(|subject| subject.expose().to_owned()))
    }

    /// The status of a signing whose logins have not been completed. The maintenance continues with
    /// it until each of them has ended.
    async fn without_grant(&self, row: &str) -> Result<SigningStatus, Error> {
        let now = self.now().wall;
        let decided = self.decide_signing(row, |signing, row| {
            let may_complete = signing.logins.iter().any(|it| now < self.over_at(it));
            let is_over = !may_complete && signing.kept.is_none() && row.retry_at.is_some();
            is_over.then(|| row.retry_at = None)
        });
        Ok(self.status(&decided.await?.signing))
    }

    fn status(&self, signing: &StoredSigning) -> SigningStatus {
        let finished = self.finished(signing);
        finished.unwrap_or_else(|| self.not_signed(signing))
    }

    /// The person did not sign, or the service does not know it yet.
    fn not_signed(&self, signing: &StoredSigning) -> SigningStatus {
        if let Some(kept) = &signing.kept {
            return SigningStatus::Unverified(Arc::new(kept.report.clone()));
        }
        if signing.declined {
            return SigningStatus::Declined;
        }
        let now = self.now().wall;
        let timeout = self.config.login_timeout;
        let is_under_way = |login: &BegunLogin| now < login.at.saturating_add(timeout);
        if now < signing.open_until || signing.logins.iter().any(is_under_way) {
            SigningStatus::Pending
        } else {
            SigningStatus::Expired
        }
    }

    /// Records that the person has signed, when the signature ends, and when the maintenance looks at
    /// it. For a grant that has ended the provider gives no signature, so the maintenance waits for
    /// the other logins only.
    async fn note_grant(&self, row: &str, id: &AttemptId, grant: &Grant) -> Result<(), Error> {
        let now = self.now().wall;
        let ends_at = self.ends_at(grant);
        let soon = now.saturating_add(*RETRY_AFTER.start());
        let noted = self.decide_signing(row, |signing, row| {
            let others = signing.logins.iter().filter(|login| !login.is(id));
            let others = others.map(|login| self.over_at(login));
            let others = others.filter(|at| now < *at).max();
            let waits_longer = grant.is_over() && row.retry_at != others;
            let is_new = signing.kept.is_none() && (waits_longer || row.remove_at != ends_at);
            (is_new && signing.logins.iter().any(|login| login.is(id))).then(|| {
                row.remove_at = ends_at;
                row.retry_at = match grant.is_over() {
                    true => others,
                    false => Some(soon),
                };
            })
        });
        noted.await.map(drop)
    }

    /// Logs a signature that the service does not accept, and drops it.
    async fn refuse(
        &self,
        row: &str,
        id: &AttemptId,
        report: &Report,
        mut json: Value,
    ) -> Result<SigningStatus, Error> {
        tracing::error!(
            target: "switchback", event = REFUSED, %id, note = %describe(report)
        );
        self.counters.signatures_refused.add();
        let dropped = self.give_up(row, id, |signing| signing.kept = None);
        if let Some(status) = dropped.await? {
            return Ok(status);
        }
        // No caller gets what a wrong signature says about itself.
        if let Some(members) = json.as_object_mut() {
            members.remove("summary");
        }
        Ok(SigningStatus::Refused(Arc::new(json)))
    }

    async fn refuse_person(&self, row: &str, id: &AttemptId) -> Result<SigningStatus, Error> {
        tracing::error!(target: "switchback", event = OTHER_PERSON, %id);
        self.counters.signatures_refused.add();
        let dropped = self.give_up(row, id, |signing| {
            signing.kept = None;
            signing.other_person = true;
        });
        let status = dropped.await?;
        self.end_grant(id).await?;
        Ok(status.unwrap_or(SigningStatus::OtherPerson))
    }

    async fn lost(
        &self,
        row: &str,
        id: &AttemptId,
        why: SessionEnd,
    ) -> Result<SigningStatus, Error> {
        tracing::error!(target: "switchback", event = NOT_FETCHED, id = row, note = %why);
        let status = self.give_up(row, id, |_| {}).await?;
        Ok(status.unwrap_or(SigningStatus::Lost))
    }

    /// Ends the tries to get the signature of this login. If the signature of another login, or a
    /// verified one, is stored meanwhile, it changes nothing and returns the status.
    async fn give_up(
        &self,
        row: &str,
        id: &AttemptId,
        change: impl Fn(&mut StoredSigning) + Send + Sync,
    ) -> Result<Option<SigningStatus>, Error> {
        let decided = self.decide_signing(row, |signing, row| {
            (!signing.is_signed() && signing.is_of(id)).then(|| {
                row.retry_at = None;
                change(signing);
            })
        });
        let Decided { signing, changed } = decided.await?;
        Ok((!changed).then(|| self.status(&signing)))
    }

    /// The status of a signing that needs nothing more.
    fn finished(&self, signing: &StoredSigning) -> Option<SigningStatus> {
        if signing.other_person {
            return Some(SigningStatus::OtherPerson);
        }
        let kept = signing.kept.as_ref().filter(|kept| kept.passed)?;
        Some(SigningStatus::Signed(Arc::new(Signature {
            compact: kept.compact.clone(),
            json: kept.json.clone(),
            report: kept.report.clone(),
            verified_at: kept.verified_at,
            awaits_timestamp: self.lacks_timestamp(kept),
        })))
    }
}

/// The result of a verification for the log: without what the signature says.
pub(super) fn describe(report: &Report) -> String {
    let failed = report
        .checks
        .iter()
        .filter(|check| check.sub_indication.is_some());
    let failed: Vec<&str> = failed.map(|check| check.name).collect();
    match failed.is_empty() {
        true => report.indication.to_string(),
        false => format!("{}: {}", report.indication, failed.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_between_tries_grows_with_the_age() {
        assert_eq!(retry_after(0), 60);
        assert_eq!(retry_after(3600), 900);
        assert_eq!(retry_after(30 * 24 * 3600), 6 * 3600);
    }
}
