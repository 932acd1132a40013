//! The output for a command line without a command, or with a mistake.

use std::io::Write as _;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::args::Cli;
use crate::exit::Failure;
use crate::output::{Output, clean};

/// Prints the whole help: the command line has no command.
pub(crate) fn without_command(json: bool) -> ExitCode {
    let failure = Failure::usage("a command is missing").next("switchback --help");
    match json {
        true => Output::new(json).failure(&failure),
        // A closed pipe is no error.
        false => drop(write!(
            std::io::stderr(),
            "{}",
            Cli::command().render_help()
        )),
    }
    failure.exit.into()
}

/// Prints clap's answer: the help, the version, or an error.
pub(crate) fn unreadable(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|arg| arg == "--json");
    if is_unknown(error, "--function") {
        let failure = Failure::usage("there is no option --function; its name is --purpose")
            .next("write --purpose onboarding, --purpose login or --purpose identity_verification");
        Output::new(json).failure(&failure);
        return failure.exit.into();
    }
    let rendered = error.render().to_string();
    // clap repeats unknown arguments in its message, and a pasted callback URL has a code.
    let secret = ["code=", "state="]
        .iter()
        .any(|name| rendered.contains(name));
    if error.use_stderr() && (json || secret) {
        // clap names missing arguments on separate lines.
        let lines = rendered.lines().take_while(|line| !line.is_empty());
        let message = clean(&lines.map(str::trim).collect::<Vec<_>>().join(" "));
        let failure = match secret {
            true => Failure::usage("a callback URL contains a code, and must not be an argument")
                .next("paste the URL on stdin: switchback login --continue"),
            false => {
                Failure::usage(message.trim_start_matches("error: ")).next("switchback --help")
            }
        };
        Output::new(json).failure(&failure);
        return failure.exit.into();
    }
    // A closed pipe is no error.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Whether clap's error is that it does not know this option.
fn is_unknown(error: &clap::Error, option: &str) -> bool {
    let named = error.get(ContextKind::InvalidArg);
    error.kind() == ErrorKind::UnknownArgument
        && matches!(named, Some(ContextValue::String(name)) if name == option)
}
