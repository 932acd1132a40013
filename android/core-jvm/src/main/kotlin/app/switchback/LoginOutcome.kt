package app.switchback

/**
 * The outcome of a login: one of exactly these four. None of them is an error. Later versions may add a
 * [LoginFailure.Code], but no outcome.
 */
public sealed class LoginOutcome {
    /** A stable text for statistics and crash reports: `logged_in`, `declined`, `pending`, or the failure's code. */
    public abstract val code: String

    /**
     * The attempt of this login. [SwitchbackClient.timeline] says what happened in it, also after the person
     * declined or the login failed. Null if the link belongs to no attempt in this store.
     */
    public abstract val attempt: AttemptId?

    internal abstract val messageKey: String

    /** What to show to the person, in the language of this device; in English if Switchback does not have it. */
    public val userMessage: String get() = userMessage(systemLanguage())

    /**
     * What to show to the person in this language; in English if Switchback does not have it.
     *
     * @param language an ISO 639 code: `en`, `sv`, `fr`, `nl`, `de`
     */
    public fun userMessage(language: String): String = Messages.text(messageKey, language)

    /**
     * The person is logged in. The same link leads to the same session again.
     *
     * @property session the session; [Session.deniedScopes] lists the data that was not granted
     */
    public class LoggedIn(public val session: Session) : LoginOutcome() {
        override val code: String get() = "logged_in"
        override val attempt: AttemptId get() = AttemptId(session.id.text)
        override val messageKey: String get() = "outcome.logged_in"

        override fun equals(other: Any?): Boolean = other is LoggedIn && other.session == session

        override fun hashCode(): Int = session.hashCode()

        override fun toString(): String = "LoggedIn($session)"
    }

    /** The person declined in the identity app, and the link says so. */
    public class Declined(override val attempt: AttemptId? = null) : LoginOutcome() {
        override val code: String get() = "declined"
        override val messageKey: String get() = "outcome.declined"

        override fun equals(other: Any?): Boolean = other is Declined && other.attempt == attempt

        override fun hashCode(): Int = attempt.hashCode()

        override fun toString(): String = "Declined"
    }

    /**
     * The person came back to the app without the link. That is no refusal: the person may go back to the
     * identity app, and its link still completes the login. The outcome is then in
     * [SwitchbackClient.events]. Only the library for phones notices this.
     *
     * The app can open the login again, or drop it with [SwitchbackClient.cancelLogin].
     *
     * @property login the login that waits
     */
    public class Pending(public val login: PendingLogin) : LoginOutcome() {
        override val code: String get() = "pending"
        override val attempt: AttemptId get() = login.id
        override val messageKey: String get() = "outcome.pending"

        override fun equals(other: Any?): Boolean = other is Pending && other.login.id == login.id

        override fun hashCode(): Int = login.id.hashCode()

        override fun toString(): String = "Pending($login)"
    }

    /**
     * The login failed.
     *
     * @property failure why
     */
    public class Failed(public val failure: LoginFailure) : LoginOutcome() {
        override val code: String get() = failure.code.text
        override val attempt: AttemptId? get() = failure.attempt
        override val messageKey: String get() = failure.messageKey

        override fun equals(other: Any?): Boolean = other is Failed && other.failure == failure

        override fun hashCode(): Int = failure.hashCode()

        override fun toString(): String = "Failed($failure)"
    }
}

/**
 * Why a login failed.
 *
 * @property code the kind of failure
 * @property message what happened and what to do, in English, for developers and logs
 * @property oauthError the server's error, if it sent one
 * @property attempt the attempt that failed: see [LoginOutcome.attempt]
 */
