package app.switchback

import app.switchback.support.AppStore
import app.switchback.support.Person
import app.switchback.support.Sandbox
import app.switchback.support.anotherJvm
import app.switchback.support.bounded
import app.switchback.support.requestFor
import app.switchback.testing.Clock
import app.switchback.testing.Now
import app.switchback.testing.TestClock
import app.switchback.testing.forTests
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** The module for an app's tests, used as such a test uses it. */
internal class ForTestsTest {
    private val sandbox = Sandbox.shared.apply { reset() }

    @Test
    fun `a token is refreshed by the test's clock`() = bounded {
        val clock = TestClock(sandbox.now())
        val session = loggedIn(clock)
        val first = session.accessToken().value
        assertEquals(first, session.accessToken().value)
        sandbox.advance(60)
        clock.advance(60.seconds)
        assertTrue(session.accessToken().value != first)
        assertEquals(1, sandbox.count("refreshes"))
    }

    @Test
    fun `a token expires by uptime, not by the wall clock`() = bounded {
        var now = Now(sandbox.now(), 7.hours)
        val session = loggedIn { now }
        assertEquals(sandbox.now(), session.loggedInAtEpochSeconds)
        // The person sets the wall clock.
        now = Now(sandbox.now() + 100_000, 7.hours)
        session.accessToken()
        assertEquals(0, sandbox.count("refreshes"))
        now = Now(now.epochSeconds, 7.hours + 60.seconds)
        sandbox.advance(60)
        session.accessToken()
        assertEquals(1, sandbox.count("refreshes"))
    }

    private suspend fun loggedIn(clock: Clock): Session {
        val person = Person(sandbox::approve)
        val config = SwitchbackConfig(Provider.truid(sandbox.url), Mode.direct(Sandbox.CLIENT), Sandbox.REDIRECT_URI)
        person.client = SwitchbackClient.forTests(config, Platform(AppStore(), opener = person), clock)
        return (person.client.logIn(requestFor()) as LoginOutcome.LoggedIn).session
    }

    @Test
    fun `a wrong configuration throws as in a real client`() {
        val config = SwitchbackConfig(Provider.truid(), Mode.direct(""), "no URL")
        assertThrows<SwitchbackException.Configuration> {
            SwitchbackClient.forTests(config, Platform(AppStore()), TestClock(0))
        }
    }

    @Test
    fun `a test clock shows the time of the test`() {
        val clock = TestClock(epochSeconds = 100)
        val begun = clock.now()
        clock.advance(90.seconds + 700.milliseconds)
        assertEquals(190, clock.now().epochSeconds)
        assertEquals(begun.uptime + 90.seconds, clock.now().uptime)
        clock.set(50)
        assertEquals(50, clock.now().epochSeconds)
        assertEquals(begun.uptime + 90.seconds, clock.now().uptime)
        assertThrows<IllegalArgumentException> { clock.advance((-1).seconds) }
    }

    @Test
    fun `the library for tests is used unless the app's is loaded`() {
        assertEquals("taken", inAnotherJvm())
        val said = inAnotherJvm("app first")
        assertTrue("-Duniffi.component.switchback.libraryOverride=switchback_bindings_testing" in said, said)
    }

    private fun inAnotherJvm(vararg arguments: String) =
        anotherJvm("app.switchback.ForTestsTestKt", *arguments, library = null) { it.inputReader().readText().trim() }
}

/** Makes a client for tests, if requested after an app's client, and prints the result. */
internal fun main(arguments: Array<String>) {
    val config = SwitchbackConfig(Provider.truid(), Mode.direct("client-id"), "https://app.example/callback")
    val platform = Platform(AppStore(), transport = { throw TransportException.NotSent("nothing is sent here") })
    if (arguments.isNotEmpty()) SwitchbackClient(config, platform).close()
    try {
        SwitchbackClient.forTests(config, platform, TestClock(0)).close()
        println("taken")
    } catch (error: IllegalStateException) {
        println(error.message)
    }
}
