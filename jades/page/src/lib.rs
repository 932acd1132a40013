//! The verifier of signatures for a web page that works without a server. `cargo xtask verify-page`
//! compiles it to WebAssembly and writes it into one HTML file.
//!
//! JavaScript and this library exchange bytes through one buffer. JavaScript calls [`buffer`] for a
//! buffer of a length, writes into it, and calls a function that reads it. Each call of [`buffer`] can
//! move the buffer.

mod request;

use std::sync::{Mutex, MutexGuard, PoisonError};

use switchback_jades::{DigestInput, DocumentHasher};

/// A page has one thread, so nothing ever waits for the lock.
static STATE: Mutex<State> = Mutex::new(State {
    buffer: Vec::new(),
    document: None,
});

struct State {
    buffer: Vec<u8>,
    document: Option<Hashers>,
}

/// Both digests of a document, since only the signature says which one it has.
struct Hashers([DocumentHasher; 2]);

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the buffer this long, in bytes, and returns its address.
#[allow(unsafe_code, reason = "JavaScript finds the function by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn buffer(length: usize) -> *mut u8 {
    let buffer = &mut state().buffer;
    buffer.resize(length, 0);
    buffer.as_mut_ptr()
}

/// Begins another document.
#[allow(unsafe_code, reason = "JavaScript finds the function by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn begin_document() {
    let inputs = [DigestInput::Document, DigestInput::Base64url];
    state().document = Some(Hashers(inputs.map(DocumentHasher::new)));
}

/// Adds the bytes of the buffer to the document.
#[allow(unsafe_code, reason = "JavaScript finds the function by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn add_to_document() {
    let state = &mut *state();
    if let Some(Hashers(hashers)) = &mut state.document {
        for hasher in hashers {
            hasher.update(&state.buffer);
        }
    }
}

/// Reads a request from the buffer, and writes the answer into the buffer: JSON both, as the module
/// `request` describes them. The document is the one that was begun since the last call. Returns the
/// length of the answer.
#[allow(unsafe_code, reason = "JavaScript finds the function by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn verify() -> usize {
    let state = &mut *state();
    let document = state.document.take();
    let document = document.map(|Hashers(hashers)| hashers.map(DocumentHasher::finish));
    state.buffer = request::answer(&state.buffer, document);
    state.buffer.len()
}
