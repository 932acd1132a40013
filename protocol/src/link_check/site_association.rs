//! Reads `https://HOST/.well-known/apple-app-site-association`, by which iOS associates a host's links
//! with an app.
//!
//! Before you change it: devices do not fetch the file from the site. They fetch Apple's copy of it
//! ([`COPY`]), which Apple makes within 24 hours. A device reads the copy when the app is installed or
//! updated, and about weekly. A wrong file does not fail anywhere: the link stays in the browser.
//!
//! Apple documents the file and its rules here:
//! - the place, https without a redirect, and Apple's copy:
//!   <https://developer.apple.com/documentation/xcode/supporting-associated-domains>
//! - the members: <https://developer.apple.com/documentation/bundleresources/applinks>, with
//!   `details`, `components`, `defaults` and `substitutionVariables`
//! - the first component that matches decides, `components` replace `paths`, a query item that is
//!   missing counts as an empty text, and all items of one name must match: WWDC 2019, session 717
//! - `paths` with `NOT`, 128 kB, the signed form of iOS 8, the type `application/json`: App Search
//!   Programming Guide (archive), Support Universal Links
//! - the statuses: <https://developer.apple.com/forums/thread/24391>
//! - a server that blocks Apple's fetcher:
//!   <https://developer.apple.com/documentation/technotes/tn3155-debugging-universal-links>

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;

use super::ios::Association;
use super::pattern::{Rules, Variables};
use super::{Severity, Warning, split_path};
use crate::http::Response;

/// The path of the file.
pub const PATH: &str = "/.well-known/apple-app-site-association";

/// The address of Apple's copy, without the host.
pub const COPY: &str = "https://app-site-association.cdn-apple.com/a/v1/";

/// The largest file, in bytes, before compression.
const MAX_BYTES: usize = 128 * 1024;

/// Why iOS does not open the app, or may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server redirects.
    Redirect {
        /// Where to.
        to: String,
    },
    /// The status is not 200.
    Status {
        /// The status.
        status: u16,
    },
    /// The content type is not `application/json`.
    ContentType {
        /// The content type, if there is one.
        found: String,
    },
    /// The file is too large.
    TooLarge {
        /// Its bytes.
        bytes: usize,
    },
    /// The file is signed, as iOS 8 needed it, so that its content is not checked.
    Signed,
    /// The body is not JSON, or its members are not those of an association file.
    NotAssociation {
        /// What is wrong.
        why: String,
    },
    /// The file has no `applinks`.
    NoAppLinks,
    /// No entry of a service names the app.
    NoApp {
        /// The service.
        service: Service,
        /// The apps that the service names.
        found: Vec<String>,
    },
    /// A service names the bundle identifier with the prefix of another team.
    OtherPrefix {
        /// The service.
        service: Service,
        /// The app of the file.
        found: String,
    },
    /// A component or path excludes the redirect URI.
    Excluded {
        /// Its place among those of the app, from 1.
        rule: usize,
    },
    /// No component or path matches the redirect URI.
    Unmatched {
        /// The number of components or paths.
        rules: usize,
    },
    /// Whether the redirect URI opens the app depends on its query.
    DependsOnQuery {
        /// A query with which it does not.
        query: String,
    },
    /// Apple has no copy of a file that this machine can read.
    NoCopy {
        /// The status of Apple's answer.
        status: u16,
        /// Apple's reason, if it gives one.
        reason: Option<String>,
    },
    /// Apple's copy differs from the site's file.
    StaleCopy {
        /// What the copy does not allow, and the site's file allows.
        lacks: Option<Service>,
    },
}

/// A part of the association file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Universal links.
    AppLinks,
    /// What https callbacks of `ASWebAuthenticationSession` need.
    WebCredentials,
}

impl Service {
    /// Its name in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AppLinks => "applinks",
            Self::WebCredentials => "webcredentials",
        }
    }
}

impl Fault {
    /// The same, as a link check says what is wrong.
    pub fn warning(&self) -> Warning {
        Warning {
            code: self.code(),
            severity: self.severity(),
            message: self.message(),
            fix: self.fix().into(),
        }
    }

