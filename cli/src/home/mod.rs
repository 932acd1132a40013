//! The folder in which the command stores its data between two calls.
//!
//! | file | content |
//! |---|---|
//! | `sessions.sealed` | logins and sessions, encrypted |
//! | `sessions.key` | their key, if it is not in the system's keyring |
//! | `sessions.lock`, `processes.lock`, `processes.owners/` | the locks of several commands at the same time |
//! | `store.json` | where the key is |
//! | `store.lock` | held while a process decides where the key is |
//! | `profiles/*.json` | the configuration of logins |
//! | `sandbox/` | the certificate authority of `switchback sandbox --tls` |
//!
//! The first command that needs the store decides where the key is, once. If the keyring does not
//! answer later, that is an error: a second key would make the sessions unreadable.

mod files;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use switchback::Platform;
use switchback::ports::{ProcessLock as _, StoreError};
use switchback::process_lock::LockFile;
use switchback::store::SealedFile;

use crate::args::{Common, StoreChoice};
use crate::deadline::Deadline;
use crate::exit::Failure;
use crate::output::{Output, clean};
use crate::profile::Profile;
use files::{failed, newer, read, write};

/// The folder, and the `--store` option.
#[derive(Clone)]
pub(crate) struct Home {
    folder: PathBuf,
    choice: StoreChoice,
}

/// Where the key of the store is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "key")]
enum KeyPlace {
    /// In `sessions.key`.
    File,
    /// In the system's keyring, under this name.
    Keyring { entry: String },
}

impl Home {
    /// The folder of `--home` or its defaults. Creates nothing.
    pub(crate) fn new(common: &Common) -> Result<Self, Failure> {
        // Not with clap's `env`: clap would then print --home in each usage line.
        let variable = || std::env::var_os("SWITCHBACK_HOME").map(PathBuf::from);
        let named = common.home.clone().or_else(variable);
        let named = named.filter(|folder| !folder.as_os_str().is_empty());
        let default = || Some(std::env::home_dir()?.join(".switchback"));
        let folder = named.or_else(default).ok_or_else(|| {
            Failure::configuration("this user has no home folder").next("name a folder with --home")
        })?;
        Ok(Self {
            folder,
            choice: common.store,
        })
    }

    /// The folder as text, for messages.
    pub(crate) fn place(&self) -> String {
        self.folder.display().to_string()
    }

    /// The folder of the sandbox's certificate authority.
    pub(crate) fn sandbox(&self) -> PathBuf {
        self.folder.join("sandbox")
    }

