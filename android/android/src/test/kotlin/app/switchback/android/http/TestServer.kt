package app.switchback.android.http

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import com.sun.net.httpserver.HttpsConfigurator
import com.sun.net.httpserver.HttpsParameters
import com.sun.net.httpserver.HttpsServer
import java.net.InetSocketAddress
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import javax.net.ssl.SSLContext

/** A request as it arrived, and the port of the client, which names the connection. */
internal class Arrived(exchange: HttpExchange) {
    val connection: Int = exchange.remoteAddress.port
    val cookies: List<String> = exchange.requestHeaders["cookie"].orEmpty()
    val authorization: List<String> = exchange.requestHeaders["authorization"].orEmpty()
}

/** Names its protocol (RFC 7301), as servers do for phones. */
private class Http11(context: SSLContext) : HttpsConfigurator(context) {
    override fun configure(parameters: HttpsParameters) {
        val own = sslContext.defaultSSLParameters
        own.applicationProtocols = arrayOf("http/1.1")
        parameters.setSSLParameters(own)
    }
}

/** A server that keeps connections open. Without an answer, [answer] ends the connection. */
internal class TestServer(tls: Boolean = false, answer: HttpExchange.() -> Unit) : AutoCloseable {
    private val threads = Executors.newCachedThreadPool()
    private val address = InetSocketAddress("127.0.0.1", 0)
    private val server = if (tls) {
        HttpsServer.create(address, 0).apply { httpsConfigurator = Http11(TestTls.context) }
    } else {
        HttpServer.create(address, 0)
    }
    val url = "${if (tls) "https" else "http"}://localhost:${server.address.port}/path"
    val arrived = CopyOnWriteArrayList<Arrived>()

    init {
        server.executor = threads
        server.createContext("/") { exchange ->
            arrived += Arrived(exchange)
            exchange.requestBody.readBytes()
            exchange.answer()
            exchange.close()
        }
        server.start()
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }
}

internal fun HttpExchange.answer(status: Int, body: String = "body", vararg headers: Pair<String, String>) {
    headers.forEach { (name, value) -> responseHeaders.add(name, value) }
    sendResponseHeaders(status, body.length.toLong())
    responseBody.write(body.toByteArray())
}
