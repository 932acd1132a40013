package app.switchback

import kotlinx.coroutines.flow.StateFlow

/**
 * One person's session at one service: an access token that is always good, and who the person is. It
 * stays usable for as long as its [SwitchbackClient] is open. Two sessions are equal where their [id] is.
 */
public class Session internal constructor(internal val core: SessionCore) {
    /** Names it, to keep and to open it with later: [SwitchbackClient.session]. */
    public val id: SessionId get() = core.id

    /** What the person logged in for. */
    public val purpose: Purpose get() = core.purpose

    /** When the person logged in. */
    public val loggedInAtEpochSeconds: Long get() = core.loggedInAtEpochSeconds

    /** When the access token expires; it is refreshed before that whenever somebody asks for it. */
    public val expiresAtEpochSeconds: Long? get() = core.expiresAtEpochSeconds

    /** The scope that was granted. */
    public val scope: List<DataPoint> get() = core.scope

    /** What was asked for and not granted. */
    public val deniedScopes: List<DataPoint> get() = core.deniedScopes

    /** Who the person is to this client, where it was read before: for [LoginRequest.person]. */
    public val subject: String? get() = core.subject

    /**
     * Why it is over, where that is known. Null does not promise that the service has not ended it since:
     * [accessToken] finds out.
     */
    public val end: SessionEnd? get() = core.end

    /** Whether the person is logged in by it, now and whenever that changes. */
    public val state: StateFlow<SessionState> get() = core.state

    /**
     * An access token that is good: refreshed before, if need be, once for all who ask at the same time.
     * A refresh goes on when its callers are cancelled. In direct mode, or where the backend gives
     * tokens; [authorize] works in both modes.
     *
     * @throws SwitchbackException.LoginRequired where the session is over
     */
    public suspend fun accessToken(): AccessToken = core.accessToken(null)

    /**
     * Another access token, after a resource of yours has refused this one (401): by one refresh for all
     * who complain.
     *
     * @param after the token that was refused
     * @throws SwitchbackException.LoginRequired where the session is over
     */
    public suspend fun accessToken(after: AccessToken): AccessToken = core.accessToken(after)

    /**
     * What to send with a request of the app's own to its backend, or in direct mode to the provider: an
     * access token that is good, or the backend's cookies. Tell [answered] what came back.
     *
     * @param url the URL of that request: the headers are for it, and for no other
     * @throws SwitchbackException.Configuration where the URL is none of the backend's or the provider's
     * @throws SwitchbackException.LoginRequired where the session is over
     */
    public suspend fun authorize(url: String): Authorization = core.authorize(url)

    /**
     * Tells what came back of a request that was sent with an [Authorization].
     *
     * @param sent what the request was sent with
     * @param status the status of the answer
     * @param setCookie its `Set-Cookie` headers
     * @return null where the answer is the app's, or what to send the same request with again
     * @throws SwitchbackException.LoginRequired where the session is over
     */
    public suspend fun answered(sent: Authorization, status: Int, setCookie: List<String> = emptyList()): Authorization? =
        core.answered(sent, status, setCookie)

    /**
     * Who the person is, as OpenID user info: from the provider, or from the backend.
     *
     * @throws SwitchbackException.LoginRequired where the session is over
     */
    public suspend fun userInfo(): UserInfo = core.userInfo()

    /**
     * Who the person is, as a presentation of these claims. A claim whose data was not shared, or that the
     * person does not have, is not in it.
     *
     * @throws SwitchbackException.Configuration where the service has no presentations
     * @throws SwitchbackException.LoginRequired where the session is over
     */
    public suspend fun presentation(vararg claims: ClaimType): Presentation = core.presentation(claims.asList())

    /**
     * Ends the session: its tokens or cookies are removed from the store, and the service is told where it
     * can be. It is final, and wins over a refresh under way, also one in another process.
     *
     * Where it throws, the person is **still logged in**.
     */
    public suspend fun logOut(): LogOut = core.logOut()

    override fun equals(other: Any?): Boolean = other is Session && other.id == id

    override fun hashCode(): Int = id.hashCode()

    override fun toString(): String = "Session($id)"

    public companion object {
        /**
         * A session for previews and tests of an app: it needs no native library, and answers from what it
         * is given here.
         *
         * @param claims what [presentation] gives, where it is asked for it
         * @param userInfo what [Session.userInfo] gives
         * @param purpose what the person logged in for
         * @param id names it
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
     * @property expiresAtEpochSeconds when the access token expires: it is refreshed before
     */
    public class LoggedIn internal constructor(public val expiresAtEpochSeconds: Long?) : SessionState() {
        override fun equals(other: Any?): Boolean =
            other is LoggedIn && other.expiresAtEpochSeconds == expiresAtEpochSeconds

        override fun hashCode(): Int = expiresAtEpochSeconds.hashCode()

        override fun toString(): String = "LoggedIn(expiresAtEpochSeconds=$expiresAtEpochSeconds)"
    }

    /** Somebody logged out here. */
    public data object LoggedOut : SessionState()

    /**
     * It is over without anybody here having asked for it: offer a login, and say why.
     *
     * @property reason why
     */
    public class LoginRequired internal constructor(public val reason: SessionEnd) : SessionState() {
        override fun equals(other: Any?): Boolean = other is LoginRequired && other.reason == reason

        override fun hashCode(): Int = reason.hashCode()

        override fun toString(): String = "LoginRequired($reason)"
    }
}

/**
 * Who is logged in at a service: the newest session that is not over. [SwitchbackClient.current] follows
 * it.
 */
public sealed class CurrentSession {
    /** The store was not read yet. */
    public data object Loading : CurrentSession()

