//! Starts this test binary again as a child process that can be killed.
//!
//! The test starts itself with a task in the environment. Parent and child exchange lines: the
//! parent writes to the child's standard input, and the child answers on its standard output. A
//! mark precedes each answer, since the test harness writes there, too.

use std::env;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use switchback::{Client, Platform, store};

use crate::support::{Fixture, TestClock, config_at};

const ROLE: &str = "SWITCHBACK_TEST_PROCESS";
const MARK: &str = "@@ ";

/// The task of a child process, and its environment.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ChildTask {
    pub(crate) base_url: String,
    folder: String,
    wall: i64,
    uptime: i64,
    /// The task and its parameters.
    pub(crate) task: serde_json::Value,
}

impl ChildTask {
    pub(crate) fn new(fixture: &Fixture, folder: &Path, task: serde_json::Value) -> Self {
        let folder = folder.display().to_string();
        Self::at(fixture.sandbox.url(), &fixture.clock, folder, task)
    }

    /// The task of a node of a service, which has its own store.
    pub(crate) fn at(
        base_url: &str,
        clock: &TestClock,
        folder: String,
        task: serde_json::Value,
    ) -> Self {
        let now = switchback::ports::Clock::now(clock);
        Self {
            base_url: base_url.into(),
            folder,
            wall: now.wall,
            uptime: now.uptime.map_or(0, |uptime| uptime.seconds),
            task,
        }
    }

    /// The task of this process, if it is a child.
    pub(crate) fn from_environment() -> Option<Self> {
        let child = env::var(ROLE).ok()?;
        Some(serde_json::from_str(&child).unwrap())
    }

    /// The platform of the child: the same folder and time, and the real network.
    pub(crate) fn platform(&self) -> (Platform, Arc<TestClock>) {
        let clock = self.clock();
        let mut platform = Platform::new(self.store());
        platform.clock = clock.clone();
        (platform, clock)
    }

    pub(crate) fn clock(&self) -> Arc<TestClock> {
        TestClock::reading(self.wall, self.uptime)
    }

    pub(crate) fn store(&self) -> store::SealedFile {
        store::SealedFile::open(&self.folder).unwrap()
    }

    pub(crate) fn client(&self, platform: Platform) -> Client {
        Client::new(config_at(&self.base_url), platform).unwrap()
    }
}

/// Prints a line to the parent process.
pub(crate) fn print_line(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{MARK}{line}").unwrap();
    out.flush().unwrap();
}

/// Waits to be killed.
pub(crate) fn wait_forever() -> ! {
    loop {
        std::thread::park();
    }
}

/// A child process, which is killed when this is dropped.
pub(crate) struct ChildProcess {
    child: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl ChildProcess {
    /// Starts the test of this name again as a child.
    pub(crate) fn start(test: &str, task: &ChildTask) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(ROLE, json!(task).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self {
            commands: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()).lines(),
            child,
        }
    }

    pub(crate) fn send_line(&mut self, command: &str) {
        writeln!(self.commands, "{command}").unwrap();
        self.commands.flush().unwrap();
    }

    /// The next line of the child; `None` if it has ended.
    pub(crate) fn next_line(&mut self) -> Option<String> {
        loop {
            let line = self.answers.next()?.unwrap();
            if let Some(said) = line.strip_prefix(MARK) {
                return Some(said.to_owned());
            }
        }
    }

    /// All lines of the child before this line.
    pub(crate) fn lines_until(&mut self, last: &str) -> Vec<String> {
        let mut said = Vec::new();
        loop {
            match self.next_line().expect("the child runs") {
                line if line == last => return said,
                line => said.push(line),
            }
        }
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
