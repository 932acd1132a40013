package app.switchback.jvm

import app.switchback.HttpHeader
import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.HttpTransport
import app.switchback.SwitchbackException
import app.switchback.TransportException
import java.net.ConnectException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpConnectTimeoutException
import java.net.http.HttpRequest.BodyPublishers
import java.nio.channels.UnresolvedAddressException
import java.security.cert.CertificateException
import java.util.concurrent.CompletionException
import java.util.concurrent.ConcurrentLinkedQueue
import javax.net.ssl.SSLHandshakeException
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withTimeoutOrNull

/**
 * HTTP with the JDK's client, for desktop and server. It uses the JVM's proxies and certificates.
 *
 * The JDK repeats a `GET` whose connection breaks, even if the request must be sent at most once. Only
 * system properties turn that off, and the JDK reads them once: when the process first uses an [HttpClient].
 * So make the first `JdkTransport` before the first [HttpClient] of the process. It sets the properties,
 * unless the app did, and checks with a server on loopback that the JDK obeys them.
 *
 * @throws SwitchbackException.Configuration if the JDK does not obey them, because the process used an
 *   [HttpClient] before: the message says with which flags to start Java
 */
public class JdkTransport : HttpTransport {
    init {
        SingleAttempt.setProperties()
        SingleAttempt.problem?.let { throw SwitchbackException.Configuration(it) }
    }

    /** For requests that may be repeated: it reuses its connections. */
    private val kept by lazy { client() }

    /**
     * Clients for requests that must be sent once. Each handles one request at a time, so that no request
     * can reuse the connection of another. The JDK closes a client only at garbage collection, so clients
     * are reused.
     */
    private val unconnected = ConcurrentLinkedQueue<HttpClient>()

    override suspend fun send(request: HttpRequest): HttpResponse {
        if (!request.once) return kept.answer(request)
        val client = unconnected.poll() ?: client()
        return try {
            client.answer(request).also { if (it.closesConnection()) unconnected += client }
        } catch (error: TransportException.NotSent) {
            throw error.also { unconnected += client }
        }
    }

    private suspend fun HttpClient.answer(request: HttpRequest): HttpResponse {
        val outgoing = outgoing(request)
        return try {
            // At the timeout this cancels the request and the reading of its body.
            withTimeoutOrNull(request.timeout) { sendAsync(outgoing) { LimitedBody(LIMIT) }.await() }?.let(::incoming)
        } catch (cancelled: CancellationException) {
            throw cancelled
        } catch (error: Exception) {
            throw named(error)
        } ?: throw TransportException.Lost("no answer within ${request.timeout}")
    }

    private fun outgoing(request: HttpRequest): java.net.http.HttpRequest {
        val body = request.body?.let(BodyPublishers::ofString) ?: BodyPublishers.noBody()
        val outgoing = java.net.http.HttpRequest.newBuilder(URI.create(request.url)).method(request.method, body)
        request.headers.forEach { outgoing.header(it.name, it.value) }
        // The JDK decodes no content coding, and a request without this header allows any (RFC 9110
        // §12.5.3).
        if (request.headers.none { it.name == "accept-encoding" }) outgoing.header("accept-encoding", "identity")
        if (request.once) outgoing.header("connection", "close")
        return outgoing.build()
    }

    /** Whether the JDK closes the connection of this response. It reads the header in the same way. */
    private fun HttpResponse.closesConnection() =
        headers.firstOrNull { it.name == "connection" }?.value.equals("close", ignoreCase = true)

    private fun incoming(answer: java.net.http.HttpResponse<ByteArray>): HttpResponse {
        val headers = answer.headers().map().flatMap { (name, values) ->
            values.map { HttpHeader(name.lowercase(), it) }
        }
        return HttpResponse(answer.statusCode(), headers, answer.body())
    }

    private fun named(error: Exception): TransportException {
        val causes = generateSequence<Throwable>(error) { it.cause }.filter { it !is CompletionException }
        causes.filterIsInstance<TransportException>().firstOrNull()?.let { return it }
        val reason = causes.first().javaClass.simpleName
        return when {
            causes.any { it is CertificateException } -> TransportException.Local(
                "the server's certificate is not trusted here ($reason); install its CA in the trust store of this JVM " +
                    "(javax.net.ssl.trustStore), and check the machine's clock",
            )
            causes.any(::neverLeft) -> TransportException.NotSent(reason)
            else -> TransportException.Lost(reason)
        }
    }

    private fun neverLeft(error: Throwable) = error is ConnectException || error is HttpConnectTimeoutException ||
        error is SSLHandshakeException || error is UnresolvedAddressException

    internal companion object {
        private const val LIMIT = 1 shl 20
        private val CONNECT = 5.seconds

        /** HTTP/1.1, no redirects, no cookies. */
        fun client(change: HttpClient.Builder.() -> Unit = { }): HttpClient = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT.toJavaDuration())
            .apply(change)
            .build()
    }
}
