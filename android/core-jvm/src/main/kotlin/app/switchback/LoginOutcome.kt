package app.switchback

/**
 * What became of a login. None of these is an error, and there are exactly these three: what is new
 * one day is a new [LoginFailure.Code].
 */
public sealed class LoginOutcome {
    /** A stable text for statistics and crash reports: `logged_in`, `declined`, or the failure's. */
    public abstract val code: String

    internal abstract val messageKey: String

    /** What to tell the person, in the language of this device where Switchback has it. */
    public val userMessage: String get() = userMessage(systemLanguage())

    /**
     * What to tell the person, in this language where Switchback has it, else in English.
     *
     * @param language a code of ISO 639: `en`, `sv`, `fr`, `nl`, `de`
     */
    public fun userMessage(language: String): String = Messages.text(messageKey, language)

    /**
     * The person is logged in. The same link gives the same session again.
     *
     * @property session the session; [Session.deniedScopes] says what was asked for and not granted
     */
    public class LoggedIn(public val session: Session) : LoginOutcome() {
        override val code: String get() = "logged_in"
        override val messageKey: String get() = "outcome.logged_in"

        override fun equals(other: Any?): Boolean = other is LoggedIn && other.session == session

        override fun hashCode(): Int = session.hashCode()

        override fun toString(): String = "LoggedIn($session)"
    }

    /** The person declined in the identity app: the link itself says so. */
    public data object Declined : LoginOutcome() {
        override val code: String get() = "declined"
        override val messageKey: String get() = "outcome.declined"
    }

    /**
     * No login came of it.
     *
     * @property failure why
     */
    public class Failed(public val failure: LoginFailure) : LoginOutcome() {
        override val code: String get() = failure.code.text
        override val messageKey: String get() = failure.messageKey

        override fun equals(other: Any?): Boolean = other is Failed && other.failure == failure

        override fun hashCode(): Int = failure.hashCode()

        override fun toString(): String = "Failed($failure)"
    }
}

/**
 * Why no login came of it.
 *
 * @property code which kind of failure it is
 * @property description what happened and what to do, in English, for a developer and a log
 * @property oauthError what the server said, where it said something
 */
public class LoginFailure @JvmOverloads constructor(
    public val code: Code,
    public val description: String = code.description,
    public val oauthError: OAuthError? = null,
) {
    internal val messageKey: String get() = (if (code in Code.values) "failure." else "error.") + code.text

    /** What to tell the person, in the language of this device where Switchback has it. */
    public val userMessage: String get() = userMessage(systemLanguage())

    /**
     * What to tell the person, in this language where Switchback has it, else in English.
     *
     * @param language a code of ISO 639: `en`, `sv`, `fr`, `nl`, `de`
     */
    public fun userMessage(language: String): String = Messages.text(messageKey, language)

    override fun equals(other: Any?): Boolean =
        other is LoginFailure && other.code == code && other.description == description && other.oauthError == oauthError

    override fun hashCode(): Int = code.hashCode()

    override fun toString(): String = "${code.text}: $description"

    /**
     * A kind of failure. There may be more in a later version: handle those that are of interest, and
     * show [LoginFailure.userMessage] for all others. A login that was completed in the background
     * ([SwitchbackClient.handle]) may also fail with a [SwitchbackException.code].
     *
     * @property text stable: `expired` for example
     */
    @JvmInline
    public value class Code(public val text: String) {
        internal val description: String get() = DESCRIPTIONS[text] ?: text

        override fun toString(): String = text

        public companion object {
            /** The provider or the backend refused: [LoginFailure.oauthError] says what it said. */
            public val REFUSED: Code = Code("refused")

            /** The answer of the provider was lost: a new login is all that is needed. */
            public val INTERRUPTED: Code = Code("interrupted")

            /** The link came too late, or did not come in time. */
            public val EXPIRED: Code = Code("expired")

            /** The person approved, and the backend does not know this login any more. */
            public val FORGOTTEN: Code = Code("forgotten")

            /** Somebody else logged in than [LoginRequest.person] asked for. */
            public val OTHER_PERSON: Code = Code("other_person")

            /** The link does not lead to this client's redirect URI. */
            public val NOT_OURS: Code = Code("not_ours")

            /** The link leads here and cannot be read. */
            public val MALFORMED: Code = Code("malformed")

            /** No attempt in this store belongs to the link. */
            public val UNKNOWN: Code = Code("unknown")

            /** The login was completed before, and its session is over. */
            public val REPLAYED: Code = Code("replayed")

            /** Neither the identity app nor a browser could be opened. */
            public val NOT_OPENED: Code = Code("not_opened")

            /** All that this version knows. */
            public val values: List<Code> = listOf(
                REFUSED, INTERRUPTED, EXPIRED, FORGOTTEN, OTHER_PERSON, NOT_OURS, MALFORMED, UNKNOWN, REPLAYED, NOT_OPENED,
            )
        }
    }
}

/**
 * What an OAuth server said (RFC 6749 §4.1.2.1 and §5.2).
 *
 * @property code `invalid_scope` for example
 * @property description the server's own words, for a developer and not for the person
 */
public class OAuthError @JvmOverloads constructor(public val code: String, public val description: String? = null) {
    override fun equals(other: Any?): Boolean =
        other is OAuthError && other.code == code && other.description == description

    override fun hashCode(): Int = code.hashCode()

    override fun toString(): String = listOfNotNull(code, description).joinToString(": ")
}

/** For developers, by [LoginFailure.Code.text]. */
private val DESCRIPTIONS = mapOf(
    "refused" to "the provider or the backend refused the login",
    "interrupted" to "the answer to the code was lost, and the code cannot be sent again: begin a new login",
    "expired" to "the login took longer than SwitchbackConfig.loginTimeout: begin a new login",
    "forgotten" to "the backend does not know this login any more: begin a new login",
    "other_person" to "somebody else logged in than LoginRequest.person: that login was dropped",
    "not_ours" to "the link does not lead to a redirect URI of this client",
    "malformed" to "the link leads here and cannot be read",
    "unknown" to "no attempt in this store belongs to the link: it was cancelled, begun on another device, or the link is forged",
    "replayed" to "the login was completed before, and its session is over: begin a new login",
    "not_opened" to "the opener could open neither the identity app nor a browser: the attempt was cancelled",
)
