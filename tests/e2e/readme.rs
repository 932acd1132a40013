//! The Rust code of README.md, which the compiler checks here.

use switchback::provider::truid::{ClaimType, DataPoint};
use switchback::{Client, Config, LoginOutcome, LoginRequest, Platform, Provider, Purpose, store};

#[rustfmt::skip]
#[expect(dead_code, unused_variables, reason = "only compiled")]
async fn code(open_url: fn(&str), link: String) -> Result<(), Box<dyn std::error::Error>> {
    // README.md begins.
    let config = Config::direct(Provider::truid(), "client-id", "https://app.example/callback");
    let client = Client::new(config, Platform::new(store::SealedFile::open("sessions")?))?;
    open_url(&client.begin(LoginRequest::new(Purpose::Login, [DataPoint::Name])).await?.url);
    // The app receives the link, maybe in a new process.
    if let LoginOutcome::LoggedIn { session, .. } = client.complete(&link).await? {
        let person = client.session(&session).await?.presentation(&[ClaimType::Name]).await?;
    }
    // README.md ends.
    Ok(())
}

#[test]
fn the_code_of_readme_is_compiled() {
    let between = |text: &'static str, start: &str, end: &str| {
        let (_, rest) = text.split_once(start).unwrap();
        let code = rest.split_once(end).unwrap().0;
        code.lines()
            .map(str::trim)
            .collect::<Vec<_>>()
            .join("\n")
            .trim()
            .to_owned()
    };
    let readme = between(include_str!("../../README.md"), "```rust,ignore", "```");
    let here = between(
        include_str!("readme.rs"),
        "// README.md begins.",
        "// README.md ends.",
    );
    assert_eq!(readme, here);
}
