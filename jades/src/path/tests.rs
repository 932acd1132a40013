use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyUsagePurpose, NameConstraints, SanType,
};
use rustls_pki_types::CertificateDer;

use super::*;
use crate::SubIndication as Why;
use crate::test_chain::*;
use crate::{AnchorValidity, Policy};

static SEED: [&[u8]; 3] = [
    include_bytes!("../../tests/chains/truid-test-leaf.der"),
    include_bytes!("../../tests/chains/truid-test-intermediate.der"),
    include_bytes!("../../tests/chains/truid-test-root.der"),
];

/// The reason for a refusal: the name of the check, the sub-indication, and a part of the text.
type Refusal = (&'static str, Why, &'static str);

fn check_as(
    usage: Usage,
    x5c: &[CertificateDer<'_>],
    anchors: &Anchors,
    time: i64,
) -> Option<(&'static str, Why, crate::Check)> {
    let mut checks = Checks::default();
    let policy = Policy::new(anchors, ALGORITHMS, time);
    if let Some(certificates) = Certificates::read(x5c, &mut checks) {
        let chain = certificates.check(anchors, ALGORITHMS, usage, &mut checks);
        match chain {
            Some(chain) => chain.check_validity(time, &policy, &mut checks),
            None => {
                return Some(refusal(checks).expect("a check says why there is no chain"));
            }
        }
    }
    refusal(checks)
}

#[track_caller]
fn assert_refused(case: &str, x5c: &[CertificateDer<'_>], anchors: &Anchors, expected: Refusal) {
    let (name, why, check) = check_as(Usage::Signing, x5c, anchors, NOW)
        .unwrap_or_else(|| panic!("{case}: was accepted"));
    assert_eq!((name, why), (expected.0, expected.1), "{case}: {check:?}");
    assert!(check.text.contains(expected.2), "{case}: {}", check.text);
    assert!(check.text.ends_with('.'), "{case}: {}", check.text);
}

#[track_caller]
fn assert_accepted(case: &str, x5c: &[CertificateDer<'_>], anchors: &Anchors) {
    let refusal = check_as(Usage::Signing, x5c, anchors, NOW);
    assert!(refusal.is_none(), "{case}: {refusal:?}");
}

#[test]
fn the_chain_of_a_real_signature_is_valid_in_its_time_only() {
    let x5c: Vec<CertificateDer<'_>> = SEED.map(CertificateDer::from).into();
    let anchors = Anchors::read(SEED[2]).unwrap();
    let at = |time: i64| {
        let refusal = check_as(Usage::Signing, &x5c, &anchors, time);
        refusal.map(|(name, why, check)| (name, why, check.text))
    };
    assert_eq!(at(1_700_747_100), None); // 2023-11-23T13:45:00Z
    for (time, part) in [
        (1_690_000_000, "The signing certificate"), // before all of them
        (1_700_747_039, "not yet at 2023-11-23T13:43:59Z"),
        (1_703_339_041, "expired on 2023-12-23T13:44:00Z"),
        (1_730_000_000, "The signing certificate"), // after all of them
    ] {
        let (name, why, text) = at(time).unwrap();
        assert_eq!((name, why), ("certificate-validity", Why::OutOfBoundsNoPoe));
        assert!(text.contains(part), "{text}");
    }
    let certificates = Certificates::read(&x5c, &mut Checks::default()).unwrap();
    let summaries = certificates.summaries();
    assert_eq!(
        summaries[0].subject,
        "CN=ppid=df357843-6a38-4efc-96c4-9597f09e7459"
    );
    assert_eq!(
        summaries[0].issuer,
        "CN=TEST - Intermediate CA v1,O=Truid AB - TEST,C=SE"
    );
    assert_eq!(summaries[0].serial, "4779e3b46eb791");
    assert_eq!(summaries[0].attributes[0].name, "CN");
    assert_eq!(
        summaries[0].attributes[0].value,
        "ppid=df357843-6a38-4efc-96c4-9597f09e7459"
    );
}

#[test]
fn a_chain_that_leads_to_an_anchor_is_accepted() {
    let world = World::new();
    assert_accepted("with the root", &world.x5c, &world.anchors);
    assert_accepted("without the root", &world.x5c[..2], &world.anchors);
    let pinned = Anchors::read(world.intermediate.der()).unwrap();
    assert_accepted("the intermediate is the anchor", &world.x5c, &pinned);
    assert_accepted("and the chain ends there", &world.x5c[..1], &pinned);

    let mut generations = Anchors::read(root().der()).unwrap();
    generations.add(world.root.der()).unwrap();
    assert_accepted("an older root has the name", &world.x5c, &generations);
    assert_accepted("and none is in x5c", &world.x5c[..2], &generations);

    let reissued = authority("Root", 99).self_signed(world.root.key()).unwrap();
    let again = Anchors::read(reissued.der()).unwrap();
    assert_accepted("the root was issued again", &world.x5c, &again);
}

#[test]
fn an_anchor_counts_while_one_of_its_certificates_is_valid() {
    let world = World::new();
    let mut old = authority("Root", 98);
    old.not_after = at(NOW - DAY);
    let old = old.self_signed(world.root.key()).unwrap();
    let mut anchors = Anchors::read(old.der()).unwrap();
    assert_refused(
        "only the old one",
        &world.x5c,
        &anchors,
        (
            "certificate-validity",
            Why::OutOfBoundsNoPoe,
            "The trust anchor CN=Root has expired",
        ),
    );
    let mut checks = Checks::default();
    let certificates = Certificates::read(&world.x5c, &mut checks).unwrap();
    let chain = certificates
        .check(&anchors, ALGORITHMS, Usage::Signing, &mut checks)
        .unwrap();
    let policy = Policy {
        anchor_validity: AnchorValidity::Ignored,
        ..Policy::new(&anchors, ALGORITHMS, NOW)
    };
    chain.check_validity(NOW, &policy, &mut checks);
    assert!(refusal(checks).is_none());

    anchors.add(world.root.der()).unwrap();
    assert_eq!(anchors.certificates().count(), 2);
    assert_accepted("both", &world.x5c, &anchors);
}

#[test]
fn a_chain_to_another_root_is_refused() {
    let world = World::new();
    let none = Why::NoCertificateChainFound;
    let chain = "certificate-chain";
    let other = Anchors::read(root().der()).unwrap();
    let part = "another key";
    assert_refused("same name", &world.x5c, &other, (chain, none, part));
    let part = "was not made with the key";
    assert_refused("not in x5c", &world.x5c[..2], &other, (chain, none, part));
    let part = "which is not a trust anchor";
    let empty = Anchors::new();
    assert_refused("no anchors", &world.x5c, &empty, (chain, none, part));

    let [leaf, intermediate, _] = &world.x5c[..] else {
        panic!("three certificates");
    };
    let swapped = [leaf.clone(), intermediate.clone(), root().der().clone()];
    assert_refused(
        "a foreign root in x5c",
        &swapped,
        &world.anchors,
        (chain, none, "Certificate 3 has the name of a trust anchor"),
    );
    let foreign = authority_by(crate::test_chain::intermediate(), &root());
    let forged = [
        leaf.clone(),
        foreign.der().clone(),
        world.root.der().clone(),
    ];
    let part = "was not made with the key";
    assert_refused("foreign", &forged, &world.anchors, (chain, none, part));
}

/// A verifier that looks for a path by names can leave a certificate out, and then no authority
/// signed it. It can also try the certificates in all orders.
#[test]
fn a_name_occurs_once_in_a_path() {
    let expected = (
        "certificate-chain",
        Why::CertificateChainGeneralFailure,
        "have the same name",
    );
    let world = World::new();
    let [leaf, intermediate, root] = &world.x5c[..] else {
        panic!("three certificates");
    };
    let forged = [
        leaf.clone(),
        intermediate.clone(),
        crate::test_chain::root().der().clone(),
        root.clone(),
    ];
    assert_refused("below the root", &forged, &world.anchors, expected);
    assert_refused(
        "no root",
        &forged[..3],
        &world.anchors,
        (
            "certificate-chain",
            Why::NoCertificateChainFound,
            "another key",
        ),
    );
    let pinned = Anchors::read(intermediate).unwrap();
    let between = authority_by(crate::test_chain::intermediate(), &world.intermediate);
    let forged = [leaf.clone(), between.der().clone(), intermediate.clone()];
    assert_refused("below a pinned authority", &forged, &pinned, expected);

    let authority =
        |name: &str, issuer: &Issuer| authority_by(crate::test_chain::authority(name, 7), issuer);
    let own = crate::test_chain::root();
    let a = CertifiedIssuer::self_signed(crate::test_chain::authority("A", 7), key()).unwrap();
    let b = CertifiedIssuer::self_signed(crate::test_chain::authority("B", 7), key()).unwrap();
    let mut signer = crate::test_chain::leaf();
    signer.distinguished_name = crate::test_chain::authority("B", 7).distinguished_name;
    let shared = key();
    let mut many = vec![CertificateDer::from(signer.signed_by(&shared, &a).unwrap())];
    many.extend((0..7).map(|_| authority("A", &a).der().clone()));
    many.push(authority("A", &b).der().clone());
    let last = crate::test_chain::authority("B", 7).signed_by(&shared, &own);
    many.push(last.unwrap().into());
    assert_refused("all orders", &many, &world.anchors, expected);
}

#[test]
fn certificates_out_of_order_are_refused() {
    let world = World::new();
    let [leaf, middle, root] = &world.x5c[..] else {
        panic!("three certificates");
    };
    let general = Why::CertificateChainGeneralFailure;
    let none = Why::NoSigningCertificateFound;
    let stranger = issue(&crate::test_chain::leaf(), &world.root);
    for (case, x5c, why, part) in [
        ("none", vec![], none, "no signing certificate"),
        (
            "wrong order",
            vec![leaf, root, middle],
            general,
            "Certificate 2",
        ),
        (
            "the leaf last",
            vec![root, middle, leaf],
            general,
            "did not issue",
        ),
        ("a gap", vec![leaf, root], general, "did not issue"),
        (
            "an extra one",
            vec![leaf, middle, root, &stranger],
            general,
            "Certificate 4 (CN=Leaf) did not issue certificate 3",
        ),
        (
            "the root twice",
            vec![leaf, middle, root, root],
            general,
            "3 and 4",
        ),
    ] {
        let x5c: Vec<_> = x5c.into_iter().cloned().collect();
        assert_refused(case, &x5c, &world.anchors, ("certificates", why, part));
    }
    let mut cut = leaf.to_vec();
    cut.pop();
    let cut = [CertificateDer::from(cut)];
    let expected = ("certificates", none, "Certificate 1 cannot be read");
    assert_refused("cut", &cut, &world.anchors, expected);
    let mut long = leaf.to_vec();
    long.push(0);
    let long = [CertificateDer::from(long)];
    assert_refused("long", &long, &world.anchors, expected);
}

#[test]
fn a_thousand_certificates_are_not_read() {
    let world = World::new();
    let many: Vec<_> = core::iter::repeat_n(world.x5c[1].clone(), 1000).collect();
    let expected = (
        "certificates",
        Why::CertificateChainGeneralFailure,
        "1000 certificates; at most 10",
    );
    assert_refused("many", &many, &world.anchors, expected);
    // Not even one of them is looked at.
    let garbage = vec![CertificateDer::from(vec![0x30; 1000]); 1000];
    assert_refused("garbage", &garbage, &world.anchors, expected);
}

fn edited(
    edit: impl FnOnce(&mut CertificateParams),
    edit_leaf: impl FnOnce(&mut CertificateParams),
) -> World {
    let (mut middle, mut signer) = (intermediate(), leaf());
    edit(&mut middle);
    edit_leaf(&mut signer);
    World::with(middle, &signer)
}

fn unchanged(_: &mut CertificateParams) {}

fn critical(params: &mut CertificateParams) {
    let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 1], vec![5, 0]);
    extension.set_criticality(true);
    params.custom_extensions.push(extension);
}

#[test]
fn a_certificate_that_is_not_for_its_purpose_is_refused() {
    let usage = |part| ("certificate-usage", Why::ChainConstraintsFailure, part);
    let general = |name, part| (name, Why::CertificateChainGeneralFailure, part);
    let constrained = |subtree| {
        move |params: &mut CertificateParams| {
            params.name_constraints = Some(NameConstraints {
                permitted_subtrees: vec![subtree],
                excluded_subtrees: vec![],
            });
        }
    };
    let mut other_name = rcgen::DistinguishedName::new();
    other_name.push(DnType::OrganizationName, "Other");
    for (case, world, expected) in [
        (
            "the leaf has no key usage",
            edited(unchanged, |leaf| leaf.key_usages.clear()),
            usage("has no key usage"),
        ),
        (
            "the leaf is for encryption",
            edited(unchanged, |leaf| {
                leaf.key_usages = vec![KeyUsagePurpose::KeyEncipherment];
            }),
            usage("may not sign"),
        ),
        (
            "the leaf is an authority",
            edited(unchanged, |leaf| {
                leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            }),
            usage("certificate of an authority"),
        ),
        (
            "the leaf is for a server",
            edited(unchanged, |leaf| {
                leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            }),
            usage("extended key usage"),
        ),
        (
            "the intermediate is for a server",
            edited(
                |middle| middle.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth],
                unchanged,
            ),
            usage("Certificate 2 (CN=Intermediate) is for other purposes"),
        ),
        (
            "the intermediate is no authority",
            edited(|middle| middle.is_ca = IsCa::ExplicitNoCa, unchanged),
            usage("is not the certificate of an authority"),
        ),
        (
            "the intermediate may only sign lists",
            edited(
                |middle| middle.key_usages = vec![KeyUsagePurpose::CrlSign],
                unchanged,
            ),
            usage("keyCertSign"),
        ),
        (
            "the leaf has an unknown critical extension",
            edited(unchanged, critical),
            general("certificates", "unknown critical extension"),
        ),
        (
            "the intermediate has an unknown critical extension",
            edited(critical, unchanged),
            general("certificate-chain", "Certificate 2"),
        ),
        (
            "the name is of another organization",
            edited(
                constrained(GeneralSubtree::DirectoryName(other_name)),
                unchanged,
            ),
            general("certificate-chain", "name constraints"),
        ),
        (
            "the DNS name is of another organization",
            edited(
                constrained(GeneralSubtree::DnsName("example.org".to_string())),
                |leaf| {
                    let name = "sign.example.com".try_into().unwrap();
                    leaf.subject_alt_names = vec![SanType::DnsName(name)];
                },
            ),
            general("certificate-chain", "may not certify"),
        ),
    ] {
        assert_refused(case, &world.x5c, &world.anchors, expected);
    }
    for purpose in [
        ExtendedKeyUsagePurpose::Any,
        ExtendedKeyUsagePurpose::EmailProtection,
        ExtendedKeyUsagePurpose::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 36]),
    ] {
        let world = edited(unchanged, |leaf| leaf.extended_key_usages = vec![purpose]);
        assert_accepted("a purpose of documents", &world.x5c, &world.anchors);
    }
}

