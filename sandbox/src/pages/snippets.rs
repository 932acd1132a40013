//! The examples for each client: a complete login with curl, and the configuration of
//! Switchback's clients and of its backend.

use url::form_urlencoded::byte_serialize;

use crate::RegisteredClient;

/// An example to copy.
pub(super) struct Snippet {
    pub(super) title: &'static str,
    pub(super) text: String,
}

/// The examples for a client of the sandbox at the base URL `url`. `has_authority`: whether the
/// sandbox has its own certificate authority.
pub(super) fn of(url: &str, has_authority: bool, client: &RegisteredClient) -> Vec<Snippet> {
    let snippet = |title, text| Snippet { title, text };
    let mut all = Vec::new();
    // A client with a key signs, which curl cannot.
    if client.secret.is_some() || !client.is_confidential() {
        all.push(snippet(
            "curl: a complete login",
            curl(url, has_authority, client),
        ));
    }
    match client.is_confidential() {
        true => all.push(snippet("switchback serve", serve(url, client))),
        false => all.push(snippet("Command line", login(url, client))),
    }
    all.push(snippet("Kotlin", kotlin(url, client)));
    all.push(snippet("Swift", swift(url, client)));
    all.push(snippet("Rust", rust(url, client)));
    all
}

/// The redirect URI of an app: the first that is not on the sandbox, or else the first.
fn redirect_uri<'a>(url: &str, client: &'a RegisteredClient) -> &'a str {
    let uris = &client.redirect_uris;
    let own = uris.iter().find(|uri| !uri.starts_with(url));
    own.or(uris.first()).map_or("", String::as_str)
}

/// Whether the redirect URI is for test services only.
fn is_for_tests(redirect_uri: &str) -> bool {
    !redirect_uri.starts_with("https:")
}

fn curl(url: &str, has_authority: bool, client: &RegisteredClient) -> String {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let (id, uri) = (
        encoded(&client.client_id),
        encoded(redirect_uri(url, client)),
    );
    let scope = encoded(&client.sample_scope().join(" "));
    let request = format!(
        "response_type=code&client_id={id}&redirect_uri={uri}&scope={scope}&state=$S&code_challenge=$C&code_challenge_method=S256"
    );
    let authorize = "$B/oauth2/v1/authorize/login-session";
    let (secret, link) = match &client.secret {
        None => ("", format!("LINK=\"{authorize}?{request}\"")),
        Some(_) => (
            "&client_secret=$SECRET",
            format!(
                "URI=$(curl -s \"$B/oauth2/v1/par/login-session\" -d \"{request}&client_secret=$SECRET\" | field request_uri)\n\
                 LINK=\"{authorize}?client_id={id}&request_uri=$URI\""
            ),
        ),
    };
    let own = match client.secret.as_deref() {
        None => String::new(),
        Some(RegisteredClient::DEMO_BACKEND_SECRET) => {
            format!("SECRET={}\n", RegisteredClient::DEMO_BACKEND_SECRET)
        }
        Some(_) => "SECRET=...  # the configured secret, percent-encoded\n".to_owned(),
    };
    let trust = match has_authority {
        true => {
            "curl -sk \"$B/sandbox/ca.pem\" -o ca.pem\n\
             curl() { command curl --cacert ca.pem \"$@\"; }\n"
        }
        false => "",
    };
    format!(
        "B={url}\n\
         {trust}{own}\
         field() {{ sed -n \"s/.*\\\"$1\\\":\\\"\\([^\\\"]*\\)\\\".*/\\1/p\"; }}\n\
         S=$(openssl rand -hex 16)\n\
         V=$(openssl rand -hex 32)\n\
         C=$(printf %s \"$V\" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d =)\n\
         \n\
         # The app makes the request; the phone opens the Truid app with this link.\n\
         {link}\n\
         \n\
         # The person approves; in a browser, you do that at $B/app.\n\
         ID=$(curl -s \"$B/sandbox/v1/app/open\" -H 'Content-Type: application/json' -d \"{{\\\"url\\\": \\\"$LINK\\\"}}\" | field id)\n\
         BACK=$(curl -s -X POST \"$B/sandbox/v1/app/waiting/$ID/approve\" | field redirect)\n\
         CODE=$(echo \"$BACK\" | sed 's/.*code=\\([^&]*\\).*/\\1/')\n\
         \n\
         # Exchange the code for tokens, once and within 30 seconds; then request the user info.\n\
         TOKEN=$(curl -s \"$B/oauth2/v1/token\" -d \"grant_type=authorization_code&client_id={id}{secret}&redirect_uri={uri}&code_verifier=$V&code=$CODE\" | field access_token)\n\
         curl -s \"$B/oidc/v1/user-info\" -H \"Authorization: Bearer $TOKEN\"\n"
    )
}

