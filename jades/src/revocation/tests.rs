use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

use rcgen::{
    CertificateRevocationListParams, CrlDistributionPoint, CrlIssuingDistributionPoint, CrlScope,
    KeyIdMethod, KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};

use super::*;
use crate::SubIndication as Why;
use crate::path::{Certificates, Usage};
use crate::test_chain::*;
use crate::{Anchors, Outcome};

const INTERMEDIATE: u64 = 2;
const SIGNER: u64 = 3;

fn params(revoked: &[(u64, i64)]) -> CertificateRevocationListParams {
    CertificateRevocationListParams {
        this_update: at(NOW - DAY),
        next_update: at(NOW + DAY),
        crl_number: SerialNumber::from(7),
        issuing_distribution_point: None,
        revoked_certs: revoked
            .iter()
            .map(|(serial, time)| RevokedCertParams {
                serial_number: SerialNumber::from(*serial),
                revocation_time: at(*time),
                reason_code: Some(RevocationReason::KeyCompromise),
                invalidity_date: None,
            })
            .collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    }
}

fn crl(params: &CertificateRevocationListParams, issuer: &crate::test_chain::Issuer) -> Crl {
    Crl::read(params.signed_by(issuer).unwrap().der()).unwrap()
}

const fn times(proven: Option<i64>, claimed: Option<i64>) -> Times {
    Times {
        now: NOW,
        proven,
        claimed,
    }
}

/// The outcomes of leaf and intermediate.
fn outcomes(
    world: &World,
    crls: &[Crl],
    leaf_revocation: LeafRevocation,
    times: &Times,
) -> Vec<(Outcome, Option<Why>, String)> {
    let policy = Policy {
        crls,
        leaf_revocation,
        ..Policy::new(&world.anchors, ALGORITHMS, times.now)
    };
    let mut checks = Checks::default();
    let certificates = Certificates::read(&world.x5c, &mut checks).unwrap();
    let chain = certificates.check(&world.anchors, ALGORITHMS, Usage::Signing, &mut checks);
    let chain = chain.unwrap();
    let mut checks = Checks::default();
    Statuses::read(&chain, &policy).check(times, &mut checks);
    let list = checks.into_list();
    assert_eq!(list[0].name, "certificate-revocation");
    assert_eq!(list[1].name, "authority-revocation");
    assert!(
        list.iter().all(|check| check.text.ends_with('.')),
        "{list:?}"
    );
    list.into_iter()
        .map(|check| (check.outcome, check.sub_indication, check.text))
        .collect()
}

fn of_intermediate(world: &World, crls: &[Crl], times: &Times) -> (Option<Why>, String) {
    let list = outcomes(world, crls, LeafRevocation::default(), times);
    assert_eq!(list[0].0, Outcome::Skipped);
    (list[1].1, list[1].2.clone())
}

#[track_caller]
fn assert_of_intermediate(world: &World, crls: &[Crl], why: Option<Why>, part: &str) {
    let (found, text) = of_intermediate(world, crls, &times(None, Some(NOW)));
    assert_eq!(found, why, "{text}");
    assert!(text.contains(part), "{text}");
}

#[test]
fn an_intermediate_needs_a_list_that_is_fresh_and_signed_by_its_issuer() {
    let world = World::new();
    let later = Some(Why::TryLater);
    let good = crl(&params(&[(77, NOW - 9)]), &world.root);
    assert_of_intermediate(&world, &[], later, "there is no revocation list");
    assert_of_intermediate(
        &world,
        core::slice::from_ref(&good),
        None,
        "does not have it",
    );

    let mut old = params(&[]);
    old.next_update = at(NOW - 10);
    let old = crl(&old, &world.root);
    assert_of_intermediate(&world, core::slice::from_ref(&old), later, "too old");
    assert_of_intermediate(&world, &[old, good.clone()], None, "does not have it");

    let mut future = params(&[]);
    future.this_update = at(NOW + 61);
    let future = crl(&future, &world.root);
    assert_of_intermediate(&world, &[future], later, "in the future");

    let foreign = crl(&params(&[(INTERMEDIATE, NOW - 9)]), &root());
    assert_of_intermediate(
        &world,
        core::slice::from_ref(&foreign),
        later,
        "did not sign the list",
    );
    assert_of_intermediate(&world, &[foreign, good.clone()], None, "does not have it");

    let mut forged = good.der().to_vec();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let forged = Crl::read(&forged).unwrap();
    assert_of_intermediate(&world, &[forged], later, "did not sign the list");

    let of_leaves = [crl(&params(&[]), &world.intermediate)];
    let now = times(None, Some(NOW));
    let list = outcomes(&world, &of_leaves, LeafRevocation::default(), &now);
    assert_eq!((list[0].1, list[1].1), (None, later));
}

