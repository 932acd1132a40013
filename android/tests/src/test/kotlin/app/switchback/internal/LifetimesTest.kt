package app.switchback.internal

import app.switchback.support.Gate
import app.switchback.support.MemoryStore
import app.switchback.support.ScriptedRustTransport
import app.switchback.support.TestPhone
import app.switchback.support.bounded
import app.switchback.support.json
import app.switchback.support.login
import app.switchback.testing.ClockForRust
import app.switchback.testing.internal.bytesHeld
import app.switchback.testing.internal.clientForTests
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** Closed objects are released in Kotlin and in Rust. */
internal class LifetimesTest {
    @Test
    @Timeout(120)
    fun `ten thousand objects of each kind leave no memory`() {
        val phone = TestPhone()
        val store = MemoryStore()
        lateinit var id: String
        bounded { phone.loggedIn(phone.app(store)).use { id = it.id() } }
        val answer = json("""{"sub":"s","claims":[{"type":"truid.app/claim/email/v1","value":"a@b.example"}]}""")
        val http = ScriptedRustTransport { _, completion -> completion.use { it.succeed(answer) } }
        val url = "${phone.sandbox.url}/oidc/v1/user-info"
        val platform = Platform(store, http)
        val claims = listOf(TruidClaimType.EMAIL.key())

        /** Makes and closes each kind of object that has a handle. */
        fun cycles(count: Int) = bounded(100.seconds) {
            repeat(PARTS) { launch(Dispatchers.Default) { repeat(count / PARTS) {
                clientForTests(phone.config(), platform, ClockForRust(phone.clock)).use { client ->
                    client.session(id).use { session ->
                        session.accessToken().use(Secret::expose)
                        session.authorize(url).use(Authorization::headers)
                        session.presentation(claims).use(Presentation::sub)
                        session.events().use(SessionEvents::last)
                    }
                }
            } } }
        }.also { http.seen.clear() }

        cycles(1_000)
        val before = settled()
        val handles = handles()
        cycles(10_000)
        val grown = settled() - before
        // A leak of a hundred bytes per cycle would be a million; one of ten bytes also exceeds the limit.
        assertTrue(grown < 100_000, "$grown bytes more in 10,000 cycles")
        val after = handles()
        assertTrue(handles.zip(after).all { (then, now) -> now <= then }, "Rust held $handles, and holds $after")
    }

    @Test
    fun `a closed object throws, also as an argument`() = bounded {
        val phone = TestPhone()
        val session = phone.loggedIn(phone.app())
        val url = "${phone.sandbox.url}/oidc/v1/user-info"
        repeat(500) {
            val closed = session.authorize(url).apply { close() }
            // A new object may have the address of the closed one.
            val others = List(3) { session.authorize(url) }
            val told = runCatching { session.answered(closed, 200, emptyList()) }.exceptionOrNull()
            assertTrue(told is IllegalStateException, "$told")
            others.forEach(Authorization::close)
        }
        session.close()
        session.close()
        assertEquals("Session(closed)", "$session")
        assertTrue(runCatching { session.id() }.exceptionOrNull() is IllegalStateException)
    }

    @Test
    fun `garbage collection frees unclosed objects`() = bounded {
        val before = FfiConverterTypeSecureStore.handleMap.size
        repeat(100) { TestPhone().app() }
        while (FfiConverterTypeSecureStore.handleMap.size > before) {
            System.gc()
            kotlinx.coroutines.delay(10)
        }
    }

    @Test
    fun `a closed object throws, and may be closed twice`() = bounded {
        val session = TestPhone().loggedIn()
        repeat(2) { session.close() }
        assertFails<IllegalStateException> { session.accessToken() }
    }

    @Test
    fun `a running call keeps its objects alive`() = bounded {
        val phone = TestPhone()
        val gate = Gate()
        val app = phone.app(http = gate)
        val link = phone.sandbox.approve(app.begin(login()).url)
        gate.close()
        kotlinx.coroutines.supervisorScope {
            val call = async { app.complete(link) }
            gate.reached.await()
            app.close()
            gate.open()
            assertTrue(call.await() is LoginOutcome.LoggedIn)
        }
    }

    private companion object {
        const val PARTS = 4
    }

    /** The memory of Rust after garbage collection, also of earlier tests' objects. No event signals its end. */
    private fun settled(): Long {
        var last = -1L
        repeat(100) {
            System.gc()
            Thread.sleep(20)
            val now = bytesHeld()
            if (now == last) return now
            last = now
        }
        return last
    }

    private fun handles() = listOf(
        FfiConverterTypeSecureStore.handleMap.size,
        FfiConverterTypeHttpTransport.handleMap.size,
        uniffiContinuationHandleMap.size,
    )
}
