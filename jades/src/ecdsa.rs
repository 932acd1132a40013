//! The value of an ECDSA signature with P-256, in the two forms that standards use.
//!
//! JOSE has the numbers r and s with 32 bytes each (RFC 7518 §3.4). The algorithms of
//! `rustls-pki-types` take the form of X.509: an ASN.1 SEQUENCE of two INTEGERs (RFC 3279 §2.2.3).

use alloc::vec;
use alloc::vec::Vec;

/// The order n of the group of P-256 (SEC 2, version 2, §2.4.2).
pub(crate) const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// Whether r and s are between 1 and n - 1.
pub(crate) fn in_range(value: &[u8; 64]) -> bool {
    let (r, s) = value.split_at(32);
    // Numbers of the same length compare as their bytes do.
    [r, s]
        .iter()
        .all(|number| **number < ORDER[..] && number.iter().any(|byte| *byte != 0))
}

/// The form of X.509, in DER.
pub(crate) fn to_der(value: &[u8; 64]) -> Vec<u8> {
    let (r, s) = value.split_at(32);
    let numbers = [integer(r), integer(s)].concat();
    // At most 2 × 35 bytes: the short form of the length is enough.
    [&[0x30, numbers.len() as u8], &numbers[..]].concat()
}

/// The shortest INTEGER: no leading zero, except where the first bit would be a sign.
fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let number = &number[zeros.min(number.len() - 1)..];
    let sign: &[u8] = if number[0] >= 0x80 { &[0] } else { &[] };
    let mut der = vec![0x02, (sign.len() + number.len()) as u8];
    der.extend_from_slice(sign);
    der.extend_from_slice(number);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(r: &[u8], s: &[u8]) -> [u8; 64] {
        let mut value = [0; 64];
        value[32 - r.len()..32].copy_from_slice(r);
        value[64 - s.len()..].copy_from_slice(s);
        value
    }

    #[test]
    fn r_and_s_are_between_1_and_the_order() {
        let mut last = ORDER;
        last[31] -= 1;
        assert!(in_range(&value(&[1], &[1])));
        assert!(in_range(&value(&last, &last)));
        for (r, s) in [
            (&[0][..], &[1][..]),
            (&[1], &[0]),
            (&ORDER, &[1]),
            (&[1], &[0xff; 32]),
        ] {
            assert!(!in_range(&value(r, s)));
        }
    }

    #[test]
    fn an_integer_has_no_needless_zero_and_no_sign() {
        assert_eq!(
            to_der(&value(&[0x7f], &[0x80])),
            [0x30, 7, 2, 1, 0x7f, 2, 2, 0, 0x80]
        );
        assert_eq!(to_der(&value(&[], &[1, 0])), [0x30, 7, 2, 1, 0, 2, 2, 1, 0]);
        assert_eq!(to_der(&value(&[0xff; 32], &[0xff; 32])).len(), 72);
    }
}
