//! How many connections there may be, in all and from one address. Where there is no room for
//! another one, those are closed that have waited for their client the longest: of the network
//! that has the most of them, so that few who come again and again are in their own way only.
//!
//! A connection waits for its client before a request has come as a whole, and after its
//! answer: whoever is idle, sends half a head, or does not read is in nobody's way. A request
//! that is being answered is never cut off.

use std::collections::HashMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::body::{Body, Frame, Incoming, SizeHint};
use ipnet::IpNet;
use switchback_driver::task::lock;
use tokio::sync::Notify;

use super::rate::network;

/// One in so many is closed at a time: finding the oldest means to look at all of them.
const CLOSED_SHARE: usize = 64;

/// That connections find no slot is said so often.
const LOG_EVERY: Duration = Duration::from_secs(1);

/// In the slot of a tick: a request is being answered.
const ANSWERING: u64 = 0;
/// In the slot of a tick: it is closed, to make room.
const CLOSED: u64 = u64::MAX;

/// How many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ConnectionLimits {
    pub(super) total: usize,
    /// From one address; of IPv6, from one /64.
    pub(super) per_network: usize,
}

/// All connections of a listener.
pub(super) struct Connections {
    limits: ConnectionLimits,
    /// Everybody comes from these: their number is theirs to bound.
    proxies: Vec<IpNet>,
    open: Mutex<OpenConnections>,
    /// One was let go.
    ended: Notify,
    /// Counts what connections do, and so says which of two waits longer.
    ticks: AtomicU64,
    rejected: Mutex<RejectedConnections>,
}

/// Connections that found no slot.
#[derive(Default)]
struct RejectedConnections {
    logged: Option<Instant>,
    /// Since then.
    count: u64,
}

impl RejectedConnections {
    /// One more. How many there are to say, once a second at most.
    fn add(&mut self, now: Instant) -> Option<u64> {
        self.count += 1;
        let is_soon = |said| now.duration_since(said) < LOG_EVERY;
        if self.logged.is_some_and(is_soon) {
            return None;
        }
        self.logged = Some(now);
        Some(std::mem::take(&mut self.count))
    }
}

#[derive(Default)]
struct OpenConnections {
    all: HashMap<u64, Arc<Connection>>,
    of: HashMap<u128, usize>,
    last: u64,
    /// How many of them are told to close, and have not done so.
    closing: usize,
}

/// A connection, as the others know it.
pub(super) struct Connection {
    network: Option<u128>,
    /// Since when it waits for its client, or [`ANSWERING`], or [`CLOSED`].
    waits_since: AtomicU64,
    closed: Notify,
}

/// A connection's slot among the others, for as long as this lives.
pub(super) struct Slot {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
    key: u64,
}

/// What became of an attempt to find a slot.
enum SlotSearch {
    Found(Slot),
    /// Some are being closed.
    Closing,
    /// All that there may be are being answered.
    Full,
}

impl Connections {
    pub(super) fn new(limits: ConnectionLimits, proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self {
            limits,
            proxies,
            open: Mutex::default(),
            ended: Notify::new(),
            ticks: AtomicU64::new(1),
            rejected: Mutex::default(),
        })
    }

    /// A slot for a connection from this address, once there is one. `None` where there is
    /// nobody to close for it. One asks at a time: whoever accepts.
    pub(super) async fn slot(self: &Arc<Self>, from: IpAddr) -> Option<Slot> {
        loop {
            match self.try_slot(from) {
                SlotSearch::Found(slot) => return Some(slot),
                SlotSearch::Closing => self.ended.notified().await,
                SlotSearch::Full => {
                    let rejected = lock(&self.rejected).add(Instant::now());
                    if let Some(connections) = rejected {
                        tracing::warn!(target: "switchback", event = "service.no-room", connections);
                    }
                    return None;
                }
            }
        }
    }

    fn try_slot(self: &Arc<Self>, from: IpAddr) -> SlotSearch {
        let from = from.to_canonical();
        let is_proxy = self.proxies.iter().any(|net| net.contains(&from));
        let network = (!is_proxy).then(|| network(from));
        let mut open = lock(&self.open);
        let per_network = network.and_then(|network| open.of.get(&network).copied());
        let is_one_full = per_network.unwrap_or_default() >= self.limits.per_network;
        if is_one_full || open.all.len() >= self.limits.total {
            return match open.close(network.filter(|_| is_one_full)) {
                true => SlotSearch::Closing,
                false => SlotSearch::Full,
            };
        }
        let connection = Arc::new(Connection {
            network,
            waits_since: AtomicU64::new(self.tick()),
            closed: Notify::new(),
        });
        open.last += 1;
        let key = open.last;
        open.all.insert(key, Arc::clone(&connection));
        if let Some(network) = network {
            *open.of.entry(network).or_default() += 1;
        }
        SlotSearch::Found(Slot {
            connections: Arc::clone(self),
            connection,
            key,
        })
    }

    /// Closes some that wait for their client, where there are any.
    pub(super) fn close_some(&self) {
        lock(&self.open).close(None);
    }

    fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed)
    }
}

