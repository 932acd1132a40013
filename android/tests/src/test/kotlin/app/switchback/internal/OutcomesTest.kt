package app.switchback.internal

import app.switchback.support.Answering
import app.switchback.support.MemoryStore
import app.switchback.support.Sandbox
import app.switchback.support.Service
import app.switchback.support.World
import app.switchback.support.bounded
import app.switchback.support.login
import app.switchback.support.sessionOf
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Every completion: what an app meets in a normal life. */
internal class OutcomesTest {
    @Test
    fun `logged in, with less than was asked for`() = bounded {
        val world = World()
        val app = world.app()
        val login = app.begin(login())
        world.sandbox.misbehave("scope-narrowed", "code-exchange")
        val completion = app.complete(world.sandbox.approve(login.url)) as LoginOutcome.LoggedIn
        assertEquals(TruidDataPoint.entries.size - 1, completion.deniedScopes.size)
        assertEquals(completion.deniedScopes, app.session(completion.session).deniedScopes())
    }

    @Test
    fun `declined`() = bounded {
        val world = World()
        val app = world.app()
        val link = world.sandbox.decline(app.begin(login()).url)
        repeat(2) { assertEquals(LoginOutcome.Declined, app.complete(link)) }
        assertEquals(emptyList<PendingLogin>(), app.pendingLogins())
    }

    @Test
    fun `refused, for a code that is too old`() = bounded {
        val world = World()
        val app = world.app()
        val link = world.sandbox.approve(app.begin(login()).url)
        world.advance(31)
        val refused = app.complete(link) as LoginOutcome.Refused
        assertEquals("invalid_grant", refused.error.code)
        assertFalse(refused.interrupted)
    }

    @Test
    fun `refused, since the answer to the code was lost`() = bounded {
        val world = World()
        val app = world.app()
        val link = world.sandbox.approve(app.begin(login()).url)
        world.sandbox.misbehave("dropped-after", "code-exchange")
        assertFails<SwitchbackException.TryAgain> { app.complete(link) }
        assertTrue((app.complete(link) as LoginOutcome.Refused).interrupted)
    }

    @Test
    fun `not ours, malformed, and unknown`() = bounded {
        val app = World().app()
        app.begin(login())
        assertEquals(LoginOutcome.NotOurs, app.complete("https://other.example/?code=c&state=s"))
        val torn = app.complete("${Sandbox.REDIRECT_URI}?code=c")
        assertEquals(LoginOutcome.Malformed(MalformedLink.NO_STATE), torn)
        assertEquals(LoginOutcome.Unknown, app.complete("${Sandbox.REDIRECT_URI}?code=c&state=forged"))
        assertEquals(1, app.pendingLogins().size)
    }

    @Test
    fun `expired`() = bounded {
        val world = World()
        val app = world.app(config = world.config().copy(loginTimeout = 25))
        val link = world.sandbox.approve(app.begin(login()).url)
        world.advance(25)
        assertEquals(LoginOutcome.Expired, app.complete(link))
    }

    @Test
    fun `replayed`() = bounded {
        val world = World()
        val app = world.app()
        val link = world.sandbox.approve(app.begin(login()).url)
        app.session(sessionOf(app.complete(link))).logOut()
        assertEquals(LoginOutcome.Replayed, app.complete(link))
    }

    @Test
    fun `another person than required`() = bounded {
        val world = World()
        val app = world.app()
        val session = world.loggedIn(app)
        val maja = session.userInfo().sub
        val again = login().copy(subject = maja)
        val robin = world.sandbox.approve(app.begin(again).url, "robin")
        assertEquals(LoginOutcome.OtherPerson, app.complete(robin))
        sessionOf(app.complete(world.sandbox.approve(app.begin(again).url)))
    }

    @Test
    fun `forgotten by the backend`() = bounded {
        Service().use { service ->
            val store = MemoryStore()
            val link = service.sandbox.approve(service.app(store).begin(LoginRequest(Purpose.LOGIN)).url)
            val forgetful = Answering { _, completion ->
                completion.succeed(app.switchback.support.json("""{"error":"login_required"}""", 401))
            }
            assertEquals(LoginOutcome.Forgotten, service.app(store, forgetful).complete(link))
        }
    }

    @Test
    fun `a lone surrogate in a link does not throw`() = bounded {
        val app = World().app()
        val link = "${Sandbox.REDIRECT_URI}?code=\uD800&state=s"
        assertTrue(app.accepts(link))
        val completion = app.complete(link)
        assertTrue(completion is LoginOutcome.Unknown || completion is LoginOutcome.Malformed, "$completion")
        assertEquals("Declined", "${LoginOutcome.Declined}")
    }
}
