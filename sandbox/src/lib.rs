//! A simulated Truid on loopback: one process without dependencies, as strict as the real
//! service, so that a client that works with the sandbox also works with Truid.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use switchback_sandbox::{Config, Sandbox};
//!
//! let sandbox = Sandbox::start(Config::default()).await?;
//! let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
//! // The app begins a login; the operating system opens the Truid app with this link.
//! let waiting = sandbox.app().open(&format!(
//!     "{}/oauth2/v1/authorize/login-session?response_type=code&client_id=demo-app\
//!      &redirect_uri=demoapp%3A%2F%2F%2Fcallback&scope=truid.app%2Fdata-point%2Femail\
//!      &state=abc&code_challenge={challenge}&code_challenge_method=S256",
//!     sandbox.url(),
//! ))?;
//! // The person approves; the Truid app opens the service's redirect URI.
//! let callback = sandbox.app().approve(&waiting.id)?;
//! assert!(callback.starts_with("demoapp:///callback?code="));
//! assert!(callback.ends_with("&state=abc"));
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
//! #     .block_on(example()).unwrap();
//! ```
//!
//! # What it serves
//! | request | standard |
//! |---|---|
//! | `GET /oauth2/v1/authorize/{confirm-signup, login-session, idv, sign}` | RFC 6749 section 3.1, RFC 7636 |
//! | `POST /oauth2/v1/par/{confirm-signup, login-session, idv, sign}` | RFC 9126 |
//! | `POST /oauth2/v1/token` | RFC 6749 section 3.2 |
//! | `GET /oidc/v1/user-info` | OpenID Connect Core section 5.3, RFC 6750 |
//! | `GET /exchange/v1/presentation`, `GET /exchange/v2/presentation` | Truid's guide, RFC 6750 |
//! | `GET /exchange/v1/signature` | Truid's guide, ETSI TS 119 182-1 |
//! | `/certs/`, `/crl/root-ca-v1.crl` | the roots and the certificate revocation list of the signatures: RFC 5280 |
//! | `POST /tsa`, `/tsa/root-ca-v1.pem` | a timestamp authority and its root: RFC 3161. It is not Truid's |
//! | `/`, `/log-in`, `/app`, `/app/{id}`, `/app/people`, `/app/link` | pages: start page, a login to try, the fake Truid app, its people, how a phone handles a link |
//! | `/trace`, `/trace/{flow}`, `/findings`, `/findings/{id}`, `/misbehave` | pages: the requests and answers, the findings, the misbehaviours |
//! | `/phones`, `/sandbox/ca.crt`, `/sandbox/ca.pem` | how to connect phones and emulators, and the certificate for them |
//! | `/.well-known/apple-app-site-association`, `/.well-known/assetlinks.json`, `/sample/callback` | a redirect URI for apps under development: Apple's associated domains, Google's Digital Asset Links |
//! | `/sandbox/v1/…` | the control API, for programs: the methods of [`Sandbox`] and [`App`] over HTTP, described by OpenAPI at `/sandbox/v1/openapi.json` |
//!
//! There is no discovery (`/.well-known/openid-configuration`), no JWKS, no revocation and no
//! introspection, because Truid documents none. Callbacks have no `iss` (RFC 9207) for the same
//! reason.
//!
//! # What is a guess
//! Truid's guide leaves some questions open. The sandbox answers them like this:
//! - Truid has PAR for `confirm-signup` and `login-session`, and public clients. An unknown
//!   client gets `invalid_client` at the authorization endpoint, on a page.
//! - Truid documents `client_secret` in the body. The sandbox also accepts HTTP Basic and
//!   `private_key_jwt`. An assertion that is valid for more than 600 s is a finding.
//! - `scope` is required, except for an identity verification: without a scope, the request asks
//!   for all registered data points (RFC 6749 section 3.3). `email` and `phone` mean the data
//!   points of the e-mail address and the phone number. An expired, used or foreign
//!   `request_uri` is `invalid_request_uri` (RFC 9101 section 6), on a page.
//! - A request is pending for 600 s. The first access token of a login session is valid for
//!   150 s, and each refresh doubles that up to 300 s. The session ends after 1,800 s without a
//!   refresh, an identity verification after 3,600 s, an onboarding never. All these times are
//!   in [`Lifetimes`].
//! - After a refresh, the previous access token remains valid until it expires. A refresh may
//!   request less scope.
//! - After a token request with a wrong `redirect_uri` or `code_verifier`, the code remains
//!   valid. A code or refresh token that is used twice ends its grant.
//! - Guessed names: the data points of `international-name` and `right-to-drive`, all keys of
//!   data points except three, the contents of `structured-name` and `right-to-drive`, and the
//!   names of nationality and personal number in the user info. A presentation leaves out a
//!   claim that is well formed but unknown.
//! - Both versions of the presentation have the same answer.
//! - User info has neither `iss` nor `aud`.
//! - [`Assurance`]: Truid documents no levels, neither of people nor of services. The names
//!   are those of eIDAS.
//! - If the data of a person changes, existing access tokens read the new data.
//! - The authorize page answers only the handshake of iframe-resizer that the guide has. In a
//!   frame, only the frame goes to the redirect URI.
//! - `GET /oauth2/v1/authorize/…` with `Accept: application/json` and no `text/html` returns
//!   the pending request, as `POST /sandbox/v1/app/open` does. Truid does not have this.
//! - A bearer token in the URL is refused. The body of a `GET` is not read, so a token there
//!   has no effect.
//! - Truid documents 403 for requests that a client is not allowed to send. The sandbox answers
//!   403 `access_denied` at the token endpoint only on request (as a misbehaviour); code and
//!   refresh token remain valid.
//! - A signing may have no scope, and then shares no data. The grant ends 30 days after the code was
//!   exchanged, and a refresh does not prolong it. The access tokens are as short as those of an
//!   onboarding.
//! - The signature endpoint answers 406 `not_acceptable` if `Accept` excludes `application/jose`,
//!   and 403 `insufficient_scope` for the token of another function.
//! - Truid's signatures have `sigT`. That they will have `iat` (ETSI TS 119 182-1 V1.2.1) is a guess,
//!   and so are the place of the newer headers and that `crit` does not contain `iat`.
//!   [`SignatureForm`] selects the form. The pseudonym in a certificate is the pairwise identifier,
//!   and the presentation in a signature has no portrait.
//! - What a program gets at `/certs/`: here, all roots in PEM.
//! - The fake Truid app shows a `user_message` without a signature, and it is a finding.
//!
//! # Which requests it accepts
//! A browser on this machine also has other web pages open, which must not use the sandbox. If
//! the sandbox listens on loopback, the `Host` header must be a loopback address, `localhost` or
//! 10.0.2.2 (the address of this machine in the Android emulator); otherwise any IP address or
//! `localhost`. The host of [`Config::public_url`] is always allowed. The sandbox answers any
//! other `Host` with 421, and a `POST` to the pages or to `/sandbox/` with 403 if `Origin` or
//! `Sec-Fetch-Site` shows that another web page sent it.
//!
//! # How it is built
//! | module | what it does |
//! |---|---|
//! | `provider` | all state and all rules of Truid, without I/O: time and seed are parameters |
//! | `truid` | Truid's own terms: endpoints, functions, data points and claims |
//! | `trace`, `finding` | the recorded requests and answers, and the findings in them |
//! | `misbehaviour` | the simulated faults, and the active rules |
//! | `oauth` | parses a service's request once, into one value, according to the standards |
//! | `endpoints` | handles a service's request in one step: flow, decision, answer and trace |
//! | `http` | reads requests from the network and writes the answers |
//! | `pages` | the HTML pages |
//! | `network` | addresses, connections and TLS |
//! | `signing` | certificates, signatures and timestamps |
//! | `purpose` | onboarding, login, identity verification or signing |
//! | `suggest` | hints for unknown names |
//! | `config`, `people`, `clients` | the configuration that the sandbox starts with |

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may panic"))]

mod bounded_map;
mod clients;
mod config;
mod endpoints;
mod finding;
mod http;
mod misbehaviour;
mod network;
mod oauth;
mod pages;
mod people;
mod provider;
mod purpose;
mod sandbox;
mod shared;
mod signing;
mod suggest;
mod trace;
mod truid;

pub use clients::{AndroidApp, Apps, AuthenticationMethod, RegisteredClient};
pub use config::{Config, ConfigError, Lifetimes, Limits, Problem};
pub use finding::{Finding, Level, Refusal};
pub use misbehaviour::{Misbehaviour, Rule, Times};
pub use network::Tls;
pub use people::{Assurance, Person, Portrait};
pub use provider::{Callback, Choice, Counters, Decision, OpenedBy, Waiting};
pub use purpose::Purpose;
pub use sandbox::{App, Sandbox, StartError};
pub use signing::{DocumentToSign, SignatureForm, SigningTime};
pub use trace::{Actor, FlowFinding, FlowSummary, FlowTrace, Message, Status, StepView};
pub use truid::Endpoint;
