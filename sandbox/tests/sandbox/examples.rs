//! Runs the examples of the control API in `docs/examples/sandbox/` against a sandbox. They have
//! the same output in all languages.
//!
//! Examples that need more than cargo run only if `cargo xtask test` has found or installed the
//! tools and set a variable; otherwise xtask reports that.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use switchback_sandbox::{Config, Sandbox};

const OUTPUT: &str = "\
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

/// The folder for compiled examples.
const BUILT: &str = env!("CARGO_TARGET_TMPDIR");

/// The output of the program; panics if the program fails.
#[track_caller]
fn output(mut program: Command) -> String {
    let ended = match program.output() {
        Ok(ended) => ended,
        Err(error) => panic!("{program:?} cannot be started: {error}"),
    };
    let output = String::from_utf8_lossy(&ended.stdout).into_owned();
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{}: {output}{errors}", ended.status);
    output
}

/// Runs the program twice with a sandbox's base URL as its last argument: each run begins with a
/// reset.
async fn has_the_output(program: &OsStr, arguments: &[OsString]) {
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    for _ in 0..2 {
        let mut run = Command::new(program);
        run.args(arguments).arg(sandbox.url()).current_dir(BUILT);
        let output = tokio::task::spawn_blocking(move || output(run));
        assert_eq!(output.await.unwrap(), OUTPUT);
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn in_rust() {
    // `cargo test` builds examples in a folder beside that of the tests.
    let own = env::current_exe().unwrap();
    let folder = own.parent().and_then(Path::parent).unwrap();
    let name = format!("no_findings{}", env::consts::EXE_SUFFIX);
    let program = folder.join("examples").join(name);
    assert!(
        program.is_file(),
        "{} is missing: build it with cargo build -p switchback-sandbox --examples",
        program.display()
    );
    has_the_output(program.as_os_str(), &[]).await;
}

#[tokio::test]
async fn with_curl() {
    if env::var_os("SWITCHBACK_TEST_CURL").is_none() {
        return;
    }
    let script = example("no-findings.sh").into_os_string();
    has_the_output("bash".as_ref(), &[script]).await;
}

#[tokio::test]
async fn in_javascript() {
    if env::var_os("SWITCHBACK_TEST_NODE").is_none() {
        return;
    }
    let script = example("no-findings.mjs").into_os_string();
    has_the_output("node".as_ref(), &[script]).await;
}

/// The variable contains the class path of the compiler.
#[tokio::test]
async fn in_kotlin() {
    let Some(compiler) = env::var_os("SWITCHBACK_TEST_KOTLIN") else {
        return;
    };
    let classes = Path::new(BUILT).join("example-kotlin");
    let is_library = |jar: &PathBuf| {
        let name = jar.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("kotlin-stdlib-") && !name.starts_with("kotlin-stdlib-jdk")
    };
    let library = env::split_paths(&compiler).find(is_library).unwrap();
    let mut compile = Command::new("java");
    compile.arg("-cp").arg(&compiler);
    compile.arg("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler");
    compile.args(["-no-stdlib", "-no-reflect", "-Werror", "-classpath"]);
    compile.arg(&library).arg("-d").arg(&classes);
    compile.arg(example("NoFindings.kt"));
    output(compile);

    let path = env::join_paths([&classes, &library]).unwrap();
    let run = ["-cp".into(), path, "NoFindingsKt".into()];
    has_the_output("java".as_ref(), &run).await;
}

/// The variable contains a program that runs another one in an environment with Swift, in the same
/// folder.
#[tokio::test]
async fn in_swift() {
    let Some(inside) = env::var_os("SWITCHBACK_TEST_SWIFT") else {
        return;
    };
    // That environment has access only to this folder.
    let source = Path::new(BUILT).join("NoFindings.swift");
    std::fs::copy(example("NoFindings.swift"), source).unwrap();
    let mut compile = Command::new(&inside);
    compile.current_dir(BUILT).arg("swiftc");
    compile.args(["-swift-version", "6", "-warnings-as-errors"]);
    compile.args(["NoFindings.swift", "-o", "example-swift"]);
    output(compile);
    has_the_output(&inside, &["./example-swift".into()]).await;
}