    /// The stable name, in JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Redirect { .. } => "redirect",
            Self::Status { .. } => "status",
            Self::ContentType { .. } => "content_type",
            Self::TooLarge { .. } => "too_large",
            Self::Signed => "signed",
            Self::NotAssociation { .. } => "not_association",
            Self::NoAppLinks => "no_applinks",
            Self::NoApp { .. } => "no_app",
            Self::OtherPrefix { .. } => "other_prefix",
            Self::Excluded { .. } => "excluded",
            Self::Unmatched { .. } => "unmatched",
            Self::DependsOnQuery { .. } => "depends_on_query",
            Self::NoCopy { .. } => "no_copy",
            Self::StaleCopy { .. } => "stale_copy",
        }
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::StaleCopy { lacks: None } => Severity::Notice,
            Self::StaleCopy {
                lacks: Some(Service::WebCredentials),
            }
            | Self::ContentType { .. }
            | Self::Signed
            | Self::DependsOnQuery { .. }
            | Self::NoApp {
                service: Service::WebCredentials,
                ..
            }
            | Self::OtherPrefix {
                service: Service::WebCredentials,
                ..
            } => Severity::MayStop,
            _ => Severity::Stops,
        }
    }

    /// What is wrong, for a developer.
    pub fn message(&self) -> String {
        let listed = |all: &[String]| match all {
            [] => "none".to_owned(),
            _ => all.join(", "),
        };
        match self {
            Self::Redirect { to } => {
                format!("the server redirects to {to}, which Apple does not follow")
            }
            Self::Status { status } => format!("the server answers with status {status}"),
            Self::ContentType { found } => {
                format!("the content type is {found:?}, not \"application/json\"")
            }
            Self::TooLarge { bytes } => {
                format!("the file has {bytes} bytes; Apple reads at most {MAX_BYTES}")
            }
            Self::Signed => {
                "the file is signed (CMS), a form of iOS 8; its content is not checked here".into()
            }
            Self::NotAssociation { why } => format!("the file is not an association file: {why}"),
            Self::NoAppLinks => "the file has no member `applinks`: no link opens an app".into(),
            Self::NoApp { service, found } => format!(
                "`{}` does not name the app; it names: {}",
                service.as_str(),
                listed(found)
            ),
            Self::OtherPrefix { service, found } => format!(
                "`{}` names the app with another team: {found}",
                service.as_str()
            ),
            Self::Excluded { rule } => {
                format!("rule {rule} of the app excludes the redirect URI")
            }
            Self::Unmatched { rules } => {
                format!("none of the app's rules ({rules}) matches the redirect URI")
            }
            Self::DependsOnQuery { query } => {
                format!("the redirect URI does not open the app with the query {query:?}")
            }
            Self::NoCopy { status, reason } => format!(
                "Apple has no copy of the file (status {status}{}), although this machine can read the \
                 file",
                match reason {
                    Some(reason) => format!(": {reason}"),
                    None => String::new(),
                }
            ),
            Self::StaleCopy {
                lacks: Some(service),
            } => format!(
                "Apple's copy is older than the file, and lacks what the file has for the app in `{}`",
                service.as_str()
            ),
            Self::StaleCopy { lacks: None } => {
                "Apple's copy differs from the file, and allows this app no less".into()
            }
        }
    }

    /// What to do about it, for a developer.
    pub const fn fix(&self) -> &'static str {
        match self {
            Self::Redirect { .. } => "serve the file at this address itself",
            Self::Status { .. } => {
                "serve the file with status 200, to every client and without a login"
            }
            Self::ContentType { .. } => "send the header `Content-Type: application/json`",
            Self::TooLarge { .. } => "use patterns instead of single paths",
            Self::Signed => "serve the JSON itself; https is enough since iOS 9",
            Self::NotAssociation { .. } => {
                "write a JSON object with `applinks` and `webcredentials`; the file name has no \
                 extension"
            }
            Self::NoAppLinks => {
                "add `applinks` with the app and the path of the redirect URI in `details`"
            }
            Self::NoApp {
                service: Service::AppLinks,
                ..
            } => {
                "add `TEAM.bundle` to `appIDs` of an entry in `applinks.details`; the bundle \
                 identifier is that of the build that people install"
            }
            Self::NoApp { .. } => "add `TEAM.bundle` to `webcredentials.apps`",
            Self::OtherPrefix { .. } => {
                "write the application identifier prefix of the signed build: the entitlement \
                 `application-identifier` (`codesign -d --entitlements - App.app`)"
            }
            Self::Excluded { .. } => {
                "put a component for the path of the redirect URI before it: the first one that \
                 matches decides"
            }
            Self::Unmatched { .. } => "add a component for the path of the redirect URI",
            Self::DependsOnQuery { .. } => {
                "match the path of the redirect URI only, without `?` and `#`: a callback has `code` \
                 or `error`, and `state`"
            }
            Self::NoCopy { .. } => {
                "let Apple's fetcher read the file: no firewall, list of countries or check for \
                 robots may stop it; a new domain gets its copy within 24 hours after the first \
                 device asks"
            }
            Self::StaleCopy { .. } => {
                "wait: Apple fetches the file again within 24 hours, and a device when the app is \
                 installed or updated"
            }
        }
    }
}

