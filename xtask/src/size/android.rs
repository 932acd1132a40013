//! Builds the library for Android, arm64, without an NDK: with Rust's linker, without the system's
//! libraries (missing symbols would be resolved at load time), and with clang and a few headers for
//! the C code. The library has the size of one from the NDK, except for the NDK's unwinder. It is
//! only measured, and never shipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install::{apt_install, obtain, on_path, rust_target};
use crate::process::{Failure, cargo, command, output_if_ok, root, run, target_dir};

pub(crate) const TARGET: &str = "aarch64-linux-android";

/// The compiler's arguments: without outlining of common code, whose unwind tables need as much as it
/// saves. The packed file is smaller without it.
pub(crate) const COMPILER: [&str; 2] = ["--", "-Cllvm-args=-enable-machine-outliner=never"];

/// The linker's arguments. `docs/explanation/size.md` has the effect of each.
pub(crate) const LINK: [&str; 13] = [
    "-shared",
    "--soname=libswitchback_bindings.so",
    "--version-script=bindings/exports.map",
    "--gc-sections",
    // Merges identical functions: no code compares their addresses.
    "--icf=all",
    // Both need Android 6.
    "--pack-dyn-relocs=android",
    "--hash-style=gnu",
    "--eh-frame-hdr",
    "--strip-all",
    "-zmax-page-size=16384",
    "-znow",
    "-zrelro",
    "-znoexecstack",
];

/// The headers that the C code needs besides clang's own.
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

/// Installs missing tools, and writes the headers.
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

/// Builds and links a variant. Returns its path.
pub(super) fn build(name: &str, features: &str) -> Result<PathBuf, Failure> {
    link(name, archive(TARGET, features))
}

/// Builds and links the library without its default features.
pub(super) fn build_without_signatures(name: &str) -> Result<PathBuf, Failure> {
    let mut compile = archive(TARGET, "");
    compile.arg("--no-default-features");
    link(name, compile)
}

fn link(name: &str, mut compile: Command) -> Result<PathBuf, Failure> {
    compile.args(COMPILER);
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

/// The command that compiles the library for a phone into an archive, to link by hand. It removes
/// this machine's paths, which would be in the library with each panic.
pub(crate) fn archive(target: &str, features: &str) -> Command {
    let mut compile = cargo("rustc --package switchback-bindings --lib --profile phone --locked");
    compile.args(["--crate-type", "staticlib", "--target", target]);
    compile.args(["--features", features]);
    compile.env("RUSTFLAGS", remapped_paths().join(" "));
    compile
}

fn remapped_paths() -> Vec<String> {
    let ask = |question: &[&str]| output_if_ok(&mut command("rustc", question)).unwrap_or_default();
    let sysroot = ask(&["--print", "sysroot"]).trim().to_owned();
    let home = std::env::var("HOME").unwrap_or_default();
    let cargo = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    let root = root().display().to_string();
    let mut places = vec![
        (sysroot.clone(), "rust".to_owned()),
        (cargo, "cargo".to_owned()),
        (root, "switchback".to_owned()),
    ];
    // The last match counts. With the component `rust-src`, rustc names the sources of the standard library
    // by their place on this machine, and otherwise as the compiled standard library does. The bytes of
    // the library must not depend on this, and two names for the same file need more space.
    let sources = commit_hash(&ask(&["-vV"])).map(|hash| format!("/rustc/{hash}"));
    places.extend(sources.map(|name| (format!("{sysroot}/lib/rustlib/src/rust"), name)));
    places.retain(|(place, _)| !place.is_empty());
    let remap = |(place, name)| format!("--remap-path-prefix={place}={name}");
    places.into_iter().map(remap).collect()
}

/// The line `commit-hash: 598076…` of `rustc -vV`. A distribution's own Rust has none.
fn commit_hash(version: &str) -> Option<&str> {
    let mut lines = version.lines();
    let hash = lines.find_map(|line| line.strip_prefix("commit-hash: "))?;
    (hash != "unknown").then_some(hash)
}

/// The path of the archive in the folder of its target.
pub(crate) const ARCHIVE: &str = "phone/libswitchback_bindings.a";

/// The path of the archive.
pub(crate) fn archive_of(target: &str) -> PathBuf {
    root().join(target_dir()).join(target).join(ARCHIVE)
}

/// The folder of all files made here.
pub(super) fn folder() -> PathBuf {
    root().join(target_dir()).join("size")
}

pub(super) fn headers() -> PathBuf {
    folder().join("include")
}

/// C flags: only our headers, and no system's.
pub(super) fn cflags(target: &str) -> String {
    let include = headers();
    format!(
        "--target={target} -nostdlibinc -ffreestanding -I{}",
        include.display()
    )
}

/// The linker in Rust's toolchain.
pub(crate) fn linker() -> Result<PathBuf, Failure> {
    let ask = |question: &[&str]| output_if_ok(&mut command("rustc", question));
    let linker = ask(&["--print", "sysroot"])
        .zip(ask(&["--print", "host-tuple"]))
        .map(|(sysroot, host)| {
            let rustlib = Path::new(sysroot.trim()).join("lib/rustlib");
            rustlib.join(host.trim()).join("bin/rust-lld")
        });
    linker.filter(|linker| linker.is_file()).ok_or_else(|| {
        Failure("Rust's own linker, rust-lld, is missing: install Rust with rustup".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_of_rust_have_the_names_of_the_compiled_library() {
        let version = "rustc 1.95.0\nbinary: rustc\ncommit-hash: 59807616e\nrelease: 1.95.0\n";
        assert_eq!(commit_hash(version), Some("59807616e"));
        assert_eq!(commit_hash("commit-hash: unknown\n"), None);
        let paths = remapped_paths();
        let last = paths.last().map(String::as_str).unwrap_or_default();
        assert!(last.contains("/lib/rustlib/src/rust=/rustc/"), "{last}");
    }
}
