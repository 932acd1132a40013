//! A browser's driver: a process that starts browsers and speaks WebDriver for them.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Starts a program and ends it, with all that it has started, when nobody holds the other
/// end of the standard input any more: also when the tests were ended themselves.
const GUARD: &str = r#""$@" & exec >&-; read -r _; kill -s KILL 0"#;

/// A running driver, on a port of its own choice. It and its browsers end with this value.
pub(super) struct Driver {
    /// The guard, the first of a group of processes.
    process: Child,
    port: u16,
    /// Home and profile of what runs: fresh for each driver.
    home: TempDir,
}

impl Driver {
    pub(super) fn chromium() -> Driver {
        Driver::start("chromedriver", &["--port=0"])
    }

    pub(super) fn firefox() -> Driver {
        // Its second port is a fixed one unless it is told to choose.
        Driver::start("geckodriver", &["--port", "0", "--websocket-port", "0"])
    }

    fn start(program: &str, arguments: &[&str]) -> Driver {
        let home = tempfile::tempdir().unwrap();
        let mut process = Command::new("sh")
            .args(["-c", GUARD, "guard", program])
            .args(arguments)
            .env("HOME", home.path())
            .env("TMPDIR", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|l| port(&l));
        // A pipe that nobody reads would stop the driver once it is full.
        std::thread::spawn(move || lines.for_each(drop));
        let port = port.unwrap_or_else(|| panic!("{program} is not here, or does not start"));
        Driver {
            process,
            port,
            home,
        }
    }

    /// Where it listens.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A folder for a profile.
    pub(super) fn profile(&self) -> &Path {
        self.home.path()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The port in `ChromeDriver was started successfully on port 40001.` or in
/// `… geckodriver INFO Listening on 127.0.0.1:40001`.
fn port(line: &str) -> Option<u16> {
    let chromium = line.split_once("successfully on port ");
    let firefox = line.split_once("Listening on 127.0.0.1:");
    let (_, port) = chromium.or(firefox)?;
    port.trim_end_matches('.').parse().ok()
}

#[test]
fn both_drivers_lines_are_read() {
    let said = "ChromeDriver was started successfully on port 40001.";
    assert_eq!(port(said), Some(40001));
    let said = "1731000000000\tgeckodriver\tINFO\tListening on 127.0.0.1:40001";
    assert_eq!(port(said), Some(40001));
    assert_eq!(port("Please see https://chromedriver.chromium.org"), None);
}
