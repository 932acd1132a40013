//! The cost of a session, in one run, compared with an app that uses `oauth2` and a mutex: a warm
//! token for many callers, one refresh for many callers, a rotation on a sealed file, and a store
//! with many sessions.
//!
//! The service is a function in this process, so the times are those of the library. Machines are
//! noisy: compare the ratios. `cargo bench -p switchback-tests --bench sessions`

#![expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may panic: no program depends on it"
)]

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AccessToken, ClientId, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, RefreshToken,
    TokenResponse as _, TokenUrl,
};
use switchback::ports::{
    BoxFuture, Clock, HttpTransport, SecureStore, StoreError, SystemClock, Time, TransportError,
};
use switchback::{
    Client, Config, LoginOutcome, LoginRequest, Platform, Provider, Purpose, Session, store,
};
use switchback_protocol::http::{Request, Response};

const CALLERS: usize = 1_000;
const SESSIONS: usize = 1_000;
const LIFE: i64 = 300;

/// The system's clocks with an offset, so that they cost the same as in an app.
#[derive(Default)]
struct Moved(AtomicI64);

impl Clock for Moved {
    fn now(&self) -> Time {
        let (moved, mut now) = (self.0.load(Ordering::Relaxed), SystemClock.now());
        now.wall += moved;
        if let Some(uptime) = &mut now.uptime {
            uptime.seconds += moved;
        }
        now
    }
}

/// A token endpoint in this process.
#[derive(Default)]
struct Service {
    answers: AtomicUsize,
    last: Mutex<Option<Instant>>,
}

impl Service {
    fn answer(&self) -> Vec<u8> {
        let n = self.answers.fetch_add(1, Ordering::SeqCst);
        let body = format!(
            r#"{{"access_token":"access-token-of-forty-three-characters-{n:05}","token_type":"bearer","expires_in":{LIFE},"refresh_token":"refresh-token-of-forty-three-characters-{n:05}"}}"#
        );
        *self.last.lock().unwrap() = Some(Instant::now());
        body.into_bytes()
    }
}

impl HttpTransport for Service {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async {
            Ok(Response {
                status: 200,
                headers: vec![("content-type".into(), "application/json".into())],
                body: self.answer(),
            })
        })
    }
}

/// Counts the writes and their time.
struct Counted<S> {
    inner: S,
    writes: Arc<AtomicUsize>,
}

impl<S: SecureStore> SecureStore for Counted<S> {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(key)
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        self.inner.put(key, value)
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.inner.delete(key)
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.inner.list(prefix)
    }
    fn process_lock(&self) -> Option<Arc<dyn switchback::ports::ProcessLock>> {
        self.inner.process_lock()
    }
}

struct Ours {
    client: Client,
    clock: Arc<Moved>,
    service: Arc<Service>,
    writes: Arc<AtomicUsize>,
}

impl Ours {
    fn new(inner: impl SecureStore + 'static) -> Self {
        let (clock, service) = (Arc::new(Moved::default()), Arc::new(Service::default()));
        let writes = Arc::new(AtomicUsize::new(0));
        let mut platform = Platform::new(Counted {
            inner,
            writes: writes.clone(),
        });
        platform.clock = clock.clone();
        platform.http = service.clone();
        let provider = Provider::truid().with_base_url("http://127.0.0.1:1");
        let config = Config::direct(provider, "app", "https://app.example/callback");
        Self {
            client: Client::new(config, platform).unwrap(),
            clock,
            service,
            writes,
        }
    }

