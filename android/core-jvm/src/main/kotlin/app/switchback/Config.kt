package app.switchback

import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * What an app configures once. The constructor of [SwitchbackClient] checks it. An error message says
 * what to change.
 *
 * There is no property for a client secret: everyone who has an app can read what is in it. If the
 * provider requires a secret, the service's backend holds it: [Mode.mediated].
 *
 * @property provider the service that the person logs in with
 * @property mode which program talks to the provider
 * @property redirectUri where the identity app sends the person back to: an App Link of this app, exactly
 *   as it is registered. In mediated mode it is on the backend's own origin
 * @property redirectUris the redirect URIs of the purposes that have a separate one; all others use
 *   [redirectUri]
 * @property testService whether the client is registered with the provider as a test service, which may
 *   use `http` and custom schemes in its redirect URI
 * @property loginTimeout how long a login may take, at most a day. A link that arrives later results in
 *   [LoginFailure.Code.EXPIRED]
 * @property refreshSkew an access token that expires within this time is refreshed before the client
 *   returns it, but not before three quarters of its lifetime are over
 */
public class SwitchbackConfig(
    public val provider: Provider,
    public val mode: Mode,
    public val redirectUri: String,
    public val redirectUris: Map<Purpose, String> = emptyMap(),
    public val testService: Boolean = false,
    public val loginTimeout: Duration = 10.minutes,
    public val refreshSkew: Duration = 30.seconds,
)

/** The service that a person logs in with. For each service there is a function here that makes one. */
public class Provider private constructor(
    internal val id: String,
    internal val baseUrl: String?,
    internal val issuer: String?,
    internal val revocation: String?,
    internal val endSession: String?,
) {
    override fun toString(): String = "Provider($id)"

    public companion object {
        /**
         * Truid.
         *
         * @param baseUrl the base URL, if it is not `https://api.truid.app`: a test environment, or a
         *   sandbox on loopback
         * @param issuer the issuer that every callback must name (RFC 9207)
         * @param revocation the path below the base URL where tokens are revoked (RFC 7009)
         * @param endSession the path below the base URL where the person's session with the provider ends
         *   (OpenID Connect RP-Initiated Logout 1.0)
         */
        public fun truid(
            baseUrl: String? = null,
            issuer: String? = null,
            revocation: String? = null,
            endSession: String? = null,
        ): Provider = Provider("truid", baseUrl, issuer, revocation, endSession)
    }
}

/** Which program talks to the provider. Make it with [direct] or [mediated]. */
public class Mode private constructor(internal val clientId: String?, internal val backend: Backend?) {
    public companion object {
        /**
         * The app talks to the provider, as a public client. Not every provider allows that.
         *
         * @param clientId the client id of the app's registration
         */
        public fun direct(clientId: String): Mode = Mode(clientId, null)

        /**
         * The service's backend talks to the provider. It holds the client secret and the provider's
         * tokens. The app has a session with the backend.
         */
        public fun mediated(backend: Backend): Mode = Mode(null, backend)
    }
}

/** The service's backend. Make it with [switchback] or [custom]. */
public class Backend private constructor(
    internal val baseUrl: String? = null,
    internal val startUrl: String? = null,
    internal val userInfo: String? = null,
    internal val presentation: String? = null,
    internal val logOut: String? = null,
) {
    public companion object {
        /**
         * A backend that is made with Switchback.
         *
         * @param baseUrl the base URL of its routes, for example `https://service.example/truid`
         */
        public fun switchback(baseUrl: String): Backend = Backend(baseUrl = baseUrl)

        /**
         * A backend that the service wrote itself. A session cannot use a route whose URL is missing
         * here.
         *
         * @param startUrl where a login starts; `{purpose}` in it is replaced by [Purpose.text]
         * @param userInfo where [Session.userInfo] is read
         * @param presentation where [Session.presentation] is read
         * @param logOut where the person logs out
         */
        public fun custom(
            startUrl: String,
            userInfo: String? = null,
            presentation: String? = null,
            logOut: String? = null,
        ): Backend = Backend(null, startUrl, userInfo, presentation, logOut)
    }
}
