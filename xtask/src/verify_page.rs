//! `cargo xtask verify-page`: one HTML file that verifies signatures without a network. The verifier
//! (`jades/page`) is in it as WebAssembly.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::archive;
use crate::install::clear;
use crate::process::{Failure, cannot, cargo, command, output_bytes, root, run, target_dir};
use crate::tools::WASM;

const CRATE: &str = "jades/page";

/// The vectors: their first case, a real signature, is the example of the page.
const VECTORS: &str = "tests/vectors/jades/sample.json";

pub(crate) fn run_all() -> Result<(), Failure> {
    let page = build()?;
    println!("{}", page.display());
    Ok(())
}

/// Builds the page, and uses it in Node and in Chromium.
pub(crate) fn check() -> Result<(), Failure> {
    let page = build()?;
    let test = root().join(CRATE).join("test.mjs");
    run(command("node", ["--test".as_ref(), test.as_os_str()]).env("PAGE", &page))?;
    in_chromium(&page)
}

fn build() -> Result<PathBuf, Failure> {
    let build = "build -p switchback-verify-page --lib --profile phone --locked --target";
    run(&mut cargo(&format!("{build} {WASM}")))?;
    let library = format!("{WASM}/phone/switchback_verify_page.wasm");
    let library = root().join(target_dir()).join(library);
    let library = fs::read(&library).map_err(|error| cannot("read", &library, &error))?;

    let mut page = read("page.html")?;
    // In a script, `</script>` would end it, and no part has this text.
    let module = read("verifier.mjs")? + &read("page.mjs")?;
    for (tag, content) in [
        (
            "<script id=\"wasm\" type=\"text/plain\">",
            STANDARD.encode(library),
        ),
        (
            "<script id=\"example-data\" type=\"application/json\">",
            example()?.to_string(),
        ),
        ("<script type=\"module\">", module),
    ] {
        let (before, after) = page
            .split_once(tag)
            .ok_or_else(|| Failure(format!("{CRATE}/page.html has no {tag}")))?;
        page = format!("{before}{tag}{content}{after}");
    }
    let path = root().join(target_dir()).join("verify-page/verify.html");
    archive::write(&path, page)?;
    Ok(path)
}

fn read(name: &str) -> Result<String, Failure> {
    let path = root().join(CRATE).join(name);
    fs::read_to_string(&path).map_err(|error| cannot("read", &path, &error))
}

/// The example as the page reads it, with the report that it has in Rust.
fn example() -> Result<Value, Failure> {
    let path = root().join(VECTORS);
    let text = fs::read_to_string(&path).map_err(|error| cannot("read", &path, &error))?;
    let vectors: Value =
        serde_json::from_str(&text).map_err(|error| Failure(format!("{VECTORS}: {error}")))?;
    let case = &vectors["cases"][0];
    let mut example = case["expected"].clone();
    for name in ["signature", "anchors", "crls", "time"] {
        example[name] = case[name].clone();
    }
    example["digest"] = case["document"]["sha256"].clone();
    Ok(example)
}

/// Opens the page as a file, without a network, and looks for the report of the example.
fn in_chromium(page: &Path) -> Result<(), Failure> {
    let profile = page.with_file_name("profile");
    clear(&profile)?;
    let mut chromium = command("chromium", ["--headless", "--no-sandbox", "--disable-gpu"]);
    chromium.args([
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // No name can be resolved, and there is no other way to a network.
        "--host-resolver-rules=MAP * ~NOTFOUND",
        // Enough for the page's own time; Chromium ends when the page is idle.
        "--virtual-time-budget=20000",
        "--dump-dom",
    ]);
    chromium.arg(format!("--user-data-dir={}", profile.display()));
    chromium.arg(format!("file://{}#example", page.display()));
    let shown = output_bytes(&mut chromium)?;
    let shown = String::from_utf8_lossy(&shown);
    let example = example()?;
    let said = ["indication", "sub_indication"].map(|name| example[name].as_str());
    let said: Vec<&str> = said.into_iter().flatten().collect();
    let expected = format!("{}</p>", said.join(" / "));
    match shown.contains(&expected) {
        true => Ok(()),
        false => Err(Failure(format!(
            "the page in Chromium does not show {expected:?}: {}",
            shown.rsplit("id=\"result\"").next().unwrap_or_default()
        ))),
    }
}
