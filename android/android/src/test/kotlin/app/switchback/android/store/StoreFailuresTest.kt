package app.switchback.android.store

import android.content.Context
import android.os.UserManager
import android.security.KeyStoreException
import android.security.keystore.BackendBusyException
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import android.system.ErrnoException
import android.system.OsConstants
import app.switchback.StoreException
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.security.InvalidKeyException
import java.security.ProviderException
import java.security.UnrecoverableKeyException
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.util.ReflectionHelpers
import org.robolectric.util.ReflectionHelpers.ClassParameter

/** Each failure of the phone has its name, and no failure removes an entry. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [36], manifest = Config.NONE)
class StoreFailuresTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val folder = File(context.noBackupFilesDir, "switchback")
    private val pauses = mutableListOf<Long>()
    private val users = context.getSystemService(UserManager::class.java)
    private val store = KeystoreStore(EntryFiles { folder }, KeystoreKey("switchback"), users::isUserUnlocked, pauses::add)

    @Before
    fun put() {
        FakeAndroidKeystore.install()
        store.put("a", byteArrayOf(1))
    }

    private fun failure(call: () -> Unit): StoreException = assertThrows(StoreException::class.java) { call() }

    /** Each failure, in a read and a write. Afterwards the entry is there. */
    private fun assertCode(code: String, failure: Exception) {
        for (call in listOf({ store.get("a") }, { store.put("a", byteArrayOf(2)) })) {
            val error = failure { call() }
            assertEquals("$failure", code, error.code)
            assertFalse("$error", "c4nary" in "$error")
        }
    }

    private fun assertIntact() {
        FakeAndroidKeystore.failWith = null
        FakeAndroidKeystore.failUse = null
        assertArrayEquals(byteArrayOf(1), store.get("a"))
    }

    /** `android.security.keystore2.AndroidKeyStoreSpi.engineGetKey` throws these. */
    @Test
    fun `each failure to find the key has its name`() {
        for ((failure, code) in listOf(
            // Since Android 12 it has no cause.
            UnrecoverableKeyException("c4nary: User changed or deleted their auth credentials") to "key_lost",
            UnrecoverableKeyException().causedBy(keystoreException(KEY_CORRUPTED)) to "key_lost",
            UnrecoverableKeyException().causedBy(keystoreException(SYSTEM_ERROR)) to "unavailable",
            ProviderException("c4nary", IllegalStateException("c4nary")) to "unavailable",
            SecurityException("c4nary") to "denied",
        )) {
            FakeAndroidKeystore.failWith = { failure }
            assertCode(code, failure)
            assertIntact()
        }
    }

    /** `android.security.keystore2.KeyStoreCryptoOperationUtils.getInvalidKeyException` returns these. */
    @Test
    fun `each failure to use the key has its name`() {
        for ((failure, code) in listOf(
            KeyPermanentlyInvalidatedException("c4nary") to "key_lost",
            UserNotAuthenticatedException("c4nary") to "authentication_required",
            // Reported from a Pixel after a fingerprint was removed: https://issuetracker.google.com/issues/215575432
            InvalidKeyException("c4nary").causedBy(keystoreException(KEY_USER_NOT_AUTHENTICATED)) to "authentication_required",
            InvalidKeyException("c4nary").causedBy(keystoreException(SYSTEM_ERROR)) to "unavailable",
        )) {
            FakeAndroidKeystore.failUse = { failure }
            assertCode(code, failure)
            assertIntact()
        }
        assertEquals(emptyList<Long>(), pauses)
    }

    @Test
    fun `a failure that the keystore calls transient is tried again, with longer and longer pauses`() {
        for (failure in listOf(
            UnrecoverableKeyException().causedBy(keystoreException(SECURE_HW_COMMUNICATION_FAILED)),
            BackendBusyException(1),
        )) {
            pauses.clear()
            val reads = FakeAndroidKeystore.reads
            FakeAndroidKeystore.failWith = {
                if (FakeAndroidKeystore.reads == reads + 2) FakeAndroidKeystore.failWith = null
                failure
            }
            assertArrayEquals(byteArrayOf(1), store.get("a"))
            assertEquals(reads + 3, FakeAndroidKeystore.reads)
            assertEquals(listOf(50L, 200L), pauses)
        }
    }

    @Test
    fun `a keystore that stays busy is unavailable after three more tries`() {
        val reads = FakeAndroidKeystore.reads
        FakeAndroidKeystore.failWith = { BackendBusyException(1) }
        assertEquals("unavailable", failure { store.get("a") }.code)
        assertEquals(reads + 4, FakeAndroidKeystore.reads)
        assertEquals(listOf(50L, 200L, 800L), pauses)
        assertIntact()
    }

    @Test
    fun `a key that cannot be made leaves an empty store`() {
        store.reset()
        FakeAndroidKeystore.failGenerate = { ProviderException("c4nary") }
        assertEquals("unavailable", failure { store.put("a", byteArrayOf(1)) }.code)
        assertEquals(emptyList<String>(), store.list(""))
        FakeAndroidKeystore.failGenerate = null
        store.put("a", byteArrayOf(1))
        assertIntact()
    }

    @Test
    fun `a phone without the security chip gets a key without it`() {
        for (chip in listOf(true, false)) {
            store.reset()
            FakeAndroidKeystore.hasStrongBox = chip
            KeystoreStore(context, strongBox = true).put("a", byteArrayOf(1))
            assertEquals(chip, FakeAndroidKeystore.keys.getValue("switchback.store").spec!!.isStrongBoxBacked)
            assertIntact()
        }
    }

    @Test
    fun `after a restart every call says locked until the person unlocks the phone`() {
        shadowOf(users).setUserUnlocked(false)
        val calls: List<() -> Unit> = listOf(
            { store.get("a") }, { store.put("a", byteArrayOf(2)) }, { store.delete("a") }, { store.list("") }, store::reset,
        )
        for (call in calls) assertEquals("locked", failure { call() }.code)
        shadowOf(users).setUserUnlocked(true)
        assertIntact()
    }

    /** Android's streams add the error of the system as the cause: `libcore.io.IoBridge.write`. */
    @Test
    fun `errors of the file system have their names`() {
        for ((number, code) in listOf(
            OsConstants.ENOSPC to "full", OsConstants.EDQUOT to "full", OsConstants.EACCES to "denied",
            OsConstants.EROFS to "denied", OsConstants.EIO to "unavailable",
        )) {
            assertTrue("the test has no errors of the system", number > 0)
            val failure = IOException("c4nary", ErrnoException("write", number))
            assertEquals(code, failure { asStoreException(pauses::add) { throw failure } }.code)
        }
    }

    @Test
    fun `a full disk keeps the earlier value`() {
        val device = Path.of("/dev/full")
        assumeTrue("this system has no /dev/full", Files.exists(device))
        val temporary = folder.toPath().resolve("new")
        Files.createSymbolicLink(temporary, device)
        failure { store.put("a", ByteArray(100_000)) }
        assertFalse(Files.exists(temporary, java.nio.file.LinkOption.NOFOLLOW_LINKS))
        assertEquals(listOf("a"), store.list(""))
        assertIntact()
        store.put("a", byteArrayOf(3))
        assertArrayEquals(byteArrayOf(3), store.get("a"))
    }

    private fun <T : Exception> T.causedBy(cause: Exception): T = apply { initCause(cause) }

    /** Only the system makes these. */
    private fun keystoreException(code: Int): KeyStoreException = ReflectionHelpers.callConstructor(
        KeyStoreException::class.java,
        ClassParameter.from(Int::class.javaPrimitiveType, code),
        ClassParameter.from(String::class.java, "c4nary"),
    )

    private companion object {
        // android.system.keystore2.ResponseCode
        const val SYSTEM_ERROR = 4
        const val KEY_CORRUPTED = 8

        // android.hardware.security.keymint.ErrorCode
        const val KEY_USER_NOT_AUTHENTICATED = -26
        const val SECURE_HW_COMMUNICATION_FAILED = -49
    }
}
