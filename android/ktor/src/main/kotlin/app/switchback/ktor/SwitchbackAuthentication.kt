package app.switchback.ktor

import app.switchback.Authorization
import app.switchback.Session
import app.switchback.SwitchbackException
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.api.ClientPlugin
import io.ktor.client.plugins.api.Send
import io.ktor.client.plugins.api.createClientPlugin
import io.ktor.client.request.HttpRequestBuilder

/** What [SwitchbackAuthentication] is told. */
public class SwitchbackAuthenticationConfig internal constructor() {
    internal var session: suspend () -> Session? = { null }

    /** Who is logged in, asked for each call; null where nobody is. */
    public fun session(session: suspend () -> Session?) {
        this.session = session
    }
}

/**
 * Sends the calls of an app as the person who is logged in: with an access token that is good, or the
 * cookies of the service's backend. A call that is refused with 401 is sent once again with a fresh token;
 * of several calls at the same time one refreshes for all. Calls to any other place go as they are, also
 * where a redirect leads there.
 *
 * A call whose session is over throws [SwitchbackException.LoginRequired].
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
                // It goes to another place.
                return@on proceed(request)
            }
            send(request, current, sent)
        }
    }

private suspend fun Send.Sender.send(request: HttpRequestBuilder, session: Session, sent: Authorization): HttpClientCall {
    sent.headers.forEach { request.headers[it.name] = it.value }
    val call = proceed(request)
    // Ktor would take them along to wherever a redirect leads.
    sent.headers.forEach { request.headers.remove(it.name) }
    val answer = call.response
    val setCookie = answer.headers.getAll("set-cookie").orEmpty()
    val again = session.answered(sent, answer.status.value, setCookie)
    return if (again == null) call else send(request, session, again)
}
