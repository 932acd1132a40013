//! The tables in Markdown, for `docs/explanation/size.md`. A kB is 1,000 bytes.

use super::ceiling;
use super::kotlin::Classes;
use super::library::Library;

type Row = (&'static str, fn(&Library) -> String);

const ROWS: [Row; 10] = [
    ("**the file, stripped**", |library| {
        format!("**{}**", kilobytes(library.size))
    }),
    ("packed, as in a download", |library| {
        kilobytes(library.packed)
    }),
    ("code", |library| kilobytes(library.parts.code)),
    ("constants", |library| kilobytes(library.parts.constants)),
    (
        "unwind tables, which turn a panic into an error",
        |library| kilobytes(library.parts.unwinding),
    ),
    ("names, relocations", |library| {
        kilobytes(library.parts.linking)
    }),
    ("exported functions", |library| {
        library.exports.len().to_string()
    }),
    ("aligned to pages of 16 KiB", |_| "yes".into()),
    ("allowed", |library| {
        ceiling::of(library.name).map_or(String::new(), |(ceiling, _)| kilobytes(ceiling))
    }),
    ("budget", |library| {
        ceiling::of(library.name).map_or(String::new(), |(_, budget)| kilobytes(budget))
    }),
];

/// `signatures`: the bytes that the verification of signatures adds to the first library, if that was measured.
pub(super) fn android(libraries: &[Library], signatures: Option<u64>) -> String {
    let names: Vec<_> = libraries.iter().map(|library| library.name).collect();
    let mut lines = vec![
        line("Android, arm64", names),
        line("---", libraries.iter().map(|_| "---")),
    ];
    for (what, of) in ROWS {
        lines.push(line(what, libraries.iter().map(of)));
    }
    lines.extend(signatures.map(|bytes| {
        let cells = libraries.iter().enumerate();
        let cells = cells.map(|(index, _)| match index {
            0 => kilobytes(bytes),
            _ => String::new(),
        });
        line("of it, signature verification", cells)
    }));
    lines.join("\n") + "\n"
}

pub(super) fn ios(contributions: &[(&str, u64)]) -> String {
    let names = contributions.iter().map(|(name, _)| *name);
    let sizes = contributions.iter().map(|(_, size)| kilobytes(*size));
    let rules = contributions.iter().map(|_| "---");
    let lines = [
        line("iOS, arm64, estimated", names),
        line("---", rules),
        line("added to an app", sizes),
    ];
    lines.join("\n") + "\n"
}

pub(super) fn kotlin(classes: &[Classes]) -> String {
    let row = |what, of: fn(&Classes) -> String| line(what, classes.iter().map(of));
    let lines = [
        line("Kotlin, dex", classes.iter().map(|module| module.name)),
        line("---", classes.iter().map(|_| "---")),
        row("**all classes**", |module| {
            format!("**{}**", kilobytes(module.size))
        }),
        row("packed, as in a download", |module| {
            kilobytes(module.packed)
        }),
        row("allowed", |module| {
            ceiling::of(module.name).map_or(String::new(), |(ceiling, _)| kilobytes(ceiling))
        }),
    ];
    lines.join("\n") + "\n"
}

fn line<S: AsRef<str>>(first: &str, rest: impl IntoIterator<Item = S>) -> String {
    let rest = rest.into_iter().map(|cell| format!(" {} |", cell.as_ref()));
    format!("| {first} |{}", rest.collect::<String>())
}

/// `1,234.5 kB`
fn kilobytes(bytes: u64) -> String {
    let tenths = (bytes + 50) / 100;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    match whole / 1_000 {
        0 => format!("{whole}.{tenth} kB"),
        thousands => format!("{thousands},{:03}.{tenth} kB", whole % 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilobytes_are_rounded() {
        assert_eq!(kilobytes(0), "0.0 kB");
        assert_eq!(kilobytes(99_949), "99.9 kB");
        assert_eq!(kilobytes(1_005_050), "1,005.1 kB");
    }

    #[test]
    fn a_line_has_a_cell_for_each() {
        assert_eq!(line("size", ["1", "2"]), "| size | 1 | 2 |");
    }
}
