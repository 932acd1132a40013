//! Measures `switchback serve` with wrk, beside a sandbox.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::Args;

use super::measured_process::{MeasuredProcess, megabytes, program};
use super::wrk::{WrkReport, ask};
use crate::install::{apt_install, obtain, on_path};
use crate::postgres;
use crate::process::{Failure, cargo, command, command_line, output_if_ok, root, run, target_dir};

/// The amount, the duration, and the limits.
#[derive(Args)]
pub(crate) struct Requests {
    /// Use a separate PostgreSQL, and not an SQLite file
    #[arg(long)]
    postgres: bool,
    /// The number of sessions in the database at the start
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=20_000_000))]
    sessions: u64,
    /// The number of expired sessions, which the service removes meanwhile
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=20_000_000))]
    expired: u64,
    /// The number of logins from the last twenty minutes, which expire evenly meanwhile
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=20_000_000))]
    begun: u64,
    /// The duration of each load, in seconds
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(super) seconds: u64,
    /// The number of connections at the same time
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub(super) connections: u64,
    /// Fail with fewer authenticated requests per second
    #[arg(long, value_name = "RATE")]
    requests_at_least: Option<u64>,
    /// Fail with fewer started logins per second
    #[arg(long, value_name = "RATE")]
    starts_at_least: Option<u64>,
    /// Fail if the service uses more memory before the load
    #[arg(long, value_name = "MEGABYTES")]
    idle_at_most: Option<u64>,
    /// Fail if the service uses more memory after the load
    #[arg(long, value_name = "MEGABYTES")]
    memory_at_most: Option<u64>,
}

/// A temporary folder. Dropping this value removes it.
pub(super) struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that cannot be removed stays below target/, and does no harm.
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

/// Makes a file readable by its owner only: the service refuses other files with secrets.
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
    println!("building with `{}`", command_line(&build));
    run(&mut build)?;

    let postgres = match load.postgres {
        true => Some(postgres::new().map_err(Failure)?),
        false => None,
    };
    let folder = Folder::new()?;
    let port = free_port()?;
    let sandbox = folder.write("sandbox.toml", &sandbox_toml(port))?;
    let arguments = ["--json", "sandbox", "--port", "0", "--config", &sandbox];
    let sandbox = MeasuredProcess::start(&mut command(program("switchback"), arguments))?;
    folder.write("client-secret", SECRET)?;
    folder.write("service.key", KEY)?;
    let service = folder.write("service.toml", &service_toml(load, port, &sandbox.url))?;
    let arguments = ["--json", "serve", "--config", &service];
    let mut command = command(program("switchback"), arguments);
    if let Some(postgres) = &postgres {
        command.env(VARIABLE, &postgres.url);
    }
    let began = Instant::now();
    let mut running = MeasuredProcess::start(&mut command)?;
    println!(
        "\nready              after {} ms",
        began.elapsed().as_millis()
    );
    let idle = memory("idle", &running);

    let base = format!("{}/truid", running.url);
    let cookie = output_of(
        client(["cookie", "--service", &base]),
        "it created no session for the requests",
    )?;
    let rows = Rows {
        place: place(load, &folder),
        postgres: postgres.as_ref().map(|server| &*server.url),
    };
    if load.sessions + load.expired + load.begun > 0 {
        drop(running);
        rows.fill(load)?;
        running = MeasuredProcess::start(&mut command)?;
    }
    let empty = ask(
        load,
        "an empty route",
        &format!("{}/health", running.url),
        "",
    )?;
    rows.say_expired(load)?;
    let xhr = "X-Requested-With: XMLHttpRequest";
    let starts = ask(load, "starts", &format!("{base}/login-session"), xhr)?;
    rows.say_expired(load)?;
    let session = format!("Cookie: {}", cookie.trim());
    let requests = ask(load, "authenticated", &format!("{base}/session"), &session)?;
    rows.say_expired(load)?;
    println!(
        "of an empty route  {} % authenticated, {} % starts",
        requests.percent_of(&empty),
        starts.percent_of(&empty)
    );
    let after = memory("after them", &running);

    at_least(
        "authenticated requests per second",
        &requests,
        load.requests_at_least,
    )?;
    at_least("starts per second", &starts, load.starts_at_least)?;
    at_most("idle", idle, load.idle_at_most)?;
    at_most("after the load", after, load.memory_at_most)
}

