//! A server on loopback that answers byte by byte, as a case needs it.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::testing::lock;
use crate::testing::run::{Verdict, fail};

/// A request that the server received, complete or truncated.
#[derive(Clone, Debug, Default)]
pub(super) struct ReceivedRequest {
    /// Counts from 1, in the order of arrival at this server.
    pub(super) number: usize,
    /// Counts from 1, in the order of acceptance.
    pub(super) connection: usize,
    pub(super) method: String,
    pub(super) target: String,
    /// With names in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// Without its transfer coding.
    pub(super) body: Vec<u8>,
}

impl ReceivedRequest {
    pub(super) fn all<'a>(&'a self, name: &str) -> Vec<&'a str> {
        let headers = self.headers.iter();
        headers
            .filter(|header| header.0 == name)
            .map(|header| header.1.as_str())
            .collect()
    }

    /// Whether a list header contains this member.
    pub(super) fn has(&self, name: &str, member: &str) -> bool {
        let mut members = self.all(name).into_iter().flat_map(|list| list.split(','));
        members.any(|has| has.trim().eq_ignore_ascii_case(member))
    }
}

/// What the server does after it has answered.
#[derive(Clone, Copy)]
pub(super) enum AfterAnswer {
    /// Reads the next request; closes if the request asked for that.
    Keep,
    Close,
    /// Closes with a TCP reset, which is an error for the client.
    Reset,
    /// Neither writes nor closes.
    StaySilent,
}

/// The server's side of a connection.
pub(super) struct Connection<'a> {
    stream: &'a TcpStream,
    written: &'a AtomicUsize,
}

impl Connection<'_> {
    pub(super) fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        let mut rest = bytes.as_ref();
        while !rest.is_empty() {
            let count = self.stream.write(rest)?;
            self.written.fetch_add(count, Ordering::SeqCst);
            rest = &rest[count..];
        }
        Ok(())
    }
}

/// Handles a connection; the number is that of the connection.
type ConnectionHandler =
    dyn Fn(&Shared, usize, &TcpStream) -> io::Result<AfterAnswer> + Send + Sync;

struct Shared {
    handle: Box<ConnectionHandler>,
    received: Mutex<Vec<ReceivedRequest>>,
    /// The number of accepted connections.
    accepted: AtomicUsize,
    /// The open connections, by number.
    open: Mutex<HashMap<usize, TcpStream>>,
    written: AtomicUsize,
    is_stopped: AtomicBool,
}

