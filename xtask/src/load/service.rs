//! How much a service does: `switchback serve` beside a sandbox, asked by wrk.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::measured::{Measured, megabytes, program};
use crate::install::{apt_install, obtain, on_path};
use crate::postgres;
use crate::process::{Failure, answer, cargo, command, root, run, shown, target_dir};

/// How much, how long, and what would be too little.
#[derive(Args)]
pub(crate) struct Requests {
    /// Keep things in a PostgreSQL of its own, and not in an SQLite file
    #[arg(long)]
    postgres: bool,
    /// How long each of the two loads lasts, in seconds
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=120))]
    seconds: u64,
    /// Over how many connections at a time
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    connections: u64,
    /// Fail with fewer authenticated requests a second
    #[arg(long, value_name = "RATE")]
    requests_at_least: Option<u64>,
    /// Fail with fewer logins begun a second
    #[arg(long, value_name = "RATE")]
    starts_at_least: Option<u64>,
    /// Fail when the service holds more megabytes before the load
    #[arg(long, value_name = "MEGABYTES")]
    idle_at_most: Option<u64>,
    /// Fail when the service holds more megabytes after the load
    #[arg(long, value_name = "MEGABYTES")]
    memory_at_most: Option<u64>,
}

/// A folder that goes with this value.
pub(super) struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies below target/, and is in nobody's way.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    pub(super) fn new() -> Result<Self, Failure> {
        let name = format!("load-{}", std::process::id());
        let folder = root().join(target_dir()).join(name);
        std::fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
        Ok(Self(folder))
    }

    pub(super) fn write(&self, name: &str, text: &str) -> Result<String, Failure> {
        let path = self.0.join(name);
        std::fs::write(&path, text)
            .and_then(|()| for_its_owner(&path))
            .map_err(|error| unwritable(&path, &error))?;
        Ok(path.to_string_lossy().into_owned())
    }
}

/// The service refuses a secret that others can read.
#[cfg(unix)]
fn for_its_owner(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn for_its_owner(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("{} cannot be written: {error}", path.display()))
}

pub(super) fn run_all(load: &Requests) -> Result<(), Failure> {
    obtain("wrk", || on_path("wrk"), || apt_install(&["wrk"])).map_err(Failure)?;
    let mut build = cargo("build --release --locked --bins -p switchback-cli -p switchback-tests");
    println!("building with `{}`", shown(&build));
    run(&mut build)?;

    let postgres = match load.postgres {
        true => Some(postgres::new().map_err(Failure)?),
        false => None,
    };
    let folder = Folder::new()?;
    let port = free_port()?;
    let sandbox = folder.write("sandbox.toml", &sandbox_toml(port))?;
    let arguments = ["--json", "sandbox", "--port", "0", "--config", &sandbox];
    let sandbox = Measured::start(&mut command(program("switchback"), arguments))?;
    folder.write("client-secret", SECRET)?;
    folder.write("service.key", KEY)?;
    let service = folder.write("service.toml", &service_toml(load, port, &sandbox.url))?;
    let mut command = command(
        program("switchback"),
        ["--json", "serve", "--config", &service],
    );
    if let Some(postgres) = &postgres {
        command.env("SERVICE_DATABASE", &postgres.url);
    }
    let began = Instant::now();
    let service = Measured::start(&mut command)?;
    println!(
        "\nready              after {} ms",
        began.elapsed().as_millis()
    );
    let idle = memory("idle", &service);

    let base = format!("{}/truid", service.url);
    let cookie =
        crate::process::command(program("switchback-load"), ["cookie", "--service", &base]);
    let cookie = told(cookie, "no session to ask with")?;
    let session = format!("Cookie: {}", cookie.trim());
    let requests = wrk(load, "authenticated", &format!("{base}/session"), &session)?;
    memory("after them", &service);
    let xhr = "X-Requested-With: XMLHttpRequest";
    let starts = wrk(load, "starts", &format!("{base}/login-session"), xhr)?;
    let after = memory("after them", &service);

    at_least(
        "authenticated requests a second",
        requests,
        load.requests_at_least,
    )?;
    at_least("starts a second", starts, load.starts_at_least)?;
    at_most("idle", idle, load.idle_at_most)?;
    at_most("after the load", after, load.memory_at_most)
}

fn told(mut command: std::process::Command, otherwise: &str) -> Result<String, Failure> {
    answer(&mut command).ok_or_else(|| Failure(format!("`{}`: {otherwise}", shown(&command))))
}

/// A port that is free now: the redirect URI must be registered before anybody listens.
fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let none = |error| Failure(format!("there is no free port: {error}"));
    Ok(listener.map_err(none)?.port())
}

const SECRET: &str = "a-secret-for-the-load";
/// Nothing that is kept outlives the run.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";

