//! The mix-up attack (RFC 9700 §4.4): two providers share one redirect URI.
//!
//! A dishonest provider redirects the person to an honest one, with the `state` of its own login.
//! The honest provider's code comes back to the shared redirect URI, and by its `state` the app
//! would send it to the dishonest provider. There are two defences. Each provider has its own
//! redirect URI, so that the link itself shows the provider. Or both providers name themselves in
//! the callback (`iss`, RFC 9207), and the app checks that. In mediated mode the app does not check
//! it, since the backend reads the callback.
//!
//! An app that handles links has created the clients of all its providers. So a client begins no
//! login while another client of this process has the same redirect URI and another provider.
//! Existing sessions continue.

use std::sync::{Arc, Mutex, Weak};

use switchback_driver::task::lock;
use switchback_protocol::{Origin, Provider, RedirectUri};

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

/// Rejects a redirect URI that another client shares with another provider.
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
                "{} at {} and {} at {} share the redirect URI {:?}, so a code of one could be sent to \
                 the other (RFC 9700 section 4.4): register another redirect URI with one of them, or, \
                 in direct mode, set the issuer of both if their callbacks name it (RFC 9207)",
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

/// Whether an attack of one provider on the other is possible. Tests create clients for many
/// sandboxes on one machine, each client with its own store: no person logs in with them.
fn is_same_app(client: &ClientState, other: &ClientState) -> bool {
    let (store, others) = (&client.platform.store, &other.platform.store);
    let (one, two) = (client.mode.provider(), other.mode.provider());
    std::ptr::addr_eq(Arc::as_ptr(store), Arc::as_ptr(others))
        || one.id() != two.id()
        || !(is_on_this_machine(one) || is_on_this_machine(two))
}

fn is_on_this_machine(provider: &Provider) -> bool {
    Origin::of(provider.base_url()).is_some_and(|origin| origin.is_loopback())
}

/// The redirect URI that two providers share, if nothing else distinguishes them.
fn shared_redirect_uri<'a>(ours: &'a ClientMode, theirs: &ClientMode) -> Option<&'a RedirectUri> {
    let [one, other] = [ours, theirs].map(ClientMode::provider);
    let are_distinguished = match (ours, theirs) {
        (ClientMode::Direct(_), ClientMode::Direct(_)) => one.is_distinguishable_from(other),
        _ => false,
    };
    if one.base_url() == other.base_url() || are_distinguished {
        return None;
    }
    let mut all = ours.redirect_uris().all();
    all.find(|uri| theirs.redirect_uris().matching(uri.as_str()).is_some())
}
