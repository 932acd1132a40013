package app.switchback

import app.switchback.support.App
import app.switchback.support.AppStore
import app.switchback.support.FileStore
import app.switchback.support.Person
import app.switchback.support.anotherJvm
import app.switchback.support.bounded
import app.switchback.support.requestFor
import app.switchback.testing.ConformanceReport.Case
import app.switchback.testing.StoreUnderTest
import app.switchback.testing.secureStoreConformance
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** Stores in Kotlin, tested against docs/how-to/secure-store.md. */
internal class StoreTest {
    @Test
    @Timeout(120)
    fun `a store of files passes every case`(@TempDir folder: Path) {
        val isLocked = AtomicBoolean()
        val report = secureStoreConformance(object : StoreUnderTest {
            override fun open(): SecureStore = FileStore(folder, isLocked::get)

            override fun lock(locked: Boolean): Boolean {
                isLocked.set(locked)
                return true
            }

            override fun killedInPut(key: String, value: ByteArray): Boolean = killed(folder, key, value)
        })
        assertTrue(report.failures.isEmpty(), "$report")
        assertTrue(report.leftOut.isEmpty(), "$report")
        assertEquals(31, report.cases.size)
        assertEquals(0, Files.list(folder).use { files -> files.filter { "${it.fileName}".endsWith(".entry") }.count() })
    }

    /** A second JVM puts the value repeatedly, and is killed meanwhile. */
    private fun killed(folder: Path, key: String, value: ByteArray): Boolean =
        anotherJvm("app.switchback.support.PutterKt", "$folder", key) { process ->
            process.outputStream.use { it.write(value) }
            assertEquals('.'.code, process.inputStream.read(), "nothing was put")
            process.destroyForcibly()
            process.waitFor(20, TimeUnit.SECONDS)
        }

    @Test
    @Timeout(120)
    fun `a store in memory passes every case of one process`() {
        val store = AppStore()
        val report = secureStoreConformance(object : StoreUnderTest {
            override fun open(): SecureStore = store

            override fun lock(locked: Boolean): Boolean {
                store.locked = locked
                return true
            }
        })
        assertTrue(report.failures.isEmpty(), "$report")
        assertEquals(listOf("killed-in-put"), report.leftOut.map(Case::name))
    }

    @Test
    @Timeout(120)
    fun `a faulty store fails in the cases of its faults`() {
        val inner = AppStore()
        val store = object : SecureStore {
            override fun get(key: String) = inner.get(key.lowercase())
            override fun put(key: String, value: ByteArray) = inner.put(key.lowercase(), value)
            override fun delete(key: String) = inner.delete(key.lowercase())
            override fun list(prefix: String) = inner.list(prefix.lowercase())
        }
        val report = secureStoreConformance { store }
        val failed = report.failures.map(Case::name)
        assertTrue("keys-that-differ-in-case" in failed, "$failed")
        assertTrue("round-trip" !in failed, "$failed")
        val leftOut = listOf("killed-in-put", "locked-at-start", "locked-after-opening", "unlocked-later")
        assertEquals(leftOut, report.leftOut.map(Case::name))
        val lines = "$report".lines()
        assertTrue("passed    round-trip" in lines && "FAILED    keys-that-differ-in-case" in lines, "$report")
        assertTrue(lines.any { it.startsWith("left out  killed-in-put: ") }, "$report")
        assertEquals("${31 - failed.size - 4} passed, ${failed.size} failed, 4 left out", lines.last())
    }

    @Test
    @Timeout(120)
    fun `the report says why a store cannot be opened`() {
        val report = secureStoreConformance { throw StoreException.Denied("not in this test") }
        val failed = report.failures.first { it.name == "round-trip" }
        assertTrue("not in this test" in "${failed.outcome}", "$failed")
    }

    @Test
    fun `a session in files survives its process`(@TempDir folder: Path) = bounded {
        val app = App()
        val session = app.logIn(FileStore(folder))
        val next = app.client(store = FileStore(folder))
        assertEquals(listOf(session), next.sessions())
    }

    @Test
    fun `a locked store logs no person out`(@TempDir folder: Path) = bounded {
        val locked = AtomicBoolean()
        val app = App()
        val session = app.logIn(FileStore(folder, locked::get))
        app.advance(60)
        locked.set(true)
        assertThrows<SwitchbackException.StoreLocked> { session.accessToken() }
        assertThrows<SwitchbackException.StoreLocked> { session.logOut() }
        locked.set(false)
        session.accessToken()
    }

    private suspend fun App.logIn(store: SecureStore): Session {
        val client = client(Person(sandbox::approve), store = store)
        return (client.logIn(requestFor()) as LoginOutcome.LoggedIn).session
    }
}
