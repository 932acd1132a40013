package app.switchback.okhttp

import app.switchback.HttpHeader
import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.HttpTransport
import app.switchback.TransportException
import java.io.IOException
import java.net.UnknownServiceException
import java.security.cert.CertificateException
import java.util.concurrent.TimeUnit
import javax.net.ssl.SSLPeerUnverifiedException
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlin.time.toJavaDuration
import kotlinx.coroutines.suspendCancellableCoroutine
import okhttp3.Authenticator
import okhttp3.Call
import okhttp3.Callback
import okhttp3.ConnectionPool
import okhttp3.CookieJar
import okhttp3.EventListener
import okhttp3.Headers
import okhttp3.Interceptor
import okhttp3.MediaType
import okhttp3.OkHttpClient
import okhttp3.Protocol
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response

/**
 * HTTP with OkHttp, with the proxies, certificates and pinning of the app's client. The client's
 * interceptors, cookies, cache, redirects and retries are not used.
 *
 * @param client the app's client
 */
public class OkHttpTransport(client: OkHttpClient = OkHttpClient()) : HttpTransport {
    private val kept = client.newBuilder()
        .apply {
            interceptors().clear()
            networkInterceptors().clear()
        }
        .followRedirects(false)
        .followSslRedirects(false)
        .cookieJar(CookieJar.NO_COOKIES)
        .cache(null)
        .authenticator(Authenticator.NONE)
        .retryOnConnectionFailure(false)
        // HTTP/2 repeats requests that a server refused (RFC 9113 §8.7).
        .protocols(listOf(Protocol.HTTP_1_1))
        .addNetworkInterceptor { chain -> withoutRetry(chain) }
        .build()

    override suspend fun send(request: HttpRequest): HttpResponse {
        var left = false
        val client = kept.newBuilder().callTimeout(request.timeout.toJavaDuration()).eventListener(
            object : EventListener() {
                override fun requestHeadersStart(call: Call) {
                    left = true
                }
            },
        )
        // A new pool has no connection that the server may be closing.
        if (request.once) client.connectionPool(ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
        return try {
            client.build().newCall(outgoing(request)).answer()
        } catch (error: IOException) {
            throw if (left) TransportException.Lost(error.javaClass.simpleName) else notSent(error)
        }
    }

    private fun notSent(error: IOException): TransportException {
        val reason = error.javaClass.simpleName
        val isUntrusted = generateSequence<Throwable>(error) { it.cause }
            .any { it is CertificateException || it is SSLPeerUnverifiedException }
        return when {
            isUntrusted -> TransportException.Local(
                "the server's certificate is not trusted here, or is for another host ($reason): check the clock and the " +
                    "host. For a test server, let the OkHttpClient trust its CA; on Android also possible in the network " +
                    "security configuration of the debug build",
            )
            // Of the client, or of Android's network security configuration.
            error is UnknownServiceException -> TransportException.Local(
                "the OkHttpClient may not use plain http ($reason): use https; or, for a test service, add " +
                    "ConnectionSpec.CLEARTEXT to the client, and on Android cleartextTrafficPermitted=\"true\" to the network " +
                    "security configuration of the debug build",
            )
            else -> TransportException.NotSent(reason)
        }
    }

    /**
     * Changes responses after which OkHttp would do more: after 503 with `Retry-After: 0` it would repeat
     * the request, and after 407 without a proxy it would throw. [Status] stores the real status.
     */
    private fun withoutRetry(chain: Interceptor.Chain): Response {
        val response = try {
            chain.proceed(chain.request())
        } catch (error: IllegalStateException) {
            // OkHttp 4 fails at a second interim response (103 and 100), and this would end its thread.
            throw IOException("OkHttp could not read the answer", error)
        }
        if (response.code != 407 && response.code != 503) return response
        chain.request().tag(Status::class.java)?.code = response.code
        return response.newBuilder().code(200).build()
    }

    /** The real status of a response, if OkHttp got another one. */
    private class Status(var code: Int? = null)

    private fun outgoing(request: HttpRequest): Request {
        val headers = Headers.Builder()
        request.headers.forEach { headers.add(it.name, it.value) }
        // Without a media type: the request already has one.
        val body = request.body?.toByteArray()?.toRequestBody(null as MediaType?)
        return Request.Builder().url(request.url).headers(headers.build()).method(request.method, body)
            .tag(Status::class.java, Status()).build()
    }

    private suspend fun Call.answer(): HttpResponse = suspendCancellableCoroutine { waiting ->
        waiting.invokeOnCancellation { cancel() }
        enqueue(object : Callback {
            override fun onFailure(call: Call, e: IOException) = waiting.resumeWithException(e)

            override fun onResponse(call: Call, response: Response) {
                val answer = runCatching { response.use { incoming(call, it) } }
                answer.fold(waiting::resume, waiting::resumeWithException)
            }
        })
    }

    private fun incoming(call: Call, response: Response): HttpResponse {
        val source = response.body!!.source()
        if (source.request(LIMIT + 1)) {
            // Otherwise OkHttp would read on for some time, to reuse the connection.
            call.cancel()
            throw TransportException.TooLong()
        }
        val headers = response.headers.map { (name, value) -> HttpHeader(name.lowercase(), value) }
        val status = call.request().tag(Status::class.java)?.code ?: response.code
        return HttpResponse(status, headers, source.readByteArray())
    }

    private companion object {
        const val LIMIT = 1L shl 20
    }
}