    async fn session(&self) -> Session {
        let request = LoginRequest::new(Purpose::Login, ["truid.app/data-point/email"]);
        let login = self.client.begin(request).await.unwrap();
        let (_, state) = login.url.split_once("state=").unwrap();
        let state = state.split('&').next().unwrap();
        let link = format!("https://app.example/callback?code=c&state={state}");
        match self.client.complete(&link).await.unwrap() {
            LoginOutcome::LoggedIn { session, .. } => self.client.session(&session).await.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn expire(&self) {
        self.clock.0.fetch_add(LIFE, Ordering::Relaxed);
    }
}

type Endpoint =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// The code of a typical app; it stores nothing.
struct Peer {
    endpoint: Endpoint,
    clock: Moved,
    service: Arc<Service>,
    tokens: tokio::sync::Mutex<(AccessToken, RefreshToken, i64)>,
}

impl Peer {
    fn new() -> Self {
        let service = Service::default();
        let first: BasicTokenResponse = serde_json::from_slice(&service.answer()).unwrap();
        let clock = Moved::default();
        let tokens = Self::taken(&first, &clock);
        let url = TokenUrl::new("http://127.0.0.1:1/token".into()).unwrap();
        Self {
            endpoint: BasicClient::new(ClientId::new("app".into())).set_token_uri(url),
            clock,
            service: Arc::new(service),
            tokens: tokio::sync::Mutex::new(tokens),
        }
    }

    fn taken(tokens: &BasicTokenResponse, clock: &Moved) -> (AccessToken, RefreshToken, i64) {
        let life = i64::try_from(tokens.expires_in().unwrap().as_secs()).unwrap();
        let refresh = tokens.refresh_token().unwrap().clone();
        (
            tokens.access_token().clone(),
            refresh,
            clock.now().wall + life,
        )
    }

    async fn access_token(&self) -> AccessToken {
        let mut tokens = self.tokens.lock().await;
        if self.clock.now().wall >= tokens.2 - 30 {
            let service = Arc::clone(&self.service);
            let http = move |_: HttpRequest| {
                let mut answer = HttpResponse::new(service.answer());
                let json = oauth2::http::HeaderValue::from_static("application/json");
                answer.headers_mut().insert("content-type", json);
                std::future::ready(Ok::<_, std::io::Error>(answer))
            };
            let refresh = self.endpoint.exchange_refresh_token(&tokens.1);
            let answer = refresh.request_async(&http).await.unwrap();
            *tokens = Self::taken(&answer, &self.clock);
        }
        tokens.0.clone()
    }
}

/// Runs this number of concurrent callers: the time of each answer, from its call and from the
/// answer of the service.
async fn at_once<F>(call: impl Fn() -> F) -> (Vec<Duration>, Instant)
where
    F: Future<Output = ()> + Send + 'static,
{
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let call = call();
            tokio::spawn(async move {
                let start = Instant::now();
                call.await;
                (start.elapsed(), Instant::now())
            })
        })
        .collect();
    let (mut times, mut last) = (Vec::with_capacity(CALLERS), Instant::now());
    for caller in callers {
        let (time, end) = caller.await.unwrap();
        times.push(time);
        last = last.max(end);
    }
    (times, last)
}

fn percentile(times: &mut [Duration], of_100: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * of_100 / 100]
}

fn ratio(ours: Duration, peers: Duration) -> String {
    let ratio = peers.as_secs_f64() / ours.as_secs_f64();
    format!("{ratio:.1} x oauth2 + mutex")
}

async fn warm(rounds: usize) {
    let (ours, peer) = (Ours::new(store::Memory::new()), Arc::new(Peer::new()));
    let session = ours.session().await;
    let (mut our_times, mut peer_times) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let call = || {
            let session = session.clone();
            async move { drop(session.access_token().await.unwrap()) }
        };
        our_times.extend(at_once(call).await.0);
        let call = || {
            let peer = peer.clone();
            async move { drop(peer.access_token().await) }
        };
        peer_times.extend(at_once(call).await.0);
    }
    println!("\n{CALLERS} concurrent callers of a warm session ({rounds} rounds), a call:");
    for (name, times) in [
        ("switchback", &mut our_times),
        ("oauth2 + mutex", &mut peer_times),
    ] {
        let [p50, p99] = [50, 99].map(|of| percentile(times, of));
        println!(
            "  {name:<16} p50 {:>8} ns   p99 {:>8} ns",
            p50.as_nanos(),
            p99.as_nanos()
        );
    }
    let [ours, peers] = [&mut our_times, &mut peer_times].map(|times| percentile(times, 50));
    println!("  p50: {}", ratio(ours, peers));
}

async fn after_expiry(rounds: usize) {
    let (ours, peer) = (Ours::new(store::Memory::new()), Arc::new(Peer::new()));
    let session = ours.session().await;
    let (mut our_times, mut peer_times) = (Vec::new(), Vec::new());
    let before = ours.service.answers.load(Ordering::SeqCst);
    let peers_before = peer.service.answers.load(Ordering::SeqCst);
    for _ in 0..rounds {
        ours.expire();
        let call = || {
            let session = session.clone();
            async move { drop(session.access_token().await.unwrap()) }
        };
        let (_, last) = at_once(call).await;
        our_times.push(last - ours.service.last.lock().unwrap().unwrap());
        peer.clock.0.fetch_add(LIFE, Ordering::Relaxed);
        let call = || {
            let peer = peer.clone();
            async move { drop(peer.access_token().await) }
        };
        let (_, last) = at_once(call).await;
        peer_times.push(last - peer.service.last.lock().unwrap().unwrap());
    }
    let requests = ours.service.answers.load(Ordering::SeqCst) - before;
    let peers = peer.service.answers.load(Ordering::SeqCst) - peers_before;
    println!(
        "\n{CALLERS} callers after expiry ({rounds} rounds), from the answer to the last caller:"
    );
    println!("  requests: switchback {requests}, oauth2 + mutex {peers}, of {rounds}");
    for (name, times) in [
        ("switchback", &mut our_times),
        ("oauth2 + mutex", &mut peer_times),
    ] {
        let [p50, most] = [50, 100].map(|of| percentile(times, of));
        println!("  {name:<16} p50 {p50:>10.1?}   most {most:>10.1?}");
    }
}

