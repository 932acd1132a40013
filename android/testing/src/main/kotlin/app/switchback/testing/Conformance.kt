package app.switchback.testing

import app.switchback.HttpTransport
import app.switchback.SecureStore
import app.switchback.StoreException
import app.switchback.TransportForRust
import app.switchback.testing.internal.httpTransportConformance as rustTransportConformance
import app.switchback.testing.internal.secureStoreConformance as rustStoreConformance

/**
 * The store that [secureStoreConformance] tries, and what only its author can do to it. Calls come from
 * several threads; [lock] and [killedInPut] one at a time, and while no other call is under way.
 */
public fun interface StoreUnderTest {
    /**
     * Opens the store as a new process would: over the same data as before, and as far as possible without
     * anything that is in memory. It is also called while the store is locked.
     *
     * @throws StoreException.Locked where the store is locked, and cannot be opened then
     */
    public fun open(): SecureStore

    /**
     * Locks or unlocks what the system locks.
     *
     * @return whether that was done; false where it cannot be done here, and the cases about locked stores
     *   are left out
     */
    public fun lock(locked: Boolean): Boolean = false

    /**
     * Lets another process put this value, and kills that process in the middle of it.
     *
     * @return whether that was done; false where it cannot be done here, and the case is left out
     */
    public fun killedInPut(key: String, value: ByteArray): Boolean = false
}

/**
 * Tries whether a store does what a [SecureStore] must. It blocks, from a part of a second in memory to
 * minutes in a slow keystore. It writes keys that begin with `conformance/`, and removes them at its end.
 */
public fun secureStoreConformance(store: StoreUnderTest): ConformanceReport = withTestLibrary {
    rustStoreConformance(StoreUnderTestForRust(store)).forApps()
}

/**
 * Tries whether a transport does what an [HttpTransport] must, against a server of its own on 127.0.0.1. It
 * blocks for some seconds: do not call it from a thread that the transport needs.
 */
public fun httpTransportConformance(transport: HttpTransport): ConformanceReport = withTestLibrary {
    rustTransportConformance(TransportForRust(transport)).forApps()
}
