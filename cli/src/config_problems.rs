//! Prints the mistakes of a configuration file, for people and for programs.

use std::path::Path;

use serde_json::{Value, json};
use switchback_sandbox::{ConfigError, Problem};

use crate::exit::Failure;
use crate::format::{count, shell_quoted};
use crate::output::{Output, clean};

/// Prints each mistake on a line, and returns the failure for all of them.
pub(crate) fn refused(
    out: &Output,
    command: &str,
    file: Option<&Path>,
    error: &ConfigError,
) -> Failure {
    let problems = error.problems();
    for wrong in problems {
        out.object(&json!({ "problem": problem(error.file(), wrong) }));
        let place = place(error.file(), wrong).map_or(String::new(), |place| place + ": ");
        out.note(clean(&format!("{place}{wrong}")));
    }
    let many = count(problems.len(), "mistake", "mistakes");
    let next = match file {
        Some(file) => format!(
            "correct these mistakes, then check the file: switchback {command} --config {} --check",
            shell_quoted(&file.display().to_string())
        ),
        None => format!("switchback {command} --help"),
    };
    Failure::configuration(format!("{} has {many}", file_name(file))).next(next)
}

pub(crate) fn problem(file: Option<&Path>, problem: &Problem) -> Value {
    let mut object = json!({ "message": problem.reason });
    if !problem.key.is_empty() {
        object["key"] = problem.key.clone().into();
    }
    if let Some(place) = place(file, problem) {
        object["where"] = place.into();
    }
    object
}

/// The place as editors and terminals read it: `file:line:column`.
fn place(file: Option<&Path>, problem: &Problem) -> Option<String> {
    let file = file?.display();
    Some(match problem.position {
        Some((line, column)) => format!("{file}:{line}:{column}"),
        None => file.to_string(),
    })
}

pub(crate) fn file_name(file: Option<&Path>) -> String {
    file.map_or("the configuration".into(), |file| {
        clean(&file.display().to_string())
    })
}
