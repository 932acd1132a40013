//! `switchback demo`: plays a login on the same device over real HTTP, in which the app's process
//! ends before the callback. The app logs in through the service's backend, or with `--direct` at
//! the provider.
//!
//! The first process begins the login. A second process (this program again) completes the login
//! with the callback. The first process then opens the session from the store, as an app does
//! after a restart. A third process is killed while it refreshes that session.

mod clock;
mod decision;
mod killed_refresh;
mod process;
mod second_process;
pub(crate) mod service;
mod session_steps;
mod signing;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use switchback::provider::{KNOWN, Retention};
use switchback::{Client, Platform, Provider, Purpose, store};
use switchback_backend::Service;
use switchback_sandbox::{Config, FlowFinding, RegisteredClient, Sandbox};
use tokio::net::TcpListener;

use crate::args::{Common, DemoArgs};
use crate::exit::Failure;
use crate::format;
use crate::listener::Listener;
use crate::output::{Output, bold, clean, dim, good};
use crate::profile::{self, Profile};
use clock::MovableClock;
use process::{ChildInput, ChildTask};

/// The redirect URI of an app without a backend.
const UNIVERSAL_LINK: &str = "https://app.example/truid/callback";

/// Prints the demo's steps, one line for each.
pub(crate) struct Progress<'a> {
    out: &'a Output,
    began: Instant,
    step: Instant,
}

impl<'a> Progress<'a> {
    fn new(out: &'a Output) -> Self {
        let now = Instant::now();
        Self {
            out,
            began: now,
            step: now,
        }
    }

    /// Prints a finished step: its name, a sentence for people, and fields for programs.
    fn step(&mut self, name: &str, words: impl AsRef<str>, mut more: Value) {
        let ms = milliseconds(self.step);
        self.step = Instant::now();
        if let Some(fields) = more.as_object_mut() {
            let mut object = json!({ "step": name, "ms": ms });
            if let Some(all) = object.as_object_mut() {
                all.append(fields);
            }
            self.out.object(&object);
        }
        let time = dim(format!("{ms:>7.1} ms"));
        let words = clean(words.as_ref());
        self.out
            .line(format_args!("{} {name:<8} {time}  {words}", good("✓")));
    }

    /// Restarts the step's time, after a wait for a person.
    fn resume(&mut self) {
        self.step = Instant::now();
    }
}

fn milliseconds(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 10_000.0).round() / 10.0
}

/// The servers, the store and the clock of a demo.
struct DemoSetup {
    sandbox: Sandbox,
    profile: Profile,
    clock: Arc<MovableClock>,
    /// The service's backend, in mediated mode.
    service: Option<Service>,
    /// The folder of the store; dropping this value removes the folder.
    home: tempfile::TempDir,
}

impl DemoSetup {
    /// A new client, as an app creates one at its start.
    fn client(&self) -> Result<Client, Failure> {
        let platform = platform(self.home.path(), Arc::clone(&self.clock))?;
        self.profile.client(platform)
    }

    /// How often the app's session was refreshed, at the backend or at the sandbox.
    fn refreshes(&self) -> u64 {
        match &self.service {
            Some(service) => service.counters().tokens_refreshed.get(),
            None => self.sandbox.counters().refreshes,
        }
    }

    /// Whether the session cannot be refreshed: a backend stores no refresh token of a one-off login.
    fn ends_with_its_token(&self) -> bool {
        let retention = self.profile.provider().retention(self.profile.purpose);
        self.service.is_some() && retention == Retention::OneOff
    }
}

fn platform(home: &Path, clock: Arc<MovableClock>) -> Result<Platform, Failure> {
    let mut platform = Platform::new(store::SealedFile::open(home)?);
    platform.clock = clock;
    Ok(platform)
}

