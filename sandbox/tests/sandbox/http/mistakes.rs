//! A mistake is told as what it is, with what to send in its place.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::scene::*;
use crate::support::*;

/// What the redirect to the service says: `error`, `error_description`, `error_uri`.
#[track_caller]
fn sent_back(answer: &Answer) -> [String; 3] {
    assert_eq!(answer.status, 302, "{}", answer.body);
    let location = answer.header("location").unwrap();
    ["error", "error_description", "error_uri"].map(|name| parameter(location, name).unwrap())
}

#[tokio::test]
async fn what_the_control_api_does_not_know_is_answered_with_what_it_knows() {
    let (sandbox, to) = started().await;
    let api = |path: &str| format!("/sandbox/v1{path}");
    for (request, body, said) in [
        (
            "POST /clock",
            r#"{"advnace":1}"#,
            "advnace: there is no such key here; did you mean advance? Known keys: advance or with_clients",
        ),
        (
            "POST /clock",
            r#"{"seconds":1}"#,
            "seconds: there is no such key here; known keys: advance or with_clients",
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
            "client_id: no client has it; did you mean demo-app? There are demo-app, demo-backend",
        ),
        (
            "POST /app/end-sessions",
            r#"{"client_id":"demo"}"#,
            "client_id: no client has it; there are demo-app, demo-backend",
        ),
        (
            "PUT /people/maja",
            r#"{"e-mail":"a@example.com"}"#,
            "e-mail is no field that can be changed; did you mean email? There are name, ",
        ),
        (
            "POST /assert/no-findings",
            r#"{"allow":["refresh-token-resued"]}"#,
            "allow: there is no such finding; did you mean refresh-token-reused? There are ",
        ),
        (
            "POST /assert/no-findings",
            r#"{"allowed":[]}"#,
            "allowed: there is no such key here; did you mean allow? Known keys: allow or flow",
        ),
        (
            "POST /reset",
            r#"{"seeds":"x"}"#,
            "seeds: there is no such key here; did you mean seed? Known keys: seed",
        ),
        (
            "GET /findings?levle=unwise",
            "",
            "levle: there is no such parameter of the query; did you mean level? There are flow, level",
        ),
        (
            "GET /findings?level=unwsie",
            "",
            "level: there is no such level; did you mean unwise? There are objection, unwise, guide",
        ),
        (
            "GET /trace?client=demo-app",
            "",
            "client: there is no such parameter of the query; did you mean client_id? There are client_id, limit",
        ),
        ("GET /trace?client_id=demo-ap", "", "did you mean demo-app?"),
        ("GET /trace?limit=x", "", "limit is a number"),
    ] {
        let (method, path) = request.split_once(' ').unwrap();
        let request = format!("{method} {}", api(path));
        let answer = send(to, &request, &[JSON], body).await;
        let description = answer.refused(400, "invalid_request");
        assert!(
            description.contains(said),
            "{request} {body}: {description}"
        );
        assert!(!description.contains("S3CRET"), "{description}");
    }
    for (path, said) in [
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
        assert!(description.contains(said), "{path}: {description}");
        assert!(!description.contains("S3CRET"), "{description}");
    }
    let url = format!("{}{}", sandbox.url(), authorization("idv"));
    let waiting = sandbox.app().open(&url).unwrap();
    let decide = format!(
        "POST {}",
        api(&format!("/app/waiting/{}/approve", waiting.id))
    );
    let nobody = send(to, &decide, &[JSON], r#"{"person":"maia"}"#).await;
    let description = nobody.refused(404, "no_such_person");
    assert!(
        description.contains("did you mean maja? There are maja, "),
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
async fn an_unknown_client_is_told_which_there_are() {
    let mut scene = Scene::start().await;
    let login = scene.login().set("client_id", "demo_app");
    let answer = scene.authorize(&login, &[]).await;
    let description = answer.refused(400, "invalid_client");
    let said = "did you mean demo-app? There are demo-app, demo-backend";
    assert!(description.contains(said), "{description}");
    let answer = scene.exchange(&login, "x").await;
    answer.refused(400, "invalid_grant");
}

#[tokio::test]
async fn a_scope_that_is_wrong_is_told_what_is_wrong_with_it() {
    let mut scene = Scene::start().await;
    let name = "truid.app/data-point/name";
    for (scope, said) in [
        (
            format!("{EMAIL},{name}"),
            "by one space, and by nothing else: there are commas",
        ),
        (format!("{EMAIL}+{name}"), "there are pluses between them"),
        (
            format!("{EMAIL}  {name}"),
            "there is more than one space between two",
        ),
        (format!(" {EMAIL}"), "there is a space before the first"),
        (
            EMAIL_CLAIM.to_owned(),
            "truid.app/claim/email/v1 is a claim; its data point is truid.app/data-point/email",
        ),
        (
            format!("{name} truid.app/data-point/emial"),
            "did you mean truid.app/data-point/email?",
        ),
    ] {
        let login = scene.login().set("scope", &scope);
        let answer = scene.authorize(&login, &[]).await;
        let [error, description, page] = sent_back(&answer);
        assert_eq!(error, "invalid_scope");
        assert!(description.contains(said), "{scope}: {description}");
        assert!(page.ends_with("/findings/scope-unregistered"), "{page}");
    }
    // A refresh is told the same.
    let tokens = scene.logged_in().await;
    let parameters = [
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", text(&tokens, "refresh_token")),
        ("scope", EMAIL_CLAIM),
    ];
    let answer = scene.token(&parameters, &[]).await;
    let description = answer.refused(400, "invalid_scope");
    assert!(description.contains("its data point is"), "{description}");
}

#[tokio::test]
async fn what_is_no_claim_is_told_with_the_one_that_was_meant() {
    let mut scene = Scene::start().await;
    let tokens = scene.logged_in().await;
    for (claims, said) in [
        (
            EMAIL,
            "truid.app/data-point/email, which is a data point; its claims are truid.app/claim/email/v1",
        ),
        (
            "truid.app/claim/email",
            "did you mean truid.app/claim/email/v1?",
        ),
        ("email", "is no claim; send keys as in "),
    ] {
        let answer = scene.present(text(&tokens, "access_token"), claims).await;
        let description = answer.refused(400, "invalid_request");
        assert!(description.contains(said), "{claims}: {description}");
    }
}

#[tokio::test]
async fn another_redirect_uri_is_told_what_differs_and_which_are_registered() {
    let mut scene = Scene::start().await;
    let here = format!("{}/sample/callback", scene.sandbox.url());
    let all = format!("registered are {REDIRECT}, demoapp:///callback, {here}");
    for (given, what) in [
        ("https://other.example/truid/callback", "another host"),
        ("http://app.example/truid/callback", "another scheme"),
        ("https://app.example:8443/truid/callback", "another port"),
        (
            "https://app.example/truid/callback/",
            "a slash too many at its end",
        ),
        (
            "https://app.example/Truid/callback",
            "other upper and lower case in its path",
        ),
        (
            "https://app.example/truid/callback?next=1",
            "a query, which was added",
        ),
    ] {
        let login = scene.login().set("redirect_uri", given);
        let answer = scene.authorize(&login, &[]).await;
        let description = answer.refused(400, "invalid_redirect_uri");
        let said = format!("the nearest is {REDIRECT}, and this one has {what}; {all}");
        assert!(description.ends_with(&said), "{given}: {description}");
        let finding = scene.sandbox.findings().pop().unwrap();
        assert_eq!(finding.detail, description);
        assert_eq!(answer.header("location"), None);
        let page = scene.authorize(&login, &["Accept: text/html"]).await.body;
        assert!(
            page.contains(what) && page.contains("demoapp:///callback"),
            "{page}"
        );
    }
    let login = scene.login();
    let answer = scene
        .authorize(&login.clone().without("redirect_uri"), &[])
        .await;
    let description = answer.refused(400, "invalid_redirect_uri");
    assert!(description.contains("demoapp:///callback"), "{description}");
    // The code is for the one that was asked for.
    let code = scene.code(&login).await;
    let answer = exchange_at(scene.to, &code, "demoapp:///callback").await;
    let description = answer.refused(400, "invalid_grant");
    let said = format!("that was {REDIRECT}, and this one has another scheme, another host");
    assert!(description.contains(&said), "{description}");
}

#[tokio::test]
async fn what_is_no_challenge_is_told_as_what_it_is() {
    let mut scene = Scene::start().await;
    let login = scene.login();
    let digest = Sha256::digest(&login.verifier);
    let hexadecimal: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    let plus = Sha256::digest(VERIFIER);
    for (challenge, said) in [
        (hexadecimal.clone(), "it is hexadecimal"),
        (URL_SAFE.encode(digest), "it has padding"),
        (STANDARD.encode(plus), "the other base64 alphabet"),
        (
            URL_SAFE_NO_PAD.encode(&hexadecimal),
            "base64 of the hexadecimal",
        ),
        (login.verifier.clone(), "the code_verifier itself"),
    ] {
        let login = scene.login().set("code_challenge", &challenge);
        let answer = scene.authorize(&login, &[]).await;
        let [error, description, page] = sent_back(&answer);
        assert_eq!(error, "invalid_request");
        assert!(description.contains(said), "{challenge}: {description}");
        assert!(!description.contains(&challenge), "{description}");
        let page = page.strip_prefix(scene.sandbox.url()).unwrap();
        assert_eq!(page, "/findings/challenge-malformed");
    }
    // A verifier of 43 characters looks like a challenge: it shows at the token endpoint.
    let login = scene.login().set("code_challenge", VERIFIER);
    let code = scene.code(&login).await;
    let description = exchange(scene.to, &code)
        .await
        .refused(400, "invalid_grant");
    assert!(description.contains("are the same"), "{description}");
    assert!(!description.contains(VERIFIER), "{description}");
    assert!(scene.found().ends_with(&["verifier-wrong"]));
}

/// RFC 6749 section 4.1.2.1.
#[tokio::test]
async fn each_refusal_through_the_redirect_leads_to_the_page_of_its_finding() {
    let mut scene = Scene::start().await;
    let login = scene.login();
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
        let answer = scene.authorize(&wrong, &[]).await;
        let [error, _, page] = sent_back(&answer);
        let finding = scene.sandbox.findings().pop().unwrap().finding;
        assert_eq!(page, format!("{}/findings/{finding}", scene.sandbox.url()));
        let path = page.strip_prefix(scene.sandbox.url()).unwrap();
        let shown = send(scene.to, &format!("GET {path}"), &["Accept: text/html"], "").await;
        assert!(
            shown.status == 200 && shown.body.contains(finding.title()),
            "{error}"
        );
    }
    // Who declines is no finding.
    assert_eq!(scene.authorize(&login, &[]).await.status, 200);
    let waiting = scene.sandbox.app().waiting().remove(0);
    let declined = scene.sandbox.app().decline(&waiting.id).unwrap();
    assert_eq!(parameter(&declined, "error_uri"), None);
}
