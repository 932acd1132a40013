package app.switchback.android.store

import app.switchback.StoreException
import java.security.ProviderException
import java.security.UnrecoverableKeyException
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/**
 * The oldest Android that the library supports has what the store calls. The suite of the core is not here: Rust
 * has one set of callbacks for a process, and Robolectric loads the Kotlin side once for each Android version.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24], manifest = Config.NONE)
class OldestAndroidTest {
    private val pauses = mutableListOf<Long>()
    private val context = RuntimeEnvironment.getApplication()
    private val store = KeystoreStore(context)

    @Before
    fun installKeystore() = FakeAndroidKeystore.install()

    @Test
    fun `entries are written, read, listed and removed`() {
        assertNull(store.get("a/1"))
        store.put("a/1", byteArrayOf(1))
        store.put("a/1", byteArrayOf(2))
        store.put("b", ByteArray(1 shl 20) { it.toByte() })
        assertArrayEquals(byteArrayOf(2), store.get("a/1"))
        assertEquals(1 shl 20, KeystoreStore(context).get("b")!!.size)
        assertEquals(listOf("a/1"), store.list("a/"))
        store.delete("a/1")
        assertNull(store.get("a/1"))
        store.reset()
        assertEquals(emptyList<String>(), store.list(""))
    }

    @Test
    fun `a phone without the security chip, and a lost key`() {
        KeystoreStore(context, strongBox = true).put("a", byteArrayOf(1))
        FakeAndroidKeystore.keys.clear()
        assertThrows(StoreException.KeyLost::class.java) { store.get("a") }
        assertThrows(StoreException.KeyLost::class.java) { store.put("a", byteArrayOf(2)) }
    }

    /** Before Android 13 the keystore does not say whether a failure lasts. */
    @Test
    fun `each failure of the keystore is tried again`() {
        for (failure in listOf(UnrecoverableKeyException("c4nary"), ProviderException("c4nary"))) {
            pauses.clear()
            val reads = FakeAndroidKeystore.reads
            FakeAndroidKeystore.failWith = { failure }
            val error = assertThrows(StoreException::class.java) { asStoreException(pauses::add) { KeystoreKey("a").find() } }
            assertEquals("unavailable", error.code)
            assertEquals(reads + 4, FakeAndroidKeystore.reads)
            assertEquals(listOf(50L, 200L, 800L), pauses)
        }
    }
}