/// Another process of the demo: does the task that it reads from stdin.
pub(crate) async fn continued(out: &Output) -> Result<(), Failure> {
    let ChildInput {
        profile,
        home,
        task,
    } = process::read_input().await?;
    match task {
        ChildTask::Complete { callback } => {
            second_process::continued(out, &profile, &home, &callback).await
        }
        ChildTask::Refresh { session, moved } => {
            let make = |http| {
                let clock = Arc::new(MovableClock::default());
                clock.advance(moved);
                let mut platform = platform(&home, clock)?;
                platform.http = http;
                profile.client(platform)
            };
            killed_refresh::refresh_until_killed(out, make, session.into()).await
        }
    }
}

/// A sandbox that runs until Ctrl-C.
pub(crate) struct RunningSandbox {
    pub(crate) sandbox: Sandbox,
    /// The folder of a running service; dropping this value removes the folder.
    pub(crate) home: Option<tempfile::TempDir>,
}

/// Plays the demo. Returns the sandbox if it stays until Ctrl-C.
pub(crate) async fn run(
    out: &Output,
    common: &Common,
    args: DemoArgs,
) -> Result<Option<RunningSandbox>, Failure> {
    let mut progress = Progress::new(out);
    let provider = Provider::new(KNOWN[0]);
    let purpose = profile::purpose(&provider, args.purpose.as_deref())?;
    let signs = purpose == Some(Purpose::Signing);
    if signs && args.web {
        return Err(
            Failure::usage("the demo's web page has no document to sign: leave out --web")
                .next("switchback demo --purpose signing"),
        );
    }
    out.line(bold(match signs {
        false => "A person logs in with Truid. A sandbox on this machine plays Truid.",
        true => "A person signs a document with Truid. A sandbox on this machine plays Truid.",
    }));
    out.line("");
    let (setup, listener) = set_up(&args).await?;
    let url = setup.sandbox.url().to_owned();
    let provider = setup.profile.provider();
    progress.step(
        "sandbox",
        format!("plays {} at {url}", provider.name()),
        json!({ "url": url }),
    );

    if let Some(base) = &setup.profile.backend {
        progress.step(
            "service",
            format!("has the client secret, at {base}"),
            json!({ "url": base }),
        );
    }
    if args.web {
        return Ok(Some(service::web(&mut progress, setup, args.no_open).await));
    }
    let client = setup.client()?;
    let (login, signing) = match signs {
        false => (setup.profile.request(), None),
        true => signing::prepare(&mut progress, &setup).await?,
    };
    let login = client.begin(login).await?;
    progress.step(
        "begin",
        "the client stored the login before it returned the URL",
        json!({ "attempt": login.id.as_str(), "expires_at": login.expires_at }),
    );
    // The phone ends the app's process to free memory: only the store remains.
    drop(client);

    let callback = match listener {
        None => decision::in_the_app(&mut progress, &setup, &login.url, args.decline)?,
        Some(listener) => {
            decision::in_a_browser(&mut progress, &setup, &login, listener, args.no_open).await?
        }
    };
    let completed =
        second_process::complete(&mut progress, &setup, callback, common.verbose).await?;
    let session = completed.session.clone().into();
    let (name, read, rows) = match signs {
        false => {
            let steps = session_steps::run(&mut progress, &setup, &session, common.verbose);
            let (claims, rows) = steps.await?;
            ("claims", claims, rows)
        }
        true => {
            let steps = signing::run(&mut progress, &setup, &session, signing);
            let (report, rows) = steps.await?;
            ("report", report, rows)
        }
    };
    let findings = setup.sandbox.findings();
    progress.step(
        "findings",
        findings_summary(&findings),
        json!({ "findings": findings }),
    );

    let ms = milliseconds(progress.began);
    out.object(&json!({
        "result": "done",
        "ms": ms,
        "purpose": setup.profile.purpose.as_str(),
        "session": completed.session,
        "denied_scopes": completed.denied_scopes,
        "counters": setup.sandbox.counters(),
        name: read,
    }));
    out.line("");
    out.line(bold(match signs {
        false => "What the service received",
        true => "What the signature says",
    }));
    out.table("  ", &rows);
    out.line("");
    match ms < 1000.0 {
        true => out.line(format_args!("Done in {ms:.0} ms.")),
        false => out.line(format_args!("Done in {:.1} s.", ms / 1000.0)),
    }
    if args.keep {
        crate::sandbox::announce_pages(out, &url);
    }
    Ok(args.keep.then_some(RunningSandbox {
        sandbox: setup.sandbox,
        home: None,
    }))
}

