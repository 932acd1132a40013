//! What may be written on the command line, and its help.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use switchback::provider::KNOWN;
use switchback::{Provider, Purpose, SessionId};

const AFTER: &str = "\
Examples:
  switchback demo                    a whole login, here and now
  switchback sandbox                 a Truid of your own to develop against
  switchback login --help            log in at a real service
  switchback session claims          who is logged in

Logins and sessions are kept in one encrypted file. Its key is in the system's keyring
if one answers when the file is made, and in a file that only you can read otherwise.

Exit codes:
    0  done
    1  something failed
    2  the command line was not understood
    3  the person declined, or the service refused
    4  log in again: the session is over, or the login came too late
    5  try again: the service was not reached
    6  the store is locked, or failed
    7  the configuration is wrong
    8  the service broke the protocol
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
    /// Optional, since clap's words about a missing one would name the hidden one.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What every command takes.
#[derive(Args)]
#[command(next_help_heading = "For every command")]
pub(crate) struct Common {
    /// Write JSON for programs: one object a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Show on stderr what happens inside, event by event
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Where all is kept [default: $SWITCHBACK_HOME, or ~/.switchback]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Where a new store keeps its key: keyring, file or auto
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
    /// Log in at a service, or go on with a login that was begun
    #[command(after_help = LOGIN)]
    Login(LoginArgs),
    /// Look at sessions, use them, end them
    #[command(after_help = SESSION, disable_help_subcommand = true)]
    Session {
        #[command(subcommand)]
        command: SessionCommand,
    },
    /// Print an authorization URL and its parts; store and send nothing
    #[command(after_help = URL)]
    Url(UrlArgs),
    /// Play Truid on this machine until Ctrl-C
    #[command(after_help = SANDBOX)]
    Sandbox(SandboxArgs),
    /// Run the service's backend, until Ctrl-C or SIGTERM
    #[cfg(feature = "serve")]
    #[command(after_help = SERVE)]
    Serve(ServeArgs),
    /// The second process of the demo; what it needs comes in on stdin
    #[command(hide = true)]
    ContinueDemo,
}

const DEMO: &str = "\
Nothing is needed and nothing is left behind: Truid is played by a sandbox on this
machine, and the store is a temporary folder.

Examples:
  switchback demo
  switchback demo --direct           the app itself is the client, without a backend
  switchback demo --web              the service's own page, for you to log in on
  switchback demo --purpose identity_verification
  switchback demo --interactive      you approve, in your browser
  switchback demo --decline          what the app sees when the person says no (exit 3)
  switchback demo --json | jq .";

#[derive(Args)]
pub(crate) struct DemoArgs {
    #[arg(long, value_name = "WHAT", help = purposes())]
    pub(crate) purpose: Option<String>,
    /// The app logs in through the service's backend (default)
    #[arg(long, conflicts_with_all = ["direct", "web"])]
    pub(crate) mediated: bool,
    /// The app is a client by itself, without a backend
    #[arg(long, conflicts_with = "web")]
    pub(crate) direct: bool,
    /// The service's web page: you log in, in your browser, until Ctrl-C
    #[arg(long, conflicts_with_all = ["decline", "interactive", "keep"])]
    pub(crate) web: bool,
    /// The person declines
    #[arg(long, conflicts_with = "interactive")]
    pub(crate) decline: bool,
    /// You decide, in a browser
    #[arg(long)]
    pub(crate) interactive: bool,
    /// With --interactive or --web: print the address, open no browser
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Leave the sandbox running afterwards, until Ctrl-C
    #[arg(long, conflicts_with = "decline")]
    pub(crate) keep: bool,
}

/// Which service, and as whom.
#[derive(Args)]
pub(crate) struct ServiceArgs {
    /// The client id that the service is registered with
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Where the person is sent back to, exactly as it is registered
    #[arg(long, value_name = "URI", requires = "client_id")]
    pub(crate) redirect_uri: Option<String>,
    /// Which provider the service logs people in with
    #[arg(long, value_name = "NAME", requires = "client_id", default_value = KNOWN[0].id)]
    #[arg(value_parser = PossibleValuesParser::new(KNOWN.iter().map(|facts| facts.id)))]
    pub(crate) provider: String,
    /// Where the provider is [default: its production environment]
    #[arg(long, value_name = "URL", requires = "client_id")]
    pub(crate) base_url: Option<String>,
    /// A test service: http and custom-scheme redirects are fine
    #[arg(long, requires = "client_id")]
    pub(crate) test_service: bool,
    #[arg(long, value_name = "WHAT", help = purposes())]
    pub(crate) purpose: Option<String>,
    #[arg(long, value_name = "SCOPE", num_args = 1.., value_delimiter = ',', help = scope())]
    pub(crate) scope: Vec<String>,
    /// Demand this `iss` in callbacks (RFC 9207), of a provider that sends one
    #[arg(long, value_name = "URL", requires = "client_id")]
    pub(crate) issuer: Option<String>,
    /// Read presentations from this path of the provider
    #[arg(long, value_name = "PATH", requires = "client_id")]
    pub(crate) presentation: Option<String>,
}

/// What a login of the default provider may be for.
fn purposes() -> String {
    let purposes = Provider::new(KNOWN[0]).purposes();
    let names: Vec<&str> = purposes.map(Purpose::as_str).collect();
    format!(
        "What for: {} [default: {}]",
        names.join(", "),
        Purpose::Login
    )
}

fn scope() -> String {
    let provider = Provider::new(KNOWN[0]);
    let words = provider.facts().scope.default.iter();
    let words: Vec<&str> = words.map(|word| provider.short_scope_token(word)).collect();
    format!("Data to ask for, or all [default: {}]", words.join(" "))
}

