import Foundation
package import SwitchbackBindings

/// Stores small secrets, on Apple's systems in the keychain.
///
/// `secureStoreConformance` in the module `SwitchbackTesting` tests a store.
///
/// **Threads.** Switchback makes the calls from its own threads, which may block, several at
/// once, and never from inside another call of the store. A store must not wait for a call of
/// Switchback.
///
/// **Keys** are texts of 1 to 1,000 bytes, with any characters. **Values** are bytes, up to 1
/// MiB, and may be empty.
///
/// **Writes** are atomic, even if the process ends in the middle.
///
/// **No prompts.** No call may wait for a person. If the store needs a biometric check, the app
/// unlocks it beforehand; until then the store throws ``StoreError/authenticationRequired``.
///
/// Any error other than ``StoreError`` becomes ``StoreError/unavailable(_:)``, with the name of
/// its type and nothing of its text.
public protocol SecureStore: Sendable {
    /// The value of a key; `nil` only if the store is certain that there is none. A store that
    /// cannot be read yet throws ``StoreError/locked``, because an absent entry logs the person
    /// out.
    func get(key: String) throws -> Data?
    /// Writes a value, and replaces an earlier one. When this returns, every process sees the
    /// value.
    func put(key: String, value: Data) throws
    /// Removes a key. It is not an error if the key does not exist.
    func delete(key: String) throws
    /// All keys that start with this prefix, compared byte by byte, in any order.
    func list(prefix: String) throws -> [String]
}

/// Why a call of a store failed.
public struct StoreError: Error, Hashable, Sendable {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        /// A stable text, for example `full`.
        public let rawValue: String
    }

    /// The kind of failure: stable, for crash reports.
    public let code: Code
    /// The system's message, without any part of a key or value; may be empty.
    public let reason: String

    private init(_ code: String, _ reason: String = "") {
        (self.code, self.reason) = (Code(rawValue: code), reason)
    }

    /// The store cannot be read **yet** (before the first unlock of a phone). No data is lost.
    public static let locked = StoreError("locked")
    /// The person must first prove presence (a biometric check).
    public static let authenticationRequired = StoreError("authentication_required")
    /// The person dismissed the prompt.
    public static let cancelled = StoreError("cancelled")
    /// The key that encrypts the entries is lost permanently, and the entries with it.
    public static func keyLost(_ reason: String) -> StoreError { StoreError("key_lost", reason) }
    /// The system denies this app access.
    public static func denied(_ reason: String) -> StoreError { StoreError("denied", reason) }
    /// There is no space left.
    public static func full(_ reason: String) -> StoreError { StoreError("full", reason) }
    /// The entry is damaged, or was not written by Switchback.
    public static func corrupt(_ reason: String) -> StoreError { StoreError("corrupt", reason) }
    /// A later version of Switchback wrote the entry. It is left unchanged.
    public static func newer(_ reason: String) -> StoreError { StoreError("newer", reason) }
    /// There is no such store on this device, or it does not respond.
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
    /// The code and the reason, for developers and logs.
    public var description: String { reason.isEmpty ? code.rawValue : "\(code.rawValue): \(reason)" }
}

/// Runs the call, and turns ``StoreError`` into the native library's error. Of any other error it
/// passes on only the type, because the text may contain secrets.
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

/// The app's store, as an object for the native library.
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
