//! [`Browser`]: a browser in a test, with checks of its page.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::prelude::*;

use super::driver::Driver;

/// The width and height of a page.
#[derive(Clone, Copy)]
pub(crate) struct Size(pub(crate) &'static str, u32, u32);

impl Size {
    pub(crate) const PHONE: Size = Size("phone", 390, 844);
    pub(crate) const DESKTOP: Size = Size("desktop", 1280, 900);
    /// The frame for the authorize page in the guide.
    pub(crate) const FRAME: Size = Size("frame", 400, 500);
    /// The smallest width at which WCAG 2 forbids horizontal scrolling (1.4.10).
    pub(crate) const NARROW: Size = Size("narrow", 320, 640);
}

/// The preferred colour scheme.
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
            // In a container the browser's own sandbox does not work.
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
        // 0: no proxy.
        preferences.set("network.proxy.type", 0).unwrap();
        let mut wanted = DesiredCapabilities::firefox();
        wanted.set_headless().unwrap();
        wanted.set_preferences(preferences).unwrap();
        Browser::with(Driver::firefox(), wanted).await
    }

    async fn with(driver: Driver, wanted: impl Into<thirtyfour::Capabilities>) -> Browser {
        // In a build of the complete workspace, the driver's HTTP client supports TLS, and needs a
        // default provider. An error means that another test has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let page = WebDriver::new(driver.url(), wanted).await.unwrap();
        Browser {
            page,
            _driver: driver,
        }
    }

    /// Sets the size of pages. Only for Chromium: its windows cannot be as narrow as a phone, but
    /// its pages can.
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

    /// Sets the colour scheme of pages. Only for Chromium.
    pub(crate) async fn prefer(&self, scheme: Scheme) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme.name() });
        self.command(
            "Emulation.setEmulatedMedia",
            json!({ "features": [feature] }),
        )
        .await;
    }

    /// Sends a command of the Chrome DevTools Protocol.
    async fn command(&self, name: &str, parameters: Value) {
        self.page.cdp().send_raw(name, parameters).await.unwrap();
    }

    pub(crate) async fn open(&self, url: &str) {
        self.page.goto(url).await.unwrap();
    }

    /// Writes a screenshot of the window to `target/screenshots/`.
    pub(crate) async fn screenshot(&self, name: &str) {
        let folder = target().join("screenshots");
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.png"));
        self.page.screenshot(&file).await.unwrap();
    }

    /// Fails if axe-core finds a violation of WCAG 2 (A and AA) or of its best practices, or a text
    /// whose contrast it cannot compute.
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

    /// Fails if the browser's console has new messages, except about the status of the page itself:
    /// a refusal is a page too. Only for Chromium.
    pub(crate) async fn quiet(&self, what: &str) {
        let own = format!(
            "{} - Failed to load",
            self.page.current_url().await.unwrap()
        );
        let mut log = self.page.browser_log().await.unwrap();
        log.retain(|entry| !entry.message.starts_with(&own));
        assert!(log.is_empty(), "{what}: the console has {log:#?}");
    }

    /// Fails if the page scrolls horizontally.
    pub(crate) async fn fits(&self, what: &str) {
        let widths = "return [document.documentElement.scrollWidth, window.innerWidth]";
        let widths = self.ask(widths).await;
        assert!(
            widths[0].as_u64() <= widths[1].as_u64(),
            "{what}: wider than its window: {widths}"
        );
    }

    /// The result of a script in the page. The script must only read: if the page changes
    /// meanwhile, it runs again in the next page.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        let mut answer = self.page.execute(script, Vec::new()).await;
        for _ in 0..5 {
            let page_changed =
                |error: &WebDriverError| error.to_string().contains("execution context");
            if !answer.as_ref().is_err_and(page_changed) {
                break;
            }
            answer = self.page.execute(script, Vec::new()).await;
        }
        answer.unwrap().json().clone()
    }

    /// Waits until this is true in the page or in the next one.
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
            // Firefox returns nothing if the page has changed.
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
            // The key was pressed, and the next page loaded before chromedriver finished.
            let error = error.to_string();
            let navigated = ["aborted by navigation", "no such execution context"];
            assert!(navigated.iter().any(|it| error.contains(it)), "{error}");
        }
    }

    /// Moves the focus with Tab to the button or link with this name.
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
        // The browser ends with the driver. Closing it here would block: the runtime waits for this
        // function.
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