/// The minimum work of storing a token in a file atomically and durably.
fn durable_write(folder: &Path, content: &[u8]) {
    let mut file = tempfile::NamedTempFile::new_in(folder).unwrap();
    file.write_all(content).unwrap();
    file.as_file().sync_all().unwrap();
    file.persist(folder.join("floor")).unwrap();
    std::fs::File::open(folder).unwrap().sync_all().unwrap();
}

async fn rotation(place: &str, parent: &Path, rounds: usize) {
    let folder = tempfile::tempdir_in(parent).unwrap();
    let ours = Ours::new(store::SealedFile::open(&folder).unwrap());
    let session = ours.session().await;
    let size = std::fs::metadata(folder.path().join("sessions.sealed"))
        .unwrap()
        .len();
    let content = vec![7; usize::try_from(size).unwrap()];
    let before = ours.writes.load(Ordering::SeqCst);
    let (mut rotations, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.expire();
        let start = Instant::now();
        session.access_token().await.unwrap();
        rotations.push(start.elapsed());
        let start = Instant::now();
        durable_write(folder.path(), &content);
        durable_write(folder.path(), &content);
        floors.push(start.elapsed());
    }
    let writes = ours.writes.load(Ordering::SeqCst) - before;
    let [rotation, floor] = [&mut rotations, &mut floors].map(|times| percentile(times, 50));
    println!("\na rotation on a sealed file {place} ({rounds} rounds, medians):");
    println!(
        "  durable writes   {:.1} a rotation",
        writes as f64 / rounds as f64
    );
    println!("  rotation         {rotation:>10.1?}");
    println!("  two bare writes  {floor:>10.1?}");
    println!(
        "  of its own       {:>10.1?}",
        rotation.saturating_sub(floor)
    );
}

async fn many_sessions(sessions: usize, rounds: usize) {
    let folder = tempfile::tempdir().unwrap();
    // Made in memory, and sealed once.
    let memory = Arc::new(store::Memory::new());
    struct Shared(Arc<store::Memory>);
    impl SecureStore for Shared {
        fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
            self.0.get(key)
        }
        fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
            self.0.put(key, value)
        }
        fn delete(&self, key: &str) -> Result<(), StoreError> {
            self.0.delete(key)
        }
        fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
            self.0.list(prefix)
        }
    }
    let ours = Ours::new(Shared(memory.clone()));
    let grant = {
        ours.session().await;
        let keys = memory.list("").unwrap();
        let key = keys.iter().find(|key| key.contains("/session/")).unwrap();
        (key.clone(), memory.get(key).unwrap().unwrap())
    };
    let (prefix, _) = grant.0.rsplit_once('/').unwrap();
    let sealed = store::SealedFile::open(&folder).unwrap();
    for n in 0..sessions {
        sealed.put(&format!("{prefix}/{n:032x}"), &grant.1).unwrap();
    }
    let (mut opened, mut one) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let start = Instant::now();
        let ours = Ours::new(store::SealedFile::open(&folder).unwrap());
        let all = ours.client.sessions().await.unwrap();
        opened.push(start.elapsed());
        assert_eq!(all.len(), sessions);
        let start = Instant::now();
        let ours = Ours::new(store::SealedFile::open(&folder).unwrap());
        ours.client.session(&all[sessions / 2]).await.unwrap();
        one.push(start.elapsed());
    }
    let [opened, one] = [&mut opened, &mut one].map(|times| percentile(times, 50));
    println!("\na sealed file of {sessions} sessions, opened again ({rounds} rounds, medians):");
    println!("  all of them listed  {opened:>10.1?}");
    println!("  one of them opened  {one:>10.1?}");
}

fn main() {
    // `cargo bench -- --test` tests that the benchmark runs, not its speed.
    let smoke = std::env::args().any(|argument| argument == "--test");
    let rounds = |full: usize| if smoke { 1 } else { full };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        warm(rounds(100)).await;
        after_expiry(rounds(50)).await;
        rotation("on disk", &std::env::temp_dir(), rounds(200)).await;
        let memory = Path::new("/dev/shm");
        if memory.is_dir() {
            rotation("in memory", memory, rounds(200)).await;
        }
        many_sessions(if smoke { 10 } else { SESSIONS }, rounds(50)).await;
    });
}
