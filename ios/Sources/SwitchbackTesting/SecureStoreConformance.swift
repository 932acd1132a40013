import Foundation
import Switchback

/// A store that is to be tried, and what can be done to it from outside.
///
/// Calls come from several threads where waiting is fine; ``setLocked(_:)`` and
/// ``killDuringPut(key:value:)`` one at a time, and while nothing else is under way. An error that one
/// of these two throws fails the case, which tells its text.
public protocol StoreUnderTest: Sendable {
    /// Opens the store as a new process would: over the same data as before, and as far as can be
    /// without anything that is in memory.
    ///
    /// Also called while the store is locked: `StoreError.locked` is right for one that cannot be opened
    /// then.
    func open() throws -> any SecureStore
    /// Locks or unlocks what the system locks, for example by a key that can be withheld.
    /// - Returns: Whether that was done. Where it cannot be done here, the cases about locked stores
    ///   are left out.
    func setLocked(_ isLocked: Bool) throws -> Bool
    /// Lets another process put this value, and kills it in the middle of that.
    /// - Returns: Whether that was done. Where it cannot be done here, the case is left out.
    func killDuringPut(key: String, value: Data) throws -> Bool
}

extension StoreUnderTest {
    /// Does nothing: the cases about locked stores are left out.
    public func setLocked(_ isLocked: Bool) throws -> Bool { false }

    /// Does nothing: the case of a process that is killed is left out.
    public func killDuringPut(key: String, value: Data) throws -> Bool { false }
}

/// Tries whether a store does what a `SecureStore` must.
///
/// It writes under keys that begin with `conformance/`, and removes them when it is done. It takes from
/// a part of a second in memory to minutes in a slow keychain, and blocks no thread of Swift's
/// concurrency.
/// - Parameter store: The store, with what can be done to it from outside.
public func secureStoreConformance(store: any StoreUnderTest) async -> ConformanceReport {
    let generated = GeneratedStoreUnderTest(store)
    return await ConformanceReport { generated.conformance() }
}

/// Tries whether a store does what a `SecureStore` must, but for what only a ``StoreUnderTest`` can do:
/// those cases are left out.
///
/// ```swift
/// let report = await secureStoreConformance { try MyStore(service: "tests") }
/// ```
/// - Parameter open: Opens the store as a new process would, over the same data each time.
public func secureStoreConformance(
    _ open: @escaping @Sendable () throws -> any SecureStore
) async -> ConformanceReport {
    await secureStoreConformance(store: Opened(work: open))
}

/// A store of which only the opening is known.
private struct Opened: StoreUnderTest {
    let work: @Sendable () throws -> any SecureStore

    func open() throws -> any SecureStore { try work() }
}
