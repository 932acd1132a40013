//! Tests of the signature and its certificates, verified with `ring` and `x509-cert`.

use serde_json::json;
use switchback_sandbox::{SignatureForm, SigningTime};
use x509_cert::der::Encode;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints, KeyUsage,
};

use super::*;

fn keys(header: &Value) -> Vec<&str> {
    let members = header.as_object().unwrap().keys();
    members.map(String::as_str).collect()
}

#[tokio::test]
async fn the_newest_form_has_iat_and_the_presentation() {
    let mut client = TestClient::start_with(fixed()).await;
    let signature = signed(&mut client, &[]).await;
    assert!(signature.verifies());
    assert_eq!(signature.payload, "");
    let header = &signature.header;
    let names = [
        "alg",
        "typ",
        "crit",
        "iat",
        "sigD",
        "b64",
        "x5c",
        "x5t#S256",
        "truid.app/user_message/v1",
        "truid.app/presentation/v1",
    ];
    assert_eq!(keys(header), names);
    assert_eq!(header["alg"], "ES256");
    assert_eq!(header["typ"], "jose");
    assert_eq!(header["crit"], json!(["sigD", "b64"]));
    assert_eq!(header["iat"], NOW);
    assert_eq!(header["b64"], false);
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(DOCUMENT));
    let reference = json!({
        "mId": "http://uri.etsi.org/19182/ObjectIdByURIHash",
        "pars": [DOCUMENT_ID],
        "hashM": "S256",
        "hashV": [digest],
        "ctys": ["application/pdf"],
    });
    assert_eq!(header["sigD"], reference);
    let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&signature.chain[0]));
    assert_eq!(header["x5t#S256"], thumbprint);
    assert_eq!(header["truid.app/user_message/v1"], MESSAGE);
    let presentation = &header["truid.app/presentation/v1"];
    let claims =
        json!([{ "type": "truid.app/claim/email/v1", "value": "maja.sjostrom@example.com" }]);
    assert_eq!(presentation["claims"], claims);
    let subject = signature
        .certificate(0)
        .tbs_certificate()
        .subject()
        .to_string();
    let ppid = text(presentation, "sub");
    assert!(subject.contains(&format!("ppid={ppid}")), "{subject}");
}

#[tokio::test]
async fn the_form_of_2023_has_sig_t() {
    let config = Config {
        signature: SignatureForm {
            time: SigningTime::SigT,
            x5t_s256: false,
            presentation: false,
        },
        ..fixed()
    };
    let mut client = TestClient::start_with(config).await;
    let signature = signed(&mut client, &[]).await;
    assert!(signature.verifies());
    let names = [
        "alg",
        "typ",
        "crit",
        "sigT",
        "sigD",
        "b64",
        "x5c",
        "truid.app/user_message/v1",
    ];
    assert_eq!(keys(&signature.header), names);
    assert_eq!(signature.header["crit"], json!(["sigT", "sigD", "b64"]));
    assert_eq!(signature.header["sigT"], "2027-01-15T08:00:00Z");
}