/// The command that logs in as a public client.
pub(super) fn login(url: &str, client: &RegisteredClient) -> String {
    // A redirect URI on loopback, where the command line can listen, or else one that the
    // person pastes.
    let uris = client.redirect_uris.iter();
    let loopback = |uri: &&String| {
        let hosts = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        !uri.starts_with(url) && hosts.iter().any(|host| uri.starts_with(host))
    };
    let uri = uris.clone().find(loopback).map(String::as_str);
    let uri = uri.unwrap_or_else(|| redirect_uri(url, client));
    let test = match is_for_tests(uri) {
        true => " --test-service",
        false => "",
    };
    let (id, uri) = (quoted(&client.client_id), quoted(uri));
    format!("switchback login --base-url {url} --client-id {id} --redirect-uri {uri}{test}\n")
}

fn serve(url: &str, client: &RegisteredClient) -> String {
    let uri = client.redirect_uris.first().map_or("", String::as_str);
    let test = match is_for_tests(uri) {
        true => "test_service = true\n",
        false => "",
    };
    let own = match client.secret {
        Some(_) => {
            "client_secret_file = \"client-secret\"  # a file with the secret as its only line\n"
        }
        None => "client_authentication = \"private_key_jwt\"\nprivate_key_file = \"client.pem\"\n",
    };
    let (id, uri) = (literal(&client.client_id), literal(uri));
    format!(
        "# service.toml, for `switchback serve --config service.toml`\n\
         [database]\n\
         sqlite = \"service.db\"\n\
         \n\
         [provider]\n\
         name = \"truid\"\n\
         base_url = \"{url}\"\n\
         client_id = {id}\n\
         redirect_uri = {uri}\n\
         {test}{own}\
         \n\
         [purposes]\n\
         login = [\"name\", \"email\"]\n"
    )
}

/// The base URL of the service's backend: Switchback's backend has its routes beside the
/// redirect URI.
fn backend(redirect_uri: &str) -> &str {
    redirect_uri
        .rsplit_once('/')
        .map_or(redirect_uri, |(base, _)| base)
}

fn kotlin(url: &str, client: &RegisteredClient) -> String {
    let uri = redirect_uri(url, client);
    let mode = match client.is_confidential() {
        true => format!(
            "Mode.mediated(Backend.switchback({}))",
            kotlin_literal(backend(uri))
        ),
        false => format!("Mode.direct({})", kotlin_literal(&client.client_id)),
    };
    let test = match is_for_tests(uri) {
        true => "    testService = true,\n",
        false => "",
    };
    let uri = kotlin_literal(uri);
    format!(
        "val config = SwitchbackConfig(\n    provider = Provider.truid(baseUrl = \"{url}\"),\n    mode = {mode},\n    redirectUri = {uri},\n{test})\n"
    )
}

