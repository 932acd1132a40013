//! A browser as a test holds it, and what it can ask of the page in it.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::prelude::*;

use super::driver::Driver;

/// How wide and how high a page is shown.
#[derive(Clone, Copy)]
pub(crate) struct Size(pub(crate) &'static str, u32, u32);

impl Size {
    pub(crate) const PHONE: Size = Size("phone", 390, 844);
    pub(crate) const DESKTOP: Size = Size("desktop", 1280, 900);
    /// The frame that the guide has the authorize page in.
    pub(crate) const FRAME: Size = Size("frame", 400, 500);
    /// The narrowest that WCAG 2 asks for without scrolling to the side (1.4.10).
    pub(crate) const NARROW: Size = Size("narrow", 320, 640);
}

/// What a person prefers.
#[derive(Clone, Copy)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        }
    }
}

/// A browser with one page.
pub(crate) struct Browser {
    pub(crate) page: WebDriver,
    _driver: Driver,
}

impl Browser {
    pub(crate) async fn chromium() -> Browser {
        let driver = Driver::chromium();
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_headless().unwrap();
        let profile = format!("--user-data-dir={}", driver.profile().display());
        for argument in [
            // Within a container the sandbox of the browser has no ground to stand on.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--no-proxy-server",
            &profile,
        ] {
            wanted.add_arg(argument).unwrap();
        }
        let all = LoggingPrefsLogLevel::All;
        wanted.set_browser_log_level(all).unwrap();
        Browser::with(driver, wanted).await
    }

    pub(crate) async fn firefox(scheme: Scheme) -> Browser {
        let mut preferences = FirefoxPreferences::new();
        let name = "layout.css.prefers-color-scheme.content-override";
        let number = match scheme {
            Scheme::Dark => 0,
            Scheme::Light => 1,
        };
        preferences.set(name, number).unwrap();
        // 0: straight to the sandbox.
        preferences.set("network.proxy.type", 0).unwrap();
        let mut wanted = DesiredCapabilities::firefox();
        wanted.set_headless().unwrap();
        wanted.set_preferences(preferences).unwrap();
        Browser::with(Driver::firefox(), wanted).await
    }

    async fn with(driver: Driver, wanted: impl Into<thirtyfour::Capabilities>) -> Browser {
        // In a build of the whole workspace the driver's HTTP client speaks TLS as well,
        // and wants to know whose. It is no matter that another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let page = WebDriver::new(driver.url(), wanted).await.unwrap();
        Browser {
            page,
            _driver: driver,
        }
    }

