//! Logs one person in at a service, and returns the cookie of the session, for a load tool.

use hyper::header::{HeaderMap, LOCATION, SET_COOKIE};
use url::Url;

use crate::connection::{Connection, Failure};
use crate::login::{Approved, read, waiting};
use crate::loopback;

/// Logs in at the service with this base (`http://127.0.0.1:8080/truid`), whose provider is a
/// sandbox on this machine.
pub(crate) async fn log_in(base: &Url) -> Result<String, String> {
    cookie(base).await.map_err(|failure| match failure {
        Failure::Refused(why) | Failure::Lost(why) => why,
    })
}

async fn cookie(base: &Url) -> Result<String, Failure> {
    let mut service = Connection::open(loopback(base).map_err(Failure::Lost)?).await?;
    let path = format!("{}/login-session", base.path().trim_end_matches('/'));
    let started = service.ask(&path, None).await?;
    let before = cookie_of(&started)?;

    let location = header(&started, LOCATION)?;
    let location: Url = location
        .parse()
        .map_err(|_| Failure::Refused(format!("{path}: its Location is no URL")))?;
    let mut sandbox = Connection::open(loopback(&location).map_err(Failure::Lost)?).await?;
    let page = sandbox.get(&path_and_query(&location), None).await?;
    let approve = format!("/sandbox/v1/app/waiting/{}/approve", waiting(&page)?);
    let body = sandbox.post(&approve, String::new()).await?;
    let Approved { redirect } = read("approve", &body)?;

    let redirect: Url = redirect
        .parse()
        .map_err(|_| Failure::Refused("approve: the callback is no URL".into()))?;
    let completed = service
        .ask(&path_and_query(&redirect), Some(&before))
        .await?;
    cookie_of(&completed)
}

fn path_and_query(url: &Url) -> String {
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

fn header(headers: &HeaderMap, name: hyper::header::HeaderName) -> Result<&str, Failure> {
    let value = headers.get(&name).and_then(|value| value.to_str().ok());
    value.ok_or_else(|| Failure::Refused(format!("the service sent no {name}")))
}

fn cookie_of(headers: &HeaderMap) -> Result<String, Failure> {
    let set = header(headers, SET_COOKIE)?;
    Ok(set.split(';').next().unwrap_or_default().to_owned())
}