public class LoginFailure @JvmOverloads constructor(
    public val code: Code,
    public val message: String = code.message,
    public val oauthError: OAuthError? = null,
    public val attempt: AttemptId? = null,
) {
    internal val messageKey: String get() = (if (code in Code.values) "failure." else "error.") + code.text

    /** What to show to the person, in the language of this device; in English if Switchback does not have it. */
    public val userMessage: String get() = userMessage(systemLanguage())

    /**
     * What to show to the person in this language; in English if Switchback does not have it.
     *
     * @param language an ISO 639 code: `en`, `sv`, `fr`, `nl`, `de`
     */
    public fun userMessage(language: String): String = Messages.text(messageKey, language)

    override fun equals(other: Any?): Boolean =
        other is LoginFailure && other.code == code && other.message == message && other.oauthError == oauthError &&
            other.attempt == attempt

    override fun hashCode(): Int = code.hashCode()

    override fun toString(): String = "${code.text}: $message"

    /**
     * A kind of failure. A later version may add kinds: handle the ones that matter to the app, and show
     * [LoginFailure.userMessage] for all others. If [SwitchbackClient.handle] completed the login in the
     * background, the kind can also be a [SwitchbackException.code].
     *
     * @property text a stable text, for example `expired`
     */
    @JvmInline
    public value class Code(public val text: String) {
        internal val message: String get() = MESSAGES[text] ?: text

        override fun toString(): String = text

        public companion object {
            /** The provider or the backend refused the login: [LoginFailure.oauthError] is its error. */
            public val REFUSED: Code = Code("refused")

            /** The provider's answer was lost. The person can log in again. */
            public val INTERRUPTED: Code = Code("interrupted")

            /** The link came too late, or did not come in time. */
            public val EXPIRED: Code = Code("expired")

            /** The person approved, but the backend has no record of this login any more (mediated mode). */
            public val FORGOTTEN: Code = Code("forgotten")

            /** Another person logged in than [LoginRequest.person] requires. That login was dropped. */
            public val OTHER_PERSON: Code = Code("other_person")

            /** The link does not lead to a redirect URI of this client. */
            public val NOT_OURS: Code = Code("not_ours")

            /** The link leads to this client, but cannot be read. */
            public val MALFORMED: Code = Code("malformed")

            /** This store has no attempt for the link. */
            public val UNKNOWN: Code = Code("unknown")

            /** The login was completed before, and its session has ended. */
            public val REPLAYED: Code = Code("replayed")

            /** Neither the identity app nor a browser could be opened. */
            public val NOT_OPENED: Code = Code("not_opened")

            /** All kinds that this version knows. */
            public val values: List<Code> = listOf(
                REFUSED, INTERRUPTED, EXPIRED, FORGOTTEN, OTHER_PERSON, NOT_OURS, MALFORMED, UNKNOWN, REPLAYED, NOT_OPENED,
            )
        }
    }
}

/**
 * The error that an OAuth server sent (RFC 6749 §4.1.2.1 and §5.2).
 *
 * @property code for example `invalid_scope`
 * @property message the server's text, for developers and not for the person
 */
public class OAuthError @JvmOverloads constructor(public val code: String, public val message: String? = null) {
    override fun equals(other: Any?): Boolean =
        other is OAuthError && other.code == code && other.message == message

    override fun hashCode(): Int = code.hashCode()

    override fun toString(): String = listOfNotNull(code, message).joinToString(": ")
}

/** For developers, by [LoginFailure.Code.text]. */
private val MESSAGES = mapOf(
    "refused" to "the provider or the backend refused the login",
    "interrupted" to "the response to the authorization code was lost, and the code cannot be sent again: begin a new login",
    "expired" to "the login took longer than SwitchbackConfig.loginTimeout: begin a new login",
    "forgotten" to "the backend has no record of this login any more: begin a new login",
    "other_person" to "another person logged in than LoginRequest.person requires: that login was dropped",
    "not_ours" to "the link does not lead to a redirect URI of this client",
    "malformed" to "the link leads to this client, but cannot be read",
    "unknown" to "this store has no attempt for the link: it was cancelled or begun on another device, or the link is forged",
    "replayed" to "the login was completed before, and its session has ended: begin a new login",
    "not_opened" to "the opener could open neither the identity app nor a browser: the attempt was cancelled",
)
