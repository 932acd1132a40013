//! Starts other programs in the workspace's folder. Each error names the command line that failed.

use std::ffi::OsStr;
use std::fmt;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The failure of a task: what happened, where, and what to do.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// cargo's target directory, relative to the workspace's folder.
pub(crate) fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from)
}

/// `program` with `arguments`, in the workspace's folder, and with the environment of the person's
/// shell.
pub(crate) fn command<A: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null());
    // `cargo run` describes the xtask crate in these variables. Another cargo would take them for a
    // change (ring's build script watches several), and compile again.
    for (name, _) in std::env::vars_os() {
        if describes_a_crate(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command
}

fn describes_a_crate(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_")
        || variable.starts_with("CARGO_MANIFEST_")
        || ["CARGO_BIN_NAME", "CARGO_CRATE_NAME", "OUT_DIR"].contains(&variable)
}

/// `cargo` with arguments separated by spaces.
pub(crate) fn cargo(arguments: &str) -> Command {
    command("cargo", arguments.split_whitespace())
}

/// The failure of an operation (`read`, `write`, `make`) on a file or a folder.
pub(crate) fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("cannot {what} {}: {error}", path.display()))
}

/// The command as a person would type it, with the variables that we set.
pub(crate) fn command_line(command: &Command) -> String {
    let variables = command.get_envs().filter_map(|(name, value)| {
        let (name, value) = (name.to_string_lossy(), value?.to_string_lossy());
        Some(if value.contains(' ') {
            format!("{name}='{value}'")
        } else {
            format!("{name}={value}")
        })
    });
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| word.to_string_lossy().into_owned());
    variables.chain(words).collect::<Vec<_>>().join(" ")
}

/// Runs the command with our own output. Fails if the command fails.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    ended(command, status)
}

/// Runs the command with our own output, and also returns its standard output, even if the command
/// fails.
pub(crate) fn run_and_keep(command: &mut Command) -> (String, Result<(), Failure>) {
    let mut kept = Vec::new();
    let done = copy_output(command, &mut kept);
    (String::from_utf8_lossy(&kept).into_owned(), done)
}

fn copy_output(command: &mut Command, kept: &mut Vec<u8>) -> Result<(), Failure> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    let lost =
        |error: std::io::Error| Failure(format!("cannot read the output of a test run: {error}"));
    if let Some(mut from) = child.stdout.take() {
        let mut to = std::io::stdout().lock();
        let mut buffer = [0; 8192];
        loop {
            let count = from.read(&mut buffer).map_err(lost)?;
            if count == 0 {
                break;
            }
            to.write_all(&buffer[..count]).map_err(lost)?;
            to.flush().map_err(lost)?;
            kept.extend_from_slice(&buffer[..count]);
        }
    }
    let status = child.wait().map_err(lost)?;
    ended(command, status)
}

/// The command's standard output, if the command starts and succeeds. Prints no error: for finding
/// out whether a tool is installed.
pub(crate) fn output_if_ok(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The command's standard output, byte for byte.
pub(crate) fn output_bytes(command: &mut Command) -> Result<Vec<u8>, Failure> {
    let output = command
        .output()
        .map_err(|error| not_started(command, &error))?;
    ended(command, output.status)?;
    Ok(output.stdout)
}

/// Whether the command succeeds within `limit`, without output. Kills the command after this time.
pub(crate) fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = quiet.spawn() else {
        return false;
    };
    let started = Instant::now();
    while started.elapsed() < limit {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(50)),
            Err(_) => return false,
        }
    }
    // The command has possibly ended meanwhile.
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// The processor time of this program and of the programs that it started and waited for. It does
/// not depend on other programs or on the number of processors. Only on Linux.
pub(crate) fn processor_time() -> Option<Duration> {
    processor_time_in(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

fn processor_time_in(stat: &str) -> Option<Duration> {
    // Programs see 100 ticks per second, independent of the kernel's own rate (proc_pid_stat(5)).
    const MILLISECONDS_A_TICK: u64 = 10;
    // The program's name is in parentheses, and can contain any character.
    let (_, fields) = stat.rsplit_once(')')?;
    // utime, stime, cutime, cstime.
    let ticks = fields.split_whitespace().skip(11).take(4);
    let ticks = ticks.map(str::parse).collect::<Result<Vec<u64>, _>>();
    let ticks: u64 = ticks.ok().filter(|ticks| ticks.len() == 4)?.iter().sum();
    Some(Duration::from_millis(ticks * MILLISECONDS_A_TICK))
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure(format!(
        "`{}` could not be started: {error}. Is {} installed and on the PATH?",
        command_line(command),
        command.get_program().to_string_lossy()
    ))
}

fn ended(command: &Command, status: std::process::ExitStatus) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    Err(Failure(format!(
        "`{}` failed ({status})",
        command_line(command)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_is_typed() {
        let command = cargo("test  --workspace --locked");
        assert_eq!(command_line(&command), "cargo test --workspace --locked");

        let mut command = cargo("doc");
        command.env("RUSTDOCFLAGS", "-D warnings").env_remove("CI");
        assert_eq!(
            command_line(&command),
            "RUSTDOCFLAGS='-D warnings' cargo doc"
        );
    }

    #[test]
    fn only_what_describes_a_crate_is_kept_from_children() {
        for variable in ["CARGO_PKG_VERSION", "CARGO_MANIFEST_DIR", "OUT_DIR"] {
            assert!(describes_a_crate(variable), "{variable}");
        }
        for variable in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_TERM_COLOR", "PATH"] {
            assert!(!describes_a_crate(variable), "{variable}");
        }
    }

    #[test]
    fn processor_time_is_read() {
        let stat = "7 (a) b) R 1 7 7 0 -1 4194304 99 0 0 0 100 20 3000 400 20 0 1 0";
        assert_eq!(processor_time_in(stat), Some(Duration::from_millis(35_200)));
        assert_eq!(processor_time_in("7 (short) R 1"), None);
        assert_eq!(processor_time_in(""), None);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = run(&mut command("no-such-program", ["--flag"]));
        let said = failure.expect_err("it cannot start").to_string();
        assert!(
            said.starts_with("`no-such-program --flag` could not be started"),
            "{said}"
        );
    }

    #[test]
    fn the_workspace_is_found() {
        assert!(root().join("Cargo.toml").is_file());
        assert!(root().join("xtask").is_dir());
    }
}
