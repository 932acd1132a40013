package app.switchback.android.http

import android.security.NetworkSecurityPolicy
import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.TransportException
import java.io.IOException
import java.net.HttpURLConnection
import java.net.Proxy
import java.net.URL
import java.net.URLStreamHandler
import java.security.cert.CertificateException
import javax.net.ssl.HostnameVerifier
import javax.net.ssl.HttpsURLConnection

/** One request and its answer, over one [HttpURLConnection]. */
internal class Exchange(private val request: HttpRequest, private val handler: URLStreamHandler?) {
    @Volatile
    private var connection: HttpURLConnection? = null
    private var incoming: Incoming? = null
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
            transfer(AppCookies.without { open() }.also { connection = it })
        } catch (error: TransportException) {
            throw error
        } catch (error: Exception) {
            throw named(error)
        } finally {
            // Before the body is closed: Android would read on for some time, to reuse the connection.
            connection?.disconnect()
            incoming?.close()
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

    private fun transfer(connection: HttpURLConnection): HttpResponse {
        val form = request.body.orEmpty().toByteArray().takeIf { request.method == "POST" }
        connection.requestMethod = request.method
        connection.instanceFollowRedirects = false
        connection.useCaches = false
        connection.connectTimeout = CONNECT_MILLIS
        // Of each read. The timeout of the whole exchange is in UrlConnectionTransport.
        connection.readTimeout = request.timeout.inWholeMilliseconds.coerceIn(1, Int.MAX_VALUE.toLong()).toInt()
        request.headers.forEach { connection.addRequestProperty(it.name, it.value) }
        // With this header, Android decodes nothing: Incoming does.
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
        return Incoming(connection).also { incoming = it }.read()
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
        const val CONNECT_MILLIS = 10_000

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
