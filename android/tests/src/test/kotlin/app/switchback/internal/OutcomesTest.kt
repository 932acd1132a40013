package app.switchback.internal

import app.switchback.support.MemoryStore
import app.switchback.support.Sandbox
import app.switchback.support.ScriptedRustTransport
import app.switchback.support.TestPhone
import app.switchback.support.TestService
import app.switchback.support.app
import app.switchback.support.bounded
import app.switchback.support.login
import app.switchback.support.sessionOf
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Every outcome of a login. */
internal class OutcomesTest {
    @Test
    fun `logged in, with less than was asked for`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val login = app.begin(login())
        phone.sandbox.misbehave("scope-narrowed", "code-exchange")
        val completion = app.complete(phone.sandbox.approve(login.url)) as LoginOutcome.LoggedIn
        assertEquals(TruidDataPoint.entries.size - 1, completion.deniedScopes.size)
        assertEquals(completion.deniedScopes, app.session(completion.session).deniedScopes())
    }

    @Test
    fun `declined`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val link = phone.sandbox.decline(app.begin(login()).url)
        repeat(2) { assertEquals(LoginOutcome.Declined, app.complete(link)) }
        assertEquals(emptyList<PendingLogin>(), app.pendingLogins())
    }

    @Test
    fun `refused, for a code that is too old`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val link = phone.sandbox.approve(app.begin(login()).url)
        phone.advance(31)
        val refused = app.complete(link) as LoginOutcome.Refused
        assertEquals("invalid_grant", refused.error.code)
        assertFalse(refused.interrupted)
    }

    @Test
    fun `refused, since the answer to the code was lost`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val link = phone.sandbox.approve(app.begin(login()).url)
        phone.sandbox.misbehave("dropped-after", "code-exchange")
        assertFails<SwitchbackException.TryAgain> { app.complete(link) }
        assertTrue((app.complete(link) as LoginOutcome.Refused).interrupted)
    }

    @Test
    fun `not ours, malformed, and unknown`() = bounded {
        val app = TestPhone().app()
        app.begin(login())
        assertEquals(LoginOutcome.NotOurs, app.complete("https://other.example/?code=c&state=s"))
        val torn = app.complete("${Sandbox.REDIRECT_URI}?code=c")
        assertEquals(LoginOutcome.Malformed(MalformedLink.NO_STATE), torn)
        assertEquals(LoginOutcome.Unknown, app.complete("${Sandbox.REDIRECT_URI}?code=c&state=forged"))
        assertEquals(1, app.pendingLogins().size)
    }

    @Test
    fun `expired`() = bounded {
        val phone = TestPhone()
        val app = phone.app(config = phone.config().copy(loginTimeout = 25))
        val link = phone.sandbox.approve(app.begin(login()).url)
        phone.advance(25)
        assertEquals(LoginOutcome.Expired, app.complete(link))
    }

    @Test
    fun `replayed`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val link = phone.sandbox.approve(app.begin(login()).url)
        app.session(sessionOf(app.complete(link))).logOut()
        assertEquals(LoginOutcome.Replayed, app.complete(link))
    }

    @Test
    fun `another person than required`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val session = phone.loggedIn(app)
        val maja = session.userInfo().sub
        val again = login().copy(subject = maja)
        val robin = phone.sandbox.approve(app.begin(again).url, "robin")
        assertEquals(LoginOutcome.OtherPerson, app.complete(robin))
        sessionOf(app.complete(phone.sandbox.approve(app.begin(again).url)))
    }

    @Test
    fun `forgotten by the backend`() = bounded {
        TestService().use { service ->
            val store = MemoryStore()
            val link = service.sandbox.approve(service.app(store).begin(LoginRequest(Purpose.LOGIN)).url)
            val forgetful = ScriptedRustTransport { _, completion ->
                completion.succeed(app.switchback.support.json("""{"error":"login_required"}""", 401))
            }
            assertEquals(LoginOutcome.Forgotten, service.app(store, forgetful).complete(link))
        }
    }

    @Test
    fun `a lone surrogate in a link does not throw`() = bounded {
        val app = TestPhone().app()
        val link = "${Sandbox.REDIRECT_URI}?code=\uD800&state=s"
        assertTrue(app.accepts(link))
        val completion = app.complete(link)
        assertTrue(completion is LoginOutcome.Unknown || completion is LoginOutcome.Malformed, "$completion")
        assertEquals("Declined", "${LoginOutcome.Declined}")
    }
}
