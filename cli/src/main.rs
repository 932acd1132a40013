//! The `switchback` command: a login in front of you.
//!
//! | file | what it does |
//! |---|---|
//! | `args` | what may be written on the command line, and its help |
//! | `demo` | a whole login against a sandbox, across two processes |
//! | `login`, `session`, `url`, `sandbox` | the other commands |
//! | `home`, `profile` | what is kept between two calls, and where |
//! | `listener`, `paste`, `browser` | the ways out to the person and back |
//! | `output`, `words`, `exit`, `verbose` | everything that is said |

mod args;
mod browser;
mod claims;
mod demo;
mod exit;
mod home;
mod listener;
mod login;
mod output;
mod paste;
mod profile;
mod sandbox;
mod session;
mod signals;
mod url;
mod verbose;
mod words;

use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser as _;
use exit::{Exit, Failure};
use output::Output;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::usage(&error),
    };
    let out = Output::new(cli.common.json);
    if cli.common.verbose {
        verbose::install();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(cli, &out));
            // A thread may still wait for a line on stdin: nobody waits for it.
            runtime.shutdown_background();
            done
        }
        Err(error) => Err(Failure::failed(format!(
            "no threads could be started: {error}"
        ))),
    };
    match done.and_then(|()| out.written()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out.failure(&failure);
            failure.exit.into()
        }
    }
}

async fn run(cli: Cli, out: &Output) -> Result<(), Failure> {
    let waits = matches!(&cli.command, Command::Login(_));
    // The sandbox ends in good order on the same signal, and so does a kept demo.
    if let Command::Sandbox(args) = cli.command {
        return sandbox::run(out, args).await;
    }
    let kept = tokio::select! {
        biased;
        interrupted = signals::interrupt() => return Err(on_interrupt(interrupted, waits)),
        kept = command(cli, out) => kept?,
    };
    if let Some(sandbox) = kept {
        sandbox::keep(out, sandbox).await?;
    }
    Ok(())
}

async fn command(cli: Cli, out: &Output) -> Result<Option<switchback_sandbox::Sandbox>, Failure> {
    let common = cli.common;
    match cli.command {
        Command::Demo(args) => return demo::run(out, &common, args).await,
        Command::ContinueDemo => demo::continued(out).await,
        Command::Login(args) => login::run(out, &common, args).await,
        Command::Session { command } => session::run(out, &common, command).await,
        Command::Url(args) => url::run(out, &common, args).await,
        Command::Sandbox(args) => sandbox::run(out, args).await,
    }?;
    Ok(None)
}

fn on_interrupt(interrupted: std::io::Result<()>, waits: bool) -> Failure {
    if let Err(error) = interrupted {
        return Failure::failed(format!("Ctrl-C cannot be listened for: {error}"));
    }
    let failure = Failure::new(Exit::Interrupted, "interrupted", "interrupted");
    if waits {
        failure.next("a login that was begun waits until its deadline: switchback login --continue")
    } else {
        failure
    }
}
