//! The library for each processor of phones, built with an NDK.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::archive;
use crate::install::rust_target;
use crate::process::{Failure, cannot, command, run};
use crate::size::phone;

const VARIABLE: &str = "ANDROID_NDK_HOME";

/// The oldest Android that the library supports, as in its manifest.
const OLDEST: u32 = 24;

struct Processor {
    /// The name of the folder in an AAR.
    abi: &'static str,
    /// Rust's name.
    target: &'static str,
    /// The beginning of the name of the NDK's compiler.
    clang: &'static str,
}

/// The processors of phones and emulators.
const PROCESSORS: [Processor; 4] = [
    Processor {
        abi: "arm64-v8a",
        target: phone::TARGET,
        clang: "aarch64-linux-android",
    },
    Processor {
        abi: "armeabi-v7a",
        target: "armv7-linux-androideabi",
        clang: "armv7a-linux-androideabi",
    },
    Processor {
        abi: "x86",
        target: "i686-linux-android",
        clang: "i686-linux-android",
    },
    Processor {
        abi: "x86_64",
        target: "x86_64-linux-android",
        clang: "x86_64-linux-android",
    },
];

/// The folder of the NDK's programs, or what to do.
pub(super) fn ndk() -> Result<PathBuf, String> {
    let home = env::var_os(VARIABLE).filter(|home| !home.is_empty());
    let home = home.ok_or_else(|| {
        format!(
            "the native libraries are missing: set {VARIABLE} to the folder of an NDK (version 28 \
             or later)"
        )
    })?;
    programs(&home).ok_or_else(|| {
        format!(
            "the native libraries are missing: {VARIABLE} is {}, which has no folder \
             toolchains/llvm/prebuilt/*/bin",
            home.to_string_lossy()
        )
    })
}

/// An NDK has programs for one system.
fn programs(home: &OsStr) -> Option<PathBuf> {
    let systems = fs::read_dir(Path::new(home).join("toolchains/llvm/prebuilt"));
    let systems = systems.ok()?.flatten();
    systems
        .map(|system| system.path().join("bin"))
        .find(|programs| programs.is_dir())
}

/// Builds all libraries into `folder`, each in the folder of its processor.
pub(super) fn build(ndk: &Path, folder: &Path) -> Result<(), Failure> {
    for processor in &PROCESSORS {
        rust_target(processor.target).map_err(Failure)?;
        run(&mut compile(ndk, processor))?;
        let library = folder.join(processor.abi).join("libswitchback_bindings.so");
        let place = library.parent().unwrap_or(folder);
        fs::create_dir_all(place).map_err(|error| cannot("make", place, &error))?;
        let built = place.join("linked.so");
        run(&mut link(ndk, processor, &built))?;
        phone::check(processor.abi, &built)?;
        archive::copy(&built, &library)?;
        fs::remove_file(&built).map_err(|error| cannot("remove", &built, &error))?;
    }
    Ok(())
}

fn compile(ndk: &Path, processor: &Processor) -> Command {
    let mut compile = phone::archive(processor.target, "");
    compile.args(phone::COMPILER);
    let name = processor.target.replace('-', "_");
    compile.env(format!("CC_{name}"), clang(ndk, processor));
    compile.env(format!("AR_{name}"), ndk.join("llvm-ar"));
    compile
}

fn clang(ndk: &Path, processor: &Processor) -> PathBuf {
    ndk.join(format!("{}{OLDEST}-clang", processor.clang))
}

fn link(ndk: &Path, processor: &Processor, library: &Path) -> Command {
    let mut link = command(clang(ndk, processor), ["-shared"]);
    // The program that links, and not clang, has these options.
    let options = phone::LINK.iter().filter(|option| **option != "-shared");
    link.args(options.map(|option| format!("-Wl,{option}")));
    link.arg("-o").arg(library).arg("-Wl,--whole-archive");
    link.arg(phone::archive_of(processor.target));
    link.args(["-Wl,--no-whole-archive", "-llog", "-ldl", "-lm"]);
    link
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{command_line, root};

    #[test]
    fn the_linker_gets_its_options_through_clang() {
        let ndk = Path::new("/ndk/bin");
        let said = command_line(&link(ndk, &PROCESSORS[1], Path::new("out.so")));
        assert!(
            said.starts_with("/ndk/bin/armv7a-linux-androideabi24-clang -shared -Wl,--soname="),
            "{said}"
        );
        assert!(said.contains(" -Wl,-zmax-page-size=16384 "), "{said}");
        let archive = "armv7-linux-androideabi/phone/libswitchback_bindings.a";
        assert!(
            said.contains(&format!("{archive} -Wl,--no-whole-archive ")),
            "{said}"
        );
    }

    #[test]
    fn the_oldest_android_is_that_of_the_manifest() {
        let manifest = root()
            .join(super::super::LIBRARY)
            .join("AndroidManifest.xml");
        let manifest = fs::read_to_string(manifest).expect("it is in the repository");
        assert!(manifest.contains(&format!("android:minSdkVersion=\"{OLDEST}\"")));
    }

    #[test]
    fn a_folder_that_is_no_ndk_is_refused() {
        assert_eq!(programs(root().as_os_str()), None);
    }
}
