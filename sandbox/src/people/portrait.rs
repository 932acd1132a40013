//! [`Portrait`]: an image, and the file that contains it.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A portrait.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "PathBuf")]
pub struct Portrait {
    /// The media type, such as `image/png`.
    pub format: String,
    /// The bytes of the image.
    pub image: Vec<u8>,
    /// The file, until it is read.
    file: Option<PathBuf>,
}

const PNG: &str = "image/png";
const JPEG: &str = "image/jpeg";

/// The maximum size of an image, in bytes. A presentation contains the complete image.
const MAX_BYTES: usize = 1024 * 1024;

impl Portrait {
    /// A portrait in PNG.
    pub fn png(image: impl Into<Vec<u8>>) -> Self {
        Portrait {
            format: PNG.into(),
            image: image.into(),
            file: None,
        }
    }

    /// A portrait in JPEG.
    pub fn jpeg(image: impl Into<Vec<u8>>) -> Self {
        Portrait {
            format: JPEG.into(),
            ..Portrait::png(image)
        }
    }

    /// Reads the configured file, if there is one.
    pub(crate) fn load(&mut self, folder: &Path) -> Result<(), String> {
        if let Some(file) = self.file.take() {
            let file = folder.join(file);
            self.image = std::fs::read(&file).map_err(|error| {
                format!("{} cannot be read: {error}; the path is relative to the folder of the configuration", file.display())
            })?;
        }
        Ok(())
    }

    /// The mistake in the portrait, if there is one.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let begins = |magic: &[u8]| self.image.starts_with(magic);
        match self.format.as_str() {
            _ if self.image.len() > MAX_BYTES => {
                Some("the image is larger than 1 MiB; use a smaller one")
            }
            PNG if begins(b"\x89PNG\r\n\x1a\n") => None,
            PNG => Some("the image is not PNG"),
            JPEG if begins(b"\xff\xd8\xff") => None,
            JPEG => Some("the image is not JPEG"),
            _ => Some("its format must be image/png or image/jpeg"),
        }
    }
}

impl TryFrom<PathBuf> for Portrait {
    type Error = &'static str;

    fn try_from(file: PathBuf) -> Result<Self, Self::Error> {
        let ending = file.extension().unwrap_or_default().to_ascii_lowercase();
        let mut portrait = match ending.to_str() {
            Some("png") => Portrait::png([]),
            Some("jpg" | "jpeg") => Portrait::jpeg([]),
            _ => return Err("it must be the path of a .png, .jpg or .jpeg file"),
        };
        portrait.file = Some(file);
        Ok(portrait)
    }
}

impl fmt::Debug for Portrait {
    /// Shows only the format and the size.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portrait")
            .field("format", &self.format)
            .field("bytes", &self.image.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_must_match_its_format() {
        let png = b"\x89PNG\r\n\x1a\n...";
        let jpeg = b"\xff\xd8\xff\xe0...";
        assert_eq!(Portrait::png(png).problem(), None);
        assert_eq!(Portrait::jpeg(jpeg).problem(), None);
        for wrong in [
            Portrait::png(jpeg),
            Portrait::jpeg(png),
            Portrait::png([]),
            Portrait {
                format: "image/gif".into(),
                ..Portrait::png(png)
            },
            Portrait::png([&png[..], &vec![0; MAX_BYTES]].concat()),
        ] {
            assert!(wrong.problem().is_some(), "{wrong:?}");
        }
    }

    #[test]
    fn the_format_comes_from_the_file_extension() {
        let format = |name: &str| Portrait::try_from(PathBuf::from(name)).map(|p| p.format);
        assert_eq!(format("a/b.PNG").as_deref(), Ok(PNG));
        assert_eq!(format("b.jpg").as_deref(), Ok(JPEG));
        assert_eq!(format("b.jpeg").as_deref(), Ok(JPEG));
        assert!(format("b.gif").is_err());
        assert!(format("png").is_err());
    }
}
