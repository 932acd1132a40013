//! This test binary, started again as another process: a real one, that can be killed.
//!
//! A test starts itself with a role in the environment, and the inner run plays it. The two
//! talk in lines: commands to its standard input, answers out of its standard output behind
//! a mark, since the test harness writes there as well.

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

/// What another process is started with.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ChildTask {
    pub(crate) base_url: String,
    folder: String,
    wall: i64,
    uptime: i64,
    /// What it is to do, and whatever else it has to know.
    pub(crate) task: serde_json::Value,
}

impl ChildTask {
    pub(crate) fn new(fixture: &Fixture, folder: &Path, task: serde_json::Value) -> Self {
        let folder = folder.display().to_string();
        Self::at(fixture.sandbox.url(), &fixture.clock, folder, task)
    }

    /// The part of a service's node, which has its own store.
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

    /// The part that this process was started for, if it was.
    pub(crate) fn from_environment() -> Option<Self> {
        let child = env::var(ROLE).ok()?;
        Some(serde_json::from_str(&child).unwrap())
    }

    /// The world as this part sees it: the same folder, the same time, the real network.
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

/// Says a line to the process that started this one.
pub(crate) fn print_line(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{MARK}{line}").unwrap();
    out.flush().unwrap();
}

/// Waits for ever: to be killed.
pub(crate) fn wait_forever() -> ! {
    loop {
        std::thread::park();
    }
}

/// Another process, which ends with this value.
pub(crate) struct ChildProcess {
    child: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl ChildProcess {
    /// Starts the test of this name again, to play a part.
    pub(crate) fn start(test: &str, child: &ChildTask) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(ROLE, json!(child).to_string())
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

    /// The next line that it says; `None` when it has ended.
    pub(crate) fn next_line(&mut self) -> Option<String> {
        loop {
            let line = self.answers.next()?.unwrap();
            if let Some(said) = line.strip_prefix(MARK) {
                return Some(said.to_owned());
            }
        }
    }

    /// All that it says before this line.
    pub(crate) fn lines_until(&mut self, last: &str) -> Vec<String> {
        let mut said = Vec::new();
        loop {
            match self.next_line().expect("it goes on") {
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
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
