//! How a command line ends that asks for nothing that can be done.

use std::io::Write as _;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::args::Cli;
use crate::exit::Failure;
use crate::output::{Output, clean};

/// Ends with the whole help: there is no command.
pub(crate) fn without_command(json: bool) -> ExitCode {
    let failure = Failure::usage("a command is missing").next("switchback --help");
    match json {
        true => Output::new(json).failure(&failure),
        // A reader that is gone needs no help text.
        false => drop(write!(
            std::io::stderr(),
            "{}",
            Cli::command().render_help()
        )),
    }
    failure.exit.into()
}

/// Ends with what clap says: help, version, or a command line that it cannot read.
pub(crate) fn unreadable(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|arg| arg == "--json");
    if is_unknown(error, "--function") {
        let failure = Failure::usage(
            "there is no --function: what a login is for is its --purpose",
        )
        .next("write --purpose onboarding, --purpose login or --purpose identity-verification");
        Output::new(json).failure(&failure);
        return failure.exit.into();
    }
    let rendered = error.render().to_string();
    // clap repeats the words that it does not understand.
    let secret = ["code=", "state="]
        .iter()
        .any(|name| rendered.contains(name));
    if error.use_stderr() && (json || secret) {
        // What is missing is named on lines of its own.
        let lines = rendered.lines().take_while(|line| !line.is_empty());
        let message = clean(&lines.map(str::trim).collect::<Vec<_>>().join(" "));
        let failure = match secret {
            true => {
                Failure::usage("an address that you were sent to holds a code: it goes on stdin")
                    .next("switchback login --continue, and paste it there")
            }
            false => {
                Failure::usage(message.trim_start_matches("error: ")).next("switchback --help")
            }
        };
        Output::new(json).failure(&failure);
        return failure.exit.into();
    }
    // A reader that is gone needs no help text.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Whether this option is what clap does not know.
fn is_unknown(error: &clap::Error, option: &str) -> bool {
    let named = error.get(ContextKind::InvalidArg);
    error.kind() == ErrorKind::UnknownArgument
        && matches!(named, Some(ContextValue::String(name)) if name == option)
}
