//! The numbers of an ECDSA signature with P-256 (RFC 7518 §3.4): r and s, with 32 bytes each.

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
}
