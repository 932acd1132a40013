import Foundation
package import SwitchbackBindings

/// Where tokens are kept: over the keychain, on Apple's systems.
///
/// `secureStoreConformance` in the module `SwitchbackTesting` tries whether a store does what it must.
///
/// **Threads.** Calls come from threads of Switchback's where waiting is fine, several at a time,
/// and never from inside another call of the store. A store must not wait for a call of
/// Switchback's. What is thrown besides ``StoreError`` becomes ``StoreError/unavailable(_:)``, with
/// the name of its type and nothing of its text.
public protocol SecureStore: Sendable {
    /// The value of a key; `nil` only where there certainly is none.
    func get(key: String) throws -> Data?
    /// Stores a value. When this returns it is stored, also for a process that begins now.
    func put(key: String, value: Data) throws
    /// Removes a value. One that is not there is no error.
    func delete(key: String) throws
    /// The keys that begin with this prefix, byte by byte, in any order.
    func list(prefix: String) throws -> [String]
}

/// Why a store did not do what it was asked for.
public struct StoreError: Error, Hashable, Sendable {
    /// What kind of failure it is.
    public struct Code: Hashable, Sendable {
        /// The stable text, `full` for example.
        public let rawValue: String
    }

    /// What kind of failure it is: stable, for crash reporters.
    public let code: Code
    /// What the system says; empty where the code says all.
    public let reason: String

    private init(_ code: String, _ reason: String = "") {
        (self.code, self.reason) = (Code(rawValue: code), reason)
    }

    /// It cannot be read **yet** (before the first unlock of a phone).
    public static let locked = StoreError("locked")
    /// The person must prove presence first (a biometric gate).
    public static let authenticationRequired = StoreError("authentication_required")
    /// The person dismissed the question.
    public static let cancelled = StoreError("cancelled")
    /// The key that it was sealed with is gone: what was stored is lost.
    public static func keyLost(_ reason: String) -> StoreError { StoreError("key_lost", reason) }
    /// The system does not allow it.
    public static func denied(_ reason: String) -> StoreError { StoreError("denied", reason) }
    /// There is no room.
    public static func full(_ reason: String) -> StoreError { StoreError("full", reason) }
    /// What is there is damaged, or not ours.
    public static func corrupt(_ reason: String) -> StoreError { StoreError("corrupt", reason) }
    /// A later version of this library wrote it. It is left as it is.
    public static func newer(_ reason: String) -> StoreError { StoreError("newer", reason) }
    /// There is no such store here, or it does not answer.
    public static func unavailable(_ reason: String) -> StoreError { StoreError("unavailable", reason) }

    init(_ generated: SwitchbackBindings.StoreError) {
        switch generated {
        case .locked: self = .locked
        case .authenticationRequired: self = .authenticationRequired
        case .cancelled: self = .cancelled
        case .keyLost(let reason): self = .keyLost(reason)
        case .denied(let reason): self = .denied(reason)
        case .full(let reason): self = .full(reason)
        case .corrupt(let reason): self = .corrupt(reason)
        case .newer(let reason): self = .newer(reason)
        case .unavailable(let reason): self = .unavailable(reason)
        }
    }

    package var generated: SwitchbackBindings.StoreError {
        switch code.rawValue {
        case "locked": .locked
        case "authentication_required": .authenticationRequired
        case "cancelled": .cancelled
        case "key_lost": .keyLost(reason: reason)
        case "denied": .denied(reason: reason)
        case "full": .full(reason: reason)
        case "corrupt": .corrupt(reason: reason)
        case "newer": .newer(reason: reason)
        default: .unavailable(reason: reason)
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// The code and the reason: for a developer and a log.
    public var description: String { reason.isEmpty ? code.rawValue : "\(code.rawValue): \(reason)" }
}

/// Does this, and throws a store's errors as Switchback's core knows them. Of what is not declared
/// only the type is told: what it says of itself may be anything.
func storing<Value>(_ work: () throws -> Value) throws -> Value {
    do {
        return try work()
    } catch let error as StoreError {
        throw error.generated
    } catch {
        let type = String(describing: type(of: error))
        throw SwitchbackBindings.StoreError.unavailable(reason: "it threw \(type), which it does not declare")
    }
}

/// A store of the app's, as the core knows it.
package final class GeneratedStore: SwitchbackBindings.SecureStore {
    private let store: any SecureStore

    package init(_ store: any SecureStore) {
        self.store = store
    }

    package func get(key: String) throws -> Data? { try storing { try store.get(key: key) } }
    package func put(key: String, value: Data) throws {
        try storing { try store.put(key: key, value: value) }
    }
    package func delete(key: String) throws { try storing { try store.delete(key: key) } }
    package func list(prefix: String) throws -> [String] { try storing { try store.list(prefix: prefix) } }
}
