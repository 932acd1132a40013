package app.switchback.internal

import app.switchback.support.TestPhone
import app.switchback.support.anotherJvm
import app.switchback.support.login
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.Timeout.ThreadMode

/** The threads of Kotlin and Rust do not wait for each other. */
internal class ThreadsTest {
    @Test
    fun `a program that used the library ends`() {
        anotherJvm("app.switchback.support.BeginsKt") { process ->
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it did not end after its main function")
            assertEquals("begun\n" to 0, process.inputReader().readText() to process.exitValue())
        }
    }

    @Test
    @Timeout(30, threadMode = ThreadMode.SEPARATE_THREAD)
    fun `a caller without a dispatcher may block`() {
        val app = TestPhone().app()
        val pending = runBlocking(Dispatchers.Unconfined) {
            app.begin(login())
            // On Rust's only thread this would be a deadlock.
            runBlocking { app.pendingLogins() }
        }
        assertEquals(1, pending.size)
    }

    @Test
    @Timeout(30, threadMode = ThreadMode.SEPARATE_THREAD)
    fun `calls return while a dispatcher is blocked`() {
        val app = TestPhone().app()
        val blocked = 2 * Runtime.getRuntime().availableProcessors()
        val sessions = runBlocking {
            withContext(Dispatchers.Default) {
                (1..blocked).map { async { runBlocking { app.sessions() } } }.awaitAll()
            }
        }
        assertEquals(List(blocked) { emptyList<String>() }, sessions)
    }
}
