package app.switchback.android.store

import app.switchback.SecureStore
import app.switchback.android.bounded
import app.switchback.support.Sandbox
import app.switchback.testing.StoreUnderTest
import app.switchback.testing.secureStoreConformance
import java.io.File
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** Two processes of an app (`android:process`) use one store. The second process is a separate JVM. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], manifest = Config.NONE)
class ProcessesTest {
    private val context = RuntimeEnvironment.getApplication()
    private val folder = context.noBackupFilesDir
    private val store = KeystoreStore(context)

    @Before
    fun installKeystore() {
        FakeAndroidKeystore.install()
        store.put("first", byteArrayOf(1))
    }

    @Test
    fun `a killed process writes the whole value or nothing`() {
        val report = secureStoreConformance(object : StoreUnderTest {
            override fun open(): SecureStore = KeystoreStore(context)

            override fun killedInPut(key: String, value: ByteArray): Boolean = SecondProcess.start(folder) {
                it.put(key, value)
                it.kill()
            }
        })
        assertTrue("$report", report.failures.isEmpty())
        assertTrue("$report", report.leftOut.none { it.name == "killed-in-put" })
        assertEquals(listOf("first"), store.list(""))
    }

    @Test
    fun `two processes that write one entry leave one whole value`() {
        val ours = ByteArray(100_000) { 1 }
        val theirs = ByteArray(150_000) { 2 }
        var seen = 0
        SecondProcess.start(folder) { second ->
            second.put("both", theirs)
            repeat(200) { round ->
                store.put("both", ours)
                store.put("ours $round", byteArrayOf(round.toByte()))
                val value = store.get("both")!!
                assertTrue("${value.size} bytes", value.contentEquals(ours) || value.contentEquals(theirs))
                if (value.contentEquals(theirs)) seen++
            }
            second.kill()
        }
        assertTrue("the processes did not write at the same time", seen > 0)
        val last = store.get("both")!!
        assertTrue(last.contentEquals(ours) || last.contentEquals(theirs))
        repeat(200) { assertArrayEquals(byteArrayOf(it.toByte()), store.get("ours $it")) }
        // The lock of the killed process has ended, and its incomplete file is replaced.
        store.put("both", ours)
        assertArrayEquals(ours, store.get("both"))
        assertEquals(202, store.list("").size)
        assertTrue(File(folder, "switchback").list()!!.none { it == "new" })
    }

    @Test
    fun `two processes that need a new token at once refresh once`() {
        val sandbox = Sandbox.shared
        sandbox.reset()
        val app = AppProcess(store, folder, sandbox.url, sandbox.now())
        bounded { app.logIn(sandbox) }
        bounded { app.open() }
        SecondProcess.start(folder) { second ->
            second.send("open ${sandbox.url} ${sandbox.now()}")
            assertEquals("opened", second.answer())
            val tokens = mutableSetOf<String>()
            repeat(ROUNDS) { round ->
                sandbox.advance(EXPIRED)
                second.send("token $EXPIRED")
                val ours = bounded { app.token(EXPIRED) }
                assertEquals(ours, second.answer())
                tokens += ours
                assertEquals(round + 1, sandbox.count("refreshes"))
            }
            assertEquals(ROUNDS, tokens.size)
        }
        assertEquals(emptyList<String>(), sandbox.findings())
    }

    private companion object {
        const val ROUNDS = 8

        /** Longer than an access token lives, in seconds. */
        const val EXPIRED = 400L
    }
}
