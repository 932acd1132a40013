//! Content codings (RFC 9110 §8.4), as servers apply them.

use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};

const LEVEL: u8 = 6;

/// RFC 1952: a header, deflated data, checksum and length.
pub(super) fn gzip(plain: &[u8]) -> Vec<u8> {
    let length = u32::try_from(plain.len()).unwrap_or_default();
    [
        &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff],
        compress_to_vec(plain, LEVEL).as_slice(),
        &crc32(plain).to_le_bytes(),
        &length.to_le_bytes(),
    ]
    .concat()
}

/// RFC 1950, which HTTP calls "deflate".
pub(super) fn deflate(plain: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(plain, LEVEL)
}

/// RFC 1952 §8.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc32_matches_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
