package app.switchback

import java.util.concurrent.CopyOnWriteArraySet
import kotlinx.coroutines.flow.StateFlow

/**
 * One person's session at one service. It provides an access token that is always valid, and the person's
 * claims. It stays usable while its [SwitchbackClient] is open. Two sessions are equal if their [id] is
 * equal.
 */
public class Session internal constructor(internal val core: SessionCore) {
    /** The id. An app can store it, and open the session with it later: [SwitchbackClient.session]. */
    public val id: SessionId get() = core.id

    /** The clients whose current session this is or was. */
    internal val followers = CopyOnWriteArraySet<CurrentSessionTracker>()

    /** The purpose of the login. */
    public val purpose: Purpose get() = core.purpose

    /** When the person logged in, in seconds since 1970-01-01 UTC. */
    public val loggedInAtEpochSeconds: Long get() = core.loggedInAtEpochSeconds

    /**
     * When the access token expires, in seconds since 1970-01-01 UTC; null if that is unknown.
     * [accessToken] refreshes it before.
     */
    public val expiresAtEpochSeconds: Long? get() = core.expiresAtEpochSeconds

    /** The scope that the service granted. */
    public val scope: List<DataPoint> get() = core.scope

    /** The data that the app asked for and the service did not grant. */
    public val deniedScopes: List<DataPoint> get() = core.deniedScopes

    /**
     * The identifier of the person at this client, for [LoginRequest.person]; null if the client has not
     * read it yet.
     */
    public val subject: String? get() = core.subject

    /**
     * Why the session has ended; null if it has not ended as far as this client knows. The service may
     * have ended it in the meantime: [accessToken] finds out.
     */
    public val end: SessionEnd? get() = core.end

    /** Whether the person is logged in by this session: the state now, and each change. */
    public val state: StateFlow<SessionState> get() = core.state

    /**
     * A valid access token. If necessary, the session refreshes it first, with one request for all
     * concurrent callers. The refresh continues if its callers are cancelled. This works in direct mode,
     * and if the backend gives tokens to the app; [authorize] works in both modes.
     *
     * @throws SwitchbackException.LoginRequired if the session has ended
     */
    public suspend fun accessToken(): AccessToken = calling { accessToken(null) }

    /**
     * A new access token, after a resource server refused this one with 401. All concurrent callers share
     * one refresh.
     *
     * @param after the token that was refused
     * @throws SwitchbackException.LoginRequired if the session has ended
     */
    public suspend fun accessToken(after: AccessToken): AccessToken = calling { accessToken(after) }

    /**
     * The headers for a request of the app to its backend, or in direct mode to the provider: a valid
     * access token, or the backend's cookies. Afterwards, pass the response to [answered].
     *
     * @param url the URL of that request; the headers are for this URL only
     * @throws SwitchbackException.Configuration if the URL belongs neither to the backend nor to the
     *   provider
     * @throws SwitchbackException.LoginRequired if the session has ended
     */
    public suspend fun authorize(url: String): Authorization = calling { authorize(url) }

    /**
     * Reports the response to a request that was sent with an [Authorization].
     *
     * @param sent the authorization that the request was sent with
     * @param status the status of the response
     * @param setCookie its `Set-Cookie` headers
     * @return null if the response is for the app; otherwise the authorization for sending the same
     *   request again
     * @throws SwitchbackException.LoginRequired if the session has ended
     */
    public suspend fun answered(sent: Authorization, status: Int, setCookie: List<String> = emptyList()): Authorization? =
        calling { answered(sent, status, setCookie) }

    /**
     * Reads the OpenID user info of the person from the provider or the backend, each time it is called.
     *
     * @throws SwitchbackException.LoginRequired if the session has ended
     */
    public suspend fun userInfo(): UserInfo = calling { userInfo() }

    /**
     * Reads a presentation of these claims. A claim is not in it if the person did not share its data, or
     * has no such data.
     *
     * @throws SwitchbackException.Configuration if the service has no presentations
     * @throws SwitchbackException.LoginRequired if the session has ended
     */
    public suspend fun presentation(vararg claims: ClaimType): Presentation =
        calling { presentation(claims.asList()) }

