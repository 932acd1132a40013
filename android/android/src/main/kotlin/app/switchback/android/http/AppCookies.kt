package app.switchback.android.http

import java.net.CookieHandler
import java.net.HttpURLConnection
import java.net.URI

/**
 * The cookies that an app has for its whole process: [CookieHandler.setDefault].
 *
 * A connection takes the handler when it is opened, and asks it when the request is sent and the answer
 * arrives. No method of the connection prevents that. So the handler is another one while the connection is
 * opened: it asks the handler of the app, but not in a thread that ignores the app's cookies.
 */
internal object AppCookies {
    private val isIgnored = ThreadLocal<Boolean>()

    /** Runs [block] with connections that were opened by [without]. */
    fun <T> ignored(block: () -> T): T {
        isIgnored.set(true)
        try {
            return block()
        } finally {
            isIgnored.remove()
        }
    }

    /** Opens a connection whose requests have no cookies of the app, in threads that ignore them. */
    @Synchronized
    fun without(open: () -> HttpURLConnection): HttpURLConnection {
        val app = CookieHandler.getDefault() ?: return open()
        val handler = Ignorable(app)
        CookieHandler.setDefault(handler)
        try {
            return open()
        } finally {
            // The app possibly sets another one at this moment.
            if (CookieHandler.getDefault() === handler) CookieHandler.setDefault(app)
        }
    }

    /** Another thread of the app can open a connection at the same moment, and get this handler. */
    private class Ignorable(private val app: CookieHandler) : CookieHandler() {
        override fun get(uri: URI, headers: Map<String, List<String>>): Map<String, List<String>> =
            if (isIgnored.get() == true) emptyMap() else app.get(uri, headers)

        override fun put(uri: URI, headers: Map<String, List<String>>) {
            if (isIgnored.get() != true) app.put(uri, headers)
        }
    }
}
