//! The `switchback` command: logins, sessions, a sandbox and a backend on the command line.
//!
//! | file | what it does |
//! |---|---|
//! | `args` | the commands and options, with their help |
//! | `demo` | a whole login against a sandbox, across two processes |
//! | `sign`, `verify`, `document`, `signature_file` | a person signs a document; the verification of a signature |
//! | `login`, `session`, `url`, `sandbox`, `doctor`, `timestamp`, `serve` | the other commands |
//! | `config_problems` | prints the mistakes of a configuration file |
//! | `home`, `profile` | what the command stores between two calls, and where |
//! | `listener`, `paste`, `browser` | opens the authorization URL, and receives the callback |
//! | `deadline`, `signals` | how long the command waits for a person, and Ctrl-C |
//! | `output`, `format`, `exit`, `verbose` | everything that the command prints |

mod args;
mod browser;
mod claims;
mod config_problems;
mod deadline;
mod demo;
mod doctor;
mod document;
mod exit;
mod format;
mod home;
mod listener;
mod login;
mod output;
mod paste;
mod profile;
mod sandbox;
#[cfg(feature = "serve")]
mod serve;
mod session;
mod sign;
mod signals;
mod signature_file;
mod timestamp;
mod url;
mod usage;
mod verbose;
mod verify;

use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use args::{Cli, Command, Common};
use clap::Parser as _;
use demo::RunningSandbox;
use exit::{Exit, Failure};
use output::Output;
use signals::Stop;

/// A server that runs after its command is done, until Ctrl-C.
enum LongRunning {
    Sandbox(Box<RunningSandbox>),
    #[cfg(feature = "serve")]
    Server(Box<serve::RunningServer>),
}

/// How long a refresh or an exchange may continue after the first Ctrl-C.
const FINISH_WITHIN: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::unreadable(&error),
    };
    let Cli { common, command } = cli;
    let Some(command) = command else {
        return usage::without_command(common.json);
    };
    let out = Output::new(common.json);
    let workers = match &command {
        // The server installs its own log.
        #[cfg(feature = "serve")]
        Command::Serve(_) => std::thread::available_parallelism().map_or(2, usize::from),
        _ => {
            if common.verbose {
                verbose::install();
            }
            2
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(common, command, &out));
            // A thread possibly still waits for a line on stdin: do not wait for that thread.
            runtime.shutdown_background();
            done
        }
        Err(error) => Err(Failure::failed(format!(
            "the system could not start threads: {error}"
        ))),
    };
    match done.and_then(|()| out.written()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.reported {
                out.failure(&failure);
            }
            failure.exit.into()
        }
    }
}

async fn run(common: Common, command: Command, out: &Output) -> Result<(), Failure> {
    let no_signal = |error| Failure::failed(format!("cannot listen for Ctrl-C: {error}"));
    let mut stop = Stop::new().map_err(no_signal)?;
    let waits = matches!(command, Command::Login(_) | Command::Sign(_));
    let mut command = std::pin::pin!(perform(common, command, out));
    let kept = tokio::select! {
        biased;
        kept = &mut command => kept?,
        () = stop.wait() => {
            return Err(match finish(out, command, &mut stop).await {
                Ok(_) => Failure {
                    message: "interrupted, after the open request was finished".into(),
                    ..deadline::interrupted()
                },
                Err(failure) if waits && failure.next.is_none() => failure.next(
                    "to complete the login before its deadline: switchback login --continue",
                ),
                Err(failure) => failure,
            });
        }
    };
    match kept {
        None => {}
        Some(LongRunning::Sandbox(kept)) => {
            sandbox::keep(out, kept.sandbox, stop).await;
            drop(kept.home);
        }
        #[cfg(feature = "serve")]
        Some(LongRunning::Server(service)) => serve::keep(out, *service, stop).await?,
    }
    Ok(())
}

/// Runs a command; returns the server that stays until Ctrl-C, if the command started one.
async fn perform(
    common: Common,
    command: Command,
    out: &Output,
) -> Result<Option<LongRunning>, Failure> {
    let demo = |kept: Option<RunningSandbox>| kept.map(|kept| LongRunning::Sandbox(Box::new(kept)));
    match command {
        Command::Demo(args) => return demo::run(out, &common, args).await.map(demo),
        #[cfg(feature = "serve")]
        Command::Serve(args) if args.demo => {
            let kept = serve::demo::run(out, &common, &args.with_demo).await?;
            return Ok(demo(Some(kept)));
        }
        #[cfg(feature = "serve")]
        Command::Serve(args) => {
            let service = serve::run(out, &common, args).await?;
            return Ok(service.map(|service| LongRunning::Server(Box::new(service))));
        }
        Command::Sandbox(args) => {
            let sandbox = sandbox::run(out, &common, args).await?;
            let home = None;
            return Ok(demo(
                sandbox.map(|sandbox| RunningSandbox { sandbox, home }),
            ));
        }
        Command::ContinueDemo => demo::continued(out).await,
        Command::Login(args) => login::run(out, &common, args).await,
        Command::Session { command } => session::run(out, &common, command).await,
        Command::Sign(args) => sign::run(out, &common, *args).await,
        Command::Verify(args) => verify::run(out, args).await,
        Command::Url(args) => url::run(out, &common, args).await,
        Command::Doctor { command } => doctor::run(out, command).await,
        Command::Timestamp(args) => timestamp::run(out, args).await,
    }?;
    Ok(None)
}

/// Ends a command after Ctrl-C. A wait for a person ends at once. A refresh continues: the
/// provider possibly accepted the old refresh token, and the command must store the new one.
async fn finish<T>(
    out: &Output,
    mut command: Pin<&mut impl Future<Output = Result<T, Failure>>>,
    stop: &mut Stop,
) -> Result<T, Failure> {
    signals::interrupt();
    tokio::select! {
        biased;
        ended = &mut command => return ended.map_err(interrupted),
        () = std::future::ready(()) => {}
    }
    out.note("Finishing open requests; Ctrl-C again ends the command at once.");
    tokio::select! {
        biased;
        ended = tokio::time::timeout(FINISH_WITHIN, command) => {
            ended.map_or_else(|_| Err(deadline::interrupted()), |ended| ended.map_err(interrupted))
        }
        () = stop.wait() => Err(deadline::interrupted()),
    }
}

/// Keeps the message of a failure after Ctrl-C, with the exit code of Ctrl-C.
fn interrupted(failure: Failure) -> Failure {
    if failure.exit == Exit::Interrupted {
        return failure;
    }
    let Failure { exit, kind, .. } = deadline::interrupted();
    Failure {
        message: format!("interrupted; {}", failure.message),
        exit,
        kind,
        ..failure
    }
}
