package app.switchback.jvm

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** Checks that the JDK's client sends a request only once, even if the connection breaks. */
internal object SingleAttempt {
    /** Allows `connection: close` in a request. Its value is a list, in which the app may already have names. */
    private const val HEADERS = "jdk.httpclient.allowRestrictedHeaders"

    /** The JDK counts the attempts: only one is allowed. */
    private val ATTEMPT_PROPERTIES = mapOf("jdk.httpclient.redirects.retrylimit" to "1", "jdk.httpclient.disableRetryConnect" to "true")

    /** Sets the properties. This has no effect if the JDK has already read them. */
    fun setProperties() {
        for ((name, value) in ATTEMPT_PROPERTIES) if (System.getProperty(name) == null) System.setProperty(name, value)
        val allowed = System.getProperty(HEADERS).orEmpty().split(',').map(String::trim).filter(String::isNotEmpty)
        if ("connection" !in allowed) System.setProperty(HEADERS, (allowed + "connection").joinToString(","))
    }

    /** The error message if the JDK repeats requests; else null. */
    val problem: String? by lazy {
        val wrong = when {
            !closes() -> "lets no request close its connection"
            else -> attempts().takeIf { it != 1 }?.let { "sent one request $it times" }
        } ?: return@lazy null
        val flags = (ATTEMPT_PROPERTIES + (HEADERS to "connection")).map { (name, value) -> "-D$name=$value" }.joinToString(" ")
        "JdkTransport cannot be used: the JDK's HttpClient $wrong, because this process used an HttpClient before " +
            "it made a JdkTransport, or set other properties. Make the JdkTransport before the first HttpClient, " +
            "or start Java with $flags, or use OkHttpTransport"
    }

    private fun closes() = try {
        java.net.http.HttpRequest.newBuilder().header("connection", "close")
        true
    } catch (_: IllegalArgumentException) {
        false
    }

    /** How often the JDK sends a request that a server reads and does not answer. */
    private fun attempts(): Int = ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { server ->
        val read = AtomicInteger()
        thread(isDaemon = true, name = "switchback-single-attempt") {
            try {
                while (true) server.accept().use { connection ->
                    val lines = connection.getInputStream().bufferedReader(Charsets.ISO_8859_1)
                    while (!lines.readLine().isNullOrEmpty()) continue
                    read.incrementAndGet()
                }
            } catch (_: IOException) {
                // The server was closed.
            }
        }
        val url = URI.create("http://${server.inetAddress.hostAddress}:${server.localPort}/")
        val request = java.net.http.HttpRequest.newBuilder(url).timeout(5.seconds.toJavaDuration()).build()
        try {
            JdkTransport.client { proxy(HttpClient.Builder.NO_PROXY) }.send(request, BodyHandlers.discarding())
        } catch (_: IOException) {
            // This exception is expected: the server does not answer.
        }
        read.get()
    }
}
