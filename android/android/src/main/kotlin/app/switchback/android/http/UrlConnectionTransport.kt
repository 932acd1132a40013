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
 * HTTP with Android's [HttpURLConnection]. The system's proxies, and the app's network security
 * configuration with its certificates, apply. The app's `CookieHandler`, `ResponseCache` and
 * `Authenticator` do not. To keep its cookies out, the transport replaces the app's [CookieHandler] while
 * it opens a connection, for some microseconds, by one that asks the app's.
 *
 * Each request has a new connection, and is sent at most once. Android would repeat a `GET` if a reused
 * connection breaks. Android 7 would also repeat it if a new connection breaks, and the host has another
 * address or a proxy. This transport prevents both:
 * - It streams each body, and Android repeats no body that is streamed.
 * - After each TLS handshake, and before it sends the request, Android asks a [HostnameVerifier]. Each
 *   request has its own, and it accepts one connection. So Android may try all addresses of a host, but
 *   it sends the request only to the first address that completes the handshake.
 *
 * Plain http has no handshake. So on Android 7, a `GET` to a test service on loopback, under a name with
 * several addresses, is possibly sent to each of them.
 *
 * Android knows only one interim answer, 100. If a server sends another one (103), the error is
 * [TransportException.Lost].
 *
 * This applies to Android's own implementation. If the app sets another one with
 * `URL.setURLStreamHandlerFactory`, use another transport.
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
        val answer = blocking.async { runCatching(exchange::answer) }
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
