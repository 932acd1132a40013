//! The examples of the control API in `docs/examples/sandbox/`, each run against a sandbox.
//! In all languages they tell the same story.
//!
//! Those that need more than cargo run where `cargo xtask test` has found or installed it,
//! and set the variable; where it is not to be had, xtask says so.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use switchback_sandbox::{Config, Sandbox};

const STORY: &str = "\
demo-app asks for truid.app/data-point/email
The person approves
Logged in for 150 s
The refresh took place, and its answer was lost
Once more with the old token: 400 invalid_grant
  app -> truid-app: The link opens the Truid app
  truid-app -> truid: The person approves
  truid-app -> app: The Truid app opens the redirect URI
  app -> truid: POST /oauth2/v1/token
  app -> truid: POST /oauth2/v1/token
  app -> truid: POST /oauth2/v1/token
No findings but the one that was provoked
";

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/examples/sandbox")
        .join(name)
}

/// Where compilers put what they make of an example.
const BUILT: &str = env!("CARGO_TARGET_TMPDIR");

/// The program's output, once it has ended well.
#[track_caller]
fn output(mut program: Command) -> String {
    let ended = match program.output() {
        Ok(ended) => ended,
        Err(error) => panic!("{program:?} cannot be started: {error}"),
    };
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{}: {said}{wrong}", ended.status);
    said
}

/// Runs the program with a sandbox's base URL as its last argument. It finds its way the
/// second time as well: each begins with a reset.
async fn tells_the_story(program: &OsStr, arguments: &[OsString]) {
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    for _ in 0..2 {
        let mut run = Command::new(program);
        run.args(arguments).arg(sandbox.url()).current_dir(BUILT);
        let said = tokio::task::spawn_blocking(move || output(run));
        assert_eq!(said.await.unwrap(), STORY);
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn in_rust() {
    // `cargo test` builds examples beside the folder of its tests.
    let own = env::current_exe().unwrap();
    let folder = own.parent().and_then(Path::parent).unwrap();
    let name = format!("no_findings{}", env::consts::EXE_SUFFIX);
    let program = folder.join("examples").join(name);
    assert!(
        program.is_file(),
        "{} is not there: build it with cargo build -p switchback-sandbox --examples",
        program.display()
    );
    tells_the_story(program.as_os_str(), &[]).await;
}

#[tokio::test]
async fn with_curl() {
    if env::var_os("SWITCHBACK_TEST_CURL").is_none() {
        return;
    }
    let script = example("no-findings.sh").into_os_string();
    tells_the_story("bash".as_ref(), &[script]).await;
}

#[tokio::test]
async fn in_javascript() {
    if env::var_os("SWITCHBACK_TEST_NODE").is_none() {
        return;
    }
    let script = example("no-findings.mjs").into_os_string();
    tells_the_story("node".as_ref(), &[script]).await;
}

/// The variable names a folder with the compiler and what it needs.
#[tokio::test]
async fn in_kotlin() {
    let Some(jars) = env::var_os("SWITCHBACK_TEST_KOTLIN").map(PathBuf::from) else {
        return;
    };
    let classes = Path::new(BUILT).join("example-kotlin");
    let library = jars.join("kotlin-stdlib.jar");
    let mut compile = Command::new("java");
    compile.arg("-cp").arg(jars.join("*"));
    compile.arg("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler");
    compile.args(["-no-stdlib", "-no-reflect", "-Werror", "-classpath"]);
    compile.arg(&library).arg("-d").arg(&classes);
    compile.arg(example("NoFindings.kt"));
    output(compile);

    let path = env::join_paths([&classes, &library]).unwrap();
    let run = ["-cp".into(), path, "NoFindingsKt".into()];
    tells_the_story("java".as_ref(), &run).await;
}

/// The variable names a program that runs another one where Swift is, in the folder that
/// it is started in.
#[tokio::test]
async fn in_swift() {
    let Some(inside) = env::var_os("SWITCHBACK_TEST_SWIFT") else {
        return;
    };
    // Nothing but this folder is seen from there.
    let source = Path::new(BUILT).join("NoFindings.swift");
    std::fs::copy(example("NoFindings.swift"), source).unwrap();
    let mut compile = Command::new(&inside);
    compile.current_dir(BUILT).arg("swiftc");
    compile.args(["-swift-version", "6", "-warnings-as-errors"]);
    compile.args(["NoFindings.swift", "-o", "example-swift"]);
    output(compile);
    tells_the_story(&inside, &["./example-swift".into()]).await;
}