/// A server that runs until it is dropped.
pub(super) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// Answers each request by `answer`.
    pub(super) fn start(
        answer: impl Fn(&ReceivedRequest, &mut Connection<'_>) -> io::Result<AfterAnswer>
        + Send
        + Sync
        + 'static,
    ) -> Verdict<Self> {
        Self::start_with(move |shared, number, stream| shared.serve(number, stream, &answer))
    }

    /// Refuses each TLS handshake: `handshake_failure` (RFC 8446 §6.2).
    pub(super) fn refusing_tls() -> Verdict<Self> {
        Self::start_with(|_, _, mut stream| {
            let mut head = [0; 5];
            stream.read_exact(&mut head)?;
            let length = u16::from_be_bytes([head[3], head[4]]);
            // If bytes are left unread, the connection is reset before the client reads the alert.
            io::copy(&mut stream.take(length.into()), &mut io::sink())?;
            stream.write_all(&[0x15, 3, 3, 0, 2, 2, 40])?;
            Ok(AfterAnswer::Close)
        })
    }

    fn start_with(
        handle: impl Fn(&Shared, usize, &TcpStream) -> io::Result<AfterAnswer> + Send + Sync + 'static,
    ) -> Verdict<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let bound = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = match bound {
            Ok(bound) => bound,
            Err(error) => return fail(format!("the suite cannot listen on loopback: {error}")),
        };
        let shared = Arc::new(Shared {
            handle: Box::new(handle),
            received: Mutex::default(),
            accepted: AtomicUsize::new(0),
            open: Mutex::default(),
            written: AtomicUsize::new(0),
            is_stopped: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        spawn(move || serving.accept(&listener))?;
        Ok(Self { address, shared })
    }

    /// Answers every request in the same way and keeps the connections open.
    pub(super) fn of(answer: Vec<u8>) -> Verdict<Self> {
        Self::start(move |_, connection| {
            connection.write(&answer)?;
            Ok(AfterAnswer::Keep)
        })
    }

    /// Host and port.
    pub(super) fn authority(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn received(&self) -> Vec<ReceivedRequest> {
        lock(&self.shared.received).clone()
    }

    /// The number of received requests.
    pub(super) fn requests(&self) -> usize {
        lock(&self.shared.received).len()
    }

    /// Resets the count of received requests.
    pub(super) fn forget(&self) {
        lock(&self.shared.received).clear();
    }

    /// The number of connections, with or without a request.
    pub(super) fn connections(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    pub(super) fn written(&self) -> usize {
        self.shared.written.load(Ordering::SeqCst)
    }

    /// Waits until at most `at_most` connections are open, and returns how many are open.
    pub(super) fn open_after(&self, limit: Duration, at_most: usize) -> usize {
        let open = || lock(&self.shared.open).len();
        wait_until(limit, || open() <= at_most);
        open()
    }

    /// Waits for this many requests, and returns whether they arrived.
    pub(super) fn has(&self, requests: usize, limit: Duration) -> bool {
        wait_until(limit, || self.requests() >= requests)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::SeqCst);
        // Wakes the threads that accept and read.
        drop(TcpStream::connect_timeout(
            &self.address,
            Duration::from_secs(1),
        ));
        for stream in lock(&self.shared.open).values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.open_after(Duration::from_secs(1), 0);
    }
}

impl Shared {
    fn accept(self: &Arc<Self>, listener: &TcpListener) {
        while let Ok((stream, _)) = listener.accept() {
            if self.is_stopped.load(Ordering::SeqCst) {
                return;
            }
            let number = self.accepted.fetch_add(1, Ordering::SeqCst) + 1;
            let Ok(known) = stream.try_clone() else {
                continue;
            };
            lock(&self.open).insert(number, known);
            let serving = Arc::clone(self);
            let _ = spawn(move || {
                let end = (serving.handle)(&serving, number, &stream);
                if matches!(end, Ok(AfterAnswer::Reset)) {
                    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
                }
                lock(&serving.open).remove(&number);
                drop(stream);
            });
        }
    }

    /// Serves one connection until it ends.
    fn serve(
        &self,
        connection: usize,
        stream: &TcpStream,
        answer: impl Fn(&ReceivedRequest, &mut Connection<'_>) -> io::Result<AfterAnswer>,
    ) -> io::Result<AfterAnswer> {
        // Small pieces are sent immediately.
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        loop {
            let Some(mut received) = read(&mut reader)? else {
                return Ok(AfterAnswer::Close);
            };
            {
                let mut all = lock(&self.received);
                received.connection = connection;
                received.number = all.len() + 1;
                all.push(received.clone());
            }
            let mut connection = Connection {
                stream,
                written: &self.written,
            };
            match answer(&received, &mut connection)? {
                AfterAnswer::Keep if !received.has("connection", "close") => {}
                AfterAnswer::StaySilent => {
                    // Further bytes are not a request.
                    io::copy(&mut reader, &mut io::sink())?;
                }
                end => return Ok(end),
            }
        }
    }
}

/// Reads the next request; `None` at the end of the connection.
fn read(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<ReceivedRequest>> {
    let Some(first) = line_of(reader)? else {
        return Ok(None);
    };
    let mut words = first.split(' ').map(String::from);
    let mut received = ReceivedRequest {
        method: words.next().unwrap_or_default(),
        target: words.next().unwrap_or_default(),
        ..ReceivedRequest::default()
    };
    while let Some(line) = line_of(reader)?.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let header = (name.to_ascii_lowercase(), value.trim().into());
        received.headers.push(header);
    }
    let number = |text: &str, radix| u64::from_str_radix(text.trim(), radix).unwrap_or_default();
    if received.has("transfer-encoding", "chunked") {
        while let Some(line) = line_of(reader)? {
            let length = number(line.split(';').next().unwrap_or_default(), 16);
            if length > 0 {
                reader
                    .by_ref()
                    .take(length)
                    .read_to_end(&mut received.body)?;
            }
            line_of(reader)?;
            if length == 0 {
                break;
            }
        }
    } else {
        let length = received.all("content-length").first().copied();
        let length = number(length.unwrap_or_default(), 10);
        reader
            .by_ref()
            .take(length)
            .read_to_end(&mut received.body)?;
    }
    Ok(Some(received))
}

/// A line of a head, with one character per byte.
fn line_of(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let text: String = line.into_iter().map(char::from).collect();
    Ok(Some(text.trim_end_matches(['\r', '\n']).into()))
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Verdict {
    match thread::Builder::new().spawn(work) {
        Ok(_) => Ok(()),
        Err(error) => fail(format!("the suite could not start a thread: {error}")),
    }
}

/// A complete answer with a length, so that the connection may be kept open.
pub(super) fn answer(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = format!("content-length: {}", body.len());
    let mut answer = head(status, &[&[length.as_str()], headers].concat());
    answer.extend_from_slice(body);
    answer
}

/// The head of an answer.
pub(super) fn head(status: &str, headers: &[&str]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\n");
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// A chunk of a body (RFC 9112 §7.1).
pub(super) fn chunk(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// Waits until a condition is true, at most `limit`, and returns whether it is true.
pub(super) fn wait_until(limit: Duration, holds: impl Fn() -> bool) -> bool {
    let end = Instant::now() + limit;
    while !holds() {
        if Instant::now() > end {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    true
}
