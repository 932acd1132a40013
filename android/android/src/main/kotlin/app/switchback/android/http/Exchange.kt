package app.switchback.android.http

import android.security.NetworkSecurityPolicy
import app.switchback.HttpHeader
import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.TransportException
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.io.PushbackInputStream
import java.net.HttpRetryException
import java.net.HttpURLConnection
import java.net.ProtocolException
import java.net.Proxy
import java.net.URL
import java.net.URLStreamHandler
import java.security.cert.CertificateException
import java.util.zip.GZIPInputStream
import javax.net.ssl.HostnameVerifier
import javax.net.ssl.HttpsURLConnection

/** One request and its answer, over one [HttpURLConnection]. */
internal class Exchange(private val request: HttpRequest, private val handler: URLStreamHandler?) {
    @Volatile
    private var connection: HttpURLConnection? = null
    private var body: InputStream? = null
    private var isOtherHost = false
    private var decision: Boolean? = null

    /** Whether the request may have reached the server. If this was false once, the request will not be sent. */
    val isSent: Boolean get() = decide(send = false)

    /** Decides whether the request is sent, if that is not decided yet. Returns the decision. */
    @Synchronized
    private fun decide(send: Boolean): Boolean = decision ?: send.also { decision = it }

    /** Ends [answer], which runs in another thread. */
    fun cancel() {
        decide(send = false)
        connection?.disconnect()
    }

    /** Sends the request and returns its answer. Blocks. */
    fun answer(): HttpResponse = AppCookies.ignored {
        try {
            exchange(AppCookies.without { open() }.also { connection = it })
        } catch (error: TransportException) {
            throw error
        } catch (error: Exception) {
            throw named(error)
        } finally {
            // Before the body is closed: Android would read on for some time, to reuse the connection.
            connection?.disconnect()
            close(body)
        }
    }

    private fun open(): HttpURLConnection {
        val url = URL(null, request.url, handler)
        if (url.protocol == "https") return url.openConnection() as HttpURLConnection
        if (!NetworkSecurityPolicy.getInstance().isCleartextTrafficPermitted(url.host)) {
            throw TransportException.Local(CLEARTEXT)
        }
        // Plain http is for loopback. Android reuses a connection only for a request with the same proxy,
        // so this is not a connection of the app.
        return url.openConnection(Proxy.NO_PROXY) as HttpURLConnection
    }

    private fun exchange(connection: HttpURLConnection): HttpResponse {
        val form = request.body.orEmpty().toByteArray().takeIf { request.method == "POST" }
        connection.requestMethod = request.method
        connection.instanceFollowRedirects = false
        connection.useCaches = false
        connection.connectTimeout = CONNECT_MILLIS
        // Of each read. The timeout of the whole exchange is in UrlConnectionTransport.
        connection.readTimeout = request.timeout.inWholeMilliseconds.coerceIn(1, Int.MAX_VALUE.toLong()).toInt()
        request.headers.forEach { connection.addRequestProperty(it.name, it.value) }
        // With this header, Android leaves the decoding to this class.
        if (request.headers.none { it.name == "accept-encoding" }) connection.setRequestProperty("accept-encoding", "gzip")
        connection.setRequestProperty("connection", "close")
        if (connection is HttpsURLConnection) connection.hostnameVerifier = once(connection.hostnameVerifier)
        if (form != null) {
            connection.doOutput = true
            connection.setFixedLengthStreamingMode(form.size)
        }
        connection.connect()
        if (!decide(send = true)) throw IOException("cancelled")
        if (form != null) connection.outputStream.use { it.write(form) }
        return incoming(connection)
    }

    /** Accepts the host of one connection. */
    private fun once(verifier: HostnameVerifier): HostnameVerifier {
        var isAccepted = false
        return HostnameVerifier { host, session ->
            if (isAccepted) return@HostnameVerifier false
            isAccepted = verifier.verify(host, session)
            isOtherHost = !isAccepted
            isAccepted
        }
    }