    /**
     * Fetches the signature of a login for [Purpose.SIGNING] from the provider, in direct mode, and verifies it
     * against what the person was asked to sign, which is stored with the session. The provider returns it
     * for a limited time (Truid: 30 days), as often as it is requested. A wrong signature is a report, and
     * throws nothing.
     *
     * @throws SwitchbackException.Configuration if the login was no signing; in mediated mode, where the
     *   backend fetches and verifies the signature
     * @throws SwitchbackException.LoginRequired if the session has ended
     */
    public suspend fun signature(verifier: SignatureVerifier): DocumentSignature = calling { signature(verifier) }

    /**
     * Ends the session: removes its tokens or cookies from the store, and revokes the session at the
     * service, if the service supports that. A logout is final. It takes precedence over a concurrent
     * refresh, also in another process.
     *
     * When it returns, [state] and [SwitchbackClient.current] already show the logout. If it throws, the
     * person is **still logged in**.
     */
    public suspend fun logOut(): LogOut = calling { logOut() }

    /** Runs the call. If it ended the session, [SwitchbackClient.current] already shows that when this returns. */
    internal suspend fun <T> calling(call: suspend SessionCore.() -> T): T = try {
        core.call()
    } finally {
        if (end != null) followers.forEach { it.refresh() }
    }

    override fun equals(other: Any?): Boolean = other is Session && other.id == id

    override fun hashCode(): Int = id.hashCode()

    override fun toString(): String = "Session($id)"

    public companion object {
        /**
         * A session for previews and tests of an app. It needs no native library, and returns the values
         * that are passed here.
         *
         * @param claims the claims for [presentation]
         * @param userInfo the value of [Session.userInfo]
         * @param purpose the purpose of the login
         * @param id the id
         */
        public fun fake(
            claims: Map<ClaimType, String> = emptyMap(),
            userInfo: UserInfo = UserInfo("fake-person"),
            purpose: Purpose = Purpose.LOGIN,
            id: SessionId = SessionId("00000000000000000000000000000000"),
        ): Session = Session(FakeSession(claims, userInfo, purpose, id))
    }
}

/** Whether the person is logged in by a session. */
public sealed class SessionState {
    /**
     * The person is logged in.
     *
     * @property expiresAtEpochSeconds when the access token expires, in seconds since 1970-01-01 UTC;
     *   null if that is unknown. The session refreshes it before
     */
    public class LoggedIn internal constructor(public val expiresAtEpochSeconds: Long?) : SessionState() {
        override fun equals(other: Any?): Boolean =
            other is LoggedIn && other.expiresAtEpochSeconds == expiresAtEpochSeconds

        override fun hashCode(): Int = expiresAtEpochSeconds.hashCode()

        override fun toString(): String = "LoggedIn(expiresAtEpochSeconds=$expiresAtEpochSeconds)"
    }

    /** The person logged out in this app. */
    public data object LoggedOut : SessionState()

    /**
     * The session ended, but not by a logout in this app: offer a login, and say why.
     *
     * @property reason why it ended
     */
    public class LoginRequired internal constructor(public val reason: SessionEnd) : SessionState() {
        override fun equals(other: Any?): Boolean = other is LoginRequired && other.reason == reason

        override fun hashCode(): Int = reason.hashCode()

        override fun toString(): String = "LoginRequired($reason)"
    }
}

/** The current session of a client: the newest one that has not ended. [SwitchbackClient.current] follows it. */
public sealed class CurrentSession {
    /** The client has not read the store yet. */
    public data object Loading : CurrentSession()

    /**
     * A person is logged in.
     *
     * @property session the person's session
     */
    public class LoggedIn internal constructor(public val session: Session) : CurrentSession() {
        override fun equals(other: Any?): Boolean = other is LoggedIn && other.session == session

        override fun hashCode(): Int = session.hashCode()

        override fun toString(): String = "LoggedIn($session)"
    }

    /**
     * No person is logged in.
     *
     * @property reason why the last session ended, if this client observed the end; else null
     */
    public class LoggedOut internal constructor(public val reason: SessionEnd?) : CurrentSession() {
        override fun equals(other: Any?): Boolean = other is LoggedOut && other.reason == reason

        override fun hashCode(): Int = reason.hashCode()

        override fun toString(): String = "LoggedOut($reason)"
    }

