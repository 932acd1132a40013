//! The commands and options of the command line, with their help.
//!
//! Before you change this: options are an interface, and a help text is the first text that a person
//! reads. `docs/reference/cli.md` describes the commands.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use switchback::provider::KNOWN;
use switchback::{Provider, Purpose, SessionId};

use crate::verify::args::{SIGN, SignArgs, VERIFY, VerifyArgs};

const AFTER: &str = "\
Examples:
  switchback demo                    play a whole login on this machine
  switchback sandbox                 play Truid, to develop against
  switchback login --help            log in at a real provider
  switchback session claims          show who is logged in
  switchback verify --help           verify the signature of a document

Logins and sessions are stored in one encrypted file. If the system has a keyring when the
file is made, the key is in that keyring; otherwise it is in a file that only you can read.

Exit codes:
    0  done
    1  something failed
    2  the command line was not understood
    3  the person declined, or the provider or the backend refused
    4  log in again: the session is over, or the login came too late
    5  try again: the provider or the backend was not reached
    6  the store is locked, or failed
    7  the configuration is wrong
    8  the provider or the backend broke the protocol
    9  the signature is wrong (TOTAL-FAILED)
   10  the signature is not proven (INDETERMINATE)
  130  interrupted: Ctrl-C, or SIGTERM. `serve`, `sandbox` and `demo --keep` run until
       then, and end with 0";

/// Log a person in through an identity app (Truid), and keep them logged in.
#[derive(Parser)]
#[command(name = "switchback", version, after_help = AFTER)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
#[command(override_usage = "switchback [OPTIONS] <COMMAND>")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Optional, since clap's message about a missing command would name the hidden command.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The options of every command.
#[derive(Args)]
#[command(next_help_heading = "For every command")]
pub(crate) struct Common {
    /// Write JSON for programs: one object on each line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Write each event of the library to stderr
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// The folder of the store [default: $SWITCHBACK_HOME, or ~/.switchback]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Where the key of a new store is: keyring, file or auto
    #[arg(long, global = true, value_enum, value_name = "WHERE", default_value_t)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) store: StoreChoice,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoreChoice {
    #[default]
    Auto,
    Keyring,
    File,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show a whole login: sandbox, two processes, refresh, log-out
    #[command(after_help = DEMO)]
    Demo(DemoArgs),
    /// Log in at a provider, or continue a login that began earlier
    #[command(after_help = LOGIN)]
    Login(LoginArgs),
    /// Show sessions, use them, end them
    #[command(after_help = SESSION, disable_help_subcommand = true)]
    Session {
        #[command(subcommand)]
        command: SessionCommand,
    },
    /// Let a person sign a document
    #[command(after_help = SIGN)]
    Sign(Box<SignArgs>),
    /// Verify the signature of a document
    #[command(after_help = VERIFY)]
    Verify(VerifyArgs),
    /// Print an authorization URL and its parts; store and send nothing
    #[command(after_help = URL)]
    Url(UrlArgs),
    /// Play Truid on this machine until Ctrl-C
    #[command(after_help = SANDBOX)]
    Sandbox(SandboxArgs),
    /// Check whether a login will come back to an app
    #[command(after_help = DOCTOR, disable_help_subcommand = true)]
    Doctor {
        #[command(subcommand)]
        command: DoctorCommand,
    },
    /// Add a timestamp to a signature, so that it stays provable
    #[command(after_help = TIMESTAMP)]
    Timestamp(TimestampArgs),
    /// Run a service's backend until Ctrl-C or SIGTERM
    #[cfg(feature = "serve")]
    #[command(after_help = SERVE)]
    Serve(ServeArgs),
    /// The second process of the demo, which reads its task from stdin
    #[command(hide = true)]
    ContinueDemo,
}

const DEMO: &str = "\
The demo needs nothing and leaves nothing behind: a sandbox on this machine plays Truid,
and the store is in a temporary folder.

Examples:
  switchback demo
  switchback demo --direct           the app itself is the client, without a backend
  switchback demo --web              the service's page, where you log in
  switchback demo --purpose identity_verification
  switchback demo --purpose signing  the person signs a document, and it is verified
  switchback demo --interactive      you approve, in your browser
  switchback demo --decline          the person declines (exit code 3)
  switchback demo --json | jq .";

