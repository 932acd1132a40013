//! Content codings (RFC 9110 §8.4). The transport asks for none. Some servers compress anyway, and
//! a token in such an answer must not be lost.
//!
//! Before you change this: a small body can decode to an endless one, so the limit of [`MAX_BODY`]
//! counts decoded bytes. A body that cannot be decoded is left unchanged, and its reader reports
//! [`Rule::ContentCoding`](switchback_protocol::Rule::ContentCoding).

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_PARSE_ZLIB_HEADER as ZLIB, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF as FLAT_OUTPUT,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use switchback_protocol::http::{MAX_BODY, Response};
use zeroize::Zeroize as _;

use crate::ports::TransportError;

const CONTENT_ENCODING: &str = "content-encoding";

/// Decodes the body as far as its codings are known. The header `content-encoding` is removed with
/// each coding; if it is still there, the body is not decoded completely.
///
/// A proxy may have decoded the body and left the header: then the body is unchanged. A truncated
/// body is decoded up to its end; the reader of the body judges it.
///
/// # Errors
/// [`TransportError::TooLong`] if the decoded body is longer than [`MAX_BODY`] bytes.
pub(super) fn decoded(mut response: Response) -> Result<Response, TransportError> {
    let mut codings: Vec<String> = response
        .headers
        .iter()
        .filter(|(name, _)| name == CONTENT_ENCODING)
        .flat_map(|(_, value)| value.split(','))
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty())
        .collect();
    if codings.is_empty() {
        return Ok(response);
    }
    // The last coding is decoded first.
    while let Some(coding) = codings.last() {
        let body = response.body.as_slice();
        let plain = match coding.as_str() {
            "identity" => None,
            "gzip" | "x-gzip" => match gzip_payload(body) {
                Some(body) => {
                    let (plain, is_complete) = inflate(body, 0)?;
                    // The reader of JSON notices a truncated body.
                    plain.filter(|plain| is_complete || plain.trim_ascii_start().starts_with(b"{"))
                }
                None => None,
            },
            "deflate" => match inflate(body, ZLIB)? {
                // Some servers leave out the zlib wrapper (RFC 1950). Without it, any bytes can
                // look like the beginning of deflated data, so the data must be complete.
                (None, _) => {
                    let (plain, is_complete) = inflate(body, 0)?;
                    plain.filter(|_| is_complete)
                }
                (plain, _) => plain,
            },
            _ => break,
        };
        if let Some(plain) = plain {
            // The encoded body holds the same secrets.
            response.body.zeroize();
            response.body = plain;
        }
        codings.pop();
    }
    response
        .headers
        .retain(|(name, _)| name != CONTENT_ENCODING);
    if !codings.is_empty() {
        let left = (CONTENT_ENCODING.into(), codings.join(", "));
        response.headers.push(left);
    }
    Ok(response)
}

/// Decodes deflated data: the plain bytes (`None` if there are none), and whether the data was
/// complete.
fn inflate(body: &[u8], wrapper: u32) -> Result<(Option<Vec<u8>>, bool), TransportError> {
    let mut plain = vec![0; MAX_BODY];
    let mut state = Box::<DecompressorOxide>::default();
    let (status, _, written) = decompress(&mut state, body, &mut plain, 0, wrapper | FLAT_OUTPUT);
    plain.truncate(written);
    match status {
        TINFLStatus::HasMoreOutput => Err(TransportError::TooLong),
        TINFLStatus::Done => Ok((Some(plain), true)),
        _ => Ok((Some(plain).filter(|plain| !plain.is_empty()), false)),
    }
}

