//! Revocation by lists (RFC 5280 §6.3, ETSI EN 319 102-1 §5.2.5 and §5.2.6).
//!
//! [`Statuses::read`] finds the list of each certificate and verifies its signature, once.
//! [`Statuses::check`] then judges at the times that the caller knows.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use rustls_pki_types::UnixTime;

use crate::certificate::Certificate;
use crate::checks::{CheckName, Checks};
use crate::path::{Chain, label};
use crate::strength::SignatureError;
use crate::{Crl, LeafRevocation, Policy, SubIndication, instant};

mod points;

pub use points::DistributionPoint;
pub(crate) use points::distribution_points;
use points::{urls, urls_of};

const LEAF: CheckName = CheckName {
    name: "certificate-revocation",
    section: "ETSI EN 319 102-1 §5.2.6; RFC 5280 §6.3",
};
const AUTHORITY: CheckName = CheckName {
    name: "authority-revocation",
    section: "ETSI EN 319 102-1 §5.2.6; RFC 5280 §6.3",
};

/// What is known about the time of a signature, in seconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// The time of the verification.
    pub(crate) now: i64,
    /// A time at which the signature is proven to have existed.
    pub(crate) proven: Option<i64>,
    /// The signing time that the signature claims.
    pub(crate) claimed: Option<i64>,
}

/// The status of each certificate of a chain: the signing certificate first; without the anchor.
pub(crate) struct Statuses {
    list: Vec<Entry>,
    leaf_policy: LeafRevocation,
}

struct Entry {
    label: String,
    status: Status,
    names_list: bool,
    /// From `notBefore` to `notAfter`, in seconds.
    lifetime: i64,
}

enum Status {
    /// No list covers the certificate, and the reason if there is a list of its issuer.
    Unknown(Option<String>),
    /// The list does not have the certificate.
    Good { this_update: i64, next_update: i64 },
    /// The list has the certificate.
    Revoked { since: i64, reason: Option<String> },
}

impl Statuses {
    /// Finds the status of each certificate in the lists of the policy.
    pub(crate) fn read(chain: &Chain<'_>, policy: &Policy<'_>) -> Self {
        let certificates = chain.certificates();
        let entry = |(index, certificate): (usize, &Certificate<'_>)| Entry {
            label: label(certificates, index),
            status: status(index, certificate, &Issuer::of(chain, index), policy),
            names_list: certificate.distribution_points.is_some(),
            lifetime: certificate
                .validity
                .not_after
                .saturating_sub(certificate.validity.not_before),
        };
        Self {
            list: certificates.iter().enumerate().map(entry).collect(),
            leaf_policy: policy.leaf_revocation,
        }
    }

    /// Judges the certificates.
    pub(crate) fn check(&self, times: &Times, checks: &mut Checks) {
        for (index, entry) in self.list.iter().enumerate() {
            let is_leaf = index == 0;
            let check = if is_leaf { &LEAF } else { &AUTHORITY };
            match &entry.status {
                Status::Revoked { since, reason } => {
                    entry.check_revoked(*since, reason.as_deref(), is_leaf, times, checks);
                }
                Status::Good {
                    this_update,
                    next_update,
                } => entry.check_fresh(*this_update, *next_update, check, times, checks),
                Status::Unknown(None) if is_leaf && !entry.names_list => {
                    self.check_without_list(entry, checks);
                }
                Status::Unknown(why) => {
                    let text = match why {
                        Some(why) => {
                            format!(
                                "{}: no revocation list can be used, because {why}.",
                                entry.label
                            )
                        }
                        None => format!(
                            "{}: there is no revocation list; fetch the one of its issuer.",
                            entry.label
                        ),
                    };
                    checks.not_passed(check, SubIndication::TryLater, text);
                }
            }
        }
    }

    fn check_without_list(&self, entry: &Entry, checks: &mut Checks) {
        const DAY: i64 = 24 * 60 * 60;
        let label = &entry.label;
        match self.leaf_policy {
            LeafRevocation::ShortLived { seconds } if entry.lifetime <= seconds => checks.skipped(
                &LEAF,
                format!(
                    "{label} names no revocation list and is valid for {} days: the policy demands \
                     no list for a certificate that is used once and lives at most {} days.",
                    entry.lifetime / DAY,
                    seconds / DAY
                ),
            ),
            LeafRevocation::ShortLived { seconds } => checks.not_passed(
                &LEAF,
                SubIndication::TryLater,
                format!(
                    "{label} names no revocation list and is valid for {} days, longer than the {} \
                     days of a short-lived certificate: give a list of its issuer.",
                    entry.lifetime / DAY,
                    seconds / DAY
                ),
            ),
            LeafRevocation::Required => checks.not_passed(
                &LEAF,
                SubIndication::TryLater,
                format!(
                    "{label} names no revocation list, and the policy demands one: give a list of \
                     its issuer."
                ),
            ),
        }
    }
}

impl Entry {
    /// EN 319 102-1 §5.2.6 and §5.5.4: a proof that the signature is older than the revocation saves
    /// it. A signature that claims a later time than the revocation contradicts itself.
    fn check_revoked(
        &self,
        since: i64,
        reason: Option<&str>,
        is_leaf: bool,
        times: &Times,
        checks: &mut Checks,
    ) {
        let check = if is_leaf { &LEAF } else { &AUTHORITY };
        let reason = reason.map(|reason| format!(" ({reason})"));
        let found = format!(
            "{} was revoked on {}{}",
            self.label,
            instant::show(since),
            reason.unwrap_or_default()
        );
        let (why, text) = match (times.proven, times.claimed) {
            (Some(proven), _) if proven < since => {
                let text = format!(
                    "{found}, after the signature was made: the signature existed at {}.",
                    instant::show(proven)
                );
                checks.passed(check, text);
                return;
            }
            (_, Some(claimed)) if is_leaf && claimed >= since => (
                SubIndication::Revoked,
                format!(
                    "{found}, before the time {} that the signature claims.",
                    instant::show(claimed)
                ),
            ),
            _ if is_leaf => (
                SubIndication::RevokedNoPoe,
                format!("{found}, and no proof shows that the signature is older."),
            ),
            _ => (
                SubIndication::RevokedCaNoPoe,
                format!("{found}, and no proof shows that the signature is older."),
            ),
        };
        checks.not_passed(check, why, text);
    }