fn swift(url: &str, client: &RegisteredClient) -> String {
    let uri = redirect_uri(url, client);
    let mode = match client.is_confidential() {
        true => format!(
            ".mediated(.switchback(baseURL: URL(string: {})!))",
            literal(backend(uri))
        ),
        false => format!(".direct(clientID: {})", literal(&client.client_id)),
    };
    let test = match is_for_tests(uri) {
        true => ",\n    isTestService: true",
        false => "",
    };
    let uri = literal(uri);
    format!(
        "let config = SwitchbackConfig(\n    provider: .truid(baseURL: URL(string: \"{url}\")),\n    mode: {mode},\n    redirectURI: URL(string: {uri})!{test}\n)\n"
    )
}

fn rust(url: &str, client: &RegisteredClient) -> String {
    let uri = redirect_uri(url, client);
    let (how, who) = match client.is_confidential() {
        true => (
            "mediated",
            format!("Backend::switchback({})", literal(backend(uri))),
        ),
        false => ("direct", literal(&client.client_id)),
    };
    let (mutable, test) = match is_for_tests(uri) {
        true => ("mut ", "config.test_service = true;\n"),
        false => ("", ""),
    };
    let uri = literal(uri);
    format!(
        "let provider = Provider::truid().with_base_url(\"{url}\");\nlet {mutable}config = Config::{how}(provider, {who}, {uri});\n{test}"
    )
}

/// A string literal of Rust, Swift and TOML.
fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A string literal of Kotlin, in which a dollar sign begins an expression.
fn kotlin_literal(text: &str) -> String {
    literal(text).replace('$', "\\$")
}

/// A word, quoted for a shell if necessary.
fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/@%+=,".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://127.0.0.1:8090";

    fn text(client: &RegisteredClient, title: &str) -> String {
        let mut all = of(URL, false, client).into_iter();
        let snippet = all.find(|snippet| snippet.title == title);
        snippet.map(|snippet| snippet.text).unwrap_or_default()
    }

    #[test]
    fn each_client_has_the_examples_that_it_needs() {
        let (app, backend) = (
            RegisteredClient::demo_app(),
            RegisteredClient::demo_backend(),
        );
        let signer = RegisteredClient::with_key("signer", "PEM", "https://a.example/truid/cb");
        let titles = |client: &RegisteredClient| {
            of(URL, false, client)
                .iter()
                .map(|one| one.title)
                .collect::<Vec<_>>()
        };
        let rest = ["Kotlin", "Swift", "Rust"];
        assert_eq!(
            titles(&app)[..2],
            ["curl: a complete login", "Command line"]
        );
        assert_eq!(
            titles(&backend)[..2],
            ["curl: a complete login", "switchback serve"]
        );
        assert_eq!(titles(&signer)[..1], ["switchback serve"]);
        for client in [&app, &backend, &signer] {
            assert!(titles(client).ends_with(&rest));
        }
        assert!(text(&signer, "switchback serve").contains("private_key_jwt"));
    }

    #[test]
    fn values_are_quoted_and_no_secret_is_shown() {
        let evil = RegisteredClient::public("a'b\"c$d\\e", "app:///cb");
        let shown = |title| text(&evil, title);
        assert!(shown("Command line").contains(r#"--client-id 'a'\''b"c$d\e'"#));
        assert!(shown("Command line").contains("--test-service"));
        assert!(shown("Kotlin").contains(r#"Mode.direct("a'b\"c\$d\\e")"#));
        assert!(shown("Swift").contains(r#".direct(clientID: "a'b\"c$d\\e")"#));
        assert!(shown("Rust").contains(r#"(provider, "a'b\"c$d\\e", "app:///cb")"#));
        assert!(shown("curl: a complete login").contains("client_id=a%27b%22c%24d%5Ce&"));
        let own = RegisteredClient::confidential("own", "S3CRET", "https://a.example/cb");
        for snippet in of(URL, true, &own) {
            assert!(!snippet.text.contains("S3CRET"), "{}", snippet.title);
        }
    }
}
