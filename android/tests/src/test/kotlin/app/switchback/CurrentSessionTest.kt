package app.switchback

import app.switchback.support.App
import app.switchback.support.bounded
import app.switchback.support.requestFor
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** The current session: the value now, and each change. */
class CurrentSessionTest {
    @Test
    fun `the current session follows login, refresh and logout`() = bounded {
        val app = App()
        val client = app.approving()
        assertEquals(CurrentSession.LoggedOut(null), client.current.first { it != CurrentSession.Loading })
        assertNull(client.currentSession())

        val session = client.logIn(requestFor()).session()
        assertEquals(CurrentSession.LoggedIn(session), client.current.value)
        assertEquals(SessionState.LoggedIn(session.expiresAtEpochSeconds), session.state.value)

        val before = session.state.value
        app.advance(60)
        session.accessToken()
        assertNotEquals(before, session.state.value)
        assertEquals(SessionState.LoggedIn(session.expiresAtEpochSeconds), session.state.value)
        assertEquals(CurrentSession.LoggedIn(session), client.current.value)

        session.logOut()
        assertEquals(SessionState.LoggedOut, session.state.value)
        assertEquals(SessionEnd.LOGGED_OUT, session.end)
        assertEquals(CurrentSession.LoggedOut(SessionEnd.LOGGED_OUT), client.current.value)
        assertNull(client.currentSession())
    }

    @Test
    fun `when a call returns, the current session shows what it changed`() = bounded {
        val app = App()
        val client = app.approving()
        val current = client.current
        repeat(20) {
            val session = client.logIn(requestFor()).session()
            val state = session.state
            assertEquals(CurrentSession.LoggedIn(session), current.value)
            if (it % 2 == 0) session.logOut() else client.removeSession(session.id)
            assertEquals(CurrentSession.LoggedOut(SessionEnd.LOGGED_OUT), current.value)
            assertEquals(SessionState.LoggedOut, state.value)
        }
    }

    @Test
    fun `when a call throws, the current session shows the end that it found`() = bounded {
        val app = App()
        val client = app.approving()
        val calls = listOf<suspend (Session) -> Any?>(
            { it.accessToken() },
            { it.authorize("${app.sandbox.url}/") },
            { it.userInfo() },
            { it.presentation(ClaimType.NAME) },
        )
        for (call in calls) {
            val session = client.logIn(requestFor()).session()
            val (current, state) = client.current to session.state
            app.sandbox.endSessions()
            app.advance(60)
            assertThrows<SwitchbackException.LoginRequired> { call(session) }
            assertEquals(CurrentSession.LoggedOut(SessionEnd.REVOKED), current.value)
            assertEquals(SessionState.LoginRequired(SessionEnd.REVOKED), state.value)
        }
    }

    @Test
    fun `a session that ends while the store is read is not current`() = bounded {
        // The first two questions come from the reading of the store.
        var asked = 0
        val ending = object : SessionCore by Session.fake().core {
            override val end get() = if (asked++ < 2) null else SessionEnd.LOGGED_OUT
        }
        val client = SwitchbackClient.fake(LoginOutcome.LoggedIn(Session(ending)))
        client.logIn(Purpose.LOGIN)
        assertEquals(CurrentSession.LoggedOut(SessionEnd.LOGGED_OUT), client.current.value)
    }

    @Test
    fun `the current session says why it ended`() = bounded {
        val app = App()
        val client = app.approving()
        val session = client.logIn(requestFor()).session()
        val state = session.state
        assertInstanceOf(CurrentSession.LoggedIn::class.java, client.current.first { it != CurrentSession.Loading })
        app.sandbox.endSessions()
        app.advance(60)
        val error = assertThrows<SwitchbackException.LoginRequired> { session.accessToken() }
        assertEquals("login_required" to "revoked", error.code to error.detail)
        assertEquals(SessionEnd.REVOKED, error.reason)
        assertEquals(Messages.text("end.revoked", "sv"), error.userMessage("sv"))
        assertEquals(SessionState.LoginRequired(SessionEnd.REVOKED), state.value)
        assertEquals(CurrentSession.LoggedOut(SessionEnd.REVOKED), client.current.value)
    }

    @Test
    fun `the newest session is the current one, then the previous`() = bounded {
        val app = App()
        val client = app.approving()
        val old = client.logIn(requestFor()).session()
        app.advance(5)
        val new = client.logIn(requestFor()).session()
        assertEquals(new, client.currentSession())
        client.removeSession(new.id)
        assertEquals(CurrentSession.LoggedIn(old), client.current.value)
        assertEquals(SessionEnd.LOGGED_OUT, new.end)
        val gone = assertThrows<SwitchbackException.LoginRequired> { app.client().session(new.id) }
        assertEquals(SessionEnd.NO_SESSION, gone.reason)
        assertEquals(old, app.client().session(old.id))
    }

    @Test
    fun `a session that is opened twice ends for both`() = bounded {
        val client = App().approving()
        val session = client.logIn(requestFor()).session()
        val twin = client.session(session.id)
        assertTrue(session === twin)
        session.logOut()
        assertEquals(SessionState.LoggedOut, twin.state.value)
    }

    @Test
    fun `a locked store logs no person out and is read again`() = bounded {
        val app = App()
        val session = app.approving().logIn(requestFor()).session()
        app.store.locked = true
        val client = app.client { if (app.pauses.size == 3) app.store.locked = false }
        assertThrows<SwitchbackException.StoreLocked> { client.currentSession() }
        assertEquals(CurrentSession.LoggedIn(session), client.current.first { it is CurrentSession.LoggedIn })
        assertEquals(3, app.pauses.size)
    }

    @Test
    fun `a token that a resource refused is replaced`() = bounded {
        val app = App()
        val session = app.approving().logIn(requestFor()).session()
        val refused = session.accessToken()
        assertNotEquals(refused.value, session.accessToken(after = refused).value)
        val url = "${app.sandbox.url}/oidc/v1/user-info"
        val sent = session.authorize(url)
        assertEquals(url, sent.url)
        assertEquals(listOf("authorization"), sent.headers.map(HttpHeader::name))
        val again = session.answered(sent, 401)!!
        assertNotEquals(sent.headers.single().value, again.headers.single().value)
        assertNull(session.answered(again, 401))
        assertThrows<SwitchbackException.Configuration> { session.authorize("https://elsewhere.example/") }
    }
}
