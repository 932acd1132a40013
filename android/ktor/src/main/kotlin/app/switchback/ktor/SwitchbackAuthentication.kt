package app.switchback.ktor

import app.switchback.Authorization
import app.switchback.Session
import app.switchback.SwitchbackException
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.api.ClientPlugin
import io.ktor.client.plugins.api.Send
import io.ktor.client.plugins.api.createClientPlugin
import io.ktor.client.request.HttpRequestBuilder

/** The configuration of [SwitchbackAuthentication]. */
public class SwitchbackAuthenticationConfig internal constructor() {
    internal var session: suspend () -> Session? = { null }

    /**
     * Sets the function that returns the current session, or null if no person is logged in. It is called
     * for each request.
     */
    public fun session(session: suspend () -> Session?) {
        this.session = session
    }
}

/**
 * Authorizes the app's requests with the current session: with a valid access token, or with the cookies
 * of the service's backend. After a response with 401 it refreshes the token and sends the request once
 * more; several such requests at the same time share one refresh. It leaves requests to other servers
 * unchanged, also after a redirect.
 *
 * If the session has ended, a request throws [SwitchbackException.LoginRequired].
 *
 * ```
 * HttpClient { install(SwitchbackAuthentication) { session { client.currentSession() } } }
 * ```
 */
public val SwitchbackAuthentication: ClientPlugin<SwitchbackAuthenticationConfig> =
    createClientPlugin("SwitchbackAuthentication", ::SwitchbackAuthenticationConfig) {
        val session = pluginConfig.session
        on(Send) { request ->
            val current = session() ?: return@on proceed(request)
            val sent = try {
                current.authorize(request.url.buildString())
            } catch (_: SwitchbackException.Configuration) {
                // The request goes to another server.
                return@on proceed(request)
            }
            send(request, current, sent)
        }
    }

private suspend fun Send.Sender.send(request: HttpRequestBuilder, session: Session, sent: Authorization): HttpClientCall {
    sent.headers.forEach { request.headers[it.name] = it.value }
    val call = proceed(request)
    // Otherwise Ktor would send them to any server that a redirect leads to.
    sent.headers.forEach { request.headers.remove(it.name) }
    val answer = call.response
    val setCookie = answer.headers.getAll("set-cookie").orEmpty()
    val again = session.answered(sent, answer.status.value, setCookie)
    return if (again == null) call else send(request, session, again)
}
