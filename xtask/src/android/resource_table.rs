//! Writes the framework's resource table in a form that every aapt2 reads. Since Android 14 the table
//! has short forms (compact entries, offsets of 16 bits), which an aapt2 of Android 12 takes for
//! errors. The names of the constants are those of `ResourceTypes.h` in Android's source.
//!
//! The result is for linking only: it has the default configuration alone.

use std::collections::BTreeMap;

const STRING_POOL: u16 = 0x0001;
const TABLE: u16 = 0x0002;
const PACKAGE: u16 = 0x0200;
const TYPE: u16 = 0x0201;
const TYPE_SPEC: u16 = 0x0202;

/// Flags of a type: how the offsets of its entries are written.
const SPARSE: u8 = 1;
const OFFSET_16: u8 = 2;
/// No entry, in 32 and in 16 bits.
const NO_ENTRY: u32 = u32::MAX;
const NO_ENTRY_16: usize = 0xffff;

/// Flags of an entry.
const COMPLEX: u16 = 1;
const COMPACT: u16 = 8;

/// The size of a chunk's own header, of a plain entry, and of a value.
const HEADER: usize = 8;
const ENTRY: u16 = 8;
const VALUE: u16 = 8;
/// A complex entry has any number of these: a name and a value.
const MAPPING: usize = 12;

/// The table with its first package only. `None` if it is not a table, or a part is missing.
pub(super) fn plain(table: &[u8]) -> Option<Vec<u8>> {
    let [table] = &chunks(table)?[..] else {
        return None;
    };
    let mut parts = Vec::new();
    let mut packages = 0_u32;
    for part in chunks(table.body)? {
        match part.kind {
            PACKAGE if packages > 0 => {}
            PACKAGE => {
                packages += 1;
                parts.extend(package(&part)?);
            }
            _ => parts.extend(part.whole),
        }
    }
    (table.kind == TABLE && packages > 0).then(|| chunk(TABLE, &packages.to_le_bytes(), &parts))?
}

/// A part of the table: its kind, what belongs to the kind, and its content.
struct Chunk<'a> {
    kind: u16,
    header: &'a [u8],
    body: &'a [u8],
    whole: &'a [u8],
}

fn chunks(mut data: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let mut chunks = Vec::new();
    while !data.is_empty() {
        let (header, size) = (u16_at(data, 2)?.into(), usize_at(data, 4)?);
        let (whole, rest) = data.split_at_checked(size)?;
        chunks.push(Chunk {
            kind: u16_at(data, 0)?,
            header: whole.get(HEADER..header)?,
            body: whole.get(header..)?,
            whole,
        });
        data = rest;
    }
    Some(chunks)
}

fn chunk(kind: u16, header: &[u8], body: &[u8]) -> Option<Vec<u8>> {
    let header_size = HEADER + header.len();
    let mut chunk = kind.to_le_bytes().to_vec();
    chunk.extend(u16::try_from(header_size).ok()?.to_le_bytes());
    chunk.extend(u32::try_from(header_size + body.len()).ok()?.to_le_bytes());
    chunk.extend(header);
    chunk.extend(body);
    Some(chunk)
}

fn package(package: &Chunk<'_>) -> Option<Vec<u8>> {
    let mut parts = Vec::new();
    // The number of entries of each type, by its identifier.
    let mut counts = BTreeMap::new();
    for part in chunks(package.body)? {
        match part.kind {
            TYPE_SPEC => {
                counts.insert(*part.header.first()?, usize_at(part.header, 4)?);
                parts.extend(part.whole);
            }
            TYPE if is_default(&part)? => {
                let count = *counts.get(part.header.first()?)?;
                parts.extend(entries(&part, count)?);
            }
            STRING_POOL => parts.extend(part.whole),
            // Other configurations, and what only a running system reads.
            _ => {}
        }
    }
    chunk(PACKAGE, package.header, &parts)
}

/// The place of the configuration in the header of a type.
const CONFIGURATION: usize = 12;

