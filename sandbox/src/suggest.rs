//! The hint for an unknown name: the most similar known name, and all known names.

use switchback_config_file::nearest;

/// The maximum number of names in a description.
const MAX_NAMES: usize = 40;

/// The most similar known name, if there is one, and all known names. The text follows the
/// description of the mistake.
pub(crate) fn alternatives<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let all = list(&known);
    match nearest(given, known) {
        Some(near) => format!("did you mean {near}? Known: {all}"),
        None => format!("known: {all}"),
    }
}

/// The names, separated by commas, up to [`MAX_NAMES`].
pub(crate) fn list(all: &[impl AsRef<str>]) -> String {
    let shown: Vec<&str> = all.iter().take(MAX_NAMES).map(AsRef::as_ref).collect();
    let shown = shown.join(", ");
    match all.len().saturating_sub(MAX_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The name, if a description may show it: a short, plain one. Any other could be a secret in
/// the wrong place.
pub(crate) fn shown(name: &str) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'[' | b']');
    let name = Some(name).filter(|name| !name.is_empty() && name.len() <= 40);
    name.filter(|name| name.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_similar_name_comes_first() {
        let known = ["slow", "redirected"];
        let near = "did you mean slow? Known: slow, redirected";
        assert_eq!(alternatives("solw", known), near);
        assert_eq!(alternatives("x", known), "known: slow, redirected");
        assert!(alternatives("x", ["y"; 42]).ends_with(" y, y and 2 more"));
    }

    #[test]
    fn a_name_that_could_be_a_secret_is_not_shown() {
        assert_eq!(shown("client-id[0]"), Some("client-id[0]"));
        for name in ["", ".", "https://a.example/?code=1", &"a".repeat(41)] {
            assert_eq!(shown(name), None, "{name}");
        }
    }
}
