//! Tests of the HTTP refusals of each endpoint.

use switchback_sandbox::{Config, Sandbox};

use crate::support::*;

#[tokio::test]
async fn authorization_errors_are_redirected_only_if_safe() {
    let (sandbox, to) = started().await;
    let good = format!("GET {}", authorization("idv"));
    let back = send(to, &good.replace("S256", "plain"), &[], "").await;
    assert_eq!(back.status, 302);
    let location = back.header("location").unwrap();
    assert!(location.starts_with("https://app.example/truid/callback?error=invalid_request&"));
    assert_eq!(parameter(location, "state").unwrap(), "S-1");

    let near = good.replace("callback&", "callback%2F&");
    let description = send(to, &near, &[], "")
        .await
        .refused(400, "invalid_redirect_uri");
    assert!(description.contains("slash"), "{description}");
    let page = send(to, &near, &["Accept: text/html,*/*;q=0.8"], "").await;
    assert_eq!((page.status, page.header("location")), (400, None));
    assert!(page.body.contains("<code>invalid_redirect_uri</code>"));

    let unknown_client = good.replace("demo-app", "nobody");
    send(to, &unknown_client, &[], "")
        .await
        .refused(400, "invalid_client");
    send(to, &format!("{good}&x=%zz"), &[], "")
        .await
        .refused(400, "invalid_request");
    send(to, &format!("{good}&x=%ff"), &[], "")
        .await
        .refused(400, "invalid_request");
    send(to, &format!("{good}&client_id=demo-app"), &[], "")
        .await
        .refused(400, "invalid_request");
    let twice = send(to, &format!("{good}&state=S-1"), &[], "").await;
    assert_eq!(twice.status, 302);

    let head = send(to, &good.replace("GET", "HEAD"), &[], "").await;
    assert_eq!((head.status, head.header("allow")), (405, Some("GET")));
    let unknown = good.replace("/idv", "/signing");
    send(to, &unknown, &[], "").await.refused(404, "not_found");
    assert_eq!(sandbox.counters().authorize, 0);
    assert!(sandbox.app().waiting().is_empty());
}

