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
 * Authorizes the app's requests with the current session: with a valid access token, or with the cookies
 * of the service's backend. After a response with 401 it refreshes the token and sends the request once
 * more; several such requests at the same time share one refresh. It leaves requests to other servers
 * unchanged, also after a redirect.
 *
 * If the session has ended, a call fails with [SwitchbackCallException]. This replaces the client's
 * [Authenticator], if it has one.
 *
 * @param session returns the current session, or null if no person is logged in. It is called for each
 *   request
 */
public fun OkHttpClient.Builder.authorizedBy(session: suspend () -> Session?): OkHttpClient.Builder {
    val authentication = SwitchbackAuthentication(session)
    // A network interceptor also sees each redirect.
    return addNetworkInterceptor(authentication).authenticator(authentication)
}

/** A call could not be authorized: [cause] says why. OkHttp allows only subclasses of [IOException]. */
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
                // The request goes to another server.
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

    /** Repeats the request once, if the session has a fresh token for it. */
    override fun authenticate(route: Route?, response: Response): Request? {
        val before = generateSequence(response.priorResponse) { it.priorResponse }
        return response.request.takeIf { response.header(AGAIN) != null && before.none { it.code == 401 } }
    }

    private companion object {
        /** Marks a response whose request should be sent again. Never sent, and removed from server responses. */
        const val AGAIN = "switchback-again"
    }
}
