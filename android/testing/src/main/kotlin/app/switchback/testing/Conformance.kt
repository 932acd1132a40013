package app.switchback.testing

import app.switchback.HttpTransport
import app.switchback.SecureStore
import app.switchback.StoreException
import app.switchback.TransportForRust
import app.switchback.testing.internal.httpTransportConformance as rustTransportConformance
import app.switchback.testing.internal.secureStoreConformance as rustStoreConformance

/**
 * The store that [secureStoreConformance] tests, and the operations that only its author can implement.
 * The functions are called from several threads. [lock] and [killedInPut] are called one at a time, while
 * no other call runs.
 */
public fun interface StoreUnderTest {
    /**
     * Opens the store as a new process would: with the same data, and as far as possible without anything
     * from memory. The suite also calls this while the store is locked.
     *
     * @throws StoreException.Locked if the store is locked, and cannot be opened while locked
     */
    public fun open(): SecureStore

    /**
     * Locks or unlocks the store, as the system does.
     *
     * @return whether that was done. With false, the suite leaves out the cases about locked stores
     */
    public fun lock(locked: Boolean): Boolean = false

    /**
     * Starts another process that puts this value, and kills that process during the put.
     *
     * @return whether that was done. With false, the suite leaves out this case
     */
    public fun killedInPut(key: String, value: ByteArray): Boolean = false
}

/**
 * Tests whether a store meets the requirements of [SecureStore]. It blocks: less than a second for a
 * store in memory, minutes for a slow keystore. It writes keys that begin with `conformance/`, and
 * finally removes them.
 */
public fun secureStoreConformance(store: StoreUnderTest): ConformanceReport = withTestLibrary {
    rustStoreConformance(StoreUnderTestForRust(store)).forApps()
}

/**
 * Tests whether a transport meets the requirements of [HttpTransport], with a local server on 127.0.0.1.
 * It blocks for some seconds: do not call it from a thread that the transport needs.
 */
public fun httpTransportConformance(transport: HttpTransport): ConformanceReport = withTestLibrary {
    rustTransportConformance(TransportForRust(transport)).forApps()
}
