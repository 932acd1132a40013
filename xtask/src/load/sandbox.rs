//! Measures how many whole logins per second the sandbox answers on this machine, with the client on
//! the same machine, and the memory of the sandbox afterwards.

use clap::Args;

use super::measured_process::{MeasuredProcess, megabytes, program};
use crate::process::{Failure, cargo, command, command_line, run};

/// The amount, the duration, and the limits.
#[derive(Args)]
pub(crate) struct Logins {
    /// The number of whole logins, of six requests each
    #[arg(long, default_value_t = 100_000)]
    logins: u64,
    /// The number of connections at the same time
    #[arg(long, default_value_t = 32)]
    connections: u64,
    /// Begin no login after this time
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    seconds_at_most: u64,
    /// Fail with fewer logins per second
    #[arg(long, value_name = "RATE")]
    at_least: Option<u64>,
    /// Fail if the sandbox uses more memory at the end
    #[arg(long, value_name = "MEGABYTES")]
    memory_at_most: Option<u64>,
}

pub(crate) fn run_all(load: &Logins) -> Result<(), Failure> {
    let mut build = cargo("build --release --locked --bins -p switchback-cli -p switchback-tests");
    println!("building both with `{}`", command_line(&build));
    run(&mut build)?;

    let arguments = ["--json", "sandbox", "--port", "0"];
    let sandbox = MeasuredProcess::start(&mut command(program("switchback"), arguments))?;
    let mut client = command(program("switchback-load"), [""; 0]);
    client.args(["--url", &sandbox.url]);
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
    println!("running `{}`\n", command_line(&client));
    let done = run(&mut client);
    memory(&sandbox, load.memory_at_most).and(done)
}

/// Prints the sandbox's memory, on Linux.
fn memory(sandbox: &MeasuredProcess, at_most: Option<u64>) -> Result<(), Failure> {
    let Some((now, most)) = sandbox.memory() else {
        println!("sandbox's memory   unknown: this system has no /proc");
        return match at_most {
            None => Ok(()),
            Some(_) => Err(Failure("--memory-at-most needs Linux".to_owned())),
        };
    };
    println!(
        "sandbox's memory   {} resident, {} at most",
        megabytes(now),
        megabytes(most)
    );
    match at_most {
        Some(limit) if now > limit.saturating_mul(1_000) => Err(Failure(format!(
            "the sandbox uses {}; the limit is {limit} MB",
            megabytes(now)
        ))),
        _ => Ok(()),
    }
}
