import Foundation
import SwitchbackBindings
import TestSupport

/// A store in memory.
///
/// Swift treats two texts as equal if Unicode does ("é" as one or as two characters), also in
/// dictionaries and `hasPrefix`. Keys are equal only if their bytes are.
final class MemoryStore: SecureStore {
    private let entries = Locked<[Data: Data]>([:])

    func get(key: String) throws -> Data? {
        entries.with { $0[Data(key.utf8)] }
    }

    func put(key: String, value: Data) throws {
        entries.with { $0[Data(key.utf8)] = value }
    }

    func delete(key: String) throws {
        entries.with { _ = $0.removeValue(forKey: Data(key.utf8)) }
    }

    func list(prefix: String) throws -> [String] {
        entries.with { $0.keys.filter { $0.starts(with: prefix.utf8) } }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

/// A store with a hook before each call.
final class HookedStore: SecureStore {
    enum Call: Equatable {
        case get, put, delete, list
    }

    /// Swift wraps a bare function again each time it is read through a generic.
    private struct First {
        let happens: (@Sendable (Call, String) throws -> Void)?
    }

    let inner: any SecureStore
    private let first = Locked(First(happens: nil))

    init(_ inner: any SecureStore = MemoryStore(), first: (@Sendable (Call, String) throws -> Void)? = nil) {
        self.inner = inner
        self.does(first)
    }

    /// Sets the hook from now on.
    func does(_ this: (@Sendable (Call, String) throws -> Void)?) {
        first.with { $0 = First(happens: this) }
    }

    private func happens(_ call: Call, _ key: String) throws {
        // Outside the lock, because the hook may hang.
        try first.with { $0 }.happens?(call, key)
    }

    func get(key: String) throws -> Data? {
        try happens(.get, key)
        return try inner.get(key: key)
    }

    func put(key: String, value: Data) throws {
        try happens(.put, key)
        try inner.put(key: key, value: value)
    }

    func delete(key: String) throws {
        try happens(.delete, key)
        try inner.delete(key: key)
    }

    func list(prefix: String) throws -> [String] {
        try happens(.list, prefix)
        return try inner.list(prefix: prefix)
    }
}