    /**
     * Somebody is logged in.
     *
     * @property session their session
     */
    public class LoggedIn internal constructor(public val session: Session) : CurrentSession() {
        override fun equals(other: Any?): Boolean = other is LoggedIn && other.session == session

        override fun hashCode(): Int = session.hashCode()

        override fun toString(): String = "LoggedIn($session)"
    }

    /**
     * Nobody is logged in.
     *
     * @property reason why the last session is over, where it ended while this client looked
     */
    public class LoggedOut internal constructor(public val reason: SessionEnd?) : CurrentSession() {
        override fun equals(other: Any?): Boolean = other is LoggedOut && other.reason == reason

        override fun hashCode(): Int = reason.hashCode()

        override fun toString(): String = "LoggedOut($reason)"
    }

    /**
     * The store cannot be read now: nobody is logged out by that. Where the error
     * [is retryable][SwitchbackException.isRetryable] the client reads again by itself.
     *
     * @property error why
     */
    public class Unavailable internal constructor(public val error: SwitchbackException) : CurrentSession() {
        override fun toString(): String = "Unavailable(${error.code})"
    }
}

/**
 * Why a session is over. There may be more in a later version.
 *
 * @property code stable: `revoked` for example
 */
@JvmInline
public value class SessionEnd(public val code: String) {
    /** What to tell the person, in the language of this device where Switchback has it. */
    public val userMessage: String get() = userMessage(systemLanguage())

    /**
     * What to tell the person, in this language where Switchback has it, else in English.
     *
     * @param language a code of ISO 639: `en`, `sv`, `fr`, `nl`, `de`
     */
    public fun userMessage(language: String): String = Messages.text("end.$code", language)

    override fun toString(): String = code

    public companion object {
        /** Somebody logged out here. */
        public val LOGGED_OUT: SessionEnd = SessionEnd("logged_out")

        /** The service ended it: the person logged out there, or was idle for too long. */
        public val REVOKED: SessionEnd = SessionEnd("revoked")

        /** The access token is over, and there is no refresh token. */
        public val EXPIRED: SessionEnd = SessionEnd("expired")

        /** The service refused a refresh token whose first answer was lost. */
        public val ROTATION_INTERRUPTED: SessionEnd = SessionEnd("rotation_interrupted")

        /** The service answered a refresh with the tokens of another person, which were dropped. */
        public val OTHER_PERSON: SessionEnd = SessionEnd("other_person")

        /** The service's backend does not accept the session any more. */
        public val ENDED_BY_BACKEND: SessionEnd = SessionEnd("ended_by_backend")

        /** What was stored of it is damaged. */
        public val DAMAGED: SessionEnd = SessionEnd("damaged")

        /** There is no such session in this store. */
        public val NO_SESSION: SessionEnd = SessionEnd("no_session")

        /** All that this version knows. */
        public val values: List<SessionEnd> =
            listOf(LOGGED_OUT, REVOKED, EXPIRED, ROTATION_INTERRUPTED, OTHER_PERSON, ENDED_BY_BACKEND, DAMAGED, NO_SESSION)
    }
}

/** An access token. Printed, it shows `[redacted]`. */
public class AccessToken internal constructor(private val expose: () -> String) {
    /** The token itself. Every use is a place to look at in a review. */
    public val value: String get() = expose()

    override fun toString(): String = "[redacted]"
}

/**
 * What to send with one request of the app's own. Printed, it shows no header.
 *
 * @property url the URL that the headers are for, and for no other
 * @property headers `authorization` or `cookie`, and none where no cookie belongs to that URL
 */
public class Authorization internal constructor(
    public val url: String,
    public val headers: List<HttpHeader>,
    internal val core: Any?,
) {
    override fun toString(): String = "Authorization(headers=${headers.map(HttpHeader::name)})"
}

/**
 * What logging out did. The person is logged out here in any case.
 *
 * @property revocation whether the service was told
 * @property endSessionUrl open this in a browser to end the person's session with the service itself,
 *   where it has such a page (OpenID Connect RP-Initiated Logout 1.0). It says whose session it is, and
 *   belongs in no log
 */
public class LogOut internal constructor(public val revocation: Revocation, public val endSessionUrl: String?) {
    override fun toString(): String = "LogOut(revocation=$revocation)"
}

/**
 * Whether the service was told that a session is not needed any more. There may be more in a later
 * version.
 *
 * @property code stable: `done` for example
 */
@JvmInline
public value class Revocation(public val code: String) {
    override fun toString(): String = code

    public companion object {
        /** The service has no way to be told: there the session ends when nobody refreshes it. */
        public val NOT_OFFERED: Revocation = Revocation("not_offered")

        /** There was nothing to tell: the session was over before. */
        public val NOT_NEEDED: Revocation = Revocation("not_needed")

        /** The service has ended the session. */
        public val DONE: Revocation = Revocation("done")

        /** The service was not reached, or did not do it. */
        public val FAILED: Revocation = Revocation("failed")
    }
}