/// What a file allows an app, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it allows. `None` if it cannot be read here.
    pub association: Option<Association>,
    /// What is wrong, the worst first.
    pub faults: Vec<Fault>,
}

impl Found {
    fn failed(fault: Fault) -> Self {
        Self {
            association: Some(Association {
                applinks: false,
                webcredentials: false,
            }),
            faults: [fault].into(),
        }
    }
}

/// Checks the answer of the site for an app (`TEAM.bundle`) and its redirect URI.
pub fn check(answer: &Response, app_id: &str, redirect_uri: &str) -> Found {
    match answer.status {
        200 => {}
        status @ 300..400 => {
            return Found::failed(match answer.header("location") {
                Some(to) => Fault::Redirect { to: to.into() },
                None => Fault::Status { status },
            });
        }
        status => return Found::failed(Fault::Status { status }),
    }
    let mut found = check_file(&answer.body, app_id, redirect_uri);
    if !answer.is_json() {
        let content_type = answer.header("content-type").unwrap_or_default();
        found.faults.push(Fault::ContentType {
            found: content_type.into(),
        });
        found.faults.sort_by_key(Fault::severity);
    }
    found
}

/// Checks the content of the file.
pub fn check_file(body: &[u8], app_id: &str, redirect_uri: &str) -> Found {
    if body.len() > MAX_BYTES {
        return Found::failed(Fault::TooLarge { bytes: body.len() });
    }
    // DER of a CMS message begins with a sequence whose length has more than one byte.
    if matches!(body, [0x30, 0x80..=0xff, ..]) {
        return Found {
            association: None,
            faults: [Fault::Signed].into(),
        };
    }
    let file: File = match serde_json::from_slice(body) {
        Ok(file) => file,
        Err(error) => {
            return Found::failed(Fault::NotAssociation {
                why: format!("{error}"),
            });
        }
    };
    let links = match &file.applinks {
        None => Some(Fault::NoAppLinks),
        Some(links) => links.fault(app_id, redirect_uri),
    };
    let apps = file.webcredentials.map(|it| it.apps).unwrap_or_default();
    let credentials = missing(Service::WebCredentials, &apps, app_id);
    let opens = |it: &Option<Fault>| {
        it.as_ref()
            .is_none_or(|it| it.severity() != Severity::Stops)
    };
    Found {
        association: Some(Association {
            applinks: opens(&links),
            webcredentials: credentials.is_none(),
        }),
        faults: links.into_iter().chain(credentials).collect(),
    }
}

/// Compares Apple's copy with the site's file, which [`check`] found. Returns what the copy allows and
/// what is wrong with it.
pub fn check_copy(
    copy: &Response,
    site: &Response,
    site_found: &Found,
    app_id: &str,
    redirect_uri: &str,
) -> Found {
    if copy.status != 200 {
        let mut found = Found::failed(Fault::NoCopy {
            status: copy.status,
            reason: copy.header("apple-failure-reason").map(String::from),
        });
        // If the site's file cannot be read, its own fault says why.
        if site.status != 200 {
            found.faults.clear();
        }
        return found;
    }
    let found = check_file(&copy.body, app_id, redirect_uri);
    let json = |body: &[u8]| serde_json::from_slice::<Value>(body).ok();
    let is_same = match (json(&copy.body), json(&site.body)) {
        (Some(copy), Some(site)) => copy == site,
        _ => copy.body == site.body,
    };
    // Without the site's file, only the copy says what is wrong.
    if site.status != 200 {
        return found;
    }
    let allows_less = |it: fn(&Association) -> bool| {
        site_found.association.as_ref().is_some_and(it)
            && found.association.as_ref().is_some_and(|copy| !it(copy))
    };
    let lacks = match () {
        () if allows_less(|it| it.applinks) => Some(Service::AppLinks),
        () if allows_less(|it| it.webcredentials) => Some(Service::WebCredentials),
        () => None,
    };
    Found {
        association: found.association,
        faults: (!is_same)
            .then_some(Fault::StaleCopy { lacks })
            .into_iter()
            .collect(),
    }
}

