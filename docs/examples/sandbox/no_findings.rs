//! A test of a login against the sandbox, through plain HTTP, as a program in any language
//! would write it. The first argument is the base URL of a sandbox, which is started with
//! `switchback sandbox --port 8090`. A test in Rust can also start a sandbox in its own
//! process and control it without HTTP: see the crate `switchback-sandbox`.

#![allow(clippy::print_stdout, reason = "an example prints what happens")]

use std::error::Error;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

const CLIENT: &str = "demo-app";
const REDIRECT: &str = "https://app.example/truid/callback";

struct Sandbox {
    base: String,
    http: ureq::Agent,
}

impl Sandbox {
    /// The control API of the sandbox. Its errors say what is wrong.
    fn control(&self, method: &str, path: &str, body: Value) -> Result<Value, Box<dyn Error>> {
        let url = format!("{}/sandbox/v1{path}", self.base);
        let mut answer = match method {
            "GET" => self.http.get(url).call()?,
            _ if body.is_null() => self.http.post(url).send_empty()?,
            _ => self.http.post(url).send_json(body)?,
        };
        let json: Value = answer.body_mut().read_json()?;
        if answer.status().is_success() {
            return Ok(json);
        }
        Err(format!("{method} {path}: {json}").into())
    }

    /// The token endpoint, as your app or backend calls it.
    fn token(&self, parameters: &[(&str, &str)]) -> Result<(u16, Value), ureq::Error> {
        let url = format!("{}/oauth2/v1/token", self.base);
        let parameters = [&[("client_id", CLIENT)], parameters].concat();
        let mut answer = self.http.post(url).send_form(parameters)?;
        Ok((answer.status().as_u16(), answer.body_mut().read_json()?))
    }
}

fn text(json: &Value, field: &str) -> Result<String, String> {
    let text = json[field].as_str().map(str::to_owned);
    text.ok_or_else(|| format!("no {field} in {json}"))
}

fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn main() -> Result<(), Box<dyn Error>> {
    let base = std::env::args().nth(1);
    let base = base.ok_or("usage: no_findings BASE_URL, such as http://127.0.0.1:8090")?;
    // An error of the token endpoint is an ordinary response here.
    let http = ureq::Agent::config_builder().http_status_as_error(false);
    let http = http.build().into();
    let sandbox = Sandbox { base, http };

    // Reset the sandbox. With this seed, codes and tokens are the same in each run.
    sandbox.control("POST", "/reset", json!({ "seed": "no-findings" }))?;

    // Your app makes the authorization URL: state and PKCE verifier are new for each login.
    let (state, verifier) = (random()?, random()?);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let mut link = Url::parse(&sandbox.base)?.join("/oauth2/v1/authorize/login-session")?;
    link.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("scope", "truid.app/data-point/email"),
        ("state", &state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);

    // The phone opens the Truid app with this URL, and the person approves.
    let waiting = sandbox.control("POST", "/app/open", json!({ "url": link.as_str() }))?;
    let (id, flow) = (text(&waiting, "id")?, text(&waiting, "flow")?);
    println!(
        "{CLIENT} asks for {}",
        waiting["data_points"][0].as_str().unwrap_or("nothing")
    );
    let approved = sandbox.control("POST", &format!("/app/waiting/{id}/approve"), Value::Null)?;
    let callback = Url::parse(&text(&approved, "redirect")?)?;
    let parameter = |name| callback.query_pairs().find(|(own, _)| own == name);
    let (_, code) = parameter("code").ok_or("no code in the callback")?;
    assert_eq!(
        parameter("state").ok_or("no state in the callback")?.1,
        state
    );
    println!("The person approves");

    // Your app exchanges the code.
    let (_, tokens) = sandbox.token(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &verifier),
    ])?;
    println!("Logged in for {} s", tokens["expires_in"]);

    // Time passes. The response to the next refresh is lost, as in a tunnel.
    sandbox.control("POST", "/clock", json!({ "advance": 140 }))?;
    let rule = json!({ "misbehaviour": "dropped-after", "endpoint": "refresh" });
    sandbox.control("POST", "/rules", rule)?;
    let token = text(&tokens, "refresh_token")?;
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", &token)];
    assert!(sandbox.token(&refresh).is_err());
    let counters = sandbox.control("GET", "/counters", Value::Null)?;
    assert_eq!(counters["refreshes"], 1);
    println!("The refresh took place, and its answer was lost");

    // Sending the old refresh token again is a reuse: the person must log in again.
    let (status, again) = sandbox.token(&refresh)?;
    println!(
        "Once more with the old token: {status} {}",
        text(&again, "error")?
    );

    // The trace of the flow, step by step.
    let trace = sandbox.control("GET", &format!("/trace/{flow}"), Value::Null)?;
    for said in trace["said"].as_array().ok_or("no steps")? {
        let [from, to, title] = ["from", "to", "title"].map(|field| text(said, field));
        println!("  {} -> {}: {}", from?, to?, title?);
    }

    // The end of every test: the sandbox has no finding, except the one we provoked.
    let allowed = json!({ "flow": flow, "allow": ["refresh-token-reused"] });
    sandbox.control("POST", "/assert/no-findings", allowed)?;
    println!("No findings but the one that was provoked");
    Ok(())
}
