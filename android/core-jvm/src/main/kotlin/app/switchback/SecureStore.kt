package app.switchback

/**
 * Stores small secrets, for example with the Android Keystore.
 *
 * **Threads.** The calls are synchronous, because keystores are. Switchback makes them from its own
 * threads, which may block, several at once. An implementation may take a lock in each call. It must not
 * wait for a call of Switchback.
 *
 * **Keys** are texts of 1 to 1,000 bytes, with any characters. **Values** are bytes, up to 1 MiB, and may
 * be empty.
 *
 * **Writes** are atomic, even if the process ends in the middle, and durable when they return.
 *
 * **Absence.** A store reports that a key is absent only if it is certain. A store that cannot be read
 * yet throws [StoreException.Locked], because an absent entry logs the person out.
 *
 * **No prompts.** No call may wait for a person. If the store needs a biometric check, the app unlocks it
 * beforehand; until then the store throws [StoreException.AuthenticationRequired].
 *
 * Any exception other than [StoreException] becomes [StoreException.Unavailable], with the name of its
 * type.
 */
public interface SecureStore {
    /**
     * The value of a key; null if there is none.
     *
     * @throws StoreException if the store cannot read the key
     */
    public fun get(key: String): ByteArray?

    /**
     * Writes a value, and replaces an earlier one.
     *
     * @throws StoreException if the value was not written
     */
    public fun put(key: String, value: ByteArray)

    /**
     * Removes a key. It is not an error if the key does not exist.
     *
     * @throws StoreException if the key was not removed
     */
    public fun delete(key: String)

    /**
     * All keys that start with this prefix, in any order.
     *
     * @throws StoreException if the store cannot list its keys
     */
    public fun list(prefix: String): List<String>
}

/** Why a call of a store failed. A store throws one of the subclasses. */
public open class StoreException internal constructor(
    /** A stable text: `locked`, `key_lost`, `denied`, `full`, `corrupt`, `newer`, `unavailable`,
     *  `authentication_required`, `cancelled`. */
    public val code: String,
    /** The system's message, without any part of a key or value. */
    public val reason: String = "",
) : Exception("the secure store says $code" + (if (reason.isEmpty()) "" else ": $reason")) {
    /** The store cannot be read yet. No data is lost. */
    public class Locked : StoreException("locked")

    /** The key that encrypts the entries is lost permanently, and the entries with it. */
    public class KeyLost(reason: String) : StoreException("key_lost", reason)

    /** The system denies this app access. */
    public class Denied(reason: String) : StoreException("denied", reason)

    /** There is no space left. */
    public class Full(reason: String) : StoreException("full", reason)

    /** The entry is damaged, or was not written by Switchback. */
    public class Corrupt(reason: String) : StoreException("corrupt", reason)

    /** A later version of Switchback wrote the entry. It is left unchanged. */
    public class Newer(reason: String) : StoreException("newer", reason)

    /** There is no such store on this device, or it does not respond. */
    public class Unavailable(reason: String) : StoreException("unavailable", reason)

    /** The person must first prove presence (a biometric check). */
    public class AuthenticationRequired : StoreException("authentication_required")

    /** The person dismissed the prompt. */
    public class Cancelled : StoreException("cancelled")
}
