//! Writes and reads `application/x-www-form-urlencoded` (RFC 6749 appendix B).
//!
//! The writer percent-encodes everything but RFC 3986's unreserved characters, and writes a space
//! as `%20`, never as `+`. Form readers take both for a space. RFC 3986 readers, such as iOS's
//! `URLComponents`, take `+` for a plus, and the URL passes through them on its way to the
//! identity app. The reader here accepts both.

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

/// Appends `separator`, then `name=value`. The separator is `?` or `&` in a URL, and empty at
/// the start of a body.
pub fn push(form: &mut String, separator: &str, name: &str, value: &str) {
    form.push_str(separator);
    form.extend(utf8_percent_encode(name, RESERVED));
    push_more(form, "=", value);
}

/// Appends `name=value` to a URL with or without a query.
pub(crate) fn push_to_url(url: &mut String, name: &str, value: &str) {
    let separator = match url.contains('?') {
        true => "&",
        false => "?",
    };
    push(url, separator, name, value);
}

/// A name or a value, percent-encoded.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Appends to the last value: an encoded separator, then a value to encode.
pub(crate) fn push_more(form: &mut String, separator: &str, value: &str) {
    form.push_str(separator);
    form.extend(utf8_percent_encode(value, RESERVED));
}

/// The form of these pairs.
pub(crate) fn body(pairs: &[(&str, &str)]) -> String {
    let size: usize = pairs.iter().map(|(n, v)| n.len() + v.len() + 2).sum();
    let mut form = String::with_capacity(size + size / 4);
    for (name, value) in pairs {
        let separator = if form.is_empty() { "" } else { "&" };
        push(&mut form, separator, name, value);
    }
    form
}

/// Why a name or a value cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// A character that a query must not have, or a `%` without two hexadecimal digits.
    Encoding,
    /// The decoded bytes are not UTF-8.
    Utf8,
}

/// A name and its value, decoded.
pub(crate) type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Decodes the pairs of a query string. A name without `=` has an empty value.
pub(crate) fn read(query: &str) -> impl Iterator<Item = Result<Pair<'_>, Unreadable>> {
    pairs(query).map(|(name, value)| Ok((decode(name)?, decode(value)?)))
}

/// The pairs of a query string, not decoded.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Decodes a name or a value.
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
