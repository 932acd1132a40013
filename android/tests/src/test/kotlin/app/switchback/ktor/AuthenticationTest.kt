package app.switchback.ktor

import app.switchback.Authorization
import app.switchback.FakeSession
import app.switchback.HttpHeader
import app.switchback.Purpose
import app.switchback.Session
import app.switchback.SessionCore
import app.switchback.SessionId
import app.switchback.SwitchbackException
import app.switchback.UserInfo
import app.switchback.support.RawServer
import app.switchback.support.Sandbox
import app.switchback.support.answer
import app.switchback.support.bounded
import app.switchback.support.loggedIn
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.mock.MockEngine
import io.ktor.client.engine.mock.respond
import io.ktor.client.engine.mock.respondError
import io.ktor.client.request.HttpRequestData
import io.ktor.client.request.get
import io.ktor.http.HttpStatusCode
import io.ktor.http.headersOf
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
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
    fun `another server gets no token`() = bounded {
        val session = sandbox.loggedIn()
        RawServer { it.answer("401 Unauthorized", "connection: close\r\n") }.use { server ->
            assertEquals(401, client(session).status("${server.url}/"))
            assertFalse("authorization" in server.said.single().lowercase())
        }
    }

    @Test
    fun `a redirect to another server has no token, and back there is one`() = bounded {
        val session = sandbox.loggedIn()
        val elsewhere = "http://127.0.0.1:1/elsewhere"
        val sent = Redirecting(mapOf(userInfo to elsewhere, elsewhere to "$userInfo?again")).follow(session, userInfo, hops = 3)
        assertEquals(listOf(userInfo, elsewhere, "$userInfo?again"), sent.map { it.url.toString() })
        val tokens = sent.map { it.headers["authorization"] }
        assertNull(tokens[1])
        assertTrue(tokens[0].orEmpty().startsWith("Bearer "))
        assertEquals(tokens[0], tokens[2])
    }

    @Test
    fun `a redirect to another server has no cookie`() = bounded {
        val (home, elsewhere) = "https://service.example/api" to "https://other.example/api"
        val fake = FakeSession(emptyMap(), UserInfo("person"), Purpose.LOGIN, SessionId("0"))
        val session = Session(object : SessionCore by fake {
            override suspend fun authorize(url: String): Authorization = when (url) {
                home -> Authorization(url, listOf(HttpHeader("cookie", "session=1")), null)
                else -> throw SwitchbackException.Configuration("the URL is not the backend's")
            }
        })
        val sent = Redirecting(mapOf(home to elsewhere, elsewhere to home)).follow(session, home, hops = 3)
        assertEquals(listOf(home, elsewhere, home), sent.map { it.url.toString() })
        assertEquals(listOf("session=1", null, "session=1"), sent.map { it.headers["cookie"] })
    }

    @Test
    fun `refused concurrent calls share one refresh`() = bounded {
        val session = sandbox.loggedIn()
        val (count, refused) = 8 to AtomicInteger()
        val allRefused = CompletableDeferred<Unit>()
        val first = session.accessToken().value
        val engine = MockEngine { request ->
            if (request.headers["authorization"] != "Bearer $first") return@MockEngine respond("")
            // No call gets its 401 before all were sent.
            if (refused.incrementAndGet() == count) allRefused.complete(Unit)
            allRefused.await()
            respondError(HttpStatusCode.Unauthorized)
        }
        val client = HttpClient(engine) { install(SwitchbackAuthentication) { session { session } } }
        val answers = (1..count).map { async(Dispatchers.IO) { client.status(userInfo) } }.awaitAll()
        assertEquals(List(count) { 200 }, answers)
        assertEquals(count, refused.get())
        assertEquals(1, sandbox.count("refreshes"))
    }

    @Test
    fun `a call with an ended session fails`() = bounded {
        val session = sandbox.loggedIn()
        session.logOut()
        assertThrows<SwitchbackException.LoginRequired> { client(session).status(userInfo) }
    }

    private fun client(who: Session?) = HttpClient(CIO) {
        install(SwitchbackAuthentication) { session { who } }
    }

    private suspend fun HttpClient.status(url: String): Int = get(url).status.value

    /** Servers with redirects from one URL to another. They record their requests. */
    private class Redirecting(private val redirects: Map<String, String>) {
        suspend fun follow(session: Session, url: String, hops: Int): List<HttpRequestData> {
            val sent = CopyOnWriteArrayList<HttpRequestData>()
            val engine = MockEngine { request ->
                sent += request
                val next = redirects[request.url.toString()].takeIf { sent.size < hops }
                if (next == null) respond("") else respond("", HttpStatusCode.Found, headersOf("location", next))
            }
            val client = HttpClient(engine) { install(SwitchbackAuthentication) { session { session } } }
            assertEquals(200, client.get(url).status.value)
            return sent
        }
    }
}
