//! The symbols of a linked library.

use goblin::mach::MachO;

/// The symbols that the library needs from the system, without the prefix `_` of C.
pub(super) fn undefined(library: &[u8]) -> Result<Vec<String>, String> {
    let unreadable =
        |error: goblin::error::Error| format!("not a library of Apple's format: {error}");
    let library = MachO::parse(library, 0).map_err(unreadable)?;
    let mut names = Vec::new();
    for symbol in library.symbols() {
        let (name, entry) = symbol.map_err(unreadable)?;
        if entry.is_undefined() {
            names.push(name.strip_prefix('_').unwrap_or(name).to_owned());
        }
    }
    names.sort();
    match names.is_empty() {
        // The library allocates memory at least.
        true => Err("it has no undefined symbols, so its symbols are not here".to_owned()),
        false => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A library with one section-less symbol for each name: a header, a symbol table, the names.
    fn library(names: &[(&str, u8)]) -> Vec<u8> {
        const HEADER: usize = 32;
        const COMMAND: usize = 24;
        const ENTRY: usize = 16;
        let mut strings = vec![0];
        let mut entries = Vec::new();
        for (name, kind) in names {
            let at = u32::try_from(strings.len()).expect("a short table");
            entries.extend(at.to_le_bytes());
            // The kind, the section, the description, the value.
            entries.extend([*kind, u8::from(*kind != 0x01), 0, 0]);
            entries.extend(0_u64.to_le_bytes());
            strings.extend(name.bytes());
            strings.push(0);
        }
        let number = |value: usize| u32::try_from(value).expect("a short library");
        let table = HEADER + COMMAND;
        let mut bytes = Vec::new();
        // 64 bits; arm64; a dynamic library; one command.
        let header = [0xfeed_facf, 0x0100_000c, 0, 6, 1, number(COMMAND), 0, 0];
        let command = [
            2,
            number(COMMAND),
            number(table),
            number(names.len()),
            number(table + names.len() * ENTRY),
            number(strings.len()),
        ];
        for word in header.into_iter().chain(command) {
            bytes.extend(u32::to_le_bytes(word));
        }
        bytes.extend(entries);
        bytes.extend(strings);
        bytes
    }

    #[test]
    fn undefined_symbols_are_found_and_defined_ones_are_not() {
        // 0x01 is an undefined external symbol, 0x0f an external one in a section.
        let library = library(&[("_stat", 0x01), ("_ffi_ours", 0x0f), ("_malloc", 0x01)]);
        assert_eq!(
            undefined(&library),
            Ok(vec!["malloc".to_owned(), "stat".to_owned()])
        );
    }

    #[test]
    fn a_library_without_symbols_is_refused() {
        assert!(undefined(&library(&[("_ffi_ours", 0x0f)])).is_err());
        assert!(undefined(b"ELF").is_err());
    }
}
