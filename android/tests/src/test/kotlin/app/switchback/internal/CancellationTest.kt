package app.switchback.internal

import app.switchback.support.Gate
import app.switchback.support.TestPhone
import app.switchback.support.bounded
import app.switchback.support.login
import app.switchback.support.sessionOf
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class CancellationTest {
    @Test
    fun `a login continues after its caller is cancelled`() = bounded {
        val (phone, gate) = TestPhone() to Gate()
        val app = phone.app(http = gate)
        val link = phone.sandbox.approve(app.begin(login()).url)
        gate.close()
        supervisorScope {
            val call = async { app.complete(link) }
            gate.reached.await()
            assertCancelled(call)
        }
        gate.open()
        app.session(sessionOf(app.complete(link))).accessToken()
        assertEquals(1, phone.sandbox.count("code_exchanges"))
        assertEquals(0, phone.sandbox.count("refused_token_requests"))
    }

    @Test
    fun `a refresh is stored after its caller is cancelled`() = bounded {
        val (phone, gate) = TestPhone() to Gate()
        val session = phone.loggedIn(phone.app(http = gate))
        val old = session.accessToken().expose()
        val events = session.events()
        phone.advance(60)
        gate.close()
        supervisorScope {
            val call = async { session.accessToken() }
            gate.reached.await()
            assertCancelled(call)
        }
        gate.open()
        assertTrue(events.next(0).event is SessionEvent.Refreshed)
        // Another process reads the new token.
        val later = phone.app().session(session.id())
        val token = later.accessToken().expose()
        assertTrue(token != old)
        assertEquals(token, session.accessToken().expose())
        assertEquals(1, phone.sandbox.count("refreshes"))
        assertEquals(emptyList<String>(), phone.sandbox.findings().filter { it != SessionTest.UNREAD })
    }

    @Test
    fun `cancelling one caller leaves the others their token`() = bounded {
        val (phone, gate) = TestPhone() to Gate()
        val session = phone.loggedIn(phone.app(http = gate))
        phone.advance(60)
        gate.close()
        supervisorScope {
            val calls = (1..10).map { async(start = CoroutineStart.UNDISPATCHED) { session.accessToken().expose() } }
            gate.reached.await()
            assertCancelled(calls.first())
            gate.open()
            assertEquals(1, calls.drop(1).map { it.await() }.toSet().size)
        }
        assertEquals(1, phone.sandbox.count("refreshes"))
    }

    @Test
    fun `cancelled waiting loses no change`() = bounded {
        val phone = TestPhone()
        val session = phone.loggedIn()
        val events = session.events()
        supervisorScope {
            val waiting = async(start = CoroutineStart.UNDISPATCHED) { events.next(0) }
            assertCancelled(waiting)
        }
        session.logOut()
        assertEquals(SessionEvent.LoggedOut, events.next(0).event)
    }

    @Test
    fun `a change during cancellation is not lost`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        val session = phone.loggedIn(app)
        val events = session.events()
        supervisorScope {
            val waiting = async(start = CoroutineStart.UNDISPATCHED) { events.next(0) }
            // The change comes while the thread of its listener is busy.
            elsewhere {
                session.logOut()
                // All coroutines that it resumed have run.
                repeat(20) { app.sessions() }
            }
            assertCancelled(waiting)
        }
        assertEquals(SessionEvent.LoggedOut, events.next(0).event)
    }

    @Test
    fun `cancelling a caller does not interrupt the store`() = bounded {
        val phone = TestPhone()
        val (reached, go) = CountDownLatch(1) to CountDownLatch(1)
        val store = app.switchback.support.HookedStore(phone.store) { call, _ ->
            if (call == "put") {
                reached.countDown()
                go.await(20, TimeUnit.SECONDS)
            }
        }
        val app = phone.app(store)
        supervisorScope {
            val call = async(Dispatchers.Default) { app.begin(login()) }
            assertTrue(reached.await(20, TimeUnit.SECONDS))
            assertCancelled(call)
        }
        go.countDown()
        // Either the whole call was made or none of it.
        for (pending in app.pendingLogins()) phone.app().reopen(pending.id)!!
    }

    /** Blocks the thread on purpose. */
    private fun elsewhere(work: suspend () -> Unit) {
        thread { runBlocking { work() } }.join(20_000)
    }

    private suspend fun assertCancelled(call: Deferred<*>) {
        call.cancel()
        assertFails<CancellationException> { call.await() }
    }
}
