//! `switchback serve --demo`: a sandbox, and a service that is its client, for the developer of an
//! app. The command prints the configuration of an app for them.
//!
//! The redirect URI of an app has a custom scheme, which needs no host; the redirect URI of a
//! browser is http on loopback. A service has one redirect URI. So there are two services behind
//! one listener, and both are the same client.

mod snippets;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{StatusCode, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use switchback::ports::SystemClock;
use switchback::provider::KNOWN;
use switchback::{Provider, Purpose};
use switchback_backend::Keys;
use switchback_backend::server::{LogLevel, LogSettings, install_logs, with_middleware};
use switchback_backend::web::{self, ApiKeys, Web};
use switchback_protocol::{Environment, RedirectUri};
use switchback_sandbox::{Config, RegisteredClient, Sandbox, StartError};
use tokio::net::TcpListener;

use crate::args::{Common, ServeDemoArgs};
use crate::demo::{RunningSandbox, service};
use crate::exit::Failure;
use crate::output::{Output, bold, key};
use crate::profile::{self, Profile};
use crate::sandbox;
use snippets::Snippets;

/// The path prefix of the service for browsers.
const BROWSER: &str = "/browser";

/// The host names of this machine in requests: its own, and the one in Android's emulator.
const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "10.0.2.2"];

/// All addresses that the command prints.
struct Addresses {
    /// The page to log in on.
    page: String,
    /// The base of the service for apps.
    service: String,
    /// Where a login of an app begins.
    start: String,
    /// The URL to which an app forwards its callback.
    complete: String,
    /// The base URL of the sandbox.
    provider: String,
    /// The redirect URI of an app, in both modes.
    redirect_uri: String,
    scheme: String,
    /// The client id of an app in direct mode.
    client_id: String,
    /// The base of the service for browsers, and for a program that is not on a phone.
    browser: String,
    /// The redirect URI of that service.
    browser_redirect_uri: String,
    /// The key of the service's own code, which prepares documents to sign.
    api_key: String,
    /// The ports of the service and of the sandbox.
    ports: [u16; 2],
}

/// Starts the sandbox and both services, and prints their addresses.
pub(crate) async fn run(
    out: &Output,
    common: &Common,
    args: &ServeDemoArgs,
) -> Result<RunningSandbox, Failure> {
    install_logs(&LogSettings {
        level: match common.verbose {
            true => LogLevel::Debug,
            false => LogLevel::Warn,
        },
        ..LogSettings::default()
    });
    // The sandbox plays the first provider.
    let provider = Provider::new(KNOWN[0]);
    let (prefix, complete) = (service::prefix(&provider), service::complete(&provider));
    let redirect_uri = own_scheme(&args.scheme, &complete)?;
    let socket = listen(args.port).await?;
    let address = socket.local_addr().map_err(failed)?;
    let origin = format!("http://{address}");

    let browser = format!("{origin}{BROWSER}/complete");
    let secret = Keys::generate().map_err(failed)?;
    let backend = RegisteredClient {
        secret: Some(secret.as_str().into()),
        redirect_uris: vec![redirect_uri.clone(), browser.clone()],
        ..RegisteredClient::demo_backend()
    };
    let mut app = RegisteredClient::demo_app();
    app.redirect_uris.insert(0, redirect_uri.clone());
    app.redirect_uris.push(sandbox::LOOPBACK_REDIRECT.into());
    let client_id = app.client_id.clone();
    let sandbox = start(args.sandbox_port, vec![app, backend.clone()]).await?;

    let home = tempfile::tempdir().map_err(failed)?;
    let open = async |redirect_uri: &str, database: &str| {
        let mut profile = Profile::sandbox(sandbox.url(), &backend.client_id, redirect_uri);
        profile.scope = profile::default_scope(&provider);
        let database = home.path().join(database);
        service::open(&profile, &secret, &database, Arc::new(SystemClock)).await
    };
    let for_apps = open(&redirect_uri, "apps.db").await?;
    let for_browsers = open(&browser, "browsers.db").await?;
    let mut below = Web::default();
    below.prefix = Some(BROWSER.into());
    // Each router has a fallback, and a merged router can have only one.
    let for_browsers = service::with_page(for_browsers, below).reset_fallback();
    let api_key = Keys::generate().map_err(failed)?;
    let mut with_key = Web::default();
    with_key.api_keys = Some(ApiKeys::read(&api_key).map_err(failed)?);
    let routes = web::router(for_apps, with_key).merge(for_browsers);
    serve(socket, with_middleware(routes).map_err(failed)?);

    let addresses = Addresses {
        page: format!("{origin}/"),
        service: format!("{origin}{prefix}"),
        start: format!("{origin}{prefix}/{}", provider.purpose_name(Purpose::Login)),
        complete: format!("{origin}{complete}"),
        provider: sandbox.url().into(),
        redirect_uri,
        scheme: args.scheme.clone(),
        client_id,
        browser: format!("{origin}{BROWSER}"),
        browser_redirect_uri: browser,
        api_key: api_key.as_str().into(),
        ports: [address.port(), sandbox.address().port()],
    };
    announce(out, &provider, &addresses);
    Ok(RunningSandbox {
        sandbox,
        home: Some(home),
    })
}

