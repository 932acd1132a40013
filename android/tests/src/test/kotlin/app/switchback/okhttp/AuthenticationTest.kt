package app.switchback.okhttp

import app.switchback.Session
import app.switchback.SwitchbackException
import app.switchback.support.RawServer
import app.switchback.support.Sandbox
import app.switchback.support.answer
import app.switchback.support.bounded
import app.switchback.support.loggedIn
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import okhttp3.OkHttpClient
import okhttp3.Request
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class AuthenticationTest {
    private val sandbox = Sandbox.shared.apply { reset() }
    private val userInfo = "${sandbox.url}/oidc/v1/user-info"

    @Test
    fun `a call is sent with the session's authorization`() = bounded {
        val session = sandbox.loggedIn()
        assertEquals(200, client(session).status(userInfo))
        assertEquals(401, client(null).status(userInfo))
    }

    @Test
    fun `concurrent calls share one refresh and are sent again`() = bounded {
        val session = sandbox.loggedIn()
        sandbox.advance(120)
        val client = client(session)
        val answers = (1..8).map { async(Dispatchers.IO) { client.status(userInfo) } }.awaitAll()
        assertEquals(List(8) { 200 }, answers)
        assertEquals(1, sandbox.count("refreshes"))
    }

    @Test
    fun `a refused call is sent once more, not twice`() = bounded {
        val session = sandbox.loggedIn()
        val seen = CopyOnWriteArrayList<String?>()
        // The session takes this server for the provider, because it has the provider's address.
        val client = client(session).newBuilder().addNetworkInterceptor { chain ->
            seen += chain.request().header("authorization")
            chain.proceed(chain.request()).newBuilder().code(401).build()
        }.build()
        assertEquals(401, client.status(userInfo))
        assertEquals(2, seen.distinct().size)
        assertEquals(2, seen.size)
    }

    @Test
    fun `a redirected and refused call is sent once more`() = bounded {
        val session = sandbox.loggedIn()
        sandbox.advance(120)
        val redirecting = client(session).newBuilder().addNetworkInterceptor { chain ->
            val response = chain.proceed(chain.request())
            if (chain.request().url.toString() != "$userInfo?from") response
            else response.newBuilder().code(302).header("location", userInfo).build()
        }.build()
        assertEquals(200, redirecting.status("$userInfo?from"))
        assertEquals(1, sandbox.count("refreshes"))
    }

    @Test
    fun `a server cannot request a repeated call`() {
        RawServer { it.answer("401 Unauthorized", "switchback-again: \r\nconnection: close\r\n") }.use { server ->
            assertEquals(401, client(null).status("${server.url}/"))
            assertEquals(1, server.requests)
        }
    }

    @Test
    fun `another server gets no token, also after a redirect`() = bounded {
        val session = sandbox.loggedIn()
        val seen = CopyOnWriteArrayList<String?>()
        val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        server.createContext("/") { exchange ->
            seen += exchange.requestHeaders.getFirst("authorization") ?: exchange.requestHeaders.getFirst("cookie")
            exchange.sendResponseHeaders(200, -1)
            exchange.close()
        }
        server.start()
        val elsewhere = "http://127.0.0.1:${server.address.port}/"
        assertEquals(200, client(session).status(elsewhere))
        val redirecting = client(session).newBuilder().addNetworkInterceptor { chain ->
            val response = chain.proceed(chain.request())
            if (chain.request().url.toString() != userInfo) response
            else response.newBuilder().code(302).header("location", elsewhere).build()
        }.build()
        assertEquals(200, redirecting.status(userInfo))
        assertEquals(listOf<String?>(null, null), seen.toList())
        server.stop(0)
    }

    @Test
    fun `a call with an ended session fails`() = bounded {
        val session = sandbox.loggedIn()
        session.logOut()
        val error = assertThrows<SwitchbackCallException> { client(session).status(userInfo) }
        assertInstanceOf(SwitchbackException.LoginRequired::class.java, error.cause)
    }

    private fun client(session: Session?) = OkHttpClient.Builder().authorizedBy { session }.build()

    private fun OkHttpClient.status(url: String): Int =
        newCall(Request.Builder().url(url).build()).execute().use { it.code }
}