fn sandbox_toml(port: u16) -> String {
    format!(
        "[[client]]\nclient_id = \"load\"\nclient_secret = \"{SECRET}\"\n\
         redirect_uris = [\"http://127.0.0.1:{port}/truid/complete\"]\n"
    )
}

/// Without pushed requests, which would measure the sandbox, and without the limit that one
/// address meets.
fn service_toml(load: &Requests, port: u16, sandbox: &str) -> String {
    let database = match load.postgres {
        true => "postgres_env = \"SERVICE_DATABASE\"\nconnections = 16",
        false => "sqlite = \"service.db\"",
    };
    format!(
        "listen = \"127.0.0.1:{port}\"\n\
         [database]\n{database}\n\
         [keys]\nfile = \"service.key\"\n\
         [provider]\nbase_url = \"{sandbox}\"\nclient_id = \"load\"\n\
         redirect_uri = \"http://127.0.0.1:{port}/truid/complete\"\ntest_service = true\n\
         client_secret_file = \"client-secret\"\npushed = false\n\
         [functions]\nlogin-session = [\"name\", \"email\"]\n\
         [limits]\nstarts_per_minute = 0\n\
         [log]\nlevel = \"warn\"\n"
    )
}

/// Says how much memory the service holds, and gives it in kilobytes.
fn memory(when: &str, service: &Measured) -> Option<u64> {
    let (now, most) = service.memory()?;
    let (now_mb, most) = (megabytes(now), megabytes(most));
    println!("memory             {when}: {now_mb} resident, {most} at most");
    Some(now)
}

/// Asks one address as often as it can, and says and gives how often that was, a second.
fn wrk(load: &Requests, what: &str, url: &str, header: &str) -> Result<u64, Failure> {
    let arguments = [
        "-t2".to_owned(),
        format!("-c{}", load.connections),
        format!("-d{}s", load.seconds),
        "--latency".to_owned(),
        "-H".to_owned(),
        header.to_owned(),
        url.to_owned(),
    ];
    let report = told(command("wrk", &arguments), "it did not run to its end")?;
    let figures = Figures::of(&report)
        .ok_or_else(|| Failure(format!("wrk said something else than expected:\n{report}")))?;
    if let Some(bad) = &figures.bad {
        return Err(Failure(format!("{what}: {bad}")));
    }
    println!(
        "{what:<18} {} a second, p50 {}, p99 {}",
        figures.rate, figures.p50, figures.p99
    );
    Ok(figures.rate)
}

/// What wrk says.
struct Figures {
    rate: u64,
    p50: String,
    p99: String,
    /// Answers that were none, or not good.
    bad: Option<String>,
}

impl Figures {
    fn of(report: &str) -> Option<Self> {
        let after = |name: &str| {
            let mut lines = report.lines().map(str::trim);
            let line = lines.find_map(|line| line.strip_prefix(name))?;
            Some(line.trim().to_owned())
        };
        let rate = after("Requests/sec:")?;
        Some(Self {
            rate: rate.split('.').next()?.parse().ok()?,
            p50: after("50%")?,
            p99: after("99%")?,
            bad: after("Non-2xx or 3xx responses:")
                .map(|count| format!("{count} answers were refusals"))
                .or_else(|| {
                    after("Socket errors:").map(|errors| format!("socket errors: {errors}"))
                }),
        })
    }
}

fn at_least(what: &str, rate: u64, limit: Option<u64>) -> Result<(), Failure> {
    match limit {
        Some(limit) if rate < limit => Err(Failure(format!(
            "{rate} {what}; there should be {limit} at least"
        ))),
        _ => Ok(()),
    }
}

fn at_most(when: &str, kilobytes: Option<u64>, limit: Option<u64>) -> Result<(), Failure> {
    match (kilobytes, limit) {
        (_, None) => Ok(()),
        (None, Some(_)) => Err(Failure("limits of memory need Linux".to_owned())),
        (Some(now), Some(limit)) if now > limit.saturating_mul(1_000) => Err(Failure(format!(
            "the service holds {} {when}; there should be {limit} MB at most",
            megabytes(now)
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "Running 6s test\n  Latency Distribution\n     50%  237.00us\n     \
        75%    1.00ms\n     99%    5.36ms\n  1 requests in 6.03s\nRequests/sec:  87886.26\n";

    #[test]
    fn what_wrk_says_is_read() {
        let figures = Figures::of(REPORT).expect("figures");
        assert_eq!(figures.rate, 87_886);
        assert_eq!((&*figures.p50, &*figures.p99), ("237.00us", "5.36ms"));
        assert_eq!(figures.bad, None);
        let refused = format!("{REPORT}  Non-2xx or 3xx responses: 12\n");
        let figures = Figures::of(&refused).expect("figures");
        assert_eq!(figures.bad.as_deref(), Some("12 answers were refusals"));
        assert!(Figures::of("unable to connect").is_none());
    }
}
