package app.switchback

import kotlin.time.Duration

/**
 * The exception that Switchback's calls throw. Its subclasses say what to do next. A later version may
 * add subclasses, so let the last `catch` be for this class.
 *
 * No error contains a token, a code, a cookie or a claim. [message] is for developers and logs;
 * [userMessage] is for the person. There is a [cause] only if code outside Switchback threw it: the app's
 * store or opener, or the JVM.
 */
public open class SwitchbackException internal constructor(
    /**
     * A stable text for crash reports: `try_again`, `login_required`, `store_locked`, `store`,
     * `configuration`, `protocol`, `signing_unavailable`, `internal`.
     */
    public val code: String,
    message: String,
    /**
     * A more exact stable text, if there is one: why the session ended (`revoked`), why the store failed
     * (`full`), which rule of the protocol the service broke, or why the backend does not begin the signing
     * (`signing_closed`).
     */
    public val detail: String? = null,
    /** Whether the app may make the same call again, unchanged. The person is still logged in. */
    public val isRetryable: Boolean = false,
    /** How long to wait before the same call, if the service said so. */
    public val retryAfter: Duration? = null,
    /** Why the session ended, if it did. */
    public val reason: SessionEnd? = null,
    cause: Throwable? = null,
) : Exception(message, cause) {
    /** What happened and what to do, in English, for a developer and a log. */
    override val message: String get() = super.message.orEmpty()

    /** What to show to the person, in the language of this device; in English if Switchback does not have it. */
    public val userMessage: String get() = userMessage(systemLanguage())

    /**
     * What to show to the person in this language; in English if Switchback does not have it.
     *
     * @param language an ISO 639 code: `en`, `sv`, `fr`, `nl`, `de`
     */
    public fun userMessage(language: String): String =
        reason?.userMessage(language) ?: Messages.text("error.$code", language)

    /** The network or the service was not available: make the same call again, after [retryAfter]. */
    public class TryAgain internal constructor(message: String, retryAfter: Duration?) :
        SwitchbackException("try_again", message, isRetryable = true, retryAfter = retryAfter)

    /** The session has ended: let the person log in again. [reason] says why it ended. */
    public class LoginRequired internal constructor(message: String, reason: SessionEnd) :
        SwitchbackException("login_required", message, reason.text, reason = reason)

    /**
     * The store cannot be read yet: the phone has not been unlocked since it started. The person is still
     * logged in. Wait, and make the same call again.
     */
    public class StoreLocked internal constructor(message: String) :
        SwitchbackException("store_locked", message, isRetryable = true)

    /** The store failed: [detail] says how, and [cause] is the exception that it threw. */
    public class StoreFailed internal constructor(message: String, cause: StoreException) :
        SwitchbackException("store", message, cause.code, cause = cause)

    /** The configuration is wrong, or does not allow this call: [message] says what to change. */
    public class Configuration internal constructor(message: String, cause: Throwable? = null) :
        SwitchbackException("configuration", message, cause = cause)

    /** The service broke the protocol. [detail] names the rule: report it to the service. */
    public class Protocol internal constructor(message: String, rule: String) :
        SwitchbackException("protocol", message, rule)

    /**
     * The backend does not begin this signing (mediated mode), and refuses the same request again. [detail]
     * says why: `unknown_signing` (it has no signing with this id), `signing_closed` (a person has signed, or
     * the time is over), `other_person` (it is for another person). Ask the service for another signing.
     */
    public class SigningUnavailable internal constructor(message: String, why: String) :
        SwitchbackException("signing_unavailable", message, why)

    /** An error in Switchback itself: please report it. No stored data is lost. */
    public class Internal internal constructor(message: String) : SwitchbackException("internal", message)
}