impl OpenConnections {
    /// Closes the oldest of those who wait for their client: of this network, or else of the one
    /// that has most of them, or of all where none has more than one. Whether room is being made.
    fn close(&mut self, of: Option<u128>) -> bool {
        if of.is_none() && self.closing > 0 {
            return true;
        }
        let mut closing = 0;
        let mut waiting = Vec::new();
        for connection in self.all.values() {
            if of.is_some() && connection.network != of {
                continue;
            }
            match connection.waits_since.load(Ordering::Relaxed) {
                ANSWERING => {}
                CLOSED => closing += 1,
                since => waiting.push((since, connection)),
            }
        }
        if closing > 0 {
            return true;
        }
        if of.is_none() {
            let of = busiest_network(&waiting);
            waiting.retain(|(_, connection)| of.is_none() || connection.network == of);
        }
        let some = waiting.len().div_ceil(CLOSED_SHARE);
        if some < waiting.len() {
            waiting.select_nth_unstable_by_key(some, |(since, _)| *since);
        }
        let oldest = waiting.into_iter().take(some);
        let closed = oldest.filter(|(since, connection)| connection.close(*since));
        let closed = closed.count();
        self.closing += closed;
        closed > 0
    }
}

/// The network that has most of these connections, and more than one.
fn busiest_network(waiting: &[(u64, &Arc<Connection>)]) -> Option<u128> {
    let mut of = HashMap::<u128, usize>::new();
    for network in waiting.iter().filter_map(|(_, it)| it.network) {
        *of.entry(network).or_default() += 1;
    }
    let most = of.into_iter().max_by_key(|(_, count)| *count)?;
    (most.1 > 1).then_some(most.0)
}

impl Connection {
    /// Tells it to close, unless a request has come meanwhile.
    fn close(&self, since: u64) -> bool {
        let is_told = self.change(since, CLOSED);
        if is_told {
            self.closed.notify_one();
        }
        is_told
    }

    fn change(&self, from: u64, to: u64) -> bool {
        let changed =
            self.waits_since
                .compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed);
        changed.is_ok()
    }

    /// From here on it is answered. Since when it waited; `None` where it was closed.
    fn start_answering(&self) -> Option<u64> {
        let change = |since| (since != CLOSED).then_some(ANSWERING);
        self.waits_since
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, change)
            .ok()
    }
}

impl Slot {
    /// A request has come; `None` where the connection was closed just before.
    pub(super) fn request(&self) -> Option<ActiveRequest> {
        Some(ActiveRequest {
            connections: Arc::clone(&self.connections),
            since: self.connection.start_answering()?,
            connection: Arc::clone(&self.connection),
        })
    }

    /// Waits until it has to make room.
    pub(super) fn closed(&self) -> impl Future<Output = ()> + use<> {
        let connection = Arc::clone(&self.connection);
        async move { connection.closed.notified().await }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = lock(&self.connections.open);
        let open = &mut *open;
        if let Some(connection) = open.all.remove(&self.key) {
            if connection.waits_since.load(Ordering::Relaxed) == CLOSED {
                open.closing -= 1;
            }
            if let Some(network) = connection.network
                && let Some(count) = open.of.get_mut(&network)
            {
                *count -= 1;
                if *count == 0 {
                    open.of.remove(&network);
                }
            }
        }
        self.connections.ended.notify_one();
    }
}

/// A request that is being answered. Afterwards its connection waits for its client again.
pub(super) struct ActiveRequest {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
    since: u64,
}

impl ActiveRequest {
    /// Its body: the connection waits for its client where that does not come, and has done so
    /// since before its head came.
    pub(super) fn body(&self, body: Incoming) -> RequestBody {
        RequestBody {
            body,
            connection: Arc::clone(&self.connection),
            since: self.since,
        }
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        let tick = self.connections.tick();
        self.connection.change(ANSWERING, tick);
    }
}

/// A body, and the connection that it comes by.
pub(super) struct RequestBody {
    body: Incoming,
    connection: Arc<Connection>,
    since: u64,
}