    private fun incoming(connection: HttpURLConnection): HttpResponse {
        val status = status(connection)
        if (status < HttpURLConnection.HTTP_OK) throw TransportException.Lost("an interim answer, $status")
        val headers = headers(connection)
        val isError = status >= HttpURLConnection.HTTP_BAD_REQUEST
        body = if (isError) connection.errorStream else connection.inputStream
        val start = PushbackInputStream(body ?: return HttpResponse(status, headers, ByteArray(0)))
        val first = start.read()
        if (first == -1) return HttpResponse(status, headers, ByteArray(0))
        start.unread(first)
        val isZipped = headers.any { it.name == "content-encoding" && it.value.equals("gzip", ignoreCase = true) }
        if (!isZipped) return HttpResponse(status, headers, bytes(start))
        return HttpResponse(status, headers.filter { it.name !in OF_ZIPPED }, bytes(GZIPInputStream(start)))
    }

    private fun headers(connection: HttpURLConnection): List<HttpHeader> = buildList {
        var place = 0
        while (true) {
            val value = connection.getHeaderField(place) ?: break
            // The JDK has the status line here, without a name.
            val name = connection.getHeaderFieldKey(place++)?.lowercase() ?: continue
            if (name !in BY_ANDROID) add(HttpHeader(name, value))
        }
    }

    /**
     * Android throws if it cannot answer a challenge: at 407 without a proxy, and at 401 if the app has an
     * `Authenticator` and the body was streamed. Then it has the answer, and returns it the second time.
     */
    private fun status(connection: HttpURLConnection): Int = try {
        connection.responseCode
    } catch (_: ProtocolException) {
        connection.responseCode
    } catch (_: HttpRetryException) {
        connection.responseCode
    }

    private fun bytes(stream: InputStream): ByteArray {
        val bytes = ByteArrayOutputStream()
        val part = ByteArray(PART)
        while (true) {
            val length = stream.read(part)
            if (length == -1) return bytes.toByteArray()
            bytes.write(part, 0, length)
            if (bytes.size() > LIMIT) throw TransportException.TooLong()
        }
    }

    private fun close(stream: InputStream?) = try {
        stream?.close()
    } catch (_: IOException) {
        // The answer is complete, or another error says why it is not.
    }

    private fun named(error: Exception): TransportException {
        val reason = error.javaClass.simpleName
        val isUntrusted = generateSequence<Throwable>(error) { it.cause }.any { it is CertificateException }
        return when {
            isSent -> TransportException.Lost(reason)
            error is SecurityException -> TransportException.Local(PERMISSION)
            isOtherHost -> TransportException.Local(OTHER_HOST)
            isUntrusted -> TransportException.Local("the server's certificate is not trusted on this device ($reason): $TRUST")
            else -> TransportException.NotSent(reason)
        }
    }

    private companion object {
        const val LIMIT = 1 shl 20
        const val PART = 8192
        const val CONNECT_MILLIS = 10_000

        /** Android adds these to an answer. */
        val BY_ANDROID = listOf(
            "x-android-sent-millis",
            "x-android-received-millis",
            "x-android-selected-protocol",
            "x-android-response-source",
        )

        /** What an answer says about its encoded body. */
        val OF_ZIPPED = listOf("content-encoding", "content-length")

        const val CLEARTEXT = "the app's network security configuration does not permit plain http to this host: use https; " +
            "or, for a test service, set cleartextTrafficPermitted=\"true\" in a <domain-config> with this host, in the " +
            "configuration of the debug build"
        const val PERMISSION = "the app may not use the network: let its manifest have <uses-permission " +
            "android:name=\"android.permission.INTERNET\"/>, which the manifest of Switchback adds unless the app removes it"
        const val OTHER_HOST = "the server's certificate is for another host: correct the host in the configuration, or the " +
            "certificate of the server"
        const val TRUST = "check the date of the device, and whether its Wi-Fi has a page to sign in. For a test server, install " +
            "its CA on the device, and let the debug build trust it: <certificates src=\"user\"/> in the <debug-overrides> of " +
            "its network security configuration"
    }
}