#[test]
fn a_path_that_is_too_long_is_refused() {
    let root = root();
    let first = authority_by(intermediate(), &root);
    let second = authority_by(authority("Second", 5), &first);
    let leaf = issue(&leaf(), &second);
    let x5c = [leaf, second.der().clone(), first.der().clone()];
    let anchors = Anchors::read(root.der()).unwrap();
    let expected = (
        "certificate-chain",
        Why::CertificateChainGeneralFailure,
        "path length",
    );
    assert_refused("path length", &x5c, &anchors, expected);
}

#[test]
fn the_path_length_of_an_anchor_counts() {
    let world = World::new();
    let again = |path_length, edit: fn(&mut CertificateParams)| {
        let mut params = authority("Root", 99);
        params.is_ca = IsCa::Ca(path_length);
        edit(&mut params);
        params.self_signed(world.root.key()).unwrap()
    };
    let mut anchors =
        Anchors::read(again(BasicConstraints::Constrained(0), unchanged).der()).unwrap();
    let general = |part| {
        (
            "certificate-chain",
            Why::CertificateChainGeneralFailure,
            part,
        )
    };
    for x5c in [&world.x5c[..], &world.x5c[..2]] {
        assert_refused(
            "an authority",
            x5c,
            &anchors,
            general("the trust anchor, permits"),
        );
    }
    let direct = [issue(&leaf(), &world.root)];
    assert_accepted("no authority", &direct, &anchors);

    // Each certificate of the anchor permits paths in its own time.
    let old = again(BasicConstraints::Constrained(1), |params| {
        params.not_after = at(NOW - DAY)
    });
    anchors.add(old.der()).unwrap();
    let expired = ("certificate-validity", Why::OutOfBoundsNoPoe, "has expired");
    assert_refused("an older one permits it", &world.x5c, &anchors, expired);
    anchors
        .add(again(BasicConstraints::Constrained(1), unchanged).der())
        .unwrap();
    assert_accepted("this one permits it", &world.x5c, &anchors);
    assert_eq!(anchors.certificates().count(), 3);
}

