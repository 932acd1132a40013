package app.switchback.internal

import app.switchback.support.TestPhone
import app.switchback.support.bounded
import app.switchback.support.httpByJdk
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test

internal class SessionTest {
    @Test
    fun `200 concurrent callers share one refresh request`() = bounded {
        for (http in listOf(null, httpByJdk())) {
            val phone = TestPhone()
            val session = phone.loggedIn(phone.app(http = http))
            val old = session.accessToken().expose()
            phone.advance(60)
            val tokens = withContext(Dispatchers.Default) {
                (1..200).map { async { session.accessToken().expose() } }.awaitAll()
            }
            assertEquals(1, tokens.toSet().size)
            assertNotEquals(old, tokens.first())
            assertEquals(1, phone.sandbox.count("refreshes"))
            assertEquals(emptyList<String>(), phone.sandbox.findings().filter { it != UNREAD })
        }
    }

    @Test
    fun `a refused token is replaced once for all callers`() = bounded {
        val phone = TestPhone()
        val session = phone.loggedIn()
        val refused = session.accessToken()
        val tokens = withContext(Dispatchers.Default) {
            (1..20).map { async { session.accessTokenAfter(refused.expose()).expose() } }.awaitAll()
        }
        assertEquals(1, tokens.toSet().size)
        assertNotEquals(refused.expose(), tokens.first())
        assertEquals(1, phone.sandbox.count("refreshes"))
    }

    @Test
    fun `a session that is opened twice is the same`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val session = phone.loggedIn(app)
        val twin = app.session(session.id())
        session.logOut()
        assertEquals(SessionEnd.LOGGED_OUT, twin.ended())
    }

    @Test
    fun `a listener gets the refresh and the end`() = bounded {
        val phone = TestPhone()
        val session = phone.loggedIn()
        val events = session.events()
        assertNull(events.last())
        phone.advance(60)
        session.accessToken()
        val first = events.next(0)
        assertEquals(SessionEvent.Refreshed(session.expiresAt()!!), first.event)
        session.logOut()
        assertEquals(SessionEvent.LoggedOut, events.last())
        // A later listener gets the last event; the flow begins with it.
        assertEquals(listOf(SessionEvent.LoggedOut), session.events().asFlow().take(1).toList())
        assertEquals(SessionEvent.LoggedOut, events.next(first.number).event)
    }

    @Test
    fun `an authorization is only for its URL`() = bounded {
        val phone = TestPhone()
        val session = phone.loggedIn()
        val url = "${phone.sandbox.url}/oidc/v1/user-info"
        val sent = session.authorize(url)
        assertEquals(url, sent.url())
        val header = Header("authorization", "Bearer ${session.accessToken().expose()}")
        assertEquals(listOf(header), sent.headers())
        assertNull(session.answered(sent, 200, emptyList()))
        assertFails<SwitchbackException.Configuration> { session.authorize("https://elsewhere.example/") }
    }

    @Test
    fun `a session is removed by its id`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val id = phone.loggedIn(app).id()
        app.removeSession(id)
        app.removeSession(id)
        assertEquals(emptyList<String>(), app.sessions())
    }

    internal companion object {
        /** The sandbox's findings about a login without a scope. */
        const val UNREAD = "scope-unused"
    }
}
