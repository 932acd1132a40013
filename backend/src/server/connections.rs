//! The limits on connections: in total and from one network. If there is no slot for a new
//! connection, those that have waited for their client the longest are closed, in the network that
//! has the most of them. A few clients with many connections therefore displace only their own.
//!
//! A connection waits for its client until a request has arrived completely, and again after the
//! response. Such a connection is idle, has sent half a head, or does not read its answer. A
//! request that is being answered is never cut off.

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

/// One in this many is closed at a time, because finding the oldest means looking at all of them.
const CLOSED_SHARE: usize = 64;

/// The log has at most one line about missing slots in this time.
const LOG_EVERY: Duration = Duration::from_secs(1);

/// Instead of a tick: a request is being answered.
const ANSWERING: u64 = 0;
/// Instead of a tick: the connection was told to close.
const CLOSED: u64 = u64::MAX;

/// The limits on connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ConnectionLimits {
    pub(super) total: usize,
    /// From one IPv4 address, or one /64 of IPv6.
    pub(super) per_network: usize,
}

/// All connections of a listener.
pub(super) struct Connections {
    limits: ConnectionLimits,
    /// The limit per network does not apply to these proxies, which forward many clients.
    proxies: Vec<IpNet>,
    open: Mutex<OpenConnections>,
    /// Notified when a connection has ended.
    ended: Notify,
    /// A logical clock of the connections' events, to compare how long they wait.
    ticks: AtomicU64,
    rejected: Mutex<RejectedConnections>,
}

/// Connections that got no slot.
#[derive(Default)]
struct RejectedConnections {
    logged: Option<Instant>,
    /// The number since the last log line.
    count: u64,
}

impl RejectedConnections {
    /// Counts one. Returns the number to log, once a second at most.
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
    /// How many of them were told to close, and are still open.
    closing: usize,
}

/// A connection, as the others see it.
pub(super) struct Connection {
    network: Option<u128>,
    /// The tick since which it waits for its client, or [`ANSWERING`], or [`CLOSED`].
    waits_since: AtomicU64,
    closed: Notify,
}

/// A connection's slot, which is free again when this value is dropped.
pub(super) struct Slot {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
    key: u64,
}

/// The result of a search for a slot.
enum SlotSearch {
    Found(Slot),
    /// No slot is free, and some connections are being closed.
    Closing,
    /// No slot is free, and all connections are answering requests.
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

    /// A slot for a connection from this address, once one is free. `None` if no connection can be
    /// closed for it. Only the accept loop calls this, one connection at a time.
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

    /// Closes some connections that wait for their client.
    pub(super) fn close_some(&self) {
        lock(&self.open).close(None);
    }

    fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed)
    }
}

impl OpenConnections {
    /// Closes the oldest connections that wait for their client: of this network; without one, of
    /// the network that has the most of them, or of all if none has more than one. Returns whether
    /// slots are becoming free.
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

/// The network with the most of these connections, if it has more than one.
fn busiest_network(waiting: &[(u64, &Arc<Connection>)]) -> Option<u128> {
    let mut of = HashMap::<u128, usize>::new();
    for network in waiting.iter().filter_map(|(_, it)| it.network) {
        *of.entry(network).or_default() += 1;
    }
    let most = of.into_iter().max_by_key(|(_, count)| *count)?;
    (most.1 > 1).then_some(most.0)
}

impl Connection {
    /// Tells the connection to close, unless a request has arrived meanwhile.
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

    /// Marks that a request is being answered. Returns the tick since which the connection waited;
    /// `None` if it was closed.
    fn start_answering(&self) -> Option<u64> {
        let change = |since| (since != CLOSED).then_some(ANSWERING);
        self.waits_since
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, change)
            .ok()
    }
}

impl Slot {
    /// A request has arrived; `None` if the connection was closed just before.
    pub(super) fn request(&self) -> Option<ActiveRequest> {
        Some(ActiveRequest {
            connections: Arc::clone(&self.connections),
            since: self.connection.start_answering()?,
            connection: Arc::clone(&self.connection),
        })
    }

    /// Waits until the connection must close.
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

/// A request that is being answered. When it is dropped, the connection waits for its client
/// again.
pub(super) struct ActiveRequest {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
    since: u64,
}

impl ActiveRequest {
    /// The body. While its bytes do not arrive, the connection waits for its client, as it has
    /// since before the head arrived.
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

/// A body, and the connection that it arrives on.
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
        // If the connection was closed meanwhile, the whole request ends with it.
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