#[test]
fn a_revoked_intermediate_counts_until_a_proof_shows_that_the_signature_is_older() {
    let world = World::new();
    let revoked = NOW - 100;
    let lists = [crl(&params(&[(INTERMEDIATE, revoked)]), &world.root)];
    let check = |proven, claimed| {
        let (why, text) = of_intermediate(&world, &lists, &times(proven, claimed));
        assert!(text.contains("KeyCompromise"), "{text}");
        why
    };
    let no_proof = Some(Why::RevokedCaNoPoe);
    assert_eq!(check(None, Some(revoked - 1)), no_proof);
    assert_eq!(check(None, Some(revoked + 1)), no_proof);
    assert_eq!(check(Some(revoked), Some(revoked - 1)), no_proof);
    assert_eq!(check(Some(revoked - 1), Some(revoked - 2)), None);
}

#[test]
fn a_list_that_has_the_certificate_counts_when_it_is_too_old() {
    let world = World::new();
    let mut old = params(&[(INTERMEDIATE, NOW - 5 * DAY)]);
    old.this_update = at(NOW - 4 * DAY);
    old.next_update = at(NOW - 3 * DAY);
    let lists = [crl(&old, &world.root)];
    let why = Some(Why::RevokedCaNoPoe);
    assert_of_intermediate(&world, &lists, why, "was revoked on");
}

#[test]
fn the_time_of_the_invalidity_counts_where_it_is_earlier() {
    let world = World::new();
    let mut params = params(&[(INTERMEDIATE, NOW - 10)]);
    params.revoked_certs[0].invalidity_date = Some(at(NOW - 1000));
    let lists = [crl(&params, &world.root)];
    let (why, _) = of_intermediate(&world, &lists, &times(Some(NOW - 500), None));
    assert_eq!(why, Some(Why::RevokedCaNoPoe));
    let (why, _) = of_intermediate(&world, &lists, &times(Some(NOW - 1001), None));
    assert_eq!(why, None);
}

#[test]
fn a_kept_list_proves_the_status_at_a_proven_time() {
    let world = World::new();
    let lists = [crl(&params(&[]), &world.root)];
    let day_31 = |proven| Times {
        now: NOW + 31 * DAY,
        proven,
        claimed: Some(NOW),
    };
    let (why, _) = of_intermediate(&world, &lists, &day_31(None));
    assert_eq!(why, Some(Why::TryLater));
    let (why, _) = of_intermediate(&world, &lists, &day_31(Some(NOW)));
    assert_eq!(why, None);
}

#[test]
fn a_list_from_after_the_certificate_expired_proves_nothing() {
    let mut middle = intermediate();
    middle.not_after = at(NOW - 2 * DAY);
    let mut signer = leaf();
    signer.not_after = at(NOW - 2 * DAY);
    let world = World::with(middle, &signer);
    let list = crl(&params(&[]), &world.root);
    let later = Some(Why::TryLater);
    assert_of_intermediate(&world, &[list], later, "after the certificate had expired");
    let list = crl(&params(&[(INTERMEDIATE, NOW - 3 * DAY)]), &world.root);
    let revoked = Some(Why::RevokedCaNoPoe);
    assert_of_intermediate(&world, &[list], revoked, "was revoked");
}

#[test]
fn a_list_of_limited_scope_is_for_certificates_that_name_it() {
    let world = World::new();
    let scoped = |url: &str, scope| {
        let mut params = params(&[]);
        params.issuing_distribution_point = Some(CrlIssuingDistributionPoint {
            distribution_point: CrlDistributionPoint {
                uris: vec![url.to_string()],
            },
            scope,
        });
        [crl(&params, &world.root)]
    };
    let other = "for other certificates";
    let later = Some(Why::TryLater);
    let good = "does not have it";
    assert_of_intermediate(&world, &scoped(LIST, None), None, good);
    let authorities = Some(CrlScope::CaCertsOnly);
    assert_of_intermediate(&world, &scoped(LIST, authorities), None, good);
    let users = Some(CrlScope::UserCertsOnly);
    assert_of_intermediate(&world, &scoped(LIST, users), later, other);
    let elsewhere = scoped("http://ca.example/other.crl", None);
    assert_of_intermediate(&world, &elsewhere, later, other);

    // A certificate that names no list is in one of the parts, and this part is not known.
    let mut unnamed = intermediate();
    unnamed.crl_distribution_points.clear();
    let world = World::with(unnamed, &leaf());
    let mut part = params(&[]);
    part.issuing_distribution_point = Some(CrlIssuingDistributionPoint {
        distribution_point: CrlDistributionPoint {
            uris: vec![LIST.to_string()],
        },
        scope: None,
    });
    let list = [crl(&part, &world.root)];
    assert_of_intermediate(&world, &list, later, other);
    // A part that has it decides.
    part.revoked_certs = params(&[(INTERMEDIATE, NOW - 9)]).revoked_certs;
    let list = [crl(&part, &world.root)];
    assert_of_intermediate(&world, &list, Some(Why::RevokedCaNoPoe), "was revoked");
}

