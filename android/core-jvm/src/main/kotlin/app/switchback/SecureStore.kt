package app.switchback

/**
 * Keeps small secrets: over the keystore of Android, for example.
 *
 * **Threads.** Calls are synchronous, since keystores are. They come from threads of Switchback's where
 * waiting is fine, several at a time. An implementation may take a lock for each of them; it must not
 * wait for a call of Switchback's.
 *
 * **Keys** are texts of 1 to 1,000 bytes, any characters; **values** are bytes, up to 1 MiB, and may be
 * empty.
 *
 * **Writes** are all or nothing, whatever happens in their middle, and are durable when they return.
 *
 * **Absence** is told only where the store is certain: a store that cannot be read yet throws
 * [StoreException.Locked], since "not there" logs people out.
 *
 * **No questions.** Nothing here may wait for a person: a store behind a biometric gate is unlocked by
 * the app beforehand, and throws [StoreException.AuthenticationRequired] while it is not.
 *
 * What is thrown besides [StoreException] becomes [StoreException.Unavailable], with the name of its
 * type.
 */
public interface SecureStore {
    /**
     * The value of a key, or null where there is none.
     *
     * @throws StoreException where the store cannot say
     */
    public fun get(key: String): ByteArray?

    /**
     * Writes a value, in place of an earlier one.
     *
     * @throws StoreException where it is not written
     */
    public fun put(key: String, value: ByteArray)

    /**
     * Removes a key. One that is not there is no error.
     *
     * @throws StoreException where it is not removed
     */
    public fun delete(key: String)

    /**
     * All keys that start with this, in any order.
     *
     * @throws StoreException where the store cannot say
     */
    public fun list(prefix: String): List<String>
}

/** Why a store did not do what it was asked. A store throws one of the subclasses. */
public open class StoreException internal constructor(
    /** A stable text: `locked`, `key_lost`, `denied`, `full`, `corrupt`, `newer`, `unavailable`,
     *  `authentication_required`, `cancelled`. */
    public val code: String,
    /** What the system says, without any part of a key or value. */
    public val reason: String = "",
) : Exception("the secure store says $code" + (if (reason.isEmpty()) "" else ": $reason")) {
    /** The store cannot be read yet. Nothing is lost. */
    public class Locked : StoreException("locked")

    /** The key that the entries were sealed with is gone for good. */
    public class KeyLost(reason: String) : StoreException("key_lost", reason)

    /** The system does not let this app in. */
    public class Denied(reason: String) : StoreException("denied", reason)

    /** There is no room. */
    public class Full(reason: String) : StoreException("full", reason)

    /** What is there is damaged, or was not written by Switchback. */
    public class Corrupt(reason: String) : StoreException("corrupt", reason)

    /** A later version of Switchback wrote it. It is left as it is. */
    public class Newer(reason: String) : StoreException("newer", reason)

    /** There is no such store here, or it does not answer. */
    public class Unavailable(reason: String) : StoreException("unavailable", reason)

    /** The person must prove presence first (a biometric gate). */
    public class AuthenticationRequired : StoreException("authentication_required")

    /** The person dismissed the question. */
    public class Cancelled : StoreException("cancelled")
}
