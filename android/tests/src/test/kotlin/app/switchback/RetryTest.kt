package app.switchback

import app.switchback.support.App
import app.switchback.support.LeavingPerson
import app.switchback.support.Person
import app.switchback.support.ScriptedTransport
import app.switchback.support.answer
import app.switchback.support.bounded
import app.switchback.support.requestFor
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Which errors the client retries in the background, and for how long. */
class RetryTest {
    @Test
    fun `a login is completed when the network is back`() = bounded {
        val app = App()
        var offline = true
        val transport = ScriptedTransport { if (offline) throw TransportException.NotSent("no network") else answer(TOKENS) }
        val session = app.client(Person(app.sandbox::approve), transport) { offline = false }.logIn(requestFor()).session()
        assertEquals("an-access-token", session.accessToken().value)
        assertEquals(listOf(1.seconds), app.pauses.toList())
    }

    @Test
    fun `the service says how long to wait`() = bounded {
        val app = App()
        var busy = true
        val transport = ScriptedTransport { if (busy) BUSY else answer(TOKENS) }
        app.client(Person(app.sandbox::approve), transport) { busy = false }.logIn(requestFor()).session()
        assertEquals(listOf(7.seconds), app.pauses.toList())
    }

    @Test
    fun `after 30 seconds the waiting call throws`() = bounded {
        val app = App()
        val person = Person { url -> app.sandbox.approve(url).also { app.store.locked = true } }
        val client = app.client(person)
        val error = assertThrows<SwitchbackException.StoreLocked> { client.logIn(requestFor()) }
        assertTrue(error.isRetryable)
        assertEquals(listOf(1, 2, 4, 8, 8).map { it.seconds }, app.pauses.toList())
    }

    @Test
    fun `without a waiting call the error is an event`() = bounded {
        val app = App()
        val leaves = LeavingPerson()
        val first = async { app.client().logIn(requestFor(), leaves) }
        val link = app.sandbox.approve(leaves.opened.await())
        first.cancel()
        val client = app.client()
        app.store.locked = true
        client.handle(link)
        val failure = client.events.first().failure()
        assertEquals("store_locked", failure.code.text)
        assertEquals(Messages.text("error.store_locked", "en"), failure.userMessage("en"))
        app.store.locked = false
        client.complete(link).session()
    }

    @Test
    fun `a permanent error is not retried`() = bounded {
        val app = App()
        val client = app.client(Person(app.sandbox::approve), ScriptedTransport { answer("no JSON") })
        val error = assertThrows<SwitchbackException.Protocol> { client.logIn(requestFor()) }
        assertEquals("protocol", error.code)
        assertTrue(error.detail!!.isNotEmpty())
        assertEquals(0, app.pauses.size)
    }

    @Test
    fun `a transport that this machine cannot use is a configuration error with its whole text`() = bounded {
        val app = App()
        val reason = "a word, ".repeat(200) + "and what to do"
        val client = app.client(Person(app.sandbox::approve), ScriptedTransport { throw TransportException.Local(reason) })
        val error = assertThrows<SwitchbackException.Configuration> { client.logIn(requestFor()) }
        assertTrue("this machine cannot connect: $reason" in error.message, error.message)
        assertEquals(0, app.pauses.size)
        assertEquals(1, client.pendingLogins().size)
    }

    @Test
    fun `the same link logs the person in when the network is back`() = bounded {
        val app = App()
        val leaves = LeavingPerson()
        var offline = true
        val transport = ScriptedTransport { if (offline) throw TransportException.NotSent("no network") else answer(TOKENS) }
        val client = app.client(leaves, transport)
        val waiting = async { client.logIn(requestFor()) }
        val link = app.sandbox.approve(leaves.opened.await())
        waiting.cancelAndJoin()
        client.handle(link)
        assertEquals("try_again", client.events.first().failure().code.text)
        offline = false
        client.handle(link)
        client.events.first().session()
    }

    private companion object {
        const val TOKENS = """{"access_token":"an-access-token","token_type":"Bearer","expires_in":3600}"""
        val BUSY = HttpResponse(429, listOf(HttpHeader("retry-after", "7")), ByteArray(0))
    }
}
