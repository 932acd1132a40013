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

/** Whether the JDK's client sends a request once, whatever happens to it. */
internal object OneTry {
    /** As the JDK has them: it counts the tries, of which one is allowed. */
    private val PROPERTIES = mapOf("jdk.httpclient.redirects.retrylimit" to "1", "jdk.httpclient.disableRetryConnect" to "true")

    /** Asks for it, as long as the JDK has not read its properties. */
    fun ask() {
        for ((name, value) in PROPERTIES) if (System.getProperty(name) == null) System.setProperty(name, value)
    }

    /** What to say where it does not, or nothing. */
    val orElse: String? by lazy {
        val tries = tries()
        if (tries == 1) return@lazy null
        val flags = PROPERTIES.map { (name, value) -> "-D$name=$value" }.joinToString(" ")
        "the JDK's HttpClient has sent one request $tries times, since something in this process used it first, or " +
            "set its properties: start Java with $flags, or give the Platform a transport over OkHttp"
    }

    /** How often the JDK sends a request that a server reads, and does not answer. */
    private fun tries(): Int = ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { server ->
        val read = AtomicInteger()
        thread(isDaemon = true, name = "switchback-one-try") {
            try {
                while (true) server.accept().use { connection ->
                    val lines = connection.getInputStream().bufferedReader(Charsets.ISO_8859_1)
                    while (!lines.readLine().isNullOrEmpty()) continue
                    read.incrementAndGet()
                }
            } catch (_: IOException) {
                // The server is closed.
            }
        }
        val url = URI.create("http://${server.inetAddress.hostAddress}:${server.localPort}/")
        val request = java.net.http.HttpRequest.newBuilder(url).timeout(5.seconds.toJavaDuration()).build()
        try {
            JdkTransport.client(5.seconds) { proxy(HttpClient.Builder.NO_PROXY) }.send(request, BodyHandlers.discarding())
        } catch (_: IOException) {
            // It must fail: nobody has answered.
        }
        read.get()
    }
}
