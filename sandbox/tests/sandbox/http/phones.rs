//! Tests of the pages and files for phones.

use serde_json::json;
use switchback_sandbox::{AndroidApp, Apps, Config, Sandbox};

use crate::support::*;

async fn public(url: &str) -> Result<Sandbox, String> {
    let config = Config {
        public_url: Some(url.into()),
        ..Config::default()
    };
    Sandbox::start(config).await.map_err(|e| e.to_string())
}

#[tokio::test]
async fn the_page_has_the_base_urls_of_this_sandbox() {
    let (sandbox, to) = started().await;
    let home = send(to, "GET /", &[], "").await;
    assert!(home.body.contains("href=\"/phones\""));
    let page = send(to, "GET /phones", &[], "").await;
    let port = to.port();
    for part in [
        sandbox.url(),
        &format!("adb reverse tcp:{port} tcp:{port}"),
        &format!("http://localhost:{port}"),
        &format!("http://10.0.2.2:{port}"),
        "--listen 0.0.0.0 --tls",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(
        !page.body.contains("/sandbox/ca.crt"),
        "there is no certificate"
    );
    assert!(!page.body.contains("<script") && !page.body.contains("style="));
    for path in ["/sandbox/ca.crt", "/sandbox/ca.pem"] {
        let answer = send(to, &format!("GET {path}"), &[], "").await;
        assert!(answer.refused(404, "not_found").contains("--tls"));
    }
}

#[tokio::test]
async fn a_public_url_is_shown_and_accepted() {
    let sandbox = public("https://Tunnel.example/").await.unwrap();
    let to = sandbox.address();
    assert_eq!(sandbox.url(), "https://tunnel.example");
    let tunnel = "Host: tunnel.example";
    let page = send_as_is(to, "GET /phones", &[tunnel], "").await;
    assert!(page.body.contains("https://tunnel.example/sample/callback"));
    send_as_is(to, "GET /", &["Host: tunnel.example.evil.example"], "")
        .await
        .refused(421, "misdirected_request");
    for (origin, status) in [
        ("https://tunnel.example", 200),
        ("https://evil.example", 403),
        ("https://tunnel.example.evil.example", 403),
    ] {
        let origin = format!("Origin: {origin}");
        let answer = send_as_is(to, "POST /sandbox/v1/reset", &[tunnel, &origin], "").await;
        assert_eq!(answer.status, status, "{origin}");
    }
    for base in [sandbox.url(), &format!("http://localhost:{}", to.port())] {
        let link = format!("{base}{}", authorization("idv"));
        sandbox.app().open(&link).unwrap();
    }
    for (url, part) in [
        ("tunnel.example", "absolute"),
        ("https://a.example/b", "path"),
    ] {
        assert!(public(url).await.unwrap_err().contains(part), "{url}");
    }
}

#[tokio::test]
async fn the_association_files_contain_the_apps() {
    let fingerprint = vec!["0F"; 32].join(":");
    let config = Config {
        apps: Apps {
            ios: vec!["ABCDE12345.com.example.app".into()],
            android: vec![AndroidApp {
                package: "com.example.app".into(),
                sha256_cert_fingerprints: vec![fingerprint.clone()],
            }],
        },
        ..Config::default()
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let to = sandbox.address();
    let apple = send(to, "GET /.well-known/apple-app-site-association", &[], "").await;
    assert_eq!(
        apple.json(),
        json!({ "applinks": { "details": [{
            "appIDs": ["ABCDE12345.com.example.app"],
            "components": [{ "/": "/sample/callback*" }],
        }] } })
    );
    let android = send(to, "GET /.well-known/assetlinks.json", &[], "").await;
    assert_eq!(
        android.json(),
        json!([{
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": "com.example.app",
                "sha256_cert_fingerprints": [fingerprint],
            },
        }])
    );
    let page = send(to, "GET /phones", &[], "").await;
    assert!(page.body.contains("ABCDE12345.com.example.app"));

    let (_sandbox, to) = started().await;
    for (file, part) in [
        ("apple-app-site-association", "apps.ios"),
        ("assetlinks.json", "apps.android"),
    ] {
        let answer = send(to, &format!("GET /.well-known/{file}"), &[], "").await;
        let description = answer.refused(404, "not_found");
        assert!(description.contains(part), "{description}");
    }
}

#[tokio::test]
async fn a_callback_can_lead_to_the_sandbox() {
    let (sandbox, to) = started().await;
    let own = format!("{}/sample/callback", sandbox.url());
    assert!(sandbox.clients()[0].redirect_uris.contains(&own));
    let link = |uri: &str| {
        let whole = format!("{}{}", sandbox.url(), authorization("idv"));
        whole.replace(&encode(&[("", REDIRECT)])[1..], &encode(&[("", uri)])[1..])
    };
    // A request must contain the absolute URI of a path.
    let refused = sandbox.app().open(&link("/sample/callback")).unwrap_err();
    assert_eq!(refused.error, "invalid_redirect_uri");
    let waiting = sandbox.app().open(&link(&own)).unwrap();
    let callback = sandbox.app().approve(&waiting.id).unwrap();
    let (code, state) = (
        parameter(&callback, "code").unwrap(),
        parameter(&callback, "state").unwrap(),
    );
    let path = callback.strip_prefix(sandbox.url()).unwrap();
    let page = send(to, &format!("GET {path}"), &[], "").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<code>code</code>") && page.body.contains("<code>state</code>"));
    assert!(!page.body.contains(&code) && !page.body.contains(&format!(">{state}<")));
    assert!(!page.body.contains("<code>error</code>"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));

    let error = "GET /sample/callback?error=access_denied%3Cscript%3E&state=S-9&S3CRET&S3CRET=1";
    let page = send(to, error, &[], "").await;
    assert!(page.body.contains("access_denied&#60;script&#62;"));
    assert!(page.body.contains("2 that Truid does not document"));
    assert!(!page.body.contains("S3CRET") && !page.body.contains("S-9"));
    let page = send(to, "GET /sample/callback", &[], "").await;
    assert!(page.body.contains("no login opened this page"));
}
