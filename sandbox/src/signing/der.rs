//! Writes DER (ITU-T X.690): the few types of a timestamp and of the extensions that `rcgen` does
//! not have.

/// Universal tags (X.680 section 8.6), with the constructed bit where DER demands it.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// A primitive context-specific tag: `[number]`, for a number below 31.
pub(super) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// A constructed context-specific tag: `[number]`, for a number below 31.
pub(super) const fn context_constructed(number: u8) -> u8 {
    0xa0 | number
}

/// A value with its tag and length.
pub(super) fn value(tag: u8, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short @ 0..=0x7f) => out.push(short),
        _ => {
            let length = content.len().to_be_bytes();
            let zeros = length.iter().take_while(|byte| **byte == 0).count();
            let length = &length[zeros..];
            // A length has at most eight bytes.
            out.push(0x80 | length.len() as u8);
            out.extend_from_slice(length);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A constructed value with these parts.
pub(super) fn constructed(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    value(tag, parts.concat())
}

/// A sequence of these parts.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    constructed(SEQUENCE, parts)
}

/// A set of these parts, in the order of DER (X.690 section 11.6).
pub(super) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    value(SET, parts.concat())
}

/// An object identifier with these arcs (X.690 section 8.19).
pub(super) fn oid(arcs: &[u64]) -> Vec<u8> {
    let mut content = Vec::new();
    let (first, rest) = match arcs {
        [first, second, rest @ ..] => (first * 40 + second, rest),
        _ => (0, arcs),
    };
    for arc in std::iter::once(&first).chain(rest) {
        let groups = (0..10).rev().map(|n| ((arc >> (7 * n)) & 0x7f) as u8);
        let groups: Vec<u8> = groups.collect();
        let zeros = groups.iter().take_while(|group| **group == 0).count();
        let groups = &groups[zeros.min(9)..];
        let (last, before) = groups.split_last().unwrap_or((&0, &[]));
        content.extend(before.iter().map(|group| group | 0x80));
        content.push(*last);
    }
    value(OID, content)
}

/// A non-negative integer with these bytes, the highest first.
pub(super) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let mut content = bytes[zeros..].to_vec();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    value(INTEGER, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_shortest_form() {
        assert_eq!(value(OCTET_STRING, [7]), [4, 1, 7]);
        assert_eq!(value(OCTET_STRING, [0; 127])[..2], [4, 127]);
        assert_eq!(value(OCTET_STRING, [0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(value(OCTET_STRING, [0; 300])[..4], [4, 0x82, 1, 44]);
        assert_eq!(unsigned(&[0, 0, 5]), [2, 1, 5]);
        assert_eq!(unsigned(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0]), [2, 1, 0]);
        // The examples of X.690 section 8.19.5 and of RFC 5280.
        assert_eq!(oid(&[2, 999, 3]), [6, 3, 0x88, 0x37, 3]);
        assert_eq!(
            oid(&[1, 2, 840, 10_045, 2, 1]),
            [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]
        );
        assert_eq!(oid(&[2, 5, 29, 0]), [6, 3, 0x55, 0x1d, 0]);
        let sorted = set_of(vec![vec![2, 1, 9], vec![2, 1, 3]]);
        assert_eq!(sorted, [0x31, 6, 2, 1, 3, 2, 1, 9]);
    }
}