    /// Shows pages in this size from now on. Chromium only: its windows cannot be as
    /// narrow as a phone, but its pages can.
    pub(crate) async fn resize(&self, Size(name, width, height): Size) {
        let metrics = json!({
            "width": width,
            "height": height,
            "deviceScaleFactor": 1,
            "mobile": name == "phone",
        });
        self.command("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Shows pages in this scheme from now on. Chromium only.
    pub(crate) async fn prefer(&self, scheme: Scheme) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme.name() });
        self.command(
            "Emulation.setEmulatedMedia",
            json!({ "features": [feature] }),
        )
        .await;
    }

    /// Chromium's own protocol.
    async fn command(&self, name: &str, parameters: Value) {
        self.page.cdp().send_raw(name, parameters).await.unwrap();
    }

    pub(crate) async fn open(&self, url: &str) {
        self.page.goto(url).await.unwrap();
    }

    /// Writes a picture of the whole window to `target/screenshots/`.
    pub(crate) async fn screenshot(&self, name: &str) {
        let folder = target().join("screenshots");
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.png"));
        self.page.screenshot(&file).await.unwrap();
    }

    /// Fails on anything that axe-core finds wrong with the page for WCAG 2, A and AA, or
    /// unwise, and on any text whose contrast it cannot tell.
    pub(crate) async fn accessible(&self, what: &str) {
        let script = format!(
            "{}\nconst done = arguments[arguments.length - 1];\n\
             axe.run(document, {{ preload: false }}).then(\n\
               found => done({{ wrong: found.violations, unclear: found.incomplete,\n\
                                passed: found.passes.length }}),\n\
               error => done({{ failed: String(error) }}));",
            axe()
        );
        let found = self.page.execute_async(script, Vec::new()).await.unwrap();
        let found = found.json();
        assert!(found["passed"].as_u64() > Some(0), "{what}: {found}");
        let mut words = String::new();
        let unclear = found["unclear"].as_array().unwrap().iter();
        let unclear = unclear.filter(|rule| rule["id"] == "color-contrast");
        for rule in found["wrong"].as_array().unwrap().iter().chain(unclear) {
            let (id, help) = (&rule["id"], &rule["help"]);
            writeln!(words, "- {id}: {help}").unwrap();
            for node in rule["nodes"].as_array().unwrap() {
                let summary = node["failureSummary"].as_str().unwrap_or_default();
                writeln!(words, "    {}\n      {summary}", node["html"]).unwrap();
            }
        }
        assert!(words.is_empty(), "{what}: axe-core found\n{words}");
    }

    /// Fails if the browser had anything to complain about since it was last asked, but for
    /// the page's own status: a refusal is a page too. Chromium only.
    pub(crate) async fn quiet(&self, what: &str) {
        let own = format!(
            "{} - Failed to load",
            self.page.current_url().await.unwrap()
        );
        let mut log = self.page.browser_log().await.unwrap();
        log.retain(|entry| !entry.message.starts_with(&own));
        assert!(log.is_empty(), "{what}: the console has {log:#?}");
    }

    /// Fails if the page has to be scrolled to the side.
    pub(crate) async fn fits(&self, what: &str) {
        let widths = "return [document.documentElement.scrollWidth, window.innerWidth]";
        let widths = self.ask(widths).await;
        assert!(
            widths[0].as_u64() <= widths[1].as_u64(),
            "{what}: wider than its window: {widths}"
        );
    }

    /// What a script in the page returns. It reads only: where the page goes away under it,
    /// the next one is asked.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        let mut answer = self.page.execute(script, Vec::new()).await;
        for _ in 0..5 {
            let gone = |error: &WebDriverError| error.to_string().contains("execution context");
            if !answer.as_ref().is_err_and(gone) {
                break;
            }
            answer = self.page.execute(script, Vec::new()).await;
        }
        answer.unwrap().json().clone()
    }

    /// Waits until this is true in the page, or in the one that takes its place.
    pub(crate) async fn until(&self, condition: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             const look = () => ({condition}) ? done(true) : setTimeout(look, 20);
             look();"
        );
        let mut outcome = Ok(Value::Null);
        for _ in 0..20 {
            let asked = self.page.execute_async(&*script, Vec::new()).await;
            outcome = asked.map(|answer| answer.json().clone());
            // Firefox answers with nothing where the page has gone away.
            if matches!(outcome, Ok(Value::Bool(true))) {
                return;
            }
        }
        let text = self.ask("return document.body.innerText").await;
        panic!("{condition}: {outcome:?} in {text}");
    }

    /// Presses one key.
    pub(crate) async fn press(&self, key: Key) {
        let chain = self.page.action_chain().send_keys(key);
        if let Err(error) = chain.perform().await {
            // The key was pressed, and the page that it led to came before chromedriver
            // was done. What it led to is for the test to see.
            let error = error.to_string();
            let went_away = ["aborted by navigation", "no such execution context"];
            assert!(went_away.iter().any(|it| error.contains(it)), "{error}");
        }
    }

    /// Walks with Tab to the button or link with this name, as who has no mouse does.
    pub(crate) async fn tab_to(&self, button: &str) {
        let here = "const e = document.activeElement;
                    return e.matches('a, button, [role=button]') ? e.innerText.trim() : ''";
        for _ in 0..50 {
            self.press(Key::Tab).await;
            if self.ask(here).await == button {
                return;
            }
        }
        panic!("no button {button:?} is reached with 50 presses of Tab");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Nobody has to ask the driver to close the browser: it ends with the driver. Asked
        // from here, on a runtime that is waiting for this very line, it would not answer.
        let _ = self.page.clone().leak();
    }
}

/// Cargo's target folder.
fn target() -> PathBuf {
    let inside = Path::new(env!("CARGO_TARGET_TMPDIR"));
    inside.parent().unwrap().to_owned()
}

/// axe-core, from npm.
fn axe() -> String {
    let folder = env::var_os("SWITCHBACK_TEST_NODE")
        .expect("SWITCHBACK_TEST_NODE is the folder where xtask has installed axe-core");
    let file = Path::new(&folder).join("node_modules/axe-core/axe.min.js");
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