#[derive(Args)]
pub(crate) struct DemoArgs {
    #[arg(long, value_name = "PURPOSE", help = purposes(|_| true))]
    pub(crate) purpose: Option<String>,
    /// The app logs in through the service's backend (default)
    #[arg(long, conflicts_with_all = ["direct", "web"])]
    pub(crate) mediated: bool,
    /// The app itself is the client, without a backend
    #[arg(long, conflicts_with = "web")]
    pub(crate) direct: bool,
    /// Run the service's web page until Ctrl-C; you log in with your browser
    #[arg(long, conflicts_with_all = ["decline", "interactive", "keep"])]
    pub(crate) web: bool,
    /// The person declines
    #[arg(long, conflicts_with = "interactive")]
    pub(crate) decline: bool,
    /// You decide, in a browser
    #[arg(long)]
    pub(crate) interactive: bool,
    /// With --interactive or --web: print the URL, open no browser
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Keep the sandbox running afterwards, until Ctrl-C
    #[arg(long, conflicts_with = "decline")]
    pub(crate) keep: bool,
}

/// The client, its provider, and the data that it requests.
#[derive(Args)]
pub(crate) struct ServiceArgs {
    /// The client id that the provider registered
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// The redirect URI, exactly as it is registered
    #[arg(long, value_name = "URI", requires = "client_id")]
    pub(crate) redirect_uri: Option<String>,
    /// The provider
    #[arg(long, value_name = "NAME", requires = "client_id", default_value = KNOWN[0].id)]
    #[arg(value_parser = PossibleValuesParser::new(KNOWN.iter().map(|facts| facts.id)))]
    pub(crate) provider: String,
    /// The provider's base URL [default: its production environment]
    #[arg(long, value_name = "URL", requires = "client_id")]
    pub(crate) base_url: Option<String>,
    /// A test service: allows redirect URIs with http and custom schemes
    #[arg(long, requires = "client_id")]
    pub(crate) test_service: bool,
    #[arg(long, value_name = "SCOPE", num_args = 1.., value_delimiter = ',', help = scope())]
    pub(crate) scope: Vec<String>,
    /// Require this `iss` in callbacks (RFC 9207); for providers that send it
    #[arg(long, value_name = "URL", requires = "client_id")]
    pub(crate) issuer: Option<String>,
    /// The provider's path for presentations
    #[arg(long, value_name = "PATH", requires = "client_id")]
    pub(crate) presentation: Option<String>,
}

/// The purpose of a login.
#[derive(Args)]
pub(crate) struct PurposeArgs {
    #[arg(long, value_name = "PURPOSE", help = purposes(|purpose| *purpose != Purpose::Signing))]
    pub(crate) purpose: Option<String>,
}

/// The help of `--purpose`, with the purposes of the default provider.
fn purposes(is_offered: fn(&Purpose) -> bool) -> String {
    let purposes = Provider::new(KNOWN[0]).purposes().filter(is_offered);
    let names: Vec<&str> = purposes.map(Purpose::as_str).collect();
    format!(
        "The purpose: {} [default: {}]",
        names.join(", "),
        Purpose::Login
    )
}

fn scope() -> String {
    let provider = Provider::new(KNOWN[0]);
    let words = provider.facts().scope.default.iter();
    let words: Vec<&str> = words.map(|word| provider.short_scope_token(word)).collect();
    format!(
        "Data points to request, or all [default: {}]",
        words.join(" ")
    )
}

const LOGIN: &str = "\
How the callback arrives, by redirect URI:
  http://127.0.0.1:PORT/path   (with --test-service) this command listens there itself
  any other                    you paste the URL to which the provider sent you back

The command stores the login before it shows the URL. If this process ends, even by
kill -9, `switchback login --continue` reads the pasted URL and completes the login. The
command also stores its options: a later `switchback login` needs none.

