//! A library for Android, arm64, without an NDK: Rust's own linker, no libraries of the system
//! (what is missing is looked for when it is loaded), and for C a clang with headers that
//! declare what is called. It is as large as one from the NDK, but for the NDK's unwinder, and
//! it is never shipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install::{apt_install, obtain, on_path, rust_target};
use crate::process::{Failure, cargo, command, output_if_ok, root, run, target_dir};

pub(super) const TARGET: &str = "aarch64-linux-android";

/// `docs/size.md` says what each of them brings.
const LINK: [&str; 13] = [
    "-shared",
    "--soname=libswitchback_bindings.so",
    "--version-script=bindings/exports.map",
    "--gc-sections",
    // Functions that are the same are one: nothing here compares their addresses.
    "--icf=all",
    // Both since Android 6.
    "--pack-dyn-relocs=android",
    "--hash-style=gnu",
    "--eh-frame-hdr",
    "--strip-all",
    "-zmax-page-size=16384",
    "-znow",
    "-zrelro",
    "-znoexecstack",
];

/// What C needs besides what comes with clang.
const HEADERS: [(&str, &str); 4] = [
    (
        "TargetConditionals.h",
        "#define TARGET_OS_IPHONE 1\n#define TARGET_OS_OSX 0\n",
    ),
    ("assert.h", "#define assert(ignored) ((void)0)\n"),
    (
        "stdlib.h",
        "#include <stddef.h>\nvoid *malloc(size_t);\nvoid free(void *);\nvoid abort(void);\n",
    ),
    (
        "string.h",
        "#include <stddef.h>\nvoid *memcpy(void *, const void *, size_t);\n\
         void *memmove(void *, const void *, size_t);\nvoid *memset(void *, int, size_t);\n\
         int memcmp(const void *, const void *, size_t);\nsize_t strlen(const char *);\n",
    ),
];

/// Installs what is missing.
pub(super) fn tools() -> Result<(), Failure> {
    rust_target(TARGET).map_err(Failure)?;
    obtain("clang", || on_path("clang"), || apt_install(&["clang"])).map_err(Failure)?;
    let folder = headers();
    let cannot = |error: std::io::Error| {
        Failure(format!(
            "cannot write headers to {}: {error}",
            folder.display()
        ))
    };
    fs::create_dir_all(&folder).map_err(cannot)?;
    for (name, text) in HEADERS {
        fs::write(folder.join(name), text).map_err(cannot)?;
    }
    Ok(())
}

/// Builds and links one, and says where it is.
pub(super) fn build(name: &str, features: &str) -> Result<PathBuf, Failure> {
    let mut compile = archive(TARGET, features);
    // Code that several functions share is not made a function of its own: that saves as much as
    // unwinding then needs for it, and what is downloaded is smaller without.
    compile.args(["--", "-Cllvm-args=-enable-machine-outliner=never"]);
    compile
        .env("CC_aarch64_linux_android", "clang")
        .env("AR_aarch64_linux_android", "ar")
        .env(
            "CFLAGS_aarch64_linux_android",
            cflags("aarch64-linux-android23"),
        );
    run(&mut compile)?;
    let library = folder().join(format!("libswitchback_bindings-{name}.so"));
    let mut link = command(linker()?, ["-flavor", "gnu"]);
    link.args(LINK).arg("-o").arg(&library);
    link.arg("--whole-archive").arg(archive_of(TARGET));
    run(&mut link)?;
    Ok(library)
}

/// Compiles the library for a phone into an archive, which is linked by hand. Where the sources
/// are on this machine is nobody's business, and would be in the library with each panic.
pub(super) fn archive(target: &str, features: &str) -> Command {
    let mut compile = cargo("rustc --package switchback-bindings --lib --profile phone --locked");
    compile.args(["--crate-type", "staticlib", "--target", target]);
    compile.args(["--features", features]);
    compile.env("RUSTFLAGS", without_places().join(" "));
    compile
}

fn without_places() -> Vec<String> {
    let sysroot = output_if_ok(&mut command("rustc", ["--print", "sysroot"])).unwrap_or_default();
    let home = std::env::var("HOME").unwrap_or_default();
    let cargo = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    let root = root().display().to_string();
    [
        (sysroot.trim(), "rust"),
        (&cargo, "cargo"),
        (&root, "switchback"),
    ]
    .into_iter()
    .filter(|(place, _)| !place.is_empty())
    .map(|(place, name)| format!("--remap-path-prefix={place}={name}"))
    .collect()
}

/// Where cargo puts it.
pub(super) fn archive_of(target: &str) -> PathBuf {
    let built = root().join(target_dir()).join(target);
    built.join("phone/libswitchback_bindings.a")
}

/// What is made here.
pub(super) fn folder() -> PathBuf {
    root().join(target_dir()).join("size")
}

pub(super) fn headers() -> PathBuf {
    folder().join("include")
}

/// Without the headers of any system but ours.
pub(super) fn cflags(target: &str) -> String {
    let include = headers();
    format!(
        "--target={target} -nostdlibinc -ffreestanding -I{}",
        include.display()
    )
}

/// The linker that comes with Rust.
pub(super) fn linker() -> Result<PathBuf, Failure> {
    let ask = |question: &[&str]| output_if_ok(&mut command("rustc", question));
    let linker = ask(&["--print", "sysroot"])
        .zip(ask(&["--print", "host-tuple"]))
        .map(|(sysroot, host)| {
            let rustlib = Path::new(sysroot.trim()).join("lib/rustlib");
            rustlib.join(host.trim()).join("bin/rust-lld")
        });
    linker.filter(|linker| linker.is_file()).ok_or_else(|| {
        Failure("Rust's own linker, rust-lld, is not here: install Rust by rustup".to_owned())
    })
}
