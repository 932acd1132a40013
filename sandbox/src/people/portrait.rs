//! A portrait, and the file that it comes from.

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
    /// The file that is still to be read.
    file: Option<PathBuf>,
}

const PNG: &str = "image/png";
const JPEG: &str = "image/jpeg";

/// More than a portrait needs. A presentation holds it whole.
const LARGEST: usize = 1024 * 1024;

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

    /// Reads the file that it was configured with, if there is one.
    pub(crate) fn load(&mut self, folder: &Path) -> Result<(), String> {
        if let Some(file) = self.file.take() {
            let file = folder.join(file);
            self.image = std::fs::read(&file).map_err(|error| {
                format!("{} cannot be read: {error}; the path is seen from the folder of the configuration", file.display())
            })?;
        }
        Ok(())
    }

    /// What is wrong with it.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let begins = |magic: &[u8]| self.image.starts_with(magic);
        match self.format.as_str() {
            _ if self.image.len() > LARGEST => {
                Some("the image is larger than 1 MiB; take a smaller one")
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
            _ => return Err("it must be the name of a .png, .jpg or .jpeg file"),
        };
        portrait.file = Some(file);
        Ok(portrait)
    }
}

impl fmt::Debug for Portrait {
    /// The format and the size only.
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
    fn an_image_is_what_its_format_says() {
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
            Portrait::png([&png[..], &vec![0; LARGEST]].concat()),
        ] {
            assert!(wrong.problem().is_some(), "{wrong:?}");
        }
    }

    #[test]
    fn the_format_comes_from_the_ending() {
        let format = |name: &str| Portrait::try_from(PathBuf::from(name)).map(|p| p.format);
        assert_eq!(format("a/b.PNG").as_deref(), Ok(PNG));
        assert_eq!(format("b.jpg").as_deref(), Ok(JPEG));
        assert_eq!(format("b.jpeg").as_deref(), Ok(JPEG));
        assert!(format("b.gif").is_err());
        assert!(format("png").is_err());
    }
}
