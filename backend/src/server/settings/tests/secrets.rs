//! Secrets in files: accepted and refused contents and modes.

use std::path::Path;

use super::*;

/// Writes a file that only its owner can read.
pub(super) fn write(path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
    fs::write(&path, content).unwrap();
    set_mode(path.as_ref(), 0o600);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

/// The client secret that is read from a file with this content.
fn secret(content: &[u8]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("secret"), content);
    of(&folder)
}

fn of(folder: &TempDir) -> Result<String, String> {
    let text = GOOD.replace(
        "client_secret_env = \"SECRET\"",
        "client_secret_file = 'secret'",
    );
    let plan = read_in(folder, &text).map_err(|error| error.to_string())?;
    let ClientAuthentication::SecretPost(secret) = plan.config.authentication else {
        panic!("{:?}", plan.config.authentication);
    };
    Ok(secrecy::ExposeSecret::expose_secret(&secret).to_owned())
}

#[test]
fn whitespace_and_byte_order_marks_around_a_secret_are_ignored() {
    for content in [
        "s3cret",
        "s3cret\n",
        "s3cret\r\n",
        "\u{feff}s3cret\r\n",
        "\n s3cret \n",
    ] {
        assert_eq!(secret(content.as_bytes()).as_deref(), Ok("s3cret"));
    }
}

#[test]
fn a_secret_must_be_one_line_of_text() {
    for (content, words) in [
        (&b"s3cret\nhunter2\n"[..], "more than one line"),
        (b"s3cret\r\nhunter2", "more than one line"),
        (b"s3cret\rhunter2", "more than one line"),
        (b"s3\tcret", "control character"),
        (b"s3cret\0", "zero byte"),
        (b"s\0x3\0cret", "zero byte"),
        // UTF-16, with its byte order mark.
        (b"\xff\xfes\0c\0", "not text"),
        (b"s3cr\xe9t", "not text"),
        (b"\xef\xbb\xbf\n", "is empty"),
    ] {
        let said = secret(content).unwrap_err();
        assert!(
            said.starts_with("7:1: provider.client_secret_file: "),
            "{said}"
        );
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("s3") && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_key_file_may_begin_with_a_byte_order_mark() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("keys"), format!("\u{feff}{KEY}\r\n"));
    let text = format!("{GOOD}[keys]\nfile = 'keys'");
    assert!(read_in(&folder, &text).is_ok());
}

#[cfg(unix)]
#[test]
fn a_secret_file_that_others_can_read_is_refused() {
    let made = rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap();
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    for (name, content, more) in [
        ("secret", "s3cret".to_owned(), ""),
        ("keys", format!("{KEY}\n"), "[keys]\nfile = 'keys'"),
        (
            "key.pem",
            key,
            "[tls]\ncertificate = 'certificate.pem'\nkey = 'key.pem'",
        ),
        ("service.db.key", format!("{KEY}\n"), ""),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        write(folder.path().join("certificate.pem"), &certificate);
        write(&path, content);
        let text = match name {
            "secret" => GOOD.replace("_env = \"SECRET\"", "_file = 'secret'"),
            _ => GOOD.to_owned(),
        } + more;
        let made = || match read_in(&folder, &text) {
            Ok(Plan {
                keys: KeySource::DefaultFile(file),
                ..
            }) if name == "service.db.key" => make_key(&file).map(drop),
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        assert_eq!(made(), Ok(()), "{name}");
        for mode in [0o640, 0o644, 0o660, 0o604] {
            set_mode(&path, mode);
            let said = made().unwrap_err();
            assert!(said.contains(name) && said.contains("chmod 600"), "{said}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_refused_as_a_secret_file() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(folder.path().join("secret"))
        .status();
    assert!(pipe.unwrap().success());
    let said = of(&folder).unwrap_err();
    assert!(said.contains("named pipe"), "{said}");
}
