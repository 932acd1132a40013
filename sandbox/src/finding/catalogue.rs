//! All findings, and what their pages say.

use schemars::JsonSchema;

use super::Level;

macro_rules! findings {
    ($($name:ident $id:literal $level:ident
        $title:literal
        means $meaning:literal
        remedy $remedy:literal
        source $source:literal;)*) => {
        /// What can be found. [`Finding::id`] is stable: tests may name it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, JsonSchema)]
        #[schemars(description = "Something that is found in what a client does, by its stable id.")]
        #[non_exhaustive]
        pub enum Finding {
            $(#[doc = concat!($title, ": `", $id, "`.")] #[schemars(rename = $id)] $name,)*
        }

        impl Finding {
            /// All findings.
            pub const ALL: &[Finding] = &[$(Finding::$name),*];

            /// The stable id, such as `state-missing`.
            pub fn id(self) -> &'static str {
                match self { $(Finding::$name => $id,)* }
            }

            /// How it weighs.
            pub fn level(self) -> Level {
                match self { $(Finding::$name => Level::$level,)* }
            }

            /// What was found, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Finding::$name => $title,)* }
            }

            /// What it means, and why it matters.
            pub fn meaning(self) -> &'static str {
                match self { $(Finding::$name => $meaning,)* }
            }

            /// What to do about it.
            pub fn remedy(self) -> &'static str {
                match self { $(Finding::$name => $remedy,)* }
            }

            /// Where it is written.
            pub fn source(self) -> &'static str {
                match self { $(Finding::$name => $source,)* }
            }
        }
    };
}

