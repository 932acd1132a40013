package app.switchback.jvm

import app.switchback.HttpHeader
import app.switchback.HttpRequest
import app.switchback.TransportException
import app.switchback.support.RawServer
import app.switchback.support.answer
import java.net.ServerSocket
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class JdkTransportTest {
    @Test
    fun `what is read and not answered is lost, and was sent once`() {
        for (method in listOf("GET", "POST")) for (once in listOf(true, false)) {
            RawServer { }.use { server ->
                assertThrows<TransportException.Lost> { send(server.request(method, once = once)) }
                assertEquals(1, server.requests, "$method, once: $once")
            }
        }
    }

    @Test
    fun `a kept connection that the server closes is not used for what is sent once`() {
        var answers = 1
        RawServer(keep = true) { if (answers-- > 0) it.answer("200 OK") else it.close() }.use { server ->
            val transport = JdkTransport()
            assertEquals(200, runBlocking { transport.send(server.request("GET", once = false)) }.status)
            assertThrows<TransportException.Lost> { runBlocking { transport.send(server.request("POST", once = true)) } }
            assertEquals(2, server.requests)
        }
    }

    @Test
    fun `where nobody listens nothing was sent`() {
        val port = ServerSocket(0).use { it.localPort }
        val error = assertThrows<TransportException.NotSent> { send(requestTo("http://127.0.0.1:$port/?secret", "GET")) }
        assertFalse("secret" in error.message!!)
    }

    @Test
    fun `each cookie is a header of its own, and a redirect is an answer`() {
        val head = "Location: http://127.0.0.1:1/\r\nSet-Cookie: a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT\r\nSet-Cookie: b=2\r\n"
        RawServer { it.answer("302 Found", head) }.use { server ->
            val answer = send(server.request("GET"))
            assertEquals(302, answer.status)
            val cookies = answer.headers.filter { it.name == "set-cookie" }.map(HttpHeader::value)
            assertEquals(setOf("a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"), cookies.toSet())
            assertEquals(1, server.requests)
        }
    }

    @Test
    fun `what is sent is what was asked for`() {
        val server = RawServer { it.answer("200 OK") }
        server.use { send(it.request("POST", body = "a=1&b=2", headers = listOf(HttpHeader("x-one", "1"), HttpHeader("x-two", "2")))) }
        val said = server.said.single()
        assertTrue(said.startsWith("POST / HTTP/1.1"), said)
        assertTrue("x-one: 1" in said && "x-two: 2" in said && said.endsWith("a=1&b=2"), said)
        assertFalse("cookie" in said.lowercase())
    }

    @Test
    fun `a body of a mebibyte is whole, and one that is longer is refused`() {
        val limit = 1 shl 20
        RawServer { it.answer("200 OK", body = ByteArray(limit)) }.use { assertEquals(limit, send(it.request("GET")).body.size) }
        RawServer { it.answer("200 OK", body = ByteArray(limit + 1)) }.use {
            assertThrows<TransportException.TooLong> { send(it.request("GET")) }
        }
    }

    @Test
    fun `a body that never ends is given up when time is over`() {
        val open = CountDownLatch(1)
        RawServer {
            it.getOutputStream().write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345".toByteArray())
            open.await()
        }.use { server ->
            assertThrows<TransportException.Lost> { send(server.request("GET", timeout = 300.milliseconds)) }
            open.countDown()
        }
    }

    @Test
    fun `whoever cancels does not wait`() = runBlocking {
        val (reached, open) = CountDownLatch(1) to CountDownLatch(1)
        RawServer {
            reached.countDown()
            open.await()
        }.use { server ->
            val call = async(kotlinx.coroutines.Dispatchers.IO) { JdkTransport().send(server.request("GET")) }
            reached.await()
            call.cancelAndJoin()
            open.countDown()
        }
    }

    @Test
    fun `a process in which the JDK would repeat says how to start it`() {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val options = listOf("-cp", System.getProperty("java.class.path"), "-Djdk.httpclient.redirects.retrylimit=5")
        val process = ProcessBuilder(listOf(java) + options + "app.switchback.jvm.JdkTransportTestKt")
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val said = process.inputReader().readText()
        assertTrue("-Djdk.httpclient.redirects.retrylimit=1 -Djdk.httpclient.disableRetryConnect=true" in said, said)
    }

    private fun send(request: HttpRequest) = runBlocking { JdkTransport().send(request) }
}

/** Where the JDK may repeat. */
fun main(): Unit = runBlocking {
    try {
        JdkTransport().send(requestTo("http://127.0.0.1:1/", "GET"))
    } catch (error: TransportException.NotSent) {
        println(error.message)
    }
}

private fun requestTo(
    url: String,
    method: String,
    once: Boolean = true,
    body: String? = null,
    headers: List<HttpHeader> = emptyList(),
    timeout: Duration = 20.seconds,
) = HttpRequest(method, url, headers, body, once, timeout)

private fun RawServer.request(
    method: String,
    once: Boolean = true,
    body: String? = null,
    headers: List<HttpHeader> = emptyList(),
    timeout: Duration = 20.seconds,
) = requestTo("$url/", method, once, body, headers, timeout)
