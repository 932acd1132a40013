//! The service's backend of the demo: it has the client secret and the provider's tokens.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use serde_json::json;
use switchback::ports::Clock;
use switchback::{Provider, Purpose};
use switchback_backend::store::Sqlite;
use switchback_backend::web::{self, Web, pages::Page};
use switchback_backend::{ClientAuthentication, Config, Keys, Platform, Service, Signing};
use switchback_sandbox::RegisteredClient;

use super::{DemoSetup, Progress, RunningSandbox};
use crate::browser;
use crate::exit::Failure;
use crate::output::key;
use crate::profile::Profile;
use crate::verify::Trust;

/// The path prefix of the backend.
pub(crate) fn prefix(provider: &Provider) -> String {
    format!("/{}", provider.id())
}

/// The path of the backend's redirect URI.
pub(crate) fn complete(provider: &Provider) -> String {
    format!("{}/complete", prefix(provider))
}

/// The demo's service, and its routes.
pub(super) async fn of(setup: &DemoSetup) -> Result<(Service, Router), Failure> {
    let secret = RegisteredClient::DEMO_BACKEND_SECRET;
    let database = setup.home.path().join("service.db");
    let clock = Arc::clone(&setup.clock);
    let service = open(&setup.profile, secret, &database, clock).await?;
    Ok((service.clone(), with_page(service, Web::default())))
}

/// A service that is this client, with a new database in this file.
pub(crate) async fn open(
    profile: &Profile,
    secret: &str,
    database: &Path,
    clock: Arc<dyn Clock>,
) -> Result<Service, Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::failed(format!("the demo's service cannot start: {error}"))
    };
    let registration = profile
        .registration(profile.redirect_uri())
        .map_err(|error| failed(&error))?;
    let mut config = Config::new(
        registration,
        ClientAuthentication::SecretPost(secret.into()),
    );
    let provider = profile.provider();
    for purpose in provider.purposes().filter(|it| *it != Purpose::Signing) {
        config = config.with_purpose(purpose, profile.scope.clone());
    }
    // The sandbox's own address is the source of its root.
    let roots = Trust::roots(&[format!("{}/certs/", profile.base_url)]).await?;
    config = config.with_signing(Signing::new(roots), profile.scope.clone());
    let database = Sqlite::open(database).await;
    let database = database.map_err(|error| failed(&error))?;
    let key = Keys::generate().map_err(|error| failed(&error))?;
    let keys = Keys::read(&key).map_err(|error| failed(&error))?;
    let mut platform = Platform::new(database, keys);
    platform.clock = clock;
    Service::new(config, platform).map_err(|error| failed(&error))
}

/// The service's routes, and its login page.
pub(crate) fn with_page(service: Service, web: Web) -> Router {
    let mut page = Page::default();
    page.name = Some("Demo Service".into());
    web::router(service.clone(), web.clone()).merge(web::pages::router(service, web, page))
}

/// Leaves the service's page to the person, until Ctrl-C.
pub(super) async fn web(
    progress: &mut Progress<'_>,
    setup: DemoSetup,
    no_open: bool,
) -> RunningSandbox {
    let provider = setup.profile.provider();
    let base = setup.profile.backend.as_deref().unwrap_or_default();
    let page = format!("{}/", base.strip_suffix(&prefix(&provider)).unwrap_or(base));
    let opened = !no_open && browser::open(&page).await;
    progress.step(
        "page",
        match opened {
            true => "your browser shows the service's page",
            false => "the service's page waits for you",
        },
        json!({ "url": page, "opened": opened }),
    );
    let out = progress.out;
    out.line("");
    out.line(format_args!("Log in at {} until Ctrl-C.", key(&page)));
    let name = provider.name();
    out.line(format_args!(
        "Press \"Log in\" there. Your {name} app is a page of the sandbox:"
    ));
    out.line(format_args!("  {}/app", setup.sandbox.url()));
    RunningSandbox {
        sandbox: setup.sandbox,
        home: Some(setup.home),
    }
}
