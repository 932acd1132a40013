//! PostgreSQL, for the tests: Debian's, as a separate server in a temporary folder, on a free port of
//! loopback. The tests never use the system's own server. A shell script (`postgres_server.sh`) runs
//! the server, since a process must remain after this program to remove the folder.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::install::{apt_install, are_root, obtain};
use crate::process::{Failure, command, output_if_ok};
use crate::report::Availability;

/// The variable with the server's URL. If a person sets it, the tests use that server.
pub(crate) const VARIABLE: &str = "SWITCHBACK_TEST_POSTGRES";

/// Debian's folder of the programs, with a subfolder for each version. It is not on the PATH.
const DEBIANS: &str = "/usr/lib/postgresql";

/// The programs that make and start a server.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// The accounts for the server if this program runs as root, since PostgreSQL refuses root: the
/// account of Debian's package, or the account without files.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

const SERVER_SCRIPT: &str = include_str!("postgres_server.sh");

/// A server that ends when this value is dropped, and when this program ends, also if killed.
pub(crate) struct Server {
    /// The server's URL, with the superuser's name and password.
    pub(crate) url: String,
    script: Child,
    /// The server runs until this pipe is closed.
    hold: Option<ChildStdin>,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.hold.take());
        // After an error there is nothing to do: the script ends without us.
        let _ = self.script.wait();
    }
}

/// PostgreSQL's programs, or a server in [`VARIABLE`].
pub(crate) fn postgres() -> Availability {
    if is_configured() {
        println!("PostgreSQL: the server in {VARIABLE}");
        return Ok(());
    }
    installed()
}

/// Starts a server, unless [`VARIABLE`] names one.
pub(crate) fn serve() -> Result<Option<Server>, String> {
    if is_configured() {
        return Ok(None);
    }
    start().map(Some)
}

/// Starts a separate server, also if [`VARIABLE`] names one.
pub(crate) fn new() -> Result<Server, String> {
    installed()?;
    start()
}

/// `cargo xtask postgres`: a server until Ctrl-C, for a `cargo test` by hand.
pub(crate) fn run_all() -> Result<(), Failure> {
    let server = new().map_err(Failure)?;
    println!("a server for tests in other shells runs until Ctrl-C:");
    println!("export {VARIABLE}={}", server.url);
    loop {
        std::thread::park();
    }
}

fn installed() -> Availability {
    obtain(
        "PostgreSQL",
        || programs().is_some(),
        || apt_install(&["postgresql"]),
    )
}

fn is_configured() -> bool {
    std::env::var_os(VARIABLE).is_some_and(|url| !url.is_empty())
}

fn start() -> Result<Server, String> {
    let cannot = |why: &str| format!("a PostgreSQL for the tests could not be started: {why}");
    let failed = |error: std::io::Error| cannot(&error.to_string());
    let programs = programs().ok_or_else(|| cannot("its programs were not found"))?;
    let account = account(are_root(), |name| {
        output_if_ok(&mut command("id", ["-u", name])).is_some()
    })
    .map_err(|why| cannot(&why))?;
    let mut command = script(&programs, account, &ports().map_err(failed)?);
    let mut script = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let (hold, out) = (script.stdin.take(), script.stdout.take());
    let mut server = Server {
        url: String::new(),
        script,
        hold,
    };
    if let Some(out) = out {
        let mut said = String::new();
        BufReader::new(out).read_line(&mut said).map_err(failed)?;
        said.trim().clone_into(&mut server.url);
    }
    if server.url.is_empty() {
        return Err(cannot("its output is above"));
    }
    Ok(server)
}

/// The command that runs a server. The script is an argument, since the account possibly cannot read
/// our files.
fn script(programs: &Path, account: Option<&str>, ports: &[u16]) -> Command {
    let mut words = Vec::new();
    if let Some(account) = account {
        // Unlike `runuser`, `setpriv` executes the command directly, without another process.
        words.push("setpriv".to_owned());
        words.push(format!("--reuid={account}"));
        words.push(format!("--regid={}", group(account)));
        words.push("--clear-groups".to_owned());
    }
    words.extend(["sh", "-c", SERVER_SCRIPT, "sh"].map(str::to_owned));
    words.push(programs.display().to_string());
    words.extend(ports.iter().map(u16::to_string));
    let mut command = command(&words[0], &words[1..]);
    command.current_dir("/");
    command
}

