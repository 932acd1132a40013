//! Reports valid settings that are probably mistakes.

use switchback_config_file::{KeyPath, Problem};
use switchback_protocol::Provider;

use super::common::at;
use super::{Plan, scope_token};

impl Plan {
    /// Valid settings that are probably mistakes, and what to do about them.
    pub fn doubts(&self) -> Vec<Problem> {
        let mut doubts = Vec::new();
        let mut add = |path: KeyPath, reason: String| {
            doubts.push(Problem {
                key: path.to_string(),
                position: None,
                reason,
            });
        };
        let settings = &self.settings;
        let is_open = !settings.listen.ip().is_loopback();
        if is_open && settings.tls.is_none() && settings.trusted_proxies.is_empty() {
            add(
                KeyPath::default().key("listen"),
                "other machines reach this address without TLS, so the network can read cookies \
                 and tokens: listen on 127.0.0.1, write [tls], or name the proxy in front in \
                 trusted_proxies"
                    .into(),
            );
        }
        if let Some(path) = own_path(self.provider()) {
            add(
                at("provider", "base_url"),
                format!(
                    "{}'s paths already begin with {path}: remove it from the base URL, or the paths \
                     contain it twice",
                    self.provider().name()
                ),
            );
        }
        for (purpose, words) in &self.settings.purposes {
            for (index, word) in words.iter().enumerate() {
                if let Some(reason) = scope_token::doubt(self.provider(), word) {
                    add(at("purposes", purpose).index(index), reason);
                }
            }
        }
        doubts
    }
}

/// The path at the end of the base URL with which the provider's own paths begin, if there is
/// such a path.
fn own_path(provider: &Provider) -> Option<&str> {
    let base = provider.base_url().trim_end_matches('/');
    let token = provider.facts().token;
    let ends = token.match_indices('/').map(|(at, _)| at).skip(1);
    let mut begins = ends.chain([token.len()]).map(|end| &token[..end]);
    begins.find(|path| base.ends_with(path))
}
