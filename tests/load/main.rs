//! The client of `cargo xtask load`: as many complete logins as possible at a sandbox on this
//! machine, and their durations.
//!
//! A login is six requests, as a service with a backend sends them: a pushed authorization request
//! (RFC 9126), the authorization endpoint, the person's approval (through the control API), the
//! exchange of the code, a refresh, and the presentation. The client shares the processors with the
//! sandbox, so it is as cheap as possible: one thread, connections that stay open, and no more of
//! an answer read than needed.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may panic"))]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints for the person who started it"
)]

mod connection;
mod figures;
mod fill;
mod login;
mod session;

use std::cell::Cell;
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use url::{Host, Url};

use connection::{Connection, Failure};
use figures::Figures;
use login::Service;

/// Whole logins at a sandbox on this machine. `cargo xtask load` builds and starts both.
#[derive(Parser)]
#[command(name = "switchback-load", subcommand_negates_reqs = true)]
struct Arguments {
    #[command(subcommand)]
    other: Option<Other>,
    /// The sandbox's base URL; loopback only
    #[arg(long, required = true)]
    url: Option<Url>,
    /// How many logins
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    #[arg(default_value_t = 100_000)]
    logins: u64,
    /// Over how many connections at a time
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    #[arg(default_value_t = 32)]
    connections: u64,
    /// No login begins after so many seconds
    #[arg(long, value_name = "SECONDS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=3_600))]
    #[arg(default_value_t = 120)]
    seconds_at_most: u64,
    /// Fail with fewer logins a second
    #[arg(long, value_name = "RATE")]
    at_least: Option<u64>,
}

/// What else this program does.
#[derive(Subcommand)]
enum Other {
    /// Log in once at a service, and print the cookie of the session
    Cookie {
        /// What the service's addresses begin with: http://127.0.0.1:8080/truid
        #[arg(long)]
        service: Url,
    },
    /// Fill a service's database, which no other process uses meanwhile
    Fill(fill::Fill),
    /// Print how many rows of a service's database have expired, and how many have not
    Count(fill::Place),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime could be started: {error}"))?;
    let local = tokio::task::LocalSet::new();
    match &arguments.other {
        Some(Other::Cookie { service }) => {
            let cookie = runtime.block_on(local.run_until(session::log_in(service)))?;
            println!("{cookie}");
            return Ok(());
        }
        Some(Other::Fill(fill)) => return runtime.block_on(fill.run()),
        Some(Other::Count(place)) => {
            println!("{}", runtime.block_on(place.count())?);
            return Ok(());
        }
        None => {}
    }
    let url = arguments.url.as_ref().ok_or("--url is missing")?;
    let to = loopback(url)?;
    let figures = runtime.block_on(local.run_until(load(arguments, to)))?;
    println!("{figures}");
    figures.judge(arguments.at_least)
}

/// Runs the logins, over all connections at once.
async fn load(arguments: &Arguments, to: SocketAddr) -> Result<Figures, String> {
    let service = Rc::new(Service::new()?);
    let left = Rc::new(Cell::new(arguments.logins));
    let began = Instant::now();
    let until = began + Duration::from_secs(arguments.seconds_at_most);
    let connections = arguments.connections.min(arguments.logins);
    let tasks: Vec<_> = (0..connections)
        .map(|_| {
            let work = one_after_another(Rc::clone(&service), Rc::clone(&left), until, to);
            tokio::task::spawn_local(work)
        })
        .collect();
    let mut sum = Figures::default();
    for task in tasks {
        let ended = task.await;
        sum.join(ended.map_err(|error| format!("a connection's task ended early: {error}"))??);
    }
    sum.finish(began.elapsed());
    if left.get() > 0 {
        println!("The time was over with {} logins left to do.", left.get());
    }
    Ok(sum)
}

/// The logins of one connection.
async fn one_after_another(
    service: Rc<Service>,
    left: Rc<Cell<u64>>,
    until: Instant,
    to: SocketAddr,
) -> Result<Figures, String> {
    let mut figures = Figures::default();
    let mut connection = match Connection::open(to).await {
        Ok(connection) => connection,
        Err(Failure::Lost(why) | Failure::Refused(why)) => return Err(why),
    };
    while left.get() > 0 && Instant::now() < until {
        left.set(left.get() - 1);
        let begun = Instant::now();
        let outcome = service.log_in(left.get(), &mut connection).await;
        figures.count(begun.elapsed(), outcome)?;
    }
    Ok(figures)
}

/// The loopback address in a URL: a load tool must not be pointed at other machines.
fn loopback(url: &Url) -> Result<SocketAddr, String> {
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        _ => None,
    };
    match (ip.filter(IpAddr::is_loopback), url.port_or_known_default()) {
        (Some(ip), Some(port)) if url.scheme() == "http" => Ok(SocketAddr::new(ip, port)),
        _ => Err(
            "--url must be http with a loopback address, such as http://127.0.0.1:8090: \
             this tool is for a sandbox on this machine only"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_accepted() {
        let ask = |url: &str| loopback(&url.parse().unwrap());
        for url in ["http://127.0.0.1:8090", "http://[::1]:8090/"] {
            assert!(ask(url).is_ok(), "{url}");
        }
        for url in [
            "https://api.truid.app",
            "http://192.0.2.1:8090",
            "http://localhost:8090",
            "https://127.0.0.1:8090",
        ] {
            assert!(ask(url).is_err(), "{url}");
        }
    }
}
