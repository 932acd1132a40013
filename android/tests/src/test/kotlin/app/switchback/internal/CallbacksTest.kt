package app.switchback.internal

import app.switchback.support.Gate
import app.switchback.support.HookedStore
import app.switchback.support.MemoryStore
import app.switchback.support.TestPhone
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

/** Stores and critical sections that misbehave. Their errors reach the caller with a type. */
internal class CallbacksTest {
    /** Undeclared throwables of a store. */
    private val undeclared = listOf(
        IllegalStateException(CANARY),
        RuntimeException(CANARY, java.io.IOException(CANARY)),
        // Errors that are no `Exception`: `TODO()`, a missing class, a stack overflow.
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
                        val app = TestPhone().app(HookedStore { call, _ -> if (call == where) throw thrown })
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
            val phone = TestPhone()
            val stuck = phone.app(HookedStore { call, _ ->
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
                // Clients with another store and section continue, and the caller can be cancelled.
                phone.loggedIn(phone.app(processLock = TestLock())).accessToken()
                call.cancel()
                assertFails<CancellationException> { call.await() }
            }
            go.countDown()
        }
    }

    @Test
    fun `a store may make calls that return at once`() = bounded {
        val phone = TestPhone()
        var app: Client? = null
        val asked = AtomicInteger()
        app = phone.app(HookedStore(phone.store) { _, _ ->
            app?.let {
                it.accepts("https://app.example/")
                it.clockOffset()
                asked.incrementAndGet()
            }
        })
        phone.loggedIn(app).accessToken()
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
        TestPhone().let { it.loggedIn(it.app(store)).logOut() }
        assertEquals(0, nested.get())
    }

    @Test
    fun `one thread enters and leaves a critical section`() = bounded {
        val phone = TestPhone()
        val section = CheckedLock()
        val session = phone.loggedIn(phone.app(processLock = section, background = section))
        phone.advance(60)
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
                    val phone = TestPhone()
                    val app = phone.app(processLock = object : ProcessLock by TestLock() {
                        override fun enter() = throw thrown
                    })
                    val error = assertFails<SwitchbackException.Store> { phone.loggedIn(app) }
                    assertFalse(CANARY in error.message)
                    val told = if (thrown is StoreException) "because" else thrown.javaClass.name
                    assertTrue(told in error.message, error.message)
                }
            }
        }

    @Test
    fun `work continues without background time`() = bounded {
        for (thrown in undeclared + StoreException.Denied("because")) {
            val phone = TestPhone()
            val session = phone.loggedIn(phone.app(background = object : BackgroundTasks {
                override fun begin(expiry: Expiry): Long = throw thrown
                override fun end(task: Long) = throw thrown
            }))
            phone.advance(60)
            session.accessToken()
        }
    }

    @Test
    fun `expired background time ends the work`() = bounded {
        val phone = TestPhone()
        val gate = Gate()
        val expiries = ConcurrentLinkedQueue<Expiry>()
        val tasks = object : BackgroundTasks {
            override fun begin(expiry: Expiry): Long {
                expiries += expiry
                return 1
            }

            override fun end(task: Long) = Unit
        }
        val session = phone.loggedIn(phone.app(http = gate, background = tasks))
        phone.advance(60)
        gate.close()
        supervisorScope {
            val call = async { session.accessToken() }
            gate.reached.await()
            // A second call has no effect.
            repeat(2) { expiries.forEach(Expiry::expired) }
            assertFails<SwitchbackException.TryAgain> { call.await() }
        }
        gate.open()
    }

    @Test
    fun `a hanging critical section stops only its own callers`() = bounded {
        val (reached, go) = CountDownLatch(1) to CountDownLatch(1)
        val phone = TestPhone()
        val stuck = phone.app(MemoryStore(), processLock = object : ProcessLock by TestLock() {
            override fun enter() {
                reached.countDown()
                go.await(25, TimeUnit.SECONDS)
            }
        })
        supervisorScope {
            val call = async(Dispatchers.Default) { phone.loggedIn(stuck) }
            assertTrue(reached.await(20, TimeUnit.SECONDS))
            phone.loggedIn(phone.app()).accessToken()
            call.cancel()
            assertFails<CancellationException> { call.await() }
        }
        go.countDown()
    }

    /** A critical section for an app with one process and one client. */
    open class TestLock : ProcessLock {
        override fun enter() = Unit
        override fun leave() = Unit
        override fun announce(owner: String) = Unit
        override fun withdraw(owner: String) = Unit
        override fun isGone(owner: String): Boolean = false
    }

    /** Checks that it is called as its documentation says. */
    private class CheckedLock : TestLock(), BackgroundTasks {
        private val lock = java.util.concurrent.locks.ReentrantLock()
        private val awake = AtomicInteger()
        val entered = AtomicInteger()
        val inside = AtomicInteger()
        val complaints = ConcurrentLinkedQueue<String>()
        val asleep = CompletableDeferred<Unit>()

        override fun enter() {
            if (!lock.tryLock(5, TimeUnit.SECONDS)) complaints += "another thread has not left"
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
            if (task == 0L) complaints += "a task that was not begun is ended"
            if (awake.decrementAndGet() == 0) asleep.complete(Unit)
        }
    }

    private companion object {
        const val CANARY = "c4nary-s3cr3t"
    }
}
