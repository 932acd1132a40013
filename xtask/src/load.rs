//! `cargo xtask load`: how many whole logins a second the sandbox does on this machine,
//! with the client that asks for them beside it, and how much memory it then holds.
//! Both are built in release mode, and the sandbox is a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use clap::Args;

use crate::process::{Failure, cargo, command, root, run, shown, target_dir};

/// How much, how long, and what would be too little.
#[derive(Args)]
pub(crate) struct Load {
    /// How many whole logins, of six requests each
    #[arg(long, default_value_t = 100_000)]
    logins: u64,
    /// Over how many connections at a time
    #[arg(long, default_value_t = 32)]
    connections: u64,
    /// No login begins after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    seconds_at_most: u64,
    /// Fail with fewer logins a second
    #[arg(long, value_name = "RATE")]
    at_least: Option<u64>,
    /// Fail when the sandbox holds more megabytes at the end
    #[arg(long, value_name = "MEGABYTES")]
    memory_at_most: Option<u64>,
}

/// A sandbox that ends with this value, however the run ends.
struct Sandbox(Child);

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself: then there is nothing to stop.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn run_all(load: &Load) -> Result<(), Failure> {
    let mut build = cargo("build --release --locked --bins -p switchback-cli -p switchback-tests");
    println!("building both with `{}`", shown(&build));
    run(&mut build)?;

    let (sandbox, url) = start()?;
    let mut client = command(&program("switchback-load"), [""; 0]);
    client.args(["--url", &url]);
    for (name, number) in [
        ("--logins", Some(load.logins)),
        ("--connections", Some(load.connections)),
        ("--seconds-at-most", Some(load.seconds_at_most)),
        ("--at-least", load.at_least),
    ] {
        if let Some(number) = number {
            client.args([name, &number.to_string()]);
        }
    }
    println!("running `{}`\n", shown(&client));
    let done = run(&mut client);
    memory(&sandbox, load.memory_at_most).and(done)
}

/// Where cargo has put a program.
fn program(name: &str) -> String {
    let release = root().join(target_dir()).join("release");
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    release.join(name).to_string_lossy().into_owned()
}

/// Starts the sandbox on a port of its own choice, and hears from it where that is.
fn start() -> Result<(Sandbox, String), Failure> {
    let arguments = ["--json", "sandbox", "--port", "0"];
    let mut command = command(&program("switchback"), arguments);
    command.stdout(Stdio::piped());
    let started = command.spawn();
    let failed = |what: &str| Failure(format!("`{}` {what}", shown(&command)));
    let not_started = |error: std::io::Error| failed(&format!("could not be started: {error}"));
    let mut child = Sandbox(started.map_err(not_started)?);
    let mut ready = String::new();
    if let Some(out) = child.0.stdout.take() {
        BufReader::new(out)
            .read_line(&mut ready)
            .map_err(not_started)?;
    }
    match url(&ready) {
        Some(url) => Ok((child, url.to_owned())),
        None => Err(failed("did not say where it listens")),
    }
}

/// The base URL in the line of JSON that tells that the sandbox is ready.
fn url(ready: &str) -> Option<&str> {
    let (_, rest) = ready.split_once("\"url\":")?;
    rest.split('"').nth(1)
}

/// Says how much of the machine's memory the sandbox holds, where the system tells.
fn memory(sandbox: &Sandbox, at_most: Option<u64>) -> Result<(), Failure> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", sandbox.0.id()));
    let status = status.unwrap_or_default();
    let Some(now) = kilobytes(&status, "VmRSS:") else {
        println!("sandbox's memory   not known: this system has no /proc");
        return match at_most {
            None => Ok(()),
            Some(_) => Err(Failure("--memory-at-most needs Linux".to_owned())),
        };
    };
    let most = kilobytes(&status, "VmHWM:").unwrap_or(now);
    let mb = |kilobytes: u64| format!("{}.{} MB", kilobytes / 1_000, kilobytes % 1_000 / 100);
    println!(
        "sandbox's memory   {} resident, {} at most",
        mb(now),
        mb(most)
    );
    match at_most {
        Some(limit) if now > limit.saturating_mul(1_000) => Err(Failure(format!(
            "the sandbox holds {}; there should be {limit} MB at most",
            mb(now)
        ))),
        _ => Ok(()),
    }
}

/// A figure from `/proc/…/status`. The system's kB are 1,024 bytes; ours are 1,000.
fn kilobytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(number.saturating_mul(1_024) / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_ready_sandbox_is_read() {
        let line = r#"{"step":"ready","url":"http://127.0.0.1:41234","pages":{"home":"x"}}"#;
        assert_eq!(url(line), Some("http://127.0.0.1:41234"));
        assert_eq!(url(r#"{"result":"failed"}"#), None);
        assert_eq!(url(""), None);
    }

    #[test]
    fn memory_is_read() {
        let status = "Name:\tswitchback\nVmHWM:\t   40000 kB\nVmRSS:\t   31250 kB\n";
        assert_eq!(kilobytes(status, "VmRSS:"), Some(32_000));
        assert_eq!(kilobytes(status, "VmHWM:"), Some(40_960));
        assert_eq!(kilobytes("", "VmRSS:"), None);
    }
}
