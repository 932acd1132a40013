package app.switchback

/**
 * The purpose of a login.
 *
 * @property text the name in a backend's URL and settings: `onboarding`, `login`,
 *   `identity_verification`, `signing`
 */
@JvmInline
public value class Purpose private constructor(public val text: String) {
    override fun toString(): String = text

    public companion object {
        /** The person becomes a user of the service. */
        public val ONBOARDING: Purpose = Purpose("onboarding")

        /** The person logs in. */
        public val LOGIN: Purpose = Purpose("login")

        /** The person proves who they are, once. */
        public val IDENTITY_VERIFICATION: Purpose = Purpose("identity_verification")

        /** The person signs a document. */
        public val SIGNING: Purpose = Purpose("signing")

        /** All purposes that this version knows. */
        public val values: List<Purpose> = listOf(ONBOARDING, LOGIN, IDENTITY_VERIFICATION, SIGNING)
    }
}

/**
 * The parameters of a login. Its text shows neither the values of [extra] nor [person], nor what is signed.
 *
 * @property purpose the purpose of the login
 * @property scope the data to ask for. In mediated mode the backend decides: leave this empty
 * @property nonce whether to send a `nonce`, which the ID token must repeat (OpenID Connect Core
 *   §3.1.2.1); false in mediated mode
 * @property extra additional parameters of the authorization request; in mediated mode of the request to
 *   the backend
 * @property person the person who must log in: [Session.subject] of an earlier session. If another person
 *   logs in, the outcome is [LoginFailure.Code.OTHER_PERSON]
 * @property sign what the person signs, if the purpose is [Purpose.SIGNING]. In mediated mode the backend
 *   decides: leave this out
 */
public class LoginRequest(
    public val purpose: Purpose,
    public val scope: List<DataPoint> = emptyList(),
    public val nonce: Boolean = false,
    public val extra: Map<String, String> = emptyMap(),
    public val person: String? = null,
    public val sign: SignRequest? = null,
) {
    override fun toString(): String =
        "LoginRequest(purpose=$purpose, scope=$scope, extra=${extra.keys}${if (person == null) "" else ", person=[redacted]"})"
}

/**
 * A login that waits for its link.
 *
 * @property id the id of the attempt, for [SwitchbackClient.reopen] and [SwitchbackClient.cancelLogin]
 * @property purpose the purpose of the login
 * @property startedAtEpochSeconds when it began, in seconds since 1970-01-01 UTC
 * @property expiresAtEpochSeconds when it expires, in seconds since 1970-01-01 UTC: a later link is too
 *   late
 */
public class PendingLogin internal constructor(
    public val id: AttemptId,
    public val purpose: Purpose,
    public val startedAtEpochSeconds: Long,
    public val expiresAtEpochSeconds: Long,
) {
    override fun toString(): String = "PendingLogin($id, $purpose)"
}

/**
 * One event of a login, for the app to show or to send to support. It contains no secret.
 *
 * @property atEpochSeconds when it happened, in seconds since 1970-01-01 UTC
 * @property event a stable name, for example `callback.received`
 * @property note a detail, in English
 */
public class TimelineEntry internal constructor(
    public val atEpochSeconds: Long,
    public val event: String,
    public val note: String?,
) {
    override fun toString(): String = listOfNotNull("$atEpochSeconds $event", note).joinToString(": ")
}
