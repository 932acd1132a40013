package app.switchback

import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * What an app says about itself, once. [SwitchbackClient] checks it, and every complaint says what
 * to change.
 *
 * There is no place for a client secret: whatever is in an app can be read by everyone who has the
 * app. Where the provider demands a secret, the service's backend holds it: [Mode.mediated].
 *
 * @property provider the service that the person logs in with
 * @property mode who talks to the provider
 * @property redirectUri where the identity app sends the person back to, exactly as it is
 *   registered: an App Link of this app. In mediated mode it is on the backend's own origin
 * @property redirectUris the redirect URIs of the purposes that have one of their own; all others
 *   have [redirectUri]
 * @property testService whether the provider knows this client as a test service, which may use
 *   `http` and custom schemes in its redirect URI
 * @property loginTimeout how long a login may take, a day at most. A link that comes later gives
 *   [LoginFailure.Code.EXPIRED]
 * @property refreshSkew an access token that lives for less than this is refreshed before it is
 *   given out, but not before three quarters of its life are over
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

/** The service that a person logs in with. Each service has a function here that makes one. */
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
         * @param baseUrl another place than `https://api.truid.app`: a test environment, or a sandbox
         *   on loopback
         * @param issuer the issuer that every callback must name (RFC 9207)
         * @param revocation the path below the base URL where tokens are revoked (RFC 7009)
         * @param endSession the path below the base URL where the person's session with the provider
         *   is ended (OpenID Connect RP-Initiated Logout 1.0)
         */
        public fun truid(
            baseUrl: String? = null,
            issuer: String? = null,
            revocation: String? = null,
            endSession: String? = null,
        ): Provider = Provider("truid", baseUrl, issuer, revocation, endSession)
    }
}

/** Who talks to the provider: made by [direct] or [mediated]. */
public class Mode private constructor(internal val clientId: String?, internal val backend: Backend?) {
    public companion object {
        /**
         * The app itself, as a public client. Not every provider allows that.
         *
         * @param clientId the client id that the app was registered with
         */
        public fun direct(clientId: String): Mode = Mode(clientId, null)

        /**
         * The service's backend, which holds the client secret and the provider's tokens. The app
         * has a session with the backend.
         */
        public fun mediated(backend: Backend): Mode = Mode(null, backend)
    }
}

/** The service's backend: made by [switchback] or [custom]. */
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
         * @param baseUrl where its routes are, `https://service.example/truid` for example
         */
        public fun switchback(baseUrl: String): Backend = Backend(baseUrl = baseUrl)

        /**
         * A backend of the service's own. What it has no URL for cannot be asked for.
         *
         * @param startUrl where a login starts; `{purpose}` in it stands for [Purpose.code]
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
