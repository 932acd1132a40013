//! An HTTP client that keeps the contract, except for one flaw.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::{Arc, Mutex, Weak};
use std::thread;
use std::time::{Duration, Instant};

use miniz_oxide::inflate::{decompress_to_vec, decompress_to_vec_zlib};
use switchback_protocol::http::{MAX_BODY, Method, Request, Response};

use crate::ports::{BoxFuture, HttpTransport, TransportError};
use crate::testing::lock;
use crate::testing::transport::TransportUnderTest;
use crate::testing::transport::probe::Answer;

/// The flaw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    // Requests.
    RewritesTheUrl,
    DropsAuthorization,
    SendsAHeaderTwice,
    AddsACharset,
    ReencodesTheForm,
    WaitsForContinue,
    StoresCookies,
    CachesAnswers,
    SendsConditionalRequests,
    SendsCancelledRequests,
    SendsOneAtATime,
    // Answers.
    ReportsStatusesAsErrors,
    RetriesBusyAnswers,
    AnswersChallenges,
    ReportsChallengesAsErrors,
    FollowsRedirects,
    JoinsCookies,
    SortsCookies,
    KeepsCaseOfNames,
    WaitsForABody,
    ReturnsInterimAnswers,
    // Bodies.
    DecodesBodiesAsText,
    RejectsChunkExtensions,
    AcceptsCodingsItCannotDecode,
    DropsContentEncoding,
    CountsEncodedBytes,
    HasALowLimit,
    HasAHighLimit,
    HasNoLimit,
    // Repetition.
    RetriesLostRequests,
    AcceptsTruncatedAnswers,
    ReusesConnections,
    RetriesWithHalfABody,
    // Timeouts and errors.
    HasNoTimeout,
    HasATimeoutForEachRead,
    CallsATimeoutNotSent,
    CallsRefusedLost,
    CallsUnresolvedLost,
    CallsTlsLost,
    LeaksTheUrl,
    LeaksTheForm,
    // Resources.
    LeaksConnections,
    LeaksThreads,
    Panics,
}

pub(super) struct FlawedClient {
    flaw: Flaw,
    timeout: Duration,
    kept: Mutex<HashMap<String, TcpStream>>,
    left: Mutex<Vec<TcpStream>>,
    cookies: Mutex<HashMap<String, String>>,
    answers: Mutex<HashMap<String, Response>>,
    turn: Mutex<()>,
}

/// Opens clients with this flaw.
pub(super) struct FlawedTransport(pub(super) Flaw);

impl FlawedTransport {
    fn plain(&self, timeout: Duration) -> FlawedClient {
        FlawedClient {
            flaw: self.0,
            timeout,
            kept: Mutex::default(),
            left: Mutex::default(),
            cookies: Mutex::default(),
            answers: Mutex::default(),
            turn: Mutex::default(),
        }
    }
}

impl TransportUnderTest for FlawedTransport {
    fn open(&self, timeout: Duration) -> Arc<dyn HttpTransport> {
        Arc::new(Handle(Arc::new(self.plain(timeout))))
    }

    fn start_cancelled(&self, request: Request) -> bool {
        if self.0 == Flaw::SendsCancelledRequests {
            let _ = Arc::new(self.plain(Duration::from_secs(1))).fetch(&request);
        }
        true
    }
}

struct Handle(Arc<FlawedClient>);

impl HttpTransport for Handle {
    fn send(&self, request: Request) -> BoxFuture<'_, Answer> {
        assert!(self.0.flaw != Flaw::Panics, "on purpose");
        let plain = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || plain.fetch(&request));
        Box::pin(async { done.await.unwrap_or_else(|_| Err(lost("it panicked"))) })
    }
}

fn lost(why: &str) -> TransportError {
    TransportError::Lost(why.into())
}

fn not_sent(why: &str) -> TransportError {
    TransportError::NotSent(why.into())
}

impl FlawedClient {
    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn fetch(self: &Arc<Self>, request: &Request) -> Answer {
        let _turn = self.has(Flaw::SendsOneAtATime).then(|| lock(&self.turn));
        if self.has(Flaw::LeaksThreads) {
            let alive = Arc::downgrade(self);
            thread::spawn(move || lives_as_long_as(&alive));
        }
        if let Some(kept) = lock(&self.answers).get(&request.url) {
            return Ok(kept.clone());
        }
        let mut answer = self.sent(request);
        if self.has(Flaw::RetriesLostRequests) && matches!(answer, Err(TransportError::Lost(_))) {
            answer = self.sent(request);
        }
        match self.flaw {
            Flaw::LeaksTheUrl => answer.map_err(|error| saying(error, &request.url)),
            Flaw::LeaksTheForm => answer.map_err(|error| {
                let form = request.body.as_ref().map_or("", |body| body.expose());
                saying(error, form)
            }),
            _ => answer.and_then(|response| self.judged(request, response)),
        }
    }

