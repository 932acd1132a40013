//! Two providers at one redirect URI: the mix-up attack (RFC 9700 §4.4).
//!
//! A provider that is not honest sends the person on to an honest one, with the `state` of its
//! own login. The code of the honest one comes back to the redirect URI that both share, and by
//! its `state` it would be sent to the other. Either each provider has a redirect URI of its own,
//! so that the link itself says whose it is, or both name themselves in it (`iss`, RFC 9207) and
//! the app looks at it. In mediated mode it does not: the backend judges what the link says.
//!
//! Whoever handles links has made the clients of all providers, and so no login begins while
//! another client of this process, with another provider, has the same redirect URI. The sessions
//! that there are go on.

use std::sync::{Arc, Mutex, Weak};

use switchback_driver::task::lock;
use switchback_protocol::RedirectUri;

use crate::client_mode::ClientMode;
use crate::error::Error;
use crate::state::ClientState;

/// The clients of this process.
static CLIENTS: Mutex<Vec<Weak<ClientState>>> = Mutex::new(Vec::new());

/// Adds a client to those of this process.
pub(crate) fn remember(client: &Arc<ClientState>) {
    let mut all = lock(&CLIENTS);
    all.retain(|other| other.strong_count() > 0);
    all.push(Arc::downgrade(client));
}

/// Whether a link that comes back could be meant for another client's provider.
///
/// # Errors
/// [`Error::Configuration`].
pub(crate) fn check(client: &ClientState) -> Result<(), Error> {
    let others: Vec<Arc<ClientState>> = lock(&CLIENTS).iter().filter_map(Weak::upgrade).collect();
    for other in others {
        if is_same_app(client, &other)
            && let Some(shared) = shared_redirect_uri(&client.mode, &other.mode)
        {
            let [ours, theirs] = [client, &*other].map(|client| client.mode.provider());
            return Err(Error::configuration(format_args!(
                "{} at {} and {} at {} have the redirect URI {:?} in common, so that the code of \
                 the one could be sent to the other (RFC 9700 section 4.4): register another \
                 redirect URI with one of them, or, in direct mode, set the issuer of both where \
                 they name themselves in their callbacks (RFC 9207)",
                ours.name(),
                ours.base_url(),
                theirs.name(),
                theirs.base_url(),
                shared.as_str(),
            )));
        }
    }
    Ok(())
}

/// Whether the two are of one app: they have one store, or providers of two names. (One
/// provider at two addresses, over two stores, is an app that was configured anew.)
fn is_same_app(client: &ClientState, other: &ClientState) -> bool {
    let (store, others) = (&client.platform.store, &other.platform.store);
    std::ptr::addr_eq(Arc::as_ptr(store), Arc::as_ptr(others))
        || client.mode.provider().id() != other.mode.provider().id()
}

/// The redirect URI that two providers have in common, where nothing else tells them apart.
fn shared_redirect_uri<'a>(ours: &'a ClientMode, theirs: &ClientMode) -> Option<&'a RedirectUri> {
    let [one, other] = [ours, theirs].map(ClientMode::provider);
    let are_distinguished = match (ours, theirs) {
        (ClientMode::Direct(_), ClientMode::Direct(_)) => one.is_told_apart_from(other),
        _ => false,
    };
    if one.base_url() == other.base_url() || are_distinguished {
        return None;
    }
    let mut all = ours.redirect_uris().all();
    all.find(|uri| theirs.redirect_uris().leads_to(uri.as_str()).is_some())
}
