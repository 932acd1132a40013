//! All misbehaviours, and where each can happen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Endpoint::{self, *};

macro_rules! misbehaviours {
    ($($name:ident $id:literal $title:literal at [$($at:ident),*] $(seconds $seconds:literal)? ;)*) => {
        /// A fault that the sandbox simulates on request. [`Misbehaviour::id`] is stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[schemars(description = "A fault that the sandbox simulates on request, by its stable name.")]
        #[non_exhaustive]
        pub enum Misbehaviour {
            $(#[doc = concat!($title, ".")] #[serde(rename = $id)] $name,)*
        }

        impl Misbehaviour {
            /// All misbehaviours.
            pub const ALL: &[Misbehaviour] = &[$(Misbehaviour::$name),*];

            /// The stable name, such as `dropped-after`.
            pub fn id(self) -> &'static str {
                match self { $(Misbehaviour::$name => $id,)* }
            }

            /// What happens, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Misbehaviour::$name => $title,)* }
            }

            /// The endpoints at which it can happen.
            pub fn endpoints(self) -> &'static [Endpoint] {
                match self { $(Misbehaviour::$name => &[$($at),*],)* }
            }

            /// The default of [`Rule::seconds`](crate::Rule::seconds); `None` if the misbehaviour
            /// has no use for seconds.
            pub fn seconds(self) -> Option<i64> {
                match self { $(Misbehaviour::$name => [$($seconds)?].first().copied(),)* }
            }
        }
    };
}

misbehaviours! {
    // Any answer.
    Slow "slow" "The answer is delayed by this number of seconds"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp, Authorize] seconds 5;
    DroppedBefore "dropped-before" "The connection is dropped before the request takes effect"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp, Authorize];
    DroppedAfter "dropped-after" "The connection is dropped after the request took effect: the answer, and the rotated token in it, is lost"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp, Authorize];
    ServerError "server-error" "500, before the request takes effect"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp, Authorize];
    ServerErrorAfter "server-error-after" "500, although the request took effect"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp];
    Unavailable "unavailable" "503 with Retry-After, before the request takes effect"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp, Authorize] seconds 30;
    TooManyRequests "too-many-requests" "429 with Retry-After, before the request takes effect"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp, Authorize] seconds 30;
    WrongContentType "wrong-content-type" "The right body as text/plain"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp];
    HtmlErrorPage "html-error-page" "502 with an HTML page, as a proxy sends it"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp];
    TruncatedBody "truncated-body" "Half of the body, then the connection closes"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp];
    OversizedBody "oversized-body" "A body of more than four megabytes"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp];
    Redirected "redirected" "307 to another path on this server"
        at [Par, CodeExchange, Refresh];
    ClockSkewed "clock-skewed" "The Date header is wrong by this number of seconds"
        at [Par, CodeExchange, Refresh, UserInfo, Presentation, Signature, Timestamp, Authorize] seconds 10_800;
    // Token answers.
    CodeRefused "code-refused" "The code has expired when it arrives"
        at [CodeExchange];
    AccessDenied "access-denied" "403 access_denied, before the request takes effect"
        at [CodeExchange, Refresh];
    NoExpiresIn "no-expires-in" "A token answer without expires_in"
        at [CodeExchange, Refresh];
    ExpiresInString "expires-in-string" "expires_in as a string"
        at [CodeExchange, Refresh];
    TokenTypeCase "token-type-case" "token_type as BEARER"
        at [CodeExchange, Refresh];
    TokenNotRotated "token-not-rotated" "No refresh token in the answer; the old one remains valid"
        at [Refresh];
    RotatedTokenWithheld "rotated-token-withheld" "No refresh token in the answer, although the old one is used up"
        at [CodeExchange, Refresh];
    ScopeNarrowed "scope-narrowed" "Only the first data point is granted"
        at [CodeExchange, Refresh];
    OtherSubject "other-subject" "From this request on, the grant belongs to another person"
        at [Refresh];
    SessionEnded "session-ended" "The person ended the session in the Truid app shortly before"
        at [Refresh, UserInfo, Presentation, Signature];
    // The callback.
    CallbackRepeated "callback-repeated" "The callback has the code twice, with two values"
        at [Callback];
    CallbackWrongState "callback-wrong-state" "The callback has a wrong state"
        at [Callback];
    CallbackNoState "callback-no-state" "The callback has no state"
        at [Callback];
    CallbackWrongIssuer "callback-wrong-issuer" "The callback has an iss that is not Truid's"
        at [Callback];
    CallbackExtra "callback-extra" "The callback has unknown parameters"
        at [Callback];
    CallbackTwice "callback-twice" "The Truid app opens the redirect URI twice"
        at [Callback];
    CallbackNever "callback-never" "The Truid app never opens the redirect URI"
        at [Callback];
    // Signatures.
    SignatureOtherDocument "signature-other-document" "The signature is for another document"
        at [Signature];
    SignatureOtherMessage "signature-other-message" "The signature has another user message: a space more"
        at [Signature];
    SignatureChangedHeader "signature-changed-header" "The header was changed after it was signed: another content type"
        at [Signature];
    SignatureForeignRoot "signature-foreign-root" "The certificates have the right names and another root"
        at [Signature];
    SignatureExpiredLeaf "signature-expired-leaf" "The person's certificate had expired when it signed"
        at [Signature];
    SignatureRevokedIntermediate "signature-revoked-intermediate" "The intermediate certificate is in the revocation list"
        at [Signature];
    SignatureUnknownCrit "signature-unknown-crit" "The header has a critical extension that no verifier knows"
        at [Signature];
    SignatureB64 "signature-b64" "b64 is true where false was requested, and false where true was requested"
        at [Signature];
    SignaturePayload "signature-payload" "The payload is not empty"
        at [Signature];
    SignatureSwappedChain "signature-swapped-chain" "The root is in x5c before the intermediate"
        at [Signature];
    SignatureDer "signature-der" "The signature value is in DER, not r and s"
        at [Signature];
    SignatureTwoDigests "signature-two-digests" "sigD has two digests for one document"
        at [Signature];
    SignatureFutureTime "signature-future-time" "The signing time is this number of seconds in the future"
        at [Signature] seconds 86_400;
    SignatureBothTimes "signature-both-times" "The header has both iat and sigT"
        at [Signature];
    SignatureNoTime "signature-no-time" "The header has neither iat nor sigT"
        at [Signature];
    TimestampWrongImprint "timestamp-wrong-imprint" "The timestamp is for another digest than the requested one"
        at [Timestamp];
}
