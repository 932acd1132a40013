package app.switchback.internal

import app.switchback.support.Gate
import app.switchback.support.MemoryStore
import app.switchback.support.StoreThat
import app.switchback.support.World
import app.switchback.support.bounded
import app.switchback.support.login
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.supervisorScope
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** Stores and critical sections that misbehave: what they do reaches those who use them, typed. */
internal class CallbacksTest {
    /** What a store may throw without having declared it. */
    private val undeclared = listOf(
        IllegalStateException(CANARY),
        RuntimeException(CANARY, java.io.IOException(CANARY)),
        // No `Exception`, and thrown all the same: `TODO()`, a class that is missing, a deep stack.
        NotImplementedError(CANARY),
        NoClassDefFoundError(CANARY),
        StackOverflowError(CANARY),
    )

    @TestFactory
    fun `an undeclared store exception becomes Unavailable without its text`(): List<DynamicTest> =
        listOf("get", "put", "list").flatMap { where ->
            undeclared.map { thrown ->
                dynamicTest("${thrown.javaClass.simpleName} in $where") {
                    bounded {
                        val app = World().app(StoreThat { call, _ -> if (call == where) throw thrown })
                        val error = assertFails<SwitchbackException.Store> {
                            app.begin(login())
                            app.pendingLogins()
                        }
                        assertTrue(error.reason is StoreException.Unavailable, error.message)
                        assertTrue(thrown.javaClass.name in error.message, error.message)
                        assertFalse(CANARY in error.stackTraceToString())
                    }
                }
            }
        }

    @Test
    fun `a hanging store stops only its own callers`() = bounded {
        for (where in listOf("get", "list", "put")) {
            val (reached, go) = CountDownLatch(1) to CountDownLatch(1)
            val world = World()
            val stuck = world.app(StoreThat { call, _ ->
                if (call == where) {
                    reached.countDown()
                    go.await(25, TimeUnit.SECONDS)
                }
            })
            supervisorScope {
                val call = async(Dispatchers.Default) {
                    stuck.begin(login())
                    stuck.pendingLogins()
                }
                assertTrue(reached.await(20, TimeUnit.SECONDS), where)
                // Others, with a store and a section of their own, go on, and the caller may leave.
                world.loggedIn(world.app(processLock = Nothing())).accessToken()
                call.cancel()
                assertFails<CancellationException> { call.await() }
            }
            go.countDown()
        }
    }

    @Test
    fun `a store may make calls that return at once`() = bounded {
        val world = World()
        var app: Client? = null
        val asked = AtomicInteger()
        app = world.app(StoreThat(world.store) { _, _ ->
            app?.let {
                it.accepts("https://app.example/")
                it.clockOffset()
                asked.incrementAndGet()
            }
        })
        world.loggedIn(app).accessToken()
        assertTrue(asked.get() > 0)
    }

    @Test
    fun `a store is never called from inside its own call`() = bounded {
        val depth = ThreadLocal.withInitial { 0 }
        val nested = AtomicInteger()
        val inner = MemoryStore()
        val store = object : SecureStore {
            private fun <T> within(call: () -> T): T {
                if (depth.get() > 0) nested.incrementAndGet()
                depth.set(depth.get() + 1)
                return try {
                    call()
                } finally {
                    depth.set(depth.get() - 1)
                }
            }

            override fun get(key: String) = within { inner.get(key) }
            override fun put(key: String, value: ByteArray) = within { inner.put(key, value) }
            override fun delete(key: String) = within { inner.delete(key) }
            override fun list(prefix: String) = within { inner.list(prefix) }
        }
        World().let { it.loggedIn(it.app(store)).logOut() }
        assertEquals(0, nested.get())
    }

    @Test
    fun `one thread enters and leaves a critical section`() = bounded {
        val world = World()
        val section = Watched()
        val session = world.loggedIn(world.app(processLock = section, background = section))
        world.advance(60)
        session.accessToken()
        assertTrue(section.entered.get() > 0)
        assertEquals(0, section.inside.get())
        assertEquals(emptyList<String>(), section.complaints.toList())
        section.asleep.await()
    }

