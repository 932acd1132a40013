package app.switchback.android.http

import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.HttpTransport
import app.switchback.TransportException
import java.net.CookieHandler
import java.net.HttpURLConnection
import java.net.URLStreamHandler
import javax.net.ssl.HostnameVerifier
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.withTimeoutOrNull

/**
 * HTTP with Android's [HttpURLConnection]: the default on Android. The system's proxies and the app's
 * network security configuration apply, with its certificates. The app's [CookieHandler], `ResponseCache` and
 * `Authenticator` do not apply. To ignore its cookies, the transport replaces the app's handler for some
 * microseconds, while it opens a connection. The replacement calls the app's handler for all other requests.
 *
 * Each request has a new connection, and is sent at most once. Android itself repeats a `GET` if a reused
 * connection breaks. Android 7 also repeats it if a new connection breaks, and the host has another address
 * or a proxy. The transport prevents both:
 * - It streams the body of a `POST`. Android repeats no body that is streamed.
 * - After each TLS handshake, and before it sends the request, Android calls a [HostnameVerifier]. Each
 *   request has its own verifier, which accepts one connection. So Android may try all addresses of a host,
 *   but it sends the request only to the first address that completes the handshake.
 *
 * Plain http has no handshake. So a `GET` to a test service on loopback is possibly sent again: on Android 7
 * if the name has another address, and on each Android if the answer is a `Basic` challenge and the app has
 * an `Authenticator`.
 *
 * Android skips only one interim answer, 100. If a server sends another one (103), the error is
 * [TransportException.Lost].
 *
 * All this applies to Android's own implementation. An app that sets another one with
 * `URL.setURLStreamHandlerFactory` needs another transport.
 */
public class UrlConnectionTransport internal constructor(
    /** The implementation under test; null for the implementation of the system. */
    private val handler: URLStreamHandler?,
) : HttpTransport {
    public constructor() : this(null)

    /** A caller does not wait for a request that it gave up, for example while a name is resolved. */
    private val blocking = CoroutineScope(SupervisorJob() + Dispatchers.IO)

    override suspend fun send(request: HttpRequest): HttpResponse {
        val exchange = Exchange(request, handler)
        val answer = blocking.async { runCatching { exchange.answer() } }
        val result = try {
            withTimeoutOrNull(request.timeout) { answer.await() }
        } finally {
            answer.cancel()
            exchange.cancel()
        }
        if (result != null) return result.getOrThrow()
        val reason = "no answer within ${request.timeout}"
        throw if (exchange.isSent) TransportException.Lost(reason) else TransportException.NotSent(reason)
    }
}
