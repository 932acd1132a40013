//! Reads the callback URL that the person pastes.

use std::io::{ErrorKind, IsTerminal as _};

use switchback_protocol::visible::is_invisible;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Stdin};

use crate::exit::{Exit, Failure};

/// The longest callback URL, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Lines from stdin.
pub(crate) struct Paste {
    input: BufReader<Stdin>,
}

impl Paste {
    pub(crate) fn new() -> Self {
        Self {
            input: BufReader::new(tokio::io::stdin()),
        }
    }

    /// The next line that is not empty, without surrounding space. The line possibly contains a
    /// code: pass it to the core only.
    pub(crate) async fn line(&mut self) -> Result<Option<String>, Failure> {
        loop {
            let mut line = Vec::new();
            let mut input = (&mut self.input).take(LONGEST + 1);
            let read = input.read_until(b'\n', &mut line).await;
            let read = read.map_err(|error| unreadable(error.kind()))?;
            if read == 0 {
                return Ok(None);
            }
            if line.len() as u64 > LONGEST {
                return Err(Failure::new(
                    Exit::Failed,
                    "malformed",
                    "the pasted URL is longer than 64 KiB",
                )
                .next("copy only the URL to which the provider sent you back"));
            }
            let line = String::from_utf8(line).map_err(|_| unreadable(ErrorKind::InvalidData))?;
            let line = pasted(&line);
            if !line.is_empty() {
                return Ok(Some(line));
            }
        }
    }

    /// Whether stdin is a terminal, so that a person can try again.
    pub(crate) fn is_typed() -> bool {
        std::io::stdin().is_terminal()
    }
}

/// The URL without characters that were copied with it: a chat adds quotes, angle brackets or
/// invisible characters (a zero-width space, a byte order mark). A URL contains none of these.
fn pasted(line: &str) -> String {
    let line = line.replace(is_invisible, "");
    line.trim()
        .trim_matches(['"', '\'', '<', '>'])
        .trim()
        .to_owned()
}

fn unreadable(why: ErrorKind) -> Failure {
    Failure::failed(format!("stdin could not be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_invisible_characters_are_removed() {
        let url = "https://app.example/cb?code=a-b&state=c";
        for around in [
            url.to_owned(),
            format!("\u{feff}{url}\r\n"),
            format!("\u{200b}{url}\u{200b}\n"),
            format!(" \"{url}\" "),
            format!("<\u{2060}{url}>\u{200e}"),
            format!("\u{a0}' {url} '\u{2028}"),
            url.replace('?', "\u{200b}?").replace('-', "-\u{ad}"),
            url.replace("state", "\u{202e}st\tate"),
        ] {
            assert_eq!(pasted(&around), url, "{around:?}");
        }
        assert_eq!(pasted("\u{feff}\r\n"), "");
    }
}