/// The account's group, which can have another name (`nobody` is in `nogroup`).
fn group(account: &str) -> String {
    let number = output_if_ok(&mut command("id", ["-g", account]));
    number.map_or_else(|| account.to_owned(), |number| number.trim().to_owned())
}

/// The account for the server, if this program runs as root.
fn account(
    are_root: bool,
    is_there: impl Fn(&str) -> bool,
) -> Result<Option<&'static str>, String> {
    if !are_root {
        return Ok(None);
    }
    let account = ACCOUNTS.into_iter().find(|name| is_there(name));
    account.map(Some).ok_or_else(|| {
        format!(
            "it refuses to run as root, and there is no account {}",
            ACCOUNTS.join(" or ")
        )
    })
}

/// Three ports that are free now: another program can take one of them meanwhile.
fn ports() -> std::io::Result<Vec<u16>> {
    let listen = |_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listeners: Vec<_> = (0..3).map(listen).collect::<Result<_, _>>()?;
    let port = |listener: &TcpListener| Ok(listener.local_addr()?.port());
    listeners.iter().map(port).collect()
}

/// The folder of the programs: Debian's newest version, or a folder on the PATH.
fn programs() -> Option<PathBuf> {
    let has_all = |folder: &PathBuf| PROGRAMS.iter().all(|name| folder.join(name).is_file());
    let entries = fs::read_dir(DEBIANS).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let debians = newest_first(names).into_iter();
    let debians = debians.map(|version| Path::new(DEBIANS).join(version).join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    debians.chain(std::env::split_paths(&path)).find(has_all)
}

/// The versions among the names of folders, the newest first.
fn newest_first(names: impl Iterator<Item = String>) -> Vec<String> {
    let parts = |name: &str| {
        let parts = name.split('.').map(str::parse);
        parts.collect::<Result<Vec<u32>, _>>().ok()
    };
    let mut versions: Vec<_> = names
        .filter_map(|name| Some((parts(&name)?, name)))
        .collect();
    versions.sort_by(|one, other| other.cmp(one));
    versions.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_numbers() {
        let names = ["9.6", "15", "common", "17", "9.10"].map(str::to_owned);
        assert_eq!(newest_first(names.into_iter()), ["17", "15", "9.10", "9.6"]);
        assert!(newest_first(std::iter::empty()).is_empty());
    }

    #[test]
    fn root_uses_another_account() {
        assert_eq!(account(false, |_| panic!("no account is needed")), Ok(None));
        assert_eq!(account(true, |_| true), Ok(Some("postgres")));
        assert_eq!(account(true, |name| name == "nobody"), Ok(Some("nobody")));
        let why = account(true, |_| false).expect_err("there is no account");
        assert!(why.ends_with("no account postgres or nobody"), "{why}");
    }

    #[test]
    fn three_different_ports_are_free() {
        let mut ports = ports().expect("loopback is there");
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 3, "{ports:?}");
    }

    #[test]
    fn the_script_gets_the_programs_and_the_ports() {
        let words = |command: &Command| -> Vec<String> {
            let words = command.get_args().map(|word| word.to_string_lossy());
            words.map(std::borrow::Cow::into_owned).collect()
        };
        let plain = script(Path::new("/bin"), None, &[1, 2]);
        assert_eq!(plain.get_program(), "sh");
        assert_eq!(words(&plain), ["-c", SERVER_SCRIPT, "sh", "/bin", "1", "2"]);
        let other = script(Path::new("/bin"), Some("no-such-account"), &[1]);
        assert_eq!(other.get_program(), "setpriv");
        assert_eq!(words(&other)[0], "--reuid=no-such-account");
    }
}
