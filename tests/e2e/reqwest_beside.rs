//! A program that uses reqwest itself, beside Switchback: cargo builds one for both.

use switchback::http::{Reqwest, install_default_crypto_provider};
use switchback::identity::user_info_request;
use switchback::ports::HttpTransport as _;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// Says that this process runs one test and no other.
const ALONE: &str = "SWITCHBACK_TEST_ALONE";

/// The default is one for the whole process, and other tests set it: this one runs in a
/// process of its own.
#[tokio::test]
async fn a_program_with_reqwest_sets_a_crypto_provider() {
    if std::env::var_os(ALONE).is_none() {
        let name = "reqwest_beside::a_program_with_reqwest_sets_a_crypto_provider";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let output = child.args(["--exact", name]).env(ALONE, "1").output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}");
        assert!(said.contains("1 passed"), "{said}");
        return;
    }
    let server = MockServer::start().await;
    let answer = Mock::given(any()).respond_with(ResponseTemplate::new(204));
    answer.mount(&server).await;
    let ours = async || {
        let request = user_info_request(server.uri(), &[]);
        Reqwest::new().send(request).await.unwrap().status
    };
    // Ours needs no default, and sets none.
    assert_eq!(ours().await, 204);
    assert!(std::panic::catch_unwind(reqwest::Client::new).is_err());
    install_default_crypto_provider();
    let theirs = reqwest::Client::new().get(server.uri()).send().await;
    assert_eq!(theirs.unwrap().status(), 204);
    assert_eq!(ours().await, 204);
    // Once more is no mistake.
    install_default_crypto_provider();
}
