//! Reads a configuration, and reports all of its mistakes.

use std::path::Path;

use switchback_config_file::{ConfigError, PORT, WHOLE_NUMBER};

use super::Plan;
use super::check::check;
use super::sources::Sources;

impl Plan {
    /// Reads a file. Relative paths start at its folder, and variables are read from this
    /// process's environment.
    ///
    /// # Errors
    /// All mistakes, with line and column.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let env = |name: &str| std::env::var(name).ok();
        let folder = file.parent().unwrap_or(Path::new(""));
        let sources = Sources { folder, env: &env };
        explain(switchback_config_file::read_file(file, |read, found| {
            check(read, &sources, found)
        }))
    }

    /// Reads text. Relative paths start at `folder`, and variables are read with `env`.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_toml(
        text: &str,
        folder: &Path,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let sources = Sources { folder, env };
        explain(switchback_config_file::read(text, |read, found| {
            check(read, &sources, found)
        }))
    }
}

/// Explains secrets in the file, a renamed table, default ports, and the unit of durations.
fn explain(read: Result<Plan, ConfigError>) -> Result<Plan, ConfigError> {
    const SECRETS: [(&str, &str); 7] = [
        (
            "provider.client_secret",
            "name the file with the secret, client_secret_file = \"FILE\", or the variable, \
             client_secret_env = \"NAME\"",
        ),
        (
            "provider.private_key",
            "name the file with the key, private_key_file = \"FILE\"",
        ),
        (
            "database.password",
            "set PGPASSWORD or use ~/.pgpass, or name a variable with the whole \
             address, postgres_env = \"NAME\"",
        ),
        ("keys.key", KEYS),
        ("keys.keys", KEYS),
        ("api_keys.key", KEYS),
        ("api_keys.keys", KEYS),
    ];
    const PURPOSES: &str = "this table is called [purposes], with the names onboarding, login and \
                            identity_verification instead of the provider's names";
    const KEYS: &str = "name the file with the keys, file = \"FILE\", or the variable, \
                        env = \"NAME\"";
    read.map_err(|error| {
        let error = error.explain_renamed_key("functions", "purposes", PURPOSES);
        let is_duration = |key: &str| key.starts_with("lifetimes.") || key.ends_with("seconds");
        let error = error
            .replace_in_reasons(|key| key == "listen", PORT, ":8080\"")
            .replace_in_reasons(|key| key == "metrics.listen", PORT, ":9464\"")
            .replace_in_reasons(is_duration, WHOLE_NUMBER, "a whole number of seconds");
        SECRETS.iter().fold(error, |error, (key, instead)| {
            error.explain_unknown_key(
                key,
                &format!(
                    "no secret may be in this file, which is often copied and \
                     shared: {instead}"
                ),
            )
        })
    })
}
