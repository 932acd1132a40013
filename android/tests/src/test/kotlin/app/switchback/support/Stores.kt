package app.switchback.support

import app.switchback.internal.SecureStore
import java.util.concurrent.ConcurrentHashMap

/** A store in memory. */
internal class MemoryStore : SecureStore {
    private val entries = ConcurrentHashMap<String, ByteArray>()

    override fun get(key: String): ByteArray? = entries[key]?.copyOf()

    override fun put(key: String, value: ByteArray) {
        entries[key] = value.copyOf()
    }

    override fun delete(key: String) {
        entries.remove(key)
    }

    override fun list(prefix: String): List<String> = entries.keys.filter { it.startsWith(prefix) }

    /** The only entry of this kind: `attempt` or `session`. */
    fun entry(kind: String): Pair<String, String> {
        val key = entries.keys.single { "/$kind/" in it }
        return key to entries.getValue(key).decodeToString()
    }
}

/** A store with a hook before each call. */
internal class HookedStore(
    private val inner: SecureStore = MemoryStore(),
    private val before: (call: String, key: String) -> Unit,
) : SecureStore {
    override fun get(key: String): ByteArray? {
        before("get", key)
        return inner.get(key)
    }

    override fun put(key: String, value: ByteArray) {
        before("put", key)
        inner.put(key, value)
    }

    override fun delete(key: String) {
        before("delete", key)
        inner.delete(key)
    }

    override fun list(prefix: String): List<String> {
        before("list", prefix)
        return inner.list(prefix)
    }
}
