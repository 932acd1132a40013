package app.switchback.internal

import app.switchback.support.Gate
import app.switchback.support.login
import app.switchback.support.Answering
import app.switchback.support.MemoryStore
import app.switchback.support.World
import app.switchback.support.bounded
import app.switchback.support.json
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

/** What is closed is gone, on both sides. */
internal class LifetimesTest {
    @Test
    @Timeout(120)
    fun `ten thousand objects of each kind leave no memory`() {
        val world = World()
        val store = MemoryStore()
        lateinit var id: String
        bounded { world.loggedIn(world.app(store)).use { id = it.id() } }
        val answer = json("""{"sub":"s","claims":[{"type":"truid.app/claim/email/v1","value":"a@b.example"}]}""")
        val http = Answering { _, completion -> completion.use { it.succeed(answer) } }
        val url = "${world.sandbox.url}/oidc/v1/user-info"
        val platform = Platform(store, http)
        val claims = listOf(TruidClaimType.EMAIL.key())

        /** Everything that has a handle, made and closed. */
        fun cycles(count: Int) = bounded(100.seconds) {
            for (part in 1..PARTS) launch(Dispatchers.Default) { repeat(count / PARTS) {
                clientForTests(world.config(), platform, ClockForRust(world.clock)).use { client ->
                    client.session(id).use { session ->
                        session.accessToken().use(Secret::expose)
                        session.authorize(url).use(Authorization::headers)
                        session.presentation(claims).use(Presentation::sub)
                        session.events().use(SessionEvents::last)
                    }
                }
            } }
        }.also { http.seen.clear() }

        cycles(1_000)
        val before = settled()
        val handles = handles()
        cycles(10_000)
        val grown = settled() - before
        // A leak of a hundred bytes would be a million; of ten, too much as well.
        assertTrue(grown < 100_000, "$grown bytes more in 10,000 cycles")
        val after = handles()
        assertTrue(handles.zip(after).all { (then, now) -> now <= then }, "Rust held $handles, and holds $after")
    }

    @Test
    fun `a closed object throws, also as an argument`() = bounded {
        val world = World()
        val session = world.loggedIn(world.app())
        val url = "${world.sandbox.url}/oidc/v1/user-info"
        repeat(500) {
            val closed = session.authorize(url).apply { close() }
            // They may be where it was.
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
        repeat(100) { World().app() }
        while (FfiConverterTypeSecureStore.handleMap.size > before) {
            System.gc()
            kotlinx.coroutines.delay(10)
        }
    }

    @Test
    fun `a closed object throws, and may be closed twice`() = bounded {
        val session = World().loggedIn()
        repeat(2) { session.close() }
        assertFails<IllegalStateException> { session.accessToken() }
    }

    @Test
    fun `a running call keeps its objects alive`() = bounded {
        val world = World()
        val gate = Gate()
        val app = world.app(http = gate)
        val link = world.sandbox.approve(app.begin(login()).url)
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

    /** What Rust holds when the garbage, of earlier tests as well, is gone: nothing tells when. */
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
