//! [`Driver`]: a process that starts browsers and controls them with WebDriver.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Starts a program, and kills it and all its children when its standard input is closed, also if
/// the tests were killed.
const GUARD: &str = r#""$@" & exec >&-; read -r _; kill -s KILL 0"#;

/// A running driver, on a free port. It and its browsers end when this value is dropped.
pub(super) struct Driver {
    /// The guard, which leads a process group.
    process: Child,
    port: u16,
    /// The home and profile of the driver and its browsers.
    home: TempDir,
}

impl Driver {
    pub(super) fn chromium() -> Driver {
        Driver::start("chromedriver", &["--port=0"])
    }

    pub(super) fn firefox() -> Driver {
        // Without the option, its second port is fixed.
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
        // An unread pipe would block the driver when it is full.
        std::thread::spawn(move || lines.for_each(drop));
        let port = port.unwrap_or_else(|| panic!("{program} is not installed, or does not start"));
        Driver {
            process,
            port,
            home,
        }
    }

    /// The URL of the driver.
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
fn the_port_is_read_from_the_output_of_both_drivers() {
    let line = "ChromeDriver was started successfully on port 40001.";
    assert_eq!(port(line), Some(40001));
    let line = "1731000000000\tgeckodriver\tINFO\tListening on 127.0.0.1:40001";
    assert_eq!(port(line), Some(40001));
    assert_eq!(port("Please see https://chromedriver.chromium.org"), None);
}