#[tokio::test]
async fn the_token_endpoint_refuses_malformed_requests() {
    let (sandbox, to) = started().await;
    let code = code(&sandbox, "login-session");
    let good = encode(&[
        ("grant_type", "authorization_code"),
        ("client_id", "demo-app"),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ]);
    let endpoint = "POST /oauth2/v1/token";
    let in_url = format!("{endpoint}?client_secret=abc");
    let description = send(to, &in_url, &[FORM], &good)
        .await
        .refused(400, "invalid_request");
    assert!(
        description.contains("secret is in the URL"),
        "{description}"
    );
    let in_url = format!("{endpoint}?x=1");
    send(to, &in_url, &[FORM], &good)
        .await
        .refused(400, "invalid_request");
    for headers in [
        &[][..],
        &[JSON],
        &["Content-Type: text/plain"],
        &["Content-Type: application/x-www-form-urlencoded; charset=iso-8859-1"],
    ] {
        let description = send(to, endpoint, headers, &good)
            .await
            .refused(400, "invalid_request");
        assert!(description.contains("content type"), "{description}");
    }
    for body in [
        format!("{good}&code={code}"),
        format!("{good}&x=%"),
        format!("{good}&x=%ff"),
        format!("{good}&x=ö"),
        format!("{good}\r\n"),
        String::new(),
        "{\"grant_type\":\"authorization_code\"}".into(),
    ] {
        send(to, endpoint, &[FORM], &body)
            .await
            .refused(400, "invalid_request");
    }
    let long = format!("{good}&x={}", "a".repeat(20_000));
    send(to, endpoint, &[FORM], &long)
        .await
        .refused(400, "invalid_request");
    let longer = format!("{good}&x={}", "a".repeat(70_000));
    send(to, endpoint, &[FORM], &longer)
        .await
        .refused(413, "too_large");

    let unknown = good.replace("client_id=demo-app", "client_id=nobody");
    let answer = send(to, endpoint, &[FORM], &unknown).await;
    answer.refused(401, "invalid_client");
    assert_eq!(answer.header("www-authenticate"), None);
    let by_basic = good.replace("client_id=demo-app&", "");
    let wrong = "Authorization: Basic ZGVtby1iYWNrZW5kOng=";
    let answer = send(to, endpoint, &[FORM, wrong], &by_basic).await;
    answer.refused(401, "invalid_client");
    assert!(
        answer
            .header("www-authenticate")
            .unwrap()
            .starts_with("Basic ")
    );
    send(to, endpoint, &[FORM, BASIC, BASIC], &by_basic)
        .await
        .refused(400, "invalid_request");
    // Correct credentials, but the code belongs to another client.
    send(to, endpoint, &[FORM, BASIC], &by_basic)
        .await
        .refused(400, "invalid_grant");

    let two = [FORM, FORM];
    let description = send(to, endpoint, &two, &good)
        .await
        .refused(400, "invalid_request");
    assert!(description.contains("more than one"), "{description}");
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let answer = send(to, &format!("{method} /oauth2/v1/token"), &[FORM], "").await;
        answer.refused(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some("POST"));
        let in_url = format!("{method} /oauth2/v1/token?client_secret=abc");
        let description = send(to, &in_url, &[FORM], "")
            .await
            .refused(405, "method_not_allowed");
        assert!(
            description.contains("secret is in the URL"),
            "{description}"
        );
    }

    // The code is still valid, once. This clock runs; tests with a fixed clock check the exact
    // lifetime.
    sandbox.advance(20);
    let utf8 = "Content-Type: application/x-www-form-urlencoded;charset=UTF-8";
    assert_eq!(send(to, endpoint, &[utf8], &good).await.status, 200);
    send(to, endpoint, &[FORM], &good)
        .await
        .refused(400, "invalid_grant");
}

#[tokio::test]
async fn data_requires_a_bearer_token_in_the_header() {
    let (sandbox, to) = started().await;
    let tokens = exchange(to, &code(&sandbox, "idv")).await.json();
    let access_token = text(&tokens, "access_token");
    let bearer = format!("Authorization: Bearer {access_token}");

    let none = send(to, "GET /oidc/v1/user-info", &[], "").await;
    none.refused(401, "invalid_token");
    // RFC 6750 section 3.1: no error code for a request without authentication.
    assert_eq!(
        none.header("www-authenticate"),
        Some("Bearer realm=\"switchback sandbox\"")
    );
    let in_url = format!("GET /oidc/v1/user-info?access_token={access_token}");
    send(to, &in_url, &[], "")
        .await
        .refused(400, "invalid_request");
    send(to, &in_url, &[&bearer], "")
        .await
        .refused(400, "invalid_request");
    for other in [BASIC, "Authorization: Bearer", "Authorization: Bearer x y"] {
        send(to, "GET /oidc/v1/user-info", &[other], "")
            .await
            .refused(401, "invalid_token");
    }
    let twice = [bearer.as_str(), bearer.as_str()];
    send(to, "GET /oidc/v1/user-info", &twice, "")
        .await
        .refused(400, "invalid_request");
    let post = send(to, "POST /oidc/v1/user-info", &[&bearer], "").await;
    post.refused(405, "method_not_allowed");
    assert_eq!(post.header("allow"), Some("GET,HEAD"));

    for path in [
        "/oidc/v1/user-info",
        "/exchange/v1/presentation?claims=truid.app/claim/email/v1",
        "/exchange/v2/presentation?claims=truid.app/claim/email/v1",
    ] {
        let head = send(to, &format!("HEAD {path}"), &[&bearer], "").await;
        assert_eq!((head.status, head.header("allow")), (405, Some("GET")));
    }
    let presentation = "GET /exchange/v2/presentation";
    send(to, presentation, &[], "")
        .await
        .refused(401, "invalid_token");
    for query in [
        "",
        "?claims=",
        "?claims=email",
        "?claims=truid.app/claim/email/v1&claims=truid.app/claim/name/v1",
        "?claims[]=truid.app/claim/email/v1",
        "?claims=truid.app/claim/email/v1,",
        "?claims=truid.app/claim/email/v1%20truid.app/claim/name/v1",
    ] {
        let answer = send(to, &format!("{presentation}{query}"), &[&bearer], "").await;
        answer.refused(400, "invalid_request");
    }
    sandbox.advance(300);
    let description = user_info(to, access_token)
        .await
        .refused(401, "invalid_token");
    assert!(description.contains("expired"), "{description}");
    let counters = sandbox.counters();
    assert_eq!((counters.user_info, counters.presentations), (0, 0));
}