/// The data after the header of a gzip member (RFC 1952 §2.3). `None` if this is not one.
fn gzip_payload(body: &[u8]) -> Option<&[u8]> {
    let (head, mut rest) = body.split_first_chunk::<10>()?;
    let [0x1f, 0x8b, 8, flags, ..] = head else {
        return None;
    };
    let has = |flag| flags & flag != 0;
    if has(4) {
        let (length, extra) = rest.split_first_chunk()?;
        rest = extra.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [8, 16] {
        if has(text) {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = &rest[end + 1..];
        }
    }
    rest.get(if has(2) { 2 } else { 0 }..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};

    const PLAIN: &[u8] = br#"{"access_token":"A","token_type":"bearer"}"#;

    /// [`PLAIN`], as Python's `gzip` writes it.
    const BY_GZIP: &str =
        "H4sIAAAAAAACA6tWSkxOTi0uji/Jz07NU7JSclTSUQKz40sqC1KBAkmpiUWpRUq1AB9NK2IqAAAA";

    /// The same, with every optional field of the header.
    const BY_GZIP_NAMED: &str = "H4sIHgAAAAAA/wQAQUJDRG5hbWUuanNvbgBhIGNvbW1lbnQA4wKrVkpMTk4tLo4vyc9OzVOyUnJU0lECs+NLKgtSgQJJqYlFqUVKtQAfTStiKgAAAA==";

    fn gzip(plain: &[u8]) -> Vec<u8> {
        [
            &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255],
            &*raw(plain),
            &[0; 8],
        ]
        .concat()
    }

    fn zlib(plain: &[u8]) -> Vec<u8> {
        compress_to_vec_zlib(plain, 9)
    }

    fn raw(plain: &[u8]) -> Vec<u8> {
        compress_to_vec(plain, 9)
    }

    fn answer(codings: &[&str], body: &[u8]) -> Response {
        let header = |coding: &&str| (CONTENT_ENCODING.into(), (*coding).into());
        Response {
            status: 200,
            headers: codings.iter().map(header).collect(),
            body: body.into(),
        }
    }

    #[test]
    fn compressed_bodies_are_decoded() {
        let (zlib, raw) = (zlib(PLAIN), raw(PLAIN));
        let [gzip, named] = [BY_GZIP, BY_GZIP_NAMED].map(|text| STANDARD.decode(text).unwrap());
        for (codings, body) in [
            (&["gzip"][..], &gzip),
            (&[" X-GZip "], &gzip),
            (&["gzip"], &named),
            (&["deflate"], &zlib),
            (&["deflate"], &raw),
            (&["identity"], &PLAIN.to_vec()),
            (&["deflate, gzip"], &self::gzip(&zlib)),
            (&["deflate", "gzip,"], &self::gzip(&zlib)),
            // A proxy has decoded the body and left the header.
            (&["gzip"], &PLAIN.to_vec()),
            (&["deflate"], &PLAIN.to_vec()),
        ] {
            let decoded = decoded(answer(codings, body)).unwrap();
            assert_eq!(decoded.body, PLAIN, "{codings:?}");
            assert_eq!(decoded.header(CONTENT_ENCODING), None, "{codings:?}");
        }
    }

    #[test]
    fn unknown_coding_keeps_body_and_header() {
        for (codings, body, left) in [
            ("br", PLAIN.to_vec(), "br"),
            ("gzip, br", PLAIN.to_vec(), "gzip, br"),
            ("br, gzip", gzip(PLAIN), "br"),
        ] {
            let decoded = decoded(answer(&[codings], &body)).unwrap();
            assert_eq!(decoded.header(CONTENT_ENCODING), Some(left));
            assert_eq!(decoded.body, PLAIN);
        }
    }

    #[test]
    fn truncated_body_is_decoded_up_to_its_end() {
        let complete = gzip(PLAIN);
        for length in 2..complete.len() {
            let body = decoded(answer(&["gzip"], &complete[..length]))
                .unwrap()
                .body
                .clone();
            assert!(
                PLAIN.starts_with(&body) || body == complete[..length],
                "{length}"
            );
        }
        // All data comes before the checksum.
        let body = decoded(answer(&["gzip"], &complete[..complete.len() - 8]))
            .unwrap()
            .body
            .clone();
        assert_eq!(body, PLAIN);
    }

    #[test]
    fn decoded_body_over_the_limit_is_too_long() {
        let fits = vec![b' '; MAX_BODY];
        assert_eq!(decoded(answer(&["gzip"], &gzip(&fits))).unwrap().body, fits);
        let bomb = vec![b' '; 64 * MAX_BODY];
        for (coding, body) in [
            ("gzip", gzip(&bomb)),
            ("deflate", zlib(&bomb)),
            ("deflate", raw(&bomb)),
            ("gzip, gzip", gzip(&gzip(&bomb))),
        ] {
            assert!(body.len() < MAX_BODY);
            let cut = decoded(answer(&[coding], &body));
            assert_eq!(cut.map(|_| ()), Err(TransportError::TooLong), "{coding}");
        }
    }
}