/// The rows of the database, which `switchback-load` writes and counts.
struct Rows<'a> {
    place: [String; 2],
    postgres: Option<&'a str>,
}

impl Rows<'_> {
    fn client(&self, arguments: &[&str]) -> Command {
        let place = self.place.iter().map(String::as_str);
        let mut client = client(arguments.iter().copied().chain(place));
        if let Some(url) = self.postgres {
            client.env(VARIABLE, url);
        }
        client
    }

    fn fill(&self, load: &Requests) -> Result<(), Failure> {
        let began = Instant::now();
        let numbers = [load.sessions, load.expired, load.begun].map(|number| number.to_string());
        let [sessions, expired, begun] = &numbers;
        run(&mut self.client(&[
            "fill",
            "--sessions",
            sessions,
            "--expired",
            expired,
            "--begun",
            begun,
        ]))?;
        println!(
            "filled             {sessions} sessions, {expired} expired ones, {begun} logins, \
             in {} s",
            began.elapsed().as_secs()
        );
        Ok(())
    }

    /// Prints how many expired rows the database has.
    fn say_expired(&self, load: &Requests) -> Result<(), Failure> {
        if load.expired + load.begun > 0 {
            let counted = output_of(self.client(&["count"]), "it counted no rows")?;
            println!("expired            {}", counted.trim());
        }
        Ok(())
    }
}

fn client<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    command(program("switchback-load"), arguments)
}

fn place(load: &Requests, folder: &Folder) -> [String; 2] {
    let (option, value) = match load.postgres {
        true => ("--postgres-env", VARIABLE.to_owned()),
        false => {
            let file = folder.0.join("service.db");
            ("--sqlite", file.to_string_lossy().into_owned())
        }
    };
    [option.to_owned(), value]
}

/// The variable with the PostgreSQL URL, for the service and for `switchback-load`.
const VARIABLE: &str = "SERVICE_DATABASE";

pub(super) fn output_of(mut command: Command, otherwise: &str) -> Result<String, Failure> {
    output_if_ok(&mut command)
        .ok_or_else(|| Failure(format!("`{}`: {otherwise}", command_line(&command))))
}

/// A port that is free now: the redirect URI must be registered before the service listens.
fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let none = |error| Failure(format!("there is no free port: {error}"));
    Ok(listener.map_err(none)?.port())
}

const SECRET: &str = "a-secret-for-the-load";
/// A fixed key: the data is deleted after the run.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";

fn sandbox_toml(port: u16) -> String {
    format!(
        "[[client]]\nclient_id = \"load\"\nclient_secret = \"{SECRET}\"\n\
         redirect_uris = [\"http://127.0.0.1:{port}/truid/complete\"]\n"
    )
}

/// The configuration without pushed authorization requests, which would measure the sandbox, and
/// without the limit per address.
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
         [purposes]\nlogin = [\"name\", \"email\"]\n\
         [limits]\nstarts_per_minute = 0\n\
         [log]\nlevel = \"warn\"\n"
    )
}

/// Prints the memory of the service, and returns it in kilobytes.
fn memory(when: &str, service: &MeasuredProcess) -> Option<u64> {
    let (now, most) = service.memory()?;
    let (now_mb, most) = (megabytes(now), megabytes(most));
    println!("memory             {when}: {now_mb} resident, {most} at most");
    Some(now)
}

fn at_least(what: &str, asked: &WrkReport, limit: Option<u64>) -> Result<(), Failure> {
    let rate = asked.rate;
    match limit {
        Some(limit) if rate < limit => {
            Err(Failure(format!("{rate} {what}; the minimum is {limit}")))
        }
        _ => Ok(()),
    }
}

fn at_most(when: &str, kilobytes: Option<u64>, limit: Option<u64>) -> Result<(), Failure> {
    match (kilobytes, limit) {
        (_, None) => Ok(()),
        (None, Some(_)) => Err(Failure("memory limits need Linux".to_owned())),
        (Some(now), Some(limit)) if now > limit.saturating_mul(1_000) => Err(Failure(format!(
            "the service uses {} {when}; the limit is {limit} MB",
            megabytes(now)
        ))),
        _ => Ok(()),
    }
}
