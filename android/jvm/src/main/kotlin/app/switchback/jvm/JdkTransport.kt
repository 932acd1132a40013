package app.switchback.jvm

import app.switchback.HttpHeader
import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.HttpTransport
import app.switchback.TransportException
import java.net.ConnectException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpConnectTimeoutException
import java.net.http.HttpRequest.BodyPublishers
import java.nio.channels.UnresolvedAddressException
import java.util.concurrent.CompletionException
import javax.net.ssl.SSLHandshakeException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withTimeoutOrNull

/**
 * HTTP by the JDK's own client, for desktop and server. Proxies and certificates are those of the JVM.
 *
 * The JDK repeats a `GET` whose connection breaks, and what is to be sent at most once would be sent
 * twice. Only two system properties forbid that, and the JDK reads them once: this class sets them where
 * nobody has, and its first use tries, against a server of its own on loopback, whether the JDK keeps to
 * them. Where it does not, since the process had used the JDK's client before, every request fails with
 * [NotSent][TransportException.NotSent], which says how to start the process.
 */
public class JdkTransport : HttpTransport {
    init {
        OneTry.ask()
    }

    private val kept by lazy { client(CONNECT) }

    override suspend fun send(request: HttpRequest): HttpResponse {
        OneTry.orElse?.let { throw TransportException.NotSent(it) }
        // A client of its own has no kept connection that the server may be closing.
        val client = if (request.once) client(minOf(CONNECT, request.timeout)) else kept
        val outgoing = outgoing(request)
        return try {
            // Cancelled when time is over, with its body.
            withTimeoutOrNull(request.timeout) { client.sendAsync(outgoing) { AtMost(LIMIT) }.await() }?.let(::incoming)
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
        return outgoing.build()
    }

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
        fun client(connect: Duration, change: HttpClient.Builder.() -> Unit = { }): HttpClient = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connect.toJavaDuration())
            .apply(change)
            .build()
    }
}