    /// EN 319 102-1 §5.2.5: the list must say something about the time of the signature.
    fn check_fresh(
        &self,
        this_update: i64,
        next_update: i64,
        check: &CheckName,
        times: &Times,
        checks: &mut Checks,
    ) {
        let time = times.proven.unwrap_or(times.now);
        let issued = instant::show(this_update);
        if time < next_update || time <= this_update {
            let text = format!(
                "{}: the revocation list of {issued} does not have it.",
                self.label
            );
            checks.passed(check, text);
        } else {
            let text = format!(
                "{}: the revocation list of {issued} is too old; a newer one was due on {}; fetch it.",
                self.label,
                instant::show(next_update)
            );
            checks.not_passed(check, SubIndication::TryLater, text);
        }
    }
}

/// Who issued a certificate of a chain, and its revocation list.
struct Issuer<'a> {
    /// DER, with tag and length.
    name: &'a [u8],
    /// DER, with tag and length.
    key: &'a [u8],
    signs_crls: bool,
}

impl<'a> Issuer<'a> {
    fn of(chain: &Chain<'a>, index: usize) -> Self {
        match chain.certificates().get(index + 1) {
            Some(issuer) => Self {
                name: issuer.subject,
                key: issuer.key,
                signs_crls: issuer.key_usage.is_none_or(|usage| usage.crl_sign()),
            },
            None => Self {
                name: &chain.anchor().subject,
                key: &chain.anchor().key,
                signs_crls: chain.anchor().signs_crls,
            },
        }
    }
}

/// The newest usable list decides. A list that has the certificate decides at any age and with any
/// scope: an authority gives a serial number once.
fn status(
    index: usize,
    certificate: &Certificate<'_>,
    issuer: &Issuer<'_>,
    policy: &Policy<'_>,
) -> Status {
    let of_issuer = |crl: &&Crl| crl.issuer_der() == issuer.name;
    let mut lists: Vec<&Crl> = policy.crls.iter().filter(of_issuer).collect();
    lists.sort_by_key(|crl| Reverse((crl.this_update(), crl.next_update())));
    let mut good = None;
    let mut reason = None;
    for list in lists {
        if let Err(why) = usable(list, issuer, policy) {
            reason.get_or_insert(why);
            continue;
        }
        let revoked = list.find(certificate.serial, |entry| {
            let seconds = |time: UnixTime| i64::try_from(time.as_secs()).ok();
            let dates = [Some(entry.revocation_date), entry.invalidity_date];
            Status::Revoked {
                // RFC 5280 §5.3.2: the key can have been invalid before the authority knew it.
                since: dates
                    .into_iter()
                    .flatten()
                    .filter_map(seconds)
                    .min()
                    .unwrap_or(0),
                reason: entry.reason_code.map(|reason| format!("{reason:?}")),
            }
        });
        if let Some(revoked) = revoked {
            return revoked;
        }
        if let Err(why) = covers(list, index, certificate) {
            reason.get_or_insert(why.into());
        // RFC 5280 §3.3: a list does not have to keep a certificate that has expired.
        } else if list.this_update() > certificate.validity.not_after {
            reason.get_or_insert("the list was issued after the certificate had expired".into());
        } else if good.is_none() {
            good = Some(Status::Good {
                this_update: list.this_update(),
                next_update: list.next_update(),
            });
        }
    }
    good.unwrap_or(Status::Unknown(reason))
}

/// Whether the issuer published the list.
fn usable(list: &Crl, issuer: &Issuer<'_>, policy: &Policy<'_>) -> Result<(), String> {
    if list.this_update() > policy.time.saturating_add(policy.skew) {
        let date = instant::show(list.this_update());
        return Err(format!("the list is of {date}, in the future"));
    }
    if !issuer.signs_crls {
        return Err("the issuer may not sign revocation lists (key usage)".into());
    }
    list.verify(issuer.key, policy.algorithms).map_err(|error| {
        let text = match error {
            SignatureError::Wrong => "the issuer's key did not sign the list",
            SignatureError::Unsupported => {
                "the list is signed with an algorithm that the policy does not permit"
            }
        };
        text.into()
    })
}

/// Whether a list without the certificate says that the certificate is good. RFC 5280 §6.3.3 (b)(2): a
/// list of limited scope must be one that the certificate names.
fn covers(list: &Crl, index: usize, certificate: &Certificate<'_>) -> Result<(), &'static str> {
    let scope = list.scope();
    let scope = scope.map_err(|()| "the scope of the list cannot be read")?;
    let Some(scope) = scope else {
        return Ok(());
    };
    let is_leaf = index == 0;
    let is_for_others = scope.only_contains_attribute_certs
        || (scope.only_contains_user_certs && !is_leaf)
        || (scope.only_contains_ca_certs && is_leaf);
    let is_named = scope.distribution_point.is_none_or(|point| {
        let named = certificate.distribution_points.map(urls);
        let of_scope = urls_of(&point);
        named.is_some_and(|named| named.iter().any(|url| of_scope.contains(url)))
    });
    match is_named && !is_for_others {
        true => Ok(()),
        false => Err("the list is for other certificates of the issuer"),
    }
}

#[cfg(test)]
mod tests;
