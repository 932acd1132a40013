import Foundation
import Switchback
internal import SwitchbackBindings
internal import SwitchbackTestingBindings

/// A store under test, as the suite knows it.
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

    /// What a test could not do is told with its text: there is no secret in a test.
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