#[test]
fn certificates_that_were_never_valid_together_are_refused() {
    let world = edited(|middle| middle.not_after = at(NOW - 30 * DAY), unchanged);
    let expected = ("certificate-chain", Why::OutOfBoundsNoPoe, "no time");
    assert_refused("disjoint", &world.x5c, &world.anchors, expected);
}

/// Replaces bytes of a certificate. Its signature is then wrong, but the checks of the algorithms
/// come before it.
fn replaced(der: &CertificateDer<'_>, old: &[u8], new: &[u8]) -> CertificateDer<'static> {
    assert_eq!(old.len(), new.len());
    let mut der = der.to_vec();
    let mut count = 0;
    for start in 0..der.len() - old.len() {
        if der[start..].starts_with(old) {
            der[start..start + new.len()].copy_from_slice(new);
            count += 1;
        }
    }
    assert!(count > 0);
    der.into()
}

#[test]
fn weak_algorithms_and_keys_are_refused() {
    let world = World::new();
    let weak = |part| {
        (
            "certificate-algorithms",
            Why::CryptoConstraintsFailureNoPoe,
            part,
        )
    };
    let sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let sha224 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1];
    let p256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    let p192 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1];
    for index in [0, 1] {
        let mut x5c = world.x5c.clone();
        x5c[index] = replaced(&x5c[index], &sha256, &sha224);
        assert_refused("hash", &x5c, &world.anchors, weak("SHA-224 with ECDSA"));
        let mut x5c = world.x5c.clone();
        x5c[index] = replaced(&x5c[index], &p256, &p192);
        assert_refused("curve", &x5c, &world.anchors, weak("elliptic curve"));
    }
    let root = replaced(&world.x5c[2], &p256, &p192);
    let anchors = Anchors::read(&root).unwrap();
    let part = "The trust anchor has a key on the elliptic curve";
    assert_refused("anchor", &world.x5c[..2], &anchors, weak(part));

    let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let root = CertifiedIssuer::self_signed(authority("Root", 1), p384).unwrap();
    let x5c = [issue(&leaf(), &root)];
    let anchors = Anchors::read(root.der()).unwrap();
    assert_refused(
        "the policy has P-256 only",
        &x5c,
        &anchors,
        (
            "certificate-chain",
            Why::CryptoConstraintsFailureNoPoe,
            "does not permit",
        ),
    );
}