/// Starts the sandbox and the backend, and makes the store and the clock; with `--interactive`
/// also a listener for the callback.
async fn set_up(args: &DemoArgs) -> Result<(DemoSetup, Option<Listener>), Failure> {
    let socket = TcpListener::bind("127.0.0.1:0").await.map_err(io)?;
    let origin = format!("http://{}", socket.local_addr().map_err(io)?);
    // The sandbox plays the first provider.
    let provider = Provider::new(KNOWN[0]);
    let redirect_uri = match (args.direct, args.interactive) {
        (true, false) => UNIVERSAL_LINK.to_owned(),
        (true, true) => format!("{origin}/callback"),
        (false, _) => format!("{origin}{}", service::complete(&provider)),
    };
    let mut registered = match args.direct {
        true => RegisteredClient::demo_app(),
        false => RegisteredClient::demo_backend(),
    };
    registered.redirect_uris = vec![redirect_uri.clone()];
    let client_id = registered.client_id.clone();
    let config = Config {
        clients: vec![registered],
        ..Config::default()
    };
    let sandbox = Sandbox::start(config)
        .await
        .map_err(crate::sandbox::refused)?;
    let mut profile = Profile::sandbox(sandbox.url(), &client_id, &redirect_uri);
    profile.test_service = args.interactive || !args.direct;
    let purpose = profile::purpose(&provider, args.purpose.as_deref())?;
    profile.purpose = purpose.unwrap_or(Purpose::Login);
    profile.scope = match args.interactive {
        // Short enough for a QR code in a terminal.
        true => profile::default_scope(&provider),
        false => everything(&provider),
    };
    let mut setup = DemoSetup {
        sandbox,
        profile,
        clock: Arc::default(),
        service: None,
        home: tempfile::tempdir().map_err(io)?,
    };
    let mut fallback = None;
    if !args.direct {
        let (service, routes) = service::of(&setup).await?;
        setup.profile.backend = Some(format!("{origin}{}", service::prefix(&provider)));
        setup.service = Some(service);
        fallback = Some(routes);
    }
    let listener = match (args.interactive, fallback) {
        (true, fallback) => Some(Listener::on(vec![socket], &redirect_uri, fallback)),
        (false, Some(routes)) => {
            // The task ends with this process.
            tokio::spawn(async move { axum::serve(socket, routes).await });
            None
        }
        (false, None) => None,
    };
    Ok((setup, listener))
}

fn io(error: std::io::Error) -> Failure {
    Failure::failed(format!("the demo cannot start: {error}"))
}

/// Every known data point.
fn everything(provider: &Provider) -> Vec<String> {
    let known = provider.facts().scope.known.iter();
    known.map(|word| (*word).to_owned()).collect()
}

/// The sandbox's findings about this client, as text.
fn findings_summary(findings: &[FlowFinding]) -> String {
    match findings {
        [] => "the strict sandbox has no finding about this client".into(),
        [first, rest @ ..] => match rest.len() {
            0 => format!("the sandbox reports: {}", first.title),
            more => format!("the sandbox reports: {}, and {more} more", first.title),
        },
    }
}

/// The authorization request, as text for people.
fn request_summary(name: &str, purpose: Purpose, data_points: usize) -> String {
    let wish = format::purpose_phrase(purpose);
    let data = format::count(data_points, "data point", "data points");
    format!("{name} wants {wish}: {data}")
}
