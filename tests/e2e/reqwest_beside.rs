//! A program that uses both Switchback and reqwest: cargo builds one reqwest for both.

use switchback::http::{Reqwest, install_default_crypto_provider};
use switchback::identity::user_info_request;
use switchback::ports::HttpTransport as _;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// Set in the process that runs only this test.
const ALONE: &str = "SWITCHBACK_TEST_ALONE";

/// The default crypto provider belongs to the whole process, and other tests set it: this test runs
/// in a separate process.
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
    // Switchback needs no default, and sets none.
    assert_eq!(ours().await, 204);
    assert!(std::panic::catch_unwind(reqwest::Client::new).is_err());
    install_default_crypto_provider();
    let theirs = reqwest::Client::new().get(server.uri()).send().await;
    assert_eq!(theirs.unwrap().status(), 204);
    assert_eq!(ours().await, 204);
    // A second call is no error.
    install_default_crypto_provider();
}
