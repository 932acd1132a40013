//! The person pastes the address that they were sent to.

use std::io::IsTerminal as _;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Stdin, Take};

use crate::exit::Failure;

/// No callback is longer than this, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Lines from stdin.
pub(crate) struct Paste {
    input: BufReader<Take<Stdin>>,
}

impl Paste {
    pub(crate) fn new() -> Self {
        Self {
            input: BufReader::new(tokio::io::stdin().take(LONGEST)),
        }
    }

    /// The next line that is not empty, without space around it. It may hold a code: it
    /// is for the core, and for nobody else.
    pub(crate) async fn line(&mut self) -> Result<Option<String>, Failure> {
        loop {
            let mut line = String::new();
            let read = self.input.read_line(&mut line).await;
            let read = read.map_err(|error| {
                Failure::failed(format!("stdin could not be read: {}", error.kind()))
            })?;
            if read == 0 {
                return Ok(None);
            }
            // Whoever copies from a chat gets quotes or angle brackets with it.
            let line = line.trim().trim_matches(['"', '\'', '<', '>']);
            if !line.is_empty() {
                return Ok(Some(line.to_owned()));
            }
        }
    }

    /// Whether a person types, who can try again.
    pub(crate) fn is_typed() -> bool {
        std::io::stdin().is_terminal()
    }
}
