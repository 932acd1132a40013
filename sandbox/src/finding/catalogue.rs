//! All findings, and the texts of their pages.

use schemars::JsonSchema;

use super::Level;

macro_rules! findings {
    ($($name:ident $id:literal $level:ident
        $title:literal
        means $meaning:literal
        remedy $remedy:literal
        source $source:literal;)*) => {
        /// A mistake or a risk in a client's requests. [`Finding::id`] is stable: tests may use it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, JsonSchema)]
        #[schemars(description = "A mistake or a risk in a client's requests, by its stable id.")]
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

            /// How serious it is.
            pub fn level(self) -> Level {
                match self { $(Finding::$name => Level::$level,)* }
            }

            /// What was found, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Finding::$name => $title,)* }
            }

            /// What happened, and why it matters.
            pub fn meaning(self) -> &'static str {
                match self { $(Finding::$name => $meaning,)* }
            }

            /// What to do about it.
            pub fn remedy(self) -> &'static str {
                match self { $(Finding::$name => $remedy,)* }
            }

            /// The standard or the guide that says so.
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
        means "The state binds the callback to the browser or app that began the login. Without it, an attacker can send a person a callback with the attacker's code, and the person is then logged in as the attacker."
        remedy "Make a new random state of at least 128 bits for each login, store it with the user's session, and compare the state of the callback with it."
        source "RFC 6749 section 10.12; Truid's guide requires it";
    StateReused "state-reused" Unwise
        "Two logins with the same state"
        means "A state that two logins share is a constant or an identifier of the user, and not a secret of one login. An attacker who saw it once can forge a callback."
        remedy "Make a new random state for each login, use it once, and do not put the user's identity in it."
        source "RFC 6749 section 10.12, RFC 9700 section 4.7; Truid's guide: used once, does not identify the user";
    StateShort "state-short" Unwise
        "A state that is short enough to guess"
        means "A value of fewer than 22 characters cannot hold 128 random bits in base64url. An attacker may guess it."
        remedy "Use 16 or more bytes from the system's random generator, encoded in base64url or hexadecimal."
        source "RFC 6749 section 10.10";
    ChallengeMissing "challenge-missing" Objection
        "An authorization request without a code challenge"
        means "Without PKCE, an attacker who intercepts the code can exchange it. Truid requires PKCE."
        remedy "Send code_challenge and code_challenge_method=S256 in the authorization request, and the code verifier with the code."
        source "RFC 7636 section 4.3, RFC 9700 section 2.1.1; Truid's guide";
    ChallengeMethod "challenge-method" Objection
        "A code challenge with a method other than S256"
        means "With the method plain, the challenge is the verifier itself, and every person who sees the URL can read it. A request without a method means plain."
        remedy "Send code_challenge_method=S256, and as the challenge the SHA-256 of the verifier in base64url without padding."
        source "RFC 7636 sections 4.2 and 4.3; Truid's guide";
    ChallengeMalformed "challenge-malformed" Objection
        "A code challenge that is not a SHA-256 hash"
        means "A code challenge has to be 32 bytes, encoded in 43 characters of base64url without padding."
        remedy "Hash the verifier's ASCII characters with SHA-256, and write the 32 bytes in base64url without `=`."
        source "RFC 7636 section 4.2";
    ChallengeReused "challenge-reused" Unwise
        "Two logins with the same code verifier"
        means "An earlier login had the same code challenge, so it used the same verifier. An attacker who learned the verifier then can use the code of the new login."
        remedy "Make a new verifier for each login, store it with that login, and delete it after the exchange."
        source "RFC 7636 section 4.1, RFC 9700 section 2.1.1";
    NonceReused "nonce-reused" Unwise
        "Two logins with the same nonce"
        means "A nonce binds one ID token to one login. A constant nonce binds nothing."
        remedy "Make a new random nonce for each login, or send none."
        source "OpenID Connect Core section 15.5.2";
    RedirectUriMissing "redirect-uri-missing" Objection
        "An authorization request without a redirect URI"
        means "Without a redirect URI, the provider cannot send the person back to the service."
        remedy "Send one of the registered redirect URIs, character for character."
        source "RFC 9700 section 2.1; Truid's guide";
    RedirectUriMismatch "redirect-uri-mismatch" Objection
        "A redirect URI that is not the registered one"
        means "Truid compares redirect URIs character for character. A slash at the end, upper case instead of lower case, a port or a query makes a different URI. The person sees an error page, because the provider must not redirect to a URI that is not registered."
        remedy "Compare the URI with the registration. The detail of this finding says how the URI differs from the most similar registered one, and lists all registered ones."
        source "RFC 9700 section 2.1; Truid's guide: exact match, nothing may be added";
    ScopeMissing "scope-missing" Objection
        "An authorization request without a scope"
        means "The request asks for no data points, so the person cannot share any. Only an identity verification may leave the scope out: it then asks for all data points that the service registered."
        remedy "Send the data points that the service needs, with one space between two of them."
        source "RFC 6749 section 3.3; Truid's guide";
    ScopeUnregistered "scope-unregistered" Objection
        "A scope that is malformed, or more than the registration allows"
        means "A service can request only the data points that it registered. A refresh can request only the data points that the person granted."
        remedy "Request data points such as truid.app/data-point/email, with one space between two of them, and register those that are missing. The OpenID Connect scopes email and phone mean the data points email and phone-number; openid and profile mean no data point. A claim such as truid.app/claim/email/v1 is not a data point: request claims in a presentation. In a refresh, leave scope out, or name data points that were granted."
        source "RFC 6749 sections 4.1.2.1 and 6; Truid's guide";
    ScopeUnused "scope-unused" Unwise
        "A scope that is broader than the data that was read"
        means "The person shared data that the service did not read. Each data point costs trust, and a service must not ask for consent that it does not need."
        remedy "Request only the data points whose claims you read."
        source "RFC 9700 section 2.3; Regulation (EU) 2016/679 article 5(1)(c)";
    ResponseType "response-type" Objection
        "A response type other than code"
        means "Tokens in a redirect end up in logs and browser histories. Truid supports only the authorization code."
        remedy "Send response_type=code."
        source "RFC 9700 section 2.1.2; Truid's guide";
    RequestObject "request-object" Objection
        "A request object"
        means "Truid documents no `request` parameter."
        remedy "Send the parameters themselves, or use a pushed authorization request."
        source "RFC 9101; Truid's guide documents no request object";
    ParameterRepeated "parameter-repeated" Objection
        "A parameter that is repeated"
        means "If a parameter is repeated, two programs can read different values. The standard therefore forbids it."
        remedy "Send each parameter once."
        source "RFC 6749 sections 3.1 and 3.2";
    RequestMalformed "request-malformed" Objection
        "A request that cannot be read"
        means "The encoding, content type, length or syntax of the request is wrong, or a parameter is missing."
        remedy "Read the detail of this finding. Encode parameters as a form, in UTF-8; in a POST request, send them in the body."
        source "RFC 6749 appendix B";
    UserMessageUnsigned "user-message-unsigned" Guide
        "A user message without a signature"
        means "The guide describes user_message only for signing. The fake Truid app shows it anyway; Truid possibly does not."
        remedy "Outside signing, do not rely on the message."
        source "Truid's guide, signing";
    ClientUnknown "client-unknown" Objection
        "An unknown client"
        means "No service is registered with this client_id."
        remedy "Register the service in the configuration of the sandbox, or correct the client_id. Check whether the client_id is that of another environment (test or production)."
        source "RFC 6749 section 5.2";
    SecretInUrl "secret-in-url" Objection
        "A secret in a URL"
        means "URLs end up in logs, browser histories and `Referer` headers. Other parties can read a client secret, verifier, code or token there."
        remedy "Send the secret in the body or in the Authorization header, and replace the secret that was exposed."
        source "RFC 6749 section 2.3.1, RFC 6750 section 5.3, RFC 9700 section 4.3.2";
    SecretFromBrowser "secret-from-browser" Unwise
        "A client secret that a browser sent"
        means "The request has headers that only a browser sends. So every person who can open the page or unpack the app can read the secret."
        remedy "Keep the secret in the backend, exchange codes there, and replace this secret."
        source "RFC 6749 section 2.1, RFC 9700 section 2.5; Truid's guide";
    WebView "web-view" Unwise
        "A login in a web view"
        means "The browser is a web view inside an app. The app can read what the person types there, links do not open the Truid app, and the cookies of the person's browser are missing."
        remedy "Use ASWebAuthenticationSession, SFSafariViewController, Custom Tabs or Auth Tab."
        source "RFC 8252 section 8.12";
    FramedOnPhone "framed-on-phone" Objection
        "The authorize page in a frame on a phone"
        means "On a phone the page has to open the Truid app, and a page in a frame must not do that."
        remedy "On phones, open the authorization URL at the top level. Only on other devices, show it in a frame of 400 by 500 pixels."
        source "Truid's guide";
    DiscoveryRequested "discovery-requested" Guide
        "A request for a discovery document"
        means "Truid documents no discovery document and no JWKS. A library that requires them cannot start."
        remedy "Configure the endpoints manually."
        source "OpenID Connect Discovery section 4; Truid's guide has none";
    NoSuchEndpoint "no-such-endpoint" Objection
        "A path or method that Truid does not have"
        means "Truid has no endpoint at this path, or the endpoint requires another method."
        remedy "Compare the request with the endpoints on the start page of the sandbox."
        source "Truid's guide";
    // Pushed authorization requests.
    RequestUriReused "request-uri-reused" Objection
        "A request_uri that was used before"
        means "A pushed authorization request can be opened once. A second tap on the button, a prefetch or a reload opens it again."
        remedy "Push a new request, and open the new URL."
        source "RFC 9126 section 4";
    RequestUriExpired "request-uri-expired" Objection
        "A request_uri that has expired"
        means "A request_uri is valid for 60 seconds. The client pushed the request, and opened it later than that."
        remedy "Push the request when the person presses the button, and open the URL immediately."
        source "RFC 9126 section 2.2";
    RequestUriWrong "request-uri-wrong" Objection
        "A request_uri that is not for this request"
        means "The request_uri is unknown, belongs to another client, was pushed for another function, or the URL has more parameters than client_id and request_uri. Or the client sent a request_uri to the PAR endpoint, which does not accept one."
        remedy "Push the parameters themselves. Open the URL with exactly `client_id` and `request_uri`, at the authorization endpoint of the function that the request was pushed for."
        source "RFC 9126 sections 2.1 and 4";
    // Client authentication.
    SecretWrong "secret-wrong" Objection
        "A client secret that is missing or wrong"
        means "A confidential client authenticates with each request to the token and PAR endpoints."
        remedy "Send client_id and client_secret in the body, or with HTTP Basic; for HTTP Basic, form-encode both first."
        source "RFC 6749 section 2.3.1";
    SecretFromPublicClient "secret-from-public-client" Objection
        "A client secret from a public client"
        means "A public client has no secret. Every person who has the app can read a secret in it."
        remedy "Remove the secret from the app. If the client is confidential, exchange the code in the backend of the service."
        source "RFC 6749 section 2.1; RFC 8252 section 8.5";
    AuthenticationTwice "authentication-twice" Objection
        "Two kinds of client authentication in one request"
        means "The client authenticated in the Authorization header and in the body. A client must use only one method in a request."
        remedy "Use only one of the two methods."
        source "RFC 6749 section 2.3";
    AuthenticationMethod "authentication-method" Objection
        "Client authentication with a method that is not registered"
        means "The client is registered for one method, and used another. Servers accept only the registered method: if a client can use a secret instead of a signature, the signature does not protect it."
        remedy "Use the registered method. In the configuration of the sandbox, `token_endpoint_auth_method`, `client_secret` and `public_key` set it."
        source "RFC 7591 section 2, OpenID Connect Core section 9";
    AssertionWrong "assertion-wrong" Objection
        "A client assertion that is not valid"
        means "The assertion is missing, cannot be read, was not signed with the registered key, has a wrong issuer, subject or audience, or has no jti."
        remedy "Sign a new JWT for each request: iss and sub are the client_id, aud is the token endpoint's URL or the base URL, jti is new and random, alg is that of the registered key. Send it as client_assertion, with client_assertion_type."
        source "RFC 7523 sections 2.2 and 3, OpenID Connect Core section 9";
    AssertionTime "assertion-time" Objection
        "A client assertion at the wrong time"
        means "The assertion has expired, has no exp, or its iat or nbf is in the future. If the client's clock is wrong, all of its assertions fail."
        remedy "Set iat to the current time and exp to one or two minutes later. Synchronize the clock."
        source "RFC 7523 section 3";
    AssertionLong "assertion-long" Unwise
        "A client assertion that is valid for long"
        means "The assertion expires more than ten minutes after it was sent. An attacker who finds it can use it until then, and a stricter server refuses it."
        remedy "Set exp to one or two minutes after the current time."
        source "RFC 7523 section 3: a server may refuse an exp that is unreasonably far away";
    AssertionAudience "assertion-audience" Unwise
        "A client assertion whose audience ends with an extra slash"
        means "Without the slash at the end, aud would be a URL of this server. Servers that compare character for character refuse the assertion."
        remedy "Set aud to the token endpoint's URL or the base URL, character for character."
        source "RFC 7523 section 3: compared as in RFC 3986 section 6.2.1";
    AssertionReused "assertion-reused" Objection
        "A client assertion that was used twice"
        means "An earlier assertion had the same jti. If an assertion could be used twice, it would be as valuable to a thief as a secret. Often the client repeated a request unchanged."
        remedy "Sign a new assertion with a new jti for each request, also for a repeated one."
        source "RFC 7523 section 3, OpenID Connect Core section 9";
    // The code.
    CodeLate "code-late" Guide
        "A code that was exchanged late"
        means "The code was older than 25 seconds. According to the guide, a code is valid for about 30 seconds, so on a slow network or phone the exchange would fail."
        remedy "Exchange the code immediately when the callback arrives. Do slow work after the exchange."
        source "Truid's guide; RFC 6749 section 4.1.2";
    CodeExpired "code-expired" Objection
        "A code that has expired"
        means "The client exchanged the code more than about 30 seconds after the person approved."
        remedy "Exchange the code immediately when the callback arrives. If the code has expired, begin a new login."
        source "RFC 6749 section 4.1.2; Truid's guide";
    CodeReused "code-reused" Objection
        "A code that was used twice"
        means "The second use ends the whole grant, because one of the two senders may be a thief. Either the callback arrived twice, or the client repeated the exchange after a lost answer."
        remedy "Accept each state once. If the answer to an exchange was lost, do not repeat the exchange: begin a new login."
        source "RFC 6749 section 4.1.2, RFC 9700 section 4.5";
    CodeUnused "code-unused" Unwise
        "A code that was never exchanged"
        means "The person approved, and the client did not exchange the code: the redirect URI did not reach the app or the backend, or the callback was refused there."
        remedy "Check whether the universal link or App Link opened the app, and how the app or backend answered the callback."
        source "RFC 6749 section 4.1.3";
    CodeUnknown "code-unknown" Objection
        "A code that Truid did not issue, or another kind of token instead"
        means "The code was truncated, encoded twice, is from another environment, or is not a code."
        remedy "Send the code parameter of the callback, decoded once."
        source "RFC 6749 section 5.2";
    OtherClient "other-client" Objection
        "A code or token of another client"
        means "The code or token was issued to a different client_id than the one that sent it."
        remedy "Use codes and tokens only with the client that they were issued to."
        source "RFC 6749 sections 10.4 and 10.5";
    VerifierWrong "verifier-wrong" Objection
        "A code verifier that does not match"
        means "The verifier is missing or malformed, or its SHA-256 hash is not the code_challenge. Often two logins ran at the same time, and the second overwrote the verifier of the first."
        remedy "Store one verifier for each login, under its state."
        source "RFC 7636 section 4.6";
    TokenRedirectUri "token-redirect-uri" Objection
        "A different redirect URI with the code"
        means "The redirect_uri of the token request has to be that of the authorization request, character for character."
        remedy "Store the redirect URI with the login, and send it with the code."
        source "RFC 6749 section 4.1.3";
    GrantType "grant-type" Objection
        "An unsupported grant type"
        means "Truid supports authorization_code and refresh_token."
        remedy "Send grant_type=authorization_code or grant_type=refresh_token."
        source "RFC 6749 section 5.2; Truid's guide";
    StateUnchecked "state-unchecked" Unwise
        "A callback with a wrong state was accepted"
        means "A rule made the sandbox send a wrong state or no state, and the client exchanged the code anyway. The client would also accept a forged callback."
        remedy "Compare the state of the callback with the stored one before anything else."
        source "RFC 6749 section 10.12; Truid's guide";
    IssuerUnchecked "issuer-unchecked" Unwise
        "A callback with a wrong issuer was accepted"
        means "A rule made the sandbox add the `iss` of another issuer, and the client exchanged the code anyway. An attacker can make such a client of several providers send a code to the wrong provider."
        remedy "If the callback has an iss, compare it with the issuer that was expected."
        source "RFC 9207 section 2.4";
    RepetitionUnchecked "repetition-unchecked" Unwise
        "A callback with a repeated parameter was accepted"
        means "A rule made the sandbox send two codes in one callback, and the client sent one of them to the token endpoint, or both in one value: Spring and ASP.NET join repeated parameters with a comma."
        remedy "Check the query itself, and refuse a callback in which a parameter is repeated."
        source "RFC 6749 section 4.1.2 and 3.1";
    RedirectFollowed "redirect-followed" Unwise
        "A redirect from the token endpoint was followed"
        means "A rule made the sandbox answer with a redirect, and the client sent the request again to the other URL, with all its secrets. It would have sent them to any other server too."
        remedy "Turn off redirects in the HTTP client for token requests."
        source "RFC 9110 section 15.4.8: the method and the body are sent again";
    // Refresh tokens.
    RefreshTokenReused "refresh-token-reused" Objection
        "A refresh token that was used twice"
        means "The second use ends every token of the grant: the person is logged out. Either two refreshes ran at the same time, the client repeated a refresh after a lost answer, or it did not store the new token."
        remedy "Run one refresh at a time for each grant, across all processes. Store the new token before you use it. Never repeat a refresh whose answer was lost."
        source "RFC 9700 section 4.14.2; Truid's example";
    RefreshTokenExpired "refresh-token-expired" Objection
        "A refresh token that has expired"
        means "The session was idle for too long or the grant reached its maximum age, and an earlier answer said so. The first such request is not a finding, because no answer says how long a refresh token is valid."
        remedy "Ask the person to log in again. Do not retry with the same token."
        source "RFC 6749 section 6";
    RefreshTokenUnknown "refresh-token-unknown" Objection
        "A refresh token that Truid did not issue, or another kind of token instead"
        means "The refresh token was truncated, is from another environment, or is not a refresh token."
        remedy "Check how the client stores its tokens."
        source "RFC 6749 section 5.2";
    RefreshEarly "refresh-early" Unwise
        "A refresh of a login session long before it was due"
        means "More than half of the access token's lifetime was left. Each refresh can lose the session. Only login sessions have this finding: the access token of an onboarding must not be stored, and that of an identity verification need not be stored, so for both a refresh before each use of the data is correct."
        remedy "Store the access token with its expiry, and refresh when it expires or shortly before."
        source "RFC 6749 section 1.5; Truid's guide";
    GrantRevoked "grant-revoked" Objection
        "A token of a grant that has ended"
        means "The grant was revoked: a code or refresh token was used twice, or the person ended the session in the Truid app."
        remedy "Ask the person to log in again. Do not retry with the same token."
        source "RFC 6749 section 5.2; Truid's guide";
    // Access tokens and data.
    AccessTokenMissing "access-token-missing" Objection
        "A request for data without an access token"
        means "The access token belongs in the Authorization header, with the scheme Bearer."
        remedy "Send `Authorization: Bearer` with the access token."
        source "RFC 6750 section 2.1";
    AccessTokenExpired "access-token-expired" Objection
        "An access token that was used after it expired"
        means "The token answer said in expires_in when the token expires. If it expired only because a test moved the clock of the sandbox, that is not a finding. For a login session, a valid access token proves that the session has not ended."
        remedy "Store the time of the token answer plus expires_in. When that time has passed, refresh first."
        source "RFC 6750 section 3.1; Truid's guide";
    AccessTokenUnknown "access-token-unknown" Objection
        "An access token that Truid did not issue, or another kind of token instead"
        means "The access token was truncated, is from another environment, or is not an access token."
        remedy "Send the access_token of the token answer unchanged."
        source "RFC 6750 section 3.1";
    ClaimsMissing "claims-missing" Objection
        "A presentation without claims"
        means "A request for a presentation has to name the claims."
        remedy "Send `claims` with the keys of the claims, separated by commas."
        source "Truid's guide, data";
    ClaimsMalformed "claims-malformed" Objection
        "A presentation whose claims cannot be read"
        means "A claim looks like truid.app/claim/email/v1. Data points and short names are not claims."
        remedy "Send the keys of the claims, separated by commas without spaces."
        source "Truid's guide, data";
    ClaimNotShared "claim-not-shared" Unwise
        "A request for a claim that was not shared"
        means "The data point of the claim is not in the scope of the access token, so the answer does not contain the claim."
        remedy "Request the data point in the scope, or do not request the claim."
        source "Truid's guide, data";
    // Signing.
    SigningParameterMissing "signing-parameter-missing" Objection
        "A signing that lacks a parameter"
        means "The guide requires signature_profile, jws_serialization, jws_packaging, data_object_id, data_object_digest, data_object_digest_algorithm, data_object_b64 and user_message. A parameter without a value counts as missing."
        remedy "Send all parameters of the guide."
        source "Truid's guide, signatures";
    SigningParameterWrong "signing-parameter-wrong" Objection
        "A signing with a value that the guide does not allow"
        means "Truid has one profile (aes_jades_baseline_b-b), one serialization (compact), one packaging (detached) and one digest algorithm (S256). data_object_b64 is true or false, and the content type is a media type. The sandbox also limits the lengths of the id and the message, because the signature contains both."
        remedy "Send the values of the guide."
        source "Truid's guide, signatures; RFC 7515 section 4.1.10";
    DocumentDigestMalformed "document-digest-malformed" Objection
        "A document digest that is not a SHA-256 in base64url"
        means "A signature for such a digest would be for no document."
        remedy "Hash the document with SHA-256, and write the 32 bytes in base64url without padding: 43 characters."
        source "Truid's guide, signatures; ETSI TS 119 182-1 section 5.2.8";
    DocumentIdNotUri "document-id-not-uri" Guide
        "A document id that is not a URI"
        means "Truid accepts any text, but a verifier that follows the standard may refuse the signature: sigD references the document by a URI."
        remedy "Send an absolute URI as data_object_id, preferably a URL that locates the document."
        source "Truid's guide, signatures; ETSI TS 119 182-1 section 5.2.8.3";
    UserMessageBlank "user-message-blank" Unwise
        "A signing whose message says nothing"
        means "The person sees an empty message, so does not know what to sign. The signature proves little then."
        remedy "Send a message that names the document, in the language of the person."
        source "Truid's guide, signatures: it should be clear what is being signed";
    UserMessageLong "user-message-long" Unwise
        "A signing with a message that no person reads"
        means "The message has more than 500 characters, which is more than fits on the screen of a phone."
        remedy "Name the document in a sentence; the document itself can say the rest."
        source "Truid's guide, signatures: it should be clear what is being signed";
    SigningNotPushed "signing-not-pushed" Guide
        "A signing of a client with a secret that was not pushed"
        means "The user message and the id of the document are in the URL, where the browser stores them, and where the person or another program can change them before Truid sees them."
        remedy "Push the parameters to /oauth2/v1/par/sign, and send only client_id and request_uri to the authorization endpoint. A client without a secret is not reported."
        source "Truid's guide, signatures, step 2; RFC 9126 section 1";
    SignatureNotAcceptable "signature-not-acceptable" Objection
        "A request for a signature that does not accept its media type"
        means "A signature is a JWS, with the media type application/jose. Many HTTP clients send `Accept: application/json` automatically."
        remedy "Send `Accept: application/jose`, or no Accept."
        source "Truid's guide, signatures, step 5";
    SignatureWithoutSigning "signature-without-signing" Objection
        "A request for a signature with the access token of another function"
        means "Only a grant of the function sign has a signature. That the answer is 403 insufficient_scope is a guess."
        remedy "Send the access token that belongs to the signing."
        source "Truid's guide, signatures, step 5; RFC 6750 section 3.1";
}
