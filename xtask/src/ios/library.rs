//! The library for one target: compiled into an archive, which Xcode links into an app. Rust's linker links
//! it as a library of its own, to measure it and to read which functions of the system remain.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::slice::{DEVICE, IOS, System};
use super::symbols;
use crate::process::{Failure, cannot, command, root, run};
use crate::size::phone;

/// The header of the functions that the Swift code can call.
pub(super) const HEADER: &str = "ios/Sources/SwitchbackFFI/SwitchbackFFI.h";

const LINK: [&str; 13] = [
    "-flavor",
    "darwin",
    "-arch",
    "arm64",
    "-platform_version",
    "ios",
    IOS.oldest.1,
    IOS.oldest.1,
    "-dylib",
    "-dead_strip",
    // Apple's libraries are missing here.
    "-undefined",
    "dynamic_lookup",
    "-S",
];

/// The command that compiles the library with these features.
pub(crate) fn compile(system: &System, target: &str, features: &str) -> Command {
    let mut compile = phone::archive(target, features);
    let (variable, oldest) = system.oldest;
    compile.env(variable, oldest);
    compile
}

/// Links the library for a device. It contains the functions with these names, and what they need.
pub(crate) fn link<'a>(
    names: impl IntoIterator<Item = &'a str>,
    library: &Path,
) -> Result<(), Failure> {
    let called = library.with_extension("called");
    // C symbols have the prefix `_` on Apple's systems.
    let names: String = names.into_iter().map(|name| format!("_{name}\n")).collect();
    fs::write(&called, names).map_err(|error| cannot("write", &called, &error))?;
    let mut link = command(phone::linker()?, LINK);
    link.arg("-x").arg("-exported_symbols_list").arg(&called);
    link.arg("-o").arg(library).arg(phone::archive_of(DEVICE));
    run(&mut link)
}

/// Builds the library for a device, and returns the symbols that remain undefined in it, if an app calls
/// every function of the header.
pub(super) fn undefined_symbols() -> Result<Vec<String>, Failure> {
    run(&mut compile(&IOS, DEVICE, ""))?;
    let header = root().join(HEADER);
    let text = fs::read_to_string(&header).map_err(|error| cannot("read", &header, &error))?;
    let folder = super::folder();
    fs::create_dir_all(&folder).map_err(|error| cannot("make", &folder, &error))?;
    let library = folder.join("linked.dylib");
    link(declared(&text), &library)?;
    let bytes = fs::read(&library).map_err(|error| cannot("read", &library, &error))?;
    symbols::undefined(&bytes).map_err(|why| Failure(format!("{}: {why}", library.display())))
}

/// The functions that the header declares.
fn declared(header: &str) -> impl Iterator<Item = &str> {
    let words = header.split(|c: char| !c.is_alphanumeric() && c != '_');
    let names = words.filter(|word| word.starts_with("ffi_") || word.starts_with("uniffi_"));
    names.collect::<BTreeSet<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_of_the_header_are_found() {
        let header = "typedef struct UniffiB UniffiB;\nuint64_t uniffi_a_fn(uint64_t ptr\n);\n\
                      #ifndef UNIFFI_FFI_A\nvoid ffi_b(void);\nvoid ffi_b(void);\n";
        assert_eq!(
            declared(header).collect::<Vec<_>>(),
            ["ffi_b", "uniffi_a_fn"]
        );
        let header = fs::read_to_string(root().join(HEADER)).expect("it is in the repository");
        assert!(declared(&header).count() > 100);
    }
}
