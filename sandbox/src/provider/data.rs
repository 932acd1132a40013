//! The data that a service reads with an access token: user info (OpenID Connect Core section
//! 5.3) and presentations ("Data" in the guide).

use std::sync::Arc;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use switchback_config_file::nearest;

use super::Provider;
use super::grant::Phase;
use super::reference::Kind;
use crate::oauth::form::Form;
use crate::oauth::scope::Scope;
use crate::trace::RequestContext;
use crate::truid::claims::{CLAIMS, Claim, well_formed};
use crate::{Finding, Misbehaviour, Person, Refusal, RegisteredClient};

/// The data that a valid access token gives access to.
pub(crate) struct Access {
    client: Arc<RegisteredClient>,
    person: Arc<Person>,
    scope: Scope,
    flow: u64,
}

/// The claims in a request for a presentation.
pub(crate) struct ClaimKeys(Vec<Claim>);

impl ClaimKeys {
    /// Reads the required parameter `claims`: keys, separated by commas. It ignores keys that are
    /// well formed but unknown, and repeated keys.
    ///
    /// # Errors
    /// `invalid_request`.
    pub(crate) fn read(form: &Form<'_>) -> Result<ClaimKeys, Refusal> {
        form.once()?;
        let text = form.get("claims").ok_or_else(|| {
            Refusal::request(
                Finding::ClaimsMissing,
                "claims is missing; send the claims that you need, separated by commas",
            )
        })?;
        let mut claims = Vec::new();
        for key in text.split(',') {
            if !well_formed(key) {
                return Err(Refusal::request(Finding::ClaimsMalformed, mistake(key)));
            }
            if let Some(claim) = Claim::from_key(key).filter(|claim| !claims.contains(claim)) {
                claims.push(claim);
            }
        }
        Ok(ClaimKeys(claims))
    }
}

/// The mistake in a key that is not a claim.
fn mistake(key: &str) -> String {
    let own = CLAIMS.iter().filter(|(.., point)| *point == key);
    let own: Vec<&str> = own.map(|(_, own, _)| *own).collect();
    if let [_, ..] = own.as_slice() {
        let own = own.join(", ");
        return format!("claims has {key}, which is a data point; its claims are {own}");
    }
    let what = "claims has a part that is not a claim; send keys such as truid.app/claim/email/v1, separated by commas without spaces";
    match nearest(key, CLAIMS.iter().map(|(_, own, _)| *own)) {
        Some(near) => format!("{what}; did you mean {near}?"),
        None => what.to_owned(),
    }
}

impl Provider {
    /// Checks the access token of a request for the user info, and counts the request.
    ///
    /// # Errors
    /// `invalid_token`.
    pub(crate) fn read_user_info(
        &mut self,
        context: &RequestContext,
        token: &str,
        now: i64,
    ) -> Result<Access, Refusal> {
        let access = self.access(context, token, now)?;
        let claims = USER_INFO.iter().map(|(_, claim)| *claim);
        self.note_read(&access, claims);
        self.counters.user_info += 1;
        Ok(access)
    }

    /// Checks the access token of a request for a presentation, and counts the request. `claims`
    /// is the result of reading the query: a mistake in the token is reported before one in the
    /// query.
    ///
    /// # Errors
    /// `invalid_token`, or the error in `claims`.
    pub(crate) fn read_presentation(
        &mut self,
        context: &mut RequestContext,
        token: &str,
        claims: Result<ClaimKeys, Refusal>,
        now: i64,
    ) -> Result<(Access, ClaimKeys), Refusal> {
        let access = self.access(context, token, now)?;
        let claims = claims?;
        for claim in claims.0.iter().filter(|claim| !access.shares(**claim)) {
            context.find(
                Finding::ClaimNotShared,
                format!("{} needs {} in the scope", claim.key(), claim.data_point()),
            );
        }
        self.note_read(&access, claims.0.iter().copied());
        self.counters.presentations += 1;
        Ok((access, claims))
    }

    /// Records which data points the client has read.
    fn note_read(&mut self, access: &Access, claims: impl Iterator<Item = Claim>) {
        let Some(flow) = self.trace.get_mut(access.flow) else {
            return;
        };
        let read = flow.read.get_or_insert_default();
        for claim in claims {
            let place = access.scope.place(claim.data_point(), &access.client);
            if let Some(place) = place.filter(|place| !read.contains(place)) {
                read.push(place);
            }
        }
    }