#[tokio::test]
async fn the_certificates_have_the_form_of_real_ones() {
    let mut client = TestClient::start_with(fixed()).await;
    client.sandbox.advance(59);
    let signature = signed(&mut client, &[]).await;
    let leaf = signature.certificate(0);
    let leaf = leaf.tbs_certificate();
    let validity = leaf.validity();
    let from = validity.not_before.to_unix_duration().as_secs();
    let to = validity.not_after.to_unix_duration().as_secs();
    assert_eq!(i64::try_from(from).unwrap(), NOW, "a whole minute");
    assert_eq!(i64::try_from(to - from).unwrap(), 30 * DAY);

    let (critical, usage) = leaf.get_extension::<KeyUsage>().unwrap().unwrap();
    assert!(critical && usage.digital_signature() && usage.non_repudiation());
    assert!(!usage.key_cert_sign() && !usage.crl_sign());
    let (critical, basic) = leaf.get_extension::<BasicConstraints>().unwrap().unwrap();
    assert!(critical && !basic.ca);
    let oids = leaf.extensions().unwrap().iter();
    let mut oids: Vec<String> = oids
        .map(|extension| extension.extn_id.to_string())
        .collect();
    oids.sort();
    // Subject key identifier, key usage, basic constraints, authority key identifier: no more.
    assert_eq!(oids, ["2.5.29.14", "2.5.29.15", "2.5.29.19", "2.5.29.35"]);
    let attributes = leaf.subject().to_string();
    assert!(
        attributes.contains("PSEUDONYM="),
        "a pseudonym: {attributes}"
    );

    // The long form: key, issuer and serial number of the issuer's certificate.
    let intermediate = signature.certificate(1);
    let intermediate = intermediate.tbs_certificate();
    let (_, long) = leaf
        .get_extension::<AuthorityKeyIdentifier>()
        .unwrap()
        .unwrap();
    assert!(long.key_identifier.is_some() && long.authority_cert_issuer.is_some());
    assert_eq!(
        long.authority_cert_serial_number.as_ref(),
        Some(intermediate.serial_number())
    );
    let (_, points) = intermediate
        .get_extension::<CrlDistributionPoints>()
        .unwrap()
        .unwrap();
    let points = String::from_utf8_lossy(&points.to_der().unwrap()).into_owned();
    let url = format!("{}/crl/root-ca-v1.crl", client.sandbox.url());
    assert!(points.contains(&url), "{points}");

    // The root is the served one, in both encodings.
    let root = download(&client, "/certs/root-ca-v1.crt").await;
    assert_eq!(root, signature.chain[2]);
    let pem = send(client.to, "GET /certs/root-ca-v1.pem", &[], "")
        .await
        .body;
    let all = send(client.to, "GET /certs/", &[], "").await.body;
    assert_eq!(all, pem);
    let encoded: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(STANDARD.decode(encoded).unwrap(), root);
    let page = send(client.to, "GET /certs/", &["Accept: text/html"], "").await;
    assert!(page.body.contains("/certs/root-ca-v1.pem"), "{}", page.body);
}

#[tokio::test]
async fn each_signature_has_its_own_certificate_and_a_seed_repeats_them() {
    let mut client = TestClient::start_with(fixed()).await;
    let first = signed(&mut client, &[]).await;
    let second = signed(&mut client, &[]).await;
    assert_ne!(first.chain[0], second.chain[0]);
    assert_eq!(first.chain[1..], second.chain[1..]);
    let key = |signature: &Signature| {
        let leaf = signature.certificate(0);
        leaf.tbs_certificate()
            .subject_public_key_info()
            .to_der()
            .unwrap()
    };
    assert_ne!(key(&first), key(&second));
    // After a reset with the seed, everything is the same.
    client.sandbox.reset();
    let again = signed(&mut client, &[]).await;
    assert_eq!(again.protected, first.protected);
    assert_eq!(again.value, first.value);
    // The next one comes from another seed, and from the same authorities.
    let reset = r#"{"seed": "another"}"#;
    send(client.to, "POST /sandbox/v1/reset", &[JSON], reset).await;
    let other = signed(&mut client, &[]).await;
    assert_ne!(key(&other), key(&first));
    assert_eq!(other.chain[1..], first.chain[1..]);
}

#[tokio::test]
async fn the_digest_of_base64url_text_sets_b64() {
    let mut client = TestClient::start().await;
    let signing = signing(&mut client)
        .set("data_object_b64", "true")
        .without("data_object_content_type");
    let tokens = tokens(&client, &signing).await;
    let signature = Signature::read(&fetch(&client, &tokens, &[]).await.body);
    assert!(signature.verifies());
    assert_eq!(signature.header["b64"], true);
    assert_eq!(signature.at("/sigD/ctys"), None);
}
