//! Truid, played on loopback: one process, nothing to install, and as strict as the real
//! service, so that a client that works here has no surprises there.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use switchback_sandbox::{Config, Sandbox};
//!
//! let sandbox = Sandbox::start(Config::default()).await?;
//! let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
//! // The app asks for a login; the operating system opens the Truid app with this link.
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
//! | `GET /oauth2/v1/authorize/{confirm-signup, login-session, idv}` | RFC 6749 section 3.1, RFC 7636 |
//! | `POST /oauth2/v1/par/{confirm-signup, login-session, idv}` | RFC 9126 |
//! | `POST /oauth2/v1/token` | RFC 6749 section 3.2 |
//! | `GET /oidc/v1/user-info` | OpenID Connect Core section 5.3, RFC 6750 |
//! | `GET /exchange/v1/presentation`, `GET /exchange/v2/presentation` | Truid's guide, RFC 6750 |
//! | `/`, `/log-in`, `/app`, `/app/{id}`, `/app/people`, `/app/link` | pages: what this is, a login to try, the fake Truid app, its people, what a phone does with a link |
//! | `/trace`, `/trace/{flow}`, `/findings`, `/findings/{id}`, `/misbehave` | pages: what was said, what was found in it, what can go wrong |
//! | `/phones`, `/sandbox/ca.crt`, `/sandbox/ca.pem` | what to set on phones and emulators, and the certificate for them |
//! | `/.well-known/apple-app-site-association`, `/.well-known/assetlinks.json`, `/sample/callback` | a redirect URI for apps under development: Apple's associated domains, Google's Digital Asset Links |
//! | `/sandbox/v1/…` | the control API, for programs: what [`Sandbox`] and [`App`] do, described by OpenAPI at `/sandbox/v1/openapi.json` |
//!
//! There is no discovery (`/.well-known/openid-configuration`), no JWKS, no revocation and
//! no introspection: Truid documents none. Callbacks carry no `iss` (RFC 9207) for the same reason.
//!
//! # What is a guess
//! Truid's guide leaves things open. Here is what the sandbox does about them:
//! - PAR for `confirm-signup` and `login-session`; public clients; unknown clients are
//!   told `invalid_client` at the authorization endpoint, on a page.
//! - Truid documents `client_secret` in the body. That HTTP Basic and `private_key_jwt` are
//!   taken as well is a guess, and so are 600 s as the life from which on an assertion is
//!   found to live long.
//! - `scope` must be there, but for an identity verification: without one all data points
//!   are asked for that the client is registered for (RFC 6749 section 3.3). `email` and
//!   `phone` stand for the data points of the e-mail address and the phone number. An expired, used or foreign `request_uri` is
//!   `invalid_request_uri` (RFC 9101 section 6), on a page.
//! - A request waits 600 s. The first access token of a login session lives 150 s, and
//!   each refresh doubles that up to 300 s; the session ends after 1,800 s without a
//!   refresh; an identity verification ends after 3,600 s; an onboarding never does. All
//!   in [`Lifetimes`].
//! - After a refresh the access token before it stays good until it expires. A refresh
//!   may ask for less scope.
//! - A token request with the wrong `redirect_uri` or `code_verifier` leaves the code
//!   good. A code that is used twice ends its grant, as a refresh token does.
//! - Which data point `international-name` and `right-to-drive` belong to, all keys of
//!   data points but three, what is in `structured-name` and `right-to-drive`, that a
//!   claim which is well formed but unknown is left out, and the names of nationality and
//!   personal number in the user info.
//! - That both versions of the presentation answer alike.
//! - User info has neither `iss` nor `aud`.
//! - [`Assurance`]: Truid documents no levels, neither of people nor of services. The words
//!   are those of eIDAS.
//! - Data of a person that changes is read with the access tokens that are there already.
//! - The authorize page answers the one handshake of iframe-resizer that the guide has,
//!   and no other. In a frame, it is the frame that goes to the redirect URI.
//! - `GET /oauth2/v1/authorize/…` with `Accept: application/json` and no `text/html`
//!   answers with what waits, as `POST /sandbox/v1/app/open` does. Truid has no such thing.
//! - A bearer token in the URL is refused. The body of a `GET` is not read, so that a
//!   token there opens nothing.
//! - Truid documents 403 for what a client may not do. Here it comes on demand: 403
//!   `access_denied` at the token endpoint, after which code and refresh token are still good.
//! - A `user_message` without a signature is shown to the person, and is a finding.
//!
//! # Who may talk to it
//! A browser on this machine has other web pages open as well. On loopback the `Host`
//! header must be a loopback address, `localhost` or 10.0.2.2 (what the emulator of
//! Android calls this machine); elsewhere any IP address or `localhost`; and the host of
//! [`Config::public_url`]; all else is 421. A `POST` to the pages or to `/sandbox/` is
//! refused with 403 where `Origin` or `Sec-Fetch-Site` tells of another page.
//!
//! # How it is built
//! | module | what it does |
//! |---|---|
//! | `world` | all state and all rules of Truid, without I/O: the time and a seed come in, answers go out |
//! | `truid` | Truid's own terms: endpoints, functions, data points and claims |
//! | `trace`, `finding` | what was said, and what is to be said about it |
//! | `misbehaviour` | what goes wrong on demand: the list, and the rules that wait |
//! | `oauth` | reads a service's request once, into one value, as the standards say |
//! | `endpoints` | handles a service's request in one step: flow, decision, answer and trace |
//! | `http` | reads requests from the network and writes the answers |
//! | `pages` | what a person looks at |
//! | `network` | addresses, connections and TLS |
//! | `purpose` | what a service asks a person for |
//! | `known` | what to say of a name that nobody knows |
//! | `config`, `people`, `clients` | the configuration that the sandbox starts with |

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may panic"))]

mod bounded_map;
mod clients;
mod config;
mod endpoints;
mod finding;
mod http;
mod known;
mod misbehaviour;
mod network;
mod oauth;
mod pages;
mod people;
mod purpose;
mod sandbox;
mod shared;
mod trace;
mod truid;
mod world;

pub use clients::{AndroidApp, Apps, AuthenticationMethod, RegisteredClient};
pub use config::{Config, ConfigError, Lifetimes, Limits, Problem};
pub use finding::{Finding, Level, Refusal};
pub use misbehaviour::{Misbehaviour, Rule, Times};
pub use network::Tls;
pub use people::{Assurance, Person, Portrait};
pub use purpose::Purpose;
pub use sandbox::{App, Sandbox, StartError};
pub use trace::{Actor, FlowSummary, FlowTrace, Found, Message, Status, StepView};
pub use truid::Endpoint;
pub use world::{Callback, Choice, Counters, Decision, OpenedBy, Waiting};
