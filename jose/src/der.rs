//! The DER form of whole numbers (ITU-T X.690 §8.3, §10.1).
//!
//! JOSE writes numbers as bytes of a fixed or shortest length. The algorithms of `rustls-pki-types`
//! take the forms of X.509: an ECDSA signature is a SEQUENCE of two INTEGERs (RFC 3279 §2.2.3), and
//! so is an RSA key (RFC 8017 §A.1.1).

use alloc::vec::Vec;

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// A SEQUENCE of two INTEGERs, of which neither is negative. Both are big-endian.
pub(crate) fn sequence_of_two(first: &[u8], second: &[u8]) -> Vec<u8> {
    let (first, second) = (without_zeros(first), without_zeros(second));
    let length = integer_length(first) + integer_length(second);
    let mut der = Vec::with_capacity(length + 4);
    push_head(&mut der, SEQUENCE, length);
    push_integer(&mut der, first);
    push_integer(&mut der, second);
    der
}

/// The number without leading zeros. Zero has no byte.
pub(crate) fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

/// Whether a zero byte keeps the number from being negative, or is the number 0.
fn needs_zero(number: &[u8]) -> bool {
    number.first().is_none_or(|first| *first >= 0x80)
}

fn content_length(number: &[u8]) -> usize {
    number.len() + usize::from(needs_zero(number))
}

fn integer_length(number: &[u8]) -> usize {
    let content = content_length(number);
    head_length(content) + content
}

fn head_length(content: usize) -> usize {
    match content {
        0..=0x7f => 2,
        0x80..=0xff => 3,
        _ => 4,
    }
}

fn push_integer(der: &mut Vec<u8>, number: &[u8]) {
    push_head(der, INTEGER, content_length(number));
    if needs_zero(number) {
        der.push(0);
    }
    der.extend_from_slice(number);
}

/// Tag and length. No number of a key here reaches 64 KiB.
fn push_head(der: &mut Vec<u8>, tag: u8, content: usize) {
    let [.., high, low] = content.to_be_bytes();
    der.push(tag);
    match head_length(content) {
        2 => der.push(low),
        3 => der.extend_from_slice(&[0x81, low]),
        _ => der.extend_from_slice(&[0x82, high, low]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn an_integer_is_the_shortest_and_never_negative() {
        assert_eq!(
            sequence_of_two(&[0, 0, 1], &[0x80]),
            [0x30, 7, 0x02, 1, 1, 0x02, 2, 0, 0x80]
        );
        assert_eq!(sequence_of_two(&[0], &[]), [0x30, 6, 2, 1, 0, 2, 1, 0]);
    }

    #[test]
    fn long_lengths_have_their_long_form() {
        for (length, head) in [
            (0x7f, &[0x02, 0x7f][..]),
            (0x80, &[0x02, 0x81, 0x80]),
            (0xff, &[0x02, 0x81, 0xff]),
            (0x100, &[0x02, 0x82, 1, 0]),
        ] {
            let der = sequence_of_two(&vec![1; length], &[1]);
            let inner = head_length(der.len() - 4);
            let at = (0..3).find(|at| der[2 + at..].starts_with(head));
            assert!(at.is_some(), "{length} {inner}");
        }
    }
}
