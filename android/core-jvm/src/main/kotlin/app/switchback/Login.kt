package app.switchback

/**
 * What a login is for.
 *
 * @property code as it is written in a backend's URL and settings: `onboarding`, `login`,
 *   `identity_verification`
 */
@JvmInline
public value class Purpose private constructor(public val code: String) {
    override fun toString(): String = code

    public companion object {
        /** The person becomes a user of the service. */
        public val ONBOARDING: Purpose = Purpose("onboarding")

        /** The person logs in. */
        public val LOGIN: Purpose = Purpose("login")

        /** The person proves who they are, once. */
        public val IDENTITY_VERIFICATION: Purpose = Purpose("identity_verification")

        /** All that this version knows. */
        public val values: List<Purpose> = listOf(ONBOARDING, LOGIN, IDENTITY_VERIFICATION)
    }
}

/**
 * What a login is to be. Printed, it shows neither the values of [extra] nor [person].
 *
 * @property purpose what the login is for
 * @property scope what to ask for. In mediated mode the backend decides, and this is empty
 * @property nonce whether to send a `nonce` for the ID token to repeat (OpenID Connect Core §3.1.2.1);
 *   false in mediated mode
 * @property extra more parameters for the authorization request; in mediated mode for the backend
 * @property person whoever logs in must be this person, by [Session.subject] of an earlier session;
 *   somebody else's login is [LoginFailure.Code.OTHER_PERSON]
 */
public class LoginRequest(
    public val purpose: Purpose,
    public val scope: List<DataPoint> = emptyList(),
    public val nonce: Boolean = false,
    public val extra: Map<String, String> = emptyMap(),
    public val person: String? = null,
) {
    override fun toString(): String =
        "LoginRequest(purpose=$purpose, scope=$scope, extra=${extra.keys}${if (person == null) "" else ", person=[redacted]"})"
}

/**
 * A login that waits for its link.
 *
 * @property id names the attempt: for [SwitchbackClient.reopen] and [SwitchbackClient.cancelLogin]
 * @property purpose what the login is for
 * @property startedAtEpochSeconds when it began
 * @property expiresAtEpochSeconds from when on a link comes too late
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
 * One line of a login's timeline: to show, or to send to support. No secret is in it.
 *
 * @property atEpochSeconds when it happened
 * @property event a stable name, `callback.received` for example
 * @property note more about it, in English
 */
public class TimelineEntry internal constructor(
    public val atEpochSeconds: Long,
    public val event: String,
    public val note: String?,
) {
    override fun toString(): String = listOfNotNull("$atEpochSeconds $event", note).joinToString(": ")
}
