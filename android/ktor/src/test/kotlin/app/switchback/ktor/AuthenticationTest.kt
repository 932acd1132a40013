package app.switchback.ktor

import app.switchback.Session
import app.switchback.SwitchbackException
import app.switchback.support.RawServer
import app.switchback.support.Sandbox
import app.switchback.support.answer
import app.switchback.support.bounded
import app.switchback.support.loggedIn
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.request.get
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class AuthenticationTest {
    private val sandbox = Sandbox.shared.apply { reset() }
    private val userInfo = "${sandbox.url}/oidc/v1/user-info"

    @Test
    fun `a call is sent as the person who is logged in`() = bounded {
        val session = sandbox.loggedIn()
        assertEquals(200, client(session).status(userInfo))
        assertEquals(401, client(null).status(userInfo))
    }

    @Test
    fun `of several calls whose token is over, one refreshes for all, and each is sent again`() = bounded {
        val session = sandbox.loggedIn()
        sandbox.advance(120)
        val client = client(session)
        val answers = (1..8).map { async(Dispatchers.IO) { client.status(userInfo) } }.awaitAll()
        assertEquals(List(8) { 200 }, answers)
        assertEquals(1, sandbox.count("refreshes"))
    }

    @Test
    fun `another place gets no token`() = bounded {
        val session = sandbox.loggedIn()
        RawServer { it.answer("401 Unauthorized", "connection: close\r\n") }.use { server ->
            assertEquals(401, client(session).status("${server.url}/"))
            assertFalse("authorization" in server.said.single().lowercase())
        }
    }

    @Test
    fun `a session that is over says so`() = bounded {
        val session = sandbox.loggedIn()
        session.logOut()
        assertThrows<SwitchbackException.LoginRequired> { client(session).status(userInfo) }
    }

    private fun client(who: Session?) = HttpClient(CIO) {
        install(SwitchbackAuthentication) { session { who } }
    }

    private suspend fun HttpClient.status(url: String): Int = get(url).status.value
}