impl Body for RequestBody {
    type Data = <Incoming as Body>::Data;
    type Error = <Incoming as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if frame.is_pending() {
            self.connection.change(ANSWERING, self.since);
            return frame;
        }
        // Where it was closed meanwhile, all of it is gone at once, and nothing is begun.
        match self.connection.start_answering() {
            Some(_) => frame,
            None => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const TWO: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn connections(total: usize, per_network: usize) -> Arc<Connections> {
        Connections::new(
            ConnectionLimits { total, per_network },
            vec!["10.0.0.0/8".parse().unwrap()],
        )
    }

    fn slot(connections: &Arc<Connections>, from: IpAddr) -> Option<Slot> {
        connections.slot(from).now_or_never().flatten()
    }

    /// Which of these were told to close.
    fn told(places: &[Slot]) -> Vec<usize> {
        let is_told = |slot: &Slot| slot.closed().now_or_never().is_some();
        let all = places.iter().enumerate();
        all.filter(|(_, slot)| is_told(slot))
            .map(|(n, _)| n)
            .collect()
    }

    #[test]
    fn the_longest_idle_connection_is_closed_first() {
        let connections = connections(3, 3);
        let three = IpAddr::from([192, 0, 2, 3]);
        let places = [ONE, TWO, three].map(|from| slot(&connections, from).unwrap());
        // The first has asked since, and is idle again: it is the youngest now.
        drop(places[0].request().unwrap());
        let mut newcomer = Box::pin(connections.slot(TWO));
        assert!((&mut newcomer).now_or_never().is_none(), "there is no room");
        assert_eq!(told(&places), [1]);
        let [_first, second, _third] = places;
        assert!(second.request().is_none(), "it is too late");
        drop(second);
        assert!(newcomer.now_or_never().flatten().is_some());
    }

    #[test]
    fn an_active_request_is_not_cut_off() {
        let connections = connections(2, 2);
        let places = [ONE, TWO].map(|from| slot(&connections, from).unwrap());
        let requests: Vec<_> = places.iter().map(|p| p.request().unwrap()).collect();
        assert!(slot(&connections, ONE).is_none(), "nobody can be closed");
        assert_eq!(told(&places), [0; 0]);
        drop(requests);
        assert!(slot(&connections, ONE).is_none());
        assert_eq!(told(&places).len(), 1);
    }

    #[test]
    fn one_address_does_not_displace_another() {
        let connections = connections(10, 2);
        let others = slot(&connections, TWO).unwrap();
        let places = [ONE, ONE].map(|from| slot(&connections, from).unwrap());
        assert!(
            slot(&connections, ONE).is_none(),
            "its own must close first"
        );
        assert_eq!((told(&places), told(&[others])), (vec![0], vec![]));
        // A proxy stands for everybody.
        let proxy = "::ffff:10.0.0.1".parse().unwrap();
        let many = [(); 5].map(|()| slot(&connections, proxy));
        assert!(many.iter().all(Option::is_some));
    }

    /// The honest ones are older, and each comes from a network of its own.
    #[test]
    fn a_network_with_many_connections_displaces_only_its_own() {
        let connections = connections(100, 50);
        let honest: Vec<_> = (0..50)
            .map(|n| slot(&connections, IpAddr::from([198, 51, 100, n])).unwrap())
            .collect();
        let mut theirs: Vec<_> = (0..50)
            .map(|n| slot(&connections, [ONE, TWO][n % 2]).unwrap())
            .collect();
        for n in 0..200 {
            let mut newcomer = Box::pin(connections.slot([ONE, TWO][n % 2]));
            assert!((&mut newcomer).now_or_never().is_none(), "there is no room");
            let told = told(&theirs);
            assert_eq!(told.len(), 1, "{n}");
            drop(theirs.remove(told[0]));
            theirs.push(newcomer.now_or_never().flatten().unwrap());
        }
        assert_eq!(told(&honest), [0; 0]);
        // Where nobody has more than one the oldest makes room.
        drop(theirs);
        let others: Vec<_> = (50..100)
            .map(|n| slot(&connections, IpAddr::from([198, 51, 100, n])).unwrap())
            .collect();
        assert!(slot(&connections, ONE).is_none());
        assert_eq!((told(&honest), told(&others)), (vec![0, 1], vec![]));
    }

    #[test]
    fn rejected_connections_are_logged_once_a_second() {
        let (mut rejected, now) = (RejectedConnections::default(), Instant::now());
        let ticks = [0, 1, 500, 999, 1000, 1001, 2000, 9000];
        let said = ticks.map(|it| rejected.add(now + Duration::from_millis(it)));
        assert_eq!(said.into_iter().flatten().collect::<Vec<_>>(), [1, 4, 2, 1]);
        // And they are counted.
        let connections = connections(1, 1);
        let first = slot(&connections, ONE).unwrap();
        let _answering = first.request().unwrap();
        assert!(
            [ONE, TWO]
                .iter()
                .all(|from| slot(&connections, *from).is_none())
        );
        assert_eq!(lock(&connections.rejected).count, 1, "the first was said");
    }

    #[test]
    fn a_dropped_slot_is_freed() {
        let connections = connections(100, 100);
        for _ in 0..3 {
            let places: Vec<_> = (0..100).map(|_| slot(&connections, ONE)).collect();
            assert!(places.iter().all(Option::is_some));
            assert!(slot(&connections, ONE).is_none());
            let places: Vec<_> = places.into_iter().flatten().collect();
            assert_eq!(told(&places), [0, 1], "the oldest sixty-fourth");
        }
        let open = lock(&connections.open);
        assert!(open.all.is_empty() && open.of.is_empty() && open.closing == 0);
    }
}