/// Whether the entries of the type are for every device. The configuration begins with its size.
fn is_default(part: &Chunk<'_>) -> Option<bool> {
    let configuration = part.header.get(CONFIGURATION..)?;
    let rest = configuration.get(4..usize_at(configuration, 0)?)?;
    Some(rest.iter().all(|byte| *byte == 0))
}

/// A type with an offset of 32 bits for each of its `count` entries, and with plain entries.
fn entries(part: &Chunk<'_>, count: usize) -> Option<Vec<u8>> {
    let begin = usize_at(part.header, 8)?;
    let mut offsets = vec![NO_ENTRY; count];
    let mut body = Vec::new();
    for (index, offset) in offsets_of(part)? {
        *offsets.get_mut(index)? = u32::try_from(body.len()).ok()?;
        body.extend(entry(part.whole.get(begin + offset..)?)?);
    }
    let offsets: Vec<u8> = offsets.into_iter().flat_map(u32::to_le_bytes).collect();
    let configuration = part.header.get(CONFIGURATION..)?;
    let begin = HEADER + part.header.len() + offsets.len();
    let mut header = vec![*part.header.first()?, 0, 0, 0];
    header.extend(u32::try_from(count).ok()?.to_le_bytes());
    header.extend(u32::try_from(begin).ok()?.to_le_bytes());
    header.extend(configuration);
    chunk(TYPE, &header, &[offsets, body].concat())
}

/// The index of each entry, and its offset from the first.
fn offsets_of(part: &Chunk<'_>) -> Option<BTreeMap<usize, usize>> {
    let (flags, count) = (*part.header.get(1)?, usize_at(part.header, 4)?);
    let mut offsets = BTreeMap::new();
    for place in 0..count {
        let (index, offset) = if flags & SPARSE != 0 {
            let at = |at| u16_at(part.body, 4 * place + at).map(usize::from);
            (at(0)?, Some(at(2)? * 4))
        } else if flags & OFFSET_16 != 0 {
            let offset = usize::from(u16_at(part.body, 2 * place)?);
            (place, (offset != NO_ENTRY_16).then_some(offset * 4))
        } else {
            let offset = u32_at(part.body, 4 * place)?;
            let offset = (offset != NO_ENTRY).then_some(offset);
            (place, offset.and_then(|offset| offset.try_into().ok()))
        };
        offsets.extend(offset.map(|offset| (index, offset)));
    }
    Some(offsets)
}