/// Why a list does not name the app.
fn missing(service: Service, apps: &[String], app_id: &str) -> Option<Fault> {
    if apps.iter().any(|it| it == app_id) {
        return None;
    }
    let bundle = |id: &str| id.split_once('.').map(|(_, bundle)| String::from(bundle));
    let mut others = apps.iter();
    let other = others.find(|it| bundle(it).is_some() && bundle(it) == bundle(app_id));
    Some(match other {
        Some(other) => Fault::OtherPrefix {
            service,
            found: other.clone(),
        },
        None => Fault::NoApp {
            service,
            found: apps.to_vec(),
        },
    })
}

#[derive(Deserialize)]
struct File {
    applinks: Option<AppLinks>,
    webcredentials: Option<Apps>,
}

#[derive(Deserialize)]
struct Apps {
    #[serde(default)]
    apps: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AppLinks {
    #[serde(default)]
    details: Details,
    #[serde(default)]
    defaults: Defaults,
    #[serde(default)]
    substitution_variables: Variables,
}

/// Each entry is read alone: a wrong entry for another app does not matter.
#[derive(Deserialize)]
#[serde(untagged)]
enum Details {
    List(Vec<Value>),
    /// The form of the first iOS 9, with the apps as names.
    ByApp(BTreeMap<String, Value>),
}

impl Default for Details {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

#[derive(Deserialize)]
struct Detail {
    #[serde(rename = "appID")]
    app_id: Option<String>,
    #[serde(rename = "appIDs", default)]
    app_ids: Vec<String>,
    components: Option<Vec<Component>>,
    paths: Option<Vec<String>>,
    #[serde(default)]
    defaults: Defaults,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Defaults {
    case_sensitive: Option<bool>,
    percent_encoded: Option<bool>,
}

/// What a URL must have. A part that is missing matches everything.
#[derive(Clone, Deserialize)]
struct Component {
    #[serde(rename = "/")]
    path: Option<String>,
    #[serde(rename = "?")]
    query: Option<Query>,
    #[serde(rename = "#")]
    fragment: Option<String>,
    #[serde(default)]
    exclude: bool,
    #[serde(flatten)]
    defaults: Defaults,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Query {
    Whole(String),
    /// A pattern for each name.
    Items(BTreeMap<String, String>),
}

impl Defaults {
    /// With the values of the level above, where this one has none.
    fn or(self, above: Self) -> Self {
        Self {
            case_sensitive: self.case_sensitive.or(above.case_sensitive),
            percent_encoded: self.percent_encoded.or(above.percent_encoded),
        }
    }
}

impl Details {
    /// The apps of each entry, and the entry.
    fn entries(&self, app_id: &str) -> Result<Vec<(Vec<String>, Detail)>, Fault> {
        let mut entries = Vec::new();
        let mut add = |app: Option<&String>, entry: &Value| {
            let is_ours = app.is_some_and(|it| it == app_id) || names(entry, app_id);
            match Detail::deserialize(entry) {
                Ok(mut detail) => {
                    let mut apps = core::mem::take(&mut detail.app_ids);
                    apps.extend(detail.app_id.take());
                    apps.extend(app.cloned());
                    entries.push((apps, detail));
                    Ok(())
                }
                Err(error) if is_ours => Err(Fault::NotAssociation {
                    why: format!("in the entry of the app in `applinks.details`: {error}"),
                }),
                Err(_) => Ok(()),
            }
        };
        match self {
            Self::List(all) => all.iter().try_for_each(|it| add(None, it))?,
            Self::ByApp(all) => all.iter().try_for_each(|(app, it)| add(Some(app), it))?,
        }
        Ok(entries)
    }
}

/// Whether an entry names an app, as far as its form shows it.
fn names(entry: &Value, app_id: &str) -> bool {
    let is_app = |it: &Value| it.as_str() == Some(app_id);
    let listed = entry["appIDs"].as_array();
    is_app(&entry["appID"]) || listed.is_some_and(|all| all.iter().any(is_app))
}

impl Detail {
    /// Since iOS 13, `components` replace `paths`. An entry without both has all URLs.
    fn components(&self) -> Vec<Component> {
        let path = |text: &String| {
            let (exclude, path) = match text.strip_prefix("NOT ") {
                Some(path) => (true, path.trim_start()),
                None => (false, text.as_str()),
            };
            Component {
                path: Some(path.into()),
                exclude,
                ..Component::ALL
            }
        };
        match (&self.components, &self.paths) {
            (Some(components), _) => components.clone(),
            (None, Some(paths)) => paths.iter().map(path).collect(),
            (None, None) => [Component::ALL].into(),
        }
    }
}

/// The queries of callbacks, as providers write them. Their values have no special characters.
const QUERIES: [&str; 4] = [
    "code=8f14e45fceea167a5a36dedd4bea2543&state=c9f0f895fb98ab9159f51fd0297e236d",
    "state=c9f0f895fb98ab9159f51fd0297e236d&code=8f14e45fceea167a5a36dedd4bea2543",
    "code=8f14e45fceea167a5a36dedd4bea2543&state=c9f0f895fb98ab9159f51fd0297e236d&iss=https%3A%2F%2Fid.example",
    "error=access_denied&state=c9f0f895fb98ab9159f51fd0297e236d",
];

impl AppLinks {
    /// Why the redirect URI does not open the app.
    fn fault(&self, app_id: &str, redirect_uri: &str) -> Option<Fault> {
        let entries = match self.details.entries(app_id) {
            Ok(entries) => entries,
            Err(fault) => return Some(fault),
        };
        let apps = entries.iter().flat_map(|(apps, _)| apps);
        let apps: Vec<String> = apps.cloned().collect();
        if let Some(fault) = missing(Service::AppLinks, &apps, app_id) {
            return Some(fault);
        }
        let ours = entries
            .iter()
            .filter(|(apps, _)| apps.iter().any(|it| it == app_id));
        let rules: Vec<(Component, Defaults)> = ours
            .flat_map(|(_, detail)| {
                let above = detail.defaults.or(self.defaults);
                let all = detail.components().into_iter();
                all.map(move |it| (it.clone(), it.defaults.or(above)))
            })
            .collect();
        let (_, path) = split_path(redirect_uri);
        let fault = |query: &str| {
            let matches = |(component, defaults): &(Component, Defaults)| {
                component.matches(path, query, *defaults, &self.substitution_variables)
            };
            match rules.iter().position(matches) {
                None => Some(Fault::Unmatched { rules: rules.len() }),
                Some(at) => rules[at]
                    .0
                    .exclude
                    .then_some(Fault::Excluded { rule: at + 1 }),
            }
        };
        let faults = QUERIES.map(|query| (query, fault(query)));
        let opens = faults.iter().any(|(_, fault)| fault.is_none());
        let (query, first) = faults.into_iter().find(|(_, fault)| fault.is_some())?;
        match opens {
            true => Some(Fault::DependsOnQuery {
                query: query.into(),
            }),
            false => first,
        }
    }
}

impl Component {
    /// Matches all URLs.
    const ALL: Self = Self {
        path: None,
        query: None,
        fragment: None,
        exclude: false,
        defaults: Defaults {
            case_sensitive: None,
            percent_encoded: None,
        },
    };

    /// Whether it matches a callback, which has no fragment.
    fn matches(&self, path: &str, query: &str, defaults: Defaults, variables: &Variables) -> bool {
        let rules = Rules {
            variables: Some(variables),
            case_sensitive: defaults.case_sensitive.unwrap_or(true),
        };
        let fits = |pattern: &str, text: &str| match defaults.percent_encoded.unwrap_or(true) {
            true => rules.matches(pattern, text),
            false => rules.matches(pattern, &percent_decode_str(text).decode_utf8_lossy()),
        };
        let fits_query = match &self.query {
            None => true,
            Some(Query::Whole(pattern)) => fits(pattern, query),
            Some(Query::Items(items)) => items.iter().all(|(name, pattern)| {
                let all = query.split('&').filter_map(|it| it.split_once('='));
                let mut values = all.filter(|(key, _)| key == name).map(|(_, it)| it);
                match values.next() {
                    None => fits(pattern, ""),
                    Some(first) => fits(pattern, first) && values.all(|it| fits(pattern, it)),
                }
            }),
        };
        self.path.as_ref().is_none_or(|it| fits(it, path))
            && fits_query
            && self.fragment.as_ref().is_none_or(|it| fits(it, ""))
    }
}

#[cfg(test)]
mod tests;
