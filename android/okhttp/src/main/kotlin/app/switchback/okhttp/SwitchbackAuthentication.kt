package app.switchback.okhttp

import app.switchback.Session
import app.switchback.SwitchbackException
import java.io.IOException
import kotlinx.coroutines.runBlocking
import okhttp3.Authenticator
import okhttp3.Interceptor
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.Response
import okhttp3.Route

/**
 * Sends the calls of an app as the person who is logged in: with an access token that is good, or the
 * cookies of the service's backend. A call that is refused with 401 is sent once again with a fresh token;
 * of several calls at the same time one refreshes for all. Calls to any other place go as they are, also
 * where a redirect leads there.
 *
 * A call whose session is over fails with [SwitchbackCallException]. This takes the place of the client's
 * [Authenticator], if it has one.
 *
 * @param session who is logged in, asked for each call; null where nobody is
 */
public fun OkHttpClient.Builder.authorizedBy(session: suspend () -> Session?): OkHttpClient.Builder {
    val authentication = SwitchbackAuthentication(session)
    // Each redirect is a request of its own to a network interceptor.
    return addNetworkInterceptor(authentication).authenticator(authentication)
}

/** A call could not be authorized: [cause] says why. OkHttp knows no other exceptions. */
public class SwitchbackCallException internal constructor(override val cause: SwitchbackException) :
    IOException(cause.message, cause)

private class SwitchbackAuthentication(private val session: suspend () -> Session?) : Interceptor, Authenticator {
    override fun intercept(chain: Interceptor.Chain): Response = runBlocking {
        val request = chain.request()
        fun proceed(request: Request) = chain.proceed(request).newBuilder().removeHeader(AGAIN).build()
        val session = session() ?: return@runBlocking proceed(request)
        try {
            val sent = try {
                session.authorize(request.url.toString())
            } catch (_: SwitchbackException.Configuration) {
                // It goes to another place.
                return@runBlocking proceed(request)
            }
            val authorized = request.newBuilder()
            sent.headers.forEach { authorized.header(it.name, it.value) }
            val response = proceed(authorized.build())
            val again = session.answered(sent, response.code, response.headers("set-cookie"))
            if (again == null) response else response.newBuilder().header(AGAIN, "").build()
        } catch (error: SwitchbackException) {
            throw SwitchbackCallException(error)
        }
    }

    /** The same request again, once: the session has a fresh token for it. */
    override fun authenticate(route: Route?, response: Response): Request? {
        val before = generateSequence(response.priorResponse) { it.priorResponse }
        return response.request.takeIf { response.header(AGAIN) != null && before.none { it.code == 401 } }
    }

    private companion object {
        /** Says that the session has something else to send. It is never sent, nor taken from a server. */
        const val AGAIN = "switchback-again"
    }
}
