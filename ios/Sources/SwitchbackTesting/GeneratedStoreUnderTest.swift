import Foundation
import Switchback
internal import SwitchbackBindings
internal import SwitchbackTestingBindings

/// The store under test, as an object for the suite.
final class GeneratedStoreUnderTest: SwitchbackTestingBindings.StoreUnderTest {
    private let store: any StoreUnderTest

    init(_ store: any StoreUnderTest) {
        self.store = store
    }

    func conformance() -> [CaseReport] {
        SwitchbackTestingBindings.secureStoreConformance(store: self)
    }

    func openStore() throws -> any SwitchbackBindings.SecureStore {
        try told { GeneratedStore(try store.open()) }
    }

    func lock(locked: Bool) throws -> Bool {
        try told { try store.setLocked(locked) }
    }

    func killedInPut(key: String, value: Data) throws -> Bool {
        try told { try store.killDuringPut(key: key, value: value) }
    }

    /// The error's text is passed on, because a test contains no secret.
    private func told<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as Switchback.StoreError {
            throw error.generated
        } catch {
            throw SwitchbackBindings.StoreError.unavailable(reason: "\(error)")
        }
    }
}