    /// The data that this access token gives access to (RFC 6750 section 3.1).
    pub(super) fn access(
        &mut self,
        context: &RequestContext,
        token: &str,
        now: i64,
    ) -> Result<Access, Refusal> {
        let unknown = Finding::AccessTokenUnknown;
        let reference = self.references.read(token).ok_or_else(|| {
            Refusal::token(unknown, "the sandbox did not issue this access token")
        })?;
        if reference.kind != Kind::Access {
            return Err(Refusal::token(
                unknown,
                format!("this is {}; send an access token", reference.kind.words()),
            ));
        }
        if context.is(Misbehaviour::SessionEnded) {
            self.end(reference.entry);
        }
        let now = self.moment(now);
        let grant = self.grants.get_mut(reference.entry).ok_or_else(|| {
            Refusal::token(
                Finding::AccessTokenExpired,
                "the sandbox does not store the grant of this access token any more",
            )
        })?;
        if let Phase::Revoked(why) = grant.phase {
            let known = grant.service_could_know(why);
            let what =
                format!("the grant of this access token was revoked because {why}; log in again");
            return Err(Refusal::token(Finding::GrantRevoked, what).finding_if(known));
        }
        let scope = grant.access(reference.generation, now).map_err(|known| {
            let what = "the access token has expired; refresh it";
            Refusal::token(Finding::AccessTokenExpired, what).finding_if(known)
        })?;
        let mut access = Access {
            client: Arc::clone(&grant.client),
            person: Arc::clone(&grant.person),
            scope: scope.clone(),
            flow: grant.flow,
        };
        // Use the current data of the person, which may have changed since the approval.
        if let Ok(person) = self.person(Some(&access.person.id)) {
            access.person = person;
        }
        Ok(access)
    }
}

impl Access {
    /// Whether the data point of a claim is shared.
    fn shares(&self, claim: Claim) -> bool {
        self.scope.place(claim.data_point(), &self.client).is_some()
    }

    /// The value of a claim, if its data point is shared and the person has it.
    fn value(&self, claim: Claim) -> Option<Value> {
        self.shares(claim)
            .then(|| self.person.value(claim))
            .flatten()
    }

    /// The pairwise pseudonymous identifier: always the same for this person and this service,
    /// and different for each service. It has the form of a UUID, as in Truid's certificates.
    pub(super) fn sub(&self) -> String {
        subject(&self.person, &self.client)
    }
}

/// The pairwise pseudonymous identifier of a person for a service.
pub(super) fn subject(person: &Person, client: &RegisteredClient) -> String {
    let digest = Sha256::new()
        .chain_update(b"switchback-sandbox pairwise subject\0")
        .chain_update((person.id.len() as u64).to_be_bytes())
        .chain_update(&person.id)
        .chain_update(&client.client_id)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    // RFC 9562 section 5.8: version 8 is for custom rules.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

/// The claims in the user info, with their names there.
const USER_INFO: [(&str, Claim); 10] = [
    ("phone_number", Claim::PhoneNumber),
    ("email", Claim::Email),
    ("name", Claim::Name),
    ("given_name", Claim::GivenName),
    ("family_name", Claim::FamilyName),
    ("birthdate", Claim::Birthdate),
    ("gender", Claim::Gender),
    ("address", Claim::Address),
    ("truid.app/claim/nationality/v1", Claim::Nationality),
    (
        "truid.app/claim/personal-number/swe-10/v1",
        Claim::PersonalNumber,
    ),
];

/// The user info (OpenID Connect Core sections 5.1 and 5.3.2), without `iss` and `aud`, which
/// only an ID token has. Two guesses: the two claims without a standard name have their claim
/// keys as names, and a shared address or number counts as verified.
pub(crate) fn user_info(access: &Access) -> Value {
    let mut info = Map::new();
    info.insert("sub".into(), access.sub().into());
    for (name, claim) in USER_INFO {
        let Some(value) = access.value(claim) else {
            continue;
        };
        let value = match claim {
            Claim::Gender => match value.as_str() {
                Some("M") => "male".into(),
                Some("F") => "female".into(),
                _ => "other".into(),
            },
            Claim::Address => json!({ "formatted": value }),
            _ => value,
        };
        info.insert(name.into(), value);
        if matches!(claim, Claim::PhoneNumber | Claim::Email) {
            info.insert(format!("{name}_verified"), true.into());
        }
    }
    Value::Object(info)
}

/// A presentation: the requested claims in the requested order, without those that are not
/// shared, absent or unknown. Both versions of the endpoint have the same answer (a guess).
pub(crate) fn presentation(access: &Access, claims: &ClaimKeys) -> Value {
    let claims: Vec<Value> = claims
        .0
        .iter()
        .filter_map(|claim| {
            let value = access.value(*claim)?;
            Some(json!({ "type": claim.key(), "value": value }))
        })
        .collect();
    json!({ "sub": access.sub(), "claims": claims })
}
