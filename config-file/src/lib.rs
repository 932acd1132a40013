//! Reads a TOML file and reports everything that is wrong with it at once: each mistake with its
//! line and column, and with the text to write instead. A report never repeats a value of the
//! file, because the value may be a secret.
//!
//! The sandbox and the service's backend read their configurations with this crate, which knows
//! nothing about either.
//!
//! | file | what it does |
//! |---|---|
//! | `read` | reads TOML and finds the line and column of each mistake |
//! | `error` | the report: one problem for each mistake |
//! | `schema` | the JSON Schema of a file, for editors |
//! | `unclosed` | finds a list or an inline table without its closing bracket |
//! | `messages` | turns serde's messages into plain ones and suggests the nearest known name |

mod error;
mod messages;
mod read;
mod schema;
mod unclosed;

pub use error::{ConfigError, KeyPath, Problem, Problems};
pub use messages::{PORT, WHOLE_NUMBER, nearest, plain_message};
pub use read::{read, read_file};
pub use schema::{json_schema, without_null};