    /// The stored profiles. Skips a profile that cannot be read, with a warning, so that the
    /// others still work.
    pub(crate) fn profiles(&self, out: &Output) -> Result<Vec<Profile>, Failure> {
        let folder = self.folder.join("profiles");
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&folder, &error)),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| failed(&folder, &error))?.path();
            if path.extension().is_some_and(|end| end == "json") {
                paths.push(path);
            }
        }
        paths.sort();
        let mut profiles = Vec::new();
        for path in paths {
            match read::<Profile>(&path) {
                Ok(Some(profile)) if profile.is_readable() => profiles.push(profile),
                Ok(None) => {}
                Ok(Some(_)) => left_out(out, &path, &newer(&path)),
                Err(failure) => left_out(out, &path, &failure),
            }
        }
        Ok(profiles)
    }

    /// Stores a profile.
    pub(crate) fn save(&self, profile: &Profile) -> Result<(), Failure> {
        let folder = self.folder.join("profiles");
        files::make_private_folder(&folder).map_err(|error| failed(&folder, &error))?;
        write(
            &folder.join(format!("{}.json", profile.namespace()?)),
            profile,
        )
    }

    /// The platform with the store of this folder. Creates the store if there is none.
    pub(crate) async fn platform(&self, out: &Output) -> Result<Platform, Failure> {
        let home = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let (place, made) = home.key_place()?;
            Ok::<_, Failure>((home.open(&place)?, made && place == KeyPlace::File, home))
        });
        // A keyring possibly waits for a person, or never answers.
        let done = Deadline::none().wait(done).await?;
        let (store, says_so, home) = done.map_err(|_| {
            Failure::from(StoreError::Unavailable(
                "the thread that opened the store panicked".into(),
            ))
        })??;
        if says_so && home.choice == StoreChoice::Auto {
            out.warn(format_args!(
                "note: no keyring answers here, so the store's key is in a file that only you can \
                 read: {}",
                home.folder.join("sessions.key").display()
            ));
        }
        Ok(Platform::new(store))
    }

    /// Where the key is, and whether this call decided it.
    fn key_place(&self) -> Result<(KeyPlace, bool), Failure> {
        if let Some(place) = self.known()? {
            self.agrees(&place)?;
            return Ok((place, false));
        }
        // This creates the folder, which only this user can open.
        SealedFile::open(&self.folder).map_err(|error| Failure::from(error).at(self.place()))?;
        let lock = LockFile::new(&self.folder, "store");
        let _held = lock.enter().map_err(|error| {
            Failure::from(error)
                .at(self.place())
                .next("wait for the process that makes the store, or end it, and try again")
        })?;
        // Another process was possibly faster.
        if let Some(place) = self.known()? {
            self.agrees(&place)?;
            return Ok((place, false));
        }
        let place = self.decide()?;
        write(&self.marker(), &place)?;
        Ok((place, true))
    }

    fn marker(&self) -> PathBuf {
        self.folder.join("store.json")
    }

    fn known(&self) -> Result<Option<KeyPlace>, Failure> {
        let place = read(&self.marker()).map_err(|failure| match &*failure.message {
            files::DAMAGED => failure.next(self.without_marker()),
            _ => failure,
        })?;
        if place.is_some() {
            return Ok(place);
        }
        // Another program made a store without store.json: its key is in a file.
        let there = ["sessions.key", "sessions.sealed"];
        let there = there.iter().any(|name| self.folder.join(name).exists());
        Ok(there.then_some(KeyPlace::File))
    }

    /// The next step if `store.json` is damaged.
    fn without_marker(&self) -> String {
        let there = |name: &str| self.folder.join(name).exists();
        match (there("sessions.key"), there("sessions.sealed")) {
            (true, _) => {
                "remove it: the key is in sessions.key in the same folder, and nothing is lost".into()
            }
            (false, false) => "remove it: this folder has no sessions yet".into(),
            (false, true) => {
                "the key is in the system's keyring, under a name of 16 digits and letters for \
                 the service `switchback`: write {\"key\":\"keyring\",\"entry\":\"THAT-NAME\"} into \
                 it. Without that name, move it and sessions.sealed away, and log in again"
                    .into()
            }
        }
    }

    fn agrees(&self, place: &KeyPlace) -> Result<(), Failure> {
        let is = match (self.choice, place) {
            (StoreChoice::Keyring, KeyPlace::File) => "in a file",
            (StoreChoice::File, KeyPlace::Keyring { .. }) => "in the system's keyring",
            _ => return Ok(()),
        };
        let message = format!("the store in this folder has its key {is}");
        Err(Failure::configuration(message)
            .at(self.place())
            .next("remove --store, or use another folder with --home"))
    }

    fn decide(&self) -> Result<KeyPlace, Failure> {
        if self.choice == StoreChoice::File {
            return Ok(KeyPlace::File);
        }
        match new_key_in_keyring() {
            Ok(place) => Ok(place),
            Err(StoreError::Unavailable(_)) if self.choice == StoreChoice::Auto => {
                Ok(KeyPlace::File)
            }
            Err(error) => Err(Failure::from(error)
                .next("unlock the keyring, or put the key into a file with --store file")),
        }
    }

    fn open(&self, place: &KeyPlace) -> Result<SealedFile, Failure> {
        let store = match place {
            KeyPlace::File => SealedFile::open(&self.folder),
            KeyPlace::Keyring { entry } => sealed_by_keyring(&self.folder, entry),
        };
        store.map_err(|error| Failure::from(error).at(self.place()))
    }
}

fn left_out(out: &Output, path: &Path, why: &Failure) {
    out.warn(format_args!(
        "warning: skipped {}: {}. Remove it, or use the switchback that wrote it.",
        clean(&path.display().to_string()),
        clean(&why.message)
    ));
}

#[cfg(feature = "keyring")]
fn sealed_by_keyring(folder: &Path, entry: &str) -> Result<SealedFile, StoreError> {
    SealedFile::with_key(
        folder,
        switchback::store::KeyringKey::new("switchback", entry),
    )
}

#[cfg(not(feature = "keyring"))]
fn sealed_by_keyring(_: &Path, _: &str) -> Result<SealedFile, StoreError> {
    Err(without_keyring())
}

/// Stores a new key in the keyring, and checks that the keyring returns it.
#[cfg(feature = "keyring")]
fn new_key_in_keyring() -> Result<KeyPlace, StoreError> {
    use switchback::store::{Key, KeyringKey, SealingKey as _};
    let entry = random::<8>()?
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let keyring = KeyringKey::new("switchback", &entry);
    let key = Key::new(random()?);
    keyring.create(&key)?;
    if keyring.load()?.is_none_or(|kept| *kept != *key) {
        return Err(StoreError::Unavailable(
            "the keyring did not return the key that it stored".into(),
        ));
    }
    Ok(KeyPlace::Keyring { entry })
}

#[cfg(not(feature = "keyring"))]
fn new_key_in_keyring() -> Result<KeyPlace, StoreError> {
    Err(without_keyring())
}

#[cfg(not(feature = "keyring"))]
fn without_keyring() -> StoreError {
    StoreError::Unavailable("this switchback was built without the feature `keyring`".into())
}

#[cfg(feature = "keyring")]
fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    use switchback::ports::{Entropy as _, SystemEntropy};
    let mut bytes = [0; N];
    SystemEntropy
        .fill(&mut bytes)
        .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(bytes)
}
