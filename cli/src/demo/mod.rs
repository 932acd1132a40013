//! `switchback demo`: a person logs in on the same device, over real HTTP, and the app's
//! process does not survive it. The app logs in through the service's backend, or with
//! `--direct` by itself.
//!
//! The first process begins the login and ends its part; a second one, this program
//! started again, completes it with the link that came back; the first opens the
//! session out of the store, as an app does that was started anew. A third is killed while
//! it refreshes that session.

mod clock;
mod decision;
mod killed_refresh;
mod process;
mod second_process;
pub(crate) mod service;
mod session_steps;

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

/// Where an app without a backend is sent back to.
const UNIVERSAL_LINK: &str = "https://app.example/truid/callback";

/// Tells what happens, one line a step.
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

    /// A step is done: its name, how it went in words, and what a program may want.
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

    /// The time that a person took is no step's.
    fn resume(&mut self) {
        self.step = Instant::now();
    }
}

fn milliseconds(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 10_000.0).round() / 10.0
}

/// What the demo's two processes share.
struct DemoSetup {
    sandbox: Sandbox,
    profile: Profile,
    clock: Arc<MovableClock>,
    /// The service's backend, where the app logs in through one.
    service: Option<Service>,
    /// Where the store is; it goes with this value.
    home: tempfile::TempDir,
}

impl DemoSetup {
    /// A client as an app makes one when it is started.
    fn client(&self) -> Result<Client, Failure> {
        let platform = platform(self.home.path(), Arc::clone(&self.clock))?;
        self.profile.client(platform)
    }

    /// How often the app's session was refreshed, by whoever gave it its tokens.
    fn refreshes(&self) -> u64 {
        match &self.service {
            Some(service) => service.counters().tokens_refreshed.get(),
            None => self.sandbox.counters().refreshes,
        }
    }

    /// A backend keeps no refresh token of a login that is for once.
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

/// Another process of the demo: does what it is told.
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

/// What goes on after a demo, until Ctrl-C.
pub(crate) struct RunningSandbox {
    pub(crate) sandbox: Sandbox,
    /// The folder of a service that goes on as well; it goes with this value.
    pub(crate) home: Option<tempfile::TempDir>,
}

/// Plays it all. Gives what is to be kept.
pub(crate) async fn run(
    out: &Output,
    common: &Common,
    args: DemoArgs,
) -> Result<Option<RunningSandbox>, Failure> {
    let mut progress = Progress::new(out);
    out.line(bold(
        "A person logs in with Truid, which a sandbox plays on this machine.",
    ));
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
            format!("holds the client secret, at {base}"),
            json!({ "url": base }),
        );
    }
    if args.web {
        return Ok(Some(service::web(&mut progress, setup, args.no_open).await));
    }
    let client = setup.client()?;
    let login = client.begin(setup.profile.request()).await?;
    progress.step(
        "begin",
        "the login is stored; only then is its URL handed out",
        json!({ "attempt": login.id.as_str(), "expires_at": login.expires_at }),
    );
    // The phone needs the memory: what the app's process knew is gone.
    drop(client);

    let callback = match listener {
        None => decision::in_the_app(&mut progress, &setup, &login.url, args.decline)?,
        Some(listener) => {
            decision::in_a_browser(&mut progress, &setup, &login, listener, args.no_open).await?
        }
    };
    let completed =
        second_process::complete(&mut progress, &setup, callback, common.verbose).await?;
    let (claims, rows) = session_steps::run(
        &mut progress,
        &setup,
        &completed.session.clone().into(),
        common.verbose,
    )
    .await?;
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
        "claims": claims,
    }));
    out.line("");
    out.line(bold("What the service learned"));
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

/// Sandbox, backend, store and clock; and a listener, where a browser is to come back.
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
            // It ends with this process.
            tokio::spawn(async move { axum::serve(socket, routes).await });
            None
        }
        (false, None) => None,
    };
    Ok((setup, listener))
}

fn io(error: std::io::Error) -> Failure {
    Failure::failed(format!("the demo cannot begin: {error}"))
}

/// Every data point that is known.
fn everything(provider: &Provider) -> Vec<String> {
    let known = provider.facts().scope.known.iter();
    known.map(|word| (*word).to_owned()).collect()
}

/// What the sandbox has to say about this client.
fn findings_summary(findings: &[FlowFinding]) -> String {
    match findings {
        [] => "the strict sandbox found nothing wrong with us".into(),
        [first, rest @ ..] => match rest.len() {
            0 => format!("the sandbox found: {}", first.title),
            more => format!("the sandbox found: {}, and {more} more", first.title),
        },
    }
}

/// Who asks for what, in words.
fn request_summary(name: &str, purpose: Purpose, data_points: usize) -> String {
    let wish = format::purpose_phrase(purpose);
    let data = format::count(data_points, "data point", "data points");
    format!("{name} wants {wish}: {data}")
}
