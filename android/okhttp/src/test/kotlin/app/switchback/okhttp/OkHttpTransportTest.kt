package app.switchback.okhttp

import app.switchback.HttpHeader
import app.switchback.HttpRequest
import app.switchback.TransportException
import app.switchback.support.RawServer
import app.switchback.support.answer
import java.net.ServerSocket
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.runBlocking
import okhttp3.OkHttpClient
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class OkHttpTransportTest {
    @Test
    fun `what is read and not answered is lost, and was sent once`() {
        for (method in listOf("GET", "POST")) for (once in listOf(true, false)) {
            RawServer { }.use { server ->
                assertThrows<TransportException.Lost> { send(server.url, method, once) }
                assertEquals(1, server.requests, "$method, once: $once")
            }
        }
    }

    @Test
    fun `an answer that asks for the same again is only an answer`() {
        RawServer { it.answer("503 Service Unavailable", "retry-after: 0\r\n") }.use { server ->
            assertEquals(503, send(server.url).status)
            assertEquals(1, server.requests)
        }
        RawServer { it.answer("503 Service Unavailable", "retry-after: 7\r\n") }.use { server ->
            assertEquals("7", send(server.url).headers.single { it.name == "retry-after" }.value)
        }
    }

    @Test
    fun `where nobody listens nothing was sent`() {
        val port = ServerSocket(0).use { it.localPort }
        assertThrows<TransportException.NotSent> { send("http://127.0.0.1:$port/") }
    }

    @Test
    fun `each cookie is a header of its own, and a redirect is an answer`() {
        val head = "location: http://127.0.0.1:1/\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n"
        RawServer { it.answer("302 Found", head) }.use { server ->
            val answer = send(server.url)
            assertEquals(302, answer.status)
            assertEquals(listOf("a=1", "b=2"), answer.headers.filter { it.name == "set-cookie" }.map(HttpHeader::value))
        }
    }

    @Test
    fun `a body of a mebibyte is whole, and one that is longer is refused`() {
        val limit = 1 shl 20
        RawServer { it.answer("200 OK", body = ByteArray(limit)) }.use { assertEquals(limit, send(it.url).body.size) }
        RawServer { it.answer("200 OK", body = ByteArray(limit + 1)) }.use {
            assertThrows<TransportException.TooLong> { send(it.url) }
        }
    }

    /** With what an app's client does besides. */
    private fun send(url: String, method: String = "GET", once: Boolean = true) = runBlocking {
        val app = OkHttpClient.Builder().addInterceptor { error("an interceptor of the app's") }.build()
        OkHttpTransport(app).send(HttpRequest(method, url, emptyList(), "a=1".takeIf { method == "POST" }, once, 20.seconds))
    }
}
