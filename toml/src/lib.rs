//! Reads a TOML file, and tells all that is wrong with it at once: each mistake with its line
//! and column, and what to write instead. No value is ever repeated, since one of them may be
//! a secret.
//!
//! The configurations of the sandbox and of the service's backend are read with it. It knows
//! nothing of either.
//!
//! | file | what it does |
//! |---|---|
//! | `read` | reads TOML, and says where in it a mistake is |
//! | `error` | what was wrong, in words |
//! | `schema` | the JSON Schema, for editors |
//! | `unclosed` | a list or an inline table that is not closed |
//! | `words` | serde's words for a mistake in plain ones, and the known name that was meant |

mod error;
mod read;
mod schema;
mod unclosed;
mod words;

pub use error::{ConfigError, Found, Place, Problem};
pub use read::{read, read_file};
pub use schema::{json_schema, without_null};
pub use words::{PORT, WHOLE_NUMBER, nearest, words};
