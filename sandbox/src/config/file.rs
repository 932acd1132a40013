//! Reads a configuration from TOML.

use std::path::Path;

use switchback_config_file::{KeyPath, PORT, Problems, WHOLE_NUMBER};

use super::check::problems;
use super::{Config, ConfigError};

impl Config {
    /// Reads TOML. Paths in it are relative to the current folder. Missing keys have the values
    /// of [`Config::default`].
    ///
    /// ```
    /// use switchback_sandbox::Config;
    ///
    /// let text = "
    /// [[client]]
    /// client_id = 'my-app'
    /// redirect_uri = 'myapp:///callback'
    /// ";
    /// let error = Config::from_toml(text).unwrap_err().to_string();
    /// assert!(error.starts_with("2:1: client[0].redirect_uris: it is missing"));
    /// assert!(error.contains("\n4:1: client[0].redirect_uri: there is no such key here"));
    /// ```
    ///
    /// # Errors
    /// All mistakes, with line and column.
    pub fn from_toml(text: &str) -> Result<Config, ConfigError> {
        explain(switchback_config_file::read(text, check(Path::new(""))))
    }

    /// Reads a TOML file. Paths in it are relative to its folder.
    ///
    /// # Errors
    /// Those of [`Config::from_toml`], or the file cannot be read.
    pub fn read(file: &Path) -> Result<Config, ConfigError> {
        let folder = file.parent().unwrap_or(Path::new(""));
        explain(switchback_config_file::read_file(file, check(folder)))
    }
}

/// Puts the default port of the sandbox and the unit of durations into the messages.
fn explain(read: Result<Config, ConfigError>) -> Result<Config, ConfigError> {
    let is_duration = |key: &str| key.starts_with("lifetimes.");
    read.map_err(|error| {
        error
            .replace_in_reasons(|key| key == "listen", PORT, ":8090\"")
            .replace_in_reasons(is_duration, WHOLE_NUMBER, "a whole number of seconds")
    })
}

fn check(folder: &Path) -> impl FnOnce(Config, &mut Problems) -> Option<Config> {
    move |mut config, found| {
        complete(&mut config, folder, found);
        problems(&config, found);
        Some(config)
    }
}

/// Fills in values that depend on other keys, and reads the files that the configuration names.
fn complete(config: &mut Config, folder: &Path, found: &mut Problems) {
    for client in &mut config.clients {
        if client.name.is_empty() {
            client.name.clone_from(&client.client_id);
        }
    }
    if let Some(tls) = &mut config.tls
        && !tls.folder.as_os_str().is_empty()
    {
        tls.folder = folder.join(&tls.folder);
    }
    for (index, person) in config.people.iter_mut().enumerate() {
        let Some(portrait) = &mut person.portrait else {
            continue;
        };
        if let Err(reason) = portrait.load(folder) {
            let place = KeyPath::default().key("person").index(index);
            found.add(place.key("portrait"), reason);
            person.portrait = None;
        }
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
