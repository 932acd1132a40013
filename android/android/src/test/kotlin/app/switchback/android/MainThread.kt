package app.switchback.android

import android.os.Looper
import java.util.concurrent.TimeUnit
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowPausedLooper

/** How long a test waits for another thread, in milliseconds. */
const val LIMIT = 20_000L

/** How long the main thread waits for a message before it looks again, in milliseconds. */
private const val POLL = 20L

/**
 * Runs the main thread until this is so. The other threads post to it.
 *
 * @param what what the test waits for; of use if it does not happen
 */
fun until(what: String, isSo: () -> Boolean) {
    val looper = shadowOf(Looper.getMainLooper()) as ShadowPausedLooper
    val end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT)
    while (true) {
        looper.idle()
        if (isSo()) return
        check(System.nanoTime() < end) { "not within $LIMIT ms: $what" }
        looper.poll(POLL)
    }
}
