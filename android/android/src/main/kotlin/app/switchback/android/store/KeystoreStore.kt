package app.switchback.android.store

import android.content.Context
import android.os.UserManager
import app.switchback.SecureStore
import app.switchback.StoreException
import java.io.File

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
 */
public class KeystoreStore internal constructor(
    private val entries: EntryFiles,
    private val key: KeystoreKey,
    private val isUserUnlocked: () -> Boolean,
) : SecureStore {
    public constructor(context: Context, name: String = "switchback", strongBox: Boolean = false) : this(
        EntryFiles { File(context.noBackupFilesDir, name) },
        KeystoreKey("$name.store", strongBox),
        context.getSystemService(UserManager::class.java)::isUserUnlocked,
    ) {
        require(name.isNotEmpty() && name.all { it in 'a'..'z' || it in 'A'..'Z' || it in '0'..'9' || it in "-_" }) {
            "the name of a store has letters, digits, `-` and `_` only"
        }
    }

    override fun get(key: String): ByteArray? = unlocked {
        entries.read(key)?.let { this.key.decrypt(it.sealed, it.header) }
    }

    override fun put(key: String, value: ByteArray): Unit = unlocked {
        val header = Entry.header(key)
        entries.exclusively {
            val secret = this.key.find() ?: if (entries.isEmpty()) this.key.generate() else throw KeystoreKey.missing()
            entries.write(Entry(key, header, this.key.encrypt(secret, value, header)))
        }
    }

    override fun delete(key: String): Unit = unlocked { entries.exclusively { entries.delete(key) } }

    override fun list(prefix: String): List<String> = unlocked { entries.keys().filter { it.startsWith(prefix) } }

    /** Removes all entries and the key. Each person must log in again. */
    public fun reset(): Unit = unlocked {
        entries.exclusively {
            entries.clear()
            key.delete()
        }
    }

    /** Before the first unlock after a restart the files cannot be read, and look as if they were not there. */
    private fun <T> unlocked(work: () -> T): T {
        if (!isUserUnlocked()) throw StoreException.Locked()
        return asStoreException(work)
    }
}