There is no option for a client secret: this command is a public client, like an app. Some
providers do not allow public clients (Truid documents only clients with a secret). There,
the command works only with test services and the sandbox.

Examples:
  switchback login --client-id demo-app --test-service \\
      --base-url http://127.0.0.1:8080 --redirect-uri http://127.0.0.1:8765/callback
  switchback login --client-id ID --redirect-uri https://app.example/cb --scope email name
  switchback login --continue";

#[derive(Args)]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    pub(crate) purpose: PurposeArgs,
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
    /// Print the URL, open no browser
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Complete a login that began earlier; its callback URL on stdin
    #[arg(long = "continue", conflicts_with_all = ["client_id", "purpose", "scope"])]
    pub(crate) continue_: bool,
}

const SESSION: &str = "\
If there is only one session, ID can be left out.

Examples:
  switchback session list
  switchback session claims name email
  curl -H \"Authorization: Bearer $(switchback session token)\" https://...
  switchback session logout";

#[derive(Subcommand)]
pub(crate) enum SessionCommand {
    /// All sessions
    #[command(after_help = "Example:\n  switchback session list --json | jq '.sessions[].session'")]
    List,
    /// One session: its purpose, its age, its token, its timeline
    #[command(after_help = "Example:\n  switchback session show")]
    Show {
        /// The session
        id: Option<SessionId>,
    },
    /// Print a valid access token and nothing else; refreshes it if necessary
    #[command(after_help = "Example:\n  \
        curl -H \"Authorization: Bearer $(switchback session token)\" https://...")]
    Token {
        /// The session
        id: Option<SessionId>,
    },
    /// Read the person's claims from the provider
    #[command(
        override_usage = "switchback session claims [OPTIONS] [ID] [CLAIM]...",
        after_help = "\
Without CLAIM, the command reads all claims that the person shared.

Examples:
  switchback session claims
  switchback session claims email personal-number/swe-10
  switchback session claims --json | jq '.claims[].name'"
    )]
    Claims {
        /// The session, or the first claim
        #[arg(value_name = "ID")]
        first: Option<String>,
        /// The claims, by short name or whole key
        #[arg(value_name = "CLAIM")]
        claims: Vec<String>,
    },
    /// Print the signature of a session in which the person signed a document
    #[command(after_help = "\
The provider stores a signature for a limited time (Truid: 30 days). The command verifies
nothing: `switchback verify` does.

Example:
  switchback session signature > contract.pdf.jws")]
    Signature {
        /// The session
        id: Option<SessionId>,
    },
    /// Delete a session from this machine, and end it at the provider if possible
    #[command(after_help = "Example:\n  switchback session logout")]
    Logout {
        /// The session
        id: Option<SessionId>,
    },
}

const URL: &str = "\
State and challenge are new each time. The command does not store the verifier, so this
URL cannot lead to a login. It is for reading and comparing.

Example:
  switchback url --client-id ID --redirect-uri https://app.example/cb --scope email";

