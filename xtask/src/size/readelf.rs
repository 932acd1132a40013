//! Reads a library with `readelf` (of binutils, which Rust needs too).

use std::path::Path;

use crate::process::{Failure, command, command_line, output_if_ok};

/// A section of the file, and its size in bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) size: u64,
}

pub(super) fn sections(library: &Path) -> Result<Vec<Section>, Failure> {
    Ok(sections_in(&ask("--section-headers", library)?))
}

/// The exported names.
pub(super) fn exports(library: &Path) -> Result<Vec<String>, Failure> {
    Ok(exports_in(&ask("--dyn-syms", library)?))
}

/// The alignments of the loaded segments, in bytes.
pub(super) fn alignments(library: &Path) -> Result<Vec<u64>, Failure> {
    Ok(alignments_in(&ask("--program-headers", library)?))
}

fn ask(question: &str, library: &Path) -> Result<String, Failure> {
    let mut readelf = command("readelf", ["--wide", question]);
    readelf.arg(library).env("LC_ALL", "C");
    output_if_ok(&mut readelf).ok_or_else(|| {
        Failure(format!(
            "`{}` failed: is binutils installed, and the library there?",
            command_line(&readelf)
        ))
    })
}

/// `[ 3] .dynstr STRTAB 0000000000003724 003724 005299 00 A 0 0 1`: only loaded sections with
/// content in the file.
fn sections_in(text: &str) -> Vec<Section> {
    let section = |line: &str| {
        let (_, rest) = line.trim_start().strip_prefix('[')?.split_once(']')?;
        let words: Vec<_> = rest.split_whitespace().collect();
        let [name, kind, _, _, size, _, flags, ..] = words[..] else {
            return None;
        };
        let size = u64::from_str_radix(size, 16).ok()?;
        (flags.contains('A') && kind != "NOBITS").then(|| Section {
            name: name.to_owned(),
            size,
        })
    };
    text.lines().filter_map(section).collect()
}

/// `12: 00000000000b1234 8 FUNC GLOBAL DEFAULT 10 ffi_name`: only names that are defined here.
fn exports_in(text: &str) -> Vec<String> {
    let export = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        let [_, _, _, _, "GLOBAL" | "WEAK", _, section, name] = words[..] else {
            return None;
        };
        (section.parse::<u32>().is_ok()).then(|| name.to_owned())
    };
    text.lines().filter_map(export).collect()
}

/// `LOAD 0x000000 0x0000000000000000 0x0000000000000000 0x1 0x1 R 0x4000`
fn alignments_in(text: &str) -> Vec<u64> {
    let alignment = |line: &str| {
        let last = line
            .trim_start()
            .strip_prefix("LOAD")?
            .split_whitespace()
            .last()?;
        u64::from_str_radix(last.strip_prefix("0x")?, 16).ok()
    };
    text.lines().filter_map(alignment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loaded_sections_are_parsed() {
        let text = "  [Nr] Name   Type    Address  Off    Size   ES Flg Lk Inf Al\n\
                    \x20 [ 0]        NULL    00000000 000000 000000 00      0   0  0\n\
                    \x20 [10] .text  PROGBITS 000000000007a340 076340 0dad84 00  AX  0   0  4\n\
                    \x20 [18] .bss   NOBITS  00000000001661f8 15a1f8 0000f0 00  WA  0   0  8\n\
                    \x20 [19] .comment PROGBITS 0000000000000000 15a1f8 00008a 01  MS  0   0  1\n";
        let text_only = [Section {
            name: ".text".into(),
            size: 0xda_d84,
        }];
        assert_eq!(sections_in(text), text_only);
    }

    #[test]
    fn exports_exclude_undefined_names() {
        let text = "   Num:    Value          Size Type    Bind   Vis      Ndx Name\n\
                    \x20    1: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND malloc\n\
                    \x20    2: 00000000000b1234     8 FUNC    GLOBAL DEFAULT   10 ffi_one\n";
        assert_eq!(exports_in(text), ["ffi_one"]);
    }

    #[test]
    fn alignments_are_parsed() {
        let text = "  PHDR  0x40 0x40 0x40 0x230 0x230 R   0x8\n\
                    \x20 LOAD  0x00 0x00 0x00 0x776dc 0x776dc R   0x4000\n\
                    \x20 LOAD  0x00 0x00 0x00 0xdb0f4 0xdb0f4 R E 0x1000\n";
        assert_eq!(alignments_in(text), [0x4000, 0x1000]);
    }
}