    /**
     * The store cannot be read now. The person may still be logged in. If the error
     * [is retryable][SwitchbackException.isRetryable], the client automatically reads the store again.
     *
     * @property error why
     */
    public class Unavailable internal constructor(public val error: SwitchbackException) : CurrentSession() {
        override fun toString(): String = "Unavailable(${error.code})"
    }
}

/**
 * Why a session ended. A later version may add reasons.
 *
 * @property text a stable text, for example `revoked`
 */
@JvmInline
public value class SessionEnd(public val text: String) {
    /** What to show to the person, in the language of this device; in English if Switchback does not have it. */
    public val userMessage: String get() = userMessage(systemLanguage())

    /**
     * What to show to the person in this language; in English if Switchback does not have it.
     *
     * @param language an ISO 639 code: `en`, `sv`, `fr`, `nl`, `de`
     */
    public fun userMessage(language: String): String = Messages.text("end.$text", language)

    override fun toString(): String = text

    public companion object {
        /** The person logged out in this app. */
        public val LOGGED_OUT: SessionEnd = SessionEnd("logged_out")

        /** The service ended the session: the person logged out there, or was idle for too long. */
        public val REVOKED: SessionEnd = SessionEnd("revoked")

        /** The access token has expired, and there is no refresh token. */
        public val EXPIRED: SessionEnd = SessionEnd("expired")

        /** The service refused a refresh token that had been sent before, and whose first response was lost. */
        public val ROTATION_INTERRUPTED: SessionEnd = SessionEnd("rotation_interrupted")

        /** The service answered a refresh with the tokens of another person. They were dropped. */
        public val OTHER_PERSON: SessionEnd = SessionEnd("other_person")

        /** The service's backend does not accept the session any more. */
        public val ENDED_BY_BACKEND: SessionEnd = SessionEnd("ended_by_backend")

        /** The session's entry in the store is damaged. */
        public val DAMAGED: SessionEnd = SessionEnd("damaged")

        /** This store has no such session. */
        public val NO_SESSION: SessionEnd = SessionEnd("no_session")

        /** All reasons that this version knows. */
        public val values: List<SessionEnd> =
            listOf(LOGGED_OUT, REVOKED, EXPIRED, ROTATION_INTERRUPTED, OTHER_PERSON, ENDED_BY_BACKEND, DAMAGED, NO_SESSION)
    }
}

/** An access token. Its text is `[redacted]`. */
public class AccessToken internal constructor(private val expose: () -> String) {
    /** The token itself, a secret. Check every use of this property in a review. */
    public val value: String get() = expose()

    override fun toString(): String = "[redacted]"
}

/**
 * The headers for one request of the app. Its text shows no header value.
 *
 * @property url the URL that the headers are for; do not send them to another URL
 * @property headers `authorization` or `cookie`; empty if no cookie belongs to that URL
 */
public class Authorization internal constructor(
    public val url: String,
    public val headers: List<HttpHeader>,
    internal val core: Any?,
) {
    override fun toString(): String = "Authorization(headers=${headers.map(HttpHeader::name)})"
}

/**
 * The result of a logout. The person is logged out in this app in any case.
 *
 * @property revocation whether the service has ended the session
 * @property endSessionUrl open this URL in a browser to end the person's session with the service itself;
 *   null if the service has no such page (OpenID Connect RP-Initiated Logout 1.0). The URL identifies the
 *   session: do not log it
 */
public class LogOut internal constructor(public val revocation: Revocation, public val endSessionUrl: String?) {
    override fun toString(): String = "LogOut(revocation=$revocation)"
}

/**
 * Whether the service ended a session after a logout. A later version may add values.
 *
 * @property text a stable text, for example `done`
 */
@JvmInline
public value class Revocation(public val text: String) {
    override fun toString(): String = text

    public companion object {
        /** The service offers no revocation: there the session ends when it is not refreshed any more. */
        public val NOT_OFFERED: Revocation = Revocation("not_offered")

        /** There was nothing to revoke: the session had ended before. */
        public val NOT_NEEDED: Revocation = Revocation("not_needed")

        /** The service has ended the session. */
        public val DONE: Revocation = Revocation("done")

        /** The service was not reached, or did not end the session. */
        public val FAILED: Revocation = Revocation("failed")
    }
}
