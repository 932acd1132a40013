package app.switchback.support

import app.switchback.internal.Header
import app.switchback.internal.HttpCompletion
import app.switchback.internal.HttpRequest
import app.switchback.internal.HttpResponse
import app.switchback.internal.HttpTransport
import app.switchback.internal.TransportException
import java.net.ConnectException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpConnectTimeoutException
import java.nio.channels.UnresolvedAddressException
import java.time.Duration
import java.util.concurrent.CompletionException
import java.util.concurrent.CopyOnWriteArrayList
import javax.net.ssl.SSLHandshakeException
import kotlinx.coroutines.CompletableDeferred

/**
 * HTTP by the JDK: what an app would write over its own client. The JDK's repeats a `GET` whose
 * connection breaks, also one that is new, and has no switch for that but a system property.
 */
internal class JavaTransport : HttpTransport {
    private val kept = client()

    init {
        check(property("jdk.httpclient.redirects.retrylimit") == "1") { "the JDK would repeat requests" }
    }

    // HTTP/1.1, no redirects, no cookies: the JDK's client has neither unless it is asked to.
    private fun client(): HttpClient = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(Duration.ofSeconds(5))
        .build()

    override fun start(request: HttpRequest, completion: HttpCompletion) {
        // A client of its own has no kept connection that the server may be closing.
        val client = if (request.once) client() else kept
        client.sendAsync(outgoing(request), java.net.http.HttpResponse.BodyHandlers.ofInputStream())
            .thenApply(::incoming)
            .whenComplete { answer, error ->
                completion.use { if (error == null) it.succeed(answer) else it.fail(named(error)) }
            }
    }

    private fun outgoing(request: HttpRequest): java.net.http.HttpRequest {
        val body = request.body?.let(java.net.http.HttpRequest.BodyPublishers::ofString)
            ?: java.net.http.HttpRequest.BodyPublishers.noBody()
        val outgoing = java.net.http.HttpRequest.newBuilder(URI.create(request.url))
            .timeout(Duration.ofSeconds(request.timeout))
            .method(request.method, body)
        request.headers.forEach { outgoing.header(it.name, it.value) }
        return outgoing.build()
    }

    private fun incoming(answer: java.net.http.HttpResponse<java.io.InputStream>): HttpResponse {
        val body = answer.body().use { it.readNBytes(LIMIT + 1) }
        if (body.size > LIMIT) throw TransportException.TooLong()
        val headers = answer.headers().map().flatMap { (name, values) ->
            values.map { Header(name.lowercase(), it) }
        }
        return HttpResponse(answer.statusCode(), headers, body)
    }

    private fun named(error: Throwable): TransportException {
        val cause = if (error is CompletionException) error.cause ?: error else error
        val reason = cause.javaClass.simpleName
        return when (cause) {
            is TransportException -> cause
            is ConnectException, is HttpConnectTimeoutException, is SSLHandshakeException,
            is UnresolvedAddressException -> TransportException.NotSent(reason)
            else -> TransportException.Lost(reason)
        }
    }

    private companion object {
        const val LIMIT = 1 shl 20
    }
}

/** A transport that a test answers for. */
internal class Answering(private val answer: (HttpRequest, HttpCompletion) -> Unit) : HttpTransport {
    val seen = CopyOnWriteArrayList<HttpRequest>()

    override fun start(request: HttpRequest, completion: HttpCompletion) {
        seen += request
        answer(request, completion)
    }
}

internal fun json(body: String, status: Int = 200): HttpResponse =
    HttpResponse(status, listOf(Header("content-type", "application/json")), body.toByteArray())

/** Holds requests to the token endpoint back, once it is closed. */
internal class Gate(private val inner: HttpTransport = JavaTransport()) : HttpTransport {
    @Volatile
    private var closed = false
    private val held = CopyOnWriteArrayList<() -> Unit>()

    /** A request stands before the gate. */
    val reached = CompletableDeferred<Unit>()

    override fun start(request: HttpRequest, completion: HttpCompletion) {
        if (!closed) return inner.start(request, completion)
        held += { inner.start(request, completion) }
        reached.complete(Unit)
    }

    fun close() {
        closed = true
    }

    fun open() {
        closed = false
        held.forEach { it() }
        held.clear()
    }
}
