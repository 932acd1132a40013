package app.switchback

import kotlin.time.Duration

/**
 * What a call of Switchback throws. The subclasses say what to do next; there may be more of them in a
 * later version, so that a last `catch` is for this class.
 *
 * No error holds a token, a code, a cookie or a claim, and [message] is for a developer and a log:
 * [userMessage] is for the person.
 */
public open class SwitchbackException internal constructor(
    /** A stable text for crash reports: `try_again`, `login_required`, `store_locked`, `store`,
     *  `configuration`, `protocol`, `internal`. */
    public val code: String,
    message: String,
    /** More of it where there is more, stable as well: why a session is over (`revoked`), what the
     *  store complains of (`full`), which rule of the protocol was broken. */
    public val detail: String? = null,
    /** Whether the same call may be made again, unchanged. Nobody is logged out by such an error. */
    public val isRetryable: Boolean = false,
    /** How long to wait before the same call, where the service says so. */
    public val retryAfter: Duration? = null,
    /** Why the session is over, where it is. */
    public val reason: SessionEnd? = null,
    cause: Throwable? = null,
) : Exception(message, cause) {
    /** What happened and what to do, in English, for a developer and a log. */
    override val message: String get() = super.message.orEmpty()

    /** What to tell the person, in the language of this device where Switchback has it. */
    public val userMessage: String get() = userMessage(systemLanguage())

    /**
     * What to tell the person, in this language where Switchback has it, else in English.
     *
     * @param language a code of ISO 639: `en`, `sv`, `fr`, `nl`, `de`
     */
    public fun userMessage(language: String): String =
        reason?.userMessage(language) ?: Messages.text("error.$code", language)

    /** The network or the service was not there: make the same call again, after [retryAfter]. */
    public class TryAgain internal constructor(message: String, retryAfter: Duration?, cause: Throwable?) :
        SwitchbackException("try_again", message, isRetryable = true, retryAfter = retryAfter, cause = cause)

    /** The session is over: log the person in again. [reason] says why it is over. */
    public class LoginRequired internal constructor(message: String, reason: SessionEnd, cause: Throwable?) :
        SwitchbackException("login_required", message, reason.code, reason = reason, cause = cause)

    /**
     * The store cannot be read yet: the phone was not unlocked since it started. Nobody is logged out:
     * wait, and make the same call again.
     */
    public class StoreLocked internal constructor(message: String, cause: Throwable?) :
        SwitchbackException("store_locked", message, isRetryable = true, cause = cause)

    /** The store does not work: [detail] says how, and [cause] is what it threw. */
    public class StoreFailed internal constructor(message: String, cause: StoreException) :
        SwitchbackException("store", message, cause.code, cause = cause)

    /** The configuration is wrong, or the call cannot work with it: [message] says what to change. */
    public class Configuration internal constructor(message: String, cause: Throwable? = null) :
        SwitchbackException("configuration", message, cause = cause)

    /** The service broke the protocol, and [detail] names the rule: report it to the service. */
    public class Protocol internal constructor(message: String, rule: String, cause: Throwable?) :
        SwitchbackException("protocol", message, rule, cause = cause)

    /** A mistake in Switchback itself: please report it. Nothing that was stored is lost. */
    public class Internal internal constructor(message: String, cause: Throwable?) :
        SwitchbackException("internal", message, cause = cause)
}