#[tokio::test]
async fn there_is_no_discovery() {
    let (_sandbox, to) = started().await;
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/jwks.json",
    ] {
        let description = send(to, &format!("GET {path}"), &[], "")
            .await
            .refused(404, "not_found");
        assert!(description.contains("discovery"));
    }
    for path in [
        "/oauth2/v1/revoke",
        "/oauth2/v1/token/",
        "/oauth2/v1/authorize",
        "/x",
    ] {
        send(to, &format!("GET {path}"), &[], "")
            .await
            .refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_foreign_host_header_is_refused() {
    let (sandbox, to) = started().await;
    let port = to.port();
    for request in [
        "GET /",
        "GET /app",
        "GET /sandbox/v1/app/waiting",
        "POST /sandbox/v1/reset",
        "POST /oauth2/v1/token",
        "GET /nothing",
        "PUT /app",
        "GET http://evil.example/app",
    ] {
        for host in ["evil.example".into(), format!("evil.example:{port}")] {
            let host = format!("Host: {host}");
            let description = send_as_is(to, request, &[&host], "")
                .await
                .refused(421, "misdirected_request");
            assert!(description.contains(sandbox.url()), "{description}");
        }
        send_as_is(to, request, &[], "")
            .await
            .refused(400, "invalid_request");
    }
    let own = format!("Host: {to}");
    send_as_is(to, "GET http://evil.example/app", &[&own], "")
        .await
        .refused(421, "misdirected_request");
    send_as_is(to, "GET /app", &[&own, &own], "")
        .await
        .refused(400, "invalid_request");
    for host in [format!("localhost:{port}"), "127.0.0.1".into()] {
        let host = format!("Host: {host}");
        let page = send_as_is(to, "GET /app", &[&host], "").await;
        assert_eq!(page.status, 200);
    }
}

#[tokio::test]
async fn without_loopback_every_ip_address_is_an_allowed_host() {
    let sandbox = Sandbox::start(Config {
        listen: ([0, 0, 0, 0], 0).into(),
        ..Config::default()
    })
    .await
    .unwrap();
    let port = sandbox.address().port();
    let to = ([127, 0, 0, 1], port).into();
    for host in ["10.0.2.2", "[::1]", "localhost"] {
        let host = format!("Host: {host}:{port}");
        assert_eq!(send_as_is(to, "GET /", &[&host], "").await.status, 200);
    }
    send_as_is(to, "GET /", &["Host: evil.example"], "")
        .await
        .refused(421, "misdirected_request");
}

#[tokio::test]
async fn a_malformed_path_gets_a_json_error() {
    let (_sandbox, to) = started().await;
    for request in [
        "GET /oauth2/v1/authorize/%ff",
        "POST /oauth2/v1/par/%ff",
        "GET /app/%ff",
        "POST /app/%ff/approve",
        "POST /sandbox/v1/app/waiting/x/%ff",
        "GET /%ff",
        "GET /app/%zz",
    ] {
        let description = send(to, request, &[FORM], "")
            .await
            .refused(400, "invalid_request");
        assert!(description.starts_with("the path "), "{description}");
    }
}
