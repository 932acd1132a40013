package app.switchback.okhttp

import app.switchback.HttpHeader
import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.HttpTransport
import app.switchback.TransportException
import java.io.IOException
import java.util.concurrent.TimeUnit
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
 * HTTP by OkHttp, with the proxies, certificates and pinning of a client of the app's. What that client
 * does besides (its interceptors, cookies, cache, redirects and repetitions) is not taken over.
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
        // HTTP/2 repeats what a server has refused.
        .protocols(listOf(Protocol.HTTP_1_1))
        .addNetworkInterceptor { chain -> withoutConsequences(chain) }
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
        // One of its own has no connection that the server may be closing.
        if (request.once) client.connectionPool(ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
        return try {
            client.build().newCall(outgoing(request)).answer()
        } catch (error: IOException) {
            val reason = error.javaClass.simpleName
            throw if (left) TransportException.Lost(reason) else TransportException.NotSent(reason)
        }
    }

    /**
     * Gives OkHttp an answer after which it does nothing more: for 503 with `Retry-After: 0` it would send the
     * request again, and for 407 without a proxy it would throw. [Status] keeps what the server said.
     */
    private fun withoutConsequences(chain: Interceptor.Chain): Response {
        val response = try {
            chain.proceed(chain.request())
        } catch (error: IllegalStateException) {
            // OkHttp 4 does not expect a second interim answer (103 and 100), and would end its thread.
            throw IOException("OkHttp could not read the answer", error)
        }
        if (response.code != 407 && response.code != 503) return response
        chain.request().tag(Status::class.java)?.code = response.code
        return response.newBuilder().code(200).build()
    }

    /** The status of an answer, where OkHttp is not to know it. */
    private class Status(var code: Int? = null)

    private fun outgoing(request: HttpRequest): Request {
        val headers = Headers.Builder()
        request.headers.forEach { headers.add(it.name, it.value) }
        // Without a type of its own: the request has one.
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
            // Else OkHttp would read on for a while, to use the connection again.
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