#[derive(Args)]
pub(crate) struct UrlArgs {
    #[command(flatten)]
    pub(crate) purpose: PurposeArgs,
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

const SANDBOX: &str = "\
Without options there is a client `demo-app` for `switchback login`, a client
`demo-backend` with a secret, and several invented people. The sandbox stores nothing:
all its state is lost when it stops.

With --config, a TOML file configures the sandbox; docs/reference/sandbox.toml shows every key. An
option on the command line overrides the file. --redirect-uri replaces the redirect URIs of
the client of --client-id, and adds this client if the file does not have it. Without
--client-id it changes the file's first client that has no secret.

Examples:
  switchback sandbox
  switchback sandbox --port 8080 --client-id my-app --redirect-uri myapp:///callback
  switchback sandbox --port 8443 --listen 0.0.0.0 --tls    for phones on this network
  switchback sandbox --config sandbox.toml --check
  switchback sandbox --schema > sandbox.schema.json";

#[derive(Args)]
pub(crate) struct SandboxArgs {
    /// The port to listen on; 0 lets the system choose [default: 0]
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,
    /// The address to listen on; loopback serves only this machine [default: 127.0.0.1]
    #[arg(long, value_name = "IP")]
    pub(crate) listen: Option<IpAddr>,
    /// Serve https, with a CA to install on phones [default: sandbox/ in --home]
    #[arg(long, value_name = "FOLDER", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "the option, and its value")]
    pub(crate) tls: Option<Option<PathBuf>>,
    /// The public base URL, if it is different: a tunnel, a host name
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// A redirect URI of the client (can be given more than once)
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Vec<String>,
    /// The id of the client that you develop [default: demo-app]
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Read the configuration from a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Check the configuration and print it or its mistakes; start nothing
    #[arg(long)]
    pub(crate) check: bool,
    /// Print the JSON Schema of the file, for editors; start nothing
    #[arg(long, conflicts_with_all = ["port", "listen", "tls", "public_url", "redirect_uri", "client_id", "config", "check"])]
    pub(crate) schema: bool,
}

const DOCTOR: &str = "\
A phone opens an app with an https link only if the host of the link says so, in a file:
/.well-known/assetlinks.json for Android, /.well-known/apple-app-site-association for iOS.
The command fetches this file as the system does, and compares it with the app. For iOS it
also fetches Apple's copy of the file, which devices read. With --facts it checks what a
device says instead: a JSON file with a question and facts, as the cases in
tests/vectors/android-links.json and ios-links.json have them.

Examples:
  switchback doctor android --redirect-uri https://app.example/callback \\
      --package com.example.app --fingerprint 14:6D:E9:...
  switchback doctor android --facts device.json
  switchback doctor ios --redirect-uri https://app.example/callback \\
      --app-id A1B2C3D4E5.com.example.app --entitlements App/App.entitlements";

#[derive(Subcommand)]
pub(crate) enum DoctorCommand {
    /// Check an Android app's link: the host's assetlinks.json, or the facts of a device
    Android(DoctorAndroidArgs),
    /// Check an iOS app's link: the host's apple-app-site-association, Apple's copy, and entitlements
    Ios(DoctorIosArgs),
}

#[derive(Args)]
pub(crate) struct DoctorAndroidArgs {
    /// The redirect URI of the app, an https URL
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Option<String>,
    /// The application id of the app
    #[arg(long, value_name = "ID", requires = "redirect_uri")]
    pub(crate) package: Option<String>,
    /// The SHA-256 fingerprint of a certificate that signs the app; can be repeated
    #[arg(long, value_name = "SHA256", requires = "redirect_uri")]
    pub(crate) fingerprint: Vec<String>,
    /// Check this file, or the file at this address, instead of the one that Android fetches
    #[arg(long, value_name = "FILE", requires = "redirect_uri")]
    pub(crate) asset_links: Option<String>,
    /// Check the facts of a device, a JSON file
    #[arg(long, value_name = "FILE", conflicts_with = "redirect_uri")]
    pub(crate) facts: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct DoctorIosArgs {
    /// The redirect URI of the app, an https URL
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Option<String>,
    /// The application identifier of the app, with the team: TEAM.bundle
    #[arg(long, value_name = "ID", requires = "redirect_uri")]
    pub(crate) app_id: Option<String>,
    /// Also check the app's entitlements, a property list
    #[arg(long, value_name = "FILE", requires = "redirect_uri")]
    pub(crate) entitlements: Option<PathBuf>,
    /// Check this file, or the file at this address, instead of the one that Apple fetches
    #[arg(long, value_name = "FILE", requires = "redirect_uri")]
    pub(crate) site_association: Option<String>,
    /// Compare with this file, or the file at this address, instead of Apple's copy
    #[arg(long, value_name = "FILE", requires = "redirect_uri")]
    pub(crate) apple_copy: Option<String>,
    /// Check the facts of a device, a JSON file
    #[arg(long, value_name = "FILE", conflicts_with = "redirect_uri")]
    pub(crate) facts: Option<PathBuf>,
}

const TIMESTAMP: &str = "\
The certificate of a person's signature is valid for a short time. A timestamp authority signs
the digest of the signature with the current time, and so proves later that the signature
existed while the certificate was valid. The authority does not get the signature or the document.

The command verifies the timestamp with --root before it writes anything. The result is the JSON
serialization, which `switchback verify` reads like the compact one. FILE.jws does not change.
Name the revocation list of the signature itself with --crl, too: the result then has it, and
a later verification needs no network.

Examples:
  switchback timestamp contract.pdf.jws --authority https://tsa.example/ --root tsa.pem
  switchback timestamp contract.pdf.jws --authority ... --root ... --crl root-ca-v1.crl
  switchback timestamp contract.pdf.jws.json --authority ... --root ...   a second timestamp";

#[derive(Args)]
pub(crate) struct TimestampArgs {
    /// The signature: compact, or JSON
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The URL of the timestamp authority (RFC 3161)
    #[arg(long, value_name = "URL")]
    pub(crate) authority: String,
    /// A root certificate of the authority: PEM, DER, a folder of them, or an https URL; can be
    /// repeated
    #[arg(long, value_name = "ROOT", required = true)]
    pub(crate) root: Vec<String>,
    /// A revocation list of the authority that its certificates do not name: PEM, DER or a URL;
    /// can be repeated
    #[arg(long, value_name = "CRL")]
    pub(crate) crl: Vec<String>,
    /// The file to write [default: FILE.json; if FILE is JSON, FILE itself]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[cfg(feature = "serve")]
const SERVE: &str = "\
The file has the service's client id at its provider, its database, and its addresses;
docs/reference/service.toml shows every key. The file contains no secret. The log is on stderr.

On a signal to end, the server accepts no new connections, answers the open requests, and
waits for every refresh that it sent: 40 seconds at most. A second signal ends it at once.
On SIGHUP it reads the certificate again.

With --demo there is no file: a service and a sandbox for it listen on loopback. The command
prints the configuration of an app for them, in Kotlin and in Swift. Secrets are random, and
all data is deleted at the end.

Examples:
  switchback serve --demo
  switchback serve --config service.toml
  switchback serve --config service.toml --check
  switchback serve --config service.toml --check --online
  (umask 077; switchback serve --new-key >> service.key)";

#[cfg(feature = "serve")]
#[derive(Args)]
pub(crate) struct ServeArgs {
    /// The configuration, a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Check the configuration and print it or its mistakes; start nothing
    #[arg(long, requires = "config")]
    pub(crate) check: bool,
    /// With --check: also try a login at the provider, and print the answer
    #[arg(long, requires = "check")]
    pub(crate) online: bool,
    /// Print the JSON Schema of the file, for editors; start nothing
    #[arg(long, conflicts_with_all = ["config", "check", "new_key"])]
    pub(crate) schema: bool,
    /// Print a new sealing key; start nothing
    #[arg(long, conflicts_with_all = ["config", "check"])]
    pub(crate) new_key: bool,
    /// Start a service and a sandbox, to try an app; needs no file
    #[arg(long, conflicts_with_all = WITHOUT_DEMO)]
    pub(crate) demo: bool,
    #[command(flatten)]
    pub(crate) with_demo: ServeDemoArgs,
}

/// The options of `serve` that `--demo` excludes.
#[cfg(feature = "serve")]
const WITHOUT_DEMO: [&str; 4] = ["config", "check", "schema", "new_key"];

#[cfg(feature = "serve")]
#[derive(Args)]
#[command(next_help_heading = "With --demo")]
pub(crate) struct ServeDemoArgs {
    /// The port of the service; 0 lets the system choose
    #[arg(long, value_name = "N", default_value_t = 8080)]
    #[arg(requires = "demo", conflicts_with_all = WITHOUT_DEMO)]
    pub(crate) port: u16,
    /// The port of the sandbox, which plays Truid
    #[arg(long, value_name = "N", default_value_t = 8090)]
    #[arg(requires = "demo", conflicts_with_all = WITHOUT_DEMO)]
    pub(crate) sandbox_port: u16,
    /// The custom scheme that opens your app
    #[arg(long, value_name = "SCHEME", default_value = "demoapp")]
    #[arg(requires = "demo", conflicts_with_all = WITHOUT_DEMO)]
    pub(crate) scheme: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
