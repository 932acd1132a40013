//! The `switchback` command: a login in front of you.
//!
//! | file | what it does |
//! |---|---|
//! | `args` | what may be written on the command line, and its help |
//! | `demo` | a whole login against a sandbox, across two processes |
//! | `login`, `session`, `url`, `sandbox`, `serve` | the other commands |
//! | `mistakes` | what is wrong with a configuration file |
//! | `home`, `profile` | what is kept between two calls, and where |
//! | `listener`, `paste`, `browser` | the ways out to the person and back |
//! | `deadline`, `signals` | how long a person is waited for, and Ctrl-C |
//! | `output`, `words`, `exit`, `verbose` | everything that is said |

mod args;
mod browser;
mod claims;
mod config_problems;
mod deadline;
mod demo;
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
mod signals;
mod url;
mod usage;
mod verbose;

use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use args::{Cli, Command, Common};
use clap::Parser as _;
use demo::RunningSandbox;
use exit::{Exit, Failure};
use output::Output;
use signals::Stop;

/// What a command leaves running.
enum LongRunning {
    Sandbox(Box<RunningSandbox>),
    #[cfg(feature = "serve")]
    Server(Box<serve::RunningServer>),
}

/// How long what is under way may take after Ctrl-C.
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
        // It logs by itself.
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
            if !failure.reported {
                out.failure(&failure);
            }
            failure.exit.into()
        }
    }
}

async fn run(common: Common, command: Command, out: &Output) -> Result<(), Failure> {
    let no_signal = |error| Failure::failed(format!("Ctrl-C cannot be listened for: {error}"));
    let mut stop = Stop::new().map_err(no_signal)?;
    let waits = matches!(command, Command::Login(_));
    let mut command = std::pin::pin!(perform(common, command, out));
    let kept = tokio::select! {
        biased;
        kept = &mut command => kept?,
        () = stop.wait() => {
            return Err(match finish(out, command, &mut stop).await {
                Ok(_) => Failure {
                    message: "interrupted, after what was under way was done".into(),
                    ..deadline::interrupted()
                },
                Err(failure) if waits && failure.next.is_none() => failure.next(
                    "a login that was begun waits until its deadline: switchback login --continue",
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

/// Runs a command; gives what is to be kept.
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
        Command::Url(args) => url::run(out, &common, args).await,
    }?;
    Ok(None)
}

/// After Ctrl-C. Whoever waits for a person ends at once. A refresh goes on to its end:
/// the service has taken the old refresh token, and the new one must be stored.
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
    out.note("Finishing what is under way; Ctrl-C again leaves at once.");
    tokio::select! {
        biased;
        ended = tokio::time::timeout(FINISH_WITHIN, command) => {
            ended.map_or_else(|_| Err(deadline::interrupted()), |ended| ended.map_err(interrupted))
        }
        () = stop.wait() => Err(deadline::interrupted()),
    }
}

/// What failed after Ctrl-C is said, and Ctrl-C is why the command ended.
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
