//! Tests of error messages: they name the mistake, and what to send instead.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::support::*;
use crate::test_client::*;

/// The `error`, `error_description` and `error_uri` in the redirect to the service.
#[track_caller]
fn redirected(answer: &Answer) -> [String; 3] {
    assert_eq!(answer.status, 302, "{}", answer.body);
    let location = answer.header("location").unwrap();
    ["error", "error_description", "error_uri"].map(|name| parameter(location, name).unwrap())
}

#[tokio::test]
async fn unknown_names_get_the_known_ones() {
    let (sandbox, to) = started().await;
    let api = |path: &str| format!("/sandbox/v1{path}");
    for (request, body, part) in [
        (
            "POST /clock",
            r#"{"advnace":1}"#,
            "advnace: there is no such key here; did you mean advance? Known keys: advance, with_clients",
        ),
        (
            "POST /clock",
            r#"{"seconds":1}"#,
            "seconds: there is no such key here; known keys: advance, with_clients",
        ),
        ("POST /clock", "{}", "advance is missing"),
        (
            "POST /clock",
            r#"{"advance":"1"}"#,
            "advance: it must be a whole number, but is text",
        ),
        (
            "POST /app/open",
            r#"{"link":"https://a.example/?state=S3CRET"}"#,
            "link: there is no such key here; known keys: url",
        ),
        (
            "POST /rules",
            r#"{"misbehavior":"slow"}"#,
            "did you mean misbehaviour? Known keys: misbehaviour, endpoint, client_id, flow, times, seconds",
        ),
        (
            "POST /rules",
            r#"{"misbehaviour":"solw"}"#,
            "misbehaviour: did you mean slow? It must be one of ",
        ),
        (
            "POST /rules",
            r#"{"misbehaviour":"slow","endpoint":"token"}"#,
            "endpoint: it must be one of authorize, par, callback, code-exchange, refresh",
        ),
        (
            "POST /rules",
            r#"{"misbehaviour":"slow","times":"often"}"#,
            "times: it must be a number from 1, or always",
        ),
        (
            "POST /rules",
            r#"{"misbehaviour":"slow","client_id":"demo-ap"}"#,
            "client_id: no client has this id; did you mean demo-app? Known: demo-app, demo-backend",
        ),
        (
            "POST /app/end-sessions",
            r#"{"client_id":"demo"}"#,
            "client_id: no client has this id; known: demo-app, demo-backend",
        ),
        (
            "PUT /people/maja",
            r#"{"e-mail":"a@example.com"}"#,
            "e-mail is not a field that can be changed; did you mean email? Known: name, ",
        ),
        (
            "POST /assert/no-findings",
            r#"{"allow":["refresh-token-resued"]}"#,
            "allow: there is no such finding; did you mean refresh-token-reused? Known: ",
        ),
        (
            "POST /assert/no-findings",
            r#"{"allowed":[]}"#,
            "allowed: there is no such key here; did you mean allow? Known keys: allow, flow",
        ),
        (
            "POST /reset",
            r#"{"seeds":"x"}"#,
            "seeds: there is no such key here; did you mean seed? Known keys: seed",
        ),
        (
            "GET /findings?levle=unwise",
            "",
            "levle: the query has no such parameter; did you mean level? Known: flow, level",
        ),
        (
            "GET /findings?level=unwsie",
            "",
            "level: there is no such level; did you mean unwise? Known: objection, unwise, guide",
        ),
        (
            "GET /trace?client=demo-app",
            "",
            "client: the query has no such parameter; did you mean client_id? Known: client_id, limit",
        ),
        ("GET /trace?client_id=demo-ap", "", "did you mean demo-app?"),
        ("GET /trace?limit=x", "", "limit is a number"),
    ] {
        let (method, path) = request.split_once(' ').unwrap();
        let request = format!("{method} {}", api(path));
        let answer = send(to, &request, &[JSON], body).await;
        let description = answer.refused(400, "invalid_request");
        assert!(
            description.contains(part),
            "{request} {body}: {description}"
        );
        assert!(!description.contains("S3CRET"), "{description}");
    }
    for (path, part) in [
        ("/app/opne", "did you mean /sandbox/v1/app/open;"),
        (
            "/asert/no-findings",
            "did you mean /sandbox/v1/assert/no-findings;",
        ),
        (
            "/app/waiting/S3CRET/approve/now",
            "at this path; /sandbox/v1/openapi.json",
        ),
        (
            "/app/waitng/S3CRET/approve",
            "did you mean /sandbox/v1/app/waiting/{id}/{decision};",
        ),
    ] {
        let answer = send(to, &format!("POST {}", api(path)), &[JSON], "{}").await;
        let description = answer.refused(404, "not_found");
        assert!(description.contains(part), "{path}: {description}");
        assert!(!description.contains("S3CRET"), "{description}");
    }
    let url = format!("{}{}", sandbox.url(), authorization("idv"));
    let waiting = sandbox.app().open(&url).unwrap();
    let decide = format!(
        "POST {}",
        api(&format!("/app/waiting/{}/approve", waiting.id))
    );
    let misspelt = send(to, &decide, &[JSON], r#"{"person":"maia"}"#).await;
    let description = misspelt.refused(404, "no_such_person");
    assert!(
        description.contains("did you mean maja? Known: maja, "),
        "{description}"
    );
    let header = "Switchback-Misbehave: callback-twise";
    let description = send(to, &decide, &[header], "").await;
    let description = description.refused(400, "invalid_request");
    assert!(
        description.contains("did you mean callback-twice?"),
        "{description}"
    );
}

#[tokio::test]
async fn an_unknown_client_gets_the_known_ones() {
    let mut test = TestClient::start().await;
    let login = test.login().set("client_id", "demo_app");
    let answer = test.authorize(&login, &[]).await;
    let description = answer.refused(400, "invalid_client");
    let hint = "did you mean demo-app? Known: demo-app, demo-backend";
    assert!(description.contains(hint), "{description}");
    let answer = test.exchange(&login, "x").await;
    answer.refused(400, "invalid_grant");
}

#[tokio::test]
async fn a_wrong_scope_gets_an_explanation() {
    let mut test = TestClient::start().await;
    let name = "truid.app/data-point/name";
    for (scope, part) in [
        (
            format!("{EMAIL},{name}"),
            "it has commas; separate the data points by one space",
        ),
        (format!("{EMAIL}+{name}"), "it has plus signs"),
        (
            format!("{EMAIL}  {name}"),
            "it has more than one space between two",
        ),
        (format!(" {EMAIL}"), "it has a space before the first"),
        (
            EMAIL_CLAIM.to_owned(),
            "truid.app/claim/email/v1 is a claim; its data point is truid.app/data-point/email",
        ),
        (
            format!("{name} truid.app/data-point/emial"),
            "did you mean truid.app/data-point/email?",
        ),
    ] {
        let login = test.login().set("scope", &scope);
        let answer = test.authorize(&login, &[]).await;
        let [error, description, page] = redirected(&answer);
        assert_eq!(error, "invalid_scope");
        assert!(description.contains(part), "{scope}: {description}");
        assert!(page.ends_with("/findings/scope-unregistered"), "{page}");
    }
    // A refresh gets the same explanation.
    let tokens = test.logged_in().await;
    let parameters = [
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", text(&tokens, "refresh_token")),
        ("scope", EMAIL_CLAIM),
    ];
    let answer = test.token(&parameters, &[]).await;
    let description = answer.refused(400, "invalid_scope");
    assert!(description.contains("its data point is"), "{description}");
}

#[tokio::test]
async fn a_wrong_claim_gets_the_probable_one() {
    let mut test = TestClient::start().await;
    let tokens = test.logged_in().await;
    for (claims, part) in [
        (
            EMAIL,
            "truid.app/data-point/email, which is a data point; its claims are truid.app/claim/email/v1",
        ),
        (
            "truid.app/claim/email",
            "did you mean truid.app/claim/email/v1?",
        ),
        ("email", "is not a claim; send keys such as "),
    ] {
        let answer = test.present(text(&tokens, "access_token"), claims).await;
        let description = answer.refused(400, "invalid_request");
        assert!(description.contains(part), "{claims}: {description}");
    }
}

#[tokio::test]
async fn a_wrong_redirect_uri_gets_the_difference() {
    let mut test = TestClient::start().await;
    let here = format!("{}/sample/callback", test.sandbox.url());
    let all = format!("registered: {REDIRECT}, demoapp:///callback, {here}");
    for (given, what) in [
        ("https://other.example/truid/callback", "a different host"),
        ("http://app.example/truid/callback", "a different scheme"),
        (
            "https://app.example:8443/truid/callback",
            "a different port",
        ),
        (
            "https://app.example/truid/callback/",
            "an extra slash at its end",
        ),
        (
            "https://app.example/Truid/callback",
            "different upper and lower case in its path",
        ),
        (
            "https://app.example/truid/callback?next=1",
            "an added query",
        ),
    ] {
        let login = test.login().set("redirect_uri", given);
        let answer = test.authorize(&login, &[]).await;
        let description = answer.refused(400, "invalid_redirect_uri");
        let end = format!("registered one, {REDIRECT}, it has {what}; {all}");
        assert!(description.ends_with(&end), "{given}: {description}");
        let finding = test.sandbox.findings().pop().unwrap();
        assert_eq!(finding.detail, description);
        assert_eq!(answer.header("location"), None);
        let page = test.authorize(&login, &["Accept: text/html"]).await.body;
        assert!(
            page.contains(what) && page.contains("demoapp:///callback"),
            "{page}"
        );
    }
    let login = test.login();
    let answer = test
        .authorize(&login.clone().without("redirect_uri"), &[])
        .await;
    let description = answer.refused(400, "invalid_redirect_uri");
    assert!(description.contains("demoapp:///callback"), "{description}");
    // The code needs the redirect URI of the authorization request.
    let code = test.code(&login).await;
    let answer = exchange_at(test.to, &code, "demoapp:///callback").await;
    let description = answer.refused(400, "invalid_grant");
    let part = format!("compared with {REDIRECT}, it has a different scheme, a different host");
    assert!(description.contains(&part), "{description}");
}

#[tokio::test]
async fn a_wrong_challenge_gets_an_explanation() {
    let mut test = TestClient::start().await;
    let login = test.login();
    let digest = Sha256::digest(&login.verifier);
    let hexadecimal: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    let plus = Sha256::digest(VERIFIER);
    for (challenge, part) in [
        (hexadecimal.clone(), "it is hexadecimal"),
        (URL_SAFE.encode(digest), "it has padding"),
        (STANDARD.encode(plus), "the other base64 alphabet"),
        (
            URL_SAFE_NO_PAD.encode(&hexadecimal),
            "base64 of the hexadecimal",
        ),
        (login.verifier.clone(), "the code_verifier itself"),
    ] {
        let login = test.login().set("code_challenge", &challenge);
        let answer = test.authorize(&login, &[]).await;
        let [error, description, page] = redirected(&answer);
        assert_eq!(error, "invalid_request");
        assert!(description.contains(part), "{challenge}: {description}");
        assert!(!description.contains(&challenge), "{description}");
        let page = page.strip_prefix(test.sandbox.url()).unwrap();
        assert_eq!(page, "/findings/challenge-malformed");
    }
    // A verifier of 43 characters looks like a challenge; only the token endpoint can see that.
    let login = test.login().set("code_challenge", VERIFIER);
    let code = test.code(&login).await;
    let description = exchange(test.to, &code).await.refused(400, "invalid_grant");
    assert!(description.contains("are the same"), "{description}");
    assert!(!description.contains(VERIFIER), "{description}");
    assert!(test.found().ends_with(&["verifier-wrong"]));
}

/// RFC 6749 section 4.1.2.1.
#[tokio::test]
async fn each_redirected_error_has_the_page_of_its_finding() {
    let mut test = TestClient::start().await;
    let login = test.login();
    let twice = login.get("state").to_owned();
    let mut repeated = login.clone();
    repeated.parameters.push(("state", twice));
    for wrong in [
        login.clone().without("state"),
        login.clone().without("code_challenge"),
        login.clone().set("code_challenge_method", "plain"),
        login.clone().set("code_challenge", "x"),
        login.clone().set("response_type", "token"),
        login.clone().set("request", "x"),
        login.clone().set("scope", "openid"),
        login.clone().without("scope"),
        login.clone().set("code_verifier", "x"),
        repeated,
    ] {
        let answer = test.authorize(&wrong, &[]).await;
        let [error, _, page] = redirected(&answer);
        let finding = test.sandbox.findings().pop().unwrap().finding;
        assert_eq!(page, format!("{}/findings/{finding}", test.sandbox.url()));
        let path = page.strip_prefix(test.sandbox.url()).unwrap();
        let shown = send(test.to, &format!("GET {path}"), &["Accept: text/html"], "").await;
        assert!(
            shown.status == 200 && shown.body.contains(finding.title()),
            "{error}"
        );
    }
    // A declined request is not a finding.
    assert_eq!(test.authorize(&login, &[]).await.status, 200);
    let waiting = test.sandbox.app().waiting().remove(0);
    let declined = test.sandbox.app().decline(&waiting.id).unwrap();
    assert_eq!(parameter(&declined, "error_uri"), None);
}
