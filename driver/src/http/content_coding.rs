//! Content codings (RFC 9110 §8.4). None is asked for; some servers compress all the same, and
//! tokens must not be lost by that.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use switchback_protocol::http::{MAX_BODY, Response};
use zeroize::Zeroize as _;

use crate::ports::TransportError;

const CONTENT_ENCODING: &str = "content-encoding";

/// What a gzip member begins with (RFC 1952 §2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b];

/// The answer with its body decoded, as far as that can be done here. The header goes with the
/// coding: where one is left, the body is not decoded.
///
/// A proxy may have decoded the body and left the header: then the body stays. One that is
/// broken off is decoded as far as it goes, and is judged by its reader.
///
/// # Errors
/// [`TransportError::TooLong`], before more than [`MAX_BODY`] bytes are decoded.
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
    // The one that was applied last comes off first.
    while let Some(coding) = codings.last() {
        let body = response.body.as_slice();
        let plain = match coding.as_str() {
            "identity" => None,
            "gzip" | "x-gzip" if body.starts_with(GZIP) => inflated(MultiGzDecoder::new(body))?.0,
            "gzip" | "x-gzip" => None,
            // Some servers leave out the wrapper that the standard asks for. Any bytes begin
            // something without it.
            "deflate" => match inflated(ZlibDecoder::new(body))? {
                (None, _) => {
                    let (plain, is_whole) = inflated(DeflateDecoder::new(body))?;
                    plain.filter(|_| is_whole)
                }
                (plain, _) => plain,
            },
            _ => break,
        };
        if let Some(plain) = plain {
            // The body that came has the same secrets.
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

/// What is in this coding, `None` where nothing is; and whether that is the whole.
fn inflated(coded: impl Read) -> Result<(Option<Vec<u8>>, bool), TransportError> {
    let mut plain = Vec::new();
    let most = u64::try_from(MAX_BODY).unwrap_or(u64::MAX);
    let read = coded.take(most.saturating_add(1)).read_to_end(&mut plain);
    match plain.len() {
        0 if read.is_err() => Ok((None, false)),
        length if length > MAX_BODY => Err(TransportError::TooLong),
        _ => Ok((Some(plain), read.is_ok())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::read::{DeflateEncoder, GzEncoder, ZlibEncoder};

    const PLAIN: &[u8] = br#"{"access_token":"A","token_type":"bearer"}"#;

    fn all(mut reader: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        all(GzEncoder::new(plain, Compression::best()))
    }

    fn zlib(plain: &[u8]) -> Vec<u8> {
        all(ZlibEncoder::new(plain, Compression::best()))
    }

    fn raw(plain: &[u8]) -> Vec<u8> {
        all(DeflateEncoder::new(plain, Compression::best()))
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
    fn what_comes_compressed_is_decoded() {
        let (gzip, zlib, raw) = (gzip(PLAIN), zlib(PLAIN), raw(PLAIN));
        let two_members = [self::gzip(&PLAIN[..9]), self::gzip(&PLAIN[9..])].concat();
        for (codings, body) in [
            (&["gzip"][..], &gzip),
            (&[" X-GZip "], &gzip),
            (&["gzip"], &two_members),
            (&["deflate"], &zlib),
            (&["deflate"], &raw),
            (&["identity"], &PLAIN.to_vec()),
            (&["deflate, gzip"], &self::gzip(&zlib)),
            (&["deflate", "gzip,"], &self::gzip(&zlib)),
            // A proxy has decoded it, and left the header.
            (&["gzip"], &PLAIN.to_vec()),
            (&["deflate"], &PLAIN.to_vec()),
        ] {
            let decoded = decoded(answer(codings, body)).unwrap();
            assert_eq!(decoded.body, PLAIN, "{codings:?}");
            assert_eq!(decoded.header(CONTENT_ENCODING), None, "{codings:?}");
        }
    }

    #[test]
    fn a_coding_that_is_not_known_stays_with_its_name() {
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
    fn a_body_that_is_broken_off_is_decoded_as_far_as_it_goes() {
        let whole = gzip(PLAIN);
        for length in 2..whole.len() {
            let body = decoded(answer(&["gzip"], &whole[..length])).unwrap().body;
            assert!(
                PLAIN.starts_with(&body) || body == whole[..length],
                "{length}"
            );
        }
        // All of it is there before the checksum.
        let body = decoded(answer(&["gzip"], &whole[..whole.len() - 8]))
            .unwrap()
            .body;
        assert_eq!(body, PLAIN);
    }

    #[test]
    fn what_grows_too_long_is_cut() {
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