    /// What the client does automatically after an answer.
    fn judged(self: &Arc<Self>, request: &Request, mut response: Response) -> Answer {
        let again = |request: &Request| self.sent(request);
        let status = response.status;
        match self.flaw {
            Flaw::ReportsStatusesAsErrors if status == 404 => return Err(lost("not found")),
            Flaw::RetriesBusyAnswers if matches!(status, 408 | 503) => return again(request),
            Flaw::AnswersChallenges if status == 401 => return again(request),
            Flaw::ReportsChallengesAsErrors if status == 407 => return Err(lost("no proxy")),
            Flaw::FollowsRedirects if matches!(status, 301..=303 | 307 | 308) => {
                let location = response.header("location").unwrap_or_default();
                let url = match location.starts_with('/') {
                    true => format!("{}{location}", request.url.rsplit_once("/never").unwrap().0),
                    false => location.into(),
                };
                return again(&Request {
                    url,
                    ..request.clone()
                });
            }
            Flaw::JoinsCookies | Flaw::SortsCookies => {
                let mut cookies: Vec<String> = response.set_cookies().map(Into::into).collect();
                response.headers.retain(|(name, _)| name != "set-cookie");
                match self.flaw {
                    Flaw::SortsCookies => cookies.sort(),
                    _ if cookies.is_empty() => {}
                    _ => cookies = vec![cookies.join(", ")],
                }
                let headers = cookies.into_iter();
                response
                    .headers
                    .extend(headers.map(|cookie| ("set-cookie".into(), cookie)));
            }
            Flaw::StoresCookies => {
                let mut jar = lock(&self.cookies);
                for cookie in response.set_cookies() {
                    let pair = cookie.split(';').next().unwrap();
                    jar.insert(authority(request).0.into(), pair.into());
                }
            }
            Flaw::CachesAnswers if response.header("cache-control").is_some() => {
                let kept = response.clone();
                lock(&self.answers).insert(request.url.clone(), kept);
            }
            Flaw::DecodesBodiesAsText => {
                response.body = String::from_utf8_lossy(&response.body).as_bytes().to_vec();
            }
            _ => {}
        }
        Ok(response)
    }

    fn sent(&self, request: &Request) -> Answer {
        let (authority, _) = authority(request);
        let deadline = Instant::now() + self.timeout;
        let mut is_again = false;
        if !request.once || self.has(Flaw::ReusesConnections) {
            let kept = lock(&self.kept).remove(authority);
            let answer = kept.map(|stream| self.exchange(stream, request, deadline, false));
            match answer {
                Some(Err(TransportError::Lost(_))) if !request.once => is_again = true,
                Some(answer) => return answer,
                None => {}
            }
        }
        let host = match authority.contains(':') {
            true => authority.into(),
            false => format!("{authority}:80"),
        };
        let Some(address) = host.to_socket_addrs().ok().and_then(|mut all| all.next()) else {
            return Err(match self.flaw {
                Flaw::CallsUnresolvedLost => lost("no such host"),
                _ => not_sent("no such host"),
            });
        };
        let Ok(mut stream) = TcpStream::connect(address) else {
            return Err(match self.flaw {
                Flaw::CallsRefusedLost => lost("refused"),
                _ => not_sent("refused"),
            });
        };
        if request.url.starts_with("https:") {
            // Enough of a TLS handshake for a server that refuses it.
            let _ = stream.write_all(&[0x16, 3, 1, 0, 1, 0]);
            let _ = stream.read_to_end(&mut Vec::new());
            return Err(match self.flaw {
                Flaw::CallsTlsLost => lost("handshake failure"),
                _ => not_sent("handshake failure"),
            });
        }
        let half = is_again && self.has(Flaw::RetriesWithHalfABody);
        self.exchange(stream, request, deadline, half)
    }

