//! What is allowed and yet is probably a mistake.

use switchback_protocol::Provider;
use switchback_toml::{Place, Problem};

use super::place::at;
use super::{Plan, scope_word};

impl Plan {
    /// What is allowed and yet is probably a mistake: what to look at.
    pub fn doubts(&self) -> Vec<Problem> {
        let mut doubts = Vec::new();
        let mut add = |place: Place, reason: String| {
            doubts.push(Problem {
                key: place.to_string(),
                position: None,
                reason,
            });
        };
        let settings = &self.settings;
        let is_open = !settings.listen.ip().is_loopback();
        if is_open && settings.tls.is_none() && settings.trusted_proxies.is_empty() {
            add(
                Place::default().key("listen"),
                "the network reaches it without TLS, and can read cookies and tokens: listen on \
                 127.0.0.1, write [tls], or name the proxy in front in trusted_proxies"
                    .into(),
            );
        }
        if let Some(path) = own_path(self.provider()) {
            add(
                at("provider", "base_url"),
                format!(
                    "{}'s own addresses begin with {path}: take that away, or {path} stands there \
                     twice",
                    self.provider().name()
                ),
            );
        }
        for (purpose, words) in &self.settings.purposes {
            for (index, word) in words.iter().enumerate() {
                if let Some(reason) = scope_word::doubt(self.provider(), word) {
                    add(at("purposes", purpose).index(index), reason);
                }
            }
        }
        doubts
    }
}

/// What a base URL ends with and the provider's own addresses begin with, where there is such a
/// thing.
fn own_path(provider: &Provider) -> Option<&str> {
    let base = provider.base_url().trim_end_matches('/');
    let token = provider.facts().token;
    let ends = token.match_indices('/').map(|(at, _)| at).skip(1);
    let mut begins = ends.chain([token.len()]).map(|end| &token[..end]);
    begins.find(|path| base.ends_with(path))
}
