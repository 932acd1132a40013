package app.switchback.android.store

import android.app.Activity
import android.content.Context
import android.os.UserManager
import app.switchback.SecureStore
import app.switchback.StoreException
import java.io.File
import javax.crypto.SecretKey
import kotlin.time.Duration
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * Stores entries in files that no backup copies, encrypted with a key of the Android Keystore.
 *
 * The key is for AES-256-GCM. By default it is in the phone's trusted execution environment, and the app
 * never sees it. All processes of the app can use one store: give the [app.switchback.Platform] a
 * `lockFile` too.
 *
 * Before the person unlocks the phone after a restart, each call throws [StoreException.Locked]. If the key
 * is gone but entries are left, for example in a restored backup, each read throws [StoreException.KeyLost]:
 * the entries cannot be read again. Then call [reset], and people log in again.
 *
 * The constructor reads and writes nothing.
 *
 * @param name stores with different names have separate entries and keys: letters, digits, `-` and `_`
 * @param strongBox puts a new key into the phone's separate security chip, if there is one. This chip makes
 *   calls wait for tens of seconds on some phones
 * @param unlockFor for a store that the person unlocks, on Android 10 and later: how long it stays unlocked
 *   after [unlock], from 5 seconds to a day. Afterwards each call that needs the key throws
 *   [StoreException.AuthenticationRequired]. An existing store cannot get or lose this: use another name, or
 *   [reset]
 */
public class KeystoreStore internal constructor(
    private val entries: EntryFiles,
    private val key: KeystoreKey,
    private val isUserUnlocked: () -> Boolean,
    private val pause: (Long) -> Unit = Thread::sleep,
) : SecureStore {
    public constructor(context: Context, name: String = "switchback", strongBox: Boolean = false, unlockFor: Duration? = null) : this(
        EntryFiles { File(context.noBackupFilesDir, name) },
        KeystoreKey(name, strongBox, unlockFor),
        context.getSystemService(UserManager::class.java)::isUserUnlocked,
    ) {
        require(name.isNotEmpty() && name.all { it in 'a'..'z' || it in 'A'..'Z' || it in '0'..'9' || it in "-_" }) {
            "the name of a store has letters, digits, `-` and `_` only"
        }
        require(unlockFor == null || unlockFor.inWholeSeconds in MIN_SECONDS..MAX_SECONDS) {
            "`unlockFor` is $unlockFor: a store stays unlocked from 5 seconds to a day"
        }
    }

    override fun get(key: String): ByteArray? = safely {
        entries.read(key)?.let { this.key.decrypt(it.sealed, it.header) }
    }

    override fun put(key: String, value: ByteArray): Unit = safely {
        val header = Entry.header(key)
        entries.exclusively { entries.write(Entry(key, header, this.key.encrypt(findOrGenerate(), value, header))) }
    }

    override fun delete(key: String): Unit = safely { entries.exclusively { entries.delete(key) } }

    override fun list(prefix: String): List<String> = safely { entries.keys().filter { it.startsWith(prefix) } }

    /** Removes all entries and the key. Each person must log in again. */
    public fun reset(): Unit = safely {
        entries.exclusively {
            entries.clear()
            key.delete()
        }
    }

    /**
     * Asks the person for the fingerprint, the face, or the PIN of the phone, on top of this activity. Then the
     * store is unlocked for the time `unlockFor`. If it is unlocked already, or never locked, this returns at once.
     *
     * Only this call asks the person. Call it before a login, and when a call of Switchback fails with
     * [StoreException.AuthenticationRequired]. The app needs the permission `android.permission.USE_BIOMETRIC`.
     *
     * @param title what the app asks for, in the language of the person
     * @param description a longer text below the title
     * @throws StoreException.Cancelled if the person dismissed the prompt
     * @throws StoreException.AuthenticationRequired if the system closed the prompt: call this again
     * @throws StoreException.Unavailable if the phone has no screen lock, the person failed too often, or the
     *   phone cannot ask: the message says what to do
     * @throws StoreException.KeyLost if the person removed the screen lock since the last write: see [reset]
     */
    public suspend fun unlock(activity: Activity, title: CharSequence, description: CharSequence? = null) {
        if (hasUsableKey()) return
        showUnlockPrompt(activity, title, description)
        if (!hasUsableKey()) throw StoreException.AuthenticationRequired()
    }

    private suspend fun hasUsableKey(): Boolean = withContext(Dispatchers.IO) {
        try {
            safely { entries.exclusively { key.encrypt(findOrGenerate(), ByteArray(0), ByteArray(0)) } }
            true
        } catch (_: StoreException.AuthenticationRequired) {
            false
        }
    }

    private fun findOrGenerate(): SecretKey =
        key.find() ?: if (entries.isEmpty()) key.generate() else throw KeystoreKey.missing()

    /** Before the first unlock after a restart the files cannot be read, and look as if they were not there. */
    private fun <T> safely(work: () -> T): T {
        if (!isUserUnlocked()) throw StoreException.Locked()
        return asStoreException(pause, work)
    }

    private companion object {
        const val MIN_SECONDS = 5
        const val MAX_SECONDS = 86_400
    }
}
