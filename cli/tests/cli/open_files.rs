//! `switchback serve` with a low limit on open files, and clients that hold its sockets.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::serve::{RunningService, ServiceSetup};
use crate::support::{RunningCommand, switchback, text};

/// Long deadlines, so that the server does not close sockets because of them.
const LIMITS: &str = "[limits]\nread_seconds = 300\nwrite_seconds = 300";

/// More sockets than the process can open files.
const SOCKETS: usize = 300;

impl RunningService {
    /// Starts the command with a limit on open files.
    fn with_files(setup: &ServiceSetup, more: &str, files: u32) -> Self {
        let file = setup.configure(setup.truid.url(), more);
        let serve = switchback(setup.home(), &["serve", "--json", "--config", &file]);
        let mut limited = Command::new("sh");
        limited
            .args(["-c", &format!("ulimit -n {files}; exec \"$@\""), "sh"])
            .arg(serve.get_program())
            .args(serve.get_args())
            .stdin(Stdio::null());
        for (name, value) in serve.get_envs() {
            match value {
                Some(value) => limited.env(name, value),
                None => limited.env_remove(name),
            };
        }
        let mut running = RunningCommand::of(limited);
        let ready = running.step("ready");
        Self {
            running,
            url: text(&ready["url"]),
            metrics: text(&ready["metrics"]),
        }
    }
}

/// How many of these sockets the server has closed.
fn closed(sockets: &[TcpStream]) -> usize {
    let is_closed = |mut socket: &TcpStream| {
        socket.set_nonblocking(true).expect("a socket");
        let mut answers = vec![0; 1 << 16];
        loop {
            match socket.read(&mut answers) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
            }
        }
    };
    sockets.iter().filter(|socket| is_closed(socket)).count()
}

/// What a client does first; after that it does nothing.
type Begin = Box<dyn Fn(&mut TcpStream)>;

/// Opens the sockets, and does `begin` with each.
fn hold(service: &RunningService, begin: impl Fn(&mut TcpStream)) -> Vec<TcpStream> {
    let open = |_| {
        let mut socket = service.connect();
        begin(&mut socket);
        socket
    };
    (0..SOCKETS).map(open).collect()
}

/// Asks without end, and reads nothing.
fn ask_without_reading(socket: &mut TcpStream) {
    let timeout = Some(Duration::from_millis(1));
    socket.set_write_timeout(timeout).expect("a socket");
    let many = "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(3_000);
    // The write stops when the server does not read either.
    let _ = socket.write_all(many.as_bytes());
}

#[test]
fn idle_sockets_do_not_block_other_clients() {
    let setup = ServiceSetup::new();
    let service = RunningService::with_files(&setup, LIMITS, 150);
    let head = b"GET /health HTTP/1.1\r\nhost: localhost\r\nx-a: ".to_vec();
    let body = b"POST /truid/token HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\ngrant"
        .to_vec();
    let kinds: [(&str, Begin); 5] = [
        ("silent", Box::new(|_| {})),
        (
            "half a head",
            Box::new(move |to| to.write_all(&head).expect("it is read")),
        ),
        (
            "half a body",
            Box::new(move |to| to.write_all(&body).expect("it is read")),
        ),
        (
            "idle",
            Box::new(|to| {
                to.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
                    .expect("it is read");
            }),
        ),
        ("without reading", Box::new(ask_without_reading)),
    ];
    for (kind, begin) in kinds {
        let sockets = hold(&service, begin);
        for _ in 0..3 {
            assert_eq!(service.get("/health", &[]).status, 200, "{kind}");
            assert_eq!(service.metrics("/health").status, 200, "{kind}");
        }
        let closed = closed(&sockets);
        assert!(closed > SOCKETS - 150, "{kind}: {closed}");
        assert!(
            closed < SOCKETS,
            "{kind}: the server closes only as many as necessary"
        );
    }
    assert_eq!(service.end(), 0);
}

#[test]
fn more_connections_than_open_files_are_a_mistake() {
    let setup = ServiceSetup::new();
    let file = setup.configure(setup.truid.url(), "[limits]\nconnections = 1000000");
    let done = crate::support::run(setup.home(), &["serve", "--config", &file, "--check"]);
    let done = done.expect_code(7);
    assert!(done.stderr.contains("limits.connections"), "{done:#?}");
    assert!(done.stderr.contains("LimitNOFILE"), "{done:#?}");
}

#[test]
fn a_request_head_over_16_kib_is_refused() {
    let setup = ServiceSetup::new();
    let service = setup.serve("");
    let ask = |length: usize, pieces: usize| {
        let head = format!(
            "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-a: {}\r\n\r\n",
            "x".repeat(length)
        );
        let mut socket = service.connect();
        socket.set_nodelay(true).expect("a socket");
        for piece in head.as_bytes().chunks(head.len().div_ceil(pieces)) {
            // The server refuses a long head before its end.
            let _ = socket.write_all(piece);
        }
        crate::serve::read(socket).status
    };
    for pieces in [1, 2, 3, 50] {
        assert_eq!(ask(16_000, pieces), 200, "{pieces}");
        for length in [16_384, 20_000, 33_000] {
            assert_eq!(ask(length, pieces), 431, "{length} in {pieces}");
        }
    }
    assert_eq!(service.end(), 0);
}

#[test]
fn ready_can_be_served_on_the_private_listener_only() {
    let setup = ServiceSetup::new();
    let file = setup.configure(setup.truid.url(), "private_ready = true");
    let service = RunningService::start(setup.home(), &file);
    assert_eq!(service.get("/ready", &[]).status, 404);
    assert_eq!(service.get("/health", &[]).status, 200);
    let ready = service.metrics("/ready");
    assert_eq!((ready.status, &*ready.body), (200, r#"{"status":"ready"}"#));
    assert_eq!(service.end(), 0);
}