findings! {
    // The authorization request.
    StateMissing "state-missing" Objection
        "An authorization request without state"
        means "Without a state that is bound to the browser or app which began the login, anyone can send a person a callback with somebody else's code, and log them in as that somebody."
        remedy "Make a new random state of at least 128 bits for each login, keep it with the user's session, and hold the callback to it."
        source "RFC 6749 section 10.12; Truid's guide demands it";
    StateReused "state-reused" Unwise
        "Two logins with the same state"
        means "A state that comes back in a later login is a constant or a name for the user, and not a secret of one attempt. An attacker who saw it once can forge a callback."
        remedy "Make a new random state for each login, use it once, and let it not name the user."
        source "RFC 6749 section 10.12, RFC 9700 section 4.7; Truid's guide: used once, does not identify the user";
    StateShort "state-short" Unwise
        "A state that is too short to be unguessable"
        means "A value of fewer than 22 characters cannot hold 128 random bits in base64url. An attacker may guess it."
        remedy "Use 16 or more bytes from the system's random source, written in base64url or hexadecimal."
        source "RFC 6749 section 10.10";
    ChallengeMissing "challenge-missing" Objection
        "An authorization request without a code challenge"
        means "Without PKCE whoever intercepts the code can use it. Truid makes it mandatory."
        remedy "Send code_challenge and code_challenge_method=S256, and the verifier with the code."
        source "RFC 7636 section 4.3, RFC 9700 section 2.1.1; Truid's guide";
    ChallengeMethod "challenge-method" Objection
        "A code challenge by another method than S256"
        means "With plain, or no method, which means plain, the challenge is the verifier itself, and is there for whoever sees the URL."
        remedy "Send code_challenge_method=S256, and as the challenge the SHA-256 of the verifier in base64url without padding."
        source "RFC 7636 sections 4.2 and 4.3; Truid's guide";
    ChallengeMalformed "challenge-malformed" Objection
        "A code challenge that is no SHA-256"
        means "It has to be 32 bytes in 43 characters of base64url, with no padding."
        remedy "Hash the verifier's ASCII characters with SHA-256, and write the 32 bytes in base64url without `=`."
        source "RFC 7636 section 4.2";
    ChallengeReused "challenge-reused" Unwise
        "Two logins with the same code verifier"
        means "The same code challenge came with an earlier login, so its verifier was used before. Whoever learned it then can use the code of now."
        remedy "Make a new verifier for each login, keep it with that attempt, and forget it after the exchange."
        source "RFC 7636 section 4.1, RFC 9700 section 2.1.1";
    NonceReused "nonce-reused" Unwise
        "Two logins with the same nonce"
        means "A nonce ties one ID token to one login. A constant ties nothing."
        remedy "Make a new random nonce for each login, or send none."
        source "OpenID Connect Core section 15.5.2";
    RedirectUriMissing "redirect-uri-missing" Objection
        "An authorization request without a redirect URI"
        means "There is nowhere to send the person back to."
        remedy "Send one of the registered redirect URIs, character for character."
        source "RFC 9700 section 2.1; Truid's guide";
    RedirectUriMismatch "redirect-uri-mismatch" Objection
        "A redirect URI that is not the registered one"
        means "Redirect URIs are compared character for character. A slash at the end, another case, a port, a query: each makes another URI. The person sees an error page, since there is nowhere safe to send them."
        remedy "Compare the URI with the registration; the detail of this finding says what differs from the nearest one, and lists those that are registered."
        source "RFC 9700 section 2.1; Truid's guide: exact match, nothing may be added";
    ScopeMissing "scope-missing" Objection
        "An authorization request without a scope"
        means "Nothing is asked for, so nothing can be shared. Only an identity verification may leave it out: then all data points are asked for that the service registered."
        remedy "Send the data points that the service needs, with one space between them."
        source "RFC 6749 section 3.3; Truid's guide";
    ScopeUnregistered "scope-unregistered" Objection
        "A scope that is malformed, or more than the registration allows"
        means "A service can ask for the data points only that it registered, and a refresh for those only that were granted."
        remedy "Ask for data points such as truid.app/data-point/email, one space between two of them; register what is missing. email and phone stand for the data points email and phone-number; openid and profile stand for none. A claim such as truid.app/claim/email/v1 is no data point: claims are asked for in a presentation. In a refresh, leave scope out, or name data points that were granted."
        source "RFC 6749 sections 4.1.2.1 and 6; Truid's guide";
    ScopeUnused "scope-unused" Unwise
        "A scope that is broader than what was read"
        means "The person was asked to share data that the service then did not read. Each data point costs trust, and consent that is not needed is not to be asked for."
        remedy "Ask for the data points only whose claims you read."
        source "RFC 9700 section 2.3; Regulation (EU) 2016/679 article 5(1)(c)";
    ResponseType "response-type" Objection
        "A response type other than code"
        means "Tokens in a redirect end in logs and histories. Only the authorization code is served."
        remedy "Send response_type=code."
        source "RFC 9700 section 2.1.2; Truid's guide";
    RequestObject "request-object" Objection
        "A request object"
        means "Truid documents no `request` parameter."
        remedy "Send the parameters themselves, or push them."
        source "RFC 9101; Truid's guide has none";
    ParameterRepeated "parameter-repeated" Objection
        "A parameter that is there twice"
        means "Two programs may read a different one of the two. So none may be there twice."
        remedy "Send each parameter once."
        source "RFC 6749 sections 3.1 and 3.2";
    RequestMalformed "request-malformed" Objection
        "A request that cannot be read"
        means "Its encoding, content type, length or shape is wrong, or a parameter is missing."
        remedy "The detail says what; encode parameters as a form, in UTF-8, in the body where a body is due."
        source "RFC 6749 appendix B";
    UserMessageUnsigned "user-message-unsigned" Guide
        "A user message without a signature"
        means "The guide has user_message with signing only. The fake app shows it; Truid may not."
        remedy "Do not count on it being shown outside signing."
        source "Truid's guide, signing";
    ClientUnknown "client-unknown" Objection
        "An unknown client"
        means "No service is registered under this client_id."
        remedy "Register it in the configuration of the sandbox, or correct the client_id. Mind test and production."
        source "RFC 6749 section 5.2";
    SecretInUrl "secret-in-url" Objection
        "A secret in a URL"
        means "URLs end in logs, histories and `Referer` headers. A client secret, verifier, code or token there is known to more than two parties."
        remedy "Send it in the body or in the Authorization header, and replace what was exposed."
        source "RFC 6749 section 2.3.1, RFC 6750 section 5.3, RFC 9700 section 4.3.2";
    SecretFromBrowser "secret-from-browser" Unwise
        "A client secret that comes from a browser"
        means "The request has headers that only a browser sends, so the secret was shipped to everybody who can open the page or unpack the app."
        remedy "Keep the secret in the backend, exchange codes there, and replace this secret."
        source "RFC 6749 section 2.1, RFC 9700 section 2.5; Truid's guide";
    WebView "web-view" Unwise
        "A login in a web view"
        means "The browser is a web view inside an app. The app can read what is typed there, links do not open the Truid app, and there are no cookies of the person's own browser."
        remedy "Use ASWebAuthenticationSession, SFSafariViewController, Custom Tabs or Auth Tab."
        source "RFC 8252 section 8.12";
    FramedOnPhone "framed-on-phone" Objection
        "The authorize page in a frame on a phone"
        means "On a phone the page has to open the Truid app, which a frame must not do."
        remedy "Open the authorization URL at the top level on phones; frame it at 400 by 500 pixels on other devices only."
        source "Truid's guide";
    DiscoveryRequested "discovery-requested" Guide
        "Discovery was tried"
        means "Truid documents no discovery document and no JWKS, so a library that insists on them cannot start."
        remedy "Configure the endpoints by hand."
        source "OpenID Connect Discovery section 4; Truid's guide has none";
    NoSuchEndpoint "no-such-endpoint" Objection
        "A path or method that Truid does not have"
        means "There is nothing at this path, or it wants another method."
        remedy "Compare with the endpoints on the start page."
        source "Truid's guide";
    // Pushed authorization requests.
    RequestUriReused "request-uri-reused" Objection
        "A request_uri that was used before"
        means "A pushed request can be opened once. A second tap on the button, a prefetch or a reload uses it up."
        remedy "Push the request again, and open the new URL."
        source "RFC 9126 section 4";
    RequestUriExpired "request-uri-expired" Objection
        "A request_uri that has expired"
        means "It lives 60 seconds. It was pushed long before the person opened it."
        remedy "Push when the person presses the button, and open at once."
        source "RFC 9126 section 2.2";
    RequestUriWrong "request-uri-wrong" Objection
        "A request_uri that is not for this request"
        means "It is unknown, another client's, was pushed for another function, or came with other parameters beside client_id. Or it was in a request to be pushed, which must not have one."
        remedy "Open exactly `client_id` and `request_uri`, at the authorization endpoint of the function that it was pushed for. Push the parameters themselves."
        source "RFC 9126 sections 2.1 and 4";
    // Client authentication.
    SecretWrong "secret-wrong" Objection
        "A client secret that is missing or wrong"
        means "A confidential client proves who it is with each request to the token and PAR endpoints."
        remedy "Send client_id and client_secret in the body, or by HTTP Basic with both form-encoded first."
        source "RFC 6749 section 2.3.1";
    SecretFromPublicClient "secret-from-public-client" Objection
        "A client secret from a public client"
        means "A public client has none. Whoever sends one ships it in an app."
        remedy "Take the secret out of the app. If the service is confidential, exchange in its backend."
        source "RFC 6749 section 2.1; RFC 8252 section 8.5";
    AuthenticationTwice "authentication-twice" Objection
        "Two kinds of client authentication in one request"
        means "The header and the body both authenticate. A client must not use more than one method."
        remedy "Use either of them."
        source "RFC 6749 section 2.3";
    AuthenticationMethod "authentication-method" Objection
        "Another kind of client authentication than the registered one"
        means "The client is registered for one method, and used another. Servers take only what is registered: a client that may also send a secret gains nothing from signing."
        remedy "Use the registered method; `token_endpoint_auth_method`, `client_secret` and `public_key` in the configuration of the sandbox say which it is."
        source "RFC 7591 section 2, OpenID Connect Core section 9";
    AssertionWrong "assertion-wrong" Objection
        "A client assertion that proves nothing"
        means "It is missing, cannot be read, was not signed with the registered key, is from somebody else or for somebody else, or has no jti."
        remedy "Sign a JWT for each request: iss and sub are the client_id, aud is the token endpoint's URL or the base URL, jti is new and random, alg is that of the registered key. Send it as client_assertion, with client_assertion_type."
        source "RFC 7523 sections 2.2 and 3, OpenID Connect Core section 9";
    AssertionTime "assertion-time" Objection
        "A client assertion at the wrong time"
        means "It has expired, has no exp, or is from the future. A clock that is wrong makes all of them fail."
        remedy "Let exp be a minute or two away, iat be now, and keep the clock right."
        source "RFC 7523 section 3";
    AssertionLong "assertion-long" Unwise
        "A client assertion that lives long"
        means "It expires more than ten minutes after it was sent. Whoever finds it can use it until then, and a stricter server refuses it."
        remedy "Let exp be a minute or two away."
        source "RFC 7523 section 3: a server may refuse an exp that is unreasonably far away";
    AssertionAudience "assertion-audience" Unwise
        "A client assertion whose audience has a slash too many"
        means "Without the slash at the end, aud would be the URL of this server. Servers that compare character for character refuse it."
        remedy "Let aud be the token endpoint's URL or the base URL, character for character."
        source "RFC 7523 section 3: compared as in RFC 3986 section 6.2.1";
    AssertionReused "assertion-reused" Objection
        "A client assertion that was used twice"
        means "An assertion with the same jti came before. One that can be used again is as good as a secret to whoever sees it. Often a request was sent again as it was."
        remedy "Sign a new one, with a new jti, for each request and each repetition."
        source "RFC 7523 section 3, OpenID Connect Core section 9";
    // The code.
    CodeLate "code-late" Guide
        "A code that was exchanged late"
        means "It was older than 25 seconds. The guide speaks of a life of about 30 seconds, so that a slow network or phone makes it fail."
        remedy "Exchange at once when the callback arrives; do nothing slow before it."
        source "Truid's guide; RFC 6749 section 4.1.2";
    CodeExpired "code-expired" Objection
        "A code that has expired"
        means "It was exchanged after its life of about 30 seconds."
        remedy "Exchange at once when the callback arrives. Begin a new login where the code is too old."
        source "RFC 6749 section 4.1.2; Truid's guide";
    CodeReused "code-reused" Objection
        "A code that was used twice"
        means "The second use ends the whole grant, since one of the two users may be a thief. The callback came twice, or the exchange was tried again after a lost answer."
        remedy "Let each state be used once; do not repeat an exchange whose answer was lost, begin again."
        source "RFC 6749 section 4.1.2, RFC 9700 section 4.5";
    CodeUnused "code-unused" Unwise
        "A code that was never exchanged"
        means "The person approved, and nothing came of it: the redirect URI did not reach the app or the backend, or the callback was refused there."
        remedy "Look at whether the universal link or App Link opened the app, and at what became of the callback."
        source "RFC 6749 section 4.1.3";
    CodeUnknown "code-unknown" Objection
        "A code that nobody gave out, or another kind of token in its place"
        means "It was cut short, encoded twice, is from another environment, or is no code."
        remedy "Send the code parameter of the callback, decoded once."
        source "RFC 6749 section 5.2";
    OtherClient "other-client" Objection
        "A code or token of another client"
        means "It was given to another client_id than the one that sends it."
        remedy "Keep codes and tokens with the client that they were given to."
        source "RFC 6749 sections 10.4 and 10.5";
    VerifierWrong "verifier-wrong" Objection
        "A code verifier that does not fit"
        means "It is missing, malformed, or its SHA-256 is not the code_challenge. Often two logins ran at once and share one place to keep it in."
        remedy "Keep the verifier by state, one for each attempt."
        source "RFC 7636 section 4.6";
    TokenRedirectUri "token-redirect-uri" Objection
        "Another redirect URI with the code"
        means "The redirect_uri of the token request has to be that of the authorization request, character for character."
        remedy "Keep it with the attempt, and send that one."
        source "RFC 6749 section 4.1.3";
    GrantType "grant-type" Objection
        "An unsupported grant type"
        means "There are authorization_code and refresh_token."
        remedy "Send one of them."
        source "RFC 6749 section 5.2; Truid's guide";
    StateUnchecked "state-unchecked" Unwise
        "A callback with a wrong state was taken"
        means "The sandbox was told to send a wrong state, or none, and the code was exchanged all the same. A forged callback would have been taken as well."
        remedy "Compare the state of the callback with the one that was kept, before anything else."
        source "RFC 6749 section 10.12; Truid's guide";
    IssuerUnchecked "issuer-unchecked" Unwise
        "A callback with a wrong issuer was taken"
        means "The sandbox was told to add an `iss` that is not its own, and the code was exchanged all the same. A client of several providers can so be made to send a code to the wrong one."
        remedy "Where iss is there, compare it with the issuer that was expected."
        source "RFC 9207 section 2.4";
    RepetitionUnchecked "repetition-unchecked" Unwise
        "A callback with a parameter twice was taken"
        means "The sandbox was told to send the code twice, with two values, and one of them came to the token endpoint, or both in one value: Spring and ASP.NET join what came twice with a comma."
        remedy "Look at the query itself, and refuse a callback in which a parameter is there twice."
        source "RFC 6749 section 4.1.2 and 3.1";
    RedirectFollowed "redirect-followed" Unwise
        "A redirect from the token endpoint was followed"
        means "The sandbox was told to answer with a redirect, and the request came again at the other place, with all its secrets. Any other place would have had them too."
        remedy "Turn redirects off in the HTTP client for token requests."
        source "RFC 9110 section 15.4.8: the method and the body are sent again";
    // Refresh tokens.
    RefreshTokenReused "refresh-token-reused" Objection
        "A refresh token that was used twice"
        means "The second use ends every token of the grant: the person is logged out. Two refreshes ran at once, an answer was lost and the request repeated, or the new token was not kept."
        remedy "One refresh at a time for each grant, over all processes; keep the new token before using it; never repeat a refresh whose answer was lost."
        source "RFC 9700 section 4.14.2; Truid's example";
    RefreshTokenExpired "refresh-token-expired" Objection
        "A refresh token that has expired"
        means "The session was idle too long, or the grant came to its end, and the service had been told so. The first time is no finding: no answer says how long a refresh token is good."
        remedy "Ask the person to log in again; do not try again with the same token."
        source "RFC 6749 section 6";
    RefreshTokenUnknown "refresh-token-unknown" Objection
        "A refresh token that nobody gave out, or another kind of token in its place"
        means "It was cut short, is from another environment, or is no refresh token."
        remedy "Look at how it is kept."
        source "RFC 6749 section 5.2";
    RefreshEarly "refresh-early" Unwise
        "A refresh of a login session long before it was due"
        means "More than half of the access token's life was left. Each refresh is a chance to lose the session. Only a login session has this finding: of an onboarding the access token must not be stored, and of an identity verification nothing need be, so a refresh before each use of the data is right there."
        remedy "Keep the access token with its expiry, and refresh when it expires, or shortly before."
        source "RFC 6749 section 1.5; Truid's guide";
    GrantRevoked "grant-revoked" Objection
        "A token of a grant that is over"
        means "The grant was revoked: a code or refresh token was used twice, or the person ended the session in the Truid app."
        remedy "Ask the person to log in again; do not try again with the same token."
        source "RFC 6749 section 5.2; Truid's guide";
    // Access tokens and data.
    AccessTokenMissing "access-token-missing" Objection
        "A request for data without an access token"
        means "It belongs in the Authorization header, as Bearer."
        remedy "Send `Authorization: Bearer` and the access token."
        source "RFC 6750 section 2.1";
    AccessTokenExpired "access-token-expired" Objection
        "An access token that was used after it expired"
        means "expires_in said when; what has expired only because a test moved the clock of the sandbox is no finding. For a login session a valid access token is the proof that the session lives."
        remedy "Note the time of the answer and expires_in, and refresh first."
        source "RFC 6750 section 3.1; Truid's guide";
    AccessTokenUnknown "access-token-unknown" Objection
        "An access token that nobody gave out, or another kind of token in its place"
        means "It was cut short, is from another environment, or is no access token."
        remedy "Send the access_token of the token answer as it stands."
        source "RFC 6750 section 3.1";
    ClaimsMissing "claims-missing" Objection
        "A presentation without claims"
        means "A presentation has to say which claims it wants."
        remedy "Send `claims` with the claims' keys, commas between them."
        source "Truid's guide, data";
    ClaimsMalformed "claims-malformed" Objection
        "A presentation whose claims cannot be read"
        means "Claims look like truid.app/claim/email/v1; data points and short names are none."
        remedy "Send claims' keys with commas and nothing else between them."
        source "Truid's guide, data";
    ClaimNotShared "claim-not-shared" Unwise
        "A claim was asked for that was not shared"
        means "Its data point is not in the scope of the access token, so that the answer leaves it out."
        remedy "Ask for the data point in the scope, or do not ask for the claim."
        source "Truid's guide, data";
}
