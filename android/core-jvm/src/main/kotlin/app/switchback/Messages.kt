package app.switchback

/** What people are told. */
internal object Messages {
    fun text(key: String, @Suppress("UNUSED_PARAMETER") language: String): String = TEXTS[key] ?: "That did not work. Please try again."

    private val TEXTS = mapOf(
        "outcome.logged_in" to "You are logged in.",
        "outcome.declined" to "You declined. You can log in whenever you like.",
        "failure.expired" to "That took too long. Please try again.",
        "failure.not_opened" to "The identity app could not be opened.",
        "error.try_again" to "There is no connection. Please try again.",
        "error.login_required" to "Please log in again.",
        "end.revoked" to "You were logged out by the service. Please log in again.",
    )
}
