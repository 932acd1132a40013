//! Checks that a service answers while clients hold thousands of sockets: clients that send nothing,
//! that send half of a head or of a body, and that do not read.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use clap::Args;

use super::measured_process::{MeasuredProcess, megabytes, program};
use super::service::Folder;
use crate::process::{Failure, cargo, command, command_line, run};

/// The number of sockets, and the limits.
#[derive(Args)]
pub(crate) struct Sockets {
    /// The number of sockets at the same time
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    sockets: u64,
    /// Fail if `/health` takes longer, in milliseconds
    #[arg(long, default_value_t = 1_000)]
    health_within: u128,
    /// Fail if the service uses more memory
    #[arg(long, value_name = "MEGABYTES")]
    memory_at_most: Option<u64>,
}

/// The number of requests to `/health` for each kind of sockets.
const HEALTH_REQUESTS: u32 = 20;

pub(super) fn run_all(load: &Sockets) -> Result<(), Failure> {
    let mut build = cargo("build --release --locked --bins -p switchback-cli");
    println!("building with `{}`", command_line(&build));
    run(&mut build)?;
    let folder = Folder::new()?;
    folder.write("client-secret", "a-secret-for-the-load")?;
    let config = folder.write("service.toml", CONFIG)?;
    let arguments = ["--json", "serve", "--config", &config];
    let service = MeasuredProcess::start(&mut command(program("switchback"), arguments))?;
    let host = service.url.trim_start_matches("http://");
    let (idle, _) = memory(&service)?;
    println!("\nidle               {} resident", megabytes(idle));
    for kind in KINDS {
        let held = hold(host, load.sockets, &kind)?;
        let slowest = health(host)?;
        let (now, _) = memory(&service)?;
        println!(
            "{:<18} {} sockets: /health within {} ms, {} resident",
            kind.name,
            held.len(),
            slowest.as_millis(),
            megabytes(now),
        );
        if slowest.as_millis() > load.health_within {
            return Err(Failure(format!(
                "/health took {} ms with {} open sockets ({}); the limit is {} ms",
                slowest.as_millis(),
                held.len(),
                kind.name,
                load.health_within
            )));
        }
    }
    let (_, most) = memory(&service)?;
    println!("memory             {} at most", megabytes(most));
    match load.memory_at_most {
        Some(limit) if most > limit.saturating_mul(1_000) => Err(Failure(format!(
            "the service used {}; the limit is {limit} MB",
            megabytes(most)
        ))),
        _ => Ok(()),
    }
}

/// Long deadlines, so that they close no socket, and no limit per address.
const CONFIG: &str = "listen = \"127.0.0.1:0\"\n\
    [database]\nsqlite = \"service.db\"\n\
    [provider]\nbase_url = \"http://127.0.0.1:1\"\nclient_id = \"load\"\n\
    redirect_uri = \"http://127.0.0.1:8080/truid/complete\"\ntest_service = true\n\
    client_secret_file = \"client-secret\"\n\
    [purposes]\nlogin = [\"name\"]\n\
    [limits]\nconnections_per_address = 1000000\nread_seconds = 300\nwrite_seconds = 300\n\
    [log]\nlevel = \"warn\"\n";

/// A way to hold a socket: the sent text, and how often it is sent.
struct Kind {
    name: &'static str,
    head: &'static str,
    filler: usize,
    times: usize,
}

const HEALTH: &str = "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
const KINDS: [Kind; 5] = [
    Kind {
        name: "silent",
        head: "",
        filler: 0,
        times: 1,
    },
    Kind {
        name: "idle",
        head: HEALTH,
        filler: 0,
        times: 1,
    },
    Kind {
        name: "half a head",
        head: "GET /health HTTP/1.1\r\nhost: localhost\r\nx-a: ",
        filler: 15_000,
        times: 1,
    },
    Kind {
        name: "half a body",
        head: "POST /truid/token HTTP/1.1\r\nhost: localhost\r\ncontent-length: 16000\r\n\r\n",
        filler: 15_000,
        times: 1,
    },
    Kind {
        name: "without reading",
        head: HEALTH,
        filler: 0,
        times: 3_000,
    },
];

fn hold(host: &str, sockets: u64, kind: &Kind) -> Result<Vec<TcpStream>, Failure> {
    let said = (kind.head.to_owned() + &"x".repeat(kind.filler)).repeat(kind.times);
    let open = |n| {
        let failed = |error: std::io::Error| {
            Failure(format!(
                "socket {n} cannot be opened: {error}. Each socket needs an open file here and in \
                 the service: `ulimit -n` prints the limit"
            ))
        };
        let mut socket = TcpStream::connect(host).map_err(failed)?;
        socket.set_nonblocking(true).map_err(failed)?;
        match socket.write(said.as_bytes()) {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(failed(error)),
            _ => Ok(socket),
        }
    };
    (0..sockets).map(open).collect()
}

/// The time of the slowest answer, each over a new connection.
fn health(host: &str) -> Result<Duration, Failure> {
    let failed = |error: std::io::Error| Failure(format!("/health was not answered: {error}"));
    let mut slowest = Duration::ZERO;
    for _ in 0..HEALTH_REQUESTS {
        let began = Instant::now();
        let mut socket = TcpStream::connect(host).map_err(failed)?;
        let timeout = Some(Duration::from_secs(30));
        socket.set_read_timeout(timeout).map_err(failed)?;
        socket.write_all(HEALTH.as_bytes()).map_err(failed)?;
        let mut answer = [0; 12];
        socket.read_exact(&mut answer).map_err(failed)?;
        if &answer != b"HTTP/1.1 200" {
            let answer = String::from_utf8_lossy(&answer);
            return Err(Failure(format!("/health was answered with {answer}")));
        }
        slowest = slowest.max(began.elapsed());
    }
    Ok(slowest)
}

fn memory(service: &MeasuredProcess) -> Result<(u64, u64), Failure> {
    let none = || Failure("memory can be measured only on Linux".to_owned());
    service.memory().ok_or_else(none)
}
