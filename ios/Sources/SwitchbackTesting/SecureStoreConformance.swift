import Foundation
import Switchback

/// The store that ``secureStoreConformance(store:)`` tests, and the operations that only its author
/// can implement.
///
/// The functions are called from several threads that may block. ``setLocked(_:)`` and
/// ``killDuringPut(key:value:)`` are called one at a time, while no other call runs. If one of these
/// two throws, the case fails, and the report contains the error's text.
public protocol StoreUnderTest: Sendable {
    /// Opens the store as a new process would: with the same data, and as far as possible without
    /// anything from memory.
    ///
    /// The suite also calls this while the store is locked. Throw `StoreError.locked` if the store
    /// cannot be opened while locked.
    func open() throws -> any SecureStore
    /// Locks or unlocks the store, as the system does, for example by withholding a key.
    /// - Returns: Whether that was done. With false, the suite leaves out the cases about locked
    ///   stores.
    func setLocked(_ isLocked: Bool) throws -> Bool
    /// Starts another process that puts this value, and kills that process during the put.
    /// - Returns: Whether that was done. With false, the suite leaves out this case.
    func killDuringPut(key: String, value: Data) throws -> Bool
}

extension StoreUnderTest {
    /// Does nothing: the suite leaves out the cases about locked stores.
    public func setLocked(_ isLocked: Bool) throws -> Bool { false }

    /// Does nothing: the suite leaves out the case of a killed process.
    public func killDuringPut(key: String, value: Data) throws -> Bool { false }
}

/// Tests whether a store meets the requirements of `SecureStore`.
///
/// It writes keys that begin with `conformance/`, and finally removes them. It takes less than a second
/// for a store in memory, minutes for a slow keychain, and blocks no thread of Swift's concurrency.
/// - Parameter store: The store, and the operations for testing it.
public func secureStoreConformance(store: any StoreUnderTest) async -> ConformanceReport {
    let generated = GeneratedStoreUnderTest(store)
    return await ConformanceReport { generated.conformance() }
}

/// Tests whether a store meets the requirements of `SecureStore`, except for the cases that need the
/// operations of a ``StoreUnderTest``.
///
/// ```swift
/// let report = await secureStoreConformance { try MyStore(service: "tests") }
/// ```
/// - Parameter open: Opens the store as a new process would, with the same data each time.
public func secureStoreConformance(
    _ open: @escaping @Sendable () throws -> any SecureStore
) async -> ConformanceReport {
    await secureStoreConformance(store: OpenOnly(work: open))
}

/// A store with an `open` operation only.
private struct OpenOnly: StoreUnderTest {
    let work: @Sendable () throws -> any SecureStore

    func open() throws -> any SecureStore { try work() }
}
