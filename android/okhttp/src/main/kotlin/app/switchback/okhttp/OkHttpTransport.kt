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
        // With `Retry-After: 0` OkHttp would send the same again.
        .addNetworkInterceptor { chain ->
            val response = chain.proceed(chain.request())
            val atOnce = response.code == 503 && response.header("retry-after")?.trim()?.toIntOrNull() == 0
            if (atOnce) response.newBuilder().removeHeader("retry-after").build() else response
        }
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

    private fun outgoing(request: HttpRequest): Request {
        val headers = Headers.Builder()
        request.headers.forEach { headers.add(it.name, it.value) }
        // Without a type of its own: the request has one.
        val body = request.body?.toByteArray()?.toRequestBody(null as MediaType?)
        return Request.Builder().url(request.url).headers(headers.build()).method(request.method, body).build()
    }

    private suspend fun Call.answer(): HttpResponse = suspendCancellableCoroutine { waiting ->
        waiting.invokeOnCancellation { cancel() }
        enqueue(object : Callback {
            override fun onFailure(call: Call, e: IOException) = waiting.resumeWithException(e)

            override fun onResponse(call: Call, response: Response) {
                val answer = runCatching { response.use(::incoming) }
                answer.fold(waiting::resume, waiting::resumeWithException)
            }
        })
    }

    private fun incoming(response: Response): HttpResponse {
        val source = response.body!!.source()
        if (source.request(LIMIT + 1)) throw TransportException.TooLong()
        val headers = response.headers.map { (name, value) -> HttpHeader(name.lowercase(), value) }
        return HttpResponse(response.code, headers, source.readByteArray())
    }

    private companion object {
        const val LIMIT = 1L shl 20
    }
}
