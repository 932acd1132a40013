//! The measured values of a library for Android.

use std::path::Path;

use super::readelf;
use crate::process::{Failure, command, output_bytes, root};

/// The page size of newer phones: each loaded segment begins at a page.
const PAGE: u64 = 16 * 1024;

pub(super) struct Library {
    pub(super) name: &'static str,
    /// The size of the file, in bytes.
    pub(super) size: u64,
    /// The size of the packed file, as in a download, in bytes.
    pub(super) packed: u64,
    pub(super) parts: Parts,
    pub(super) exports: Vec<String>,
}

/// The parts of the file, in bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) code: u64,
    pub(super) constants: u64,
    /// Unwind tables, which turn a panic into an error.
    pub(super) unwinding: u64,
    /// Names and relocations.
    pub(super) linking: u64,
}

impl Library {
    pub(super) fn of(name: &'static str, path: &Path) -> Result<Self, Failure> {
        aligned(path, &readelf::alignments(path)?)?;
        let exports = readelf::exports(path)?;
        let complaint = match (foreign(&exports), hidden(&exports, &kotlin()?)) {
            (Some(name), _) => Some(format!("exports `{name}`, which has no caller")),
            (_, Some(name)) => Some(format!("does not export `{name}`, which the Kotlin calls")),
            (None, None) => None,
        };
        if let Some(complaint) = complaint {
            let place = path.display();
            return Err(Failure(format!(
                "{place} {complaint}: bindings/exports.map has the exported names"
            )));
        }
        Ok(Self {
            name,
            size: size(path)?,
            packed: packed(path)?,
            parts: parts(&readelf::sections(path)?),
            exports,
        })
    }
}

/// Checks a library that is linked for a release.
pub(crate) fn check(name: &'static str, path: &Path) -> Result<(), Failure> {
    Library::of(name, path).map(drop)
}

fn aligned(path: &Path, alignments: &[u64]) -> Result<(), Failure> {
    if !alignments.is_empty() && alignments.iter().all(|alignment| *alignment >= PAGE) {
        return Ok(());
    }
    Err(Failure(format!(
        "{} cannot be loaded on a phone with pages of 16 KiB: its parts are aligned to \
         {alignments:?} bytes. Link it with -z max-page-size=16384",
        path.display()
    )))
}

/// An exported name that is not ours.
fn foreign(exports: &[String]) -> Option<&String> {
    let ours = |name: &str| name.starts_with("ffi_") || name.starts_with("uniffi_");
    exports.iter().find(|name| !ours(name))
}

/// A function that the Kotlin calls and that is not exported.
fn hidden(exports: &[String], kotlin: &str) -> Option<String> {
    let mut declared = declared(kotlin);
    declared.find(|name| !exports.contains(name))
}

fn declared(kotlin: &str) -> impl Iterator<Item = String> {
    kotlin.lines().filter_map(|line| {
        let (name, _) = line.trim().strip_prefix("external fun ")?.split_once('(')?;
        Some(name.to_owned())
    })
}

/// The functions of the library that the Kotlin calls.
pub(crate) fn called() -> Result<Vec<String>, Failure> {
    Ok(declared(&kotlin()?).collect())
}

fn kotlin() -> Result<String, Failure> {
    const GENERATED: &str =
        "android/core-jvm/src/main/kotlin/app/switchback/internal/switchback.kt";
    std::fs::read_to_string(root().join(GENERATED))
        .map_err(|error| Failure(format!("cannot read {GENERATED}: {error}")))
}

fn parts(sections: &[readelf::Section]) -> Parts {
    let mut parts = Parts::default();
    for section in sections {
        let part = match section.name.as_str() {
            ".text" | ".plt" => &mut parts.code,
            ".eh_frame" | ".eh_frame_hdr" | ".gcc_except_table" => &mut parts.unwinding,
            ".rodata" | ".data" | ".data.rel.ro" | ".tdata" => &mut parts.constants,
            _ => &mut parts.linking,
        };
        *part += section.size;
    }
    parts
}

/// The size of a file, in bytes.
pub(super) fn size(path: &Path) -> Result<u64, Failure> {
    let about = std::fs::metadata(path)
        .map_err(|error| Failure(format!("cannot read {}: {error}", path.display())))?;
    Ok(about.len())
}

/// The size of a file after gzip, in bytes.
pub(super) fn packed(path: &Path) -> Result<u64, Failure> {
    let mut gzip = command("gzip", ["-9", "--stdout", "--"]);
    let packed = output_bytes(gzip.arg(path))?;
    Ok(u64::try_from(packed.len()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_not_aligned_is_found() {
        let library = Path::new("library.so");
        assert!(aligned(library, &[0x4000, 0x10000]).is_ok());
        for refused in [&[0x4000, 0x1000][..], &[]] {
            let said = aligned(library, refused).expect_err("it cannot be loaded");
            assert!(said.to_string().contains("16 KiB"), "{said}");
        }
    }

    #[test]
    fn a_foreign_export_is_found() {
        let names = |names: [&str; 2]| names.map(str::to_owned);
        assert_eq!(foreign(&names(["ffi_a", "uniffi_b"])), None);
        let exports = names(["ffi_a", "rust_eh_personality"]);
        assert_eq!(foreign(&exports), Some(&exports[1]));
    }

    #[test]
    fn a_missing_export_is_found() {
        let kotlin =
            "    external fun ffi_a(`it`: Long,\n    ): Unit\n    external fun uniffi_b(): Long\n";
        let exported = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(hidden(&exported(&["ffi_a", "uniffi_b"]), kotlin), None);
        assert_eq!(
            hidden(&exported(&["ffi_a"]), kotlin).as_deref(),
            Some("uniffi_b")
        );
    }

    #[test]
    fn each_section_is_part_of_something() {
        let section = |name: &str, size| readelf::Section {
            name: name.into(),
            size,
        };
        let sections = [
            section(".text", 1),
            section(".eh_frame", 10),
            section(".gcc_except_table", 10),
            section(".rodata", 100),
            section(".dynsym", 1_000),
        ];
        let expected = Parts {
            code: 1,
            constants: 100,
            unwinding: 20,
            linking: 1_000,
        };
        assert_eq!(parts(&sections), expected);
    }
}
