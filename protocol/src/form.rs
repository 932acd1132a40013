//! `application/x-www-form-urlencoded`, written and read (RFC 6749 appendix B).
//!
//! Written: everything but RFC 3986's unreserved characters is percent-encoded, and a
//! space is `%20`, never `+`. A form reader takes both for a space, but RFC 3986
//! readers (iOS's `URLComponents` among them) take `+` for a plus, and the URL passes
//! through such readers on its way to the identity app. Read: both.

use alloc::borrow::Cow;
use alloc::string::{String, ToString as _};

use fluent_uri::pct_enc::EStr;
use fluent_uri::pct_enc::encoder::Query;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but `ALPHA / DIGIT / "-" / "." / "_" / "~"` (RFC 3986 §2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Adds `name=value` to a form. `separator` goes before it: `?` or `&` in a URL,
/// nothing at the start of a body.
pub fn push(form: &mut String, separator: &str, name: &str, value: &str) {
    form.push_str(separator);
    form.extend(utf8_percent_encode(name, RESERVED));
    push_more(form, "=", value);
}

/// Adds `name=value` to a URL that may have a query.
pub(crate) fn push_to_url(url: &mut String, name: &str, value: &str) {
    let separator = match url.contains('?') {
        true => "&",
        false => "?",
    };
    push(url, separator, name, value);
}

/// A name or a value as it stands in a form.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Adds more to the last value, behind a separator that is already encoded.
pub(crate) fn push_more(form: &mut String, separator: &str, value: &str) {
    form.push_str(separator);
    form.extend(utf8_percent_encode(value, RESERVED));
}

/// A whole form from its pairs.
pub(crate) fn body(pairs: &[(&str, &str)]) -> String {
    let size: usize = pairs.iter().map(|(n, v)| n.len() + v.len() + 2).sum();
    let mut form = String::with_capacity(size + size / 4);
    for (name, value) in pairs {
        let separator = if form.is_empty() { "" } else { "&" };
        push(&mut form, separator, name, value);
    }
    form
}

/// What is wrong with a query string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// A character that a query cannot hold, or a `%` without two hex digits.
    Encoding,
    /// The bytes behind the percent-encoding are not UTF-8.
    Utf8,
}

/// A name and its value.
pub(crate) type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Reads a query string pair by pair. A name without `=` has an empty value.
pub(crate) fn read(query: &str) -> impl Iterator<Item = Result<Pair<'_>, Unreadable>> {
    pairs(query).map(|(name, value)| Ok((decode(name)?, decode(value)?)))
}

/// The pairs of a query string as they stand there, names and values encoded.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// A name or a value as it was before it was encoded.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, Unreadable> {
    let encoded = EStr::<Query>::new(text).ok_or(Unreadable::Encoding)?;
    if !text.contains(['%', '+']) {
        return Ok(Cow::Borrowed(encoded.as_str()));
    }
    let spaced = text.replace('+', "%20");
    let spaced = EStr::<Query>::new(&spaced).ok_or(Unreadable::Encoding)?;
    let text = spaced.decode().to_string().map_err(|_| Unreadable::Utf8)?;
    Ok(Cow::Owned(text.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn pairs(query: &str) -> Result<Vec<(String, String)>, Unreadable> {
        read(query)
            .map(|pair| pair.map(|(n, v)| (n.to_string(), v.to_string())))
            .collect()
    }

    #[test]
    fn a_space_is_written_as_percent_20_and_read_from_both() {
        assert_eq!(body(&[("scope", "a/b c")]), "scope=a%2Fb%20c");
        for query in ["scope=a%2Fb+c", "scope=a/b%20c"] {
            assert_eq!(
                pairs(query),
                Ok([("scope".into(), "a/b c".into())].to_vec())
            );
        }
    }

    #[test]
    fn bad_encoding_is_refused() {
        assert_eq!(pairs("a=%zz"), Err(Unreadable::Encoding));
        assert_eq!(pairs("a=%2"), Err(Unreadable::Encoding));
        assert_eq!(pairs("a=b c"), Err(Unreadable::Encoding));
        assert_eq!(pairs("a=å"), Err(Unreadable::Encoding));
        assert_eq!(pairs("a=%ff"), Err(Unreadable::Utf8));
    }

    proptest! {
        #[test]
        fn a_written_form_is_read_back(pairs_in: Vec<(String, String)>) {
            let form = body(
                &pairs_in.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>(),
            );
            let written: Vec<_> = pairs_in.clone();
            prop_assert_eq!(pairs(&form), Ok(written));
        }

        #[test]
        fn no_query_makes_the_reader_panic(query: String) {
            let _ = pairs(&query);
        }
    }
}