#[test]
fn each_changed_byte_of_a_chain_is_noticed() {
    let world = World::new();
    let mut accepted = Vec::new();
    for (index, der) in world.x5c[..2].iter().enumerate() {
        for position in 0..der.len() {
            let mut changed = der.to_vec();
            changed[position] ^= 1;
            let mut x5c = world.x5c.clone();
            x5c[index] = changed.into();
            if check_as(Usage::Signing, &x5c, &world.anchors, NOW).is_none() {
                accepted.push((index, position));
            }
        }
    }
    assert!(accepted.is_empty(), "{accepted:?}");
}

#[test]
fn the_thumbprint_must_be_of_the_signing_certificate() {
    let world = World::new();
    let result = |certificate: usize| {
        let mut checks = Checks::default();
        let certificates = Certificates::read(&world.x5c, &mut checks).unwrap();
        certificates.check_thumbprint(&sha256(&world.x5c[certificate]), &mut checks);
        find(checks, "certificate-thumbprint").sub_indication
    };
    assert_eq!(result(0), None);
    assert_eq!(result(1), Some(Why::NoSigningCertificateFound));
}

#[test]
fn a_timestamp_authority_signs_nothing_else() {
    let check = |leaf: &CertificateParams| {
        let world = World::with(intermediate(), leaf);
        let x5c = &world.x5c;
        check_as(Usage::Timestamping, x5c, &world.anchors, NOW).map(|(_, why, _)| why)
    };
    let critical = |purposes: &[u8], critical: bool| {
        let mut params = leaf();
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], purposes.to_vec());
        extension.set_criticality(critical);
        params.custom_extensions.push(extension);
        params
    };
    let timestamping = [0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 8];
    let refused = Some(Why::ChainConstraintsFailure);
    assert_eq!(check(&critical(&timestamping, true)), None);
    assert_eq!(check(&critical(&timestamping, false)), refused);
    assert_eq!(check(&leaf()), refused);
    let both = [
        &[0x30, 20],
        &timestamping[2..],
        &[6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 4],
    ]
    .concat();
    assert_eq!(check(&critical(&both, true)), refused);
}

#[test]
fn certificates_above_the_anchor_are_ignored_and_reported() {
    let world = World::new();
    let pinned = Anchors::read(world.intermediate.der()).unwrap();
    let mut checks = Checks::default();
    let certificates = Certificates::read(&world.x5c, &mut checks).unwrap();
    let chain = certificates.check(&pinned, ALGORITHMS, Usage::Signing, &mut checks);
    assert_eq!(chain.unwrap().certificates().len(), 1);
    let remark = checks
        .into_list()
        .into_iter()
        .find(|check| check.outcome == crate::Outcome::Remark);
    assert!(remark.unwrap().text.starts_with("Certificate 3 and those"));
}