    /// `half`: whether to send only half of the body.
    fn exchange(
        &self,
        stream: TcpStream,
        request: &Request,
        deadline: Instant,
        half: bool,
    ) -> Answer {
        let limited = Limited {
            stream: stream.try_clone().unwrap(),
            deadline: (!self.has(Flaw::HasNoTimeout)).then_some(deadline),
            per_read: (self.has(Flaw::HasATimeoutForEachRead)).then_some(self.timeout),
        };
        let mut reader = BufReader::new(limited);
        let answer = self
            .write(&stream, &mut reader, request, half)
            .and_then(|()| self.read(&mut reader));
        let (response, may_be_kept) = match answer {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                return Err(TransportError::TooLong);
            }
            Err(error) if timed_out(&error) && self.has(Flaw::CallsATimeoutNotSent) => {
                return Err(not_sent("timed out"));
            }
            Err(_) => return Err(lost("the connection broke")),
        };
        if self.has(Flaw::LeaksConnections) {
            lock(&self.left).push(stream);
        } else if may_be_kept && (!request.once || self.has(Flaw::ReusesConnections)) {
            let name = authority(request).0.into();
            lock(&self.kept).insert(name, stream);
        }
        Ok(response)
    }

    fn write(
        &self,
        mut stream: &TcpStream,
        reader: &mut BufReader<Limited>,
        request: &Request,
        half: bool,
    ) -> io::Result<()> {
        let (authority, mut target) = (authority(request).0, authority(request).1.to_owned());
        if self.has(Flaw::RewritesTheUrl) {
            target = target.replace("%c3%a5", "%C3%A5").replace("%2F", "/");
        }
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let coding = match self.flaw {
            Flaw::AcceptsCodingsItCannotDecode | Flaw::CountsEncodedBytes => "gzip, deflate",
            _ => "identity",
        };
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nhost: {authority}\r\naccept-encoding: {coding}\r\n"
        );
        for (name, value) in &request.headers {
            let mut value = value.expose().to_owned();
            match (self.flaw, *name) {
                (Flaw::DropsAuthorization, "authorization") => continue,
                (Flaw::SendsAHeaderTwice, "accept") => head += "accept: */*\r\n",
                (Flaw::AddsACharset, "content-type") => value += "; charset=utf-8",
                _ => {}
            }
            head += &format!("{name}: {value}\r\n");
        }
        if let Some(cookie) = lock(&self.cookies).get(authority) {
            head += &format!("cookie: {cookie}\r\n");
        }
        if self.has(Flaw::SendsConditionalRequests) {
            head += "if-none-match: \"1\"\r\n";
        }
        let mut body = request.body.as_ref().map(|body| body.expose().to_owned());
        if self.has(Flaw::ReencodesTheForm) {
            body = body.map(|body| body.replace('+', "%20"));
        }
        let waits = |body: &str| self.has(Flaw::WaitsForContinue) && body.len() > 50_000;
        if let Some(body) = &body {
            head += &format!("content-length: {}\r\n", body.len());
            if waits(body) {
                head += "expect: 100-continue\r\n";
            }
        }
        head += "\r\n";
        stream.write_all(head.as_bytes())?;
        let Some(body) = body else { return Ok(()) };
        if waits(&body) {
            self.head(reader)?;
        }
        match half {
            true => {
                stream.write_all(&body.as_bytes()[..body.len() / 2])?;
                stream.shutdown(std::net::Shutdown::Write)
            }
            false => stream.write_all(body.as_bytes()),
        }
    }

    /// The answer, and whether its connection may be reused.
    fn read(&self, reader: &mut BufReader<Limited>) -> io::Result<(Response, bool)> {
        let mut response = self.head(reader)?;
        while (100..200).contains(&response.status) && !self.has(Flaw::ReturnsInterimAnswers) {
            response = self.head(reader)?;
        }
        let has_none = matches!(response.status, 100..=199 | 204 | 304);
        let length = header(&response, "content-length").and_then(|length| length.parse().ok());
        let chunked = header(&response, "transfer-encoding") == Some("chunked");
        let (mut body, is_ended) = match length {
            _ if has_none && !self.has(Flaw::WaitsForABody) => (Vec::new(), true),
            _ if chunked => (self.chunks(reader)?, true),
            Some(length) => (self.bytes(reader, length)?, true),
            None => (self.bytes(reader, u64::MAX)?, false),
        };
        self.is_short(body.len())?;
        let coding = header(&response, "content-encoding").map(str::to_owned);
        match coding.as_deref() {
            Some("gzip") if self.has(Flaw::CountsEncodedBytes) => {
                body = decompress_to_vec(&body[10..body.len() - 8]).unwrap();
            }
            Some("deflate") if self.has(Flaw::CountsEncodedBytes) => {
                body = decompress_to_vec_zlib(&body).unwrap();
            }
            Some(_) if self.has(Flaw::DropsContentEncoding) => {
                let headers = &mut response.headers;
                headers.retain(|(name, _)| name != "content-encoding");
            }
            _ => {}
        }
        response.body = body;
        Ok((response, is_ended))
    }

    fn head(&self, reader: &mut BufReader<Limited>) -> io::Result<Response> {
        let mut response = Response::default();
        let first = line(reader)?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        response.status = status.ok_or(io::ErrorKind::InvalidData)?;
        loop {
            let line = line(reader)?;
            let Some((name, value)) = line.split_once(':') else {
                return Ok(response);
            };
            let name = match self.flaw {
                Flaw::KeepsCaseOfNames => name.into(),
                _ => name.to_ascii_lowercase(),
            };
            response.headers.push((name, value.trim().into()));
        }
    }

    fn chunks(&self, reader: &mut BufReader<Limited>) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let size = line(reader)?;
            let size = match self.flaw {
                Flaw::RejectsChunkExtensions => &size,
                _ => size.split(';').next().unwrap_or_default(),
            };
            let size = u64::from_str_radix(size, 16).map_err(|_| io::ErrorKind::InvalidData)?;
            if size == 0 {
                while !line(reader)?.is_empty() {}
                return Ok(body);
            }
            body.extend(self.bytes(reader, size)?);
            self.is_short(body.len())?;
            line(reader)?;
        }
    }

    fn bytes(&self, reader: &mut BufReader<Limited>, length: u64) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        let to_the_end = length == u64::MAX;
        let stop = match self.flaw {
            Flaw::HasNoLimit => u64::MAX,
            _ => MAX_BODY as u64 + 2,
        };
        reader
            .by_ref()
            .take(length.min(stop))
            .read_to_end(&mut body)?;
        let is_whole = to_the_end || body.len() as u64 == length.min(stop);
        match is_whole || self.has(Flaw::AcceptsTruncatedAnswers) {
            true => Ok(body),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn is_short(&self, length: usize) -> io::Result<()> {
        let longest = match self.flaw {
            Flaw::HasALowLimit => MAX_BODY - 1,
            Flaw::HasAHighLimit => MAX_BODY + 1,
            _ => MAX_BODY,
        };
        match length > longest {
            true => Err(io::ErrorKind::FileTooLarge.into()),
            false => Ok(()),
        }
    }
}

