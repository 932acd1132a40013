//! A program that is measured: started, waited for, and stopped.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::process::{Failure, command_line, root, target_dir};

/// A program that ends with this value, however the run ends.
pub(super) struct MeasuredProcess {
    child: Child,
    /// Where it listens.
    pub(super) url: String,
}

impl Drop for MeasuredProcess {
    fn drop(&mut self) {
        // It may have ended by itself: then there is nothing to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where cargo has put a program.
pub(super) fn program(name: &str) -> String {
    let release = root().join(target_dir()).join("release");
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    release.join(name).to_string_lossy().into_owned()
}

impl MeasuredProcess {
    /// Starts it, and hears from it where it listens.
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
            None => Err(failed("did not say where it listens")),
        }
    }

    /// How much of the machine's memory it holds now and held at most, in kilobytes of 1,000
    /// bytes, where the system tells.
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

/// The base URL in the line of JSON that tells that the sandbox is ready.
fn url(ready: &str) -> Option<&str> {
    let (_, rest) = ready.split_once("\"url\":")?;
    rest.split('"').nth(1)
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
