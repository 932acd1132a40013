import Foundation

/// A store in memory, for trials and tests. On a phone use ``KeychainStore``; otherwise every start of
/// the app begins without a session.
public final class MemoryStore: SecureStore {
    private let entries = Guarded<[Data: Data]>([:])

    /// An empty store.
    public init() {}

    /// The value of a key.
    public func get(key: String) throws -> Data? {
        entries.read { $0[Data(key.utf8)] }
    }

    /// Stores a value.
    public func put(key: String, value: Data) throws {
        entries.update { $0[Data(key.utf8)] = value }
    }

    /// Removes a value.
    public func delete(key: String) throws {
        entries.update { $0[Data(key.utf8)] = nil }
    }

    /// The keys that begin with this prefix. Swift treats two texts as equal if Unicode does;
    /// here they are compared byte by byte.
    public func list(prefix: String) throws -> [String] {
        let keys = entries.read { $0.keys.filter { $0.starts(with: prefix.utf8) } }
        return keys.map { String(decoding: $0, as: UTF8.self) }
    }
}