#[test]
fn an_authority_without_crl_sign_signs_no_lists() {
    let mut signs = authority("Root", 1);
    signs.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let mut world = World::new();
    let without = signs.self_signed(world.root.key()).unwrap();
    world.anchors = Anchors::read(without.der()).unwrap();
    let list = crl(&params(&[]), &world.root);
    let later = Some(Why::TryLater);
    assert_of_intermediate(&world, &[list], later, "may not sign revocation lists");
}

#[test]
fn a_leaf_without_a_list_must_be_short_lived() {
    let world = World::new();
    let authority = crl(&params(&[]), &world.root);
    let leaf = |policy, more: &[Crl], times: &Times| {
        let lists = [core::slice::from_ref(&authority), more].concat();
        let list = outcomes(&world, &lists, policy, times);
        assert_eq!(list[1].0, Outcome::Passed);
        (list[0].0, list[0].1)
    };
    let now = times(None, Some(NOW));
    let short = |seconds| LeafRevocation::ShortLived { seconds };
    let later = (Outcome::Undecided, Some(Why::TryLater));
    assert_eq!(leaf(short(20 * DAY), &[], &now), (Outcome::Skipped, None));
    assert_eq!(leaf(short(20 * DAY - 1), &[], &now), later);
    assert_eq!(leaf(LeafRevocation::Required, &[], &now), later);

    // A list that is given counts, also if the policy does not demand it.
    let good = [crl(&params(&[]), &world.intermediate)];
    assert_eq!(
        leaf(LeafRevocation::Required, &good, &now).0,
        Outcome::Passed
    );
    assert_eq!(leaf(short(20 * DAY), &good, &now).0, Outcome::Passed);
    let revoked = [crl(&params(&[(SIGNER, NOW - 50)]), &world.intermediate)];
    let result = |proven, claimed| leaf(short(20 * DAY), &revoked, &times(proven, Some(claimed)));
    let failed = (Outcome::Failed, Some(Why::Revoked));
    let no_proof = (Outcome::Undecided, Some(Why::RevokedNoPoe));
    assert_eq!(result(None, NOW - 49), failed);
    assert_eq!(result(Some(NOW - 40), NOW - 45), failed);
    assert_eq!(result(None, NOW - 51), no_proof);
    assert_eq!(result(Some(NOW - 40), NOW - 51), no_proof);
    assert_eq!(result(Some(NOW - 51), NOW - 52).0, Outcome::Passed);
}

#[test]
fn a_leaf_that_names_a_list_needs_it() {
    let mut signer = leaf();
    signer.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec![
            "ldap://ca.example/leaves".to_string(),
            "HTTPS://ca.example/leaves.crl".to_string(),
        ],
    }];
    let world = World::with(intermediate(), &signer);
    let lists = [crl(&params(&[]), &world.root)];
    let now = times(None, None);
    let list = outcomes(&world, &lists, LeafRevocation::default(), &now);
    assert_eq!((list[0].1, list[1].1), (Some(Why::TryLater), None));

    let mut checks = Checks::default();
    let certificates = Certificates::read(&world.x5c, &mut checks).unwrap();
    let chain = certificates.check(&world.anchors, ALGORITHMS, Usage::Signing, &mut checks);
    let point = |certificate: &str, url: &str| DistributionPoint {
        certificate: certificate.to_string(),
        url: url.to_string(),
    };
    assert_eq!(
        distribution_points(&chain.unwrap()),
        [
            point("CN=Leaf", "HTTPS://ca.example/leaves.crl"),
            point("CN=Intermediate", LIST)
        ]
    );
}

#[test]
fn a_list_of_ten_thousand_entries_is_searched() {
    let world = World::new();
    let mut entries: Vec<_> = (1000..11_000).map(|serial| (serial, NOW - 9)).collect();
    let lists = [crl(&params(&entries), &world.root)];
    assert_of_intermediate(&world, &lists, None, "does not have it");
    entries.push((INTERMEDIATE, NOW - 9));
    let lists = [crl(&params(&entries), &world.root)];
    let revoked = Some(Why::RevokedCaNoPoe);
    assert_of_intermediate(&world, &lists, revoked, "was revoked");
}
