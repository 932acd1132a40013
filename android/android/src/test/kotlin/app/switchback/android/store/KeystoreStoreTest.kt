package app.switchback.android.store

import android.content.Context
import android.os.UserManager
import app.switchback.SecureStore
import app.switchback.StoreException
import app.switchback.testing.StoreUnderTest
import app.switchback.testing.secureStoreConformance
import java.io.File
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], manifest = Config.NONE)
class KeystoreStoreTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val folder = File(context.noBackupFilesDir, "switchback")
    private val store = KeystoreStore(context)

    @Before
    fun installKeystore() = FakeAndroidKeystore.install()

    private fun files(): List<File> = folder.listFiles { file -> file.name.endsWith(".entry") }.orEmpty().toList()

    private fun unlock(unlocked: Boolean) =
        shadowOf(context.getSystemService(UserManager::class.java)).setUserUnlocked(unlocked)

    @Test
    fun `it passes every case of the suite`() {
        val report = secureStoreConformance(object : StoreUnderTest {
            override fun open(): SecureStore = KeystoreStore(context)

            override fun lock(locked: Boolean): Boolean {
                unlock(!locked)
                return true
            }
        })
        assertTrue("$report", report.failures.isEmpty())
        assertEquals(listOf("killed-in-put"), report.leftOut.map { it.name })
        assertTrue(report.cases.size >= 30)
        assertEquals(0, files().size)
    }

    @Test
    fun `the constructor reads and writes nothing`() {
        assertFalse(folder.exists())
        assertNull(store.get("a"))
        assertEquals(emptyList<String>(), store.list(""))
        assertEquals(0, FakeAndroidKeystore.keys.size)
    }

    @Test
    fun `files have neither a value nor the same bytes twice`() {
        val value = "a value that is secret".toByteArray()
        store.put("key", value)
        val first = files().single().readBytes()
        store.put("key", value)
        val second = files().single().readBytes()
        assertFalse(String(first, Charsets.ISO_8859_1).contains("secret"))
        assertFalse(first.contentEquals(second))
        assertTrue(folder.startsWith(context.noBackupFilesDir))
        val spec = FakeAndroidKeystore.keys.getValue("switchback.store").spec!!
        assertFalse(spec.isUnlockedDeviceRequired || spec.isStrongBoxBacked || spec.isUserAuthenticationRequired)
    }

    @Test
    fun `an entry in the file of another key is damaged`() {
        store.put("a", byteArrayOf(1))
        val ofA = files().single()
        store.put("b", byteArrayOf(2))
        val ofB = files().single { it != ofA }
        ofA.copyTo(ofB, overwrite = true)
        assertThrows(StoreException.Corrupt::class.java) { store.get("b") }
        assertArrayEquals(byteArrayOf(1), store.get("a"))
    }

    @Test
    fun `a changed file is damaged, and a later version is left alone`() {
        store.put("a", byteArrayOf(1, 2, 3))
        val file = files().single()
        val bytes = file.readBytes()
        for (at in bytes.indices.drop(1)) {
            file.writeBytes(bytes.clone().also { it[at]++ })
            assertThrows(StoreException.Corrupt::class.java) { store.get("a") }
        }
        for (length in 0 until bytes.size) {
            file.writeBytes(bytes.copyOf(length))
            assertThrows(StoreException.Corrupt::class.java) { store.get("a") }
        }
        file.writeBytes(bytes.clone().also { it[0] = 2 })
        assertThrows(StoreException.Newer::class.java) { store.get("a") }
        assertEquals(2, file.readBytes()[0].toInt())
    }

    @Test
    fun `entries without their key are lost until a reset`() {
        store.put("a", byteArrayOf(1))
        FakeAndroidKeystore.keys.clear()
        assertThrows(StoreException.KeyLost::class.java) { store.get("a") }
        assertThrows(StoreException.KeyLost::class.java) { store.put("b", byteArrayOf(2)) }
        assertEquals(listOf("a"), store.list(""))
        store.reset()
        assertEquals(emptyList<String>(), store.list(""))
        store.put("b", byteArrayOf(2))
        assertArrayEquals(byteArrayOf(2), store.get("b"))
    }

    @Test
    fun `two stores are separate`() {
        val other = KeystoreStore(context, "other")
        store.put("a", byteArrayOf(1))
        other.put("a", byteArrayOf(2))
        other.reset()
        assertArrayEquals(byteArrayOf(1), store.get("a"))
        assertThrows(IllegalArgumentException::class.java) { KeystoreStore(context, "../a") }
    }
}