/// The same error, with this text added.
fn saying(error: TransportError, said: &str) -> TransportError {
    match error {
        TransportError::NotSent(why) => TransportError::NotSent(format!("{why}: {said}")),
        TransportError::Lost(why) => TransportError::Lost(format!("{why}: {said}")),
        other => other,
    }
}

/// A stream with a timeout.
struct Limited {
    stream: TcpStream,
    deadline: Option<Instant>,
    /// A timeout for each read.
    per_read: Option<Duration>,
}

impl io::Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = |end: Instant| end.saturating_duration_since(Instant::now());
        let limit = self.per_read.or(self.deadline.map(left));
        let at_least = |limit: Duration| limit.max(Duration::from_millis(1));
        if limit.is_some_and(|limit| limit.is_zero()) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(limit.map(at_least))?;
        self.stream.read(buffer)
    }
}

fn timed_out(error: &io::Error) -> bool {
    use io::ErrorKind::{TimedOut, WouldBlock};
    matches!(error.kind(), TimedOut | WouldBlock)
}

fn line(reader: &mut BufReader<Limited>) -> io::Result<String> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    match line.strip_suffix(b"\r\n") {
        Some(line) => Ok(String::from_utf8_lossy(line).into_owned()),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let mut headers = response.headers.iter();
    let found = headers.find(|header| header.0.eq_ignore_ascii_case(name));
    found.map(|header| header.1.as_str())
}

/// Splits the URL after host and port.
fn authority(request: &Request) -> (&str, &str) {
    let (_, rest) = request.url.split_once("://").unwrap();
    rest.split_at(rest.find('/').unwrap())
}

fn lives_as_long_as(client: &Weak<FlawedClient>) {
    while client.strong_count() > 0 {
        thread::park_timeout(Duration::from_millis(50));
    }
}
