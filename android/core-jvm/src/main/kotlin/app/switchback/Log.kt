package app.switchback

import app.switchback.internal.setLog

/** The log of all clients of this process. */
public object SwitchbackLog {
    /**
     * Sends the log to this sink from now on. With null, no sink gets it.
     *
     * @throws SwitchbackException.Configuration if the native library is missing
     */
    public fun set(sink: LogSink?) {
        NativeLibraryLoader.load()
        setLog(sink?.let(::RustLogSink))
    }
}

/**
 * Receives the log, for example to write it to Logcat.
 *
 * **Threads.** Switchback has a separate thread for the log, and calls the sink from it, one line at a
 * time. A sink that is slow or hangs delays only the log. Switchback ignores what the sink throws.
 */
public fun interface LogSink {
    /** Receives a line. */
    public fun log(line: LogLine)
}

/**
 * One line of the log. It never contains a token, code, verifier, state or claim.
 *
 * @property atEpochSeconds when it happened, in seconds since 1970-01-01 UTC
 * @property event a stable name, for example `login.begun`
 * @property id the text of the [AttemptId], which is also the text of the [SessionId]
 * @property note a detail, in English
 */
public class LogLine internal constructor(
    public val atEpochSeconds: Long,
    public val event: String,
    public val id: String?,
    public val note: String?,
) {
    override fun toString(): String = listOfNotNull("$atEpochSeconds $event", id, note).joinToString(" ")
}
