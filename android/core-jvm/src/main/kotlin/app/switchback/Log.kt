package app.switchback

import app.switchback.internal.setLog

/** Where the log of all clients of this process goes. */
public object SwitchbackLog {
    /** Gives the log to this sink from now on; with null, to nobody. */
    public fun set(sink: LogSink?) {
        setLog(sink?.let(::RustLogSink))
    }
}

/**
 * Takes the log: Logcat on Android, or the app's own.
 *
 * Calls come from one thread of Switchback's that does nothing else, one at a time: a sink that is slow
 * or hangs delays nothing but the log. What it throws is ignored.
 */
public fun interface LogSink {
    /** Takes a line. */
    public fun log(line: LogLine)
}

/**
 * One line of the log. No token, code, verifier, state or claim is ever in one.
 *
 * @property atEpochSeconds when it happened
 * @property event a stable name, `login.begun` for example
 * @property id the text of the [AttemptId], which is that of the [SessionId] as well
 * @property note more about it, in English
 */
public class LogLine internal constructor(
    public val atEpochSeconds: Long,
    public val event: String,
    public val id: String?,
    public val note: String?,
) {
    override fun toString(): String = listOfNotNull("$atEpochSeconds $event", id, note).joinToString(" ")
}