/// The entry at the beginning of `data`, without the rest, and not compact.
fn entry(data: &[u8]) -> Option<Vec<u8>> {
    let (first, flags) = (u16_at(data, 0)?, u16_at(data, 2)?);
    if flags & COMPACT == 0 {
        let value = match flags & COMPLEX {
            0 => usize::from(VALUE),
            _ => MAPPING * usize_at(data, 12)?,
        };
        return Some(data.get(..usize::from(first) + value)?.to_vec());
    }
    // Its size is the place of its key, and its flags contain the kind of its value.
    let [flags, kind] = (flags & !COMPACT).to_le_bytes();
    let mut entry = ENTRY.to_le_bytes().to_vec();
    entry.extend([flags, 0]);
    entry.extend(u32::from(first).to_le_bytes());
    entry.extend(VALUE.to_le_bytes());
    entry.extend([0, kind]);
    entry.extend(data.get(4..8)?);
    Some(entry)
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

fn usize_at(data: &[u8], at: usize) -> Option<usize> {
    u32_at(data, at)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: u16 = 0x0102;
    const KIND: u8 = 0x10;
    const DATA: u32 = 0x0708_0900;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn plain_entry() -> Vec<u8> {
        let value = u32::from(VALUE) | u32::from(KIND) << 24;
        words(&[u32::from(ENTRY), KEY.into(), value, DATA])
    }

    fn compact_entry() -> Vec<u8> {
        let flags = COMPACT | u16::from(KIND) << 8;
        words(&[u32::from(KEY) | u32::from(flags) << 16, DATA])
    }

    /// An entry with a parent and two pairs.
    fn complex_entry() -> Vec<u8> {
        let size_and_flags = 16 | u32::from(COMPLEX) << 16;
        words(&[size_and_flags, KEY.into(), 7, 2, 1, 8, 10, 2, 8, 20])
    }

    /// A type with the identifier 1.
    fn part(flags: u8, count: u32, configuration: u32, offsets: &[u8], entries: &[u8]) -> Vec<u8> {
        let begin = u32::try_from(HEADER + CONFIGURATION + 8 + offsets.len()).expect("it is small");
        let header = words(&[1 | u32::from(flags) << 8, count, begin, 8, configuration]);
        chunk(TYPE, &header, &[offsets, entries].concat()).expect("a type")
    }

    fn table_of(types: &[Vec<u8>]) -> Vec<u8> {
        let specification = chunk(TYPE_SPEC, &words(&[1, 4]), &words(&[0; 4])).expect("a type");
        let strings = chunk(STRING_POOL, &words(&[5]), &words(&[6])).expect("strings");
        let package = [strings.clone(), specification, types.concat()].concat();
        let package = chunk(PACKAGE, &words(&[1, 2]), &package).expect("a package");
        let other = chunk(PACKAGE, &words(&[2, 2]), &[]).expect("another package");
        let parts = [strings, package, other].concat();
        chunk(TABLE, &words(&[2]), &parts).expect("a table")
    }

    /// The types of the first package after the change, each whole.
    fn types_after(types: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let table = plain(&table_of(types)).expect("a table");
        let table = chunks(&table).expect("chunks");
        assert_eq!(table[0].header, words(&[1]), "the number of packages");
        let parts = chunks(table[0].body).expect("chunks");
        let kinds: Vec<_> = parts.iter().map(|part| part.kind).collect();
        assert_eq!(kinds, [STRING_POOL, PACKAGE]);
        assert_eq!(parts[1].header, words(&[1, 2]), "the first package");
        let parts = chunks(parts[1].body).expect("chunks");
        let types = parts.iter().filter(|part| part.kind == TYPE);
        types.map(|part| part.whole.to_vec()).collect()
    }

    /// Entries 1 and 3 of 4.
    fn expected() -> Vec<u8> {
        let offsets = words(&[NO_ENTRY, 0, NO_ENTRY, 16]);
        part(0, 4, 0, &offsets, &[plain_entry(), plain_entry()].concat())
    }

    #[test]
    fn every_form_of_offsets_becomes_the_plain_form() {
        let compact = [compact_entry(), compact_entry()].concat();
        let short = [0xff, 0xff, 0, 0, 0xff, 0xff, 2, 0];
        let sparse = [1, 0, 0, 0, 3, 0, 2, 0];
        let long = words(&[NO_ENTRY, 0, NO_ENTRY, 8]);
        let types = types_after(&[
            part(OFFSET_16, 4, 0, &short, &compact),
            part(SPARSE, 2, 0, &sparse, &compact),
            part(0, 4, 0, &long, &compact),
            expected(),
        ]);
        assert_eq!(types, vec![expected(); 4]);
    }

    #[test]
    fn a_complex_entry_does_not_change() {
        let entries = [complex_entry(), plain_entry()].concat();
        let offsets = words(&[NO_ENTRY, 0, NO_ENTRY, 40]);
        let before = part(0, 4, 0, &offsets, &entries);
        assert_eq!(types_after(std::slice::from_ref(&before)), [before]);
    }

    #[test]
    fn other_configurations_are_left_out() {
        let night = part(0, 4, 0x20, &words(&[NO_ENTRY; 4]), &[]);
        assert_eq!(types_after(&[night, expected()]), [expected()]);
    }

    #[test]
    fn what_is_not_a_whole_table_is_refused() {
        let table = table_of(&[expected()]);
        assert!(plain(&table).is_some());
        assert_eq!(plain(&[]), None);
        assert_eq!(plain(b"PK\x03\x04, an archive"), None);
        for end in [1, 7, 40, table.len() - 1] {
            assert_eq!(plain(&table[..end]), None, "{end} bytes");
        }
        let empty = chunk(TABLE, &words(&[0]), &[]).expect("a table");
        assert_eq!(plain(&empty), None, "no package");
    }
}
