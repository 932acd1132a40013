package app.switchback.internal

import app.switchback.support.FileStore
import app.switchback.support.MemoryStore
import app.switchback.support.World
import app.switchback.support.anotherJvm
import app.switchback.support.bounded
import app.switchback.testing.CaseReport
import app.switchback.testing.Outcome
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
import org.junit.jupiter.api.io.TempDir

/** Stores in Kotlin, held to docs/secure-store.md. */
internal class StoreTest {
    @Test
    @Timeout(120)
    fun `a store of files passes every case`(@TempDir folder: Path) {
        val isLocked = AtomicBoolean()
        val report = secureStoreConformance(object : StoreUnderTest {
            override fun openStore(): SecureStore = FileStore(folder, isLocked::get)

            override fun lock(locked: Boolean): Boolean {
                isLocked.set(locked)
                return true
            }

            override fun killedInPut(key: String, value: ByteArray): Boolean = killed(folder, key, value)
        })
        assertEquals(emptyList<String>(), report.filter { it.outcome != Outcome.Passed }.map(::told))
        assertEquals(31, report.size)
        assertEquals(0, Files.list(folder).use { files -> files.filter { "${it.fileName}".endsWith(".entry") }.count() })
    }

    /** A second JVM puts, again and again, and is killed meanwhile. */
    private fun killed(folder: Path, key: String, value: ByteArray): Boolean =
        anotherJvm("app.switchback.support.PutterKt", "$folder", key) { process ->
            process.outputStream.use { it.write(value) }
            assertEquals('.'.code, process.inputStream.read(), "nothing was put")
            process.destroyForcibly()
            process.waitFor(20, TimeUnit.SECONDS)
        }

    @Test
    @Timeout(120)
    fun `a store that is nearly right fails, in the cases that say why`() {
        val report = secureStoreConformance(object : StoreUnderTest {
            val store = object : SecureStore by MemoryStore() {
                private val inner = MemoryStore()
                override fun get(key: String) = inner.get(key.lowercase())
                override fun put(key: String, value: ByteArray) = inner.put(key.lowercase(), value)
                override fun delete(key: String) = inner.delete(key.lowercase())
                override fun list(prefix: String) = inner.list(prefix.lowercase())
            }

            override fun openStore(): SecureStore = store
            override fun lock(locked: Boolean): Boolean = false
            override fun killedInPut(key: String, value: ByteArray): Boolean = false
        })
        val failed = report.filter { it.outcome is Outcome.Failed }.map(CaseReport::name)
        assertTrue("keys-that-differ-in-case" in failed, "$failed")
        assertTrue("round-trip" !in failed, "$failed")
        val leftOut = report.filter { it.outcome is Outcome.LeftOut }.map(CaseReport::name)
        assertEquals(listOf("killed-in-put", "locked-at-start", "locked-after-opening", "unlocked-later"), leftOut)
    }

    @Test
    fun `a session lives in files, from one process to the next`(@TempDir folder: Path) = bounded {
        val world = World()
        val id = world.loggedIn(world.app(FileStore(folder))).id()
        assertEquals(listOf(id), world.app(FileStore(folder)).sessions())
    }

    @Test
    fun `a store that is locked logs nobody out`(@TempDir folder: Path) = bounded {
        val locked = AtomicBoolean()
        val world = World()
        val app = world.app(FileStore(folder, locked::get))
        val session = world.loggedIn(app)
        world.advance(60)
        locked.set(true)
        assertFails<SwitchbackException.StoreLocked> { session.accessToken() }
        assertFails<SwitchbackException.StoreLocked> { session.logOut() }
        locked.set(false)
        session.accessToken()
    }

    private fun told(case: CaseReport): String = "${case.name}: ${case.outcome}"
}