const LOGIN: &str = "\
How the answer comes back:
  http://127.0.0.1:PORT/path   (with --test-service) this command listens there itself
  anything else                you paste the address that you were sent to

The login is stored before its address is shown. Should this process end, even by
kill -9, `switchback login --continue` reads the pasted address and completes it. What was
configured is remembered: a later `switchback login` needs no options.

There is no option for a client secret: this is a public client, like an app. A provider
may not allow those (Truid documents clients with a secret only): then this is for its test
services and the sandbox.

Examples:
  switchback login --client-id demo-app --test-service \\
      --base-url http://127.0.0.1:8080 --redirect-uri http://127.0.0.1:8765/callback
  switchback login --client-id ID --redirect-uri https://app.example/cb --scope email name
  switchback login --continue";

#[derive(Args)]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
    /// Print the address, open no browser
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Complete a login that was begun; its address on stdin
    #[arg(long = "continue", conflicts_with_all = ["client_id", "purpose", "scope"])]
    pub(crate) continue_: bool,
}

const SESSION: &str = "\
ID may be left out while there is only one session.

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
    /// One session: what for, since when, how its token stands
    #[command(after_help = "Example:\n  switchback session show")]
    Show {
        /// Which session
        id: Option<SessionId>,
    },
    /// Print an access token and nothing else, refreshed if need be
    #[command(after_help = "Example:\n  \
        curl -H \"Authorization: Bearer $(switchback session token)\" https://...")]
    Token {
        /// Which session
        id: Option<SessionId>,
    },
    /// Read from the service who the person is
    #[command(
        override_usage = "switchback session claims [OPTIONS] [ID] [CLAIM]...",
        after_help = "\
Without a CLAIM it reads all that the person shared.

Examples:
  switchback session claims
  switchback session claims email personal-number/swe-10
  switchback session claims --json | jq '.claims[].name'"
    )]
    Claims {
        /// Which session; or the first claim
        #[arg(value_name = "ID")]
        first: Option<String>,
        /// Which claims, by short name or whole key
        #[arg(value_name = "CLAIM")]
        claims: Vec<String>,
    },
    /// Forget a session, here on this machine
    #[command(after_help = "Example:\n  switchback session logout")]
    Logout {
        /// Which session
        id: Option<SessionId>,
    },
}

const URL: &str = "\
State and challenge are fresh each time; the verifier that belongs to them is not kept, so
no login can come of this address. It is for looking at, and for comparing.

Example:
  switchback url --client-id ID --redirect-uri https://app.example/cb --scope email";

#[derive(Args)]
pub(crate) struct UrlArgs {
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

const SANDBOX: &str = "\
Without options there is a client `demo-app`, ready for `switchback login`, a client
`demo-backend` with a secret, and a cast of invented people. Nothing is stored: what
happened is gone when it stops.

With --config a TOML file says all that; docs/sandbox.toml shows every key. What is said
here goes before what the file says. --redirect-uri replaces those of one client: the one
of --client-id, which is added if the file has none of that id, or else the first of the
file that has no secret.

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
    /// Where to listen; beyond loopback, others get in [default: 127.0.0.1]
    #[arg(long, value_name = "IP")]
    pub(crate) listen: Option<IpAddr>,
    /// Speak https, with a CA to install on phones [default: sandbox/ in --home]
    #[arg(long, value_name = "FOLDER", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "the option, and its value")]
    pub(crate) tls: Option<Option<PathBuf>>,
    /// The base URL to tell the world, where it is another: a tunnel, a host name
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// A redirect URI of the client (may be given more than once)
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Vec<String>,
    /// The id of the client that you develop [default: demo-app]
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Read clients, people and the rest from a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Say what is configured, or all that is wrong with it; start nothing
    #[arg(long)]
    pub(crate) check: bool,
    /// Print the JSON Schema of the file, for editors; start nothing
    #[arg(long, conflicts_with_all = ["port", "listen", "tls", "public_url", "redirect_uri", "client_id", "config", "check"])]
    pub(crate) schema: bool,
}

#[cfg(feature = "serve")]
const SERVE: &str = "\
The file says who the service is at its provider, where it keeps sessions, and how it is
reached; docs/service.toml shows every key. No secret stands in it. What happens is logged
on stderr.

When it is told to end it accepts nothing new, answers what is under way, and waits for
every refresh that was sent: 40 seconds at most. A second signal ends it at once. SIGHUP
reads the certificate again.

With --demo there is no file: a service and a Truid for it listen on loopback, with what an
app is configured with to try both, in Kotlin and in Swift. Secrets are made by chance, and
all is forgotten when it stops.

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
    /// Say what is configured, or all that is wrong with it; start nothing
    #[arg(long, requires = "config")]
    pub(crate) check: bool,
    /// With --check: try a login at the provider as well, and say what it answers
    #[arg(long, requires = "check")]
    pub(crate) online: bool,
    /// Print the JSON Schema of the file, for editors; start nothing
    #[arg(long, conflicts_with_all = ["config", "check", "new_key"])]
    pub(crate) schema: bool,
    /// Print a fresh sealing key; start nothing
    #[arg(long, conflicts_with_all = ["config", "check"])]
    pub(crate) new_key: bool,
    /// Start a service and its Truid, to try an app with; no file is needed
    #[arg(long, conflicts_with_all = WITHOUT_DEMO)]
    pub(crate) demo: bool,
    #[command(flatten)]
    pub(crate) with_demo: ServeDemoArgs,
}

/// What `serve` does without `--demo`.
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
    /// The scheme by which your app is opened
    #[arg(long, value_name = "SCHEME", default_value = "demoapp")]
    #[arg(requires = "demo", conflicts_with_all = WITHOUT_DEMO)]
    pub(crate) scheme: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_makes_sense() {
        Cli::command().debug_assert();
    }
}