    /// The indexes of the slots that were told to close.
    fn told_to_close(slots: &[Slot]) -> Vec<usize> {
        let is_told = |slot: &Slot| slot.closed().now_or_never().is_some();
        let all = slots.iter().enumerate();
        all.filter(|(_, slot)| is_told(slot))
            .map(|(n, _)| n)
            .collect()
    }

    #[test]
    fn the_longest_idle_connection_is_closed_first() {
        let connections = connections(3, 3);
        let three = IpAddr::from([192, 0, 2, 3]);
        let slots = [ONE, TWO, three].map(|from| slot(&connections, from).unwrap());
        // The first connection has sent a request since, and is the youngest now.
        drop(slots[0].request().unwrap());
        let mut newcomer = Box::pin(connections.slot(TWO));
        assert!((&mut newcomer).now_or_never().is_none(), "no slot is free");
        assert_eq!(told_to_close(&slots), [1]);
        let [_first, second, _third] = slots;
        assert!(
            second.request().is_none(),
            "the connection was told to close"
        );
        drop(second);
        assert!(newcomer.now_or_never().flatten().is_some());
    }

    #[test]
    fn an_active_request_is_not_cut_off() {
        let connections = connections(2, 2);
        let slots = [ONE, TWO].map(|from| slot(&connections, from).unwrap());
        let requests: Vec<_> = slots.iter().map(|p| p.request().unwrap()).collect();
        assert!(
            slot(&connections, ONE).is_none(),
            "no connection can be closed"
        );
        assert_eq!(told_to_close(&slots), [0; 0]);
        drop(requests);
        assert!(slot(&connections, ONE).is_none());
        assert_eq!(told_to_close(&slots).len(), 1);
    }

    #[test]
    fn one_address_does_not_displace_another() {
        let connections = connections(10, 2);
        let others = slot(&connections, TWO).unwrap();
        let slots = [ONE, ONE].map(|from| slot(&connections, from).unwrap());
        assert!(
            slot(&connections, ONE).is_none(),
            "a connection of the same address must close first"
        );
        assert_eq!(
            (told_to_close(&slots), told_to_close(&[others])),
            (vec![0], vec![])
        );
        // The limit per network does not apply to a proxy.
        let proxy = "::ffff:10.0.0.1".parse().unwrap();
        let many = [(); 5].map(|()| slot(&connections, proxy));
        assert!(many.iter().all(Option::is_some));
    }

    /// The honest connections are older, and each comes from another network.
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
            assert!((&mut newcomer).now_or_never().is_none(), "no slot is free");
            let told = told_to_close(&theirs);
            assert_eq!(told.len(), 1, "{n}");
            drop(theirs.remove(told[0]));
            theirs.push(newcomer.now_or_never().flatten().unwrap());
        }
        assert_eq!(told_to_close(&honest), [0; 0]);
        // If no network has more than one, the oldest is closed.
        drop(theirs);
        let others: Vec<_> = (50..100)
            .map(|n| slot(&connections, IpAddr::from([198, 51, 100, n])).unwrap())
            .collect();
        assert!(slot(&connections, ONE).is_none());
        assert_eq!(
            (told_to_close(&honest), told_to_close(&others)),
            (vec![0, 1], vec![])
        );
    }

    #[test]
    fn rejected_connections_are_logged_once_a_second() {
        let (mut rejected, now) = (RejectedConnections::default(), Instant::now());
        let ticks = [0, 1, 500, 999, 1000, 1001, 2000, 9000];
        let said = ticks.map(|it| rejected.add(now + Duration::from_millis(it)));
        assert_eq!(said.into_iter().flatten().collect::<Vec<_>>(), [1, 4, 2, 1]);
        // Rejected connections are counted.
        let connections = connections(1, 1);
        let first = slot(&connections, ONE).unwrap();
        let _answering = first.request().unwrap();
        assert!(
            [ONE, TWO]
                .iter()
                .all(|from| slot(&connections, *from).is_none())
        );
        assert_eq!(lock(&connections.rejected).count, 1, "the first was logged");
    }

    #[test]
    fn a_dropped_slot_is_freed() {
        let connections = connections(100, 100);
        for _ in 0..3 {
            let slots: Vec<_> = (0..100).map(|_| slot(&connections, ONE)).collect();
            assert!(slots.iter().all(Option::is_some));
            assert!(slot(&connections, ONE).is_none());
            let slots: Vec<_> = slots.into_iter().flatten().collect();
            assert_eq!(told_to_close(&slots), [0, 1], "the oldest sixty-fourth");
        }
        let open = lock(&connections.open);
        assert!(open.all.is_empty() && open.of.is_empty() && open.closing == 0);
    }
}
