package app.switchback.internal

import app.switchback.support.TestPhone
import app.switchback.support.bounded
import app.switchback.support.login
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class LogTest {
    private val lines = LinkedBlockingQueue<LogLine>()

    private fun sink(log: (LogLine) -> Unit) = setLog(object : LogSink {
        override fun log(line: LogLine) = log(line)
    })

    @AfterEach
    fun `remove the sink`() = setLog(null)

    /** All log lines up to this event. */
    private fun until(event: String): List<LogLine> = buildList {
        do add(lines.poll(20, TimeUnit.SECONDS) ?: throw AssertionError("no $event in $this"))
        while (last().event != event)
    }

    @Test
    fun `a login is logged in order and without secrets`() = bounded {
        sink(lines::add)
        val phone = TestPhone()
        val session = phone.loggedIn()
        val token = session.accessToken().expose()
        session.logOut()
        val told = until("session.logged-out")
        val events = told.map(LogLine::event)
        for (event in listOf("login.begun", "callback.received", "code.sent", "login.completed")) {
            assertTrue(event in events, "$events")
        }
        assertEquals(setOf(session.id()), told.mapNotNull(LogLine::id).toSet())
        assertFalse(token in "$told")
    }

    @Test
    fun `a sink that throws still gets later lines`() = bounded {
        sink {
            lines.add(it)
            if (lines.size % 2 == 0) error("s3cr3t") else throw LogException.Failed("full")
        }
        TestPhone().loggedIn().logOut()
        until("session.logged-out")
    }

    @Test
    fun `a sink may throw an Error`() = bounded {
        sink {
            lines.add(it)
            TODO("s3cr3t")
        }
        TestPhone().loggedIn().logOut()
        until("session.logged-out")
    }

    @Test
    fun `a hanging sink delays only the log`() = bounded {
        val go = CountDownLatch(1)
        sink {
            lines.add(it)
            go.await(20, TimeUnit.SECONDS)
        }
        TestPhone().loggedIn().logOut()
        assertEquals("login.begun", lines.poll(20, TimeUnit.SECONDS)?.event)
        assertEquals(null, lines.poll())
        go.countDown()
        until("session.logged-out")
    }

    @Test
    fun `a sink may call the client`() = bounded {
        val phone = TestPhone()
        val app = phone.app()
        sink {
            lines.add(it)
            if (it.event == "login.begun") kotlinx.coroutines.runBlocking { app.pendingLogins() }
        }
        app.begin(login())
        assertNotNull(until("login.begun").last().id)
    }

    @Test
    fun `lines that a slow sink misses are counted`() = bounded {
        val (reached, go) = CountDownLatch(1) to CountDownLatch(1)
        sink {
            lines.add(it)
            reached.countDown()
            go.await(20, TimeUnit.SECONDS)
        }
        val app = TestPhone().app()
        val attempt = app.begin(login()).id
        assertTrue(reached.await(20, TimeUnit.SECONDS))
        repeat(299) { app.reopen(attempt) }
        go.countDown()
        // The sink had the first line, 256 lines waited, and the next line contains the count.
        val missing = until("log.dropped").last().note
        assertEquals("43 lines, since the sink is slow", missing)
    }
}
