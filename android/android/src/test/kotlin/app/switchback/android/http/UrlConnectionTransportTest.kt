package app.switchback.android.http

import app.switchback.HttpRequest
import app.switchback.HttpResponse
import app.switchback.TransportException
import app.switchback.testing.httpTransportConformance
import java.net.Authenticator
import java.net.CacheRequest
import java.net.CacheResponse
import java.net.CookieHandler
import java.net.CookieManager
import java.net.CookiePolicy
import java.net.HttpCookie
import java.net.HttpURLConnection
import java.net.InetAddress
import java.net.PasswordAuthentication
import java.net.ResponseCache
import java.net.ServerSocket
import java.net.URI
import java.net.URL
import java.net.URLConnection
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import libcore.net.NetworkSecurityPolicy
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertSame
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/**
 * Runs Android's own implementation of `HttpURLConnection`, which is in Robolectric's copy of the framework:
 * see [AndroidHandler].
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], manifest = Config.NONE)
class UrlConnectionTransportTest {
    private val policy = NetworkSecurityPolicy.getInstance()

    @After
    fun resetProcess() {
        CookieHandler.setDefault(null)
        ResponseCache.setDefault(null)
        Authenticator.setDefault(null)
        NetworkSecurityPolicy.setInstance(policy)
    }

    private fun send(
        url: String,
        method: String = "GET",
        timeout: Duration = 20.seconds,
        handler: AndroidHandler = AndroidHandler(tls = url.startsWith("https:")),
    ): HttpResponse = runBlocking { UrlConnectionTransport(handler).send(request(url, method, timeout)) }

    private fun request(url: String, method: String = "GET", timeout: Duration = 20.seconds) =
        HttpRequest(method, url, emptyList(), "a=b".takeIf { method == "POST" }, once = true, timeout)

    /** How an app sends a request with the same implementation. */
    private fun sendAsApp(url: String): Int = opened(URL(null, url, AndroidHandler(tls = url.startsWith("https:"))))

    private fun opened(url: URL): Int = (url.openConnection() as HttpURLConnection).run {
        responseCode.also { (if (it < 400) inputStream else errorStream).use { body -> body.readBytes() } }
    }

    private inline fun <reified T : TransportException> fails(noinline send: () -> Unit): String =
        assertThrows(T::class.java) { send() }.reason

    @Test
    fun `it passes every case but one`() {
        val report = httpTransportConformance(UrlConnectionTransport(AndroidHandler()))
        // Android returns the interim answer 103 instead of the answer.
        assertEquals("$report", listOf("interim-answer"), report.failures.map { it.name })
        assertEquals("$report", emptyList<String>(), report.leftOut.map { it.name } - "no-such-name")
        assertEquals(35, report.cases.size)
    }

    /** Robolectric leaves the JDK's implementation to URLs. It repeats a `GET`, and so fails in the suite. */
    @Test
    fun `a test of an app can send requests under Robolectric`() = TestServer { answer(200, requestMethod) }.use { server ->
        for (method in listOf("GET", "POST")) {
            val answer = runBlocking { UrlConnectionTransport().send(request(server.url, method)) }
            assertEquals(method, String(answer.body))
        }
    }

    @Test
    fun `an answer has the headers of the server only`() = TestServer { answer(200, "body", "X-Own" to "1") }.use { server ->
        val answer = send(server.url)
        assertEquals(listOf("content-length", "date", "x-own"), answer.headers.map { it.name }.sorted() - "connection")
        assertEquals("body", String(answer.body))
    }

    @Test
    fun `cookies of the app are not sent and cookies of an answer are not given to the app`() {
        val app = CookieManager(null, CookiePolicy.ACCEPT_ALL)
        CookieHandler.setDefault(app)
        TestServer { answer(200, "", "set-cookie" to "ours=1; path=/") }.use { server ->
            app.cookieStore.add(URI(server.url), HttpCookie("theirs", "2").apply { path = "/" })
            assertEquals("ours=1; path=/", send(server.url).headers.single { it.name == "set-cookie" }.value)
            assertSame(app, CookieHandler.getDefault())
            assertEquals(listOf("theirs"), app.cookieStore.cookies.map { it.name })
            sendAsApp(server.url)
            assertEquals(listOf("ours", "theirs"), app.cookieStore.cookies.map { it.name }.sorted())
            assertEquals(listOf(false, true), server.arrived.map { it.cookies.isNotEmpty() })
        }
    }

    @Test
    fun `a connection that the app opens at the same moment has the cookies of the app`() {
        val app = CookieManager(null, CookiePolicy.ACCEPT_ALL)
        CookieHandler.setDefault(app)
        TestServer { answer(200, "", "set-cookie" to "stored=1; path=/") }.use { server ->
            val handler = AndroidHandler()
            AppCookies.ignored {
                AppCookies.without {
                    thread { opened(URL(null, server.url, handler)) }.join()
                    URL(null, server.url, handler).openConnection() as HttpURLConnection
                }
            }
            assertEquals(listOf("stored"), app.cookieStore.cookies.map { it.name })
        }
    }

    @Test
    fun `a cookie handler that the app sets at the same moment stays`() {
        val (before, after) = CookieManager() to CookieManager()
        CookieHandler.setDefault(before)
        AppCookies.without {
            CookieHandler.setDefault(after)
            URL(null, "http://localhost/", AndroidHandler()).openConnection() as HttpURLConnection
        }
        assertSame(after, CookieHandler.getDefault())
    }

    @Test
    fun `the response cache of the app is not used`() {
        var uses = 0
        ResponseCache.setDefault(object : ResponseCache() {
            override fun get(uri: URI, method: String, headers: Map<String, List<String>>): CacheResponse? = null.also { uses++ }

            override fun put(uri: URI, connection: URLConnection): CacheRequest? = null.also { uses++ }
        })
        TestServer { answer(200, "body", "cache-control" to "max-age=3600") }.use { server ->
            send(server.url)
            assertEquals(0, uses)
            sendAsApp(server.url)
            assertTrue(uses > 0)
        }
    }

    @Test
    fun `the authenticator of the app answers no challenge over TLS`() = TestTls.trusted {
        Authenticator.setDefault(object : Authenticator() {
            override fun getPasswordAuthentication() = PasswordAuthentication("app", "password".toCharArray())
        })
        TestServer(tls = true) { answer(401, "no", "www-authenticate" to "Basic realm=\"service\"") }.use { server ->
            val answer = send(server.url, "POST")
            assertEquals(listOf(401, "no"), listOf(answer.status, String(answer.body)))
            fails<TransportException.Lost> { send(server.url) }
            assertEquals(2, server.arrived.size)
            assertEquals(emptyList<String>(), server.arrived.flatMap { it.authorization })
        }
    }

    @Test
    fun `a request is sent on a new connection and not on one of the app`() = TestTls.trusted {
        for (tls in listOf(false, true)) {
            TestServer(tls) { answer(200) }.use { server ->
                repeat(2) { sendAsApp(server.url) }
                repeat(2) { send(server.url) }
                sendAsApp(server.url)
                val connections = server.arrived.map { it.connection }
                val (ofApp, ours) = connections.withIndex().partition { it.index in setOf(0, 1, 4) }
                assertEquals(1, ofApp.map { it.value }.distinct().size)
                assertEquals(2, ours.map { it.value }.distinct().size)
                assertEquals(3, connections.distinct().size)
            }
        }
    }

    @Test
    fun `a host with several addresses gets a request once`() = TestTls.trusted {
        val refused = InetAddress.getByName("127.0.0.2")
        val open = InetAddress.getByName("127.0.0.1")
        val cases = listOf(false, true).flatMap { tls -> listOf(tls to "GET", tls to "POST") }
        for ((tls, method) in cases) {
            var resolved = 0
            val handler = AndroidHandler(tls) { listOf(refused, open, open, refused).also { resolved++ } }
            TestServer(tls) { answer(200) }.use { server ->
                assertEquals(200, send(server.url, method, handler = handler).status)
                assertEquals(1, server.arrived.size)
            }
            TestServer(tls) { }.use { server ->
                fails<TransportException.Lost> { send(server.url, method, handler = handler) }
                assertEquals(1, server.arrived.size)
            }
            assertEquals(2, resolved)
        }
    }

    @Test
    fun `a cancelled request ends at once and so does its connection`() {
        val (reached, closed) = CountDownLatch(1) to CountDownLatch(1)
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { server ->
            thread {
                server.accept().use { connection ->
                    connection.getInputStream().read()
                    reached.countDown()
                    // To the end of the connection.
                    runCatching { connection.getInputStream().readBytes() }
                    closed.countDown()
                }
            }
            val request = request("http://127.0.0.1:${server.localPort}/", timeout = 1.hours)
            runBlocking {
                val call = async(Dispatchers.Default) { UrlConnectionTransport(AndroidHandler()).send(request) }
                reached.await()
                call.cancelAndJoin()
            }
            assertTrue(closed.await(20, TimeUnit.SECONDS))
        }
    }

    @Test
    fun `a request whose name is not resolved in time was not sent`() {
        val open = CountDownLatch(1)
        TestServer { answer(200) }.use { server ->
            val handler = AndroidHandler {
                open.await()
                listOf(InetAddress.getLoopbackAddress())
            }
            val reason = fails<TransportException.NotSent> { send(server.url, timeout = 1.milliseconds, handler = handler) }
            assertEquals("no answer within 1ms", reason)
            open.countDown()
            assertEquals(0, server.arrived.size)
        }
    }

    @Test
    fun `a certificate that is not trusted is a problem of this device`() = TestServer(tls = true) { answer(200) }.use { server ->
        val reason = fails<TransportException.Local> { send(server.url) }
        assertTrue(reason, reason.startsWith("the server's certificate is not trusted on this device (SSLHandshakeException): "))
        assertTrue(reason, "<certificates src=\"user\"/> in the <debug-overrides> of its network security configuration" in reason)
        assertEquals(0, server.arrived.size)
    }

    @Test
    fun `a certificate for another host is a problem of this device`() = TestTls.trusted {
        TestServer(tls = true) { answer(200) }.use { server ->
            val reason = fails<TransportException.Local> { send(server.url.replace("localhost", "127.0.0.1")) }
            assertTrue(reason, reason.startsWith("the server's certificate is for another host: "))
            assertEquals(0, server.arrived.size)
        }
    }

    @Test
    fun `plain http that the app does not permit is a problem of this device`() = TestServer { answer(200) }.use { server ->
        NetworkSecurityPolicy.setInstance(object : NetworkSecurityPolicy() {
            override fun isCleartextTrafficPermitted() = true

            override fun isCleartextTrafficPermitted(hostname: String) = hostname != "localhost"

            override fun isCertificateTransparencyVerificationRequired(hostname: String) = false
        })
        val reason = fails<TransportException.Local> { send(server.url) }
        assertTrue(reason, "cleartextTrafficPermitted=\"true\"" in reason)
        assertFalse(reason, "localhost" in reason)
        assertEquals(0, server.arrived.size)
    }

    @Test
    fun `a missing permission is a problem of this device`() {
        // As Inet6AddressImpl.lookupHostByName of libcore does without the permission.
        val handler = AndroidHandler { throw SecurityException("Permission denied (missing INTERNET permission?)") }
        val reason = fails<TransportException.Local> { send("http://localhost/", handler = handler) }
        assertTrue(reason, "android.permission.INTERNET" in reason)
    }
}
