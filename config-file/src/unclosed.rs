//! Finds a list or an inline table without its closing bracket. The parser treats the rest of the
//! text as a part of it, and reports an error for each line.

/// A list or an inline table that is not closed. Positions are byte offsets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unclosed {
    /// The opening bracket.
    pub(crate) begins: usize,
    /// Where the closing bracket is missing.
    pub(crate) ends: usize,
    /// The missing bracket.
    pub(crate) bracket: char,
}

/// The first list or inline table that is still open at the next key or table header, or at the
/// end of the text.
pub(crate) fn find(text: &str) -> Option<Unclosed> {
    // The open brackets, and the end of the last token.
    let mut open: Vec<(usize, char)> = Vec::new();
    let (mut ends, mut offset) = (0, 0);
    while let Some(c) = text[offset..].chars().next() {
        let is_line_start = offset == 0 || text[..offset].ends_with('\n');
        let rest = &text[offset..];
        if is_line_start {
            if let [(begins, bracket), ..] = open[..]
                && ends_open_value(rest.lines().next().unwrap_or_default(), &open)
            {
                return Some(unclosed(begins, ends, bracket));
            }
            // A table header is not a list.
            if open.is_empty() && rest.trim_start_matches([' ', '\t']).starts_with('[') {
                offset += rest.find('\n').unwrap_or(rest.len()).max(1);
                continue;
            }
        }
        let length = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => string_length(rest, c),
            c => c.len_utf8(),
        };
        match c {
            '[' => open.push((offset, ']')),
            '{' => open.push((offset, '}')),
            ']' | '}' if open.last().is_some_and(|(_, bracket)| *bracket == c) => {
                open.pop();
            }
            _ => {}
        }
        offset += length;
        if !c.is_whitespace() && c != '#' {
            ends = offset;
        }
    }
    let (begins, bracket) = *open.first()?;
    Some(unclosed(begins, ends, bracket))
}

fn unclosed(begins: usize, ends: usize, bracket: char) -> Unclosed {
    Unclosed {
        begins,
        ends,
        bracket,
    }
}

/// Whether a line cannot be a part of the open list or table: a list contains no key, and a table
/// header is not a value.
fn ends_open_value(line: &str, open: &[(usize, char)]) -> bool {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix('[') {
        let name = rest.trim_start_matches('[');
        let Some((name, after)) = name.split_once(']') else {
            return false;
        };
        let after = after.trim_start_matches(']').trim_start();
        let is_name = name.trim().starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| is_bare(c) || " .\"'".contains(c))
            && !["true", "false", "inf", "nan"].contains(&name.trim());
        return is_name && (after.is_empty() || after.starts_with('#'));
    }
    let is_list = open.iter().all(|(_, bracket)| *bracket == ']');
    let end = line.find(|c: char| !is_bare(c) && !" .\"'".contains(c));
    is_list && end.is_some_and(|end| end > 0 && line[end..].starts_with('='))
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// The length of the string at the start of `rest`. A string that is not closed in its line ends
/// with the line: the parser reports that error first.
fn string_length(rest: &str, quote: char) -> usize {
    let three: String = std::iter::repeat_n(quote, 3).collect();
    let (close, within) = match rest.starts_with(&three) {
        true => (three, &rest[3..]),
        false => (quote.to_string(), &rest[1..]),
    };
    let from = rest.len() - within.len();
    let mut chars = within.char_indices();
    while let Some((at, c)) = chars.next() {
        if within[at..].starts_with(&close) {
            return from + at + close.len();
        }
        match c {
            '\\' if quote == '"' => {
                chars.next();
            }
            '\n' if close.len() == 1 => return from + at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_list_or_table_is_not_reported() {
        for text in [
            "",
            "a = [1, 2]\nb = { c = [\"]\"] }\n[c]\n[[d]]\ne = 1\n",
            "a = [\n  [1, 2], # ]\n  [true],\n  ['x', \"\\\"[\"],\n]\n[b.\"c]\"]\n",
            "a = [\"\"\"\n[b]\nc = 1\n\"\"\"]\n",
            "a = '''\nb = [\n'''\n",
            "a = {\n  b = 1,\n  c = 2\n}\n",
            "  [a]\n\tb = 1\n",
            "[a # an unclosed table header is not a list\nb = 1\n",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn an_unclosed_list_or_table_is_found_with_its_start_and_end() {
        for (text, begins, ends, bracket) in [
            ("a = [1\nb = 2\n", 4, 6, ']'),
            ("a = [1,\n  2, # two\n\n# more\n[b]\n", 4, 12, ']'),
            ("a = [1\n[[b]]\n", 4, 6, ']'),
            ("a = [[1], [2]\n'b c' = 2\n", 4, 13, ']'),
            ("a = [\"x\"", 4, 8, ']'),
            ("a = { b = 1\n[c] # d\n", 4, 11, '}'),
            ("a = { b = [1\n[c]\n", 4, 12, '}'),
            ("é = [1\nb.c = 2\n", 5, 7, ']'),
        ] {
            let found = unclosed(begins, ends, bracket);
            assert_eq!(find(text), Some(found), "{text}");
        }
    }
}
