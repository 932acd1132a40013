//! The digest of a document, read in parts: a file of any length needs the same memory.

use std::fs::File;
use std::io::{Read as _, stdin};
use std::path::Path;

use switchback::signature::{DigestInput, DocumentDigest, DocumentHasher};

use crate::exit::Failure;

/// How many bytes are read at once.
const PART: usize = 256 * 1024;

/// The digests of a file, one for each input. `-` is stdin.
///
/// Reading blocks: call it where no other task waits.
pub(crate) fn digests<const N: usize>(
    file: &Path,
    inputs: [DigestInput; N],
) -> Result<[DocumentDigest; N], Failure> {
    let failed = |error: std::io::Error| {
        Failure::usage(format!("the document cannot be read: {error}"))
            .at(file.display().to_string())
    };
    let mut reader: Box<dyn std::io::Read> = match file.as_os_str() == "-" {
        true => Box::new(stdin().lock()),
        false => Box::new(File::open(file).map_err(failed)?),
    };
    let mut hashers = inputs.map(DocumentHasher::new);
    let mut part = vec![0; PART];
    loop {
        match reader.read(&mut part) {
            Ok(0) => return Ok(hashers.map(DocumentHasher::finish)),
            Ok(read) => {
                let bytes = part.get(..read).unwrap_or_default();
                hashers.iter_mut().for_each(|hasher| hasher.update(bytes));
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// The URI that names a document by its digest (RFC 6920 §3): the same bytes have the same id,
/// wherever they are.
pub(crate) fn named_information(digest: &DocumentDigest) -> String {
    format!("ni:///sha-256;{}", digest.base64url())
}

/// The media type that belongs to the extension of a file name, for common documents.
pub(crate) fn content_type(file: &Path) -> Option<&'static str> {
    let extension = file.extension()?.to_str()?.to_ascii_lowercase();
    Some(match &*extension {
        "pdf" => "application/pdf",
        "xml" => "application/xml",
        "json" => "application/json",
        "txt" => "text/plain",
        "html" | "htm" => "text/html",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "odt" => "application/vnd.oasis.opendocument.text",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_the_one_of_the_standard() {
        // RFC 6920 §8.1.
        let digest = DocumentDigest::of(b"Hello World!");
        assert_eq!(
            named_information(&digest),
            "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"
        );
    }

    #[test]
    fn both_digests_are_made_in_one_pass() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("d.PDF");
        std::fs::write(&file, b"Hello World!").expect("writable");
        let inputs = [DigestInput::Document, DigestInput::Base64url];
        let [document, text] = digests(&file, inputs).expect("readable");
        assert_eq!(document, DocumentDigest::of(b"Hello World!"));
        assert_eq!(
            text.bytes(),
            DocumentDigest::of(b"SGVsbG8gV29ybGQh").bytes()
        );
        assert_eq!(content_type(&file), Some("application/pdf"));
    }
}
