package app.switchback

import app.switchback.support.App
import app.switchback.support.bounded
import app.switchback.support.requestFor
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A person who comes back without the link, as the library for phones notices it. */
class PendingTest {
    private val app = App()
    private val client = app.client()

    private class Phone : AttemptOpener {
        val opened = CompletableDeferred<Attempt>()
        val returned = CompletableDeferred<Unit>()

        override suspend fun open(attempt: Attempt): Boolean = opened.complete(attempt)

        override suspend fun awaitReturn() = returned.await()
    }

    private fun LoginOutcome.pending(): PendingLogin = (this as LoginOutcome.Pending).login

    @Test
    fun `the login is pending, and its link completes it later`() = bounded {
        val phone = Phone()
        val call = async { client.logIn(requestFor(), null, phone) }
        val attempt = phone.opened.await()
        phone.returned.complete(Unit)
        val outcome = call.await()
        assertEquals(attempt.id, outcome.pending().id)
        assertEquals("pending" to "The login is not finished yet.", outcome.code to outcome.userMessage("en"))
        client.handle(app.sandbox.approve(attempt.url))
        assertTrue(client.events.first() is LoginOutcome.LoggedIn)
    }

    @Test
    fun `opened again, the call returns the outcome`() = bounded {
        val (first, second) = Phone() to Phone()
        val call = async { client.logIn(requestFor(), null, first) }
        val attempt = first.opened.await()
        val again = async { client.reopen(attempt.id, second) }
        val reopened = second.opened.await()
        // The earlier call does not wait any more.
        assertEquals(attempt.id, call.await().pending().id)
        client.handle(app.sandbox.approve(reopened.url))
        assertTrue(again.await() is LoginOutcome.LoggedIn)
        assertNull(client.reopen(attempt.id, Phone()))
    }

    @Test
    fun `a login that ended in the meantime is not pending`() = bounded {
        val phone = Phone()
        val call = async { client.logIn(requestFor(), null, phone) }
        val attempt = phone.opened.await()
        client.handle(app.sandbox.approve(attempt.url))
        val outcome = call.await()
        phone.returned.complete(Unit)
        assertTrue(outcome is LoginOutcome.LoggedIn)
    }

    @Test
    fun `events of the phone are in the timeline`() = bounded {
        val phone = Phone()
        val call = async { client.logIn(requestFor(), null, phone) }
        val attempt = phone.opened.await()
        client.record(attempt.id, listOf(TimelineEntry(1, "open.done", "browser")))
        assertEquals(
            listOf("login.begun: login", "open.done: browser"),
            client.timeline(attempt.id)?.map { "$it".substringAfter(' ') },
        )
        call.cancel()
    }
}
