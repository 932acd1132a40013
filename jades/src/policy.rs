//! What a caller trusts and demands.

use rustls_pki_types::SignatureVerificationAlgorithm;

use crate::{Anchors, Crl};

/// What a caller trusts and demands.
///
/// [`Policy::new`] has the defaults; the fields change them:
///
/// ```
/// use switchback_jades::{Anchors, Policy};
///
/// let roots = Anchors::new();
/// let policy = Policy {
///     // The backend verifies a signature when it receives it.
///     max_age: Some(3600),
///     ..Policy::new(&roots, &[], 1_700_747_100)
/// };
/// assert_eq!(policy.skew, 60);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// The roots of the signers' certificates. Nothing of the signature itself is ever trusted.
    pub anchors: &'a Anchors,
    /// The roots of the timestamp authorities. Empty: no timestamp proves a time.
    pub timestamp_anchors: &'a Anchors,
    /// The revocation lists that the caller has.
    pub crls: &'a [Crl],
    /// The signature algorithms: for example those of `ring` or of RustCrypto.
    pub algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
    /// The time of the verification, in seconds since the epoch.
    pub time: i64,
    /// How far the signer's clock may be ahead of `time`, in seconds.
    pub skew: i64,
    /// How old a new signature may be, in seconds. `None`: any age, for a stored signature.
    pub max_age: Option<i64>,
    /// Whether the validity of the anchors' certificates counts.
    pub anchor_validity: AnchorValidity,
    /// What is demanded if a signing certificate names no revocation list.
    pub leaf_revocation: LeafRevocation,
}

/// Whether the validity of an anchor's certificate counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnchorValidity {
    /// An anchor counts while one of its certificates is valid.
    #[default]
    Checked,
    /// An anchor is a name and a key, and has no end (RFC 5280 §6.1.1 (d)). Use it where the root was
    /// issued again with the same key, and only the certificate that has expired is at hand.
    Ignored,
}

/// What is demanded of a signing certificate that names no revocation list. If a list of its issuer
/// is given, the list counts in each case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeafRevocation {
    /// Nothing, if the certificate is valid for at most this time: the authority issues it for one
    /// signature, and it expires before a revocation list would help.
    ShortLived {
        /// The longest period from `notBefore` to `notAfter`, in seconds.
        seconds: i64,
    },
    /// A revocation list of the issuer, also for a certificate that names none.
    Required,
}

impl Default for LeafRevocation {
    /// Short-lived: at most 31 days.
    fn default() -> Self {
        Self::ShortLived {
            seconds: 31 * 24 * 60 * 60,
        }
    }
}

static NO_ANCHORS: Anchors = Anchors::new();

impl<'a> Policy<'a> {
    /// The defaults: no timestamp authorities, no revocation lists, a skew of 60 s, signatures of any
    /// age, and [`LeafRevocation::ShortLived`] with 31 days. `time` is the time of the verification,
    /// in seconds since the epoch.
    pub fn new(
        anchors: &'a Anchors,
        algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
        time: i64,
    ) -> Self {
        Self {
            anchors,
            timestamp_anchors: &NO_ANCHORS,
            crls: &[],
            algorithms,
            time,
            skew: 60,
            max_age: None,
            anchor_validity: AnchorValidity::default(),
            leaf_revocation: LeafRevocation::default(),
        }
    }
}
