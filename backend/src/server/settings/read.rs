//! Reading a configuration, and telling all that is wrong with it.

use std::path::Path;

use switchback_toml::{ConfigError, PORT, WHOLE_NUMBER};

use super::Plan;
use super::check::check;
use super::origin::Origin;

impl Plan {
    /// Reads a file. What it names is looked for beside it and in this process's environment.
    ///
    /// # Errors
    /// Everything that is wrong, with line and column.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let env = |name: &str| std::env::var(name).ok();
        let folder = file.parent().unwrap_or(Path::new(""));
        let origin = Origin { folder, env: &env };
        explain(switchback_toml::read_file(file, |read, found| {
            check(read, &origin, found)
        }))
    }

    /// Reads text. What it names is looked for in this folder and by `env`.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_toml(
        text: &str,
        folder: &Path,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let origin = Origin { folder, env };
        explain(switchback_toml::read(text, |read, found| {
            check(read, &origin, found)
        }))
    }
}

/// Says of secrets why they are not there, and of what was renamed how it is called.
fn explain(read: Result<Plan, ConfigError>) -> Result<Plan, ConfigError> {
    const SECRETS: [(&str, &str); 7] = [
        (
            "provider.client_secret",
            "name the file that has it, client_secret_file = \"FILE\", or the variable, \
             client_secret_env = \"NAME\"",
        ),
        (
            "provider.private_key",
            "name the file that has it, private_key_file = \"FILE\"",
        ),
        (
            "database.password",
            "give it as PGPASSWORD or in ~/.pgpass, or name a variable that has the whole \
             address, postgres_env = \"NAME\"",
        ),
        ("keys.key", KEYS),
        ("keys.keys", KEYS),
        ("api_keys.key", KEYS),
        ("api_keys.keys", KEYS),
    ];
    const PURPOSES: &str = "it is called [purposes], with onboarding, login and \
                            identity_verification in place of the provider's own names";
    const KEYS: &str = "name the file that has the keys, file = \"FILE\", or the variable, \
                        env = \"NAME\"";
    read.map_err(|error| {
        let error = error.of_renamed("functions", "purposes", PURPOSES);
        let is_duration = |key: &str| key.starts_with("lifetimes.") || key.ends_with("seconds");
        let error = error
            .of_keys(|key| key == "listen", PORT, ":8080\"")
            .of_keys(|key| key == "metrics.listen", PORT, ":9464\"")
            .of_keys(is_duration, WHOLE_NUMBER, "a whole number of seconds");
        SECRETS.iter().fold(error, |error, (key, instead)| {
            error.of_unknown(
                key,
                &format!(
                    "no secret stands in this file, which is copied, shown and kept in \
                     repositories: {instead}"
                ),
            )
        })
    })
}
