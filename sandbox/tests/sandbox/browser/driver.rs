//! A browser's driver: a process that starts browsers and speaks WebDriver for them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A running driver, on a port of its own choice. It and whatever it started end with this
/// value, also when a test panics.
pub(super) struct Driver {
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
        let mut process = Command::new(program)
            .args(arguments)
            .env("HOME", home.path())
            .env("TMPDIR", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // The browser belongs to this group too, and both can be ended by its number.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|l| port(&l));
        // A pipe that nobody reads would stop the driver once it is full.
        std::thread::spawn(move || lines.for_each(drop));
        let port = port.unwrap_or_else(|| panic!("{program} did not say where it listens"));
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
        let group = format!("kill -s KILL -- -{}", self.process.id());
        let _ = Command::new("sh").args(["-c", &group]).status();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(self.home.path());
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
