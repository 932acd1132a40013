//! What to say of a name that nobody knows: the one that was probably meant, and all there
//! are.

use switchback_config_file::nearest;

/// The most names in a description.
const MOST: usize = 40;

/// The names there are, after the one that was probably meant, to be read after what was
/// wrong.
pub(crate) fn instead<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let all = list(&known);
    match nearest(given, known) {
        Some(near) => format!("did you mean {near}? There are {all}"),
        None => format!("there are {all}"),
    }
}

/// All of them with commas, or as many as a description may have.
pub(crate) fn list(all: &[impl AsRef<str>]) -> String {
    let shown: Vec<&str> = all.iter().take(MOST).map(AsRef::as_ref).collect();
    let shown = shown.join(", ");
    match all.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A name as a description may show it: a plain one. Any other could be a value in the wrong
/// place.
pub(crate) fn shown(name: &str) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'[' | b']');
    let name = Some(name).filter(|name| !name.is_empty() && name.len() <= 40);
    name.filter(|name| name.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_was_meant_comes_first() {
        let known = ["slow", "redirected"];
        let near = "did you mean slow? There are slow, redirected";
        assert_eq!(instead("solw", known), near);
        assert_eq!(instead("x", known), "there are slow, redirected");
        assert!(instead("x", ["y"; 42]).ends_with(" y, y and 2 more"));
    }

    #[test]
    fn what_may_be_a_value_is_not_shown() {
        assert_eq!(shown("client-id[0]"), Some("client-id[0]"));
        for name in ["", ".", "https://a.example/?code=1", &"a".repeat(41)] {
            assert_eq!(shown(name), None, "{name}");
        }
    }
}
