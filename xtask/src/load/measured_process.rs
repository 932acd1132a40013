//! Starts a program to measure, waits until it is ready, and stops it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::process::{Failure, command_line, root, target_dir};

/// A running program. Dropping this value ends it.
pub(super) struct MeasuredProcess {
    child: Child,
    /// The URL on which the program listens.
    pub(super) url: String,
}

impl Drop for MeasuredProcess {
    fn drop(&mut self) {
        // The program has possibly ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The path of a program that cargo built.
pub(super) fn program(name: &str) -> String {
    let release = root().join(target_dir()).join("release");
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    release.join(name).to_string_lossy().into_owned()
}

impl MeasuredProcess {
    /// Starts the program, and reads its URL from its first line.
    pub(super) fn start(command: &mut Command) -> Result<Self, Failure> {
        command.stdout(Stdio::piped());
        let started = command.spawn();
        let failed = |what: &str| Failure(format!("`{}` {what}", command_line(command)));
        let not_started = |error: std::io::Error| failed(&format!("could not be started: {error}"));
        let mut measured = Self {
            child: started.map_err(not_started)?,
            url: String::new(),
        };
        let mut ready = String::new();
        if let Some(out) = measured.child.stdout.take() {
            BufReader::new(out)
                .read_line(&mut ready)
                .map_err(not_started)?;
        }
        match url(&ready) {
            Some(url) => {
                url.clone_into(&mut measured.url);
                Ok(measured)
            }
            None => Err(failed("did not print its URL")),
        }
    }

    /// The program's resident memory now and its maximum, in kilobytes of 1,000 bytes. Only on
    /// Linux.
    pub(super) fn memory(&self) -> Option<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let now = kilobytes(&status, "VmRSS:")?;
        Some((now, kilobytes(&status, "VmHWM:").unwrap_or(now)))
    }
}

pub(super) fn megabytes(kilobytes: u64) -> String {
    format!("{}.{} MB", kilobytes / 1_000, kilobytes % 1_000 / 100)
}

/// The base URL in the line of JSON with the step `ready`.
fn url(ready: &str) -> Option<&str> {
    let (_, rest) = ready.split_once("\"url\":")?;
    rest.split('"').nth(1)
}

/// A value of `/proc/…/status`, in kB of 1,000 bytes. The system's kB are 1,024 bytes.
fn kilobytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(number.saturating_mul(1_024) / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_is_parsed() {
        let line = r#"{"step":"ready","url":"http://127.0.0.1:41234","pages":{"home":"x"}}"#;
        assert_eq!(url(line), Some("http://127.0.0.1:41234"));
        assert_eq!(url(r#"{"result":"failed"}"#), None);
        assert_eq!(url(""), None);
    }

    #[test]
    fn memory_is_parsed() {
        let status = "Name:\tswitchback\nVmHWM:\t   40000 kB\nVmRSS:\t   31250 kB\n";
        assert_eq!(kilobytes(status, "VmRSS:"), Some(32_000));
        assert_eq!(kilobytes(status, "VmHWM:"), Some(40_960));
        assert_eq!(kilobytes("", "VmRSS:"), None);
    }
}
