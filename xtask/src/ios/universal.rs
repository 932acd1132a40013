//! A universal library: the libraries of several processors in one file, behind a header. Apple's tool for
//! it is `lipo`. The format is in `<mach-o/fat.h>`.

/// The first word of the file.
const MAGIC: u32 = 0xcafe_babe;

/// Each library begins at a multiple of 2 to this power, as `lipo` aligns archives.
const ALIGNMENT: u32 = 3;

/// The words of the header, and those of each library.
const HEADER: usize = 2;
const ENTRY: usize = 5;

/// Apple's numbers of a processor, and of the kind of it (`<mach/machine.h>`).
fn numbers(processor: &str) -> Result<(u32, u32), String> {
    match processor {
        "arm64" => Ok((0x0100_000c, 0)),
        "x86_64" => Ok((0x0100_0007, 3)),
        _ => Err(format!(
            "the processor {processor} has no number in universal.rs"
        )),
    }
}

/// Joins the libraries, each with the name of its processor. One library alone needs no header.
pub(super) fn join(mut libraries: Vec<(&str, Vec<u8>)>) -> Result<Vec<u8>, String> {
    if let [(_, library)] = &mut libraries[..] {
        return Ok(std::mem::take(library));
    }
    // `lipo` writes arm64 last.
    libraries.sort_by_key(|(processor, _)| *processor == "arm64");
    let words = HEADER + ENTRY * libraries.len();
    let mut end = words * size_of::<u32>();
    let mut header = vec![MAGIC, word(libraries.len())?];
    let mut content = vec![0; 0];
    for (processor, library) in &libraries {
        let begin = end.next_multiple_of(1 << ALIGNMENT);
        let (kind, subkind) = numbers(processor)?;
        header.extend([kind, subkind, word(begin)?, word(library.len())?, ALIGNMENT]);
        content.extend(std::iter::repeat_n(0, begin - end));
        content.extend(library);
        end = begin + library.len();
    }
    let header = header.into_iter().flat_map(u32::to_be_bytes);
    Ok(header.chain(content).collect())
}

fn word(number: usize) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| "a universal library has at most 4 GB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use goblin::mach::MultiArch;

    #[test]
    fn each_library_is_found_by_its_processor() {
        let (arm, intel) = (b"!<arch>\narm".to_vec(), b"!<arch>\nintel".to_vec());
        let libraries = vec![("arm64", arm.clone()), ("x86_64", intel.clone())];
        let joined = join(libraries).expect("it is small");
        let read = MultiArch::new(&joined).expect("it is universal");
        let found = read.arches().expect("it has a table");
        let found: Vec<_> = found
            .iter()
            .map(|arch| (arch.cputype, arch.slice(&joined)))
            .collect();
        assert_eq!(found, [(0x0100_0007, &intel[..]), (0x0100_000c, &arm[..])]);
        for arch in read.arches().expect("it has a table") {
            assert_eq!(arch.offset % 8, 0);
        }
    }

    #[test]
    fn one_library_stays_unchanged() {
        assert_eq!(
            join(vec![("arm64", b"!<arch>\n".to_vec())]),
            Ok(b"!<arch>\n".to_vec())
        );
    }

    #[test]
    fn an_unknown_processor_is_refused() {
        assert!(join(vec![("arm64", vec![]), ("riscv", vec![])]).is_err());
    }
}
