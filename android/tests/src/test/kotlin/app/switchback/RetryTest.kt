package app.switchback

import app.switchback.support.Answers
import app.switchback.support.App
import app.switchback.support.Leaves
import app.switchback.support.Person
import app.switchback.support.answer
import app.switchback.support.asking
import app.switchback.support.bounded
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What is tried again in the background, and for how long. */
class RetryTest {
    @Test
    fun `a login is completed when the network is back`() = bounded {
        val app = App()
        var offline = true
        val transport = Answers { if (offline) throw TransportException.NotSent("no network") else answer(TOKENS) }
        val session = app.client(Person(app.sandbox::approve), transport) { offline = false }.logIn(asking()).session()
        assertEquals("an-access-token", session.accessToken().value)
        assertEquals(listOf(1.seconds), app.pauses.toList())
    }

    @Test
    fun `the service says how long to wait`() = bounded {
        val app = App()
        var busy = true
        val transport = Answers { if (busy) BUSY else answer(TOKENS) }
        app.client(Person(app.sandbox::approve), transport) { busy = false }.logIn(asking()).session()
        assertEquals(listOf(7.seconds), app.pauses.toList())
    }

    @Test
    fun `after 30 seconds the waiting call throws`() = bounded {
        val app = App()
        val person = Person { url -> app.sandbox.approve(url).also { app.store.locked = true } }
        val client = app.client(person)
        val error = assertThrows<SwitchbackException.StoreLocked> { client.logIn(asking()) }
        assertTrue(error.isRetryable)
        assertEquals(listOf(1, 2, 4, 8, 8).map { it.seconds }, app.pauses.toList())
    }

    @Test
    fun `without a waiting call the error is an event`() = bounded {
        val app = App()
        val leaves = Leaves()
        val first = async { app.client().logIn(asking(), leaves) }
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
        val client = app.client(Person(app.sandbox::approve), Answers { answer("no JSON") })
        val error = assertThrows<SwitchbackException.Protocol> { client.logIn(asking()) }
        assertEquals("protocol", error.code)
        assertTrue(error.detail!!.isNotEmpty())
        assertEquals(0, app.pauses.size)
    }

    private companion object {
        const val TOKENS = """{"access_token":"an-access-token","token_type":"Bearer","expires_in":3600}"""
        val BUSY = HttpResponse(429, listOf(HttpHeader("retry-after", "7")), ByteArray(0))
    }
}