/// The redirect URI of an app with this scheme. Its path is the service's path for callbacks: the
/// core forwards the callback there.
fn own_scheme(scheme: &str, path: &str) -> Result<String, Failure> {
    let uri = format!("{scheme}://app{path}");
    let wrong = |why: &str| {
        Failure::usage(format!("--scheme: {why}"))
            .next("use your app's own scheme, such as demoapp or com.example.app")
    };
    if ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(wrong("http and https are not custom schemes"));
    }
    if scheme.contains(|letter: char| letter.is_ascii_uppercase()) {
        let lower = scheme.to_ascii_lowercase();
        return Err(Failure::usage(format!(
            "--scheme: {scheme} has a capital letter: Android compares schemes letter by letter, \
             and browsers send small letters"
        ))
        .next(format!("use {lower}, also in the app")));
    }
    RedirectUri::new(&uri, Environment::Test).map_err(|error| wrong(&error.to_string()))?;
    // The service parses the URI in the same way.
    let read = uri.parse::<Uri>();
    match read.is_ok_and(|read| read.path() == path) {
        true => Ok(uri),
        false => Err(wrong("it is not a scheme (RFC 3986 section 3.1)")),
    }
}

async fn listen(port: u16) -> Result<TcpListener, Failure> {
    let address = ("127.0.0.1", port);
    TcpListener::bind(address).await.map_err(|error| {
        Failure::failed(format!(
            "the service cannot listen on 127.0.0.1:{port}: {error}"
        ))
        .next(
            "end the program that listens there, or choose another port with --port; 0 lets the \
             system choose",
        )
    })
}

async fn start(port: u16, clients: Vec<RegisteredClient>) -> Result<Sandbox, Failure> {
    let mut config = Config {
        clients,
        ..Config::default()
    };
    config.listen.set_port(port);
    // A person possibly copies the authorization URL from a terminal to a browser, and the callback
    // back.
    config.lifetimes.request_uri = 300;
    config.lifetimes.code = 300;
    Sandbox::start(config).await.map_err(|error| match error {
        StartError::Listen { .. } => Failure::failed(format!("the sandbox {error}")).next(
            "end the program that listens there, or choose another port with --sandbox-port; 0 \
             lets the system choose",
        ),
        error => sandbox::refused(error),
    })
}

/// Serves in the background until this process ends.
fn serve(socket: TcpListener, routes: Router) {
    let routes = routes.layer(from_fn(by_name_of_this_machine));
    tokio::spawn(async move { axum::serve(socket, routes).await });
}

/// Refuses other names in `Host`: a page's host name can lead to this machine (DNS rebinding).
async fn by_name_of_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| Authority::try_from(host.as_bytes()).ok());
    match host.is_some_and(|host| NAMES.contains(&host.host())) {
        true => next.run(request).await,
        false => StatusCode::MISDIRECTED_REQUEST.into_response(),
    }
}

fn announce(out: &Output, provider: &Provider, addresses: &Addresses) {
    let snippets = Snippets::of(addresses);
    let Addresses {
        page,
        service,
        start,
        provider: base_url,
        redirect_uri,
        client_id,
        browser,
        browser_redirect_uri,
        api_key,
        ..
    } = addresses;
    out.object(&json!({
        "step": "ready",
        "url": page,
        "provider": { "id": provider.id(), "base_url": base_url },
        "redirect_uri": redirect_uri,
        "test_service": true,
        "mediated": { "base_url": service, "start": start, "api_key": api_key },
        "direct": { "client_id": client_id },
        "browser": { "base_url": browser, "redirect_uri": browser_redirect_uri },
        "pages": sandbox::announce::pages(base_url),
        "snippets": snippets,
    }));
    let name = provider.name();
    out.line(bold(format_args!(
        "A service, and a sandbox that plays {name}, run on this machine. Ctrl-C stops both."
    )));
    let section = |title: &str, text: &str| {
        out.line("");
        out.line(bold(title));
        out.line(text);
    };
    section("A whole login with curl", &snippets.curl);
    section(
        "A document to sign: the app begins with the id in the answer",
        &snippets.sign,
    );
    section("Android, in Kotlin", &snippets.kotlin);
    section(
        &format!(
            "app/build.gradle.kts, if {} is the applicationId; name yours with --scheme",
            addresses.scheme
        ),
        &snippets.gradle,
    );
    section(
        "src/debug/res/xml/network_security_config.xml",
        &snippets.network_security_config,
    );
    section("src/debug/AndroidManifest.xml", &snippets.android_manifest);
    section("For an emulator, or a phone on a cable", &snippets.adb);
    out.line(format_args!(
        "In direct mode, an emulator also reaches the provider at http://10.0.2.2:{}.",
        addresses.ports[1]
    ));
    section("iOS, in Swift", &snippets.swift);
    section("Info.plist of the debug build", &snippets.info_plist);
    section("In a browser", &snippets.browser);
    out.line("");
    let rows = [
        ("service, for apps", service.clone()),
        ("redirect URI", redirect_uri.clone()),
        ("client id, in direct mode", client_id.clone()),
        ("service, for browsers", browser.clone()),
        ("its redirect URI", browser_redirect_uri.clone()),
        ("the person approves at", format!("{base_url}/app")),
        ("each login, step by step", format!("{base_url}/trace")),
    ];
    let rows = rows.map(|(name, value)| vec![key(name).to_string(), value]);
    out.table("", &rows);
}

fn failed(what: impl std::fmt::Display) -> Failure {
    Failure::failed(format!("the demo cannot start: {what}"))
}