    @TestFactory
    fun `the error of a critical section reaches its caller`(): List<DynamicTest> =
        (undeclared + StoreException.Denied("because")).map { thrown ->
            dynamicTest(thrown.javaClass.simpleName) {
                bounded {
                    val world = World()
                    val app = world.app(processLock = object : ProcessLock by Nothing() {
                        override fun enter() = throw thrown
                    })
                    val error = assertFails<SwitchbackException.Store> { world.loggedIn(app) }
                    assertFalse(CANARY in error.message)
                    val told = if (thrown is StoreException) "because" else thrown.javaClass.name
                    assertTrue(told in error.message, error.message)
                }
            }
        }

    @Test
    fun `work continues without background time`() = bounded {
        for (thrown in undeclared + StoreException.Denied("because")) {
            val world = World()
            val session = world.loggedIn(world.app(background = object : BackgroundTasks {
                override fun begin(expiry: Expiry): Long = throw thrown
                override fun end(task: Long) = throw thrown
            }))
            world.advance(60)
            session.accessToken()
        }
    }

    @Test
    fun `expired background time ends the work`() = bounded {
        val world = World()
        val gate = Gate()
        val expiries = ConcurrentLinkedQueue<Expiry>()
        val tasks = object : BackgroundTasks {
            override fun begin(expiry: Expiry): Long {
                expiries += expiry
                return 1
            }

            override fun end(task: Long) = Unit
        }
        val session = world.loggedIn(world.app(http = gate, background = tasks))
        world.advance(60)
        gate.close()
        supervisorScope {
            val call = async { session.accessToken() }
            gate.reached.await()
            // Twice is once.
            repeat(2) { expiries.forEach(Expiry::expired) }
            assertFails<SwitchbackException.TryAgain> { call.await() }
        }
        gate.open()
    }

    @Test
    fun `a hanging critical section stops only its own callers`() = bounded {
        val (reached, go) = CountDownLatch(1) to CountDownLatch(1)
        val world = World()
        val stuck = world.app(MemoryStore(), processLock = object : ProcessLock by Nothing() {
            override fun enter() {
                reached.countDown()
                go.await(25, TimeUnit.SECONDS)
            }
        })
        supervisorScope {
            val call = async(Dispatchers.Default) { world.loggedIn(stuck) }
            assertTrue(reached.await(20, TimeUnit.SECONDS))
            world.loggedIn(world.app()).accessToken()
            call.cancel()
            assertFails<CancellationException> { call.await() }
        }
        go.countDown()
    }

    /** A section for an app of one process, of one client. */
    open class Nothing : ProcessLock {
        override fun enter() = Unit
        override fun leave() = Unit
        override fun announce(owner: String) = Unit
        override fun withdraw(owner: String) = Unit
        override fun isGone(owner: String): Boolean = false
    }

    /** Sees whether it is used as its documentation says. */
    private class Watched : Nothing(), BackgroundTasks {
        private val lock = java.util.concurrent.locks.ReentrantLock()
        private val awake = AtomicInteger()
        val entered = AtomicInteger()
        val inside = AtomicInteger()
        val complaints = ConcurrentLinkedQueue<String>()
        val asleep = CompletableDeferred<Unit>()

        override fun enter() {
            if (!lock.tryLock(5, TimeUnit.SECONDS)) complaints += "somebody has not left"
            entered.incrementAndGet()
            if (inside.incrementAndGet() != 1) complaints += "two are inside"
        }

        override fun leave() {
            inside.decrementAndGet()
            try {
                lock.unlock()
            } catch (_: IllegalMonitorStateException) {
                complaints += "another thread leaves"
            }
        }

        override fun begin(expiry: Expiry): Long = awake.incrementAndGet().toLong()

        override fun end(task: Long) {
            if (task == 0L) complaints += "a task that nobody has begun is ended"
            if (awake.decrementAndGet() == 0) asleep.complete(Unit)
        }
    }

    private companion object {
        const val CANARY = "c4nary-s3cr3t"
    }
}
