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
 * A call whose session is over fails with [SwitchbackCallException].
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
        val session = session() ?: return@runBlocking chain.proceed(request)
        try {
            val sent = try {
                session.authorize(request.url.toString())
            } catch (_: SwitchbackException.Configuration) {
                // It goes to another place.
                return@runBlocking chain.proceed(request)
            }
            val authorized = request.newBuilder()
            sent.headers.forEach { authorized.header(it.name, it.value) }
            val response = chain.proceed(authorized.build())
            val again = session.answered(sent, response.code, response.headers("set-cookie"))
            if (again == null) response else response.newBuilder().header(AGAIN, "").build()
        } catch (error: SwitchbackException) {
            throw SwitchbackCallException(error)
        }
    }

    /** The same request again: the session has a fresh token for it. */
    override fun authenticate(route: Route?, response: Response): Request? =
        if (response.header(AGAIN) != null && response.priorResponse == null) response.request else null

    private companion object {
        /** Says that the session has something else to send. It comes from here, and is on no wire. */
        const val AGAIN = "switchback-again"
    }
}
